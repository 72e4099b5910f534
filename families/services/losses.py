"""A death, or a pregnancy that ended: an act of its own, corrected in the open where it was entered in error."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from families.enums import LossKind, LossQuestion, PregnancyOutcome
from families.events import EventKind, announce_of
from families.models import Child, Loss, LossAnswer, Person, Pregnancy
from families.selectors.losses import HELD, are_held, holding_losses, people_around
from notifications.services.held import hold_messages, let_go


@transaction.atomic
def record_death(*, person: Person, died_on: datetime.date, source: str, by: User, now: datetime.datetime) -> Loss:
    """Record that a person died, at once and whatever else stands.

    In order, in one transaction: writes the death and the date on the person; after a child's, holds what the family
    would be sent; listeners close the child's plan, end what was arranged for the child, tell managers and hold the
    record. Everything about the brothers and sisters goes on. The same date again changes nothing. Raises
    ValidationError keyed by field: a date in the future or before the birth, an unborn child, no word on who says
    so, or another date recorded already.
    """
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    child: Child | None = Child.objects.select_related("person", "pregnancy").filter(person=locked).first()
    standing = Loss.objects.filter(person=locked, withdrawn_at__isnull=True).first()
    if standing is not None:
        if standing.happened_on == died_on:
            return standing
        raise ValidationError("This death is recorded already. Correct that entry first.")
    if child is not None and child.is_unborn:
        raise ValidationError("This child is not born. Record how the pregnancy ended.")
    if died_on > timezone.localdate(now):
        raise ValidationError({"died_on": "A date of death can't be in the future."})
    if locked.birth_date and died_on < locked.birth_date:
        raise ValidationError({"died_on": "The date of death can't be before the date of birth."})
    if not source.strip():
        raise ValidationError({"source": "Say who told you of the death."})
    loss = enter_loss(locked, LossKind.DIED, on=died_on, source=source, by=by, now=now)
    announce_of(EventKind.PERSON_DIED, locked, by, now)
    return loss


def enter_loss(
    person: Person,
    kind: LossKind,
    *,
    on: datetime.date,
    source: str,
    by: User,
    now: datetime.datetime,
    marks_person: bool = True,
) -> Loss:
    """Write a loss of a locked person, and hold unsent messages to the family of a child.

    ``marks_person`` writes the day on the person too: after a death, a stillbirth, or where a pregnancy goes on for
    other children.
    """
    with refused_by_database():
        loss = Loss.objects.create(
            person=person, kind=kind, happened_on=on, source=source.strip(), recorded_at=now, recorded_by=by
        )
    if marks_person:
        person.death_date = on
        person.save(update_fields=["death_date"])
    around = people_around(holding_losses().filter(pk=loss.pk))
    hold_messages(person_ids=list(around.values_list("pk", flat=True)), because=HELD, now=now)
    return loss


@transaction.atomic
def withdraw_loss(*, loss: Loss, because: str, by: User, now: datetime.datetime) -> Loss:
    """Correct a loss that was entered in error; the entry stays, beside who corrected it and why.

    Listeners reopen, without a gap, what the entry closed; what was held for it leaves. A no-op on a corrected entry.
    Raises ValidationError without a reason.
    """
    if not because.strip():
        raise ValidationError({"because": "Say why it was entered in error."})
    locked = Loss.objects.select_for_update(no_key=True, of=("self",)).get(pk=loss.pk)
    if locked.withdrawn_at is not None:
        return locked
    around = set(people_around(holding_losses().filter(pk=locked.pk)).values_list("pk", flat=True))
    locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_because = now, by, because.strip()
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    person = Person.objects.select_for_update(no_key=True).get(pk=locked.person_id)
    person.death_date = None
    person.save(update_fields=["death_date"])
    if locked.kind != LossKind.DIED:
        _expect_again(person)
    announce_of(EventKind.LOSS_WITHDRAWN, person, by, now)
    let_go(person_ids=around - are_held(around), now=now)
    return locked


@transaction.atomic
def let_messages_go(*, loss: Loss, because: str, by: User, now: datetime.datetime) -> Loss:
    """Let messages to the family leave by themselves again; those still held wait to be decided one by one.

    Idempotent. Raises ValidationError without a reason.
    """
    if not because.strip():
        raise ValidationError({"because": "Say why messages may leave again."})
    locked = Loss.objects.select_for_update(no_key=True, of=("self",)).get(pk=loss.pk)
    if locked.messages_from is None:
        locked.messages_from, locked.messages_by, locked.messages_because = now, by, because.strip()
        locked.save(update_fields=["messages_from", "messages_by", "messages_because"])
        person = Person.objects.get(pk=locked.person_id)
        announce_of(EventKind.HELD_SETTLED, person, by, now)
    return locked


@transaction.atomic
def answer_after_loss(
    *, loss: Loss, question: LossQuestion | str, is_yes: bool, note: str, by: User, now: datetime.datetime
) -> LossAnswer:
    """Record a manager's answer to a question asked after a child's death, and announce it.

    The first answer stays. Raises ValidationError without a word on what was found or done.
    """
    if not note.strip():
        raise ValidationError({"note": "Say what was found or done."})
    locked = Loss.objects.select_for_update(no_key=True, of=("self",)).select_related("person").get(pk=loss.pk)
    answer, created = LossAnswer.objects.get_or_create(
        loss=locked,
        question=question,
        defaults={"is_yes": is_yes, "note": note.strip(), "answered_at": now, "answered_by": by},
    )
    if created:
        announce_of(EventKind.LOSS_ANSWERED, locked.person, by, now)
    return answer


def _expect_again(person: Person) -> None:
    """Let a pregnancy go on that was recorded as ended."""
    pregnancy = Pregnancy.objects.select_for_update(no_key=True).get(children__person=person)
    if pregnancy.outcome not in (PregnancyOutcome.EXPECTING, PregnancyOutcome.LIVE_BIRTH):
        pregnancy.outcome, pregnancy.ended_on = PregnancyOutcome.EXPECTING, None
        pregnancy.save(update_fields=["outcome", "ended_on"])
