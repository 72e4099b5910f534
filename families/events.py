"""Case events that higher apps act on in the same transaction: a birth, a pregnancy's end, a new worker.

A higher app connects a listener in its ``hooks.py``; services announce an event after their own writes. A
listener that raises rolls back the whole change.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from accounts.models import User
from families.models import Child, FamilyMember, Person
from govuk.hook import Hook


class EventKind(StrEnum):
    CHILD_ADDED = "child added"
    PREGNANCY_RECORDED = "pregnancy recorded"
    EXPECTED_DATE_CHANGED = "expected date changed"
    BORN = "born"
    UNEXPECTED_CHILD_BORN = "unexpected child born"
    PREGNANCY_ENDED = "pregnancy ended without a living child"
    PERSON_DIED = "person died"
    LOSS_WITHDRAWN = "a death or the end of a pregnancy was entered in error"
    LOSS_ANSWERED = "a manager answered after a loss"
    HELD_SETTLED = "a manager settled a held message"
    ADOPTION_RECORDED = "an adoption order was recorded"
    ADOPTION_WITHDRAWN = "an adoption order was entered in error"
    RECORD_SEALED = "a record was sealed"
    RECORD_UNSEALED = "a record was sealed in error"
    CASE_ALLOCATED = "case allocated"
    CONTACT_RISK_CHANGED = "contact risk changed"
    WHEREABOUTS_CHANGED = "whereabouts changed"


@dataclass(frozen=True)
class CaseEvent:
    kind: EventKind
    family_ids: tuple[int, ...]
    by: User
    now: datetime.datetime
    child_ids: tuple[int, ...] = ()
    person_ids: tuple[int, ...] = ()


Listener = Callable[[CaseEvent], None]
# Called with every event, inside the transaction that caused it.
case_changed: Hook[Listener] = Hook()


def announce(event: CaseEvent) -> None:
    """Call the listeners, in the order in which they were connected."""
    for listener in case_changed:
        listener(event)


def announce_of(kind: EventKind, person: Person, by: User, now: datetime.datetime) -> None:
    """Announce an event about one person: to their current families, as the child they are, if they are one."""
    members = FamilyMember.objects.filter(person=person, ends_on__isnull=True).order_by("family")
    children = Child.objects.filter(person=person).values_list("pk", flat=True)
    announce(
        CaseEvent(
            kind,
            tuple(members.values_list("family_id", flat=True)),
            by,
            now,
            child_ids=tuple(children),
            person_ids=(person.pk,),
        )
    )
