from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from families.enums import Answer, ContactKind
from families.events import CaseEvent, EventKind, announce
from families.models import Address, AgencyInvolvement, ContactPoint, FamilyMember, Person, Residence


def clean_marks(
    *, owners: Iterable[int], confidential: bool, hidden_from: Sequence[Person]
) -> tuple[bool, list[Person]]:
    """Mark a row confidential if it names anyone.

    Raises ValidationError where it would be hidden from its own person.
    """
    if {person.pk for person in hidden_from} & set(owners):
        raise ValidationError({"hidden_from": "This can't be hidden from the person it is about."})
    return confidential or bool(hidden_from), list(hidden_from)


@transaction.atomic
def record_residence(
    *,
    persons: Sequence[Person],
    lines: str,
    by: User,
    now: datetime.datetime,
    postcode: str = "",
    confidential: bool = False,
    hidden_from: Sequence[Person] = (),
    is_main: bool = True,
    starts_on: datetime.date | None = None,
    source: str = "",
    hiding_asked: Answer | str = Answer.NOT_ASKED,
) -> list[Residence]:
    """Record that people live at an address.

    In order: finds the address by its text and postcode, or records it; where it is the main home, ends each
    person's earlier main home; starts each person's residence, with the mark. Repeating it only sets the mark.
    Announces a marked one. Raises ValidationError keyed by field.
    """
    text = "\n".join(line.strip() for line in lines.splitlines() if line.strip())
    if not text:
        raise ValidationError({"lines": "Enter the address."})
    if not persons:
        raise ValidationError({"persons": "Choose who lives there."})
    confidential, hidden = clean_marks(
        owners=[person.pk for person in persons], confidential=confidential, hidden_from=hidden_from
    )
    today = timezone.localtime(now).date()
    authority = persons[0].authority
    address = Address.objects.filter(authority=authority, lines__iexact=text, postcode=clean_postcode(postcode)).first()
    if address is None:
        address = Address(authority=authority, lines=text, postcode=clean_postcode(postcode))
        address.full_clean()
        address.save()
    rows = [
        _reside(person, address, is_main=is_main, starts_on=starts_on, source=source, today=today) for person in persons
    ]
    for row in rows:
        _mark(row, confidential, hidden, asked=hiding_asked)
    if confidential:
        _announce(rows, persons, by, now)
    return rows


def clean_postcode(postcode: str) -> str:
    """Return the postcode in capitals, with one space before its last three characters."""
    packed = "".join(postcode.split()).upper()
    return f"{packed[:-3]} {packed[-3:]}" if len(packed) > 4 else packed  # noqa: PLR2004 - an outward code alone


def _reside(
    person: Person,
    address: Address,
    *,
    is_main: bool,
    starts_on: datetime.date | None,
    source: str,
    today: datetime.date,
) -> Residence:
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    open_rows = Residence.objects.filter(person=person, ends_on__isnull=True)
    same = open_rows.filter(address=address).first()
    if is_main:
        for other in open_rows.filter(is_main=True).exclude(address=address):
            end = starts_on or today
            other.ends_on = max(end, other.starts_on) if other.starts_on else end
            other.save(update_fields=["ends_on"])
    if same is None:
        same = Residence(person=person, address=address, is_main=is_main, starts_on=starts_on, source=source.strip())
        same.full_clean()
        same.save()
    return same


