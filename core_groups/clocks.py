"""The clocks of core groups: the first meeting after a conference, then each following one."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import Case, DurationField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, Greatest, Lead
from django.urls import reverse

from conferences.clocks.losses import managing_family
from conferences.enums import ConferenceKind, ConferenceStatus, SittingState
from conferences.models import ConferenceChild, Sitting
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember, HeldForChild, MemberToTell
from core_groups.selectors.apart import to_settle
from core_groups.selectors.held import held_meetings, held_meetings_of
from deadlines.clocks import Clock, register
from deadlines.enums import Unit
from deadlines.facts import Asked, Families, London, facts
from deadlines.models import Deadline, PolicyLimit
from families.selectors.losses import TOLD_LATER, people_held
from families.selectors.names import full_name_in_sql
from plans.models import KeyWorker, Plan

ALL_PLANS_ENDED = "All its plans have ended."
REVIEW_CANCELLED = "The review was cancelled."
REVIEW_HELD = "The review was held without it."
EVER = datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC)
# Moves the ids of one table out of the way of another's, where both tell of one kind of clock.
BEYOND_PLANS = 10**12
SPANS = {
    Unit.HOURS: datetime.timedelta(hours=1),
    Unit.DAYS: datetime.timedelta(days=1),
    Unit.WORKING_DAYS: datetime.timedelta(days=1, hours=12),
    Unit.WEEKS: datetime.timedelta(weeks=1),
    Unit.MONTHS: datetime.timedelta(days=31),
}


def _group(path: str, running: QuerySet[Plan] | None = None) -> dict[str, Any]:
    """Return the columns common to all facts of a core group; ``path`` leads to the group.

    ``running`` are the open plans that still need the meeting, by default any of the group's.
    """
    if running is None:
        running = Plan.objects.filter(core_groups=OuterRef(f"{path}pk"), ends_on__isnull=True)
    carrying = KeyWorker.objects.filter(plan__core_groups=OuterRef(f"{path}pk"), ends_on__isnull=True)
    return {
        "authority_id": f"{path}authority_id",
        "family_id": f"{path}family_id",
        "conference_id": f"{path}conference_id",
        "responsible_ids": Asked(carrying.values("user_id")),
        "not_needed": Case(When(~Exists(running), then=Value(ALL_PLANS_ENDED)), default=Value("")),
    }


def _first_of(held: QuerySet[CoreGroupMeeting]) -> Subquery:
    return Subquery(held.order_by("held_at", "pk").values("held_at")[:1])


def first_core_group(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each core group from the day it was formed, and one for plans that joined it later.

    A brother's or sister's plan made at a review counts from its own conference; plans of one day count once. A child
    for whom the first meeting did not count has one more, of their own.
    """
    made_by_its_conference = Q(decision__conference_child__conference=OuterRef("conference"))
    its_first = Plan.objects.filter(
        Q(starts_on__lte=OuterRef("formed_on")) | made_by_its_conference, core_groups=OuterRef("pk")
    )
    held = held_meetings().annotate(day=London(F("held_at")))
    yield facts(
        families.of(CoreGroup.objects.filter(Exists(its_first), goes_on_in__isnull=True), "family_id"),
        **_group("", its_first.filter(ends_on__isnull=True)),
        fact_id="pk",
        starts_on="formed_on",
        met_at=_first_of(held.filter(core_group=OuterRef("pk"), day__gte=OuterRef("formed_on"))),
    )
    links: QuerySet[Any] = CoreGroup.plans.through.objects.annotate(day=F("plan__starts_on"))
    same_day = CoreGroup.plans.through.objects.filter(
        coregroup=OuterRef("coregroup"), plan__starts_on=OuterRef("plan__starts_on"), plan__lt=OuterRef("plan")
    )
    later = links.filter(
        ~Exists(same_day), coregroup__goes_on_in__isnull=True, day__gt=F("coregroup__formed_on")
    ).exclude(plan__decision__conference_child__conference=F("coregroup__conference"))
    joined_that_day = Plan.objects.filter(
        core_groups=OuterRef("coregroup"), starts_on=OuterRef("plan__starts_on"), ends_on__isnull=True
    )
    yield facts(
        families.of(later, "coregroup__family_id"),
        **{
            **_group("coregroup__", joined_that_day),
            "conference_id": Coalesce(F("plan__decision__conference_child__conference"), F("coregroup__conference")),
        },
        # A plan's id, negated, so that it can't clash with a group's.
        fact_id=F("plan_id") * -1,
        starts_on="day",
        met_at=_first_of(held.filter(core_group=OuterRef("coregroup"), day__gte=OuterRef("day"))),
    )
    left_out = _left_out(families)
    yield facts(
        left_out.filter(since__isnull=True),
        **_for_one_child(),
        fact_id=F("pk") * -1 - BEYOND_PLANS,
        starts_on=Greatest(F("plan__starts_on"), F("meeting__core_group__formed_on")),
    )


