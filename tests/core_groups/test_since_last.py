"""What a review begins with: each child's plan since the chair last decided about it."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from conferences.enums import ConferenceKind
from conferences.models import Part
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting
from core_groups.selectors.since_last import since_last
from deadlines.services import reconcile
from govuk.words import NO_BREAK
from meetings.models import Score
from my_views.models import HandIn, MyViewsForm
from plans.enums import Progress
from plans.models import PlanAction
from tests.case_events import CaseEvents, at
from tests.factories import ParticipantFactory, PlanFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

HELD, REVIEWED, NOW_REVIEWED = (datetime.date(2026, 12, 22), datetime.date(2027, 3, 15), datetime.date(2027, 9, 6))


def action(plan, what, **fields):
    return PlanAction.objects.create(plan=plan, why="So that", what=what, created_at=at(HELD), **fields)


@once_per_module()
def life():
    """Robin and Wren on plans since December, reviewed in March, and now before the second review."""
    life = CaseEvents()
    life.robin, life.wren = life.child(), life.child()
    first = life.held([life.robin, life.wren], HELD)
    for row, value, scale in ((first.children.get(child=life.wren), 3, "Old 1"),):
        score(row, value, scale)
    life.reviewed([life.robin, life.wren], REVIEWED)
    life.plan = life.wren.plans.get()
    life.visited(life.wren, HELD + datetime.timedelta(days=3))
    for days, seen in ((5, True), (15, False)):
        life.visited(life.wren, REVIEWED + datetime.timedelta(days=days), seen=seen)
    better = action(life.plan, "Walk with Wren to school")
    old = action(life.plan, "Bring Wren to school", superseded_by=better, change_reason="The car was sold")
    old.save()
    action(life.plan, "Fit the gate", progress=Progress.DONE, progress_note="Fitted in May")
    group = CoreGroup.objects.get()
    for number, day in enumerate((HELD, REVIEWED), 1):
        met = at(day + datetime.timedelta(days=9))
        CoreGroupMeeting.objects.create(
            core_group=group, number=number, state=MeetingState.HELD, planned_at=met, held_at=met
        )
    life.review = life.booked([life.robin, life.wren], NOW_REVIEWED, kind=ConferenceKind.REVIEW)
    life.review.refresh_from_db()
    score(life.review.children.get(child=life.wren), 9, "New 1")
    return life


def score(row, value, scale):
    participant = ParticipantFactory(conference=row.conference)
    row.scores_shown_at = timezone.now()
    row.save()
    facts = {"recorded_by": row.conference.chair, "recorded_at": timezone.now(), "reason": "So"}
    given = Score.objects.create(conference_child=row, participant=participant, scale=scale, value=value, **facts)
    sitting = row.conference.sittings.first()
    given.shown_in.add(sitting.parts.first() or Part.objects.create(sitting=sitting, number=1, kind="whole"))


@pytest.fixture
def wren(life):
    return next(row for row in since_last(life.review) if row.child.child_id == life.wren.pk)


def test_each_action_stands_with_its_progress_and_what_was_changed_with_why(wren):
    assert {row.what: row.progress for row in wren.actions} == {
        "Walk with Wren to school": Progress.NOT_STARTED, "Fit the gate": Progress.DONE,
    }  # fmt: skip
    assert [(row.what, row.superseded_by.what, row.change_reason) for row in wren.changed] == [
        ("Bring Wren to school", "Walk with Wren to school", "The car was sold")
    ]


def test_meetings_and_visits_are_those_since_the_last_decision(wren):
    assert wren.since == REVIEWED
    assert [row.number for row in wren.meetings] == [2]
    assert ([row.child_seen for row in wren.visits], wren.last_seen_at.date()) == (
        [True, False], REVIEWED + datetime.timedelta(days=5),
    )  # fmt: skip


def test_a_late_core_group_stands_with_the_children_it_was_for(life):
    half_brother = life.child()
    life.joins(life.review, half_brother, ConferenceKind.REVIEW)
    plan = PlanFactory(child=half_brother, starts_on=HELD)
    first = CoreGroup.objects.get()
    other = CoreGroup.objects.create(
        authority=first.authority, family=first.family, conference=life.review, formed_on=REVIEWED
    )
    other.plans.add(plan)
    reconcile(now=at(NOW_REVIEWED - datetime.timedelta(days=1)))
    late = {row.child.child_id: {(one.kind, one.fact_id) for one in row.missed} for row in since_last(life.review)}
    last = first.meetings.order_by("number").last()
    assert late == {
        life.robin.pk: {("next-core-group", last.pk)}, life.wren.pk: {("next-core-group", last.pk)},
        half_brother.pk: {("first-core-group", other.pk)},
    }  # fmt: skip


def test_scores_stand_by_scale_without_those_of_the_review_itself(wren):
    assert [(scale, ">3<" in figure) for scale, figure in wren.scores] == [("Old 1", True)]


def test_earlier_decisions_stand_in_order(wren):
    assert [row.day for row in wren.decisions] == [HELD, REVIEWED]


def test_a_child_whose_plan_had_ended_or_is_sealed_is_left_out(life):
    life.plan.ends_on, life.plan.end_reason = REVIEWED + datetime.timedelta(days=30), "moved"
    life.plan.save()
    assert [row.child.child_id for row in since_last(life.review)] == [life.robin.pk]
    life.robin.person.sealed_at, life.robin.person.sealed_because = timezone.now(), "Adopted"
    life.robin.person.save()
    assert since_last(life.review) == []


def test_the_number_of_queries_does_not_grow_with_the_children(life, django_assert_num_queries):
    with django_assert_num_queries(QUERIES):
        since_last(life.review)
    other = life.child()
    life.joins(life.review, other, ConferenceKind.REVIEW)
    PlanFactory(child=other, starts_on=HELD)
    with django_assert_num_queries(QUERIES):
        assert len(since_last(life.review)) == 3


QUERIES = 16


def test_the_overview_of_a_review_leads_there(life, client):
    client.force_login(life.review.chair)
    page = reverse("conference_core_groups:since-last", args=[life.review.pk])
    assert page in client.get(reverse("conferences:overview", args=[life.review.pk])).content.decode()
    shown = client.get(page).content.decode().replace(NO_BREAK, " ")
    for told in ("Fitted in May", "The car was sold", "Seen at 1 of 2 visits", "Scores for"):
        assert told in shown


def test_an_initial_conference_has_no_such_page_on_its_overview(life, client):
    client.force_login(life.review.chair)
    first = life.review.authority.conferences.order_by("pk").first()
    client.force_login(first.chair)
    page = reverse("conference_core_groups:since-last", args=[first.pk])
    assert page not in client.get(reverse("conferences:overview", args=[first.pk])).content.decode()
    assert "None of the children had" in client.get(page).content.decode()


@pytest.mark.parametrize(("born", "is_asked"), [((2009, 9, 7), True), ((2010, 3, 7), True), ((2010, 3, 8), False)])
def test_a_review_in_the_half_year_before_the_18th_birthday_asks_adult_services(life, client, born, is_asked):
    """Working: 183 days after the review on 6 September 2027 is 7 March 2028."""
    life.wren.person.birth_date = datetime.date(*born)
    life.wren.person.save()
    (found,) = (row for row in since_last(life.review) if row.child.child_id == life.wren.pk)
    assert (found.turns_18_on is not None) is is_asked
    client.force_login(life.review.chair)
    shown = client.get(reverse("conference_core_groups:since-last", args=[life.review.pk])).content.decode()
    assert ("Ask adult services" in shown) is is_asked


def says(life, child):
    form = MyViewsForm.objects.create(conference=life.review, person=child.person, number=1, begun_at=timezone.now())
    HandIn.objects.create(
        form=form, number=1, questions="adult", way="online", help="alone", recorded_at=timezone.now(),
        recorded_by=life.review.chair,
    )  # fmt: skip
    return reverse("my_views:form", args=[life.review.pk, form.pk])


def test_what_a_child_says_stands_with_the_child_for_those_alone_who_may_read_it(life, client):
    form, page = says(life, life.wren), reverse("conference_core_groups:since-last", args=[life.review.pk])
    client.force_login(life.review.chair)
    assert form in client.get(page).content.decode()
    other = user_with_role(Role.COORDINATOR, authority=life.review.authority)
    client.force_login(other)
    shown = client.get(page).content.decode()
    assert ("Fitted in May" in shown, form in shown, "My Views" in shown) == (True, False, False)


def test_what_the_chair_asked_for_last_time_stands_with_each_child(wren):
    last = wren.decisions[-1]
    last.also_advised, last.help_offered = ["legal_planning"], "The family group until June"
    assert wren.asked_last_time == ["A legal planning meeting", "The family group until June"]
