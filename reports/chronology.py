"""Papers' events for the chronology of a case: reports handed in, letters, minutes and plans released."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from conferences.access import visible_conferences
from families.chronology import CaseScope, EventKind, Source, Told
from families.selectors.agency_names import name_on_page
from reports.enums import ReportState, SharingOutcome
from reports.models import Copy, Document, Report, Sharing


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


def _children_of(row: Document) -> set[int]:
    """Return the children a paper is about: one where it is a plan or a letter to a child."""
    if row.plan is not None:
        return {row.plan.child_id}
    if row.conference_child is not None:
        return {row.conference_child.child_id}
    return {child.child_id for child in row.conference.children.all()}


def _told_document(row: Document, scope: CaseScope) -> Told:  # noqa: ARG001
    plan, children = row.plan, _children_of(row)
    url = reverse("plans:plan", args=[plan.pk]) if plan else reverse("reports:minutes", args=[row.conference_id])
    return Told(title=f"{row.get_kind_display()} released", children=frozenset(children), url=url)


def _copies(scope: CaseScope) -> QuerySet[Copy]:
    return Copy.objects.filter(document__in=_documents(scope).values("pk")).exclude(
        Q(recipient__person__sealed_at__isnull=False) | Q(person__sealed_at__isnull=False)
    )


def _told_copy(row: Copy, scope: CaseScope) -> Told:
    document = row.document
    person = row.recipient.person if row.recipient else row.person or (row.member.person if row.member else None)
    children = _children_of(document)
    named = {child.child_id for child in row.recipient.children.all()} if row.recipient else set()
    to = f" to {person.full_name}" if person else ""
    return Told(
        title=f"{document.get_kind_display()} given{to}: {row.get_channel_display().lower()}",
        children=frozenset(named or children),
        known_to=frozenset({person.pk}) if person else frozenset(),
        persons=frozenset({person.pk}) if person else frozenset(),
        agency=row.recipient.agency_id if row.recipient else None,
        post=row.recipient.post_id if row.recipient else None,
        url=_told_document(document, scope).url,
    )


def _shared(scope: CaseScope) -> QuerySet[Sharing]:
    rows = Sharing.objects.filter(report__in=_reports(scope).values("pk"), shared_at__isnull=False)
    return rows.filter(outcome=SharingOutcome.SHARED, person__sealed_at__isnull=True)


def _told_sharing(row: Sharing, scope: CaseScope) -> Told:
    author = row.report.author
    by = name_on_page(author.agency, scope.family.pk) if author.agency else author.person.full_name
    return Told(
        title=f"Report of {by} talked through with {row.person.full_name}",
        children=frozenset(child.child_id for child in author.children.all()),
        known_to=frozenset({row.person_id, author.person_id}),
        persons=frozenset({row.person_id, author.person_id}),
        agency=author.agency_id,
        post=author.post_id,
        checked=(author.agency.name,) if author.agency else (),
        url=reverse("reports:papers", args=[row.report.conference_id]),
    )


SOURCES: tuple[Source, ...] = (
    Source(
        "report", EventKind.REPORT, _reports, F("submitted_at"), _told_report,
        lambda children: Q(author__children__child__in=children),
        with_rows=("author__person", "author__agency"), with_lists=("author__children", "sharings"),
    ),
    Source(
        "paper", EventKind.REPORT, _documents, F("released_at"), _told_document,
        lambda children: Q(plan__child__in=children)
        | Q(conference_child__child__in=children)
        | Q(plan__isnull=True, conference_child__isnull=True, conference__children__child__in=children),
        with_rows=("plan", "conference", "conference_child"), with_lists=("conference__children",), staff_only=True,
    ),
    Source(
        "copy-given", EventKind.REPORT, _copies, F("sent_at"), _told_copy,
        lambda children: Q(document__plan__child__in=children)
        | Q(document__conference_child__child__in=children)
        | Q(
            document__plan__isnull=True,
            document__conference_child__isnull=True,
            document__conference__children__child__in=children,
        ),
        with_rows=(
            "document__plan", "document__conference", "document__conference_child", "recipient__person",
            "member__person", "person",
        ),
        with_lists=("document__conference__children", "recipient__children"),
    ),
    Source(
        "report-shared", EventKind.REPORT, _shared, F("shared_at"), _told_sharing,
        lambda children: Q(report__author__children__child__in=children),
        with_rows=("report__author__person", "report__author__agency", "person"),
        with_lists=("report__author__children",),
    ),
)  # fmt: skip
