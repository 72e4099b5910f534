"""A pregnancy from its entry to the birth, or to an end without a living child."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from families.enums import LossKind, PregnancyOutcome, RelationshipKind, ResponsibilitySource, ResponsibilityStatus, Sex
from families.events import CaseEvent, EventKind, announce
from families.models import Child, ExpectedDate, Family, FamilyMember, Loss, Person, Pregnancy
from families.services.births import Birth, already_made, told_apart
from families.services.cases import lock_family
from families.services.children import ReferralFacts, make_child, refer
from families.services.losses import enter_loss
from families.services.people import PersonFacts, TieFacts, apply_facts, join_family, record_tie

# An expected date further than this from today is taken for a typing error.
LONG_PAST = datetime.timedelta(weeks=4)
FAR_AHEAD = datetime.timedelta(weeks=42)
MOST_AT_ONCE = 6


def check_expected_date(expected_on: datetime.date, *, today: datetime.date) -> None:
    """Raise ValidationError where the date can't belong to a pregnancy under way today."""
    if expected_on < today - LONG_PAST:
        raise ValidationError(
            {
                "expected_on": "This date has long passed. Check the year, or record the birth or "
                "how the pregnancy ended."
            }
        )
    if expected_on > today + FAR_AHEAD:
        raise ValidationError({"expected_on": "This date is too far ahead for a pregnancy. Check the year."})


@transaction.atomic
def add_pregnancy(
    *,
    family: Family,
    mother: Person,
    expected_on: datetime.date,
    by: User,
    now: datetime.datetime,
    number_expected: int = 1,
    source: str = "",
    referral: ReferralFacts | None = None,
) -> Pregnancy:
    """Record a pregnancy and one unborn child for each baby expected.

    In order: records the pregnancy and its first expected date; for each baby a person without a first name, a
    child with its reference, the membership and the mother's relationship; announces it. The mother, who may
    herself be a child, becomes a member. Returns the existing row for the same pregnancy. Raises
    ValidationError keyed by field: an impossible date, or another pregnancy under way.
    """
    family = lock_family(family)
    today = timezone.localtime(now).date()
    check_expected_date(expected_on, today=today)
    if not 1 <= number_expected <= MOST_AT_ONCE:
        raise ValidationError({"number_expected": f"Enter how many babies are expected, from 1 to {MOST_AT_ONCE}."})
    mother = Person.objects.select_for_update(no_key=True).get(pk=mother.pk)
    going_on = Pregnancy.objects.filter(mother=mother, outcome=PregnancyOutcome.EXPECTING).first()
    if going_on is not None:
        if going_on.expected_on == expected_on:
            return going_on
        raise ValidationError(
            {"mother": "A pregnancy is already recorded for her. Change its expected date or record the birth first."}
        )
    pregnancy = Pregnancy(
        authority=family.authority, mother=mother, expected_on=expected_on, number_expected=number_expected
    )
    pregnancy.full_clean()
    pregnancy.save()
    ExpectedDate.objects.create(
        pregnancy=pregnancy, expected_on=expected_on, source=source.strip(), recorded_at=now, recorded_by=by
    )
    join_family(family, mother)
    children = [
        add_unborn_child(family=family, pregnancy=pregnancy, by=by, now=now, place=place, referral=referral)
        for place in range(1, number_expected + 1)
    ]
    announce(
        CaseEvent(
            EventKind.PREGNANCY_RECORDED,
            (family.pk,),
            by,
            now,
            child_ids=tuple(child.pk for child in children),
            person_ids=(mother.pk,),
        )
    )
    return pregnancy


@transaction.atomic
def add_unborn_child(
    *,
    family: Family,
    pregnancy: Pregnancy,
    by: User,
    now: datetime.datetime,
    place: int = 1,
    referral: ReferralFacts | None = None,
) -> Child:
    """Add one unborn child of a pregnancy, or return the existing one at the same ``place``."""
    made = Child.objects.filter(pregnancy=pregnancy, born_order=place).first()
    if made is not None:
        return made
    mother = pregnancy.mother
    called = f"Unborn baby {mother.family_name or mother.short_name}"
    if pregnancy.number_expected > 1:
        called = f"{called} ({place} of {pregnancy.number_expected})"
    person = Person(
        authority=family.authority, family_name=mother.family_name, unnamed_as=called[:100], sex=Sex.UNKNOWN
    )
    person.full_clean()
    person.save()
    child = make_child(family, person, pregnancy=pregnancy, born_order=place)
    join_family(family, person)
    record_tie(
        person=mother,
        tie=TieFacts(child=child, kind=RelationshipKind.MOTHER),
        by=by,
        today=timezone.localtime(now).date(),
    )
    if referral is not None:
        refer(child, referral)
    return child


