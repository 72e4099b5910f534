from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from families.enums import Disability, PrimaryNeed, ReferralSource
from families.events import CaseEvent, EventKind, announce
from families.models import Child, Family, Person, Pregnancy, Referral
from families.models.persons import ADULT_FROM
from families.services.cases import lock_family
from families.services.numbers import lock_authority, next_child_id
from families.services.people import PersonFacts, apply_facts, join_family


@dataclass(frozen=True, kw_only=True)
class ReferralFacts:
    """The episode of need that the yearly census counts."""

    referred_on: datetime.date
    source: ReferralSource | str = ReferralSource.S10
    primary_need: PrimaryNeed | str = PrimaryNeed.N0


@transaction.atomic
def add_child(
    *,
    family: Family,
    facts: PersonFacts,
    by: User,
    now: datetime.datetime,
    upn: str = "",
    disabilities: Sequence[Disability | str] = (),
    council_child_id: str = "",
    previous_plans_elsewhere: int = 0,
    referral: ReferralFacts | None = None,
    form_key: uuid.UUID | None = None,
) -> Child:
    """Add a born child to a family.

    In order: records the person, the child with the given reference or the next of the authority's series, the
    membership and the referral; announces the child. Returns the child already created with the same
    ``form_key``. Raises ValidationError keyed by field: no date of birth, 18 or over, an invalid UPN or NHS
    number, a reference already in use.
    """
    family = lock_family(family)
    today = timezone.localtime(now).date()
    if form_key and (made := Child.objects.filter(person__form_key=form_key, authority=family.authority_id).first()):
        return made
    if facts.birth_date is None:
        raise ValidationError(
            {
                "birth_date": "Enter a date of birth, or an estimate if you don't know it. For an "
                "unborn baby, record a pregnancy."
            }
        )
    person = apply_facts(Person(authority=family.authority, form_key=form_key), facts, today=today)
    if person.turned(ADULT_FROM, today):
        raise ValidationError({"birth_date": "This person is 18 or over. Add them as an adult instead."})
    person.save()
    child = make_child(
        family,
        person,
        upn=upn,
        disabilities=disabilities,
        reference=council_child_id,
        previous=previous_plans_elsewhere,
    )
    join_family(family, person)
    if referral is not None:
        refer(child, referral)
    announce(CaseEvent(EventKind.CHILD_ADDED, (family.pk,), by, now, child_ids=(child.pk,)))
    return child


def make_child(
    family: Family,
    person: Person,
    *,
    upn: str = "",
    disabilities: Sequence[Disability | str] = (),
    reference: str = "",
    previous: int = 0,
    pregnancy: Pregnancy | None = None,
    born_order: int | None = None,
) -> Child:
    """Create the child of a person in a family. The caller holds the family's lock and has checked the facts."""
    authority = lock_authority(family.authority_id)
    child = Child(
        person=person,
        authority=authority,
        council_child_id=reference.strip() or next_child_id(authority),
        upn=upn.strip().upper(),
        disabilities=_clean_disabilities(disabilities),
        pregnancy=pregnancy,
        born_order=born_order,
        previous_plans_elsewhere=previous,
    )
    child.full_clean()
    child.save()
    return child


def _clean_disabilities(disabilities: Sequence[Disability | str]) -> list[str]:
    chosen = [str(code) for code in disabilities]
    if Disability.NONE in chosen and len(chosen) > 1:
        raise ValidationError({"disabilities": "Choose either “No disability” or the disabilities, not both."})
    return chosen


def refer(child: Child, referral: ReferralFacts) -> Referral:
    """Record the referral with which a child became known. Raises ValidationError on its fields."""
    row = Referral(
        child=child,
        referred_on=referral.referred_on,
        referral_source=referral.source,
        primary_need=referral.primary_need,
    )
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def change_child(
    *,
    child: Child,
    by: User,
    upn: str,
    disabilities: Sequence[Disability | str],
    previous_plans_elsewhere: int | None = None,
) -> Child:
    """Change the facts specific to a child; change_person covers the person's own."""
    locked = Child.objects.select_for_update(no_key=True).get(pk=child.pk)
    locked.upn = upn.strip().upper()
    locked.disabilities = _clean_disabilities(disabilities)
    if previous_plans_elsewhere is not None:
        locked.previous_plans_elsewhere = previous_plans_elsewhere
    locked.full_clean()
    locked.save()
    return locked
