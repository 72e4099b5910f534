"""How each person on the list can be told, and what became of the message to them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from accounts.guests.mailboxes import normalized
from conferences.models import Conference, Participant
from families.enums import ContactKind
from families.models import ContactPoint
from notifications.enums import TAG_COLOURS, MessageState
from notifications.models import Message


class Reach(models.TextChoices):
    """The ways in which a person can be told, or why they can't be."""

    BY_MAIL = "by_mail", "By e-mail"
    ANOTHER_WAY = "another_way", "Another way"
    NO_ADDRESS = "no_address", "No e-mail address"
    NOT_SAFE = "not_safe", "Not marked safe"
    ENDED = "ended", "E-mail address has ended"

    @property
    def is_open(self) -> bool:
        return self in (Reach.BY_MAIL, Reach.ANOTHER_WAY)


# Why we withdrew a message ourselves, so that there is nothing in it that anyone has to be told.
REPLACED = "A newer version replaces it."
MOVED_BACK = "The conference was moved back before this left."
WITHHELD = {Reach.NOT_SAFE: "This e-mail address is not marked safe.", Reach.ENDED: "This e-mail address has ended."}
REFUSED = {
    Reach.NO_ADDRESS: "{name} has no e-mail address. Enter one, or say how they are told instead.",
    Reach.NOT_SAFE: (
        "The e-mail address of {name} is not marked safe. Say how you know that it is, or how they are told instead."
    ),
    Reach.ENDED: "The e-mail address of {name} has ended. Enter another one, or say how they are told instead.",
}


def reach_of(participants: Iterable[Participant], *, on: datetime.date) -> dict[int, Reach]:
    """Return by participant id how each can be told. One query.

    An address recorded as the person's own counts while it is current and marked safe. One that is typed on the
    list for a member of the family, and recorded nowhere, is not safe by being typed; a professional's is the one
    of their post. Without an address on the list, one that is recorded but not marked safe is told apart from none.
    """
    rows = list(participants)
    points: dict[int, list[ContactPoint]] = defaultdict(list)
    for point in ContactPoint.objects.filter(person__in={row.person_id for row in rows}, kind=ContactKind.EMAIL):
        points[point.person_id].append(point)
    return {row.pk: _reach(row, row.email, row.invited_how, points[row.person_id], on=on) for row in rows}


def reach_at(participant: Participant, email: str, invited_how: str, *, on: datetime.date) -> Reach:
    """Return how one participant could be told at another address, or in another way."""
    points = list(ContactPoint.objects.filter(person=participant.person_id, kind=ContactKind.EMAIL))
    return _reach(participant, email, invited_how, points, on=on)


def _reach(row: Participant, email: str, invited_how: str, points: list[ContactPoint], *, on: datetime.date) -> Reach:
    if not email:
        if invited_how:
            return Reach.ANOTHER_WAY
        recorded = [point.is_safe for point in points if point.is_current(on)]
        return Reach.NOT_SAFE if recorded and not any(recorded) else Reach.NO_ADDRESS
    known = [point for point in points if normalized(point.value) == normalized(email)]
    current = [point for point in known if point.is_current(on)]
    if any(point.is_safe for point in current) or not (known or row.is_family):
        return Reach.BY_MAIL
    return Reach.NOT_SAFE if current or not known else Reach.ENDED


def address_to_mark(participant: Participant, *, on: datetime.date) -> str:
    """Return the address that could be marked safe: the one on the list, else the newest recorded one."""
    if participant.email:
        return participant.email
    rows = ContactPoint.objects.current(on=on).filter(
        person=participant.person_id, kind=ContactKind.EMAIL, confidential=False
    )
    newest = rows.order_by("-pk").first()
    return newest.value if newest else ""


@dataclass(frozen=True)
class Delivery:
    """What became of the newest message to one participant."""

    message: Message

    @property
    def words(self) -> str:
        return "Not sent" if self.was_not_sent else str(self.message.get_state_display())

    @property
    def why(self) -> str:
        if self.message.state == MessageState.WITHDRAWN:
            return str(self.message.withdrawn_because)
        return str(self.message.failure) if self.message.state == MessageState.FAILED else ""

    @property
    def colour(self) -> str:
        return "red" if self.was_not_sent else TAG_COLOURS[MessageState(self.message.state)]

    @property
    def was_not_sent(self) -> bool:
        return self.message.state in (MessageState.WITHDRAWN, MessageState.FAILED)


def deliveries_of(conference: Conference) -> dict[int, Delivery]:
    """Return by participant id what became of the newest message to each that still says anything. One query."""
    rows = (
        Message.objects.filter(conference_id=conference.pk, key__regex=r"^invitation:[0-9]+:")
        .exclude(withdrawn_because=MOVED_BACK)
        .order_by("pk")
    )
    shown = rows.only("key", "state", "sent_at", "failure", "withdrawn_because")
    return {int(row.key.split(":")[1]): Delivery(row) for row in shown}
