"""How talking a report through went, told by its author on their own page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.drafts.forms import kept_form
from accounts.guests.access import GuestRequired
from conferences.selectors.children import children_in
from govuk.generic import form_view
from reports.enums import SharingOutcome
from reports.forms.sharing import SharingForm, WholeSharingForm
from reports.guest_access import access_as_author
from reports.selectors.papers import newest_sharing, submitted_report_of
from reports.selectors.versions import version_for
from reports.selectors.writing import framework_of
from reports.services.sharing import due_for, record_sharing
from reports.views.guest_parts import drawn_for, home_url, session_of, writes
from reports.views.parts import by_heading


@require_http_methods(["GET", "HEAD", "POST"])
def say_how_it_went(request: HttpRequest, person_pk: int) -> HttpResponse:
    """Show what one person may hear, and take how it went; only the chair can keep anything back."""
    guest, author = access_as_author(request)
    report = submitted_report_of(author)
    due = due_for(report, person_pk) if report else None
    if report is None or due is None or due.waits:
        raise GuestRequired
    newest = newest_sharing(report, person_pk)
    part_agreed = newest is not None and newest.outcome == SharingOutcome.IN_PART
    form = kept_form(request, SharingForm if part_agreed else WholeSharingForm, is_chair=False, part_agreed=part_agreed)
    form.button = "Send how it went"
    version = version_for(report, due, list(children_in(author.conference)), on=timezone.localdate())
    return form_view(
        request,
        form,
        lambda data: writes(
            guest,
            lambda: record_sharing(
                report=report,
                person=due.person,
                by=None,
                guest_session_id=session_of(request),
                now=timezone.now(),
                **data,
            ),
        ),
        success_url=home_url("shared", "shared"),
        cancel_url=home_url(anchor="shared"),
        template_name="guest_papers/say_how_it_went.html",
        draw=drawn_for(author),
        due=due,
        version=version,
        groups=by_heading(report, framework_of(author), sections=version.sections),
    )
