"""What workers who left a post were still to do, for the pages of the post and of the case."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.access import user_of
from accounts.models import User
from families.access import may_change_family, visible_families
from families.models import Family, Post, WorkOfPost
from families.panels import NextStep
from families.post_work import PostItem, PostWork, post_work, work_of


@dataclass(frozen=True)
class ShownWork:
    """What a post is to do, as far as the reader may open the cases; ``others`` counts the rest."""

    kinds: Sequence[tuple[PostWork, Sequence[tuple[Family, PostItem]]]]
    others: int

    @property
    def count(self) -> int:
        return sum(len(rows) for _, rows in self.kinds) + self.others


def work_shown(post: Post, user: User, *, on: datetime.date) -> ShownWork:
    """Return what the holder of a post is to do from ``on``, case by case."""
    found = work_of(post, on=on)
    ids = {item.family_id for _, items in found for item in items}
    families = {family.pk: family for family in visible_families(user).filter(pk__in=ids)}
    kinds = [
        (kind, [(families[item.family_id], item) for item in items if item.family_id in families])
        for kind, items in found
    ]
    others = sum(item.family_id not in families for _, items in found for item in items)
    return ShownWork([(kind, rows) for kind, rows in kinds if rows], others)


def open_work(family: Family) -> QuerySet[WorkOfPost]:
    """Return what nobody has taken over yet in a case."""
    rows = WorkOfPost.objects.filter(family=family, settled_at__isnull=True)
    return rows.select_related("post__person", "post__agency").order_by("left_at", "pk")


def kind_of(work: WorkOfPost) -> str:
    """Return what the kind of a piece of work is called."""
    return next((kind.title for kind in post_work if kind.key == work.kind), "")


def take_over_panel(request: HttpRequest, family: Family) -> tuple[str, dict[str, Any]] | None:
    """Return the list of what nobody has taken over, for those who may say who does."""
    if not may_change_family(user_of(request), family):
        return None
    rows = list(open_work(family))
    return ("families/take_over_panel.html", {"work_left": rows}) if rows else None


def take_over_step(request: HttpRequest, family: Family) -> NextStep | None:
    """Return the step to say who takes over from a worker who left."""
    first = open_work(family).first()
    if first is None or family.closed_on is not None or not may_change_family(user_of(request), family):
        return None
    return NextStep(
        title=f"Say who takes over from {first.post.person.full_name}",
        detail=f"{first.post.title}, who leaves the post. Waiting: {first.what}.",
        url=reverse("families:take-over", args=[family.pk, first.pk]),
        button="Say who takes over",
    )


@dataclass(frozen=True)
class PostVersion:
    """One version of a post: what it said, since when, who wrote it and why."""

    at: datetime.datetime
    who: str
    said: str
    why: str


def versions_of_post(post: Post) -> list[PostVersion]:
    """Return each version of a post, the newest first. Two queries."""
    rows = list(post.events.select_related("pgh_context", "agency").order_by("-pgh_created_at", "-pgh_id"))  # type: ignore[attr-defined]
    ids = {int(_user(row)) for row in rows if _user(row)}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        PostVersion(
            at=row.pgh_created_at,
            who=names.get(int(_user(row)), "") if _user(row) else "",
            said=", ".join(filter(None, (row.title, row.agency.name, row.email, row.phone))),
            why=row.ended_because or row.changed_because,
        )
        for row in rows
    ]


def _user(row: Any) -> str:
    return str((row.pgh_context.metadata if row.pgh_context else {}).get("user") or "")
