"""An author's own report on their own page: about whom, by when, written under the council's headings, handed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.drafts.forms import kept_form
from conferences.selectors.children import children_in
from govuk.forms import ReasonForm
from govuk.generic import form_view
from reports.enums import ReportState
from reports.forms.reports import SubmitForm
from reports.guest_access import access_as_author, stands_aside
from reports.selectors.copy_forward import last_report_of
from reports.selectors.files import files_in
from reports.selectors.own_report import own_children, people_to_hear, tracker_of, why_for
from reports.selectors.papers import newest_sharing, report_of, submitted_report_of
from reports.selectors.versions import version_for
from reports.selectors.writing import framework_of, heading_in_short
from reports.services.reports import begin_report, submit_report
from reports.views.guest_parts import drawn_for, home_url, session_of, writes
from reports.views.parts import by_heading
from reports.views.write_report import Desk, write_at


@require_safe
def own_report(request: HttpRequest) -> HttpResponse:
    """Show the whole of an author's own report: the children, the dates, what is written, what is left to do."""
    guest, author = access_as_author(request)
    now = timezone.now()
    submitted, newest = submitted_report_of(author), report_of(author)
    draft = newest if newest is not None and newest.state == ReportState.DRAFT else None
    shown = draft or submitted
    aside = stands_aside(guest)
    context = {
        "children": own_children(author),
        "why": why_for(guest, on=timezone.localdate(now)),
        "steps": [] if aside else tracker_of(author, submitted, now=now, shown=shown),
        "draft": draft,
        "submitted": submitted,
        "report": shown,
        "groups": by_heading(shown, framework_of(author)) if shown else [],
        "files": files_in(shown) if shown else [],
        "sharing": [
            {"due": row, "newest": newest_sharing(submitted, row.person.pk)}
            for row in people_to_hear(author, submitted)
        ]
        if submitted
        else [],
        "last": last_report_of(author) if shown is None else None,
        "is_deputy": guest.pk != author.pk,
    }
    return drawn_for(author)(request, "guest_papers/own_report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write_own_report(request: HttpRequest) -> HttpResponse:
    """Write the whole report on one page, as staff do; the first thing saved begins it."""
    guest, author = access_as_author(request)
    report = report_of(author)
    if report is not None and report.state == ReportState.SUBMITTED:
        return redirect(home_url())
    draw = drawn_for(author)
    desk = Desk(
        author=author,
        guest_session_id=session_of(request),
        here=reverse("guest_papers:write-report"),
        after=home_url("saved"),
        check=reverse("guest_papers:hand-in"),
        draw=lambda context: draw(request, "guest_papers/write_report.html", context),
        acts=lambda act: writes(guest, act),
    )
    return write_at(request, desk, report)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """Show the whole report once more, with who hears it, and hand it in."""
    guest, author = access_as_author(request)
    report = report_of(author)
    if report is None or report.state != ReportState.DRAFT:
        return redirect(home_url())
    form = kept_form(request, SubmitForm, asks_why=False, is_on_behalf=False)
    form.button = "Hand in my report"
    children, today = list(children_in(author.conference)), timezone.localdate()
    due = people_to_hear(author, report)
    versions = [version_for(report, row, children, on=today) for row in due if not row.waits]
    return form_view(
        request,
        form,
        lambda data: writes(
            guest,
            lambda: submit_report(
                report=report, by=None, guest_session_id=session_of(request), now=timezone.now(), **data
            ),
        ),
        success_url=home_url("handed-in"),
        cancel_url=home_url(),
        template_name="guest_papers/hand_in.html",
        draw=drawn_for(author),
        report=report,
        groups=by_heading(report, framework_of(author)),
        in_short=heading_in_short(report),
        files=files_in(report),
        due=due,
        blocked=[version for version in versions if version.blocked],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_own_version(request: HttpRequest) -> HttpResponse:
    """Begin a new version of a report that is in, with the reason."""
    guest, author = access_as_author(request)
    if submitted_report_of(author) is None:
        return redirect(home_url())
    form = kept_form(
        request,
        ReasonForm,
        label="Why is a new version needed?",
        field="new_because",
        required="Say why a new version is needed",
        help_text="What you handed in counts until you hand in the new one",
        button="Start the new version",
    )
    return form_view(
        request,
        form,
        lambda data: writes(
            guest,
            lambda: begin_report(
                author=author, by=None, guest_session_id=session_of(request), now=timezone.now(), **data
            ),
        ),
        success_url=home_url(),
        cancel_url=home_url(),
        template_name="guest_papers/new_version.html",
        draw=drawn_for(author),
    )
