"""A mother under 18 with a plan of her own: hers and her baby's stand apart, and nothing of one shows in the other."""

from __future__ import annotations

import json
from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import Capacity, ConferenceKind
from conferences.selectors.joining import candidate_of
from conferences.selectors.standing_apart import apart_before_booking
from conferences.services.booking import ChildToConfer
from conferences.services.scheduling import request_conference
from core_groups.models import CoreGroup, CoreGroupMember
from core_groups.services.meetings import record_meeting
from families.enums import RelationshipKind
from families.models import FamilyMember
from families.selectors.young_parents import young_parents
from govuk.words import NO_BREAK
from plans.enums import Occasion, PlanEntryKind, WhyChanged
from plans.models import Plan
from plans.selectors.apart import stands_apart
from plans.selectors.document import plans_written_with
from plans.selectors.own_copies import own_copy
from plans.selectors.plan_readers import readers_of
from plans.services.document import EntryWords, add_to_plans
from plans.services.versions import Why
from reports.content.freezing import content_of
from tests.case_events import CaseEvents, at
from tests.factories import (
    FamilyFactory,
    ParticipantFactory,
    PersonFactory,
    PregnancyFactory,
    RelationshipFactory,
    TeamFactory,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

TODAY = date(2027, 2, 15)
NOW = at(TODAY)
OF_ROBIN, OF_KIT = "QUAGMIRE", "PERIWINKLE"


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def life():
    """Robin, 16, has a plan; so has the unborn Kit, whose mother Robin is. One chair and one worker did both."""
    made = CaseEvents()
    authority = made.authority
    made.chair = user_with_role(Role.CHAIR, authority=authority)
    made.manager = user_with_role(Role.TEAM_MANAGER, team=made.family.team)
    made.robin = made.child(person__given_name="Robin", person__birth_date=date(2010, 5, 5))
    pregnancy = PregnancyFactory(authority=authority, mother=made.robin.person, expected_on=date(2027, 5, 1))
    made.kit = made.child(person__birth_date=None, person__given_name="Kit", pregnancy=pregnancy)
    made.father = PersonFactory(authority=authority, given_name="Dale")
    made.grandmother = PersonFactory(authority=authority, given_name="Hazel")
    RelationshipFactory(child=made.kit, person=made.robin.person, kind=RelationshipKind.MOTHER)
    RelationshipFactory(child=made.kit, person=made.father, kind=RelationshipKind.FATHER)
    RelationshipFactory(child=made.robin, person=made.grandmother, kind=RelationshipKind.MOTHER)
    made.discussed(made.kit, date(2027, 1, 12))
    made.advocate = PersonFactory(authority=authority, given_name="Ada", family_name="Speaker")
    made.seats = {}

    def sits(conference, person, capacity):
        made.seats[conference.pk, person.pk] = ParticipantFactory(
            conference=conference, person=person, capacity=capacity, post=None, agency=None, email=""
        )

    made.own = made.booked([made.robin], date(2026, 12, 22), chair=made.chair)
    made.babys = made.booked([made.kit], date(2027, 1, 25), kind=ConferenceKind.PRE_BIRTH, chair=made.chair)
    for person, capacity in (
        (made.robin.person, Capacity.CHILD),
        (made.grandmother, Capacity.PARENT),
        (made.father, Capacity.RELATIVE),
        (made.advocate, Capacity.ADVOCATE),
    ):
        sits(made.own, person, capacity)
    for person, capacity in (
        (made.robin.person, Capacity.PARENT),
        (made.father, Capacity.PARENT),
        (made.grandmother, Capacity.RELATIVE),
        (made.advocate, Capacity.ADVOCATE),
    ):
        sits(made.babys, person, capacity)
    for conference, child in ((made.own, made.robin), (made.babys, made.kit)):
        made.decides(conference, child)
        made.closes(conference)
    made.plans = {plan.child_id: plan for plan in Plan.objects.select_related("child__person", "authority")}
    why = Why(occasion=Occasion.BETWEEN, because=WhyChanged.CIRCUMSTANCES, reason="So", by=made.worker, now=NOW)
    for child, marker in ((made.robin, OF_ROBIN), (made.kit, OF_KIT)):
        words = EntryWords(kind=PlanEntryKind.NEED, text=f"To be safe: {marker}", services=marker)
        add_to_plans(plans=[made.plans[child.pk]], words=words, why=why)
    return made


def apart(life, child, user=None):
    return stands_apart([child.pk], user or life.worker, on=TODAY)


# Who is one


def test_a_mother_is_one_before_the_birth_and_after_until_she_is_18(life):
    assert [(row.parent, row.baby, row.word) for row in young_parents([life.kit.pk], on=TODAY)] == [
        (life.robin, life.kit, "mother")
    ]
    assert young_parents([life.robin.pk], on=TODAY) == young_parents([life.kit.pk], on=TODAY)
    life.born(life.kit, TODAY)
    assert len(young_parents([life.kit.pk], on=TODAY)) == 1
    assert young_parents([life.kit.pk], on=date(2028, 5, 5)) == []


# Conferences


def test_no_conference_is_about_both(life):
    asked = [ChildToConfer(child=child, kind=ConferenceKind.REVIEW) for child in (life.robin, life.kit)]
    with pytest.raises(ValidationError) as refused:
        request_conference(family=life.family, children=asked, reason="A review", by=life.worker, now=NOW)
    assert "Each has a conference of their own" in refused.value.message_dict["children"][0]
    conference = request_conference(family=life.family, children=asked[:1], reason="A review", by=life.worker, now=NOW)
    assert "Each has a conference of their own" in candidate_of(conference, life.kit, on=TODAY).refusal


def test_whoever_books_is_told_whom_the_other_has(life):
    (said,) = apart_before_booking([life.kit], life.worker, on=TODAY)
    assert said.replace(NO_BREAK, " ").startswith("Robin, mother of Kit, has a conference of their own.")
    assert f"{life.chair.name} (chair)" in said
    assert "Ada Speaker (advocate)" in said
    assert apart_before_booking([life.kit], user_with_role(Role.SOCIAL_WORKER), on=TODAY) == []


def test_the_booking_page_says_so(life, client):
    client.force_login(life.worker)
    url = reverse("conferences:schedule", args=[life.family.pk])
    typed = {"day": "2027-03-16", "slot": "start=10:00"}
    both = client.post(url, {**typed, "children": [life.kit.pk, life.robin.pk]}).content.decode()
    assert "Each has a conference of their own" in both
    for child in (life.kit, life.robin):
        page = client.post(url, {**typed, "children": [child.pk]}).content.decode()
        assert "It stands apart: choose other people than" in page.replace(NO_BREAK, " "), child


# Pages


def test_each_plan_says_that_the_other_stands_apart_and_whom_both_have(life):
    (of_kit,) = apart(life, life.kit)
    assert of_kit.words == "Kit’s mother, Robin, has a plan of her own: it stands apart."
    (of_robin,) = apart(life, life.robin)
    assert of_robin.words == "Kit, whose mother is Robin, has a plan too: it stands apart."
    assert (
        of_kit.same
        == of_robin.same
        == [
            f"Both have the same chair, {life.chair.name}.",
            "Both have the same advocate, Ada Speaker.",
            f"Both have the same key worker, {life.worker.name}.",
        ]
    )


def test_only_who_may_see_both_reads_it(life, client):
    there = FamilyFactory(authority=life.authority, team=TeamFactory(authority=life.authority), restricted=True)
    FamilyMember.objects.filter(person=life.robin.person).update(family=there)
    other = user_with_role(Role.TEAM_MANAGER, team=life.family.team)
    url = reverse("plans:plan", args=[life.plans[life.kit.pk].pk])
    life.own.family = there
    life.own.save(update_fields=["family"])
    client.force_login(other)
    page = client.get(url).content.decode()
    assert "Kit" in page
    assert "stands apart" not in page
    assert apart(life, life.kit, other) == []


def test_the_pages_show_nothing_that_the_other_plan_says(life, client):
    client.force_login(life.worker)
    for child, own, others in ((life.kit, OF_KIT, OF_ROBIN), (life.robin, OF_ROBIN, OF_KIT)):
        plan = life.plans[child.pk]
        for page in ("plan", "write", "versions"):
            answer = client.get(reverse(f"plans:{page}", args=[plan.pk]), follow=True).content.decode()
            assert others not in answer, page
        assert own in client.get(reverse("plans:plan", args=[plan.pk])).content.decode()
        assert plans_written_with(plan, life.worker, on=TODAY) == [plan]


def test_the_conference_says_it_too(life, client):
    client.force_login(life.chair)
    page = client.get(reverse("conferences:overview", args=[life.babys.pk])).content.decode()
    assert "has a plan of her own: it stands apart" in page
    assert OF_ROBIN not in page


# Counted apart


def test_visits_and_core_groups_are_counted_apart(life):
    life.count(NOW)
    groups = {group.plans.get().child: group for group in CoreGroup.objects.all()}
    assert set(groups) == {life.robin, life.kit}
    member = CoreGroupMember.objects.create(
        core_group=groups[life.robin], person=life.grandmother, starts_on=date(2027, 1, 4)
    )
    member.plans.set([life.plans[life.robin.pk]])
    record_meeting(
        core_group=groups[life.robin],
        meeting=None,
        held_at=at(date(2027, 2, 1)),
        present=[member],
        next_at=None,
        next_place="",
        by=life.worker,
        now=NOW,
    )
    life.visited(life.robin, date(2027, 2, 2))
    life.count(NOW)
    assert next(met for _, met in life.dates("visit", life.robin)) == date(2027, 2, 2)
    assert [met for _, met in life.dates("visit", life.kit)] == [None]
    held = {row.fact_id: row.met_at is not None for row in life.rows("first-core-group")}
    assert held[groups[life.kit].pk] is False


def test_the_page_of_a_core_group_says_that_the_other_has_the_same_members(life, client):
    groups = [CoreGroup.objects.get(plans=life.plans[child.pk]) for child in (life.robin, life.kit)]
    said = "has the same members"
    client.force_login(life.worker)
    pages = [reverse("core_groups:core-group", args=[group.pk]) for group in groups]
    for group in groups:
        assert not any(said in client.get(page).content.decode() for page in pages)
        for person in (life.grandmother, life.advocate):
            CoreGroupMember.objects.create(core_group=group, person=person, starts_on=date(2027, 1, 25))
    assert all(said in client.get(page).content.decode() for page in pages)
    CoreGroupMember.objects.create(core_group=groups[0], person=life.father, starts_on=date(2027, 1, 25))
    assert all(said in client.get(page).content.decode() for page in pages)
    CoreGroupMember.objects.filter(core_group=groups[0], person=life.advocate).update(ends_on=date(2027, 2, 1))
    assert not any(said in client.get(page).content.decode() for page in pages)


# Papers


def copies(life, child):
    plan = life.plans[child.pk]
    return {row.person: own_copy(row, plan, on=TODAY) for row in readers_of(plan, on=TODAY) if not row.because}


def test_she_reads_hers_as_a_child_and_the_babys_as_a_parent(life):
    as_child, as_parent = copies(life, life.robin), copies(life, life.kit)
    robin = life.robin.person
    assert (as_child[robin].is_child, as_parent[robin].is_child) == (True, False)
    for read, own, others in ((as_child[robin], OF_ROBIN, OF_KIT), (as_parent[robin], OF_KIT, OF_ROBIN)):
        assert own in str(read)
        assert others not in str(read)


def test_what_is_hers_goes_to_her_mother_and_never_to_the_babys_father(life):
    assert set(copies(life, life.robin)) == {life.robin.person, life.grandmother}
    assert set(copies(life, life.kit)) == {life.robin.person, life.father}
    assert OF_ROBIN not in str(copies(life, life.kit)[life.father])


def test_what_a_paper_of_one_conference_is_made_of_holds_nothing_of_the_other(life):
    for conference, own, others in ((life.own, life.robin, OF_KIT), (life.babys, life.kit, OF_ROBIN)):
        content = content_of(conference, now=NOW)
        assert [row["full_name"] for row in content["children"]] == [own.person.full_name]
        assert others not in json.dumps(content, default=str)


def test_her_name_is_no_secret_in_the_babys_paper_and_the_babys_is_one_for_her_mother(life):
    outside = {name for row in content_of(life.babys, now=NOW)["outside"] for name in row["names"]}
    assert "Robin" not in outside
    (kit,) = content_of(life.own, now=NOW)["outside"]
    assert life.robin.person_id in kit["read_by"]
    assert life.grandmother.pk not in kit["read_by"]
