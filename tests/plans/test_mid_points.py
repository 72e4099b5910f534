"""The chair's check between two conferences: its clock, what it asks, what a manager decides, and its pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import Outcome
from deadlines.to_decide import described, to_decide
from notifications.models import Notice
from plans.enums import Checked, MidPointOutcome
from plans.models import MidPointCheck, Plan
from plans.selectors.mid_points import last_conference
from plans.services.mid_points import Found, decide_mid_point, record_mid_point
from tests.case_events import CaseEvents, at
from tests.factories import AuthorityFactory, StandInFactory, procedures_with, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

BEGAN = date(2026, 12, 22)
REVIEWED = date(2027, 3, 15)
CHECKED = date(2027, 5, 10)
NOW = at(CHECKED)
WELL = Found(
    actions_moving=Checked.YES,
    groups_held=Checked.YES,
    child_seen=Checked.YES,
    drifting=Checked.NO,
    review_needed=Checked.NO,
)
WORRIED = replace(WELL, drifting=Checked.YES, note="Nothing has changed since March", escalated=True)


@once_per_module()
def life():
    """Robin's plan since 22 December, reviewed on 15 March by another chair; the council asks for the check."""
    authority = AuthorityFactory()
    procedures_with(authority, since=date(2020, 1, 1), values={"chair-checks-mid-point": "required"})
    made = CaseEvents(authority)
    made.robin = made.child()
    made.first_chair, made.chair = (user_with_role(Role.CHAIR, authority=authority) for _ in range(2))
    made.manager = user_with_role(Role.TEAM_MANAGER, team=made.family.team)
    made.held([made.robin], BEGAN, chair=made.first_chair)
    made.review = made.booked([made.robin], REVIEWED, kind="review", chair=made.chair)
    made.decides(made.review, made.robin)
    made.closes(made.review)
    made.plan = Plan.objects.get()
    return made


def checked(life, found=WELL, replaces=None, by=None, now=NOW):
    return record_mid_point(plan=life.plan, found=found, replaces=replaces, by=by or life.chair, now=now)


def refused(act, *args, **kwargs):
    with pytest.raises(ValidationError) as caught:
        act(*args, **kwargs)
    error = caught.value
    return error.message_dict if hasattr(error, "error_dict") else error.messages


# The clock


@pytest.mark.value("chair-checks-mid-point")
def test_it_is_due_half_way_and_the_chair_of_the_last_conference_owns_it(life):
    life.count()
    first, then = life.rows("mid-point-check")
    # Six weeks from 22 December are 2 February, three months from 15 March are 15 June.
    assert (first.due_on, first.not_needed) == (date(2027, 2, 2), "A review was held before it.")
    assert (then.due_on, then.met_at, then.responsible_ids) == (date(2027, 6, 15), None, [life.chair.pk])


def test_the_check_meets_it_and_a_later_one_does_not_move_that(life):
    made = checked(life)
    checked(life, replace(WELL, note="I rang the school too"), replaces=made.pk, now=at(date(2027, 5, 20)))
    life.count()
    assert life.dates("mid-point-check") == [(date(2027, 6, 15), CHECKED)]


def test_it_ends_with_the_plan_and_begins_again_with_each_review(life):
    life.reviewed([life.robin], date(2027, 6, 1))
    life.count()
    assert [row.not_needed for row in life.rows("mid-point-check")][1:] == ["A review was held before it.", ""]
    life.reviewed([life.robin], date(2027, 7, 1), outcome=Outcome.PLAN_ENDS)
    life.count()
    assert life.dates("mid-point-check") == []


def test_it_does_not_run_where_the_council_does_not_ask_for_it():
    life = CaseEvents()
    life.held([life.child()], BEGAN)
    life.count()
    assert life.rows("mid-point-check") == []


# Recording it


def test_who_did_not_chair_the_last_conference_is_refused(life):
    for user in (life.first_chair, life.worker, life.manager):
        assert refused(checked, life, by=user) == [
            "The chair of the last conference, or who stands in for them, records this."
        ]


def test_who_stands_in_for_the_chair_records_it(life):
    stand_in = user_with_role(Role.CHAIR, authority=life.authority)
    StandInFactory(conference=life.review, user=stand_in)
    assert checked(life, by=stand_in).recorded_by == stand_in


def test_each_question_is_answered_and_what_is_not_well_has_words(life):
    assert refused(checked, life, replace(WELL, child_seen=""))["child_seen"] == ["Choose an answer"]
    said = ["Say what you found, and what is done about it"]
    assert refused(checked, life, replace(WELL, child_seen=Checked.NOT_CLEAR)) == {"note": said}
    assert refused(checked, life, replace(WELL, escalated=True)) == {"note": ["Say what the manager has to know"]}


