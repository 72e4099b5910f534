"""Situations T11 to T20 that the data about families can hold: earlier plans, sealed and doubled records, missing answers."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.enums import Role
from families import selectors, services
from families.access import visible_families, visible_persons
from families.enums import (
    MISSING_ANSWERS,
    AgencyKind,
    Answer,
    DatePrecision,
    LegalStatusKind,
    NameKind,
    RelationshipKind,
)
from families.models import Family, Person, Relationship
from families.services import PersonFacts
from tests.factories import ChildFactory, user_with_role
from tests.families.conftest import NOW, TODAY, facts, tie
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db


# T11, T12


def test_earlier_plans_held_elsewhere_are_counted(council, family):
    """T11"""
    child = services.add_child(
        family=family,
        facts=facts("Robin", "Brambley", birth_date=datetime.date(2015, 5, 14)),
        previous_plans_elsewhere=2,
        by=council.worker,
        now=NOW,
    )
    assert child.previous_plans_elsewhere == 2


def test_two_councils_may_know_one_child_without_sight_of_each_other(case):
    """T12"""
    other = user_with_role(Role.SERVICE_MANAGER)
    elsewhere = services.create_family(
        authority=other.authority,
        team=user_with_role(Role.SOCIAL_WORKER, authority=other.authority).current_roles[0].team,
        name="Brambley",
        by=other,
        now=NOW,
    )
    same = services.add_child(
        family=elsewhere, facts=facts("Robin", "Brambley", birth_date=datetime.date(2015, 5, 14)), by=other, now=NOW
    )
    assert set(visible_families(other)) == {elsewhere}
    assert set(visible_families(case.council.worker)) == {case.family}
    assert same.person not in visible_persons(case.council.worker)


# T13


def test_legal_statuses_can_coexist(case):
    """T13"""
    for status in (LegalStatusKind.LOOKED_AFTER, LegalStatusKind.INTERIM_CARE_ORDER, LegalStatusKind.LOOKED_AFTER):
        services.record_legal_status(child=case.wren, status=status, starts_on=TODAY, by=case.council.worker)
    statuses = case.wren.legal_statuses.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["looked_after", "interim_care_order"]


# T14


def test_a_sealed_child_is_on_no_page_list_or_search(case):
    """T14"""
    services.seal_person(person=case.wren.person, because="Adoption order", by=case.council.manager, now=NOW)
    assert list(selectors.children_of(case.family, on=TODAY)) == [case.robin, case.baby]
    assert case.wren.person not in visible_persons(case.council.worker)
    assert list(selectors.search_families(Family.objects.all(), "Wren")) == []
    assert list(selectors.search_families(Family.objects.all(), "2 February 2020")) == []


def test_a_sealed_record_can_not_be_merged(case):
    """T14"""
    services.seal_person(person=case.grandmother, because="New identity", by=case.council.manager, now=NOW)
    double = Person.objects.create(authority=case.council.authority, given_name="Olive", family_name="Brambley")
    with pytest.raises(ValidationError) as refusal:
        services.propose_merge(
            kept=double,
            merged=Person.objects.get(pk=case.grandmother.pk),
            reason="Same name",
            by=case.council.worker,
            now=NOW,
        )
    assert refusal.value.messages == ["These records can't be joined."]


def test_a_record_is_sealed_for_a_reason(case):
    """T14, kept by the database"""
    case.grandmother.sealed_at = NOW
    with pytest.raises(IntegrityError), transaction.atomic():
        case.grandmother.save()


def test_a_family_whose_only_child_is_sealed_stays_closed(council, family):
    """T14"""
    child = ChildFactory(authority=council.authority, family=family)
    services.seal_person(person=child.person, because="Adoption order", by=council.manager, now=NOW)
    assert list(visible_families(council.worker)) == []


# T15


@once_per_module(at=NOW)
def double(case) -> Person:
    """A second record of the father, in another team's family."""
    worker = user_with_role(Role.SOCIAL_WORKER, authority=case.council.authority, name="Ivor Dunnock")
    other = services.create_family(
        authority=case.council.authority, team=worker.current_roles[0].team, name="Sedge", by=worker, now=NOW
    )
    return services.add_person(family=other, facts=facts("Dale", "Ashdon"), by=worker, now=NOW)


