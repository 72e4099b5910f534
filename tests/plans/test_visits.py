"""Visits: contradictions, failed visits, other professionals, hidden places, siblings, patterns, corrections."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import Role
from deadlines.models import Deadline
from families.enums import Answer
from families.models import WhereaboutsReveal
from families.services import record_death, record_residence
from notifications.models import Notice
from plans.enums import EndReason, WhyNotSeen
from plans.models import Plan, Visit
from plans.selectors.visits import patterns_of
from plans.services.visits import Occasion, Seen, correct_visit, record_visit, record_visits, take_out_visit
from tests.case_events import CaseEvents, at
from tests.factories import AgencyInvolvementFactory, AuthorityFactory, PostFactory, procedures_with, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

BEGAN = date(2026, 12, 22)
TODAY = date(2027, 3, 1)
NOW = at(TODAY)
ALONE = Seen(child_seen=True, seen_alone=Answer.YES, bedroom_seen=Answer.YES)
NOT_ALONE = Seen(child_seen=True, seen_alone=Answer.NO, bedroom_seen=Answer.NO)


def not_seen(again):
    return Seen(child_seen=False, not_seen_because=WhyNotSeen.NO_ANSWER, next_try_on=again)


@once_per_module()
def life():
    authority = AuthorityFactory()
    procedures_with(authority, since=date(2026, 1, 1), values={"visits-child-alone": 2, "visits-bedroom-seen": 3})
    return CaseEvents(authority)


@once_per_module()
def children(life):
    """A girl of seven and her brother of twelve, with plans from one conference."""
    children = [life.child(person__birth_date=date(2019, 6, 1)), life.child(person__birth_date=date(2014, 6, 1))]
    for child in children:
        life.discussed(child, date(2026, 12, 8))
    life.closes(life.held(children, BEGAN))
    return children


@once_per_module()
def manager(life):
    return user_with_role(Role.TEAM_MANAGER, team=life.family.team)


def plan_of(child):
    return Plan.objects.get(child=child)


def visited(life, child, day, seen=ALONE, **occasion):
    made = {"made_at": at(day, "15:00"), "made_by": life.worker, **occasion}
    return record_visit(plan=plan_of(child), occasion=Occasion(**made), seen=seen, by=life.worker, now=NOW)


def refused(life, child, seen, day=date(2027, 1, 5)):
    with pytest.raises(ValidationError) as caught:
        visited(life, child, day, seen)
    return {name.rpartition("_")[0] for name in caught.value.message_dict}


# What contradicts itself


@pytest.mark.parametrize(
    ("seen", "field"),
    [
        (Seen(child_seen=False, seen_alone=Answer.YES, not_seen_because="away", next_try_on=TODAY), "seen_alone"),
        (Seen(child_seen=False, bedroom_seen="yes", not_seen_because="no_answer", next_try_on=TODAY), "bedroom_seen"),
        (Seen(child_seen=True, seen_alone="yes", bedroom_seen="no", not_seen_because="refused"), "child_seen"),
        (Seen(child_seen=True, seen_alone="does_not_apply", bedroom_seen="yes"), "seen_alone"),
        (Seen(child_seen=True, seen_alone="yes", bedroom_seen="not_asked"), "bedroom_seen"),
        (Seen(child_seen=False, next_try_on=TODAY), "not_seen_because"),
        (Seen(child_seen=False, not_seen_because="other", next_try_on=TODAY), "note"),
        (Seen(child_seen=False, not_seen_because="away"), "next_try_on"),
        (Seen(child_seen=False, not_seen_because="away", next_try_on=date(2027, 1, 4)), "next_try_on"),
    ],
)
def test_contradictions_and_gaps_are_refused(life, children, seen, field):
    assert refused(life, children[0], seen) == {field}
    assert not Visit.objects.exists()


def test_a_visit_before_the_plan_began_is_refused(life, children):
    with pytest.raises(ValidationError) as caught:
        visited(life, children[0], BEGAN - timedelta(days=1))
    assert caught.value.message_dict == {"made_on": ["The plan had not started on that day."]}
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"child_seen": False, "seen_alone": "yes"},
        {"child_seen": False, "bedroom_seen": "yes", "not_seen_because": "no_answer"},
        {"child_seen": True, "not_seen_because": "away"},
        {"child_seen": True, "next_try_on": TODAY},
        {"child_seen": True, "made_by": None},
        {"child_seen": True, "corrected_at": NOW},
    ],
)
def test_the_database_refuses_what_contradicts_itself(life, children, fields):
    row = {"made_at": NOW, "made_by": life.worker, "recorded_by": life.worker, "recorded_at": NOW, **fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(plan=plan_of(children[0]), **row)


def test_alone_and_bedroom_may_not_apply_to_a_baby_under_the_councils_age(life):
    baby = life.child(person__birth_date=date(2026, 6, 1))
    life.held([baby], BEGAN)
    does_not = Seen(child_seen=True, seen_alone=Answer.DOES_NOT_APPLY, bedroom_seen=Answer.DOES_NOT_APPLY)
    assert visited(life, baby, date(2027, 1, 5), does_not).seen_alone == Answer.DOES_NOT_APPLY


def test_a_child_who_died_takes_no_visit_and_is_not_called_an_ended_plan(life, children):
    record_death(person=children[0].person, died_on=date(2027, 1, 4), source="Police", by=life.worker, now=NOW)
    with pytest.raises(ValidationError, match="This child has died"):
        visited(life, children[0], date(2027, 1, 3))


# Failed visits


def test_the_next_try_is_due_on_the_day_agreed_until_it_is_made(life, children):
    visited(life, children[0], date(2027, 1, 5), not_seen(date(2027, 1, 5)))
    assert life.dates("visit-again") == [(date(2027, 1, 5), None)]
    visited(life, children[0], date(2027, 1, 6), not_seen(date(2027, 1, 8)))
    assert life.dates("visit-again") == [(date(2027, 1, 5), date(2027, 1, 6)), (date(2027, 1, 8), None)]
    visited(life, children[0], date(2027, 1, 7))
    assert life.dates("visit-again")[1] == (date(2027, 1, 8), date(2027, 1, 7))
    assert life.dates("visit", children[0])[0] == (date(2027, 1, 8), date(2027, 1, 7))
    life.count()


def test_the_manager_is_told_at_once_at_the_councils_count_in_a_row(life, children, manager):
    visited(life, children[0], date(2027, 1, 5), not_seen(date(2027, 1, 5)))
    visited(life, children[1], date(2027, 1, 5), not_seen(date(2027, 1, 5)))
    assert not Notice.objects.filter(user=manager).exists()
    second = visited(life, children[0], date(2027, 1, 6), not_seen(date(2027, 1, 7)))
    notice = Notice.objects.get(user=manager)
    assert (notice.key, notice.urgent) == (f"visit-failed:{second.pk}", True)
    assert children[0].person.given_name not in notice.text
    visited(life, children[0], date(2027, 1, 7))
    visited(life, children[0], date(2027, 1, 8), not_seen(date(2027, 1, 8)))
    assert Notice.objects.filter(user=manager).count() == 1


# Other professionals


def test_another_professionals_visit_is_recorded_and_moves_no_clock(life, children):
    post = PostFactory(agency__authority=life.authority)
    visited(life, children[0], date(2027, 1, 5), ALONE, made_by=None, by_post=post)
    assert plan_of(children[0]).visits.get().by_post == post
    life.count()
    assert life.dates("visit", children[0]) == [(date(2027, 1, 8), None)]
    assert [row.visits for row in patterns_of([plan_of(children[0])], on=TODAY)[plan_of(children[0]).pk]] == [0, 0]


# Patterns


def pattern(child):
    alone, bedroom = patterns_of([plan_of(child)], on=TODAY)[plan_of(child).pk]
    return [(row.times, row.visits, row.since, row.is_gap, row.is_due) for row in (alone, bedroom)]


@pytest.mark.value("visits-child-alone", "visits-bedroom-seen")
def test_a_gap_in_the_pattern_is_counted_and_told_for_that_child_until_it_is_made_good(life, children):
    one, other = children
    for day in (5, 12, 19):
        visited(life, one, date(2027, 1, day), NOT_ALONE if day > 5 else ALONE)
        visited(life, other, date(2027, 1, day))
    assert pattern(one) == [(1, 3, 2, True, False), (1, 3, 2, False, True)]
    assert pattern(other) == [(3, 3, 0, False, False)] * 2
    life.count()
    assert [(row.child_id, row.due_on, row.met_at) for row in life.rows("visit-alone")] == [
        (one.pk, date(2027, 2, 2), None)
    ]
    assert life.rows("visit-bedroom") == []
    visited(life, one, date(2027, 1, 26), Seen(child_seen=True, seen_alone="yes", bedroom_seen="no"))
    life.count()
    assert life.dates("visit-alone") == [(date(2027, 2, 2), date(2027, 1, 26))]
    assert life.dates("visit-bedroom") == [(date(2027, 2, 9), None)]
    assert pattern(one) == [(2, 4, 0, False, False), (1, 4, 3, True, False)]


def test_visits_to_which_it_does_not_apply_and_failed_ones_make_no_gap(life, children):
    one, _ = children
    visited(life, one, date(2027, 1, 5), NOT_ALONE)
    visited(life, one, date(2027, 1, 6), not_seen(date(2027, 1, 7)))
    assert pattern(one)[0] == (0, 1, 1, False, True)


def test_without_a_figure_nothing_is_a_gap():
    life = CaseEvents()
    child = life.child()
    life.held([child], BEGAN)
    for day in (5, 12, 19):
        visited(life, child, date(2027, 1, day), NOT_ALONE)
    life.count()
    assert life.rows("visit-alone") == []
    assert pattern(child)[0] == (0, 3, 3, False, False)


@pytest.mark.parametrize("number", [1, 5])
def test_patterns_take_the_same_queries_for_one_and_five_children(life, django_assert_num_queries, number):
    children = [life.child() for _ in range(number)]
    life.held(children, BEGAN)
    plans = list(Plan.objects.filter(child__in=children))
    patterns_of(plans, on=TODAY)
    with django_assert_num_queries(3):
        patterns_of(plans, on=TODAY)


# Corrections


def test_a_visit_is_corrected_in_the_open_and_the_clock_follows(life, children):
    wrong = visited(life, children[0], date(2027, 1, 5))
    occasion = Occasion(made_at=at(date(2027, 1, 6), "15:00"), made_by=life.worker)
    given = {"occasion": occasion, "seen": NOT_ALONE, "because": "The day was wrong.", "by": life.worker, "now": NOW}
    right = correct_visit(visit=wrong, **given)
    wrong.refresh_from_db()
    assert (wrong.superseded_by, wrong.corrected_by, wrong.corrected_because) == (
        right,
        life.worker,
        "The day was wrong.",
    )
    assert life.dates("visit", children[0]) == [(date(2027, 1, 8), date(2027, 1, 6)), (date(2027, 1, 20), None)]
    with pytest.raises(ValidationError, match="Someone has corrected this visit already"):
        correct_visit(visit=wrong, **given)


def test_a_visit_that_never_took_place_is_taken_out_and_kept(life, children):
    wrong = visited(life, children[0], date(2027, 1, 5))
    take_out_visit(visit=wrong, because="Another family", by=life.worker, now=NOW)
    assert life.dates("visit", children[0]) == [(date(2027, 1, 8), None)]
    assert Visit.objects.get().corrected_because == "Another family"
    with pytest.raises(ValidationError) as caught:
        take_out_visit(visit=visited(life, children[1], date(2027, 1, 5)), because=" ", by=life.worker, now=NOW)
    assert caught.value.message_dict == {"because": ["Say what was wrong."]}


def test_an_ended_plan_can_be_corrected_but_not_past_its_end(life, children):
    wrong = visited(life, children[0], date(2027, 1, 5))
    Plan.objects.filter(child=children[0]).update(ends_on=date(2027, 1, 15), end_reason=EndReason.MOVED)
    given = {"seen": ALONE, "because": "The day was wrong.", "by": life.worker, "now": NOW}
    with pytest.raises(ValidationError, match="The plan had ended by that day"):
        correct_visit(visit=wrong, occasion=Occasion(made_at=at(date(2027, 1, 18)), made_by=life.worker), **given)
    right = correct_visit(visit=wrong, occasion=Occasion(made_at=at(date(2027, 1, 14)), made_by=life.worker), **given)
    assert Visit.objects.standing().get() == right


# The pages


@pytest.fixture
def now():
    """Stop the clocks where the pages ask them."""
    with time_machine.travel(NOW, tick=False):
        yield


def page(plan, name, *more):
    return reverse(f"plans:{name}", args=[plan.pk, *more])


def posted(life, plan, **answers):
    common = {"made_on": "2027-01-05", "made_at": "15:30", "maker": f"user:{life.worker.pk}", "announced": "no"}
    return {**common, **answers}


def about(plan, **answers):
    return {f"{name}_{plan.pk}": answer for name, answer in answers.items()}


@pytest.mark.usefixtures("now")
def test_brothers_and_sisters_are_recorded_once_each_with_their_own_answers(life, children, client):
    one, other = map(plan_of, children)
    client.force_login(life.worker)
    sent = posted(life, one, where="At home", who_else="Their aunt")
    sent |= about(one, child_seen="yes", seen_alone="yes", bedroom_seen="yes", childs_words="I like the dog.")
    sent |= about(other, child_seen="no", not_seen_because="away", next_try_on="2027-01-05")
    answer = client.post(page(one, "record-visit"), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert list(Visit.objects.order_by("plan").values_list("plan", "child_seen", "childs_words", "where")) == [
        (one.pk, True, "I like the dog.", "At home"),
        (other.pk, False, "", "At home"),
    ]
    assert {row.child_id for row in Deadline.objects.filter(kind="visit-again")} == {other.child_id}


@pytest.mark.usefixtures("now")
def test_a_brother_who_was_not_part_of_the_visit_gets_none(life, children, client):
    one, other = map(plan_of, children)
    client.force_login(life.worker)
    sent = posted(life, one) | about(one, child_seen="yes", seen_alone="no", bedroom_seen="no")
    client.post(page(one, "record-visit"), sent | about(other, child_seen="not_visited"))
    assert list(Visit.objects.values_list("plan", flat=True)) == [one.pk]


@pytest.mark.usefixtures("now")
def test_the_form_refuses_what_contradicts_itself_beside_the_child_and_keeps_the_words(life, children, client):
    one, other = map(plan_of, children)
    client.force_login(life.worker)
    sent = posted(life, one) | about(one, child_seen="yes", seen_alone="yes", bedroom_seen="yes", note="Was quiet.")
    answer = client.post(page(one, "record-visit"), sent | about(other, child_seen="yes", seen_alone="yes"))
    assert list(answer.context["form"].errors) == [f"bedroom_seen_{other.pk}"]
    assert "Was quiet." in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_hidden_place_is_shown_only_against_a_recorded_reason(life, children, client):
    one = plan_of(children[0])
    record_residence(persons=[children[0].person], lines="4 Quince Orchard", by=life.worker, now=NOW, confidential=True)
    client.force_login(life.worker)
    form = client.get(page(one, "record-visit")).context["form"]
    assert form.initial["where_hidden"] is True
    visit = visited(life, children[0], date(2027, 1, 5), where="Larkspur refuge")
    assert visit.where_hidden
    for name in ("plan", "see-history"):
        assert "Larkspur" not in client.get(page(one, name)).content.decode()
    assert "Place confidential" in client.get(page(one, "plan")).content.decode()
    assert "Larkspur" not in client.get(page(one, "reveal-places")).content.decode()
    assert "Larkspur" not in client.post(page(one, "reveal-places"), {"reason": ""}).content.decode()
    assert "Larkspur" in client.post(page(one, "reveal-places"), {"reason": "To go there"}).content.decode()
    assert WhereaboutsReveal.objects.get().reason == "To go there"
    # Corrected without typing the place again, it is kept and stays hidden.
    correct_visit(
        visit=visit,
        occasion=Occasion(made_at=visit.made_at + timedelta(hours=1), made_by=life.worker, where_hidden=True),
        seen=ALONE,
        because="An hour later",
        by=life.worker,
        now=NOW,
    )
    assert set(Visit.objects.values_list("where", "where_hidden")) == {("Larkspur refuge", True)}
    assert "Larkspur" not in client.get(page(one, "plan")).content.decode()


def test_the_page_marks_a_gap_and_shows_what_was_corrected(life, children, client):
    one = plan_of(children[0])
    visited(life, children[0], date(2027, 1, 5), NOT_ALONE)
    wrong = visited(life, children[0], date(2027, 1, 12), NOT_ALONE)
    client.force_login(life.worker)
    assert "not at the last 2 visits" in " ".join(client.get(page(one, "plan")).content.decode().split())
    answer = client.post(page(one, "take-out-visit", wrong.pk), {"because": "Another family"})
    assert answer.status_code == 302
    shown = client.get(page(one, "plan")).content.decode()
    assert "It did not take place." in shown
    assert "not at the last" not in shown
    assert client.get(page(one, "correct-visit", wrong.pk)).status_code == 404


@pytest.mark.usefixtures("now")
def test_a_visit_is_corrected_from_the_page(life, children, client):
    one = plan_of(children[0])
    AgencyInvolvementFactory(child=children[0], agency__authority=life.authority)
    visit = visited(life, children[0], date(2027, 1, 5), NOT_ALONE)
    client.force_login(life.worker)
    form = client.get(page(one, "correct-visit", visit.pk)).context["form"]
    assert (form.initial["maker"], form.initial[f"seen_alone_{one.pk}"]) == (f"user:{life.worker.pk}", "no")
    sent = posted(life, one, because="She was seen alone.")
    sent |= about(one, child_seen="yes", seen_alone="yes", bedroom_seen="no")
    answer = client.post(page(one, "correct-visit", visit.pk), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert Visit.objects.standing().get().seen_alone == Answer.YES


def test_the_unborn_childs_mother_is_seen(life, client):
    (baby,) = life.unborn(date(2027, 4, 10))
    life.held([baby], BEGAN, kind="pre_birth")
    client.force_login(life.worker)
    text = client.get(page(plan_of(baby), "record-visit")).content.decode()
    assert "Was the mother seen?" in text
    assert "Does not apply" in text
    does_not = Seen(child_seen=True, seen_alone=Answer.DOES_NOT_APPLY, bedroom_seen=Answer.DOES_NOT_APPLY)
    visited(life, baby, date(2027, 1, 5), does_not)
    assert life.dates("visit", baby)[0] == (date(2027, 1, 8), date(2027, 1, 5))


def test_an_ended_plan_says_so_instead_of_asking(life, children, client):
    Plan.objects.filter(child=children[0]).update(ends_on=date(2027, 1, 15), end_reason=EndReason.MOVED)
    client.force_login(life.worker)
    answer = client.get(page(plan_of(children[0]), "record-visit"), follow=True)
    assert "This plan has ended. Visits can’t be added to it." in answer.content.decode()


def test_two_of_one_occasion_are_refused_together(life, children):
    one, other = map(plan_of, children)
    wrong = Seen(child_seen=True, seen_alone=Answer.YES)
    with pytest.raises(ValidationError):
        record_visits(
            occasion=Occasion(made_at=at(date(2027, 1, 5)), made_by=life.worker),
            children=[(one, ALONE), (other, wrong)],
            by=life.worker,
            now=NOW,
        )
    assert not Visit.objects.exists()
