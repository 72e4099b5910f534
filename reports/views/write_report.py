"""The page on which a whole report is written, and the last check before it is submitted."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.models import User
from conferences.models import Participant
from conferences.selectors.children import children_in
from conferences.services.guards import EditedMeanwhile
from govuk.forms import clean_data
from govuk.generic import form_view
from meetings.views.meeting import who_changed
from reports.access import access_author
from reports.enums import ReportKind, ReportState
from reports.forms.reports import SubmitForm
from reports.forms.whole_report import ADD, THEN, ReportForm
from reports.models import Report
from reports.selectors.comments import comments_on
from reports.selectors.copy_forward import copy_forward_for
from reports.selectors.due import people_due
from reports.selectors.files import files_in
from reports.selectors.papers import children_concerned, kind_for, report_of
from reports.selectors.versions import version_for
from reports.selectors.writing import framework_of, heading_in_short, section_choices
from reports.services.copy_forward import copy_forward
from reports.services.manager_approval import manager_agrees, show_draft
from reports.services.reports import submit_report
from reports.services.whole_report import write_report as save_report
from reports.views.parts import around_report, by_heading

COPY, SHOW = "copy", "show"
SAID = {"check": "", SHOW: "Saved, and shown to your manager. You can go on writing."}


@dataclass(frozen=True)
class Desk:
    """Where a report is written: by whom, and the pages around; the same for staff and for an author's own page.

    ``acts`` carries out what is saved, for instance within a daily limit; ``after`` is where saving leads, if not
    ``here``, and ``saved`` is said there.
    """

    author: Participant
    here: str
    check: str
    draw: Callable[[dict[str, Any]], HttpResponse]
    by: User | None = None
    guest_session_id: int | None = None
    after: str = ""
    saved: str = ""
    acts: Callable[[Callable[[], None]], None] = lambda act: act()


def write_report(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Write the whole report on one page; what someone else changed meanwhile is shown beside one's own words."""
    author = access_author(request, pk, author_pk, to="write")
    report = report_of(author)
    if report and report.state == ReportState.SUBMITTED:
        return redirect("reports:read-report", pk, author_pk)
    desk = Desk(
        author=author,
        by=user_of(request),
        here=reverse("reports:write-report", args=[pk, author_pk]),
        check=reverse("reports:submit-report", args=[pk, author_pk]),
        draw=lambda context: render(
            request, "reports/write_report.html", {**around_report(request, author), **context}
        ),
        saved="Saved. It is a draft until you submit it.",
    )
    return write_at(request, desk, report)


def write_at(request: HttpRequest, desk: Desk, report: Report | None) -> HttpResponse:
    """Show the form of a whole report and save it, all of it or nothing."""
    author = desk.author
    files = files_in(report) if report else []
    choices = _choices(author, report, has_files=bool(files))
    if request.method == "POST" and ADD in request.POST:
        form = ReportForm(**choices)
        form.restore(clean_data(request.POST), more=request.POST[ADD])
        return _page(desk, report, form, files)
    form = kept_form(request, ReportForm, **choices)
    then = request.POST.get(THEN, "")
    try:
        return form_view(
            request,
            form,
            lambda data: desk.acts(lambda: _save(desk, form, data, then=then)),
            success_url=desk.check
            if then == "check"
            else desk.here
            if then in {COPY, SHOW}
            else desk.after or desk.here,
            success_message=SAID.get(then, desk.saved),
            draw=lambda _request, _template, _context: _page(desk, report, form, files),
        )
    except EditedMeanwhile:
        # Changed between the form's look at it and the service's: the form now finds it.
        report = report_of(author)
        form = ReportForm(request.POST, **_choices(author, report, has_files=bool(files)))
        form.is_valid()
        return _page(desk, report, form, files)


def _save(desk: Desk, form: ReportForm, data: dict[str, Any], *, then: str) -> None:
    now, written, why = timezone.now(), form.written(), data.get("why_held")
    by, stay = desk.by, desk.guest_session_id
    if written or why is not None or form.report is not None:
        save_report(author=desk.author, paragraphs=written, why_held=why, now=now, by=by, guest_session_id=stay)
    if then == COPY:
        copy_forward(author=desk.author, now=now, by=by, guest_session_id=stay)
    report = report_of(desk.author)
    if then == SHOW and by is not None and report is not None:
        show_draft(report=report, by=by, now=now)


def _choices(author: Participant, report: Report | None, *, has_files: bool) -> dict[str, Any]:
    is_social_work = kind_for(author) == ReportKind.SOCIAL_WORK
    why = (report.why_held if report and report.why_held else author.conference.reason) if is_social_work else None
    choices = section_choices(author, on=timezone.localdate())
    return {**choices, "report": report, "why": why, "has_files": has_files, "comments": comments_on(report)}


def _page(desk: Desk, report: Report | None, form: ReportForm, files: list[Any]) -> HttpResponse:
    for paragraph in form.paragraphs:
        if paragraph.theirs is not None:
            paragraph.their_name, paragraph.their_when = who_changed(paragraph.theirs)
    context = {
        "form": form,
        "report": report,
        "files": files,
        "readers": [(row, form.readers[row.pk].in_words) for row in form.rows.values()],
        "shows_draft": form.recorded_why is not None and manager_agrees(desk.author.conference),
        "forward": _forward(desk.author, report, on=timezone.localdate()),
    }
    return desk.draw(context)


def _forward(author: Participant, report: Report | None, *, on: datetime.date) -> Any:
    """Return what can still be taken over from the last report: nothing once something was."""
    if report is not None and report.sections.filter(copied_from__isnull=False).exists():
        return None
    return copy_forward_for(author, on=on)


def check_report(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Show the whole report once more, with what each person in the family may hear of it, and submit it."""
    author = access_author(request, pk, author_pk, to="write")
    report = report_of(author)
    if report is None or report.state == ReportState.SUBMITTED:
        return redirect("reports:read-report", pk, author_pk)
    around = around_report(request, author)
    is_social_work = report.kind == ReportKind.SOCIAL_WORK
    asks_manager = is_social_work and manager_agrees(author.conference)
    on_behalf = not around["is_own"] and not is_social_work
    form = kept_form(
        request,
        SubmitForm,
        asks_why=is_social_work and not report.why_held,
        is_on_behalf=on_behalf,
        initial={"why_held": author.conference.reason, "received_by": report.received_by},
    )
    asked = " A team manager has been asked to agree to it." if asks_manager else ""
    children = list(children_in(author.conference))
    about = children_concerned(author, report, children)
    due = [row for row in people_due(author.conference, children) if row.children & about]
    today = timezone.localdate()
    return form_view(
        request,
        form,
        lambda data: submit_report(report=report, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("reports:read-report", args=[pk, author_pk]),
        success_message=f"The report is in, and the chair can read it.{asked} Now talk it through with the family.",
        template_name="reports/check_report.html",
        report=report,
        groups=by_heading(report, framework_of(author)),
        in_short=heading_in_short(report),
        files=files_in(report),
        due=due,
        asks_manager=asks_manager,
        versions=[version_for(report, row, children, on=today) for row in due if not row.waits],
        **around,
    )