def test_a_proposed_merge_changes_and_opens_nothing(case, double):
    """T15"""
    before = set(visible_persons(case.council.worker))
    services.propose_merge(kept=case.father, merged=double, reason="Same birth date", by=case.council.worker, now=NOW)
    assert set(visible_persons(case.council.worker)) == before


def test_a_merge_needs_a_second_person(case, double):
    """T15"""
    merge = services.propose_merge(
        kept=case.father, merged=double, reason="Same birth date", by=case.council.worker, now=NOW
    )
    with pytest.raises(ValidationError) as refusal:
        services.agree_merge(merge=merge, by=case.council.worker, now=NOW)
    assert refusal.value.messages == ["Someone other than the person who proposed it has to agree."]


def test_an_agreed_merge_can_be_undone(case, double):
    """T15"""
    merge = services.propose_merge(
        kept=case.father, merged=double, reason="Same birth date", by=case.council.worker, now=NOW
    )
    for _ in range(2):
        services.agree_merge(merge=merge, by=case.council.manager, now=NOW)
    assert case.father.memberships.count() == 2
    assert list(Person.objects.findable().filter(pk=double.pk)) == []
    services.ask_to_undo_merge(merge=merge, reason="Two cousins", by=case.council.worker, now=NOW)
    for _ in range(2):
        services.undo_merge(merge=merge, by=case.council.manager, now=NOW)
    assert (case.father.memberships.count(), double.memberships.count()) == (1, 1)
    assert list(Person.objects.findable().filter(pk=double.pk)) == [double]


def test_a_membership_that_both_records_have_stays_behind(case):
    """T15"""
    double = services.add_person(family=case.family, facts=facts("Dale", "Ashdon"), by=case.council.worker, now=NOW)
    merge = services.propose_merge(kept=case.father, merged=double, reason="Same man", by=case.council.worker, now=NOW)
    services.agree_merge(merge=merge, by=case.council.manager, now=NOW)
    assert (case.father.memberships.count(), double.memberships.count()) == (1, 1)
    assert double.pk not in {person.pk for person in selectors.members_of(case.family, on=TODAY)}


def test_a_childs_record_is_never_given_up(case):
    """T15"""
    with pytest.raises(ValidationError) as refusal:
        services.propose_merge(
            kept=case.mother, merged=case.robin.person, reason="Slip", by=case.council.worker, now=NOW
        )
    assert refusal.value.messages == ["A child's record can't be given up. Keep the child's record."]


# T16


def test_missing_answers_are_five_distinct_values(case):
    """T16"""
    assert {
        Answer.REFUSED, Answer.BLANK, Answer.UNKNOWN, Answer.NOT_ASKED, Answer.DOES_NOT_APPLY
    } == MISSING_ANSWERS  # fmt: skip
    for answer in Answer:
        services.record_tie(
            person=case.grandmother,
            tie=tie(case.robin, RelationshipKind.GRANDPARENT, parent_comfortable=answer),
            by=case.council.worker,
            today=TODAY,
        )
        assert Relationship.objects.get(person=case.grandmother).parent_comfortable == answer


# T17


def test_16_and_17_year_olds_are_identified_by_age(case):
    """T17: plans ask for their own consent; this is the age that plans check."""
    young = ChildFactory(
        authority=case.council.authority, family=case.family, person__birth_date=datetime.date(2010, 12, 8)
    )
    yesterday = TODAY - datetime.timedelta(days=1)
    assert (young.age(yesterday), young.age(TODAY)) == (15, 16)


# T18


