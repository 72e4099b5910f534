"""An adoption: an act of its own, which seals the record and closes no open plan by itself."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from families.enums import AdoptedBy
from families.events import EventKind, announce_of
from families.models import Adoption, Child, Person
from families.sealing import why_not_sealed
from families.services.people import seal_person

ORDER_MADE = "An adoption order was made."


@transaction.atomic
def record_adoption(
    *,
    person: Person,
    adopted_by: AdoptedBy | str,
    ordered_on: datetime.date,
    court: str,
    source: str,
    may_see: Sequence[User],
    by: User,
    now: datetime.datetime,
) -> Adoption:
    """Record that a court made an adoption order about a child.

    In order, in one transaction: writes the order and who may still see it; where adopters outside the family adopt
    and nothing open stands in the way, seals the record at once (``seal_adopted``). An open plan is not closed by it:
    it ends on its own lawful ground, and the record is sealed then. Adopted by a step-parent or a relative, the child
    stays in its home, and the record is sealed only by a decision of its own. The same order again changes nothing.
    Raises ValidationError by field: no child, a child who died or is not born, a day in the future or before the
    birth, no court, no word on who says so; another order recorded already.
    """
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    child: Child | None = Child.objects.select_related("person", "pregnancy").filter(person=locked).first()
    standing = Adoption.objects.filter(person=locked, withdrawn_at__isnull=True).first()
    if standing is not None:
        if (standing.ordered_on, standing.adopted_by, standing.court) == (ordered_on, adopted_by, court.strip()):
            return standing
        raise ValidationError("An adoption is recorded already. Correct that entry first.")
    if child is None or child.is_unborn or locked.death_date is not None:
        raise ValidationError("An adoption is recorded for a child who lives.")
    faults: dict[str, str] = {}
    if adopted_by not in AdoptedBy.values:
        faults["adopted_by"] = "Choose who adopts the child"
    if ordered_on > timezone.localdate(now):
        faults["ordered_on"] = "The date of the order can’t be in the future"
    elif locked.birth_date and ordered_on < locked.birth_date:
        faults["ordered_on"] = "The order can’t be older than the child"
    if not court.strip():
        faults["court"] = "Enter the court and its reference"
    if not source.strip():
        faults["source"] = "Say who told you of the order"
    if faults:
        raise ValidationError(faults)
    with refused_by_database():
        adoption = Adoption.objects.create(
            person=locked,
            adopted_by=adopted_by,
            ordered_on=ordered_on,
            court=court.strip(),
            source=source.strip(),
            recorded_by=by,
            recorded_at=now,
        )
    adoption.may_see.set({user.pk for user in (*may_see, by)})
    if adopted_by == AdoptedBy.OTHERS and not why_not_sealed(child):
        return seal_adopted(adoption=adoption, because=ORDER_MADE, by=by, now=now)
    announce_of(EventKind.ADOPTION_RECORDED, locked, by, now)
    return adoption


@transaction.atomic
def seal_adopted(*, adoption: Adoption, because: str, by: User, now: datetime.datetime) -> Adoption:
    """Seal the record of an adopted child: from now on no page, list, search or paper names the child.

    Listeners take the child out of what is arranged, stop what was about to leave, and end the child's clocks; what
    was counted before stays counted, without a name. Idempotent. Raises ValidationError without a reason, and while
    something open stands in the way.
    """
    locked = Adoption.objects.select_for_update(no_key=True, of=("self",)).select_related("person").get(pk=adoption.pk)
    if locked.sealed_at is not None:
        return locked
    if locked.withdrawn_at is not None:
        raise ValidationError("This adoption was entered in error. Nothing was changed.")
    if not because.strip():
        raise ValidationError({"because": "Say why the record is sealed."})
    child = Child.objects.select_related("person", "pregnancy").get(person=locked.person_id)
    if found := why_not_sealed(child):
        raise ValidationError(found)
    locked.sealed_at, locked.sealed_by, locked.sealed_because = now, by, because.strip()
    locked.save(update_fields=["sealed_at", "sealed_by", "sealed_because"])
    person = seal_person(person=locked.person, because=because, by=by, now=now)
    announce_of(EventKind.RECORD_SEALED, person, by, now)
    return locked


@transaction.atomic
def withdraw_adoption(*, adoption: Adoption, because: str, by: User, now: datetime.datetime) -> Adoption:
    """Correct an adoption that was entered in error; the entry stays, beside who corrected it and why.

    A record sealed for it opens again, and the meetings that are not over are about the child again. A no-op on a
    corrected entry. Raises ValidationError without a reason.
    """
    if not because.strip():
        raise ValidationError({"because": "Say why it was entered in error."})
    locked = Adoption.objects.select_for_update(no_key=True, of=("self",)).get(pk=adoption.pk)
    if locked.withdrawn_at is not None:
        return locked
    locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_because = now, by, because.strip()
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    person = Person.objects.select_for_update(no_key=True).get(pk=locked.person_id)
    if locked.sealed_at is not None:
        person.sealed_at, person.sealed_by, person.sealed_because = None, None, ""
        person.save(update_fields=["sealed_at", "sealed_by", "sealed_because"])
        announce_of(EventKind.RECORD_UNSEALED, person, by, now)
    announce_of(EventKind.ADOPTION_WITHDRAWN, person, by, now)
    return locked
