"""Papers' events for the chronology of a case: reports handed in, letters, minutes and plans released."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from conferences.access import visible_conferences
from families.chronology import CaseScope, EventKind, Source, Told
from families.selectors.agency_names import name_on_page
from reports.enums import ReportState, SharingOutcome
from reports.models import Document, Report


def _conferences(scope: CaseScope) -> Any:
    return visible_conferences(scope.user).filter(family=scope.family).values("pk")


def _reports(scope: CaseScope) -> QuerySet[Report]:
    rows = Report.objects.filter(conference__in=_conferences(scope), submitted_at__isnull=False)
    return rows.exclude(state=ReportState.DRAFT)


def _told_report(row: Report, scope: CaseScope) -> Told:
    author = row.author
    by = name_on_page(author.agency, scope.family.pk) if author.agency else author.person.full_name
    newest = {sharing.person_id: sharing.outcome for sharing in row.sharings.all()}
    return Told(
        title=f"Report handed in by {by}",
        lists_children=True,
        detail=row.get_kind_display(),
        children=frozenset(child.child_id for child in author.children.all()),
        # A report of the police, say, may be one of which the family is not told.
        known_to=frozenset(pk for pk, outcome in newest.items() if outcome == SharingOutcome.SHARED)
        | {author.person_id},
        agency=author.agency_id,
        post=author.post_id,
        persons=frozenset({author.person_id}),
        checked=(author.agency.name,) if author.agency else (),
        url=reverse("reports:papers", args=[row.conference_id]),
    )


def _documents(scope: CaseScope) -> QuerySet[Document]:
    of_sealed = Document.objects.filter(plan__child__person__sealed_at__isnull=False)
    rows = Document.objects.filter(
        conference__in=_conferences(scope), core_group_meeting__isnull=True, released_at__isnull=False
    )
    return rows.exclude(pk__in=of_sealed.values("pk")).defer("content")


def _told_document(row: Document, scope: CaseScope) -> Told:  # noqa: ARG001
    plan = row.plan
    children = {plan.child_id} if plan else {child.child_id for child in row.conference.children.all()}
    url = reverse("plans:plan", args=[plan.pk]) if plan else reverse("reports:minutes", args=[row.conference_id])
    return Told(title=f"{row.get_kind_display()} released", children=frozenset(children), url=url)


SOURCES: tuple[Source, ...] = (
    Source(
        "report", EventKind.REPORT, _reports, F("submitted_at"), _told_report,
        lambda children: Q(author__children__child__in=children),
        with_rows=("author__person", "author__agency"), with_lists=("author__children", "sharings"),
    ),
    Source(
        "paper", EventKind.REPORT, _documents, F("released_at"), _told_document,
        lambda children: Q(plan__child__in=children) | Q(plan__isnull=True, conference__children__child__in=children),
        with_rows=("plan", "conference"), with_lists=("conference__children",), staff_only=True,
    ),
)  # fmt: skip
