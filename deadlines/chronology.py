"""Time limits for the chronology of a case: each on its last day, with what became of it."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from deadlines.access import about_a_sealed_child, visible_deadlines
from deadlines.models import Deadline
from deadlines.selectors.rows import title_of
from families.chronology import CaseScope, EventKind, Source, StartOfDay, Told
from govuk.words import listed


def _deadlines(scope: CaseScope) -> QuerySet[Deadline]:
    return visible_deadlines(scope.user).filter(family_id=scope.family.pk).exclude(about_a_sealed_child())


def _told(row: Deadline, scope: CaseScope) -> Told:
    children = frozenset({row.child_id}) if row.child_id else frozenset()
    named = listed(scope.called(children))
    what = f"{title_of(row.kind)}: {row.what}" if row.what else title_of(row.kind)
    return Told(
        title=f"Last day to {what[:1].lower()}{what[1:]}{f' ({named})' if named else ''}",
        detail=row.not_needed or row.state(timezone.now()).label,
        children=children,
        url=reverse("deadlines:deadline", args=[row.pk]),
    )


# Limits bind those who work with the family, and some would tell that somebody asked something in confidence.
SOURCES: tuple[Source, ...] = (
    Source(
        "time-limit", EventKind.DEADLINE, _deadlines, StartOfDay(F("due_on")), _told,
        lambda children: Q(child_id__in=children), whole_day=True, staff_only=True,
    ),
)  # fmt: skip
