"""Mailboxes with two readers, through which one's time, place or link could reach the other."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower, Trim

from accounts.guests.mailboxes import mailbox_of, normalized
from accounts.models import User
from conferences.enums import ParticipantStatus
from conferences.models import Conference, Participant
from families.enums import ContactKind
from families.models import ContactPoint, FamilyMember, Post

ALREADY_OUT = (ParticipantStatus.LEFT_OUT, ParticipantStatus.KEPT_OUT, ParticipantStatus.WITHDRAWN)

Readers = dict[str, dict[int, str]]


def sharers(
    conference: Conference, rows: Iterable[tuple[Participant, str]], *, on: datetime.date
) -> dict[int, list[str]]:
    """Return, by participant id, the names of others who read, or may read, the mailbox meant for them.

    Others in the conference, a family member's current e-mail contact, another person's post in the council's
    directory, a council account. ``rows`` are participants with the intended address, which takes precedence
    over the recorded one. A fixed number of queries.
    """
    wanted = [(row, address) for row, address in rows if address.strip()]
    if not wanted:
        return {}
    readers = _readers(conference, wanted, on=on)
    found = {}
    for row, address in wanted:
        others = {
            person_id: name for person_id, name in readers[mailbox_of(address)].items() if person_id != row.person_id
        }
        if others:
            found[row.pk] = list(dict.fromkeys(others.values()))
    return found


def given_up(*, on: Any) -> Q:
    """Match participants with ``mailbox`` (lower case) that is their own but no longer to be used.

    It is recorded as an e-mail contact of theirs, and none of these is current and safe: it ended, or has since
    been reported as read by someone else.
    """
    own = {"person": OuterRef("person"), "kind": ContactKind.EMAIL, "box": OuterRef("mailbox")}
    known = ContactPoint.objects.annotate(box=Lower(Trim("value"))).filter(**own)
    good = ContactPoint.objects.current(on=on).annotate(box=Lower(Trim("value"))).filter(**own, is_safe=True)
    return Q(Exists(known)) & ~Q(Exists(good))


def is_given_up(participant: Participant, *, on: datetime.date) -> bool:
    """Return the same for one participant."""
    rows = Participant.objects.annotate(mailbox=Lower(Trim("email"))).filter(pk=participant.pk)
    return rows.filter(given_up(on=on)).exists()


def _readers(conference: Conference, wanted: list[tuple[Participant, str]], *, on: datetime.date) -> Readers:
    readers: Readers = defaultdict(dict)
    changed = {row.pk for row, _ in wanted}
    listed = list(conference.participants.exclude(status__in=ALREADY_OUT).select_related("person"))
    for row in listed:
        if row.pk not in changed and row.email:
            readers[mailbox_of(row.email)].setdefault(row.person_id, row.person.full_name)
    for row, address in wanted:
        readers[mailbox_of(address)].setdefault(row.person_id, row.person.full_name)
    circle = {row.person_id for row in listed} | _family_of(conference, on=on)
    for point in _contacts(circle, on=on):
        readers[mailbox_of(point.value)].setdefault(point.person_id, point.person.full_name)
    addresses = {normalized(address) for _, address in wanted}
    for post in _posts(conference, addresses, on=on):
        readers[mailbox_of(post.email)].setdefault(post.person_id, post.person.full_name)
    for user in _accounts(addresses):
        person = getattr(user, "person", None)
        readers[mailbox_of(user.email)].setdefault(person.pk if person else -user.pk, user.name)
    return readers


def _family_of(conference: Conference, *, on: datetime.date) -> set[int]:
    children = conference.children.present().values("child__person")
    families = FamilyMember.objects.current(on=on).filter(Q(family=conference.family_id) | Q(person__in=children))
    members = FamilyMember.objects.current(on=on).filter(family__in=families.values("family"))
    return set(members.values_list("person_id", flat=True))


def _contacts(circle: Collection[int], *, on: datetime.date) -> Iterable[ContactPoint]:
    rows: Iterable[ContactPoint] = (
        ContactPoint.objects.current(on=on)
        .filter(person__in=circle, kind=ContactKind.EMAIL, person__merged_into__isnull=True)
        .select_related("person")
        .order_by("pk")
    )
    return rows


def _posts(conference: Conference, addresses: Collection[str], *, on: datetime.date) -> Iterable[Post]:
    rows: Iterable[Post] = (
        Post.objects.current(on=on)
        .annotate(mailbox=Lower("email"))
        .filter(agency__authority=conference.authority_id, mailbox__in=addresses)
        .select_related("person")
        .order_by("pk")
    )
    return rows


def _accounts(addresses: Collection[str]) -> Iterable[User]:
    return User.objects.filter(email__in=addresses).select_related("person").order_by("pk")


def refusal(name: str, others: list[str]) -> str:
    """Return the message for the person arranging it: both people, and what to do."""
    return (
        f"{name} and {' and '.join(others)} have the same e-mail address. Each person needs their own "
        "address, or must be told another way."
    )