def _left_out(families: Families) -> QuerySet[Any]:
    """Return, for each child left out while a meeting counted for others, the first such meeting since their last.

    ``since`` is when a meeting last counted for the child: from then on the child's own clock runs on.
    """
    missed = HeldForChild.objects.filter(counts=False, meeting__state=MeetingState.HELD, meeting__counts=True)
    last = held_meetings_of("plan", OuterRef("plan")).filter(held_at__lt=OuterRef("meeting__held_at"))
    rows = missed.annotate(
        day=London(F("meeting__held_at")), since=Subquery(last.order_by("-held_at", "-pk").values("held_at")[:1])
    )
    sooner = missed.filter(
        plan=OuterRef("plan"),
        meeting__held_at__lt=OuterRef("meeting__held_at"),
        meeting__held_at__gt=Coalesce(OuterRef("since"), Value(EVER)),
    )
    in_force = Q(plan__ends_on__isnull=True) | Q(plan__ends_on__gt=F("day"))
    rows = rows.filter(~Exists(sooner), in_force, plan__starts_on__lte=F("day"))
    return families.of(rows, "meeting__core_group__family_id")


def _for_one_child() -> dict[str, Any]:
    """Return the columns common to the facts of a child whose clock runs on apart from that of the others."""
    running = Plan.objects.filter(pk=OuterRef("plan"), ends_on__isnull=True)
    carrying = KeyWorker.objects.filter(plan=OuterRef("plan"), ends_on__isnull=True)
    later = held_meetings_of("plan", OuterRef("plan")).filter(held_at__gt=OuterRef("meeting__held_at"))
    return {
        **_group("meeting__core_group__", running),
        "child_id": "plan__child_id",
        "responsible_ids": Asked(carrying.values("user_id")),
        "met_at": _first_of(later),
    }


def first_held_after_birth() -> QuerySet[Any]:
    """Return the moment of the first core group on or after the day ``born`` about the ``child`` of the outer row."""
    about = held_meetings_of("plan__child", OuterRef("child")).annotate(day=London(F("held_at")))
    return about.filter(day__gte=OuterRef("born")).order_by("held_at", "pk").values("held_at")[:1]


