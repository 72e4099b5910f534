"""Views of the history of one author's report."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.access import user_of
from conferences.models import Participant
from conferences.selectors.children import children_in
from families.selectors.whereabouts import circle_of
from families.views.history_pages import Subject, show_as_it_was, show_history
from reports.access import access_author, may
from reports.history import OWN, READER, REPORT_RECORD, WRITER
from reports.selectors.papers import agency_in_full, agency_words


def _subject(request: HttpRequest, pk: int, author_pk: int) -> Subject:
    author = access_author(request, pk, author_pk)
    is_own = author.right == "own report"  # type: ignore[attr-defined]
    papers = reverse("reports:papers", args=[pk])
    agency = agency_in_full(author) if is_own else agency_words(author)
    report = (f"Report of {agency}", reverse("reports:read-report", args=[pk, author_pk]))
    return Subject(
        record=REPORT_RECORD,
        pk=author.pk,
        right=OWN if is_own else _right(request, author),
        title=report[0],
        caption=f"Conference {author.conference.reference}",
        family=author.conference.family,
        people=circle_of(row.child for row in children_in(author.conference, withdrawn=True)),
        crumbs=[report] if is_own else [("Papers", papers), report],
        history_url=reverse("reports:see-report-history", args=[pk, author_pk]),
        past_url=reverse("reports:see-report-as-it-was", args=[pk, author_pk]),
        may_reveal=not is_own,
    )


def _right(request: HttpRequest, author: Participant) -> str:
    return WRITER if may(user_of(request), author, to="write") else READER


def see_report_history(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Show who changed what in a report, and when."""
    return show_history(request, _subject(request, pk, author_pk))


def see_report_as_it_was(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Show a report as on any day."""
    return show_as_it_was(request, _subject(request, pk, author_pk))