@transaction.atomic
def change_expected_date(
    *, pregnancy: Pregnancy, expected_on: datetime.date, source: str, by: User, now: datetime.datetime
) -> Pregnancy:
    """Record a new expected date; earlier ones stay in the history.

    The same date again changes nothing. Announces the change. Raises ValidationError for an impossible date, or
    a pregnancy that has ended.
    """
    locked = Pregnancy.objects.select_for_update(no_key=True).get(pk=pregnancy.pk)
    if locked.outcome != PregnancyOutcome.EXPECTING:
        raise ValidationError("This pregnancy has ended. Its expected date stays as it was.")
    if locked.expected_on == expected_on:
        return locked
    check_expected_date(expected_on, today=timezone.localtime(now).date())
    locked.expected_on = expected_on
    locked.save(update_fields=["expected_on"])
    ExpectedDate.objects.create(
        pregnancy=locked, expected_on=expected_on, source=source.strip(), recorded_at=now, recorded_by=by
    )
    _announce_pregnancy(EventKind.EXPECTED_DATE_CHANGED, locked, by, now)
    return locked


@transaction.atomic
def record_birth(*, pregnancy: Pregnancy, births: Sequence[Birth], by: User, now: datetime.datetime) -> list[Child]:
    """Record a birth: each unborn child stays the same child, with its reference, plans and history.

    In order, for each baby: an expected one gets its names, sex and date of birth; an unexpected one becomes a
    new child (with no plan: that is for the chair) in its siblings' families; the mother has parental
    responsibility from birth. When no expected baby is left, the pregnancy ends as a live birth. Announces
    each, unexpected babies separately. A baby already recorded stays unchanged. Raises ValidationError keyed by
    field: no date of birth, or an impossible one.
    """
    locked = Pregnancy.objects.select_for_update(no_key=True).select_related("mother").get(pk=pregnancy.pk)
    if locked.outcome not in {PregnancyOutcome.EXPECTING, PregnancyOutcome.LIVE_BIRTH}:
        raise ValidationError("This pregnancy is recorded as ended without a living child.")
    today = timezone.localtime(now).date()
    born: list[Child] = []
    places = _places(locked, births)
    for birth, place in zip(told_apart(locked, births, places), places, strict=True):
        if birth.facts.birth_date is None:
            raise ValidationError({"birth_date": "Enter the date of birth."})
        if birth.child is None:
            born.append(_unexpected(locked, birth, births, place, by=by, now=now))
            continue
        child = Child.objects.select_related("person").get(pk=birth.child.pk, pregnancy=locked)
        if child.person.birth_date is None:
            _be_born(child, birth.facts, locked, by=by, today=today)
            families = _families_of([child])
            announce(CaseEvent(EventKind.BORN, families, by, now, child_ids=(child.pk,), person_ids=(child.person_id,)))
        born.append(child)
    if not Child.objects.filter(
        pregnancy=locked, person__birth_date__isnull=True, person__death_date__isnull=True
    ).exists():
        locked.outcome = PregnancyOutcome.LIVE_BIRTH
        locked.ended_on = min(child.person.birth_date for child in born if child.person.birth_date)
        locked.save(update_fields=["outcome", "ended_on"])
    return born


def _places(pregnancy: Pregnancy, births: Sequence[Birth]) -> list[int]:
    """Return each baby's place among those of the pregnancy; unexpected ones come after all that were expected."""
    rows = list(Child.objects.filter(pregnancy=pregnancy).order_by("born_order", "pk"))
    order = {row.pk: row.born_order or place for place, row in enumerate(rows, start=1)}
    highest = max([pregnancy.number_expected, len(rows), *order.values()])
    found = []
    for birth in births:
        made = birth.child or already_made(pregnancy, birth)
        highest += made is None
        found.append(order.get(made.pk, highest) if made else highest)
    return found


def _be_born(child: Child, facts: PersonFacts, pregnancy: Pregnancy, *, by: User, today: datetime.date) -> None:
    person = Person.objects.select_for_update(no_key=True).get(pk=child.person_id)
    child.person = apply_facts(person, facts, today=today)
    person.save()
    child.pregnancy = pregnancy
    tie = TieFacts(
        child=child,
        kind=RelationshipKind.MOTHER,
        responsibility=ResponsibilityStatus.HELD,
        basis=ResponsibilitySource.BIRTH,
    )
    record_tie(person=pregnancy.mother, tie=tie, by=by, today=today, since=facts.birth_date)