def next_core_group(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each meeting held, from its day to the next, whatever reviews there were between them.

    A child for whom a meeting did not count has one more, of their own, from the last that did to the next that does.
    """
    left_out = HeldForChild.objects.filter(meeting=OuterRef(OuterRef("pk")), plan=OuterRef("pk"), counts=False)
    running = Plan.objects.filter(~Exists(left_out), core_groups=OuterRef("core_group__pk"), ends_on__isnull=True)
    yield facts(
        families.of(held_meetings(), "core_group__family_id"),
        **_group("core_group__", running),
        fact_id="pk",
        starts_on=London(F("held_at")),
        met_at=Window(Lead("held_at"), partition_by=F("core_group_id"), order_by=("held_at", "pk")),
    )
    yield facts(
        _left_out(families).filter(since__isnull=False),
        **_for_one_child(),
        # Negated, so that it can't clash with a meeting's id.
        fact_id=F("pk") * -1,
        starts_on=London(F("since")),
    )


def last_core_group(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each child with a booked review, counting back to the last core group before it.

    Met by a core group so close to the review that the next one would only be due after it. One held weeks
    earlier, soon after the conference, is not the last.
    """
    day = _review_day()
    child = Q(plans__child=OuterRef("child"))
    group = CoreGroup.objects.filter(child, formed_on__lt=_outer_day(), goes_on_in__isnull=True)
    group = group.order_by("-formed_on", "-pk")
    running = Plan.objects.filter(child=OuterRef("child"), core_groups__isnull=False).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=_outer_day())
    )
    near = held_meetings_of("plan__child", OuterRef("child")).filter(
        held_at__lt=_starts_at(OuterRef(OuterRef("conference"))),
        held_at__gte=_starts_at(OuterRef(OuterRef("conference"))) - _between_core_groups(),
    )
    carrying = KeyWorker.objects.filter(plan__child=OuterRef("child"), ends_on__isnull=True)
    reviews = ConferenceChild.objects.filter(
        kind=ConferenceKind.REVIEW, withdrawn_at__isnull=True, conference__scheduled_at__isnull=False
    )
    yield facts(
        families.of(reviews.filter(Exists(group), Exists(running)), "conference__family_id"),
        authority_id="conference__authority_id",
        family_id="conference__family_id",
        fact_id="pk",
        child_id="child_id",
        conference_id=Subquery(group.values("conference_id")[:1]),
        starts_on=day,
        began_on=London(F("conference__scheduled_at")),
        responsible_ids=Asked(carrying.values("user_id")),
        met_at=Subquery(near.order_by("held_at").values("held_at")[:1]),
        not_needed=Case(
            When(conference__status=ConferenceStatus.CANCELLED, then=Value(REVIEW_CANCELLED)),
            When(conference__status=ConferenceStatus.CLOSED, then=Value(REVIEW_HELD)),
            default=Value(""),
        ),
    )


