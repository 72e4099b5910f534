"""Endings without a conference: each with its conditions, by whom the procedures name, and never by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import ConferenceKind
from deadlines.services import reconcile
from families.enums import LegalStatusKind
from families.models import LegalStatus
from families.models.persons import birthday
from govuk.words import plain_date
from notifications.models import Notice
from plans.enums import EndReason, WhatAgencySaid, WhereChildIs
from plans.models import Plan, PlanEnding
from plans.selectors.listed_children import listed_children
from plans.services.endings import (
    Accepted,
    GrownUp,
    LeftTheCountry,
    LookedAfter,
    end_at_18,
    end_left_country,
    end_looked_after,
    end_moved,
    record_agency_asked,
)
from tests.case_events import CaseEvents, at
from tests.factories import AgencyInvolvementFactory, AuthorityFactory, TeamFactory, procedures_with, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

BEGAN = date(2026, 12, 22)
TODAY = date(2027, 3, 1)
NOW = at(TODAY)
LEFT = LeftTheCountry(
    where_is=WhereChildIs.GONE_FOR_GOOD,
    where_to="Portugal",
    happened_on=date(2027, 2, 1),
    confirmed_by="The school in Porto",
    confirmed_on=date(2027, 2, 15),
    told_whom="The commission for the protection of children there",
    told_on=date(2027, 2, 16),
)
ACCEPTED = Accepted(
    for_good=True,
    where_to="Westmere Council",
    conference_on=date(2027, 2, 10),
    responsible_from=date(2027, 2, 12),
    letter_kept="File 26-0417, 12 February",
)
PLACED = LookedAfter(
    placement_order="Family court, FC26/17",
    placement_on=date(2027, 1, 20),
    joint_review_on=date(2027, 2, 10),
    joint_review_said="Her carers keep her safe: the plan adds nothing",
)
GROWN = GrownUp(adult_services="Asked on 1 February: supported housing", contact_wishes="Her mother may know")


@once_per_module()
def life():
    return CaseEvents()


@once_per_module()
def plan(life):
    """A plan since 22 December 2026, of a child whom a school knows; a brother has one too."""
    child, other = life.child(person__birth_date=date(2015, 5, 5)), life.child()
    life.closes(life.held([child, other], BEGAN))
    AgencyInvolvementFactory(child=child, agency__authority=life.authority)
    life.count()
    return Plan.objects.get(child=child)


@once_per_module()
def manager(life, plan):
    return user_with_role(Role.TEAM_MANAGER, team=life.family.team)


def asked(life, plan, **other):
    for row in plan.child.involvements.all():
        given = {"whom": "The head", "asked_on": date(2027, 2, 17), "answer": WhatAgencySaid.AGREES, "said": "Agrees."}
        record_agency_asked(plan=plan, agency=row.agency, by=life.worker, now=NOW, **{**given, **other})


def refusal(act, plan, facts, by, now=NOW):
    with pytest.raises(ValidationError) as caught:
        act(plan=plan, facts=facts, by=by, now=now)
    plan.refresh_from_db()
    assert plan.is_open
    assert not PlanEnding.objects.exists()
    error = caught.value
    return set(error.message_dict) if hasattr(error, "error_dict") else error.messages[0]


@pytest.mark.parametrize(
    ("act", "facts", "reason", "ends_on"),
    [
        (end_left_country, LEFT, EndReason.LEFT_UK, TODAY),
        (end_moved, ACCEPTED, EndReason.MOVED, ACCEPTED.responsible_from),
    ],
)
def test_with_everything_established_the_plan_ends_and_the_others_goes_on(
    life, plan, manager, act, facts, reason, ends_on
):
    asked(life, plan)
    ending = act(plan=plan, facts=facts, by=manager, now=NOW)
    plan.refresh_from_db()
    assert (plan.ends_on, plan.end_reason, plan.ended_by) == (ends_on, reason, manager)
    assert (ending.where_to, ending.decided_by) == (facts.where_to, manager)
    assert plan.child not in listed_children([life.authority.pk], on=date(2027, 3, 2))
    (other,) = Plan.objects.exclude(pk=plan.pk)
    assert other.is_open
    assert life.dates("visit", plan.child) == []
    assert life.dates("visit", other.child) == [(date(2027, 1, 8), None)]
    life.count()


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"where_is": WhereChildIs.HOLIDAY}, "where_is"),
        ({"where_is": WhereChildIs.MISSING}, "where_is"),
        ({"where_is": WhereChildIs.FLIGHT}, "where_is"),
        ({"where_to": " "}, "where_to"),
        ({"confirmed_by": ""}, "confirmed_by"),
        ({"told_whom": ""}, "told_whom"),
        ({"told_on": date(2027, 3, 2)}, "told_on"),
        ({"confirmed_on": date(2027, 1, 31)}, "confirmed_on"),
    ],
)
def test_leaving_the_country_ends_nothing_while_a_condition_is_missing(life, plan, manager, missing, field):
    asked(life, plan)
    assert refusal(end_left_country, plan, replace(LEFT, **missing), manager) == {field}


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"for_good": False}, "for_good"),
        ({"where_to": ""}, "where_to"),
        ({"letter_kept": " "}, "letter_kept"),
        ({"conference_on": date(2027, 3, 2), "responsible_from": date(2027, 3, 2)}, "conference_on"),
        ({"responsible_from": date(2027, 2, 9)}, "responsible_from"),
    ],
)
def test_a_move_ends_nothing_while_a_condition_is_missing(life, plan, manager, missing, field):
    asked(life, plan)
    assert field in refusal(end_moved, plan, replace(ACCEPTED, **missing), manager)


ACTS = [(end_left_country, LEFT), (end_moved, ACCEPTED), (end_at_18, GROWN), (end_looked_after, PLACED)]


@pytest.mark.parametrize(("act", "facts"), ACTS)
def test_every_agency_that_knows_the_child_is_asked_first(life, plan, manager, act, facts):
    assert refusal(act, plan, facts, manager).startswith("Ask every agency that knows the child first. Not asked yet:")


@pytest.mark.parametrize(("act", "facts"), ACTS)
def test_only_whom_the_procedures_name_ends_a_plan(life, plan, act, facts):
    asked(life, plan)
    elsewhere = user_with_role(Role.TEAM_MANAGER, team=TeamFactory(authority=life.authority))
    service = user_with_role(Role.SERVICE_MANAGER, authority=life.authority)
    for user in (life.worker, elsewhere, service):
        assert refusal(act, plan, facts, user) == (
            "By the council’s procedures a team manager of this case ends a plan without a conference."
        )


@pytest.mark.value("ended-outside-agreed-by")
def test_another_council_names_its_service_manager():
    authority = AuthorityFactory()
    procedures_with(authority, since=date(2026, 1, 1), values={"ended-outside-agreed-by": "service manager"})
    life = CaseEvents(authority)
    child = life.child()
    life.held([child], BEGAN)
    plan = Plan.objects.get()
    own = user_with_role(Role.TEAM_MANAGER, team=life.family.team)
    assert "a service manager of this case" in refusal(end_moved, plan, ACCEPTED, own)
    end_moved(plan=plan, facts=ACCEPTED, by=user_with_role(Role.SERVICE_MANAGER, authority=authority), now=NOW)


def test_the_second_of_two_managers_hears_who_was_first(life, plan, manager):
    asked(life, plan)
    second = user_with_role(Role.TEAM_MANAGER, team=life.family.team)
    end_moved(plan=plan, facts=ACCEPTED, by=manager, now=NOW)
    with pytest.raises(ValidationError) as caught:
        end_left_country(plan=plan, facts=LEFT, by=second, now=NOW)
    assert caught.value.messages == [
        f"{manager.name} ended this plan on {plain_date(ACCEPTED.responsible_from)}. Nothing was changed."
    ]
    assert PlanEnding.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"), [({"whom": " "}, "whom"), ({"said": ""}, "said"), ({"asked_on": date(2027, 3, 2)}, "asked_on")]
)
def test_who_was_asked_and_what_they_said_are_needed(life, plan, wrong, field):
    with pytest.raises(ValidationError) as caught:
        asked(life, plan, **wrong)
    assert set(caught.value.message_dict) == {field}


# The 18th birthday


def test_born_on_a_leap_day_someone_turns_18_on_the_first_of_march(life):
    person = life.child(person__birth_date=date(2008, 2, 29)).person
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert [person.age(date(2026, 2, 28)), person.age(date(2026, 3, 1)), person.age(date(2012, 2, 29))] == [17, 18, 4]


@pytest.mark.parametrize(
    ("born", "turns"), [(date(2009, 5, 20), date(2027, 5, 20)), (date(2009, 3, 1), date(2027, 3, 1))]
)
def test_the_plan_never_lapses_and_stands_on_the_birthday_with_worker_and_manager(born, turns):
    life = CaseEvents()
    child = life.child(person__birth_date=born)
    life.closes(life.held([child], BEGAN))
    own = user_with_role(Role.TEAM_MANAGER, team=life.family.team)
    life.count(now=at(TODAY))
    (row,) = life.rows("plan-at-18")
    assert (row.due_on, row.met_at, set(row.responsible_ids)) == (turns, None, {life.worker.pk, own.pk})
    plan = Plan.objects.get()
    if turns > TODAY:
        said = refusal(end_at_18, plan, GROWN, own)
        assert said == f"The plan stays until the 18th birthday, {plain_date(turns)}."
    life.count(now=at(date(2027, 9, 1)))
    plan.refresh_from_db()
    assert plan.is_open
    assert child in listed_children([life.authority.pk], on=date(2027, 9, 1))
    end_at_18(plan=plan, facts=GROWN, by=own, now=at(date(2027, 9, 1)))
    plan.refresh_from_db()
    assert (plan.ends_on, plan.end_reason) == (date(2027, 9, 1), EndReason.EIGHTEEN)


def test_of_a_leap_day_the_birthday_is_the_first_of_march():
    life = CaseEvents()
    child = life.child(person__birth_date=date(2012, 2, 29))
    life.held([child], date(2029, 12, 3))
    own = user_with_role(Role.TEAM_MANAGER, team=life.family.team)
    life.count(now=at(date(2030, 1, 7)))
    assert life.dates("plan-at-18") == [(date(2030, 3, 1), None)]
    # Working: a month before 1 March is 1 February.
    assert life.dates("review-before-18") == [(date(2030, 2, 1), None)]
    said = refusal(end_at_18, Plan.objects.get(), GROWN, own, now=at(date(2030, 2, 28)))
    assert said == f"The plan stays until the 18th birthday, {plain_date(date(2030, 3, 1))}."


def test_a_review_in_the_half_year_before_the_birthday_meets_its_clock():
    life = CaseEvents()
    child = life.child(person__birth_date=date(2009, 8, 10))
    life.held([child], date(2026, 9, 1))
    life.reviewed([child], date(2026, 11, 30))
    life.count(now=at(date(2027, 2, 1)))
    assert life.rows("review-before-18") == []
    life.count(now=at(TODAY))
    assert life.dates("review-before-18") == [(date(2027, 7, 10), None)]
    life.reviewed([child], date(2027, 5, 25))
    life.count(now=at(date(2027, 6, 1)))
    assert life.dates("review-before-18") == [(date(2027, 7, 10), date(2027, 5, 25))]


@pytest.mark.parametrize(
    "facts", [GrownUp(adult_services="", contact_wishes="x"), GrownUp(adult_services="x", contact_wishes="")]
)
def test_adult_services_and_the_young_person_are_asked(facts):
    life = CaseEvents()
    life.held([life.child(person__birth_date=date(2009, 2, 1))], BEGAN)
    own = user_with_role(Role.TEAM_MANAGER, team=life.family.team)
    assert len(refusal(end_at_18, Plan.objects.get(), facts, own)) == 1


def test_an_uncertain_birthday_ends_nothing():
    life = CaseEvents()
    life.held([life.child(person__birth_date=date(2009, 2, 1), person__age_disputed=True)], BEGAN)
    own = user_with_role(Role.TEAM_MANAGER, team=life.family.team)
    assert refusal(end_at_18, Plan.objects.get(), GROWN, own).startswith("The date of birth is not certain.")


# A looked-after child, where the procedures let the plan end without a conference


def placed(*, status=LegalStatusKind.CARE_ORDER, rule="plan may be ended outside a conference"):
    """Return the plan of a child in care, whose council's procedures say ``rule``, and the manager of the case."""
    authority = AuthorityFactory()
    procedures_with(authority, since=date(2026, 1, 1), values={"looked-after-child": rule})
    life = CaseEvents(authority)
    child = life.child()
    life.held([child], BEGAN)
    if status:
        LegalStatus.objects.create(child=child, status=status, starts_on=date(2027, 1, 20))
    AgencyInvolvementFactory(child=child, agency__authority=authority)
    plan = Plan.objects.get()
    asked(life, plan)
    return plan, user_with_role(Role.TEAM_MANAGER, team=life.family.team)


