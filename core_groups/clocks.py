"""The clocks of core groups: the first meeting after a conference, then each next one."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from django.db.models import F, Prefetch
from django.urls import reverse
from django.utils import timezone

from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting
from deadlines.clocks import Clock, ClockFact, register
from deadlines.models import Deadline
from plans.models import KeyWorker, Plan

Families = Sequence[int] | None
ALL_PLANS_ENDED = "All its plans have ended."


def _groups(families: Families) -> list[CoreGroup]:
    carrying = Prefetch("key_workers", KeyWorker.objects.filter(ends_on__isnull=True), to_attr="carrying")
    groups = (
        CoreGroup.objects.annotate(policy=F("conference__policy_version_id"))
        .prefetch_related(
            Prefetch("plans", Plan.objects.prefetch_related(carrying)),
            Prefetch(
                "meetings",
                CoreGroupMeeting.objects.filter(state=MeetingState.HELD).order_by("held_at", "pk"),
                to_attr="held",
            ),
        )
        .order_by("pk")
    )
    return list(groups if families is None else groups.filter(family__in=families))


def _fact(
    group: CoreGroup, *, fact_id: int, starts: datetime.date, met: CoreGroupMeeting | None
) -> ClockFact:
    plans = list(group.plans.all())
    key_workers = {carrier.user_id for plan in plans for carrier in plan.carrying}  # type: ignore[attr-defined]
    ended = all(not plan.is_open for plan in plans)
    return ClockFact(
        authority_id=group.authority_id,
        family_id=group.family_id,
        fact_id=fact_id,
        starts=starts,
        policy_version_id=group.policy,  # type: ignore[attr-defined]
        conference_id=group.conference_id,
        responsible_ids=tuple(sorted(key_workers)),
        met_at=met.held_at if met else None,
        not_needed=ALL_PLANS_ENDED if met is None and ended else "",
    )


def first_core_group(families: Families) -> Iterator[ClockFact]:
    """One fact for each core group, from the day of the conference that made the plan."""
    for group in _groups(families):
        held = group.held  # type: ignore[attr-defined]
        yield _fact(group, fact_id=group.pk, starts=group.formed_on, met=held[0] if held else None)


def next_core_group(families: Families) -> Iterator[ClockFact]:
    """One fact for each meeting held, from its day to the next meeting."""
    for group in _groups(families):
        held = group.held  # type: ignore[attr-defined]
        for last, following in zip_longest(held, held[1:]):
            yield _fact(group, fact_id=last.pk, starts=timezone.localdate(last.held_at), met=following)


def _page(deadline: Deadline) -> str:
    return reverse("core_groups:of-conference", args=[deadline.conference_id])


def register_clocks() -> None:
    """Called from ``CoreGroupsConfig.ready``."""
    register(
        Clock(
            kind="first-core-group",
            title="Hold the first core group",
            rule="The core group meets for the first time soon after the conference that made the plan.",
            facts=first_core_group,
            url=_page,
            button="Open the core group",
            event="conference that made the plan",
            met_when="the key worker or a stand-in and one other member have met",
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
            met_when="the key worker or a stand-in and one other member have met",
        )
    )
