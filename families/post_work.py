"""What hangs on a worker's post in higher apps: standing invitations, memberships and tasks.

Each app whose models name a post connects its kind of work, and what follows where a post's mailbox changes, in its
``hooks.py``.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from accounts.models import User
from families.models import Post
from govuk.hook import Hook


@dataclass(frozen=True)
class PostItem:
    """One thing that the holder of a post is to do in a case; ``row_id`` is that of the row that says so."""

    family_id: int
    row_id: int
    what: str


@dataclass(frozen=True)
class PostChange:
    """A change of a post: by whom, when, why; ``on`` is the first day on which the holder is no longer there."""

    post: Post
    by: User
    now: datetime.datetime
    because: str
    on: datetime.date


@dataclass(frozen=True)
class PostWork:
    """A kind of work of posts.

    ``items`` takes a post and the day from which its holder is no longer there. ``leave`` takes one row and the
    change: it takes the holder off what stands, so that nothing more reaches them. ``give`` takes one row, the post
    of the successor, the user and the time; it raises ValidationError where that one can't take it.
    """

    key: str
    title: str
    items: Callable[[Post, datetime.date], Sequence[PostItem]]
    leave: Callable[[int, PostChange], None]
    give: Callable[[int, Post, User, datetime.datetime], None]


# The kinds of work, in page order.
post_work: Hook[PostWork] = Hook()
# Called with a change and the mailbox that the post had before, once the new one is written.
mailbox_changed: Hook[Callable[[PostChange, str], None]] = Hook()
# Called with each piece of work, by its kind, that nobody has taken over, to tell those who arrange the case.
left_open: Hook[Callable[[PostChange, str, PostItem], None]] = Hook()


def work_of(post: Post, *, on: datetime.date) -> list[tuple[PostWork, list[PostItem]]]:
    """Return what the holder is to do from ``on``, kind by kind; kinds without any are left out."""
    found = [(kind, list(kind.items(post, on))) for kind in post_work]
    return [(kind, items) for kind, items in found if items]
