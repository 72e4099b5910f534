"""Complaints about a conference, stage by stage: what was answered, and how far each can still go."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.urls import reverse

from accounts.models import User
from conferences.models import Conference, Participant
from deadlines.policies import policy_of
from deadlines.policies.policy import Policy
from deadlines.working_days.arithmetic import due
from deadlines.working_days.calendars import calendar_for
from reports.access import COMPLAINT_RULE, may_answer_stages
from reports.enums import ComplaintOutcome
from reports.models import Complaint, ComplaintStage
from reports.models.objections import REVIEW
from reports.selectors.papers import agency_words

# The time limits of the answers, stage by stage.
ANSWER_LIMITS = ("complaint-answer", "complaint-review-answer", "complaint-panel-answer")


@dataclass(frozen=True)
class ComplaintRow:
    """A complaint with its later stages.

    ``answer_by`` is the day by which its answer is due while it waits, ``further_until`` the day until which it is
    taken further in time where it still can be; otherwise each is None. ``late`` are the numbers of the stages that
    were asked for after that day. ``answer_url`` is where the reader answers.
    """

    complaint: Complaint
    stages: Sequence[ComplaintStage]
    answer_by: datetime.date | None
    further_until: datetime.date | None
    late: frozenset[int] = frozenset()
    answer_url: str = ""

    @property
    def from_whom(self) -> str:
        row = self.complaint
        if row.participant is None:
            return row.described
        return f"{row.participant.person.full_name}, {agency_words(row.participant)}"


def next_stage(complaint: Complaint, policy: Policy) -> int | None:
    """Return the stage to which an answered complaint can be taken now; None after the last, or once withdrawn."""
    number = REVIEW + len(complaint.stages.all())
    return number if complaint.latest.may_go_further and number <= policy.value("complaint-stages") else None


def complaint_row(complaint: Complaint, conference: Conference) -> ComplaintRow:
    """Return one complaint about this conference as pages show it."""
    policy, calendar = policy_of(conference.policy_version_id), calendar_for(conference.authority_id)
    stages, latest = list(complaint.stages.all()), complaint.latest
    answer_by = further_until = None
    if latest.answered_on is None:
        since = stages[-1].asked_on if stages else complaint.received_on
        answer_by = due(policy.limit(ANSWER_LIMITS[len(stages)]), since, calendar).on
    elif next_stage(complaint, policy) is not None:
        further_until = latest.answered_on + _time_to_go_further(policy)
    answers = [complaint.answered_on, *(stage.answered_on for stage in stages)]
    late = frozenset(
        stage.number
        for stage, answered_on in zip(stages, answers, strict=False)
        if answered_on is not None and stage.asked_on > answered_on + _time_to_go_further(policy)
    )
    return ComplaintRow(complaint, stages, answer_by, further_until, late)


def _time_to_go_further(policy: Policy) -> datetime.timedelta:
    return datetime.timedelta(days=policy.value("complaint-further-days"))


def complaints_about(conference: Conference, reader: User) -> list[ComplaintRow]:
    """Return every complaint about a conference, oldest first, in a fixed number of queries."""
    rows = Complaint.objects.filter(conference=conference).select_related(
        "participant__person", "participant__agency", "recorded_by", "answered_by"
    )
    answers_stages = may_answer_stages(reader, conference)
    return [
        replace(row, answer_url=_answer_url(row, conference, reader, answers_stages=answers_stages))
        for row in (complaint_row(one, conference) for one in rows.prefetch_related("stages__answered_by"))
    ]


def _answer_url(row: ComplaintRow, conference: Conference, reader: User, *, answers_stages: bool) -> str:
    if not row.stages:
        return reverse("reports:answer-complaint", args=[conference.pk, row.complaint.pk])
    stage = row.stages[-1]
    if not answers_stages or reader.pk in stage.answered_before:
        return ""
    return reverse("reports:answer-complaint-stage", args=[conference.pk, stage.pk])


def own_complaints(participant: Participant) -> list[ComplaintRow]:
    """Return what one person complained about, oldest first."""
    rows = Complaint.objects.filter(participant=participant).select_related("participant").prefetch_related("stages")
    return [complaint_row(row, participant.conference) for row in rows]


def complaints_listed(user: User) -> QuerySet[Complaint]:
    """Return complaints about the conferences whose objections the user follows, each with ``waits``; those first."""
    rows = COMPLAINT_RULE.visible(Complaint.objects.all(), user)
    open_stages = ComplaintStage.objects.filter(complaint=OuterRef("pk"), answered_on__isnull=True)
    waiting = rows.annotate(waits=Q(answered_on__isnull=True) | Q(Exists(open_stages)))
    return waiting.select_related("conference").prefetch_related("stages").order_by("-waits", "-received_on", "-pk")


@dataclass(frozen=True)
class YearOfComplaints:
    """How many complaints came in during a calendar year, and what became of them at their first stage."""

    year: int
    total: int
    taken_further: int
    waiting: int
    outcomes: tuple[tuple[str, int], ...]


def complaint_figures(user: User) -> list[YearOfComplaints]:
    """Return the figures of each year, newest first, of the complaints the user follows."""
    later = Exists(ComplaintStage.objects.filter(complaint=OuterRef("pk")))
    outcomes = {one.value: Count("pk", filter=Q(outcome=one.value)) for one in ComplaintOutcome}
    years: Iterable[Mapping[str, Any]] = (
        complaints_listed(user)
        .prefetch_related(None)
        .order_by()
        .values(year=ExtractYear("received_on"))
        .annotate(
            total=Count("pk"), further=Count("pk", filter=later), waiting=Count("pk", filter=Q(waits=True)), **outcomes
        )
        .order_by("-year")
    )
    return [
        YearOfComplaints(
            row["year"],
            row["total"],
            row["further"],
            row["waiting"],
            tuple((str(one.label), row[one.value]) for one in ComplaintOutcome if row[one.value]),
        )
        for row in years
    ]
