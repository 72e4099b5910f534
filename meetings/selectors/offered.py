"""What is offered before the chair decides for a child: people, visits and actions, and nothing that is decided.

The answer about harm, the views, the status, the category and the reason of one child never fill in another's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef

from conferences.enums import Capacity, Outcome
from conferences.models import Conference, ConferenceChild, Decision
from conferences.selectors.children import short_name_of
from conferences.selectors.procedures import policy_of_conference
from meetings.models import OutlineAction
from meetings.selectors.day_steps import TheDay

IN_A_CORE_GROUP = (Capacity.PARENT, Capacity.CARER, Capacity.PROFESSIONAL, Capacity.CHILD)


def decided_before(found: TheDay, child: ConferenceChild) -> Decision | None:
    """Return the newest decision of this sitting for another child that starts or leaves a child protection plan."""
    sitting = found.sitting
    rows = [
        row
        for row in found.decisions.values()
        if sitting is not None
        and row.sitting_id == sitting.pk
        and row.conference_child_id != child.pk
        and row.outcome == Outcome.CP_PLAN
    ]
    return max(rows, key=lambda row: (row.decided_at, row.pk), default=None)


def offered_for(found: TheDay, child: ConferenceChild) -> tuple[dict[str, Any], str]:
    """Return what the form for a child's decision shows at first, and the name of the child from whose decision it is.

    The council's visiting frequency, the social worker and everyone here for the child; or, once the chair has decided
    on a child protection plan for another child, that one's key worker and visits, and of its core group those who take
    part for this child too, with those who are here for this child and were not for that one.
    """
    limit = policy_of_conference(found.conference).visit_frequency
    holder = found.conference.family.allocations.filter(ends_on__isnull=True).order_by("-pk").first()
    worker = holder.user_id if holder else None
    here = [
        row.participant.pk
        for row in found.attendees
        if row.is_present and row.concerns(child) and row.participant.capacity in IN_A_CORE_GROUP
    ]
    offered = {
        "visit_every_working_days": limit.amount if limit.unit == "working days" else None,
        "key_worker": worker,
        "cin_worker": worker,
        "core_group": [str(pk) for pk in here],
    }
    before = decided_before(found, child)
    if before is None:
        return offered, ""
    concerned = {row.participant.pk for row in found.attendees if row.concerns(child) and not row.is_left_out}
    new = {row.participant.pk for row in found.attendees if not row.concerns(before.conference_child)}
    members = before.core_group.order_by("pk").values_list("pk", flat=True)
    theirs = {
        "key_worker": before.key_worker_id,
        "visit_every_working_days": before.visit_every_working_days,
        "core_group": [
            str(pk) for pk in dict.fromkeys([*members, *(pk for pk in here if pk in new)]) if pk in concerned
        ],
    }
    return {**offered, **theirs}, short_name_of(before.conference_child.child)


def actions_to_share(child: ConferenceChild, actions: Iterable[OutlineAction]) -> list[OutlineAction]:
    """Return those of a meeting's ``actions_of`` that are for other children alone and could be this child's too.

    Not those that hold somebody's private information: who may read them was settled for their own children.
    """
    return [
        row
        for row in actions
        if row.named_ids and child.pk not in row.named_ids and not row.private_to.all()  # type: ignore[attr-defined]
    ]


def next_undecided(conference: Conference, after: ConferenceChild) -> int | None:
    """Return the id of the next child for whom the chair has yet to decide, in the order of the conference."""
    decided = Decision.objects.filter(conference_child=OuterRef("pk"), superseded_by__isnull=True)
    rows = conference.children.present().exclude(Exists(decided)).exclude(pk=after.pk).order_by("pk")
    waiting = list(rows.values_list("pk", flat=True))
    return next(iter([pk for pk in waiting if pk > after.pk] or waiting), None)
