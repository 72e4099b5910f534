"""For which children a held meeting counts, and who carried it for the council."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from core_groups.enums import LedBy, MeetingState
from core_groups.models import CoreGroupMeeting, HeldForChild
from govuk import words
from plans.models import Plan


def held_meetings() -> QuerySet[CoreGroupMeeting]:
    """Return the meetings that count as held for at least one child."""
    return CoreGroupMeeting.objects.filter(state=MeetingState.HELD, counts=True)


def held_meetings_of(path: str, outer: OuterRef) -> QuerySet[CoreGroupMeeting]:
    """Return the meetings that count as held for a plan ("plan") or a child ("plan__child") of the outer row."""
    left_out = HeldForChild.objects.filter(**{path: OuterRef(outer)}, meeting=OuterRef("pk"), counts=False)
    about = path.replace("plan", "core_group__plans", 1)
    return held_meetings().filter(**{about: outer}).exclude(Exists(left_out))


def held_for(meeting: CoreGroupMeeting) -> QuerySet[HeldForChild]:
    """Return for which children a meeting counts, with what pages say of it."""
    return _with_names().filter(meeting=meeting)


def for_children() -> Prefetch[Any]:
    """Return the same, for fetching it with several meetings."""
    return Prefetch("held_for", _with_names())


def _with_names() -> QuerySet[HeldForChild]:
    rows = HeldForChild.objects.select_related("plan__child__person", "stood_in_worker", "stood_in_member__person")
    return rows.order_by("plan")


@dataclass(frozen=True)
class CountsFor:
    """What was said of the key worker of some children, and whether the meeting counts for them."""

    children: str
    said: str
    counts: bool


SAID = {
    LedBy.KEY_WORKER: "the key worker was there",
    LedBy.STAND_IN: "someone stood in for the key worker",
    LedBy.NO_ONE: "neither the key worker nor a stand-in was there",
}


def said_of(row: HeldForChild) -> str:
    """Return who carried the meeting for a child, in words."""
    if name := row.stood_in:
        return f"{name} stood in for the key worker"
    return SAID[LedBy(row.led_by)]


def counts_for(rows: Iterable[HeldForChild], plans: Sequence[Plan]) -> list[CountsFor]:
    """Return for which of these plans' children a meeting counts and who carried it, those alike together."""
    wanted = {plan.pk for plan in plans}
    alike: dict[tuple[str, bool], list[str]] = {}
    for row in rows:
        if row.plan_id in wanted:
            alike.setdefault((said_of(row), row.counts), []).append(row.plan.child.person.short_name)
    return [CountsFor(words.listed(names), said, counts) for (said, counts), names in alike.items()]


def not_counted_for(rows: Iterable[HeldForChild]) -> str:
    """Return the names of the children for whom a meeting does not count."""
    return words.listed([row.plan.child.person.short_name for row in rows if not row.counts])
