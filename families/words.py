"""How pages speak of people: age, birth, expected date."""

from __future__ import annotations

import datetime

from families.enums import DatePrecision
from families.models import Child, Person
from govuk.words import count, plain_date, short_date


def age_words(person: Person, *, on: datetime.date) -> str:
    """Such as "11 years", "7 months", "about 11 years"; empty where the birth date is not known."""
    age = person.age(on)
    if age is None or person.birth_date is None:
        return ""
    if age == 0:
        months = (on.year - person.birth_date.year) * 12 + on.month - person.birth_date.month
        months -= on.day < person.birth_date.day
        said = count(months, "month") if months > 0 else count((on - person.birth_date).days, "day")
    else:
        said = count(age, "year")
    return f"about {said}" if person.birth_date_precision == DatePrecision.ESTIMATED else said


def birth_words(person: Person) -> str:
    """Such as "14 May 2015", "about 14 May 2015 (estimated)", with a remark where the age is disputed."""
    if person.birth_date is None:
        return ""
    said = plain_date(person.birth_date)
    if person.birth_date_precision == DatePrecision.ESTIMATED:
        said = f"about {said} (estimated)"
    return f"{said}, age disputed" if person.age_disputed else said


def person_line(person: Person, *, on: datetime.date) -> str:
    """Age and birth in one line: "33 years, born 2 June 1993"; "Date of birth not recorded"."""
    if person.death_date:
        return f"Died {plain_date(person.death_date)}"
    if person.birth_date is None:
        return "Date of birth not recorded"
    return f"{age_words(person, on=on)}, born {birth_words(person)}"


def child_line(child: Child, *, on: datetime.date) -> str:
    """The same for a child, with the expected date of an unborn one."""
    if child.is_unborn and child.expected_on:
        if child.expected_on < on:
            return f"Not born yet, was expected {short_date(child.expected_on, today=on)}"
        return f"Not born yet, expected {short_date(child.expected_on, today=on)}"
    return person_line(child.person, on=on)


def name_and_age(person: Person, *, on: datetime.date) -> str:
    """Such as "Robin, 11" for lists of children; "Robin" where the age is not known."""
    age = person.age(on)
    return person.short_name if age is None else f"{person.short_name}, {age}"
