"""The plan of a child who is a parent, and the plan of the baby: each stands apart, with people of its own."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from conferences.selectors.children import short_name_of
from conferences.selectors.standing_apart import OwnConference, newest_conferences, pairs_with_others
from families.models import Child
from families.selectors.young_parents import YoungParent
from plans.access import visible_plans
from plans.models import KeyWorker, Plan

OF_THEIR_OWN = {"mother": "her", "father": "his"}


@dataclass(frozen=True)
class StandsApart:
    """A plan or conference that stands apart from this one, and which people both have, who may be in one only."""

    words: str
    url: str
    same: list[str]


def stands_apart(children: Collection[int], user: User, *, on: datetime.date) -> list[StandsApart]:
    """Return what stands apart from these children's plans and conferences, where the user may see both.

    One query where none is a young parent or the baby of one, else a fixed number.
    """
    pairs = pairs_with_others(children, on=on)
    if not pairs:
        return []
    everyone = {pk for pair in pairs for pk in (pair.parent.pk, pair.baby.pk)}
    own = newest_conferences(everyone, user)
    open_plans = visible_plans(user).filter(child__in=everyone, held_elsewhere="", ends_on__isnull=True)
    plans = {plan.child_id: plan for plan in open_plans.order_by("kind", "pk")}
    carried = KeyWorker.objects.filter(plan__in=plans.values(), ends_on__isnull=True).select_related("user", "plan")
    workers = {row.plan.child_id: row.user for row in carried}
    found = []
    for pair in pairs:
        other = pair.other(next(pk for pk in (pair.parent.pk, pair.baby.pk) if pk in children))
        mine = pair.other(other.pk)
        if other.pk in plans or other.pk in own:
            found.append(
                StandsApart(
                    words=_words(pair, other, has_plan=other.pk in plans),
                    url=_url(other, plans, own),
                    same=_same(mine.pk, other.pk, own, workers),
                )
            )
    return found


def _words(pair: YoungParent, other: Child, *, has_plan: bool) -> str:
    what = "a plan" if has_plan else "a conference"
    baby, parent = short_name_of(pair.baby), short_name_of(pair.parent)
    if other == pair.parent:
        whose = f"{baby[:1].upper()}{baby[1:]}’s {pair.word}, {parent}, has"
        return f"{whose} {what} of {OF_THEIR_OWN.get(pair.word, 'their')} own: it stands apart."
    return f"{baby[:1].upper()}{baby[1:]}, whose {pair.word} is {parent}, has {what} too: it stands apart."


def _url(other: Child, plans: dict[int, Plan], own: dict[int, OwnConference]) -> str:
    if other.pk in plans:
        return reverse("plans:plan", args=[plans[other.pk].pk])
    return reverse("conferences:overview", args=[own[other.pk].conference.pk])


def _same(mine: int, other: int, own: dict[int, OwnConference], workers: dict[int, User]) -> list[str]:
    same = []
    if mine in own and other in own and own[mine].conference.pk != own[other].conference.pk:
        chair = own[mine].conference.chair
        if chair is not None and chair.pk == own[other].conference.chair_id:
            same.append(f"Both have the same chair, {chair.name}.")
        same += [
            f"Both have the same advocate, {name}." for _, name in sorted(own[mine].advocates & own[other].advocates)
        ]
    if mine in workers and workers.get(other) == workers[mine]:
        same.append(f"Both have the same key worker, {workers[mine].name}.")
    return same