@pytest.mark.value("looked-after-child")
def test_a_looked_after_childs_plan_ends_with_order_and_joint_review():
    plan, own = placed()
    ending = end_looked_after(plan=plan, facts=PLACED, by=own, now=NOW)
    plan.refresh_from_db()
    assert (plan.ends_on, plan.end_reason) == (TODAY, EndReason.LOOKED_AFTER)
    assert (ending.placement_order, ending.joint_review_on) == (PLACED.placement_order, PLACED.joint_review_on)


def test_by_default_only_a_review_ends_a_looked_after_childs_plan(life, plan, manager):
    LegalStatus.objects.create(child=plan.child, status=LegalStatusKind.CARE_ORDER, starts_on=date(2027, 1, 20))
    asked(life, plan)
    assert refusal(end_looked_after, plan, PLACED, manager) == (
        "By this council’s procedures only a review conference ends the plan of a looked-after child."
    )


@pytest.mark.parametrize("status", [None, LegalStatusKind.SUPERVISION_ORDER, LegalStatusKind.POLICE_PROTECTION])
def test_a_child_who_is_not_looked_after_keeps_the_plan(status):
    plan, own = placed(status=status)
    assert refusal(end_looked_after, plan, PLACED, own) == (
        "No legal status is recorded by which the child is looked after."
    )


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"placement_order": " "}, "placement_order"),
        ({"joint_review_said": ""}, "joint_review_said"),
        ({"placement_on": date(2027, 3, 2)}, "placement_on"),
        ({"joint_review_on": date(2027, 3, 2)}, "joint_review_on"),
        ({"joint_review_on": date(2027, 1, 19)}, "joint_review_on"),
    ],
)
def test_order_and_joint_review_are_both_needed(missing, field):
    plan, own = placed()
    assert refusal(end_looked_after, plan, replace(PLACED, **missing), own) == {field}


