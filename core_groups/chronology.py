"""Core groups' meetings for the chronology of a case."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from core_groups.access import CORE_GROUP_RULE
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting
from families.chronology import CaseScope, EventKind, Source, Told


def _meetings(scope: CaseScope) -> QuerySet[CoreGroupMeeting]:
    groups = CORE_GROUP_RULE.visible(CoreGroup.objects.filter(family=scope.family), scope.user)
    rows = CoreGroupMeeting.objects.filter(core_group__in=groups.values("pk"))
    return rows.exclude(state=MeetingState.CANCELLED)


def _told(row: CoreGroupMeeting, scope: CaseScope) -> Told:  # noqa: ARG001
    held = row.state == MeetingState.HELD
    return Told(
        title=f"Core group {row.number} {'held' if held else 'planned'}",
        lists_children=True,
        children=frozenset(plan.child_id for plan in row.core_group.plans.all()),
        # Those who sit apart meet at times of their own: only whoever was there knows of this one.
        known_to=frozenset(member.person_id for member in row.present.all()),
        url=reverse("core_groups:of-conference", args=[row.core_group.conference_id]),
    )


SOURCES: tuple[Source, ...] = (
    Source(
        "core-group-meeting", EventKind.MEETING, _meetings, Coalesce(F("held_at"), F("planned_at")), _told,
        lambda children: Q(core_group__plans__child__in=children), with_rows=("core_group",),
        with_lists=("core_group__plans", "present"),
    ),
)  # fmt: skip