def _unexpected(
    pregnancy: Pregnancy, birth: Birth, births: Sequence[Birth], place: int, *, by: User, now: datetime.datetime
) -> Child:
    today = timezone.localtime(now).date()
    made = already_made(pregnancy, birth)
    if made is not None:
        return made
    siblings = [other.child for other in births if other.child] or list(Child.objects.filter(pregnancy=pregnancy))
    families = list(Family.objects.filter(pk__in=_families_of(siblings)).order_by("pk"))
    if not families:
        raise ValidationError("This pregnancy does not belong to a family.")
    person = apply_facts(Person(authority=pregnancy.authority), birth.facts, today=today)
    person.save()
    child = make_child(families[0], person, pregnancy=pregnancy, born_order=place)
    for family in families:
        join_family(family, person, starts_on=birth.facts.birth_date)
    _be_born(child, birth.facts, pregnancy, by=by, today=today)
    announce(
        CaseEvent(
            EventKind.UNEXPECTED_CHILD_BORN,
            tuple(family.pk for family in families),
            by,
            now,
            child_ids=(child.pk,),
            person_ids=(person.pk,),
        )
    )
    return child


@transaction.atomic
def end_pregnancy(
    *,
    pregnancy: Pregnancy,
    outcome: PregnancyOutcome | str,
    ended_on: datetime.date,
    by: User,
    now: datetime.datetime,
    children: Sequence[Child] | None = None,
    source: str = "",
) -> Pregnancy:
    """Record that a pregnancy ended without a living child, or never was; with ``children``, for these alone.

    In order: writes the loss of each child, with that day as date of death after a stillbirth, and where others
    live; where no unborn child is left, the outcome and date of the pregnancy; listeners close the children's plans
    and stop what would still reach the family. Idempotent. Raises ValidationError for an outcome that is a birth, a
    day in the future, and where a baby was born alive and no child is named.
    """
    locked = Pregnancy.objects.select_for_update(no_key=True).get(pk=pregnancy.pk)
    if outcome in {PregnancyOutcome.EXPECTING, PregnancyOutcome.LIVE_BIRTH}:
        raise ValidationError({"outcome": "Choose how the pregnancy ended. Record a birth on its own page."})
    if ended_on > timezone.localdate(now):
        raise ValidationError({"ended_on": "This day is in the future. Record the end once it has come."})
    if locked.outcome == outcome and locked.ended_on == ended_on:
        return locked
    every = list(Child.objects.filter(pregnancy=locked).select_related("person").order_by("pk"))
    born = [child.person.birth_date for child in every if child.person.birth_date]
    if born and children is None:
        raise ValidationError("A baby from this pregnancy is recorded as born.")
    unborn = [child for child in every if child.person.birth_date is None and not _is_lost(child)]
    named = {child.pk for child in unborn if children is None or child in children}
    lost = [child for child in unborn if child.pk in named]
    if children is not None and not lost:
        return locked
    if len(lost) == len(unborn):
        locked.outcome, locked.ended_on = (PregnancyOutcome.LIVE_BIRTH, min(born)) if born else (outcome, ended_on)
        locked.full_clean()
        locked.save()
    marks = outcome == PregnancyOutcome.STILLBIRTH or len(lost) < len(every)
    # What is not known is no loss: it holds nothing and closes no plan.
    for child in lost if outcome != PregnancyOutcome.UNKNOWN else ():
        person = Person.objects.select_for_update(no_key=True).get(pk=child.person_id)
        enter_loss(person, LossKind(outcome), on=ended_on, source=source, by=by, now=now, marks_person=marks)
    announce(
        CaseEvent(
            EventKind.PREGNANCY_ENDED,
            _families_of(lost),
            by,
            now,
            child_ids=tuple(child.pk for child in lost),
            person_ids=(locked.mother_id,),
        )
    )
    return locked


def _is_lost(child: Child) -> bool:
    return Loss.objects.filter(person=child.person_id, withdrawn_at__isnull=True).exists()


def _families_of(children: Sequence[Child]) -> tuple[int, ...]:
    members = FamilyMember.objects.filter(person__child__in=[child.pk for child in children], ends_on__isnull=True)
    return tuple(sorted(set(members.values_list("family_id", flat=True))))


def _announce_pregnancy(kind: EventKind, pregnancy: Pregnancy, by: User, now: datetime.datetime) -> None:
    children = list(Child.objects.filter(pregnancy=pregnancy))
    announce(
        CaseEvent(
            kind,
            _families_of(children),
            by,
            now,
            child_ids=tuple(child.pk for child in children),
            person_ids=(pregnancy.mother_id,),
        )
    )
