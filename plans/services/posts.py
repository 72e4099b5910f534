"""Actions of plans that a worker was to carry out in a post they leave."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.models import User
from families.models import FamilyMember, Post
from families.post_work import PostChange, PostItem, PostWork
from govuk import words
from plans.enums import Occasion, Progress, WhyChanged
from plans.models import ActionSharer, PlanAction
from plans.services.document import change_in_plans, words_of
from plans.services.versions import Why


def _items(post: Post, on: datetime.date) -> Sequence[PostItem]:
    rows = list(
        PlanAction.objects.standing()
        .filter(Q(who_post=post) | Q(pk__in=ActionSharer.objects.filter(post=post).values("action")))
        .filter(plan__ends_on__isnull=True)
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


def _give(row_id: int, to: Post, by: User, now: datetime.datetime) -> None:
    """Let ``to`` do what whoever left was to do, in a version of the plan of its own."""
    named = PlanAction.objects.select_related("plan").get(pk=row_id)
    row = named.plan.actions.standing().filter(thread=named.thread).select_related("who_person", "who_post").first()
    if not named.plan.is_open:
        raise ValidationError("This plan has ended.")
    if row is None:
        raise ValidationError("The plan does not say this any longer.")
    said = words_of(row)
    left = next((post for _, post in said.who if post and post.ends_on), row.who_post)
    before = left.person.full_name if left else "Someone"
    who = list(dict.fromkeys((to.person, to) if post == left else (person, post) for person, post in said.who))
    why = Why(
        occasion=Occasion.POST,
        because=WhyChanged.CIRCUMSTANCES,
        reason=f"{before} left the post. {to.person.full_name} took over.",
        by=by,
        now=now,
    )
    change_in_plans(
        row=row,
        plans=[row.plan],
        words=replace(said, who=who),
        why=why,
        seen={row.plan_id: row.pk},
        may_be_incomplete=True,
    )


ACTION_IN_POST = PostWork(key="action", title="Actions of plans", items=_items, leave=_leave, give=_give)
