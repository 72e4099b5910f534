"""Several strategy discussions about one child: which one starts the time limit, who decides that, and why."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.selectors.enquiries import waiting_enquiries
from conferences.services.enquiries import choose_starting_discussion, record_strategy_discussion
from deadlines.models import Deadline
from tests.conferences import story
from tests.conferences.story import HELD_AT, LAST_DAY, LONDON, NOW
from tests.factories import TeamFactory, procedures_with, user_with_role

pytestmark = pytest.mark.django_db
LATER_AT = HELD_AT + datetime.timedelta(days=1)
LATER_LAST = datetime.date(2027, 1, 4)
WHY = "The second discussion weighed what the first could not know."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def policy(told, *, since=datetime.date(2026, 12, 1), limits=None, **values):
    """Put the council's procedures in force with these values."""
    procedures_with(
        told.authority,
        since=since,
        values={key.replace("_", "-"): value for key, value in values.items()},
        limits=limits or {},
    )


def discuss(told, child, held_at):
    return record_strategy_discussion(
        family=told.family,
        children=[child],
        held_at=held_at,
        reason="Bruises",
        agencies_present="",
        by=told.social_worker,
        now=max(NOW, held_at),
    )


def choose(told, child, discussion, *, reason=WHY, now=NOW):
    return choose_starting_discussion(
        enquiry=child.enquiries.get(), discussion=discussion, reason=reason, by=told.manager, now=now
    )


def last_day(child):
    return Deadline.objects.get(kind="initial-conference", child_id=child.pk).due_on


def test_the_first_of_two_discussions_counts_until_a_manager_chooses(told):
    policy(told, starting_discussion="the last")
    discuss(told, told.robin, HELD_AT)
    later = discuss(told, told.robin, LATER_AT)
    assert last_day(told.robin) == LAST_DAY
    enquiry = choose(told, told.robin, later)
    assert last_day(told.robin) == LATER_LAST
    choice = enquiry.starting_choices.get()
    assert (choice.discussion, choice.reason, choice.chosen_by, choice.chosen_at) == (later, WHY, told.manager, NOW)
    assert [row.started_on for row in waiting_enquiries(told.family)] == [LATER_AT.date()]


def test_the_choice_can_go_back_to_the_first_and_every_choice_is_kept(told):
    policy(told, starting_discussion="the last")
    first = discuss(told, told.robin, HELD_AT)
    later = discuss(told, told.robin, LATER_AT)
    choose(told, told.robin, later)
    choose(told, told.robin, first, reason="Legal advice")
    assert last_day(told.robin) == LAST_DAY
    assert [row.discussion for row in told.robin.enquiries.get().starting_choices.all()] == [first, later]


def test_making_the_same_choice_twice_keeps_one(told):
    policy(told, starting_discussion="the last")
    discuss(told, told.robin, HELD_AT)
    later = discuss(told, told.robin, LATER_AT)
    choose(told, told.robin, later)
    assert choose(told, told.robin, later, reason="Again").starting_choices.count() == 1


def test_a_council_that_counts_from_the_first_refuses_a_later_one(told):
    discuss(told, told.robin, HELD_AT)
    later = discuss(told, told.robin, LATER_AT)
    with pytest.raises(ValidationError) as raised:
        choose(told, told.robin, later)
    assert list(raised.value.message_dict) == ["discussion"]
    assert last_day(told.robin) == LAST_DAY


def test_a_later_one_needs_a_reason(told):
    policy(told, starting_discussion="the last")
    discuss(told, told.robin, HELD_AT)
    later = discuss(told, told.robin, LATER_AT)
    with pytest.raises(ValidationError) as raised:
        choose(told, told.robin, later, reason="  ")
    assert raised.value.message_dict == {"reason": ["Say why this discussion starts the time limit."]}


def test_a_discussion_in_between_cannot_be_chosen(told):
    policy(told, starting_discussion="the last")
    discuss(told, told.robin, HELD_AT)
    between = discuss(told, told.robin, LATER_AT)
    discuss(told, told.robin, NOW)
    with pytest.raises(ValidationError) as raised:
        choose(told, told.robin, between)
    assert raised.value.message_dict == {"discussion": ["Choose the last discussion, or the first."]}


def test_a_discussion_about_another_child_is_refused(told):
    policy(told, starting_discussion="the last")
    discuss(told, told.robin, HELD_AT)
    other = discuss(told, told.wren, LATER_AT)
    with pytest.raises(ValidationError) as raised:
        choose(told, told.robin, other)
    assert raised.value.message_dict == {"discussion": ["Choose one of the discussions about this child."]}


@pytest.mark.value("starting-discussion")
def test_siblings_keep_their_own_days(told):
    policy(told, starting_discussion="the last")
    discuss(told, told.wren, HELD_AT)
    discuss(told, told.robin, HELD_AT)
    later = discuss(told, told.robin, LATER_AT)
    choose(told, told.robin, later)
    assert (last_day(told.robin), last_day(told.wren)) == (LATER_LAST, LAST_DAY)


