"""Clocks for objections to a conference: dissent, complaints, comments on the minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse

from conferences.clocks.conferences import chairs
from conferences.clocks.managing import naming, service_managing
from conferences.enums import Capacity, ConferenceStatus
from conferences.models import Participant
from deadlines.clocks import Clock, register
from deadlines.facts import Families, Noon, People, facts
from deadlines.models import Deadline
from families.enums import AgencyKind
from meetings.models import Dissent
from reports.access import COMPLAINTS
from reports.enums import DissentChoice
from reports.models import Complaint, ComplaintStage, LodgedDissent, MinutesComment
from reports.models.objections import PANEL, REVIEW

LEFT = "They are content with what the minutes say."


def _what(path: str) -> Case:
    """Describe by agency or capacity who said it, naming no one."""
    kinds = [When(**{f"{path}agency__kind": row.value}, then=Value(str(row.label))) for row in AgencyKind]
    others = [When(**{f"{path}capacity": row.value}, then=Value(str(row.label))) for row in Capacity]
    return Case(*kinds, *others, default=Value(""))


def _of_conference(path: str) -> dict[str, Any]:
    return {"authority_id": f"{path}authority_id", "family_id": f"{path}family_id", "conference_id": f"{path}id"}


def dissents(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each dissenter, from the end of the meeting to lodging the dissent or leaving it."""
    spoken = Dissent.objects.filter(participant=OuterRef("pk"))
    chosen = LodgedDissent.objects.filter(participant=OuterRef("pk"))
    lodged = chosen.filter(choice=DissentChoice.LODGED).order_by("lodged_at")
    people = Participant.objects.filter(
        Exists(spoken) | Exists(chosen), conference__status=ConferenceStatus.CLOSED, conference__ended_at__isnull=False
    )
    yield facts(
        families.of(people, "conference__family_id"),
        **_of_conference("conference__"),
        fact_id="pk",
        starts_at="conference__ended_at",
        responsible_ids=People(F("conference__coordinator_id")),
        what=_what(""),
        met_at=Subquery(lodged.values("lodged_at")[:1]),
        not_needed=Case(When(Exists(chosen), then=Value(LEFT)), default=Value("")),
    )


def dissent_answers(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each lodged dissent, from lodging to answer."""
    lodged = LodgedDissent.objects.filter(choice=DissentChoice.LODGED)
    yield facts(
        families.of(lodged, "conference__family_id"),
        **_of_conference("conference__"),
        fact_id="pk",
        starts_at="lodged_at",
        responsible_ids=chairs(families, "conference__"),
        what=_what("participant__"),
        met_at="answered_at",
    )


def complaint_answers(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each complaint, from the day it was received to the answer."""
    yield facts(
        families.of(Complaint.objects.all(), "conference__family_id"),
        **_of_conference("conference__"),
        fact_id="pk",
        starts_on="received_on",
        responsible_ids=People(naming(families, COMPLAINTS), F("conference__coordinator_id")),
        met_at=Case(When(Q(answered_on__isnull=False), then=Noon(F("answered_on")))),
    )


def _stage_answers(number: int) -> Callable[[Families], Iterator[QuerySet[Any, Any]]]:
    def stages(families: Families) -> Iterator[QuerySet[Any, Any]]:
        """Yield one fact for each complaint at this stage, from the day it was taken further to the answer."""
        yield facts(
            families.of(ComplaintStage.objects.filter(number=number), "complaint__conference__family_id"),
            **_of_conference("complaint__conference__"),
            fact_id="pk",
            starts_on="asked_on",
            responsible_ids=People(
                service_managing("complaint__conference__"), F("complaint__conference__coordinator_id")
            ),
            met_at=Case(When(Q(answered_on__isnull=False), then=Noon(F("answered_on")))),
        )

    return stages


def minutes_comments(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each comment on the minutes, from the day it was received until settled."""
    yield facts(
        families.of(MinutesComment.objects.all(), "document__conference__family_id"),
        **_of_conference("document__conference__"),
        fact_id="pk",
        starts_on="received_on",
        responsible_ids=People(F("document__conference__coordinator_id")),
        what=_what("participant__"),
        met_at="settled_at",
    )


def _to_lodging(deadline: Deadline) -> str:
    return reverse("reports:lodge-dissent", args=[deadline.conference_id])


def _to_dissent(deadline: Deadline) -> str:
    return reverse("reports:answer-dissent", args=[deadline.conference_id, deadline.fact_id])


def _to_complaint(deadline: Deadline) -> str:
    return reverse("reports:answer-complaint", args=[deadline.conference_id, deadline.fact_id])


def _to_stage(deadline: Deadline) -> str:
    return reverse("reports:answer-complaint-stage", args=[deadline.conference_id, deadline.fact_id])


def _to_comment(deadline: Deadline) -> str:
    return reverse("reports:settle-comment", args=[deadline.conference_id, deadline.fact_id])


def register_clocks() -> None:
    """Register the clocks. Called from ``ReportsConfig.ready``."""
    for clock in CLOCKS:
        register(clock)


CLOCKS = (
    Clock(
        kind="dissent",
        title="Ask whether the dissent is lodged",
        rule="Anyone who disagreed with a decision can lodge a dissent after the meeting, within the time allowed.",
        facts=dissents,
        url=_to_lodging,
        button="Record what they say",
        event="end of the meeting",
        met_when="the dissent is lodged, or they are content with what the minutes say",
    ),
    Clock(
        kind="dissent-answer",
        title="Answer the dissent",
        rule="Every dissent gets an answer.",
        facts=dissent_answers,
        url=_to_dissent,
        button="Answer it",
        event="lodging",
        met_when="the chair or a service manager has answered",
    ),
    Clock(
        kind="complaint-answer",
        title="Answer the complaint",
        rule="Every complaint about the conference gets an answer. A complaint does not reverse a decision.",
        facts=complaint_answers,
        url=_to_complaint,
        button="Record the answer",
        event="the day the complaint came in",
        met_when="the answer has been sent",
    ),
    Clock(
        kind="complaint-review-answer",
        title="Answer the complaint that was taken further",
        rule="A manager who had no part in it looks at a complaint again. A complaint does not reverse a decision.",
        facts=_stage_answers(REVIEW),
        url=_to_stage,
        button="Record the answer",
        event="the day the complaint was taken further",
        met_when="the answer has been sent",
    ),
    Clock(
        kind="complaint-panel-answer",
        title="Answer the complaint after the panel",
        rule="A panel of partner agencies looks at a complaint last. A complaint does not reverse a decision.",
        facts=_stage_answers(PANEL),
        url=_to_stage,
        button="Record the answer",
        event="the day the complaint was taken to the panel",
        met_when="the answer has been sent",
    ),
    Clock(
        kind="minutes-comments",
        title="Settle a comment on the minutes",
        rule="Comments on the accuracy of the minutes are settled within the same time as people have to make them.",
        facts=minutes_comments,
        url=_to_comment,
        button="Settle the comment",
        event="the day the comment came in",
        met_when="a new version is agreed, or the comment is kept with the minutes",
    ),
)
