"""Views of one report: read, written section by section, checked and submitted, replaced by a new version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.models import Participant
from conferences.selectors.children import children_in, children_listed, names_of
from conferences.services.guards import EditedMeanwhile
from govuk.forms import Button, ReasonForm
from govuk.generic import form_view
from meetings.views.meeting import over_theirs, who_changed
from reports.access import access_author, may
from reports.enums import ReportKind, ReportState
from reports.forms.reports import SectionForm, SubmitForm, section_as_typed
from reports.models import Report, ReportSection
from reports.selectors.due import people_due
from reports.selectors.files import files_in
from reports.selectors.papers import children_concerned, lacking_in, newest_sharing, report_of, submitted_report_of
from reports.selectors.versions import version_for
from reports.selectors.writing import draft_section, framework_of, section_choices
from reports.services.manager_approval import manager_agrees
from reports.services.reports import begin_report, remove_section, save_section, submit_report
from reports.services.sharing import due_for
from reports.views.parts import around_report, by_heading


def read_report(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Show one author's report, and the outcome of sharing it with each person due it."""
    author = access_author(request, pk, author_pk)
    user = user_of(request)
    may_write = may(user, author, to="write")
    submitted, newest = submitted_report_of(author), report_of(author)
    draft = newest if may_write and newest and newest.state == ReportState.DRAFT else None
    shown = submitted or draft
    context = {
        **around_report(request, author),
        "report": shown,
        "draft": draft,
        "groups": by_heading(shown, framework_of(author)) if shown else [],
        "files": files_in(shown) if shown else [],
        "sharing": _sharing_rows(author, submitted) if submitted else [],
        "lacking": names_of(lacking_in(author, submitted, children_listed(author.conference))),
        "may_write": may_write,
        "may_share": may(user, author, to="share"),
        "may_agree": bool(submitted and submitted.waits_for_manager) and may(user, author, to="agree"),
    }
    return render(request, "reports/read_report.html", context)


def read_version(request: HttpRequest, pk: int, author_pk: int, person_pk: int) -> HttpResponse:
    """Show the report as one person may hear it, without what is not theirs."""
    author = access_author(request, pk, author_pk, to="share")
    report = submitted_report_of(author)
    due = due_for(report, person_pk) if report else None
    if report is None or due is None or due.waits:
        raise Http404
    children = list(children_in(author.conference))
    version = version_for(report, due, children, on=timezone.localdate())
    groups = by_heading(report, framework_of(author), sections=version.sections)
    has_files = report.attachments.filter(withdrawn_at__isnull=True).exists()
    context = {
        **around_report(request, author), "report": report, "version": version, "groups": groups,
        "has_files": has_files,
    }  # fmt: skip
    return render(request, "reports/read_version.html", context)


