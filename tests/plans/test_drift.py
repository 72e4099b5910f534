"""Plans that last long, and second plans with what ended the ones before: marks for staff, never on family papers."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import Capacity, Outcome, ParticipantStatus
from deadlines.policies.faults import value_faults
from families.enums import RelationshipKind
from families.models import FamilyMember, TransferIn
from govuk.words import NO_BREAK
from plans.enums import EndReason, Marked
from plans.models import Plan
from plans.selectors.drift import earlier_plans_of, marks_of
from plans.selectors.figures import council_figures, team_figures
from plans.selectors.managers import family_of
from plans.selectors.plans import plan_page, plans_listed
from tests.case_events import CaseEvents, at
from tests.factories import (
    AuthorityFactory,
    ChildFactory,
    FamilyFactory,
    ParticipantFactory,
    PersonFactory,
    PlanFactory,
    RelationshipFactory,
    policy_version_of,
    procedures_with,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

BEGAN = date(2025, 1, 31)
TODAY = date(2026, 6, 15)


@once_per_module()
def life():
    """Robin's plan since 31 January 2025."""
    made = CaseEvents()
    made.robin = made.child()
    made.held([made.robin], BEGAN)
    made.manager = user_with_role(Role.TEAM_MANAGER, team=made.family.team)
    made.service = user_with_role(Role.SERVICE_MANAGER, authority=made.authority)
    return made


def marks(plan, on=TODAY):
    return marks_of([plan_page(plan, on=on)], on=on).get(plan.pk)


def plain(words):
    return words.replace(NO_BREAK, " ")


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2025, 10, 30), ""),
        (date(2025, 10, 31), "Over 9 months"),
        (date(2026, 4, 29), "Over 9 months"),
        (date(2026, 4, 30), "Over 15 months"),
        (date(2027, 1, 30), "Over 15 months"),
        (date(2027, 1, 31), "Over 24 months"),
    ],
)
def test_a_plan_is_marked_at_9_15_and_24_months(life, on, words):
    assert plain(marks(Plan.objects.get(), on).lasting) == words


def test_the_list_and_the_figures_count_on_the_same_day_as_the_page(life):
    plan = Plan.objects.get()
    for on, found in [(date(2025, 10, 30), False), (date(2025, 10, 31), True)]:
        assert plans_listed(life.worker, on=on, marked=Marked.LASTING).filter(pk=plan.pk).exists() is found
        counted = {plain(row.label): row.number for row in team_figures(life.family.team, life.manager, on=on)[0]}
        assert counted["Over 9 months"] == found


@pytest.mark.value("drift-marks", "second-plan-within")
def test_another_council_marks_at_its_own_months():
    authority = AuthorityFactory()
    procedures_with(authority, since=date(2020, 1, 1), values={"drift-marks": [12], "second-plan-within": 6})
    life = CaseEvents(authority)
    child = life.child()
    life.held([child], BEGAN)
    assert marks(Plan.objects.get(), date(2026, 1, 30)).lasting == ""
    assert plain(marks(Plan.objects.get(), date(2026, 1, 31)).lasting) == "Over 12 months"
    life.reviewed([child], date(2026, 2, 2), outcome=Outcome.PLAN_ENDS)
    life.held([child], date(2026, 7, 31))
    assert plain(marks(Plan.objects.get(ends_on__isnull=True)).repeated) == "Second plan, within 6 months of the last"


def test_a_council_may_mark_none_and_marks_have_to_rise():
    authority = AuthorityFactory()
    procedures_with(authority, since=date(2020, 1, 1), values={"drift-marks": []})
    life = CaseEvents(authority)
    life.held([life.child()], date(2022, 1, 31))
    assert not marks(Plan.objects.get())
    entry = {"value": [15, 9], "source": "x", "year": 2026, "scope": "local", "owner": "x"}
    assert value_faults("drift-marks", entry) == ["value: must rise, not [15, 9]"]


