"""The map of people on a family's page, from what the page has read; the table beside it says the same."""

from __future__ import annotations

import datetime

from django.utils.safestring import SafeString

from charts import (
    RESPONSIBLE,
    TIED,
    UNSURE,
    MapAgency,
    MapChild,
    MapHome,
    MapPerson,
    MapRisk,
    MapTie,
    PeopleMap,
    people_map,
)
from families import words
from families.enums import Certainty, RelationshipKind, ResponsibilityStatus
from families.models import Child, Person
from families.selectors import Adult, FamilyPage, Tie
from families.selectors.page import Home
from families.templatetags.families import ties_in_words
from govuk.words import listed, plain_date

NO_ADDRESS = "Address confidential"


def map_of(page: FamilyPage, *, on: datetime.date) -> SafeString | str:
    """Return the picture; empty while no child and no adult is recorded."""
    if not page.cards and not page.adults:
        return ""
    homes = {person.pk: _home_of(person, page, on=on) for home in page.homes for person in home.people}
    children = [_child(child, homes, on=on) for child in page.children]
    with_a_child = {child.home for child in children}
    adults = [_adult(adult, homes.get(adult.person.pk), with_a_child, on=on) for adult in page.adults]
    adults += [
        _adult(Adult(person, (), ()), homes.get(person.pk), with_a_child, on=on)
        for person in page.others
        if person.death_date is None
    ]
    keys = {child.pk: child.person_id for child in page.children}
    return people_map(
        PeopleMap(
            children=children,
            adults=adults,
            homes=[
                MapHome(home.address.pk, NO_ADDRESS if home.confidential else str(home.address), home.confidential)
                for home in page.homes
            ],
            ties=[
                MapTie(adult.person.pk, tie.child.person_id, _kind(tie)) for adult in page.adults for tie in adult.ties
            ],
            risks=[
                MapRisk(
                    risk.person_id,
                    (
                        *(keys[child.pk] for child in risk.children.all() if child.pk in keys),
                        *(person.pk for person in risk.protects.all()),
                    ),
                )
                for risk in page.risks
                if any(adult.person.pk == risk.person_id for adult in page.adults)
            ],
            agencies=[
                MapAgency(
                    row.agency.get_kind_display() if row.confidential else row.agency.name,
                    listed([words.called(child) for child in row.children]),
                    row.confidential,
                )
                for row in page.agencies
            ],
        )
    )


def _home_of(person: Person, page: FamilyPage, *, on: datetime.date) -> Home | None:
    """Return the home where someone lives now: the main one of several."""
    rows = [row for row in person.residences.all() if row.is_current(on)]
    rows.sort(key=lambda row: (not row.is_main, row.pk))
    lived_in = [home for row in rows for home in page.homes if home.address.pk == row.address_id]
    return next(iter(lived_in), None)


def _child(child: Child, homes: dict[int, Home | None], *, on: datetime.date) -> MapChild:
    home = homes.get(child.person_id)
    if home is None and child.is_unborn and child.pregnancy:
        home = homes.get(child.pregnancy.mother_id)
    lines = []
    if child.is_unborn and child.expected_on:
        lines = [f"expected {plain_date(child.expected_on)}"]
    elif child.person.death_date:
        lines = [f"died {plain_date(child.person.death_date)}"]
    elif child.person.birth_date:
        lines = [words.birth_words(child.person)]
    if len({row.address_id for row in child.person.residences.all() if row.is_current(on)}) > 1:
        lines.append("has another home too")
    return MapChild(
        key=child.person_id,
        name=words.name_and_age(child.person, on=on),
        lines=tuple(lines),
        home=home.address.pk if home else None,
        unborn=child.is_unborn,
    )


def _adult(adult: Adult, home: Home | None, with_a_child: set[int | None], *, on: datetime.date) -> MapPerson:
    person = adult.person
    held = [words.called(child) for child in adult.children_in_responsibility]
    lines = [line for line in ties_in_words(adult) if adult.ties]
    if adult.ties:
        lines.append(f"PR: {listed(held)}" if held else _without_it(adult))
    apart = home is not None and home.address.pk not in with_a_child
    if person.death_date:
        lines.append(f"died {plain_date(person.death_date)}")
    elif home is not None and apart and not home.confidential:
        lines.append(f"at {home.address}")
    age = person.age(on) if person.death_date is None else None
    return MapPerson(
        key=person.pk,
        name=person.full_name if age is None else f"{person.full_name}, {age}",
        lines=tuple(lines),
        home=home.address.pk if home else None,
        warning="Contact risk" if adult.risks else "",
        locked=apart and home is not None and home.confidential,
    )


def _without_it(adult: Adult) -> str:
    said = {tie.responsibility.status for tie in adult.ties if tie.responsibility is not None}
    if ResponsibilityStatus.DISPUTED in said:
        return "PR disputed"
    if ResponsibilityStatus.UNKNOWN in said or not said:
        return "PR not known" if said else "PR not recorded"
    return "no PR"


def _kind(tie: Tie) -> str:
    if tie.holds_responsibility:
        return RESPONSIBLE
    disputed = tie.responsibility is not None and tie.responsibility.status == ResponsibilityStatus.DISPUTED
    unsure = any(
        row.certainty != Certainty.KNOWN or row.kind == RelationshipKind.POSSIBLE_FATHER for row in tie.relationships
    )
    return UNSURE if disputed or unsure or tie.child.is_unborn else TIED
