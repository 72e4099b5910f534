"""An author's own report on their own page: about whom, by when, written under the council's headings, handed in."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.drafts.forms import kept_form
from accounts.guests.access import GuestRequired
from conferences.models import Participant
from conferences.selectors.children import children_in
from conferences.services.guards import EditedMeanwhile
from govuk.forms import ReasonForm
from govuk.generic import form_view
from meetings.views.meeting import over_theirs, who_changed
from reports.enums import ReportState
from reports.forms.reports import SectionForm, SubmitForm, section_as_typed
from reports.guest_access import access_as_author, stands_aside
from reports.models import Report, ReportSection
from reports.selectors.copy_forward import CopyForward, copy_forward_for
from reports.selectors.files import files_in
from reports.selectors.own_report import own_children, people_to_hear, tracker_of, why_for
from reports.selectors.papers import newest_sharing, report_of, submitted_report_of
from reports.selectors.versions import version_for
from reports.selectors.writing import draft_section, framework_of, section_choices
from reports.services.copy_forward import copy_forward
from reports.services.reports import begin_report, remove_section, save_section, submit_report
from reports.views.guest_parts import drawn_for, home_url, session_of, writes
from reports.views.parts import by_heading


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
        "steps": [] if aside else tracker_of(author, submitted, now=now),
        "draft": draft,
        "submitted": submitted,
        "report": shown,
        "headings": _under_headings(author, draft) if draft or submitted is None else [],
        "groups": by_heading(submitted, framework_of(author)) if submitted and not draft else [],
        "files": files_in(shown) if shown else [],
        "sharing": [
            {"due": row, "newest": newest_sharing(submitted, row.person.pk)}
            for row in people_to_hear(author, submitted)
        ]
        if submitted
        else [],
        "forward": _forward(author, draft, submitted, on=timezone.localdate(now)),
        "is_deputy": guest.pk != author.pk,
    }
    return drawn_for(author)(request, "guest_papers/own_report.html", context)


def _forward(
    author: Participant, draft: Report | None, submitted: Report | None, *, on: datetime.date
) -> CopyForward | None:
    """Return what may be taken over from the agency's last report: nothing once something was, or a report is in."""
    if submitted is not None or (draft is not None and draft.sections.filter(copied_from__isnull=False).exists()):
        return None
    return copy_forward_for(author, on=on)


def _under_headings(author: Participant, draft: Report | None) -> list[dict[str, Any]]:
    """Return every heading of the council with its question and what is written under it, empty ones too."""
    sections = list(draft.sections.all()) if draft else []
    known = framework_of(author).headings
    others = [(label, rows) for label, rows in by_heading(draft, framework_of(author))] if draft else []
    rows = [{"heading": row, "sections": [one for one in sections if one.heading == row.key]} for row in known]
    labels = {row.label for row in known}
    return [*rows, *({"heading": None, "label": label, "sections": found} for label, found in others
                     if label not in labels)]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def write_section(request: HttpRequest) -> HttpResponse:
    """Add one passage to the report; the first begins it. The heading may be chosen by the link."""
    guest, author = access_as_author(request)
    if _is_in(author):
        return redirect(home_url())
    form = kept_form(
        request,
        SectionForm,
        initial={"heading": request.GET.get("under", "")},
        **section_choices(author, on=timezone.localdate()),
    )

    def save(_: dict[str, Any]) -> ReportSection:
        now = timezone.now()
        return writes(guest, lambda: _add(request, author, form, now=now))

    return form_view(
        request,
        form,
        save,
        success_url=lambda section: home_url("saved", f"section-{section.pk}"),
        cancel_url=home_url(),
        template_name="guest_papers/write_section.html",
        draw=drawn_for(author),
    )


def _add(request: HttpRequest, author: Participant, form: SectionForm, *, now: Any) -> ReportSection:
    report = begin_report(author=author, by=None, guest_session_id=session_of(request), now=now)
    return save_section(report=report, by=None, now=now, **form.section())


@require_http_methods(["GET", "HEAD", "POST"])
def change_own_section(request: HttpRequest, section_pk: int) -> HttpResponse:
    """Change one passage of the draft. Where it was changed meanwhile, both texts are shown."""
    guest, author = access_as_author(request)
    section = _section(author, section_pk)
    choices = section_choices(author, on=timezone.localdate())
    form = kept_form(request, SectionForm, initial=section_as_typed(section), **choices)
    draw = drawn_for(author)
    try:
        return form_view(
            request,
            form,
            lambda _: writes(guest, lambda: _change(section, form)),
            success_url=home_url("saved", f"section-{section.pk}"),
            cancel_url=home_url(anchor=f"section-{section.pk}"),
            template_name="guest_papers/change_section.html",
            draw=draw,
            section=section,
        )
    except EditedMeanwhile as refusal:
        theirs: Any = refusal.current
    form = SectionForm(over_theirs(request.POST, theirs), **choices)
    form.cancel_url = home_url()
    name, when = who_changed(theirs)
    both = {"theirs": theirs.text, "yours": request.POST.get("text", ""), "their_name": name, "their_when": when}
    return draw(request, "guest_papers/change_section.html", {"form": form, "section": section, **both})


def _change(section: ReportSection, form: SectionForm) -> None:
    version = form.cleaned_data["version"] or 0
    save_section(report=section.report, section=section, version=version, by=None, now=timezone.now(), **form.section())


@require_http_methods(["GET", "HEAD", "POST"])
def remove_own_section(request: HttpRequest, section_pk: int) -> HttpResponse:
    """Take a passage out of the draft, after a confirmation."""
    guest, author = access_as_author(request)
    section = _section(author, section_pk)
    if request.method == "POST":
        try:
            writes(guest, lambda: remove_section(section=section, by=None, now=timezone.now()))
        except ValidationError as refusal:
            context = {"section": section, "refused": " ".join(refusal.messages)}
            return drawn_for(author)(request, "guest_papers/remove_section.html", context)
        return redirect(home_url("removed"))
    return drawn_for(author)(request, "guest_papers/remove_section.html", {"section": section})


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


@require_POST
def copy_last_report(request: HttpRequest) -> HttpResponse:
    """Take over what may be taken over of the agency's own last report; twice does what once did."""
    guest, author = access_as_author(request)
    try:
        writes(guest, lambda: copy_forward(author=author, guest_session_id=session_of(request), now=timezone.now()))
    except ValidationError:
        # Handed in, or nothing left to take over, since the page was shown.
        return redirect(home_url())
    return redirect(home_url("copied", "sections"))


def _is_in(author: Participant) -> bool:
    newest = report_of(author)
    return newest is not None and newest.state == ReportState.SUBMITTED


def _section(author: Participant, section_pk: int) -> ReportSection:
    section = draft_section(author, section_pk)
    if section is None:
        raise GuestRequired
    return section