@transaction.atomic
def record_contact_point(
    *,
    person: Person,
    kind: ContactKind | str,
    value: str,
    by: User,
    now: datetime.datetime,
    is_safe: bool = False,
    safety_asked: Answer | str = Answer.NOT_ASKED,
    safe_how: str = "",
    safe_on: datetime.date | None = None,
    safety_note: str = "",
    confidential: bool = False,
    hidden_from: Sequence[Person] = (),
    starts_on: datetime.date | None = None,
    source: str = "",
) -> ContactPoint:
    """Record a way to reach a person, and whether it is safe to use: how and when someone made sure of that.

    The same number or address again updates its safety and mark. Raises ValidationError keyed by field, also
    where it is marked safe without saying how and when that was made sure.
    """
    value = value.strip()
    if is_safe:
        check_made_sure(how=safe_how, on=safe_on, today=timezone.localdate(now))
    if kind == ContactKind.EMAIL:
        try:
            validate_email(value)
        except ValidationError as wrong:
            raise ValidationError(
                {"value": "Enter an e-mail address in the right format, such as name@example.com."}
            ) from wrong
    confidential, hidden = clean_marks(owners=[person.pk], confidential=confidential, hidden_from=hidden_from)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    point = ContactPoint.objects.filter(person=person, kind=kind, value__iexact=value, ends_on__isnull=True).first()
    if point is None:
        point = ContactPoint(person=person, kind=kind, value=value, starts_on=starts_on, source=source.strip())
    point.is_safe, point.safety_note = is_safe, safety_note.strip()
    point.safety_asked = Answer.YES if is_safe else safety_asked
    point.safe_how, point.safe_on = (safe_how.strip(), safe_on) if is_safe else ("", None)
    point.full_clean()
    point.save()
    _mark(point, confidential or point.confidential, hidden)
    if point.confidential:
        _announce([point], [person], by, now)
    return point


@transaction.atomic
def mark_safe(
    *, person: Person, value: str, safe_how: str, safe_on: datetime.date | None, by: User, now: datetime.datetime
) -> ContactPoint:
    """Record that a person's e-mail address is safe to write to, keeping its other marks; add it if it is new.

    Raises ValidationError as ``record_contact_point`` does.
    """
    known = ContactPoint.objects.filter(
        person=person, kind=ContactKind.EMAIL, value__iexact=value.strip(), ends_on__isnull=True
    ).first()
    return record_contact_point(
        person=person,
        kind=ContactKind.EMAIL,
        value=value,
        is_safe=True,
        safe_how=safe_how,
        safe_on=safe_on,
        safety_note=known.safety_note if known else "",
        by=by,
        now=now,
    )


def check_made_sure(*, how: str, on: datetime.date | None, today: datetime.date) -> None:
    """Raise ValidationError keyed by field unless it is said how and when someone made sure that a way is safe."""
    errors: dict[str, str] = {}
    if not how.strip():
        errors["safe_how"] = "Say how you made sure that it is safe."
    if on is None:
        errors["safe_on"] = "Enter the day when you made sure of it."
    elif on > today:
        errors["safe_on"] = "The day can’t be in the future."
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def mark_whereabouts(
    *,
    row: Residence | ContactPoint | AgencyInvolvement,
    confidential: bool,
    hidden_from: Sequence[Person],
    by: User,
    now: datetime.datetime,
) -> None:
    """Change who a home, contact detail or agency is hidden from, and announce it.

    ``confidential`` without names hides it from everyone in the family. Raises ValidationError where it would
    be hidden from the person it is about.
    """
    owner = row.child.person if isinstance(row, AgencyInvolvement) else row.person
    confidential, hidden = clean_marks(owners=[owner.pk], confidential=confidential, hidden_from=hidden_from)
    locked = type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)
    _mark(locked, confidential, hidden, exactly=True, asked=Answer.NO)
    _announce([locked], [owner], by, now)


def _mark(
    row: Residence | ContactPoint | AgencyInvolvement,
    confidential: bool,
    hidden: list[Person],
    *,
    exactly: bool = False,
    asked: Answer | str = Answer.NOT_ASKED,
) -> None:
    answer = Answer.YES if confidential else asked
    if answer not in (Answer.NOT_ASKED, row.hiding_asked) and not (row.confidential and not exactly):
        row.hiding_asked = answer
        row.save(update_fields=["hiding_asked"])
    if row.confidential != confidential and (confidential or exactly):
        row.confidential = confidential
        row.save(update_fields=["confidential"])
    if exactly:
        row.hidden_from.set(hidden)
    elif hidden:
        row.hidden_from.add(*hidden)


def _announce(
    rows: Sequence[Residence | ContactPoint | AgencyInvolvement],
    persons: Sequence[Person],
    by: User,
    now: datetime.datetime,
) -> None:
    members = FamilyMember.objects.filter(person__in=[person.pk for person in persons], ends_on__isnull=True)
    families = tuple(sorted(set(members.values_list("family_id", flat=True))))
    if rows:
        announce(
            CaseEvent(
                EventKind.WHEREABOUTS_CHANGED, families, by, now, person_ids=tuple(person.pk for person in persons)
            )
        )
