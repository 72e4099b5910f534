"""The families before any conference: people, relations, homes, agencies."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field

from dateutil.relativedelta import relativedelta

from accounts.models import User
from demo.cast import Cast
from demo.council import Council
from families.enums import (
    AgencyKind,
    Answer,
    ContactKind,
    Ethnicity,
    PrimaryNeed,
    ReferralSource,
    RelationshipKind,
    ResponsibilitySource,
    ResponsibilityStatus,
    RiskGround,
)
from families.models import Child, Family, Person
from families.services import (
    PersonFacts,
    ReferralFacts,
    TieFacts,
    add_child,
    add_person,
    add_pregnancy,
    allocate_case,
    create_family,
    record_contact_point,
    record_contact_risk,
    record_involvement,
    record_residence,
    record_tie,
)

PRIMARY_AGE, SECONDARY_AGE = 5, 11
# Turns 18 within weeks of the day on which the demonstration is loaded.
ABOUT_TO_TURN_18 = "Teazel"


@dataclass
class DemoFamily:
    """A family with the people its conference will need."""

    family: Family
    social_worker: User
    mother: Person
    father: Person
    children: list[Child] = field(default_factory=list)


def born(years: int, *, today: datetime.date, dice: random.Random) -> datetime.date:
    """Return a birth date that makes a person ``years`` old today."""
    return today - relativedelta(years=years, days=dice.randint(20, 300))


def _birth_date(name: str, age: int, *, today: datetime.date, dice: random.Random) -> datetime.date:
    birth_date = born(age, today=today, dice=dice)
    if name == ABOUT_TO_TURN_18:
        return today + datetime.timedelta(days=100) - relativedelta(years=18)
    return birth_date


def referral(on: datetime.date) -> ReferralFacts:
    """Return a referral by the police, with abuse or neglect as the need."""
    return ReferralFacts(referred_on=on, source=ReferralSource.S6, primary_need=PrimaryNeed.N1)


def mailbox(person: Person) -> str:
    """Return an e-mail address under a domain that cannot exist."""
    return f"{person.given_name}.{person.family_name}@families.example".lower()


def build_family(council: Council, cast: Cast, *, now: datetime.datetime, dice: random.Random) -> DemoFamily:
    """Create one family of the cast, known to the council since ``now``."""
    social_worker = council.social_worker_of(cast.team)
    today = now.date()
    family = create_family(
        authority=council.authority, team=council.teams[cast.team], name=cast.name, by=social_worker, now=now
    )
    allocate_case(family=family, user=social_worker, starts_on=today, by=social_worker, now=now)
    children = [
        add_child(
            family=family,
            facts=PersonFacts(
                given_name=name,
                family_name=cast.name,
                sex=sex,
                birth_date=_birth_date(name, age, today=today, dice=dice),
                ethnicity=dice.choice([Ethnicity.WBRI, Ethnicity.MWBC, Ethnicity.APKN, Ethnicity.NOBT]),
                language="English",
            ),
            by=social_worker,
            now=now,
            referral=referral(now.date()),
        )
        for name, age, sex in cast.children
    ]
    mother = _parent(family, cast.mother, cast.name, RelationshipKind.MOTHER, children, social_worker, now, dice)
    father = _parent(family, cast.father, cast.name, RelationshipKind.FATHER, children, social_worker, now, dice)
    if cast.due_in_days is not None:
        pregnancy = add_pregnancy(
            family=family,
            mother=mother,
            expected_on=today + datetime.timedelta(days=cast.due_in_days),
            by=social_worker,
            now=now,
            referral=referral(now.date()),
        )
        unborn = pregnancy.children.get()
        tie = TieFacts(child=unborn, kind=RelationshipKind.FATHER)
        record_tie(person=father, tie=tie, by=social_worker, today=today)
        children.append(unborn)
    home = f"{dice.randint(1, 90)} {dice.choice(['Harbour', 'Station', 'Chapel', 'Mill'])} Road, Eastmere"
    record_residence(
        persons=[mother, *(child.person for child in children if child.person.birth_date)],
        lines=home,
        postcode=f"EM{dice.randint(1, 9)} {dice.randint(1, 9)}AA",
        by=social_worker,
        now=now,
        starts_on=today - datetime.timedelta(days=400),
    )
    for child in children:
        _agencies(council, child, social_worker, now)
    return DemoFamily(family, social_worker, mother, father, children)


def _parent(
    family: Family,
    given_name: str,
    family_name: str,
    kind: RelationshipKind,
    children: list[Child],
    by: User,
    now: datetime.datetime,
    dice: random.Random,
) -> Person:
    mother = kind == RelationshipKind.MOTHER
    parent = add_person(
        family=family,
        facts=PersonFacts(
            given_name=given_name,
            family_name=family_name,
            sex="F" if mother else "M",
            birth_date=born(dice.randint(24, 41), today=now.date(), dice=dice),
            language="English",
            preferred_channel=ContactKind.EMAIL,
        ),
        ties=[
            TieFacts(
                child=child,
                kind=kind,
                responsibility=ResponsibilityStatus.HELD,
                basis=ResponsibilitySource.BIRTH if mother else ResponsibilitySource.CERTIFICATE,
                source="Birth certificate seen",
            )
            for child in children
        ],
        by=by,
        now=now,
    )
    record_contact_point(
        person=parent,
        kind=ContactKind.EMAIL,
        value=mailbox(parent),
        is_safe=True,
        safe_how="Asked on the first visit",
        safe_on=now.date(),
        by=by,
        now=now,
    )
    return parent


def _agencies(council: Council, child: Child, by: User, now: datetime.datetime) -> None:
    age = child.age(now.date())
    known_to: list[tuple[AgencyKind, int]] = [(AgencyKind.GP, 0)]
    if age is None:
        known_to = [(AgencyKind.MIDWIFERY, 0), (AgencyKind.HEALTH_VISITING, 0)]
    elif age < PRIMARY_AGE:
        known_to += [(AgencyKind.HEALTH_VISITING, 0), (AgencyKind.EARLY_YEARS, 0)]
    else:
        known_to += [(AgencyKind.SCHOOL, 0 if age < SECONDARY_AGE else 1), (AgencyKind.SCHOOL_NURSING, 0)]
    known_to.append((AgencyKind.POLICE, 0))
    for kind, index in known_to:
        post = council.posts[kind][index]
        record_involvement(
            children=[child], agency=post.agency, post=post, direct_contact=kind != AgencyKind.POLICE, by=by, now=now
        )


def build_brambleys(council: Council, *, now: datetime.datetime) -> DemoFamily:
    """Create the family of the first conference: two children, a pregnancy, parents apart.

    Robin (12) has his own father; Wren (6) and the baby share theirs. Where Hazel lives is kept from Dale, and
    the name of Wren's school would reveal it.
    """
    by = council.user("Amara Finch")
    today = now.date()
    family = create_family(
        authority=council.authority, team=council.teams["Assessment North"], name="Brambley", by=by, now=now
    )
    allocate_case(family=family, user=by, starts_on=today, by=by, now=now)
    robin, wren = (
        add_child(
            family=family,
            facts=PersonFacts(
                given_name=name,
                family_name="Brambley",
                sex=sex,
                birth_date=today - relativedelta(years=age, days=100),
                ethnicity=Ethnicity.WBRI,
                language="English",
            ),
            by=by,
            now=now,
            referral=referral(now.date()),
        )
        for name, age, sex in (("Robin", 12, "M"), ("Wren", 6, "F"))
    )
    hazel = _brambley_adult(
        family,
        "Hazel",
        "Brambley",
        "F",
        33,
        [(robin, RelationshipKind.MOTHER), (wren, RelationshipKind.MOTHER)],
        by,
        now,
    )
    pregnancy = add_pregnancy(
        family=family,
        mother=hazel,
        expected_on=today + datetime.timedelta(days=130),
        by=by,
        now=now,
        referral=referral(now.date()),
    )
    baby = pregnancy.children.get()
    dale = _brambley_adult(
        family, "Dale", "Ashdown", "M", 36, [(wren, RelationshipKind.FATHER), (baby, RelationshipKind.FATHER)], by, now
    )
    _brambley_adult(family, "Martin", "Alder", "M", 38, [(robin, RelationshipKind.FATHER)], by, now)
    add_person(
        family=family,
        facts=PersonFacts(
            given_name="Olive", family_name="Brambley", sex="F", birth_date=today - relativedelta(years=61)
        ),
        ties=[
            TieFacts(child=child, kind=RelationshipKind.GRANDPARENT, parent_comfortable=Answer.YES)
            for child in (robin, wren)
        ],
        by=by,
        now=now,
    )
    record_residence(
        persons=[hazel, robin.person, wren.person],
        lines="Flat 3, Lantern Court, Eastmere",
        postcode="EM4 7QT",
        confidential=True,
        hidden_from=[dale],
        starts_on=today - datetime.timedelta(days=30),
        by=by,
        now=now,
    )
    record_residence(persons=[dale], lines="18 Station Road, Eastmere", postcode="EM1 2AB", by=by, now=now)
    for kind, index, children, hidden in (
        (AgencyKind.SCHOOL, 0, [wren], True),
        (AgencyKind.SCHOOL, 1, [robin], False),
        (AgencyKind.GP, 0, [robin, wren], False),
        (AgencyKind.HEALTH_VISITING, 0, [baby], False),
        (AgencyKind.MIDWIFERY, 0, [baby], False),
        (AgencyKind.POLICE, 0, [robin, wren], False),
    ):
        post = council.posts[kind][index]
        record_involvement(
            children=children,
            agency=post.agency,
            post=post,
            direct_contact=kind != AgencyKind.POLICE,
            confidential=hidden,
            hidden_from=[dale] if hidden else [],
            by=by,
            now=now,
        )
    record_contact_risk(
        person=dale,
        ground=RiskGround.BAIL,
        detail="Bail condition: not to contact Hazel and not to come to her home.",
        children=[wren],
        protects=[hazel],
        by=by,
        now=now,
    )
    return DemoFamily(family, by, hazel, dale, [robin, wren, baby])


def _brambley_adult(
    family: Family,
    given_name: str,
    family_name: str,
    sex: str,
    age: int,
    ties: list[tuple[Child, RelationshipKind]],
    by: User,
    now: datetime.datetime,
) -> Person:
    def responsibility(child: Child) -> dict[str, str]:
        if child.person.birth_date is None:
            return {}
        return {
            "responsibility": ResponsibilityStatus.HELD,
            "basis": ResponsibilitySource.BIRTH if sex == "F" else ResponsibilitySource.CERTIFICATE,
        }

    person = add_person(
        family=family,
        facts=PersonFacts(
            given_name=given_name,
            family_name=family_name,
            sex=sex,
            birth_date=now.date() - relativedelta(years=age, days=50),
            language="English",
        ),
        ties=[TieFacts(child=child, kind=kind, **responsibility(child)) for child, kind in ties],
        by=by,
        now=now,
    )
    record_contact_point(
        person=person,
        kind=ContactKind.EMAIL,
        value=mailbox(person),
        is_safe=True,
        safe_how="Asked on the first visit",
        safe_on=now.date(),
        by=by,
        now=now,
    )
    return person
