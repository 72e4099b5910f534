"""The clocks that run on papers: reports before the conference, letter and record after it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import JSONField, Prefetch
from django.db.models.fields.json import KeyTransform
from django.urls import reverse

from conferences.enums import (
    COMING,
    REPORTING_CAPACITIES,
    Capacity,
    ConferenceKind,
    ConferenceStatus,
    Standing,
)
from conferences.models import Conference, ConferenceChild, Participant, Sitting
from deadlines.arithmetic import due
from deadlines.calendars import calendars_for
from deadlines.clocks import Clock, ClockFact, register
from deadlines.models import Deadline
from deadlines.policies import policies_of
from reports.enums import DocumentKind, DocumentState, ReportState
from reports.models import Copy, Document, Report, Sharing
from reports.selectors.due import PersonDue, day_of, people_due_in
from reports.selectors.papers import children_concerned, has_outcome, newest_sharing, sections_in_force

Families = Sequence[int] | None
HELD_WITHOUT = "The meeting was held without this report."
CANCELLED = "The conference was cancelled."


# Before the conference


@dataclass(frozen=True)
class _Author:
    """One participant who is asked for a report, with its versions, oldest first."""

    participant: Participant
    reports: tuple[Report, ...]

    @property
    def received_at(self) -> datetime.datetime | None:
        """When the first version came in whole."""
        return min((row.submitted_at for row in self.reports if row.submitted_at), default=None)

    @property
    def in_force(self) -> Report | None:
        return next((row for row in self.reports if row.state == ReportState.SUBMITTED), None)


@dataclass(frozen=True)
class _Booked:
    """One conference with a date, and everything its report clocks ask."""

    conference: Conference
    children: list[ConferenceChild]
    authors: list[_Author]
    due: list[PersonDue]

    @property
    def starts(self) -> datetime.date:
        return day_of(self.conference)

    @property
    def stopped(self) -> str:
        """Why a report clock that was not met runs no longer."""
        if self.conference.status == ConferenceStatus.CANCELLED:
            return CANCELLED
        return HELD_WITHOUT if self.conference.status == ConferenceStatus.CLOSED else ""


def _booked(families: Families) -> list[_Booked]:
    conferences = (
        Conference.objects.filter(scheduled_at__isnull=False)
        .prefetch_related(
            Prefetch("sittings", Sitting.objects.order_by("number")),
            Prefetch(
                "children",
                ConferenceChild.objects.filter(withdrawn_at__isnull=True).select_related(
                    "child__person", "child__pregnancy"
                ),
                to_attr="present_children",
            ),
            Prefetch(
                "participants",
                Participant.objects.filter(
                    reports=True, capacity__in=REPORTING_CAPACITIES, standing__in=COMING
                )
                .select_related("person", "agency")
                .prefetch_related("children")
                .order_by("pk"),
                to_attr="reporting",
            ),
        )
        .order_by("pk")
    )
    rows = list(conferences if families is None else conferences.filter(family__in=families))
    children = {row.pk: list(row.present_children) for row in rows}
    reports = _reports([row.pk for row in rows])
    due_in = people_due_in(rows, children)
    return [
        _Booked(
            conference=row,
            children=children[row.pk],
            authors=[_Author(author, tuple(reports[author.pk])) for author in row.reporting],
            due=due_in[row.pk],
        )
        for row in rows
    ]


def _reports(conference_ids: list[int]) -> dict[int, list[Report]]:
    found: dict[int, list[Report]] = defaultdict(list)
    rows = Report.objects.filter(conference__in=conference_ids).exclude(state=ReportState.DRAFT)
    for row in rows.prefetch_related(
        Prefetch("sections", sections_in_force()),
        Prefetch("sharings", Sharing.objects.order_by("-recorded_at", "-pk")),
    ).order_by("number"):
        found[row.author_id].append(row)
    return found


class _Limits:
    """Which limit counts where first conferences and reviews are held in one: the stricter."""

    def __init__(self, rows: list[_Booked]) -> None:
        self._policies = policies_of({row.conference.policy_version_id for row in rows})
        self._calendars = calendars_for({row.conference.authority_id for row in rows})

    def key(self, row: _Booked, kind: str) -> str | None:
        kinds = {child.kind for child in row.children}
        review = f"{kind}:review"
        if ConferenceKind.REVIEW not in kinds:
            return None
        if kinds == {ConferenceKind.REVIEW}:
            return review
        policy = self._policies[row.conference.policy_version_id]
        calendar = self._calendars[row.conference.authority_id]
        sooner = min((kind, review), key=lambda key: due(policy.limit(key), row.starts, calendar).on)
        return sooner if sooner == review else None


def _answers(author: Participant, conference: Conference) -> tuple[int, ...]:
    """Who answers for a report: its author where they can sign in and are invited, else the coordinator."""
    user_id = author.person.user_id
    if user_id and (author.standing == Standing.INVITED or author.capacity == Capacity.SOCIAL_WORKER):
        return (user_id,)
    return (conference.coordinator_id,) if conference.coordinator_id else ()


def _what(author: Participant) -> str:
    return author.agency.get_kind_display() if author.agency else author.get_capacity_display()


def reports_submitted(families: Families) -> Iterator[ClockFact]:
    """For each person asked for a report: back from the conference to the report being in."""
    rows = _booked(families)
    limits = _Limits(rows)
    for row in rows:
        key = limits.key(row, "report-submitted")
        for author in row.authors:
            received = author.received_at
            yield ClockFact(
                authority_id=row.conference.authority_id,
                family_id=row.conference.family_id,
                fact_id=author.participant.pk,
                starts=row.starts,
                policy_version_id=row.conference.policy_version_id,
                conference_id=row.conference.pk,
                responsible_ids=_answers(author.participant, row.conference),
                met_at=received,
                not_needed="" if received else row.stopped,
                limit_key=key,
                what=_what(author.participant),
            )


def reports_shared(families: Families) -> Iterator[ClockFact]:
    """For each report: back from the conference to an outcome for each person of the family who is due it."""
    rows = _booked(families)
    limits = _Limits(rows)
    for row in rows:
        key = limits.key(row, "report-shared-with-family")
        for author in row.authors:
            met_at, not_needed = _shared(row, author)
            yield ClockFact(
                authority_id=row.conference.authority_id,
                family_id=row.conference.family_id,
                fact_id=author.participant.pk,
                starts=row.starts,
                policy_version_id=row.conference.policy_version_id,
                conference_id=row.conference.pk,
                responsible_ids=_answers(author.participant, row.conference),
                met_at=met_at,
                not_needed="" if met_at else not_needed,
                limit_key=key,
                what=_what(author.participant),
            )


def _shared(row: _Booked, author: _Author) -> tuple[datetime.datetime | None, str]:
    """When everybody due the version in force had an outcome, and why the clock stopped without."""
    report = author.in_force
    about = children_concerned(author.participant, report, row.children)
    due_it = [person for person in row.due if person.children & about]
    if not due_it:
        return None, row.stopped or "Nobody in the family is due this report."
    if report is None:
        return None, row.stopped
    outcomes = [newest_sharing(report, person.person.pk) for person in due_it]
    if any(person.waits for person in due_it) or not all(has_outcome(one) for one in outcomes):
        return None, row.stopped and "The meeting was held before this report was shared with everybody."
    return max(one.shared_at or one.recorded_at for one in outcomes if one), ""


def chair_has_reports(families: Families) -> Iterator[ClockFact]:
    """For each conference: back from it to the last report being in. Opening without the rest stops the clock."""
    for row in _booked(families):
        if not row.authors:
            continue
        received = [author.received_at for author in row.authors]
        in_at = max((at for at in received if at), default=None) if all(received) else None
        opened = "The chair opened the meeting without the missing reports."
        users = (row.conference.chair_id, row.conference.coordinator_id)
        yield ClockFact(
            authority_id=row.conference.authority_id,
            family_id=row.conference.family_id,
            fact_id=row.conference.pk,
            starts=row.starts,
            policy_version_id=row.conference.policy_version_id,
            conference_id=row.conference.pk,
            responsible_ids=tuple(user for user in users if user),
            met_at=in_at,
            not_needed="" if in_at else row.stopped or (opened if row.conference.opened_at else ""),
        )


# After the conference


@dataclass(frozen=True)
class _Version:
    document: Document
    due: frozenset[int]
    sent: dict[int, datetime.datetime]

    @property
    def complete_at(self) -> datetime.datetime | None:
        """When the last person due a copy of this version had one."""
        if self.document.released_at is None or self.due - self.sent.keys():
            return None
        return max((self.sent[pk] for pk in self.due), default=self.document.released_at)


def _versions(conference_ids: list[int], kind: str) -> dict[int, list[_Version]]:
    found: dict[int, list[_Version]] = defaultdict(list)
    rows = (
        Document.objects.filter(conference__in=conference_ids, kind=kind)
        .annotate(due_ids=KeyTransform("due", "content", output_field=JSONField()))
        .defer("content")
        .prefetch_related("settled_for", Prefetch("copies", Copy.objects.order_by("-sent_at", "-pk")))
        .order_by("number")
    )
    for row in rows:
        due_ids = {*(row.due_ids or ()), *(who.pk for who in row.settled_for.all())}
        sent = {copy.recipient_id: copy.sent_at for copy in row.copies.all()}
        found[row.conference_id].append(_Version(row, frozenset(due_ids), sent))
    return found


def _circulated(families: Families, kind: DocumentKind) -> Iterator[ClockFact]:
    conferences = Conference.objects.filter(status=ConferenceStatus.CLOSED, ended_at__isnull=False).order_by(
        "pk"
    )
    rows = list(conferences if families is None else conferences.filter(family__in=families))
    versions = _versions([row.pk for row in rows], kind)
    for row in rows:
        if row.ended_at is None:
            continue
        found = versions[row.pk]
        released = any(version.document.state == DocumentState.RELEASED for version in found)
        users = (row.coordinator_id,) if released else (row.coordinator_id, row.chair_id)
        yield ClockFact(
            authority_id=row.authority_id,
            family_id=row.family_id,
            fact_id=row.pk,
            starts=row.ended_at,
            policy_version_id=row.policy_version_id,
            conference_id=row.pk,
            responsible_ids=tuple(user for user in users if user),
            met_at=min((version.complete_at for version in found if version.complete_at), default=None),
        )


def decisions_sent(families: Families) -> Iterator[ClockFact]:
    """For each conference: from its end to the letter with the last person due a copy."""
    return _circulated(families, DocumentKind.DECISIONS_LETTER)


def records_sent(families: Families) -> Iterator[ClockFact]:
    """For each conference: from its end to the record with the last person due a copy."""
    return _circulated(families, DocumentKind.MINUTES)


def _to_report(deadline: Deadline) -> str:
    return reverse("reports:read-report", args=[deadline.conference_id, deadline.fact_id])


def _to_papers(deadline: Deadline) -> str:
    return reverse("reports:papers", args=[deadline.conference_id])


def _to_record(deadline: Deadline) -> str:
    return reverse("reports:record", args=[deadline.conference_id])


def register_clocks() -> None:
    """Called from ``ReportsConfig.ready``."""
    for clock in CLOCKS:
        register(clock)


CLOCKS = (
    Clock(
        kind="report-submitted",
        title="Submit the report",
        rule="Each report is in before the conference, so that everybody has read it.",
        facts=reports_submitted,
        url=_to_report,
        button="Write the report",
        event="conference",
        met_when="the whole report is in",
    ),
    Clock(
        kind="report-shared-with-family",
        title="Share the report with the family",
        rule="Each parent hears what a report says about their child before the conference.",
        facts=reports_shared,
        url=_to_report,
        button="Record how it was shared",
        event="conference",
        met_when="each person due the report has heard it, or it is recorded why not",
    ),
    Clock(
        kind="chair-has-reports",
        title="Get every report to the chair",
        rule="The chair has every report before the conference.",
        facts=chair_has_reports,
        url=_to_papers,
        button="See who has not reported",
        event="conference",
        met_when="the last report is in, or the chair goes on without",
    ),
    Clock(
        kind="decisions-sent",
        title="Send the decisions and the plan",
        rule="Decisions and plan are with everybody due a copy soon after the meeting ends.",
        facts=decisions_sent,
        url=_to_record,
        button="Prepare and send the letter",
        event="end of the meeting",
        met_when="the last person due a copy has it",
    ),
    Clock(
        kind="record-sent",
        title="Send the record",
        rule="The full record is with everybody due a copy after the meeting ends.",
        facts=records_sent,
        url=_to_record,
        button="Prepare and send the record",
        event="end of the meeting",
        met_when="the last person due a copy has it",
    ),
)
