"""The clocks of core groups: the first meeting after a conference, then each next one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Lead
from django.urls import reverse

from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting
from deadlines.clocks import Clock, register
from deadlines.facts import Asked, Families, London, facts
from deadlines.models import Deadline
from plans.models import KeyWorker, Plan

ALL_PLANS_ENDED = "All its plans have ended."


def _group(path: str) -> dict[str, Any]:
    """What all facts of a core group say; ``path`` leads to the group."""
    running = Plan.objects.filter(core_groups=OuterRef(f"{path}pk"), ends_on__isnull=True)
    carrying = KeyWorker.objects.filter(plan__core_groups=OuterRef(f"{path}pk"), ends_on__isnull=True)
    return {
        "authority_id": f"{path}authority_id",
        "family_id": f"{path}family_id",
        "conference_id": f"{path}conference_id",
        "policy_version_id": f"{path}conference__policy_version_id",
        "responsible_ids": Asked(carrying.values("user_id")),
        "not_needed": Case(When(~Exists(running), then=Value(ALL_PLANS_ENDED)), default=Value("")),
    }


def _held() -> QuerySet[CoreGroupMeeting]:
    return CoreGroupMeeting.objects.filter(state=MeetingState.HELD)


def first_core_group(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """One fact for each core group, from the day of the conference that made the plan."""
    held = _held().filter(core_group=OuterRef("pk")).order_by("held_at", "pk")
    yield facts(
        families.of(CoreGroup.objects.all(), "family_id"),
        **_group(""),
        fact_id="pk",
        starts_on="formed_on",
        met_at=Subquery(held.values("held_at")[:1]),
    )


def next_core_group(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """One fact for each meeting held, from its day to the next meeting."""
    yield facts(
        families.of(_held(), "core_group__family_id"),
        **{**_group("core_group__"), "policy_version_id": None},
        fact_id="pk",
        starts_on=London(F("held_at")),
        met_at=Window(Lead("held_at"), partition_by=F("core_group_id"), order_by=("held_at", "pk")),
    )


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
