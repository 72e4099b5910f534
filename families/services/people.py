from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from families.enums import (
    Answer,
    Certainty,
    ContactKind,
    DatePrecision,
    Ethnicity,
    NameKind,
    PaperFormat,
    RelationshipKind,
    ResponsibilitySource,
    ResponsibilityStatus,
    Sex,
)
from families.models import Child, Family, FamilyMember, ParentalResponsibility, Person, PersonName, Relationship
from families.models.dated import Dated
from families.services.cases import lock_family
from families.validators import clean_nhs_number


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """The facts recorded about anyone, child or adult; an empty value means not recorded."""

    given_name: str = ""
    family_name: str = ""
    unnamed_as: str = ""
    sex: str = Sex.UNKNOWN
    birth_date: datetime.date | None = None
    birth_date_precision: str = DatePrecision.UNKNOWN
    age_disputed: bool = False
    death_date: datetime.date | None = None
    nhs_number: str = ""
    ethnicity: str = Ethnicity.NOBT
    language: str = ""
    interpreter_needed: bool = False
    access_needs: str = ""
    formats: Sequence[PaperFormat | str] | None = None
    preferred_channel: ContactKind | str = ""
    circumstances: str = ""


@dataclass(frozen=True, kw_only=True)
class TieFacts:
    """A person's tie to one child. An empty ``kind`` or ``responsibility`` records nothing of that sort."""

    child: Child
    kind: RelationshipKind | str = ""
    certainty: Certainty | str = Certainty.KNOWN
    responsibility: ResponsibilityStatus | str = ""
    basis: ResponsibilitySource | str = ResponsibilitySource.NOT_KNOWN
    parent_comfortable: Answer | str = Answer.NOT_ASKED
    source: str = ""


def apply_facts(person: Person, facts: PersonFacts, *, today: datetime.date) -> Person:
    """Validate ``facts`` and set them on ``person``, unsaved; raises ValidationError keyed by field."""
    for name, value in asdict(facts).items():
        setattr(person, name, value.strip() if isinstance(value, str) else value)
    if facts.birth_date and facts.birth_date > today:
        raise ValidationError({"birth_date": "A date of birth can't be in the future. Record a pregnancy instead."})
    if facts.death_date and facts.death_date > today:
        raise ValidationError({"death_date": "A date of death can't be in the future."})
    if person.nhs_number:
        try:
            person.nhs_number = clean_nhs_number(person.nhs_number)
        except ValidationError as wrong:
            raise ValidationError({"nhs_number": wrong.messages}) from wrong
    if facts.birth_date is None:
        person.birth_date_precision = DatePrecision.UNKNOWN
    elif facts.birth_date_precision == DatePrecision.UNKNOWN:
        person.birth_date_precision = DatePrecision.EXACT
    if not (person.given_name or person.family_name or person.unnamed_as):
        raise ValidationError({"given_name": "Enter a name, or what to call someone whose name is not known."})
    person.full_clean()
    return person


def join_family(family: Family, person: Person, *, starts_on: datetime.date | None = None) -> FamilyMember:
    """Make ``person`` a member of the family, if they aren't already."""
    member = FamilyMember.objects.filter(family=family, person=person, ends_on__isnull=True).first()
    if member is None:
        member = FamilyMember(family=family, person=person, starts_on=starts_on)
        member.full_clean()
        member.save()
    return member


@transaction.atomic
def add_person(
    *,
    family: Family,
    by: User,
    now: datetime.datetime,
    facts: PersonFacts | None = None,
    person: Person | None = None,
    ties: Sequence[TieFacts] = (),
    form_key: uuid.UUID | None = None,
) -> Person:
    """Add an adult (or another relative) to a family, with their tie to each child.

    In order: records the person from ``facts``, or takes the existing ``person``; makes them a member; records
    relationships and parental responsibilities. Returns the person already created with the same ``form_key``.
    Raises ValidationError keyed by field.
    """
    family = lock_family(family)
    today = timezone.localtime(now).date()
    if form_key and (made := Person.objects.filter(form_key=form_key, authority=family.authority_id).first()):
        return made
    if person is None:
        if facts is None:
            raise ValidationError("Say who is added.")
        person = apply_facts(Person(authority=family.authority, form_key=form_key), facts, today=today)
        person.save()
    join_family(family, person)
    for tie in ties:
        record_tie(person=person, tie=tie, by=by, today=today)
    return person


@transaction.atomic
def change_person(
    *, person: Person, facts: PersonFacts, by: User, now: datetime.datetime, keep_former_name: bool = True
) -> Person:
    """Change what is recorded about a person.

    In order: where the name differs and ``keep_former_name`` is set, keeps the old one as a former name until
    today, so that search still finds it; writes the facts. A death is not among them: it is an act of its own
    (``record_death``), and the recorded date stays. Raises ValidationError keyed by field.
    """
    today = timezone.localtime(now).date()
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    before = (locked.given_name, locked.family_name)
    locked = apply_facts(locked, replace(facts, death_date=locked.death_date), today=today)
    after = (locked.given_name, locked.family_name)
    if keep_former_name and any(before) and before != after:
        PersonName.objects.get_or_create(
            person=locked,
            kind=NameKind.FORMER,
            given_name=before[0],
            family_name=before[1],
            defaults={"ends_on": today},
        )
    locked.save()
    return locked