def test_the_agencies_are_asked_about_a_looked_after_child_too():
    plan, own = placed()
    AgencyInvolvementFactory(child=plan.child, agency__authority=plan.authority)
    assert refusal(end_looked_after, plan, PLACED, own).startswith("Ask every agency that knows the child first.")


def test_the_page_of_a_looked_after_childs_ending_repeats_who_it_is(client):
    plan, own = placed()
    data = {
        "placement_order": "FC26/17", "placement_on": "2027-01-20", "joint_review_on": "2027-02-10",
        "joint_review_said": "Safe with her carers",
    }  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        client.force_login(own)
        assert page(plan, "end-looked-after") in client.get(page(plan, "ending")).content.decode()
        assert plan.child.person.full_name in client.post(page(plan, "end-looked-after"), data).content.decode()
        assert client.post(page(plan, "end-looked-after"), {**data, "confirm": "yes"}).status_code == 302
    plan.refresh_from_db()
    assert plan.end_reason == EndReason.LOOKED_AFTER


# The pages


def page(plan, name):
    return reverse(f"plans:{name}", args=[plan.pk])


MOVED = {
    "for_good": "yes",
    "where_to": "Westmere Council",
    "conference_on": "2027-02-10",
    "responsible_from": "2027-02-12",
    "letter_kept": "File 26-0417",
}