def keep_apart(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each member who must not meet another, from when it was known or they joined."""
    rows = to_settle(today=families.today)
    yield facts(
        families.of(rows, "core_group__family_id"),
        authority_id="core_group__authority_id",
        family_id="core_group__family_id",
        fact_id="pk",
        starts_on=Greatest(London(F("ground_at")), F("starts_on")),
        responsible_ids=managing_family("core_group__family_id"),
        met_at=Case(When(decided_at__gte=F("ground_at"), then=F("decided_at"))),
    )


def members_to_tell(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each member to be told by hand: from when it arose to the telling, in time before they meet.

    Never before the day on which there was something to tell.
    """
    person = "member__person__"
    gone = (
        Q(**{f"{person}death_date__isnull": False})
        | Q(**{f"{person}sealed_at__isnull": False})
        | Q(**{f"{person}merged_into__isnull": False})
    )
    yield facts(
        families.of(MemberToTell.objects.all(), "meeting__core_group__family_id"),
        **{
            **_group("meeting__core_group__"),
            "not_needed": Case(
                When(told_at__isnull=False, then=Value("")),
                When(ended_at__isnull=False, then=F("ended_because")),
                When(gone, then=Value("Nothing is told to this person any more.")),
                When(meeting__state=MeetingState.HELD, then=Value("The meeting was held.")),
                When(member__person__in=people_held().order_by().values("pk"), then=Value(TOLD_LATER)),
                default=Value(""),
            ),
        },
        fact_id="pk",
        limit_key=Value("tell-otherwise"),
        starts_on=London(F("arose_at")),
        other_limit_key=Value("tell-before-meeting"),
        other_starts_on=London(F("starts_at")),
        due_not_before=London(F("arose_at")),
        what=full_name_in_sql("member__person"),
        met_at="told_at",
    )


def _starts_at(conference: OuterRef) -> Subquery:
    """Return when a conference is (or was) first held; cancelled sittings don't count."""
    sittings = Sitting.objects.filter(conference=conference).exclude(state=SittingState.CANCELLED)
    return Subquery(sittings.order_by("number").values("starts_at")[:1])


def _review_day() -> London:
    return London(Coalesce(_starts_at(OuterRef("conference")), F("conference__requested_at")))


def _outer_day() -> London:
    """Return the review's day, from inside a subquery."""
    return London(_starts_at(OuterRef(OuterRef("conference"))))


def _between_core_groups() -> Subquery:
    """Return the longest interval between core groups under the review's procedures.

    Working days are taken with their weekends; it needn't be exact, because it only distinguishes a core group
    before the review from one soon after the conference.
    """
    limit = PolicyLimit.objects.filter(
        version=OuterRef(OuterRef("conference__policy_version_id")), key="next-core-group"
    )
    spans = [When(unit=unit, then=F("amount") * Value(span)) for unit, span in SPANS.items()]
    return Subquery(limit.annotate(span=Case(*spans, output_field=DurationField())).values("span")[:1])


def _page(deadline: Deadline) -> str:
    return reverse("core_groups:of-conference", args=[deadline.conference_id])


def _decision_page(deadline: Deadline) -> str:
    group = CoreGroupMember.objects.filter(pk=deadline.fact_id).values_list("core_group_id", flat=True)[:1]
    return reverse("core_groups:decide-apart", args=[group.get(), deadline.fact_id])


def _list_page(deadline: Deadline) -> str:
    row = MemberToTell.objects.filter(pk=deadline.fact_id).values_list("meeting__core_group_id", "meeting_id")[:1]
    return reverse("core_groups:to-tell", args=row.get())


def register_clocks() -> None:
    """Register the clocks. Called from ``CoreGroupsConfig.ready``."""
    register(
        Clock(
            kind="tell-member",
            title="Tell a core group member who gets no e-mail",
            rule=(
                "Whoever is not told by e-mail is told by post, by telephone or in person when and where they meet, of "
                "each change and of a cancellation, in time before the meeting."
            ),
            facts=members_to_tell,
            url=_list_page,
            button="Open the list",
            event="day there was something to tell",
            met_when="someone has told them, and said who, when and how",
        )
    )
    register(
        Clock(
            kind="keep-apart",
            title="Decide how the core group meets",
            rule=(
                "Where members of a core group must not meet, someone decides at once whether one has a sitting "
                "or a call of their own."
            ),
            facts=keep_apart,
            url=_decision_page,
            button="Decide",
            event="day it was known",
            met_when="the chair at the conference, or a manager, has decided",
        )
    )
    register(
        Clock(
            kind="first-core-group",
            title="Hold the first core group",
            rule="The core group meets for the first time soon after the conference that made the plan.",
            facts=first_core_group,
            url=_page,
            button="Open the core group",
            event="conference that made the plan",
            met_when="the child’s key worker or a stand-in and enough of the child’s other members have met",
        )
    )
    register(
        Clock(
            kind="next-core-group",
            title="Hold the next core group",
            rule="Each core group is counted from the one before.",
            facts=next_core_group,
            url=_page,
            button="Open the core group",
            event="last core group",
            met_when="the child’s key worker or a stand-in and enough of the child’s other members have met",
        )
    )
    register(
        Clock(
            kind="last-core-group",
            title="Hold the last core group before the review",
            rule="The core group meets in good time before each review, so that its report can be written.",
            facts=last_core_group,
            url=_page,
            button="Open the core group",
            event="review conference",
            met_when="a core group was held so near to the review that no other is due before it",
        )
    )
