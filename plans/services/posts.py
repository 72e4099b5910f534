"""Actions of plans that a worker was to carry out in a post they leave."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError

from accounts.models import User
from families.models import FamilyMember, Post
from families.post_work import PostChange, PostItem, PostWork
from govuk import words
from plans.enums import Progress
from plans.models import PlanAction


def _items(post: Post, on: datetime.date) -> Sequence[PostItem]:
    rows = list(
        PlanAction.objects.filter(who_post=post, superseded_by__isnull=True, plan__ends_on__isnull=True)
        .exclude(progress__in=[Progress.DONE, Progress.GIVEN_UP])
        .select_related("plan__child")
        .order_by("plan", "pk")
    )
    members = FamilyMember.objects.current(on=on).filter(person__in={row.plan.child.person_id for row in rows})
    family_of = dict(members.order_by("-pk").values_list("person_id", "family_id"))
    return [
        PostItem(family_of[row.plan.child.person_id], row.pk, f"Action of a plan{_due(row)}")
        for row in rows
        if row.plan.child.person_id in family_of
    ]


def _due(row: PlanAction) -> str:
    return f", due {words.plain_date(row.by_when)}" if row.by_when else ""


def _leave(row_id: int, change: PostChange) -> None:
    """Leave the action with whoever was to do it: it stands, with their name, until someone takes it over."""


def _give(row_id: int, to: Post, _by: User, _now: datetime.datetime) -> None:
    row = PlanAction.objects.select_for_update(of=("self",)).select_related("plan", "who_person").get(pk=row_id)
    if not row.plan.is_open:
        raise ValidationError("This plan has ended.")
    before = row.who_person.full_name if row.who_person else "Someone"
    row.who_person, row.who_post = to.person, to
    row.change_reason = f"{before} left the post. {to.person.full_name} took over."
    row.version += 1
    row.save(update_fields=["who_person", "who_post", "change_reason", "version"])


ACTION_IN_POST = PostWork(key="action", title="Actions of plans", items=_items, leave=_leave, give=_give)