def test_what_ended_the_plan_before_is_shown(life):
    life.reviewed([life.robin], date(2025, 7, 1), outcome=Outcome.PLAN_ENDS)
    life.held([life.robin], date(2026, 6, 1))
    plan = Plan.objects.get(ends_on__isnull=True)
    assert plain(marks(plan).repeated) == "Second plan, within 24 months of the last"
    (before,) = earlier_plans_of(plan)
    assert (before.starts_on, before.ends_on, before.category) == (BEGAN, date(2025, 7, 1), "EMO")
    assert before.ended == EndReason.NO_LONGER_AT_RISK.label
    assert before.because == "The risk is lower because of the plan"


@pytest.mark.parametrize(("again", "soon"), [(date(2027, 7, 1), True), (date(2027, 7, 2), False)])
def test_two_years_run_from_the_end_of_the_last(life, again, soon):
    life.reviewed([life.robin], date(2025, 7, 1), outcome=Outcome.PLAN_ENDS)
    life.held([life.robin], again)
    assert (marks(Plan.objects.get(ends_on__isnull=True), again).soon_within == 24) is soon


def test_one_entered_in_error_is_no_plan_before(life):
    plan = Plan.objects.get()
    PlanFactory(
        child=life.robin, starts_on=date(2024, 1, 1), ends_on=date(2024, 5, 1), end_reason=EndReason.ENTERED_IN_ERROR
    )
    assert marks(plan).number == 1
    assert earlier_plans_of(plan) == []


def test_plans_of_other_councils_count_where_they_are_recorded(life):
    plan = Plan.objects.get()
    PlanFactory(
        child=life.robin,
        held_elsewhere="Northmoor Council",
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 12, 1),
        end_reason=EndReason.GOALS_MET,
    )
    assert plain(marks(plan).repeated) == "Second plan, within 24 months of the last"
    assert [row.held_by for row in earlier_plans_of(plan)] == ["Northmoor Council"]
    life.robin.previous_plans_elsewhere = 3
    life.robin.save()
    assert marks(plan).number == 4
    plan.refresh_from_db()
    assert [plain(row.held_by) for row in earlier_plans_of(Plan.objects.get(pk=plan.pk))] == [
        "Northmoor Council",
        "2 plans elsewhere",
    ]


def test_a_plan_with_which_the_child_moved_here_is_one_before_that_ours_carried_on(life):
    plan = Plan.objects.get()
    TransferIn.objects.create(
        family=life.family, child=life.robin, notified_on=date(2025, 1, 12), from_authority="Northmoor",
        policy_version_id=policy_version_of(life.authority), told_by="Their key worker", recorded_by=life.worker,
        recorded_at=at(date(2025, 1, 12)),
    )  # fmt: skip
    assert marks(plan).repeated == "Second plan"
    assert [row.ended for row in earlier_plans_of(plan)] == ["Carried on here when the child moved"]


# Pages


def test_marks_stand_on_the_plan_the_list_the_team_and_the_council(life, client):
    life.robin.previous_plans_elsewhere = 1
    life.robin.save()
    plan = Plan.objects.get()
    pages = [
        (life.manager, reverse("plans:plan", args=[plan.pk])),
        (life.manager, reverse("plans:plans")),
        (life.manager, reverse("deadlines:team")),
    ]
    with time_machine.travel(at(TODAY), tick=False):
        for user, url in pages:
            client.force_login(user)
            answer = plain(client.get(url).content.decode())
            assert "Over 15 months" in answer, url
            assert "Second plan" in answer, url
        client.force_login(life.service)
        answer = client.get(reverse("deadlines:council")).content.decode()
    assert "Plans that last long, and second plans" in answer
    assert life.robin.person.family_name not in answer