def write_report(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Add one section after another; each is stored as soon as it is added."""
    author = access_author(request, pk, author_pk, to="write")
    report = report_of(author)
    if report and report.state == ReportState.SUBMITTED:
        return redirect("reports:read-report", pk, author_pk)
    framework = framework_of(author)
    groups = by_heading(report, framework) if report else []
    files = files_in(report) if report else []
    form = kept_form(request, SectionForm, **section_choices(author, on=timezone.localdate()))
    return form_view(
        request,
        form,
        lambda _: _add_section(request, author, form),
        button=Button("Add this section", look="secondary" if groups or files else "primary"),
        success_url=f"{reverse('reports:write-report', args=[pk, author_pk])}#sections",
        success_message="Added to the report.",
        template_name="reports/write_report.html",
        report=report,
        framework=framework,
        groups=groups,
        files=files,
        **around_report(request, author),
    )


def _add_section(request: HttpRequest, author: Participant, form: SectionForm) -> None:
    now, user = timezone.now(), user_of(request)
    report = begin_report(author=author, by=user, now=now)
    save_section(report=report, by=user, now=now, **form.section())


def change_section(request: HttpRequest, pk: int, author_pk: int, section_pk: int) -> HttpResponse:
    """Edit one section of a draft. A second editor sees both texts and chooses."""
    author = access_author(request, pk, author_pk, to="write")
    section = _section(author, section_pk)
    choices = section_choices(author, on=timezone.localdate())
    form = kept_form(request, SectionForm, initial=section_as_typed(section), **choices)
    back = reverse("reports:write-report", args=[pk, author_pk])
    around = {**around_report(request, author), "section": section}
    try:
        return form_view(
            request,
            form,
            lambda _: _change_section(request, section, form),
            success_url=f"{back}#section-{section.pk}",
            cancel_url=back,
            template_name="reports/change_section.html",
            **around,
        )
    except EditedMeanwhile as refusal:
        theirs: Any = refusal.current
    form = SectionForm(over_theirs(request.POST, theirs), **choices)
    form.cancel_url = back
    name, when = who_changed(theirs)
    meanwhile = {
        "theirs": theirs.text, "yours": request.POST.get("text", ""), "their_name": name, "their_when": when,
    }  # fmt: skip
    return render(request, "reports/change_section.html", {**around, "form": form, **meanwhile})


def _change_section(request: HttpRequest, section: ReportSection, form: SectionForm) -> None:
    save_section(
        report=section.report,
        section=section,
        version=form.cleaned_data["version"] or 0,
        by=user_of(request),
        now=timezone.now(),
        **form.section(),
    )


def remove_one_section(request: HttpRequest, pk: int, author_pk: int, section_pk: int) -> HttpResponse:
    """Take a section out of a draft, after a confirmation."""
    author = access_author(request, pk, author_pk, to="write")
    section = _section(author, section_pk)
    if request.method == "POST":
        try:
            remove_section(section=section, by=user_of(request), now=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "The section has been taken out.")
        return redirect("reports:write-report", pk, author_pk)
    return render(request, "reports/remove_section.html", {**around_report(request, author), "section": section})


def check_report(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Show the whole report once more with its recipients, and submit it."""
    author = access_author(request, pk, author_pk, to="write")
    report = report_of(author)
    if report is None or report.state == ReportState.SUBMITTED:
        return redirect("reports:read-report", pk, author_pk)
    around = around_report(request, author)
    asks_manager = report.kind == ReportKind.SOCIAL_WORK and manager_agrees(author.conference)
    form = kept_form(
        request,
        SubmitForm,
        asks_why=report.kind == ReportKind.SOCIAL_WORK,
        is_on_behalf=not around["is_own"] and report.kind != ReportKind.SOCIAL_WORK,
        initial={"why_held": report.why_held or author.conference.reason, "received_by": report.received_by},
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
        files=files_in(report),
        due=due,
        asks_manager=asks_manager,
        blocked=[
            version
            for version in (version_for(report, row, children, on=today) for row in due if not row.waits)
            if version.blocked
        ],
        **around,
    )


def new_version(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Start a new version of a submitted report, with the reason."""
    author = access_author(request, pk, author_pk, to="write")
    submitted = submitted_report_of(author)
    if submitted is None:
        return redirect("reports:write-report", pk, author_pk)
    wanted = submitted.what_to_change if submitted.is_sent_back else ""
    form = kept_form(
        request,
        ReasonForm,
        label="Why is a new version needed?",
        field="new_because",
        required="Say why a new version is needed",
        help_text="The current version counts until you submit the new one",
        button="Start the new version",
        initial={"new_because": wanted},
    )
    return form_view(
        request,
        form,
        lambda data: begin_report(author=author, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("reports:write-report", args=[pk, author_pk]),
        cancel_url=reverse("reports:read-report", args=[pk, author_pk]),
        template_name="reports/new_version.html",
        **around_report(request, author),
    )


def _section(author: Participant, section_pk: int) -> ReportSection:
    section = draft_section(author, section_pk)
    if section is None:
        raise Http404
    return section


def _sharing_rows(author: Participant, report: Report) -> list[dict[str, Any]]:
    children = list(children_in(author.conference))
    about = children_concerned(author, report, children)
    return [
        {"due": row, "newest": newest_sharing(report, row.person.pk)}
        for row in people_due(author.conference, children)
        if row.children & about
    ]
