"""Whose messages wait for a manager, because a child of their family died or a pregnancy ended."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from families.enums import LossKind, LossQuestion
from families.models import Family, FamilyMember, Loss, Person, Relationship
from notifications.enums import MessageKind, MessageState
from notifications.models import Message

HELD = "A child of the family has died, or a pregnancy has ended. A manager decides whether it is sent."
TOLD_LATER = "A child of the family has died, or a pregnancy has ended. A manager decides when they are told."
OWN_ACCOUNT = (MessageKind.CODE, MessageKind.ACCOUNT)


def holding_losses() -> QuerySet[Loss]:
    """Return the losses of children after which messages to the family wait for a manager."""
    return Loss.objects.filter(
        withdrawn_at__isnull=True, messages_from__isnull=True, person__child__isnull=False
    ).exclude(kind=LossKind.NOT_PREGNANT)


def people_around(losses: QuerySet[Loss, Any]) -> QuerySet[Person]:
    """Return the members of the families that lost a child, and whoever is related to the child."""
    lost = losses.order_by().values("person")
    families = FamilyMember.objects.filter(person__in=lost, ends_on__isnull=True).order_by()
    members = FamilyMember.objects.filter(family__in=families.values("family"), ends_on__isnull=True).order_by()
    related = Relationship.objects.filter(child__person__in=lost).order_by()
    return Person.objects.filter(Q(pk__in=members.values("person")) | Q(pk__in=related.values("person"))).order_by("pk")


def people_held() -> QuerySet[Person]:
    """Return those whom a manager decides to tell anything, after the loss of a child of their family."""
    return people_around(holding_losses())


def are_held(person_ids: Collection[int]) -> set[int]:
    """Return those of these people whose messages wait for a manager."""
    around = people_held().filter(pk__in=list(person_ids))
    return set(around.values_list("pk", flat=True))


def reason_to_hold(message: Message) -> str:
    """Return why a message waits for a manager; empty for messages to staff and for codes somebody asked for."""
    if message.person_id is None or message.user_id is not None or message.kind in OWN_ACCOUNT:
        return ""
    return HELD if are_held([message.person_id]) else ""


def standing_losses(family: Family) -> QuerySet[Loss]:
    """Return the losses of children of this family after which its messages are held."""
    members = FamilyMember.objects.filter(family=family, ends_on__isnull=True).order_by()
    return holding_losses().filter(person__in=members.values("person")).select_related("person", "recorded_by")


def messages_around(rows: QuerySet[Message], family: Callable[[int], Any]) -> QuerySet[Message]:
    """Return those of ``rows`` that go to people around a family, about it or about none.

    What is about another family is for that family's manager. ``family`` returns its id, or a reference to it from
    so many subqueries below.
    """
    members = FamilyMember.objects.filter(family=family(2), ends_on__isnull=True).order_by()
    in_related = FamilyMember.objects.filter(family=family(3), ends_on__isnull=True).order_by()
    related = Relationship.objects.filter(child__person__in=in_related.values("person")).order_by()
    around = Q(person_id__in=members.values("person")) | Q(person_id__in=related.values("person"))
    return rows.filter(around, Q(family_id=family(1)) | Q(family_id__isnull=True))


def held_messages(family: Family, *, settled: bool = False) -> QuerySet[Message]:
    """Return the messages to people around this family that wait for a manager, oldest first.

    ``settled`` includes those settled already, for a button pressed twice.
    """
    state = Q(state=MessageState.HELD)
    if settled:
        state |= Q(settled_at__isnull=False)
    rows = messages_around(Message.objects.filter(state), lambda _: family.pk)
    rows = rows.select_related("settled_by").order_by("created_at", "pk")
    to = Person.objects.filter(pk=OuterRef("person_id"))
    return rows.annotate(to_name=Subquery(to.values(name=Concat("given_name", Value(" "), "family_name"))[:1]))


def questions_open(loss: Loss) -> list[LossQuestion]:
    """Return the questions after a child's death that nobody has answered."""
    if loss.kind != LossKind.DIED:
        return []
    answered = set(loss.answers.values_list("question", flat=True))
    about_siblings = {LossQuestion.SIBLINGS_SAFE, LossQuestion.DISCUSSION_NEEDED}
    skipped = set() if has_living_siblings(loss) else about_siblings
    return [question for question in LossQuestion if question not in answered | skipped]


def has_living_siblings(loss: Loss) -> bool:
    """Return whether another child in the family lives, or is to be born."""
    families = FamilyMember.objects.filter(person=loss.person_id, ends_on__isnull=True).order_by()
    others = FamilyMember.objects.filter(family__in=families.values("family"), ends_on__isnull=True)
    return others.filter(person__child__isnull=False, person__death_date__isnull=True).exists()


def reason_to_withhold(message: Message) -> str:
    """Return why a message never leaves: its reader has died, or their record is sealed. Empty for everyone else."""
    if message.person_id is None:
        return ""
    reader = Person.objects.filter(pk=message.person_id).values_list("death_date", "sealed_at").first()
    if reader is None or not any(reader):
        return ""
    return "This person has died." if reader[0] else "The record of this person is sealed."
