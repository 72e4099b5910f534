"""Situations T1 to T20 that the data about people must be able to represent; plans and meetings test theirs."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.enums import Role
from families import selectors, services
from families.access import FAMILY_RULE, visible_families
from families.enums import (
    Certainty,
    EnquiryOutcome,
    NameKind,
    PregnancyOutcome,
    RelationshipKind,
    ResponsibilitySource,
    ResponsibilityStatus,
)
from families.models import Child, Enquiry, FamilyMember, ParentalResponsibility, PersonName, Residence
from families.services import Birth, PersonFacts, TieFacts
from tests.factories import EnquiryFactory, StrategyDiscussionFactory, user_with_role
from tests.families.conftest import NOW, TODAY, facts, held, tie

pytestmark = pytest.mark.django_db


def names(people):
    return [person.full_name for person in people]


# T1


def test_a_16_year_old_subject_may_be_the_mother_of_an_unborn_child(case):
    """T1, T2"""
    sorrel = services.add_child(
        family=case.family,
        facts=facts("Sorrel", "Brambley", birth_date=datetime.date(2010, 6, 1), sex="F"),
        by=case.council.worker,
        now=NOW,
    )
    pregnancy = services.add_pregnancy(
        family=case.family, mother=sorrel.person, expected_on=datetime.date(2027, 5, 1), by=case.council.worker, now=NOW
    )
    baby = pregnancy.children.get()
    assert (baby.pregnancy.mother, baby.person.full_name) == (sorrel.person, "Unborn baby Brambley")
    adults = selectors.adults_for([baby], on=TODAY)
    assert [(adult.person, adult.ties[0].words) for adult in adults] == [(sorrel.person, "Mother")]


def test_an_aunt_may_be_the_teacher(case):
    """T1"""
    aunt = services.add_person(
        family=case.family,
        facts=facts("Ivy", "Brambley"),
        ties=[tie(case.wren, RelationshipKind.AUNT_OR_UNCLE)],
        by=case.council.worker,
        now=NOW,
    )
    post = services.add_post(agency=case.school, person=aunt, title="Teacher", by=case.council.worker)
    assert (post.person, list(aunt.posts.all()), aunt.relationships.get().kind) == (aunt, [post], "aunt_or_uncle")


def test_a_social_worker_who_is_a_parent_elsewhere_never_sees_that_family(case):
    """T1: conflict of interest is by person, whatever the roles."""
    case.father.user = case.council.worker
    case.father.save()
    assert list(visible_families(case.council.worker)) == []
    assert FAMILY_RULE.right_of(case.council.manager, case.family) == "team manager"


def test_a_case_can_not_be_allocated_to_a_relative(case):
    """T1"""
    colleague = user_with_role(Role.SOCIAL_WORKER, team=case.council.team)
    case.grandmother.user = colleague
    case.grandmother.save()
    with pytest.raises(ValidationError) as refusal:
        services.allocate_case(family=case.family, user=colleague, starts_on=TODAY, by=case.council.manager, now=NOW)
    assert refusal.value.message_dict == {"user": ["This person can't hold the case. Choose someone else."]}


# T2


def test_the_parents_of_an_under_18_mother_hold_responsibility_for_her_and_not_for_the_baby(case):
    """T2"""
    pregnancy = services.add_pregnancy(
        family=case.family,
        mother=case.robin.person,
        expected_on=datetime.date(2027, 5, 1),
        by=case.council.worker,
        now=NOW,
    )
    child = pregnancy.children.get()
    [born] = services.record_birth(
        pregnancy=pregnancy,
        births=[Birth(child=child, facts=facts("Fern", "Brambley", birth_date=TODAY))],
        by=case.council.worker,
        now=NOW,
    )
    holders = selectors.holders_of_responsibility([case.robin, born], on=TODAY)
    assert {pk: {row.person for row in rows} for pk, rows in holders.items()} == {
        case.robin.pk: {case.mother, case.robins_father},
        born.pk: {case.robin.person},
    }


# T3


def test_responsibility_is_kept_per_child_dated_with_its_source(case):
    """T3"""
    services.record_tie(
        person=case.grandmother,
        tie=TieFacts(
            child=case.wren,
            responsibility=ResponsibilityStatus.HELD,
            basis=ResponsibilitySource.ORDER,
            source="Family court",
        ),
        since=datetime.date(2026, 11, 1),
        by=case.council.worker,
        today=TODAY,
    )
    rows = ParentalResponsibility.objects.filter(person=case.grandmother)
    assert [(row.child, row.basis, row.starts_on, row.source) for row in rows] == [
        (case.wren, "order", datetime.date(2026, 11, 1), "Family court")
    ]


@pytest.mark.parametrize("status", [ResponsibilityStatus.UNKNOWN, ResponsibilityStatus.DISPUTED])
def test_responsibility_may_be_unknown_or_disputed_and_is_then_not_held(case, status):
    """T3"""
    services.record_tie(
        person=case.robins_father,
        tie=TieFacts(child=case.robin, responsibility=status),
        by=case.council.worker,
        today=TODAY,
    )
    [adult] = [a for a in selectors.adults_for([case.robin], on=TODAY) if a.person == case.robins_father]
    held_by = selectors.holders_of_responsibility([case.robin], on=TODAY)[case.robin.pk]
    assert adult.ties[0].responsibility.status == status
    assert [row.person for row in held_by] == [case.mother]


def test_the_council_may_hold_responsibility_under_a_care_order(case):
    """T3"""
    services.record_council_responsibility(child=case.wren, starts_on=TODAY, by=case.council.worker)
    services.record_council_responsibility(child=case.wren, starts_on=TODAY, by=case.council.worker)
    held_by = selectors.holders_of_responsibility([case.wren], on=TODAY)[case.wren.pk]
    assert [(row.person, row.held_by_council) for row in held_by] == [
        (case.mother, False),
        (case.father, False),
        (None, True),
    ]


def test_responsibility_can_not_be_held_before_the_birth(case):
    """T3"""
    with pytest.raises(ValidationError) as refusal:
        services.record_tie(
            person=case.mother, tie=held(case.baby, RelationshipKind.MOTHER), by=case.council.worker, today=TODAY
        )
    assert refusal.value.messages == ["No one has parental responsibility for a child before the birth."]


@pytest.mark.parametrize(
    ("given", "called"),
    [
        (PersonFacts(unnamed_as="Robin’s father"), "Robin’s father"),
        (PersonFacts(given_name="Lee"), "Lee"),
        (facts("Ash", "Brambley", circumstances="In prison"), "Ash Brambley"),
        (facts("Ash", "Brambley", circumstances="Can't decide about this"), "Ash Brambley"),
        (facts("Ash", "Brambley", death_date=datetime.date(2024, 1, 1)), "Ash Brambley"),
    ],
)
def test_a_father_may_be_unnamed_first_name_only_in_prison_lacking_capacity_or_dead(case, given, called):
    """T3"""
    father = services.add_person(
        family=case.family,
        facts=given,
        ties=[tie(case.robin, RelationshipKind.POSSIBLE_FATHER, certainty=Certainty.UNKNOWN)],
        by=case.council.worker,
        now=NOW,
    )
    assert (father.full_name, father.relationships.get().certainty) == (called, "unknown")


# T4


def test_a_family_splits_and_a_child_lives_in_two_homes(case):
    """T4"""
    by = case.council.worker
    second = services.create_family(
        authority=case.council.authority, team=case.council.team, name="Alder", by=by, now=NOW
    )
    services.join_family(second, case.robin.person, starts_on=TODAY)
    services.record_residence(persons=[case.robin.person], lines="1 Bramble Way", by=by, now=NOW)
    services.record_residence(persons=[case.robin.person], lines="2 Alder Close", is_main=False, by=by, now=NOW)
    assert list(selectors.children_of(second, on=TODAY)) == [case.robin]
    assert list(selectors.children_of(case.family, on=TODAY)) == [case.robin, case.wren, case.baby]
    homes = Residence.objects.filter(person=case.robin.person).order_by("pk")
    assert [(str(home.address), home.is_main, home.ends_on) for home in homes] == [
        ("1 Bramble Way", True, None),
        ("2 Alder Close", False, None),
    ]


def test_leaving_a_family_keeps_the_membership_in_history(case):
    """T4"""
    member = FamilyMember.objects.get(family=case.family, person=case.wren.person)
    services.end_record(row=member, on=TODAY, by=case.council.worker)
    yesterday = TODAY - datetime.timedelta(days=1)
    assert list(selectors.children_of(case.family, on=TODAY)) == [case.robin, case.baby]
    assert list(selectors.children_of(case.family, on=yesterday)) == [case.robin, case.wren, case.baby]


# T5


def test_a_move_ends_the_earlier_home_and_keeps_it(case):
    """T5"""
    by = case.council.worker
    services.record_residence(
        persons=[case.mother], lines="1 Old Row", starts_on=datetime.date(2020, 1, 1), source="Mother", by=by, now=NOW
    )
    services.record_residence(
        persons=[case.mother],
        lines="Hidden House",
        starts_on=datetime.date(2026, 12, 1),
        source="Refuge",
        confidential=True,
        by=by,
        now=NOW,
    )
    homes = Residence.objects.filter(person=case.mother).order_by("starts_on")
    assert [(str(home.address), home.starts_on, home.ends_on, home.source, home.confidential) for home in homes] == [
        ("1 Old Row", datetime.date(2020, 1, 1), datetime.date(2026, 12, 1), "Mother", False),
        ("Hidden House", datetime.date(2026, 12, 1), None, "Refuge", True),
    ]


def test_a_changed_name_keeps_the_old_one_findable(case):
    """T5, T18"""
    changed = facts("Hazel", "Ashdown", sex="F", birth_date=case.mother.birth_date)
    services.change_person(person=case.mother, facts=changed, by=case.council.worker, now=NOW)
    former = PersonName.objects.get(person=case.mother)
    assert (former.kind, str(former), former.ends_on) == (NameKind.FORMER, "Hazel Brambley", TODAY)


# T6


def test_an_unborn_child_becomes_the_same_child_with_the_same_reference(case):
    """T6"""
    before = (case.baby.pk, case.baby.council_child_id)
    assert case.baby.is_unborn
    [born] = services.record_birth(
        pregnancy=case.pregnancy,
        births=[Birth(child=case.baby, facts=facts("Fern", "Brambley", sex="F", birth_date=TODAY))],
        by=case.council.worker,
        now=NOW,
    )
    born = Child.objects.get(pk=born.pk)
    assert ((born.pk, born.council_child_id), born.is_unborn, born.person.full_name) == (before, False, "Fern Brambley")
    assert born.pregnancy.outcome == PregnancyOutcome.LIVE_BIRTH
    assert [row.person for row in selectors.holders_of_responsibility([born], on=TODAY)[born.pk]] == [case.mother]


def test_an_unexpected_twin_is_a_new_child(case):
    """T6: it starts without a plan, whatever plan its twin has."""
    births = [
        Birth(child=case.baby, facts=facts("Fern", "Brambley", birth_date=TODAY)),
        Birth(child=None, facts=facts("Moss", "Brambley", birth_date=TODAY)),
    ]
    for _ in range(2):
        fern, moss = services.record_birth(pregnancy=case.pregnancy, births=births, by=case.council.worker, now=NOW)
    assert (fern, moss.person.full_name) == (case.baby, "Moss Brambley")
    assert moss.council_child_id != fern.council_child_id
    assert list(selectors.children_of(case.family, on=TODAY)) == [case.robin, case.wren, fern, moss]


def test_twins_expected_are_two_children_from_the_start(council, family):
    """T6"""
    mother = services.add_person(family=family, facts=facts("Hazel", "Brambley"), by=council.worker, now=NOW)
    pregnancy = services.add_pregnancy(
        family=family,
        mother=mother,
        expected_on=datetime.date(2027, 4, 1),
        number_expected=2,
        by=council.worker,
        now=NOW,
    )
    children = list(pregnancy.children.order_by("born_order"))
    assert names(child.person for child in children) == [
        "Unborn baby Brambley (1 of 2)",
        "Unborn baby Brambley (2 of 2)",
    ]
    services.record_birth(
        pregnancy=pregnancy,
        births=[Birth(child=children[0], facts=facts("Fern", "Brambley", birth_date=TODAY))],
        by=council.worker,
        now=NOW,
    )
    assert [child.is_unborn for child in pregnancy.children.order_by("born_order")] == [False, True]


def test_each_expected_date_is_kept(case):
    """T6"""
    services.change_expected_date(
        pregnancy=case.pregnancy, expected_on=datetime.date(2027, 4, 9), source="Scan", by=case.council.worker, now=NOW
    )
    dates = case.pregnancy.expected_dates.all()
    assert [(row.expected_on, row.source) for row in dates] == [
        (datetime.date(2027, 4, 1), ""),
        (datetime.date(2027, 4, 9), "Scan"),
    ]


@pytest.mark.parametrize(
    "outcome",
    [
        PregnancyOutcome.STILLBIRTH,
        PregnancyOutcome.MISCARRIAGE,
        PregnancyOutcome.TERMINATION,
        PregnancyOutcome.NOT_PREGNANT,
        PregnancyOutcome.UNKNOWN,
    ],
)
def test_a_pregnancy_may_end_without_a_living_child(case, outcome):
    """T6"""
    services.end_pregnancy(pregnancy=case.pregnancy, outcome=outcome, ended_on=TODAY, by=case.council.worker, now=NOW)
    baby = Child.objects.get(pk=case.baby.pk)
    died_on = TODAY if outcome == PregnancyOutcome.STILLBIRTH else None
    assert (baby.is_unborn, baby.person.death_date) == (False, died_on)
    with pytest.raises(ValidationError):
        services.record_birth(
            pregnancy=case.pregnancy,
            births=[Birth(child=baby, facts=facts("Fern", "Brambley", birth_date=TODAY))],
            by=case.council.worker,
            now=NOW,
        )


def test_a_pregnancy_ends_on_a_day(case):
    """T6, kept by the database"""
    case.pregnancy.outcome = PregnancyOutcome.MISCARRIAGE
    with pytest.raises(IntegrityError), transaction.atomic():
        case.pregnancy.save()


# T8


def test_enquiries_are_per_child_and_discussion(case):
    """T8: one discussion for several, siblings on different days, several for one, none for an added sibling."""
    first = StrategyDiscussionFactory(family=case.family)
    second = StrategyDiscussionFactory(
        family=case.family, held_at=datetime.datetime(2026, 12, 10, 9, tzinfo=datetime.UTC)
    )
    for child, discussion in ((case.robin, first), (case.wren, first), (case.robin, second)):
        EnquiryFactory(child=child, discussion=discussion, outcome=EnquiryOutcome.UNDER_WAY)
    started = Enquiry.objects.order_by("pk").values_list("child", "started_on")
    assert list(started) == [
        (case.robin.pk, datetime.date(2026, 12, 8)),
        (case.wren.pk, datetime.date(2026, 12, 8)),
        (case.robin.pk, datetime.date(2026, 12, 10)),
    ]
    assert not case.baby.enquiries.exists()


def test_a_discussion_starts_one_enquiry_for_a_child(case):
    """T8, kept by the database"""
    enquiry = EnquiryFactory(child=case.robin, discussion=StrategyDiscussionFactory(family=case.family))
    with pytest.raises(IntegrityError), transaction.atomic():
        EnquiryFactory(child=case.robin, discussion=enquiry.discussion)