def test_figures_leave_out_restricted_cases_and_sealed_children(life):
    hidden = FamilyFactory(authority=life.authority, team=life.family.team, restricted=True)
    PlanFactory(child=ChildFactory(authority=life.authority, family=hidden), starts_on=BEGAN)
    sealed = ChildFactory(authority=life.authority, family=life.family)
    PlanFactory(child=sealed, starts_on=BEGAN)
    sealed.person.sealed_at, sealed.person.sealed_by, sealed.person.sealed_because = at(TODAY), life.manager, "Adopted"
    sealed.person.save()
    counted = council_figures(life.authority, life.service, on=TODAY, team_id=None)
    assert [row.number for row in counted] == [1, 1, 1, 0, 0, 0]
    figures, rows = team_figures(life.family.team, life.worker, on=TODAY)
    assert figures[0].number == len(rows) == 1


def many(life, number):
    policy_version_of(life.authority)
    for place in range(number):
        child = life.child(previous_plans_elsewhere=1)
        PlanFactory(child=child, starts_on=date(2024, 1, 1 + place % 28))


@pytest.mark.parametrize("number", [1, 30])
def test_the_team_page_and_the_plan_page_take_as_many_queries_for_many_plans(
    life, client, django_assert_num_queries, number
):
    many(life, number)
    with time_machine.travel(at(TODAY), tick=False):
        with django_assert_num_queries(8):
            team_figures(life.family.team, life.manager, on=TODAY)
        with django_assert_num_queries(5):
            council_figures(life.authority, life.service, on=TODAY, team_id=None)


@pytest.mark.parametrize("number", [1, 30])
def test_earlier_plans_take_as_many_queries_for_many(life, django_assert_num_queries, number):
    for place in range(number):
        PlanFactory(
            child=life.robin,
            starts_on=date(1990 + place, 2, 1),
            ends_on=date(1990 + place, 9, 1),
            end_reason=EndReason.NO_LONGER_AT_RISK,
        )
    plan = plan_page(Plan.objects.get(starts_on=BEGAN), on=TODAY)
    with django_assert_num_queries(2):
        assert len(earlier_plans_of(plan)) == number


def test_a_child_who_moved_to_another_family_is_answered_for_there(life):
    life.child()  # a brother or sister who stays
    there = FamilyFactory(authority=life.authority)
    FamilyMember.objects.filter(person=life.robin.person).update(ends_on=BEGAN)
    FamilyMember.objects.create(family=there, person=life.robin.person, starts_on=BEGAN)
    assert family_of(life.robin) == there


# Never on family papers


def test_only_pages_for_staff_know_the_marks():
    """A paper or a guest's page that asked for them would have to stand here, for someone to ask why."""
    told = re.compile(r"^from plans\.selectors\.(?:drift|figures) import", re.MULTILINE)
    root = Path(settings.BASE_DIR)
    apps = ("plans", "core_groups", "reports", "transfers", "records", "conferences", "meetings", "entitlement")
    found = {
        str(path.relative_to(root))
        for app in apps
        for path in (root / app).rglob("*.py")
        if told.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "plans/panels.py",
        "plans/selectors/figures.py",
        "plans/selectors/plans.py",
        "plans/views/mid_points.py",
        "plans/views/plans.py",
    }


def test_no_persons_own_copy_of_the_plan_says_a_mark(life, client):
    life.robin.previous_plans_elsewhere = 1
    life.robin.save()
    plan = Plan.objects.select_related("authority", "child__person").get()
    mother = ParticipantFactory(
        conference=plan.decision.conference_child.conference,
        person=PersonFactory(authority=life.authority),
        capacity=Capacity.PARENT,
        status=ParticipantStatus.INVITED,
    )
    RelationshipFactory(child=life.robin, person=mother.person, kind=RelationshipKind.MOTHER)
    with time_machine.travel(at(TODAY), tick=False):
        client.force_login(life.worker)
        page = plain(client.get(reverse("plans:copy", args=[plan.pk, mother.person_id])).content.decode())
    assert life.robin.person.given_name in page
    assert not re.search(r"Over \d+ months|Second plan|drift", page)
