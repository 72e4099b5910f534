"""An unexpected baby: no plan of its own, told at once, a conference prepared; and twins who can be told apart."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from conferences.enums import ConferenceKind, ConferenceStatus
from conferences.models import Conference, ConferenceChild
from conferences.selectors.children import heading_of, names_of, short_name_of
from families.models import Child
from families.services import Birth, PersonFacts, add_pregnancy, record_birth
from families.services.births import NUMBERED
from notifications.models import Notice
from plans.models import Plan
from plans.selectors.listed_children import listed_children
from tests.case_events import CaseEvents, at
from tests.factories import PersonFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

HELD = date(2026, 12, 22)
BORN = date(2027, 1, 18)
NOW = at(date(2027, 1, 19))
# Working: 20 working days from Monday 18 January 2027 (day 0) are over on Monday 15 February.
AFTER_BIRTH = date(2027, 2, 15)


@once_per_module()
def life():
    return CaseEvents()


@once_per_module()
def expected(life):
    """One baby expected in February, with a child protection plan since 22 December."""
    life.mother = PersonFactory(authority=life.authority, given_name="Hazel", family_name="Brambley")
    life.manager = user_with_role(Role.TEAM_MANAGER, team=life.family.team)
    pregnancy = add_pregnancy(
        family=life.family, mother=life.mother, expected_on=date(2027, 2, 10), by=life.worker, now=at(date(2026, 11, 2))
    )
    life.pregnancy, (baby,) = pregnancy, pregnancy.children.all()
    chair = user_with_role(Role.CHAIR, authority=life.authority)
    life.conference = life.closes(life.held([baby], HELD, kind=ConferenceKind.PRE_BIRTH, chair=chair))
    return baby


def facts(given="", **more):
    unnamed = "" if given else "Baby Brambley"
    return PersonFacts(given_name=given, family_name="Brambley", unnamed_as=unnamed, birth_date=BORN, **more)


def born(life, *births):
    return record_birth(pregnancy=life.pregnancy, births=births, by=life.worker, now=NOW)


def pair(life, baby, first="Fern", second="Moss"):
    return born(life, Birth(child=baby, facts=facts(first)), Birth(child=None, facts=facts(second)))


def test_the_unexpected_baby_has_no_plan_and_the_expected_one_keeps_its_own(life, expected):
    fern, moss = pair(life, expected)
    assert fern.pk == expected.pk
    assert [plan.child for plan in Plan.objects.all()] == [fern]
    assert moss not in listed_children([life.authority.pk], on=NOW.date())


def test_chair_social_worker_and_manager_are_told_the_same_hour_what_to_do(life, expected):
    _, moss = pair(life, expected)
    told = Notice.objects.filter(key=f"unexpected-baby:{moss.pk}")
    assert {row.user_id for row in told} == {life.conference.chair_id, life.worker.pk, life.manager.pk}
    assert all(row.urgent for row in told)
    text = told.first().text
    for words in ("No plan covers this baby", "See today that the baby is safe", "strategy discussion"):
        assert words in text
    for name in ("Moss", "Fern", "Brambley"):
        assert name not in text


def test_its_conference_is_prepared_beside_the_others_review(life, expected):
    fern, moss = pair(life, expected)
    prepared = Conference.objects.get(status=ConferenceStatus.REQUESTED)
    assert {(row.child, row.kind) for row in prepared.children.all()} == {
        (moss, ConferenceKind.INITIAL),
        (fern, ConferenceKind.REVIEW),
    }
    assert Notice.objects.filter(text__contains=prepared.reference, key__startswith="unexpected-baby").exists()
    life.count(now=NOW)
    assert life.dates("after-birth", fern) == [(AFTER_BIRTH, None)]
    assert life.dates("unexpected-baby", moss) == [(AFTER_BIRTH, None)]
    assert life.dates("unexpected-baby", fern) == []


def test_the_decision_for_the_baby_meets_its_limit(life, expected):
    _, moss = pair(life, expected)
    conference = Conference.objects.get(status=ConferenceStatus.REQUESTED)
    conference.chair, conference.coordinator = life.conference.chair, life.conference.coordinator
    conference.save()
    life.sits(conference, at(date(2027, 2, 9)))
    life.decides(conference, moss)
    life.count()
    assert life.dates("unexpected-baby", moss) == [(AFTER_BIRTH, date(2027, 2, 9))]
    assert Plan.objects.get(child=moss).starts_on == date(2027, 2, 9)


def test_the_baby_joins_the_conference_that_is_ahead(life, expected):
    ahead = life.booked([expected], date(2027, 2, 8), kind=ConferenceKind.REVIEW)
    _, moss = pair(life, expected)
    assert ConferenceChild.objects.get(child=moss).conference == ahead
    assert not Conference.objects.filter(status=ConferenceStatus.REQUESTED).exists()


def test_without_a_plan_or_conference_only_worker_and_manager_are_told(life, expected):
    Plan.objects.filter(child=expected).update(ends_on=date(2027, 1, 5), end_reason="no_longer_at_risk")
    _, moss = pair(life, expected)
    assert not ConferenceChild.objects.filter(child=moss).exists()
    assert Notice.objects.filter(key=f"unexpected-baby:{moss.pk}", user=life.manager).exists()


def test_a_baby_found_out_about_later_is_not_taken_for_the_first(life, expected):
    (fern,) = born(life, Birth(child=expected, facts=facts("Fern")))
    (moss,) = born(life, Birth(child=None, facts=facts("Moss")))
    assert moss.pk != fern.pk
    assert born(life, Birth(child=None, facts=facts("Moss"))) == [moss]
    assert Child.objects.filter(pregnancy=life.pregnancy).count() == 2
    assert Notice.objects.filter(key=f"unexpected-baby:{moss.pk}", user=life.worker).count() == 1


def test_twins_have_names_that_tell_them_apart_before_and_after(life):
    mother = PersonFactory(authority=life.authority, family_name="Brambley")
    pregnancy = add_pregnancy(
        family=life.family,
        mother=mother,
        expected_on=date(2027, 2, 10),
        number_expected=2,
        by=life.worker,
        now=at(date(2026, 11, 2)),
    )
    rows = list(pregnancy.children.order_by("born_order"))
    assert [short_name_of(child) for child in rows] == ["the unborn baby (1 of 2)", "the unborn baby (2 of 2)"]
    conference = life.booked(rows, date(2026, 12, 1), kind=ConferenceKind.PRE_BIRTH)
    children = list(conference.children.select_related("child__person", "child__pregnancy").order_by("pk"))
    assert names_of(children) == "the unborn baby (1 of 2) and the unborn baby (2 of 2)"
    assert heading_of(children) == "Unborn baby (1 of 2) and unborn baby (2 of 2)"
    births = [Birth(child=child, facts=facts()) for child in rows]
    twins = record_birth(pregnancy=pregnancy, births=births, by=life.worker, now=NOW)
    assert [short_name_of(child) for child in twins] == ["Baby Brambley (1 of 2)", "Baby Brambley (2 of 2)"]


def test_without_first_names_an_unexpected_pair_is_told_apart(life, expected):
    (first,) = born(life, Birth(child=expected, facts=facts()))
    assert first.person.short_name == "Baby Brambley"
    (second,) = born(life, Birth(child=None, facts=facts()))
    first.person.refresh_from_db()
    assert [first.person.short_name, second.person.short_name] == ["Baby Brambley (1 of 2)", "Baby Brambley (2 of 2)"]
    assert NUMBERED.search(second.person.full_name)


def test_two_babies_with_one_first_name_are_refused(life, expected):
    with pytest.raises(ValidationError, match="Give each a name of its own"):
        pair(life, expected, "Fern", "fern")


def test_initials_that_are_shared_show_as_much_of_the_name_as_is_needed(life, expected):
    pair(life, expected, "Rowan", "Ruby")
    conference = Conference.objects.get(status=ConferenceStatus.REQUESTED)
    children = list(conference.children.select_related("child__person", "child__pregnancy").order_by("child"))
    assert heading_of(children) == "Ro.B. and Ru.B."


def test_an_expected_twin_with_a_plan_of_its_own_runs_no_second_limit(life):
    first, second = life.unborn(date(2027, 2, 10), number=2)
    life.closes(life.held([first, second], HELD, kind=ConferenceKind.PRE_BIRTH))
    for child in (first, second):
        life.born(child, BORN)
    life.count(now=NOW)
    assert life.rows("unexpected-baby") == []