@transaction.atomic
def add_name(
    *,
    person: Person,
    kind: NameKind | str,
    given_name: str,
    family_name: str,
    by: User,
    starts_on: datetime.date | None = None,
    source: str = "",
) -> PersonName:
    """Record another name that a person has or had. Idempotent."""
    name = PersonName(
        person=person,
        kind=kind,
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        starts_on=starts_on,
        source=source.strip(),
    )
    same = PersonName.objects.filter(
        person=person, kind=kind, given_name=name.given_name, family_name=name.family_name, ends_on__isnull=True
    ).first()
    if same:
        return same
    if not (name.given_name or name.family_name):
        raise ValidationError({"given_name": "Enter a first or a last name."})
    name.full_clean()
    name.save()
    return name


@transaction.atomic
def record_tie(
    *, person: Person, tie: TieFacts, by: User, today: datetime.date, since: datetime.date | None = None
) -> None:
    """Record what ``person`` is to one child.

    In order: adds the relationship (updating the certainty of one of the same kind); ends a different answer
    about parental responsibility on ``since``, or today, and starts the given one. An empty value leaves that
    part unchanged. Idempotent. Raises ValidationError for responsibility held for an unborn child: no one has
    it before birth.
    """
    child = (
        Child.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person", "pregnancy")
        .get(pk=tie.child.pk)
    )
    if child.person_id == person.pk:
        raise ValidationError("A child can't be related to themselves.")
    if tie.responsibility == ResponsibilityStatus.HELD and child.is_unborn:
        raise ValidationError("No one has parental responsibility for a child before the birth.")
    if tie.kind:
        _record_relationship(person, child, tie, since=since)
    if tie.responsibility:
        _record_responsibility(person, child, tie, since=since, today=today)


def _record_relationship(person: Person, child: Child, tie: TieFacts, *, since: datetime.date | None) -> None:
    same = Relationship.objects.filter(child=child, person=person, kind=tie.kind, ends_on__isnull=True).first()
    if same is not None:
        same.certainty, same.parent_comfortable = tie.certainty, tie.parent_comfortable
        same.save(update_fields=["certainty", "parent_comfortable"])
        return
    row = Relationship(
        child=child,
        person=person,
        kind=tie.kind,
        certainty=tie.certainty,
        parent_comfortable=tie.parent_comfortable,
        starts_on=since,
        source=tie.source.strip(),
    )
    row.full_clean()
    row.save()


def _record_responsibility(
    person: Person, child: Child, tie: TieFacts, *, since: datetime.date | None, today: datetime.date
) -> None:
    open_rows = list(ParentalResponsibility.objects.filter(child=child, person=person, ends_on__isnull=True))
    kept = next((row for row in open_rows if (row.status, row.basis) == (tie.responsibility, tie.basis)), None)
    changed = [row for row in open_rows if row is not kept]
    for row in changed:
        end = since or today
        row.ends_on = max(end, row.starts_on) if row.starts_on else end
        row.save(update_fields=["ends_on"])
    if kept is None:
        row = ParentalResponsibility(
            child=child,
            person=person,
            status=tie.responsibility,
            basis=tie.basis,
            starts_on=since or (today if changed else None),
            source=tie.source.strip(),
        )
        row.full_clean()
        row.save()


@transaction.atomic
def record_council_responsibility(
    *, child: Child, starts_on: datetime.date, by: User, source: str = ""
) -> ParentalResponsibility:
    """Record that the council holds parental responsibility under a care order. Idempotent."""
    row, _ = ParentalResponsibility.objects.get_or_create(
        child=child,
        held_by_council=True,
        ends_on=None,
        defaults={
            "status": ResponsibilityStatus.HELD,
            "basis": ResponsibilitySource.CARE_ORDER,
            "starts_on": starts_on,
            "source": source.strip(),
        },
    )
    return row


@transaction.atomic
def end_record(*, row: Dated, on: datetime.date, by: User) -> None:
    """End a membership, relationship, responsibility, name, home, contact detail, post or involvement.

    ``on`` is the first day on which it is no longer true. A no-op on an ended row. Raises ValidationError where
    ``on`` is before the first day.
    """
    locked: Dated = type(row).objects.select_for_update(no_key=True).get(pk=row.pk)
    if locked.ends_on is not None:
        return
    locked.ends_on = on
    if locked.starts_on and on < locked.starts_on:
        raise ValidationError({"on": "The last day can't be before the first."})
    locked.save(update_fields=["ends_on"])


@transaction.atomic
def seal_person(*, person: Person, because: str, by: User, now: datetime.datetime) -> Person:
    """Seal a record (adoption, new identity): no list, search or page finds it from now on.

    Idempotent. Raises ValidationError without a reason.
    """
    if not because.strip():
        raise ValidationError({"because": "Say why the record is sealed."})
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if locked.sealed_at is None:
        locked.sealed_at, locked.sealed_by, locked.sealed_because = now, by, because.strip()
        locked.full_clean()
        locked.save(update_fields=["sealed_at", "sealed_by", "sealed_because"])
    return locked


@transaction.atomic
def fill_needs(*, person: Person, language: str | None = None, access_needs: str = "") -> Person:
    """Record that a person needs an interpreter (``language``, which may be empty) or other help to take part.

    What is recorded already stays: only what is empty is filled in. Idempotent.
    """
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if language is not None:
        locked.interpreter_needed = True
        locked.language = locked.language or language.strip()
    locked.access_needs = locked.access_needs or access_needs.strip()
    locked.save(update_fields=["interpreter_needed", "language", "access_needs"])
    return locked