@pytest.mark.value("pre-birth-earliest-week")
def test_an_early_pregnancy_may_count_from_a_later_discussion(told):
    # Expected on 20 May 2027: week 20 begins on 31 December 2026, and the limit ends that day.
    policy(told, pre_birth_earliest_week=21)
    discuss(told, told.baby, HELD_AT)
    later = discuss(told, told.baby, LATER_AT)
    choose(told, told.baby, later)
    assert last_day(told.baby) == LATER_LAST
    discuss(told, told.robin, HELD_AT)
    with pytest.raises(ValidationError):
        choose(told, told.robin, discuss(told, told.robin, LATER_AT))


def test_a_pregnancy_far_enough_along_counts_from_the_first(told):
    policy(told, pre_birth_earliest_week=20)
    discuss(told, told.baby, HELD_AT)
    later = discuss(told, told.baby, LATER_AT)
    with pytest.raises(ValidationError):
        choose(told, told.baby, later)


def test_ten_to_midnight_belongs_to_that_day_and_christmas_day_can_be_day_0(told):
    policy(told, starting_discussion="the last")
    night = datetime.datetime(2026, 12, 8, 23, 50, tzinfo=LONDON)
    discuss(told, told.robin, night)
    assert last_day(told.robin) == LAST_DAY
    christmas = datetime.datetime(2026, 12, 25, 9, tzinfo=LONDON)
    later = discuss(told, told.robin, christmas)
    choose(told, told.robin, later, now=christmas)
    # Day 1 is Tuesday 29 December: Monday 28 December is a bank holiday in place of Boxing Day.
    assert last_day(told.robin) == datetime.date(2027, 1, 19)


def test_the_limit_counts_under_the_procedures_of_the_chosen_day(told):
    policy(told, starting_discussion="the last")
    policy(told, since=LATER_AT.date(), starting_discussion="the last", limits={"initial-conference": {"amount": 10}})
    discuss(told, told.robin, HELD_AT)
    later = discuss(told, told.robin, LATER_AT)
    assert last_day(told.robin) == LAST_DAY
    choose(told, told.robin, later)
    assert last_day(told.robin) == datetime.date(2026, 12, 23)


def test_choosing_a_later_discussion_withdraws_the_late_agreements(told):
    policy(told, starting_discussion="the last")
    conference = story.booked(told, starts_at=datetime.datetime(2027, 1, 4, 10, tzinfo=LONDON))
    assert conference.late_agreements.filter(superseded_at__isnull=True).count() == 2
    for child in told.children:
        later = discuss(told, child, LATER_AT)
        choose(told, child, later)
    assert conference.late_agreements.filter(superseded_at__isnull=True).count() == 0


# the page


def page_of(told, child):
    return reverse("conferences:choose-starting-discussion", args=[told.family.pk, child.enquiries.get().pk])


def test_a_manager_chooses_on_the_page_and_the_enquiries_show_it(told, client):
    policy(told, starting_discussion="the last")
    discuss(told, told.robin, HELD_AT)
    later = discuss(told, told.robin, LATER_AT)
    client.force_login(told.manager)
    enquiries = reverse("conferences:enquiries", args=[told.family.pk])
    assert page_of(told, told.robin) in client.get(enquiries).content.decode()
    shown = client.get(page_of(told, told.robin)).content.decode()
    assert "Last day for the conference: Monday\xa04\xa0January\xa02027" in shown
    response = client.post(page_of(told, told.robin), {"discussion": later.pk, "reason": WHY})
    assert response["Location"] == enquiries
    after = client.get(enquiries).content.decode()
    assert WHY in after
    assert 'Conference by <time datetime="2027-01-04">' in after


def test_a_refused_form_keeps_the_input(told, client):
    discuss(told, told.robin, HELD_AT)
    later = discuss(told, told.robin, LATER_AT)
    client.force_login(told.manager)
    page = client.post(page_of(told, told.robin), {"discussion": later.pk, "reason": WHY}).content.decode()
    assert "This council counts from the discussion that started the enquiries" in page
    assert WHY in page


def test_only_the_teams_manager_chooses_where_the_procedures_name_them(told, client):
    discuss(told, told.robin, HELD_AT)
    discuss(told, told.robin, LATER_AT)
    address = page_of(told, told.robin)
    for user in (
        told.social_worker,
        told.coordinator,
        told.chair,
        user_with_role(Role.TEAM_MANAGER, team=TeamFactory(authority=told.authority)),
        user_with_role(Role.SERVICE_MANAGER, authority=told.authority),
    ):
        client.force_login(user)
        assert client.get(address).status_code in (403, 404)
    client.force_login(told.manager)
    assert client.get(address).status_code == 200


def test_with_one_discussion_there_is_nothing_to_choose(told, client):
    discuss(told, told.robin, HELD_AT)
    client.force_login(told.manager)
    assert client.get(page_of(told, told.robin)).status_code == 404