def test_twice_is_once_and_a_second_typist_sees_the_first(life):
    made = checked(life)
    assert checked(life) == made
    assert refused(checked, life, replace(WELL, note="Another word")) == [
        "Another check was recorded while you had the page open. Look at it, then save yours again."
    ]
    again = checked(life, replace(WELL, note="Another word"), replaces=made.pk)
    made.refresh_from_db()
    assert (made.replaced_at, again.replaced_at) == (NOW, None)
    assert last_conference(life.plan).day == again.counts_from == REVIEWED


def test_a_plan_that_ended_is_not_checked(life):
    life.reviewed([life.robin], date(2027, 5, 1), outcome=Outcome.PLAN_ENDS)
    assert refused(checked, life) == ["This plan has ended, or is not one that a chair checks. Nothing was changed."]


# The manager


def told(check):
    rows = Notice.objects.filter(key__startswith=f"mid-point:{check.pk}:")
    return {(row.user, row.urgent) for row in rows}


def lines(user):
    return [line for line in described(to_decide(user)) if "the chair took to you" in line.title]


def test_the_manager_is_told_at_once_and_decides_on_their_list(life, client):
    with time_machine.travel(NOW, tick=False):
        check = checked(life, WORRIED)
        assert told(check) == {(life.manager, True)}
        (line,) = lines(life.manager)
        assert line.about == life.robin.person.full_name
        client.force_login(life.manager)
        assert "Nothing has changed since March" in client.get(line.url).content.decode()
        answer = client.post(line.url, {"outcome": "early_review", "reason": "By the end of May"})
        assert answer.status_code == 302
        assert lines(life.manager) == []
    check.refresh_from_db()
    assert (check.outcome, check.decided_by) == (MidPointOutcome.EARLY_REVIEW, life.manager)
    decided = Notice.objects.filter(key__startswith=f"mid-point-decided:{check.pk}:")
    assert {row.user for row in decided} == {life.chair, life.worker}
    life.count()
    assert life.dates("mid-point-decided") == [(date(2027, 5, 11), CHECKED)]
    life.plan.refresh_from_db()
    assert life.plan.is_open


def test_what_is_with_the_manager_is_not_taken_from_them(life):
    check = checked(life, WORRIED)
    found = refused(checked, life, WELL, replaces=check.pk)
    assert found == {"escalated": ["The check before is with the manager. Take this one to them too, or wait for them"]}
    again = checked(life, replace(WORRIED, note="And no core group in April"), replaces=check.pk)
    assert refused(
        decide_mid_point, check=check, outcome=MidPointOutcome.GOES_ON, reason="x", by=life.manager, now=NOW
    ) == ["The chair recorded this check again. Look at the new one."]
    life.count()
    assert [(row.not_needed, row.met_at) for row in life.rows("mid-point-decided")] == [
        ("The chair recorded the check again.", None),
        ("", None),
    ]
    assert again.waits_for_manager


def test_two_managers_decide_once_and_no_one_else(life):
    check = checked(life, WORRIED)
    decision = {"outcome": MidPointOutcome.GOES_ON, "reason": "A new worker began", "now": NOW}
    assert refused(decide_mid_point, check=check, by=life.worker, **decision) == [
        "A manager of this case decides this."
    ]
    assert decide_mid_point(check=check, by=life.manager, **decision) == decide_mid_point(
        check=check, by=life.manager, **decision
    )
    other = user_with_role(Role.SERVICE_MANAGER, authority=life.authority)
    assert refused(decide_mid_point, check=check, by=other, **decision) == [
        f"{life.manager.name} has decided this already."
    ]


# Pages


def test_the_chair_records_it_from_the_link_of_the_clock(life, client):
    with time_machine.travel(NOW, tick=False):
        life.count(NOW)
        client.force_login(life.chair)
        (row,) = [row for row in life.rows("mid-point-check") if not row.not_needed]
        page = client.get(reverse("plans:mid-point-of-child", args=[row.child_id]), follow=True)
        assert 'Since <time datetime="2027-03-15">' in page.content.decode()
        url = reverse("plans:mid-point", args=[life.plan.pk])
        answer = client.post(url, {"actions_moving": "yes", "groups_held": "no"})
        assert "Choose an answer for" in answer.content.decode()
        assert answer.status_code == 200
        said = {"actions_moving": "yes", "groups_held": "no", "child_seen": "yes", "drifting": "no"}
        said |= {"review_needed": "not_clear", "note": "No core group since March", "escalated": "on"}
        assert client.post(url, said).status_code == 302
        check = MidPointCheck.objects.get()
        assert (check.groups_held, check.escalated, check.recorded_by) == ("no", True, life.chair)
        assert "With the manager" in client.get(reverse("plans:plan", args=[life.plan.pk])).content.decode()


def test_everyone_else_is_led_to_the_plan_and_opens_no_check(life, client):
    with time_machine.travel(NOW, tick=False):
        client.force_login(life.worker)
        assert client.get(reverse("plans:mid-point", args=[life.plan.pk])).status_code == 404
        answer = client.get(reverse("plans:mid-point-of-child", args=[life.robin.pk]))
        assert answer["Location"] == reverse("plans:plan", args=[life.plan.pk])
