"""An ending without a conference, recorded in error, is corrected in the open: everything goes on without a gap."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import Capacity, ConferenceKind
from conferences.models import ToTell
from deadlines.models import Deadline
from families.enums import RelationshipKind
from families.models import Relationship
from families.services import record_death
from govuk.words import plain_date
from notifications.models import Notice
from plans.enums import EndReason, WhatAgencySaid
from plans.models import Plan
from plans.selectors.listed_children import listed_children
from plans.services.corrected_endings import withdraw_ending
from plans.services.endings import end_left_country, end_moved, record_agency_asked
from plans.services.told_of_endings import tell_of_ending
from tests.case_events import CaseEvents, at
from tests.factories import ParticipantFactory, user_with_role
from tests.plans.test_endings import ACCEPTED, BEGAN, LEFT, TODAY
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = at(TODAY)
LATER = at(date(2027, 3, 8))


@once_per_module()
def life():
    return CaseEvents()


@once_per_module()
def plan(life):
    """A plan since 22 December 2026, of a child whom a school knows; the child was seen in January."""
    child = life.child(person__birth_date=date(2015, 5, 5))
    meeting = life.closes(life.held([child], BEGAN))
    mother = ParticipantFactory(
        conference=meeting, person__authority=life.authority, capacity=Capacity.PARENT, status="invited"
    )
    Relationship.objects.create(child=child, person=mother.person, kind=RelationshipKind.MOTHER, starts_on=BEGAN)
    life.visited(child, date(2027, 1, 5))
    life.count(now=NOW)
    return Plan.objects.get(child=child)


@once_per_module()
def manager(life, plan):
    return user_with_role(Role.TEAM_MANAGER, team=life.family.team)


def asked(life, plan):
    for row in plan.child.involvements.all():
        record_agency_asked(
            plan=plan, agency=row.agency, whom="The head", asked_on=date(2027, 2, 17), answer=WhatAgencySaid.AGREES,
            said="Agrees.", by=life.worker, now=NOW,
        )  # fmt: skip


@once_per_module()
def ending(life, plan, manager):
    return end_moved(plan=plan, facts=ACCEPTED, by=manager, now=NOW)


def waiting(child):
    rows = Deadline.objects.filter(child_id=child.pk, met_at__isnull=True, not_needed="")
    return set(rows.values_list("kind", "fact_id", "due_on"))


def corrected(ending, by, **other):
    return withdraw_ending(**{"ending": ending, "because": "It was the cousin", "by": by, "now": LATER, **other})


def refusal(ending, by, **other):
    with pytest.raises(ValidationError) as caught:
        corrected(ending, by, **other)
    ending.refresh_from_db()
    assert ending.withdrawn_at is None
    return caught.value.messages[0]


@pytest.mark.parametrize(("act", "facts"), [(end_moved, ACCEPTED), (end_left_country, LEFT)])
def test_plan_list_clocks_and_visits_go_on_without_a_gap_and_both_texts_stay(life, plan, manager, act, facts):
    life.count(now=LATER)
    before, worker = waiting(plan.child), plan.key_workers.get()
    assert {"visit", "first-review"} <= {kind for kind, _, _ in before}
    row = act(plan=plan, facts=facts, by=manager, now=NOW)
    assert plan.child not in listed_children([life.authority.pk], on=LATER.date())
    corrected(row, manager)
    plan.refresh_from_db()
    assert (plan.ends_on, plan.end_reason, plan.ended_by) == (None, "", None)
    assert plan.key_workers.get(ends_on__isnull=True) == worker
    assert plan.child in listed_children([life.authority.pk], on=LATER.date())
    assert waiting(plan.child) == before
    row.refresh_from_db()
    assert (row.decided_by, row.withdrawn_by, row.withdrawn_because) == (manager, manager, "It was the cousin")
    life.count(now=LATER)


def test_corrected_twice_is_once(life, ending, manager):
    first = corrected(ending, manager)
    assert corrected(ending, manager, because="Again").withdrawn_because == first.withdrawn_because


def test_a_reason_and_the_manager_whom_the_procedures_name_are_needed(life, ending, manager):
    assert refusal(ending, manager, because=" ") == "Say why it was recorded in error."
    said = "By the council’s procedures a team manager of this case corrects the ending of a plan."
    for user in (life.worker, user_with_role(Role.SERVICE_MANAGER, authority=life.authority)):
        assert refusal(ending, user) == said


def test_a_plan_begun_since_is_not_doubled(life, plan, ending, manager):
    life.held([plan.child], date(2027, 3, 2))
    assert refusal(ending, manager) == (
        f"A child protection plan of this child began on {plain_date(date(2027, 3, 2))}. Two can’t stand beside each other. "
        "Nothing was changed."
    )


def test_the_plan_of_a_child_who_has_died_since_does_not_go_on(life, plan, ending, manager):
    record_death(person=plan.child.person, died_on=date(2027, 3, 3), source="Police", by=life.worker, now=LATER)
    assert refusal(ending, manager).startswith("The child has died")


def test_a_plan_that_ended_again_for_something_else_stays_ended(plan, ending, manager):
    corrected(ending, manager)
    second = end_left_country(plan=plan, facts=LEFT, by=manager, now=LATER)
    corrected(ending, manager)
    plan.refresh_from_db()
    assert (plan.end_reason, plan.endings.get(withdrawn_at__isnull=True)) == (EndReason.LEFT_UK, second)


def test_whoever_heard_of_the_ending_hears_that_it_goes_on_and_again_when_it_ends(plan, ending, manager):
    rows = ToTell.objects.filter(plan_id=plan.pk, ended_at__isnull=True)
    rows.update(told_at=NOW)
    assert rows.exists()
    corrected(ending, manager)
    people = set(rows.filter(words__contains="That was wrong: the plan goes on.").values_list("participant", flat=True))
    assert people == set(rows.filter(words__contains="ended on").values_list("participant", flat=True))
    end_left_country(plan=plan, facts=LEFT, by=manager, now=LATER)
    again = rows.filter(words__contains=f"ended on {plain_date(LATER)}")
    assert set(again.values_list("participant", flat=True)) == people
    count = rows.count()
    plan.refresh_from_db()
    tell_of_ending(plan, now=LATER)
    assert rows.count() == count


def test_who_runs_the_review_ahead_is_told_that_the_child_stays_on_it(life, plan, manager):
    review = life.booked([plan.child], date(2027, 3, 15), kind=ConferenceKind.REVIEW)
    corrected(end_moved(plan=plan, facts=ACCEPTED, by=manager, now=NOW), manager)
    open_notices = Notice.objects.filter(user__in=[review.chair, review.coordinator], acknowledged_at__isnull=True)
    assert {row.text for row in open_notices if row.key.startswith("plan-")} == {
        f"{review.reference}: a child’s plan goes on after all. See that the child is on this review."
    }


def page(plan, name, *args):
    return reverse(f"plans:{name}", args=[plan.pk, *args])


def test_the_correction_has_a_page_that_repeats_who_it_is_and_the_plan_shows_both_texts(life, plan, ending, client):
    manager = ending.decided_by
    with time_machine.travel(LATER, tick=False):
        client.force_login(life.worker)
        assert client.get(page(plan, "withdraw-ending", ending.pk)).status_code == 404
        assert "This was recorded in error" not in client.get(page(plan, "plan")).content.decode()
        client.force_login(manager)
        assert page(plan, "withdraw-ending", ending.pk) in client.get(page(plan, "plan")).content.decode()
        check = client.post(page(plan, "withdraw-ending", ending.pk), {"because": "It was the cousin"})
        assert plan.child.person.full_name in check.content.decode()
        assert plain_date(date(2015, 5, 5)) in check.content.decode()
        ending.refresh_from_db()
        assert ending.withdrawn_at is None
        sent = {"because": "It was the cousin", "confirm": "yes"}
        assert client.post(page(plan, "withdraw-ending", ending.pk), sent).status_code == 302
        shown = client.get(page(plan, "plan")).content.decode()
        assert "An ending was recorded in error." in shown
        assert "It was the cousin" in shown
        assert client.get(page(plan, "withdraw-ending", ending.pk)).status_code == 404
