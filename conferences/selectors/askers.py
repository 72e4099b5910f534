"""About which children a professional of another agency may ask for a conference: those they work with now."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from accounts.enums import Role
from accounts.models import User
from conferences.access import own_invitations
from conferences.enums import Capacity
from conferences.models import Participant
from conferences.selectors.requests import askable
from families.access import barred_families
from families.models import AgencyInvolvement, Child, FamilyMember, Post
from families.selectors.people import in_order_of_birth
from govuk.hook import Hook

# Ids of children with whom a user works in other ways, each with the id of the post; higher apps connect theirs.
Ties = Callable[[User, datetime.date], Iterable[tuple[int, int | None]]]
children_worked_with: Hook[Ties] = Hook()


def posts_by_child(user: User, *, on: datetime.date) -> dict[int, int]:
    """Return the children whom a professional with an account works with today, each with the id of their post there.

    Known to their agency through them, invited to a conference about, or in a core group for; in a post that they still
    hold. Empty for anyone who is not a professional of another agency. A fixed number of queries.
    """
    if not user.holds(Role.PROFESSIONAL):
        return {}
    held = Post.objects.current(on=on).filter(person__user=user)
    found: dict[int, int] = {}
    known = AgencyInvolvement.objects.current(on=on).filter(post__in=held).order_by("pk")
    invited = own_invitations(user).filter(capacity=Capacity.PROFESSIONAL, children__withdrawn_at__isnull=True)
    pairs = [
        *known.values_list("child", "post"),
        *invited.order_by("pk").values_list("children__child", "post"),
        *(pair for ties in children_worked_with for pair in ties(user, on)),
    ]
    posts = set(held.values_list("pk", flat=True))
    for child_id, post_id in pairs:
        if child_id is not None and post_id in posts:
            found.setdefault(child_id, post_id)
    return found


def children_to_ask_about(user: User, *, on: datetime.date) -> dict[int, tuple[Child, int]]:
    """Return the same children, less those no conference is held about, each with the id of the post.

    Never a child of a family that the user may not open as one of their own people.
    """
    posts = posts_by_child(user, on=on)
    if not posts:
        return {}
    barred = FamilyMember.objects.filter(family__in=barred_families(user)).order_by()
    rows = Child.objects.findable().filter(pk__in=posts, authority__in=user.authority_ids(Role.PROFESSIONAL))
    rows = rows.exclude(person__in=barred.values("person"))
    return {
        row.pk: (row, posts[row.pk])
        for row in askable(in_order_of_birth(rows.select_related("person", "pregnancy")), on=on)
    }


def children_of_invitation(participant: Participant, *, on: datetime.date) -> list[Child]:
    """Return the children for whom a professional without an account was invited, about whom one can ask."""
    own = participant.children.filter(withdrawn_at__isnull=True)
    rows = own if own.exists() else participant.conference.children.filter(withdrawn_at__isnull=True)
    found = Child.objects.findable().filter(pk__in=rows.values("child")).select_related("person", "pregnancy")
    return askable(in_order_of_birth(found), on=on)
