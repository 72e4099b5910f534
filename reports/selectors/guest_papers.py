"""The papers that were released to one guest, and nothing else."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from conferences.guest_access import has_deputy
from conferences.models import Participant
from conferences.selectors.children import children_around, children_in
from deadlines.working_days.arithmetic import civil_day
from entitlement import concealed_from
from reports.enums import TAKEN_BACK, DocumentKind, ReportState, SharingOutcome
from reports.models import Copy, FormatAsked, Report, Sharing
from reports.selectors.due import PersonDue, people_due
from reports.selectors.formats import formats_for
from reports.selectors.papers import agency_in_full, children_concerned, newest_sharing, sections_in_force
from reports.selectors.plan_papers import plan_title, plans_given_to
from reports.selectors.standing import standing_documents
from reports.selectors.versions import Version, short_version_for, version_for

TITLES = {
    DocumentKind.DECISIONS_LETTER: "What was decided, and the plan",
    DocumentKind.MINUTES: "Minutes of the meeting",
    DocumentKind.CHILDS_LETTER: "Your letter",
}


@dataclass(frozen=True)
class GuestPaper:
    """One row of a guest's list: a report that was talked through with them, or the copy sent to them.

    ``is_behind`` where a plan was changed since it was sent.
    """

    title: str
    dated: datetime.datetime
    report: Report | None = None
    copy: Copy | None = None
    is_short: bool = False
    is_plan: bool = False
    is_behind: bool = False
    in_format: FormatAsked | None = None


def papers_for(participant: Participant, *, now: datetime.datetime) -> list[GuestPaper]:
    """Return everything released to this person: short reports first, then oldest first, in few queries."""
    reports = reports_for(participant, now=now)
    rows = [
        *(
            GuestPaper("The report in short", _shared_at(report, participant), report=report, is_short=True)
            for report in reports
            if short_of(participant, report.pk, now=now, among=reports)
        ),
        *(
            GuestPaper(f"Report: {agency_in_full(report.author)}", _shared_at(report, participant), report=report)
            for report in reports
        ),
        *(
            GuestPaper(TITLES[DocumentKind(copy.document.kind)], copy.sent_at, copy=copy)
            for copy in copies_for(participant)
        ),
        *(
            GuestPaper(
                plan_title(given, participant.person),
                given.copy.sent_at,
                copy=given.copy,
                is_plan=True,
                is_behind=given.is_behind,
            )
            for given in plans_given_to(participant.person, on=civil_day(now))
        ),
        *(
            GuestPaper(f"{_paper_called(row)}: {row.words}", row.sent_at or row.asked_at, in_format=row)
            for row in formats_for(participant.person, participant=participant, member=None)
        ),
    ]
    return sorted(rows, key=lambda row: (not row.is_short, row.dated))


def _paper_called(row: FormatAsked) -> str:
    return TITLES.get(DocumentKind(row.document.kind), row.document.get_kind_display())


def _shared_at(report: Report, participant: Participant) -> datetime.datetime:
    sharing = newest_sharing(report, participant.person_id)
    return sharing.shared_at if sharing and sharing.shared_at else report.begun_at


def reports_for(participant: Participant, *, now: datetime.datetime) -> list[Report]:
    """Return the reports in force whose whole version for this person was shared with them.

    Leaves out reports shared in part, because no one recorded which part, and reports of an agency that is
    hidden from them or that name a hidden place. Empty while a deputy comes in their place.
    """
    due = _due(participant)
    if due is None or due.waits or has_deputy(participant):
        return []
    children = list(children_in(participant.conference))
    shared = Sharing.objects.filter(person=participant.person_id, outcome=SharingOutcome.SHARED)
    rows = (
        Report.objects.filter(
            conference=participant.conference_id, state=ReportState.SUBMITTED, pk__in=shared.values("report")
        )
        .select_related("conference__authority", "author__person", "author__agency", "author__post")
        .prefetch_related(
            "author__children",
            Prefetch("sections", sections_in_force()),
            Prefetch("sharings", Sharing.objects.filter(person=participant.person_id).order_by("-recorded_at", "-pk")),
        )
        .order_by("pk")
    )
    concealed = concealed_from(
        [participant.person],
        children_around(participant.conference),
        council=participant.conference.authority.name,
        on=civil_day(now),
    )
    found = []
    for report in rows:
        newest = newest_sharing(report, participant.person_id)
        if newest is None or newest.outcome != SharingOutcome.SHARED:
            continue
        if concealed.gives_away(person=report.author.person_id, agency=report.author.agency_id):
            continue
        if not due.children & children_concerned(report.author, report, children):
            continue
        if version_for(report, due, children, on=civil_day(now)).blocked:
            continue
        found.append(report)
    return found


def version_of(participant: Participant, report_pk: int, *, now: datetime.datetime) -> tuple[Report, Version] | None:
    """Return one of these reports and what this person may read of it; None for any other."""
    report = next((row for row in reports_for(participant, now=now) if row.pk == report_pk), None)
    due = _due(participant)
    if report is None or due is None:
        return None
    children = list(children_in(participant.conference))
    return report, version_for(report, due, children, on=civil_day(now))


def reason_released(participant: Participant, now: datetime.datetime) -> str:
    """Return why the conference is held, from the newest report that was shared with this person in their version."""
    due = _due(participant)
    if due is None:
        return ""
    children = list(children_in(participant.conference))
    reasons = [
        version_for(report, due, children, on=civil_day(now)).why_held
        for report in reports_for(participant, now=now)
        if report.why_held
    ]
    return next(filter(None, reversed(reasons)), "")


def short_of(
    participant: Participant, report_pk: int, *, now: datetime.datetime, among: list[Report] | None = None
) -> tuple[Report, Version] | None:
    """Return the finished short report of one of these reports, in this person's version.

    None where there is none, where nothing in it is theirs, and where it would say something hidden from them.
    """
    reports = reports_for(participant, now=now) if among is None else among
    report = next((row for row in reports if row.pk == report_pk and row.short_ready_at is not None), None)
    due = _due(participant) if report is not None else None
    if report is None or due is None:
        return None
    version = short_version_for(report, due, list(children_in(participant.conference)), on=civil_day(now))
    return (report, version) if version.sections and not version.blocked else None


def copies_for(participant: Participant) -> list[Copy]:
    """Return the newest copy of each version in force that was sent to this person."""
    rows = (
        Copy.objects.filter(
            Q(recipient=participant)
            | Q(person=participant.person_id, document__conference_child__child__person=participant.person_id),
            document__conference=participant.conference_id,
            document__in=standing_documents().filter(conference=participant.conference_id).values("pk"),
        )
        .exclude(news__kind__in=TAKEN_BACK)
        .select_related("document__conference", "document__released_by", "document__standing_in_for")
        .order_by("document", "-sent_at", "-pk")
    )
    newest: dict[int, Copy] = {}
    for copy in rows:
        newest.setdefault(copy.document_id, copy)
    return list(newest.values())


def _due(participant: Participant) -> PersonDue | None:
    children = list(children_in(participant.conference))
    rows = people_due(participant.conference, children)
    return next((row for row in rows if row.participant.pk == participant.pk), None)
