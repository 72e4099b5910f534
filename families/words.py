"""Wording about people: age, birth, expected date."""

from __future__ import annotations

import datetime

from families.enums import DatePrecision
from families.models import (
    AgencyInvolvement,
    Child,
    ContactPoint,
    FamilyMember,
    LegalStatus,
    ParentalResponsibility,
    Person,
    PersonName,
    Relationship,
    Residence,
)
from families.models.dated import Dated
from govuk.words import count, plain_date, short_date

# How it ended is for few to read.
ENDED = "The pregnancy has ended"


def age_words(person: Person, *, on: datetime.date) -> str:
    """Return for example "11 years", "7 months", "about 11 years"; empty where the birth date is not known."""
    age = person.age(on)
    if age is None or person.birth_date is None or person.sealed_at is not None:
        return ""
    if age == 0:
        months = (on.year - person.birth_date.year) * 12 + on.month - person.birth_date.month
        months -= on.day < person.birth_date.day
        said = count(months, "month") if months > 0 else count((on - person.birth_date).days, "day")
    else:
        said = count(age, "year")
    return f"about {said}" if person.birth_date_precision == DatePrecision.ESTIMATED else said


def birth_words(person: Person) -> str:
    """Return for example "14 May 2015" or "about 14 May 2015 (estimated)", noting a disputed age."""
    if person.birth_date is None or person.sealed_at is not None:
        return ""
    said = plain_date(person.birth_date)
    if person.birth_date_precision == DatePrecision.ESTIMATED:
        said = f"about {said} (estimated)"
    return f"{said}, age disputed" if person.age_disputed else said


def person_line(person: Person, *, on: datetime.date) -> str:
    """Return age and birth in one line: "33 years, born 2 June 1993"; "Date of birth not recorded"."""
    if person.sealed_at is not None:
        return ""
    if person.death_date:
        return f"Died {plain_date(person.death_date)}"
    if person.birth_date is None:
        return "Date of birth not recorded"
    return f"{age_words(person, on=on)}, born {birth_words(person)}"


def child_line(child: Child, *, on: datetime.date) -> str:
    """Return the same for a child, with the expected date of an unborn one."""
    if child.is_unborn and child.expected_on:
        if child.expected_on < on:
            return f"Not born yet, was expected {short_date(child.expected_on, today=on)}"
        return f"Not born yet, expected {short_date(child.expected_on, today=on)}"
    if child.pregnancy is not None and child.person.birth_date is None and child.person.sealed_at is None:
        return ENDED
    return person_line(child.person, on=on)


def called(child: Child) -> str:
    """Return what to call a child inside a sentence: the first name, "the baby", or "baby 1" of twins."""
    if not child.is_unborn or child.pregnancy is None:
        return child.person.short_name
    return "the baby" if child.pregnancy.number_expected == 1 else f"baby {child.born_order}"


def name_and_age(person: Person, *, on: datetime.date) -> str:
    """Return for example "Robin, 11" for lists of children; "Robin" where the age is not known."""
    age = person.age(on)
    return person.short_name if age is None or person.sealed_at is not None else f"{person.short_name}, {age}"


def about_row(row: Dated) -> str:  # noqa: PLR0911 one sentence for each kind of row
    """Describe a dated row without anything confidential: "Home of Hazel Brambley", "GP of Wren Brambley"."""
    match row:
        case FamilyMember():
            return row.person.full_name
        case Residence():
            return f"Home of {row.person.full_name}"
        case ContactPoint():
            return f"{row.get_kind_display()} of {row.person.full_name}"
        case PersonName():
            return f"{row}, a name of {row.person.full_name}"
        case AgencyInvolvement():
            return f"{row.agency.get_kind_display()} of {row.child.person.full_name}"
        case Relationship():
            return f"{row.person.full_name}, {row.get_kind_display().lower()} of {row.child.person.full_name}"
        case ParentalResponsibility():
            holder = row.person.full_name if row.person else "The council"
            return f"{holder}, for {row.child.person.full_name}"
        case LegalStatus():
            return f"{row.get_status_display()} of {row.child.person.full_name}"
    return ""