@pytest.mark.parametrize("kind", NameKind)
def test_search_covers_every_name_and_shows_the_current_one(case, kind):
    """T18"""
    services.add_name(person=case.father, kind=kind, given_name="Deano", family_name="", by=case.council.worker)
    assert list(selectors.search_families(Family.objects.all(), "deano")) == [case.family]
    assert case.father.full_name == "Dale Ashdown"


def test_one_name_is_enough_and_none_is_not(case):
    """T18"""
    madonna = services.add_person(
        family=case.family, facts=PersonFacts(family_name="Sorrel"), by=case.council.worker, now=NOW
    )
    assert (madonna.full_name, madonna.short_name, madonna.initials) == ("Sorrel", "Sorrel", "S.")
    with pytest.raises(ValidationError) as refusal:
        services.add_person(family=case.family, facts=PersonFacts(), by=case.council.worker, now=NOW)
    assert refusal.value.message_dict == {
        "given_name": ["Enter a name, or what to call someone whose name is not known."]
    }
    with pytest.raises(ValidationError, match="Say who is added"):
        services.add_person(family=case.family, by=case.council.worker, now=NOW)


@pytest.mark.parametrize("name", ["O’Neill-D'Arcy", "Zoë Ńuñez", "مريم الزهراء", "Robin 🌻", "Ñ" * 100])
def test_names_keep_apostrophes_accents_scripts_and_emoji(case, name):
    """T18"""
    person = services.add_person(
        family=case.family, facts=PersonFacts(given_name=name), by=case.council.worker, now=NOW
    )
    assert Person.objects.get(pk=person.pk).full_name == name


# T20


def test_a_birth_date_may_be_unknown_estimated_or_disputed(case):
    """T20"""
    unknown = Person(given_name="Lee")
    assert (unknown.age(TODAY), unknown.turned(18, TODAY)) == (None, False)
    child = services.add_child(
        family=case.family,
        facts=facts(
            "Lee",
            "Teasel",
            birth_date=datetime.date(2010, 1, 1),
            birth_date_precision=DatePrecision.ESTIMATED,
            age_disputed=True,
        ),
        by=case.council.worker,
        now=NOW,
    )
    assert (child.person.birth_date_precision, child.person.age_disputed, child.age(TODAY)) == ("estimated", True, 16)


def test_a_child_who_turned_18_keeps_the_record(case):
    """T20"""
    later = datetime.date(2033, 5, 14)
    assert selectors.children_of(case.family, on=later).first() == case.robin
    assert (case.robin.person.turned(18, later), case.robin.age(later)) == (True, 18)


def test_a_person_born_on_29_february_turns_18_on_1_march():
    """T20"""
    person = Person(given_name="Leap", birth_date=datetime.date(2008, 2, 29))
    days = datetime.date(2026, 2, 28), datetime.date(2026, 3, 1)
    assert [person.age(day) for day in days] == [17, 18]


# Rules enforced by the database


def test_case_rows_are_never_deleted(case):
    for row in (case.family, case.robin, case.mother, case.pregnancy):
        with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
            type(row).objects.filter(pk=row.pk)._raw_delete("default")


def test_a_childs_reference_is_unique_in_its_council(case):
    with pytest.raises(IntegrityError), transaction.atomic():
        ChildFactory(authority=case.council.authority, council_child_id=case.robin.council_child_id)


def test_an_agency_involvement_is_recorded_once(case):
    known = case.wren.involvements.get()
    again = services.record_involvement(
        children=[case.wren], agency=case.school, post=known.post, by=case.council.worker, now=NOW
    )
    assert again == [known]
    gp = services.add_agency(
        authority=case.council.authority, kind=AgencyKind.GP, name=" Quayside  Surgery", by=case.council.worker
    )
    same = services.add_agency(
        authority=case.council.authority, kind=AgencyKind.GP, name="quayside surgery", by=case.council.worker
    )
    assert (gp, gp.name) == (same, "Quayside Surgery")