def test_a_plan_is_ended_on_a_page_that_repeats_name_and_birth_date(life, plan, manager, client):
    with time_machine.travel(NOW, tick=False):
        client.force_login(manager)
        agency = plan.child.involvements.get().agency
        assert "Not asked yet" in client.get(page(plan, "ending")).content.decode()
        said = {"agency": agency.pk, "whom": "Head", "asked_on": "2027-02-17", "answer": "agrees", "said": "Agrees."}
        answer = client.post(page(plan, "ask-agency"), said)
        assert answer.status_code == 302, answer.context["form"].errors
        check = client.post(page(plan, "end-moved"), MOVED).content.decode()
        assert plan.child.person.full_name in check
        assert plain_date(date(2015, 5, 5)) in check
        plan.refresh_from_db()
        assert plan.is_open
        answer = client.post(page(plan, "end-moved"), {**MOVED, "confirm": "yes"})
        assert answer.status_code == 302
        plan.refresh_from_db()
        assert plan.end_reason == EndReason.MOVED
        # The second, whose page was open already, hears who was first.
        second = client.post(page(plan, "end-moved"), {**MOVED, "letter_kept": "Elsewhere", "confirm": "yes"})
        assert f"{manager.name} ended this plan on {plain_date(ACCEPTED.responsible_from)}." in second.content.decode()


def test_who_runs_a_review_ahead_is_asked_to_take_the_child_off_it(life, plan, manager):
    review = life.booked([plan.child], date(2027, 3, 15), kind=ConferenceKind.REVIEW)
    asked(life, plan)
    end_left_country(plan=plan, facts=LEFT, by=manager, now=NOW)
    told = Notice.objects.filter(key=f"plan-ended:{plan.pk}:{review.pk}")
    assert {row.user_id for row in told} == {review.chair_id, review.coordinator_id}


def test_a_worker_may_ask_but_not_end(life, plan, client):
    client.force_login(life.worker)
    assert client.get(page(plan, "ending")).status_code == 200
    codes = {client.get(page(plan, name)).status_code for name in ("end-moved", "end-left-country", "end-at-18")}
    assert codes == {404}


def test_what_is_refused_is_said_beside_its_field_and_nothing_typed_is_lost(life, plan, manager, client):
    asked(life, plan)
    with time_machine.travel(NOW, tick=False):
        client.force_login(manager)
        answer = client.post(page(plan, "end-moved"), {**MOVED, "for_good": "no", "confirm": "yes"})
    text = answer.content.decode()
    assert "The plan stays: the child has not moved for good." in text
    assert "File 26-0417" in text


def test_counting_again_changes_nothing(life, plan):
    assert reconcile(now=NOW).problems == []
