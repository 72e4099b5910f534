"""Two people act on one plan in the same moment: one act counts, the other is told, and nobody waits for the other."""

from __future__ import annotations

import pytest
import time_machine
from django.db import transaction

from accounts.enums import Role
from conferences.enums import Outcome
from families.enums import Answer
from families.models import Loss
from meetings.services.decisions import Consent
from plans.enums import EndReason, PlanKind
from plans.models import ConsentMatter, Plan, PlanEnding
from plans.services.cin import withdraw_consent
from plans.services.endings import end_left_country, end_moved
from tests.case_events import CaseEvents
from tests.conferences.conftest import NOW, booked, discussed, invited, meeting, planned, told  # noqa: F401 the fixtures
from tests.conferences.test_two_at_once import at_once
from tests.factories import AgencyInvolvementFactory, user_with_role
from tests.meetings import test_while_the_chair_decides as chair
from tests.meetings.test_decisions import decide
from tests.meetings.test_while_the_chair_decides import LOWERED
from tests.plans import test_endings as endings

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_managers_who_end_a_plan_one_ends_it_and_the_other_reads_who():
    with time_machine.travel(endings.NOW, tick=False):
        life = CaseEvents()
        child = life.child()
        with transaction.atomic():
            life.closes(life.held([child], endings.BEGAN))
        AgencyInvolvementFactory(child=child, agency__authority=life.authority)
        plan = Plan.objects.get(child=child)
        endings.asked(life, plan)
        one, other = (user_with_role(Role.TEAM_MANAGER, team=life.family.team, name=name) for name in ("Ann", "Bea"))
        refused = at_once(
            lambda: end_left_country(plan=plan, facts=endings.LEFT, by=one, now=endings.NOW),
            lambda: end_moved(plan=plan, facts=endings.ACCEPTED, by=other, now=endings.NOW),
        )
    plan.refresh_from_db()
    assert PlanEnding.objects.count() == 1
    (said,) = filter(None, refused)
    assert said.startswith(f"{plan.ended_by.name} ended this plan")
    assert refused.index(said) == (1 if plan.ended_by == one else 0)
    assert plan.end_reason == (EndReason.LEFT_UK if plan.ended_by == one else EndReason.MOVED)


@pytest.fixture
def review(meeting):  # noqa: F811
    with time_machine.travel(NOW, tick=False):
        yield chair.as_review(meeting)


@pytest.mark.parametrize("outcome", [Outcome.PLAN_ENDS, Outcome.CIN_PLAN])
def test_a_death_recorded_while_the_chair_decides_leaves_no_plan_in_force_and_the_others_as_it_was(review, outcome):
    consents = [Consent(review.hazel, Answer.YES)] if outcome == Outcome.CIN_PLAN else []
    facts = {**LOWERED, "outcome": outcome, "consents": consents}
    refused = at_once(lambda: chair.die(review), lambda: decide(review, **facts))
    assert refused[0] is None
    assert Loss.objects.get().person == review.wren.child.person
    assert not Plan.objects.filter(child=review.wren.child, ends_on__isnull=True).exists()
    first = Plan.objects.get(child=review.wren.child, kind=PlanKind.CP).end_reason
    decided = {Outcome.PLAN_ENDS: EndReason.NO_LONGER_AT_RISK, Outcome.CIN_PLAN: EndReason.STEPPED_DOWN}[outcome]
    assert first == (decided if refused[1] is None else EndReason.DIED)
    assert refused[1] is None or "This child has died" in refused[1]
    assert chair.plans(review.robin) == [(PlanKind.CP, "")]


def test_consent_taken_back_by_two_at_once_goes_to_the_manager_once(review):
    decide(review, **LOWERED, consents=[Consent(review.hazel, Answer.YES)])
    consent = Plan.objects.get(child=review.wren.child, kind=PlanKind.CIN).consents.get()

    def take_back(by):
        return lambda: withdraw_consent(consent=consent, withdrawn_on=NOW.date(), because="No", by=by, now=NOW)

    assert at_once(take_back(review.worker), take_back(review.manager)) == [None, None]
    assert ConsentMatter.objects.get().kind == "withdrawn"
