"""Views of one report: read, read as one person may hear it, replaced by a new version."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import may as may_open
from conferences.models import Participant
from conferences.selectors.children import children_in, children_listed, names_of
from govuk.forms import ReasonForm
from govuk.generic import form_view
from reports.access import access_author, may
from reports.enums import ReportState
from reports.models import Report
from reports.selectors.due import PersonDue, people_due
from reports.selectors.files import files_in
from reports.selectors.own_report import tracker_of
from reports.selectors.papers import children_concerned, lacking_in, newest_sharing, report_of, submitted_report_of
from reports.selectors.remarks import remarks_on
from reports.selectors.versions import Version, version_for
from reports.selectors.writing import framework_of
from reports.services.reports import begin_report
from reports.services.sharing import due_for
from reports.views.parts import around_report, by_heading, pdf_response, wants_large
from reports.whole_pdf import whole_html


def read_report(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Show one author's report, and the outcome of sharing it with each person due it."""
    author = access_author(request, pk, author_pk)
    user = user_of(request)
    may_write = may(user, author, to="write")
    submitted, newest = submitted_report_of(author), report_of(author)
    draft = newest if may_write and newest and newest.state == ReportState.DRAFT else None
    shown = submitted or draft
    may_remark = may(user, author, to="remarks")
    around = around_report(request, author)
    context = {
        **around,
        "steps": tracker_of(author, submitted, now=timezone.now(), shown=draft) if around["is_own"] else [],
        "report": shown,
        "draft": draft,
        "groups": by_heading(shown, framework_of(author)) if shown else [],
        "files": files_in(shown) if shown else [],
        "sharing": _sharing_rows(author, submitted) if submitted else [],
        "lacking": names_of(lacking_in(author, submitted, children_listed(author.conference))),
        "may_write": may_write,
        "may_remark": may_remark,
        "unanswered": remarks_on(author).filter(answered_at__isnull=True).count() if may_remark else 0,
        "may_share": may(user, author, to="share"),
        "may_check": submitted is not None and may_open(user, author.conference, to="arrange"),
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
    version, groups = _version_of(report, due)
    has_files = report.attachments.filter(withdrawn_at__isnull=True).exists()
    context = {
        **around_report(request, author), "report": report, "version": version, "groups": groups,
        "has_files": has_files,
    }  # fmt: skip
    return render(request, "reports/read_version.html", context)


def version_pdf(request: HttpRequest, pk: int, author_pk: int, person_pk: int) -> HttpResponse:
    """Give out one person's own version as a PDF, in either print; not where it names what is hidden from them."""
    author = access_author(request, pk, author_pk, to="share")
    report = submitted_report_of(author)
    due = due_for(report, person_pk) if report else None
    if report is None or due is None or due.waits:
        raise Http404
    version, groups = _version_of(report, due)
    if version.blocked or not groups:
        raise Http404
    from reports.typesetting import pdf_of  # noqa: PLC0415 - loads WeasyPrint

    html = whole_html(report, version, groups, is_large=wants_large(request))
    return pdf_response(pdf_of(html), f"{author.conference.reference}-report.pdf")


def _version_of(report: Report, due: PersonDue) -> tuple[Version, list[tuple[str, list[Any]]]]:
    """Return what one person may hear of a report, and its sections by heading."""
    version = version_for(report, due, list(children_in(report.conference)), on=timezone.localdate())
    return version, by_heading(report, framework_of(report.author), sections=version.sections)


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


def _sharing_rows(author: Participant, report: Report) -> list[dict[str, Any]]:
    children = list(children_in(author.conference))
    about = children_concerned(author, report, children)
    return [
        {"due": row, "newest": newest_sharing(report, row.person.pk)}
        for row in people_due(author.conference, children)
        if row.children & about
    ]
