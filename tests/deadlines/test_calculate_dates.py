from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from accounts.models import AccessEvent
from deadlines.policies import preset_names
from deadlines.services import add_closed_day
from tests.deadlines.conftest import moment
from tests.factories import AuthorityFactory, procedures_with

pytestmark = pytest.mark.django_db

URL = reverse("deadlines:calculate-dates")
STORY = {"happened": "discussion", "when": "2026-12-08", "council": "baseline", "conference": "2026-12-22"}


def ask(client, **answers):
    return client.get(URL, {"council": "baseline", **answers})


def lines(client, **answers):
    """Return the first date, then each that follows, as shown on the page."""
    found = ask(client, **answers).context["calculation"]
    return [(line.title, line.on.isoformat()) for line in (found.main, *found.lines)]


def test_it_is_public_and_stores_nothing(client):
    response = client.get(URL)
    assert (response.status_code, response.context["calculation"], dict(response.cookies)) == (200, None, {})
    response = ask(client, **STORY)
    assert (response.status_code, dict(response.cookies)) == (200, {})
    assert not AccessEvent.objects.exists()


def test_the_dates_of_the_story(client):
    assert lines(client, **STORY) == [
        ("Initial conference held", "2026-12-31"),
        ("Reports shared with the family", "2026-12-18"),
        ("Reports sent in", "2026-12-18"),
        ("Every report with the chair", "2026-12-18"),
        ("Decisions and plan sent", "2026-12-23"),
        ("First core group, if there is a plan", "2027-01-01"),
        ("Child seen, if there is a plan", "2027-01-08"),
        ("Minutes sent", "2027-01-19"),
        ("First review, if there is a plan", "2027-03-22"),
    ]


def test_the_first_answer_says_how_it_was_counted(client):
    found = ask(client, **STORY).context["calculation"]
    assert (found.main.rule, found.note, found.main.counted) == (
        "15 working days after the strategy discussion",
        "The date you gave, Tuesday\xa022\xa0December\xa02026, is day 10.",
        (
            "Not counted: 6\xa0weekend days, Christmas Day (Fri\xa025\xa0Dec) and the bank holiday "
            "for Boxing Day (Mon\xa028\xa0Dec)."
        ),
    )
    assert "<svg" in found.picture


def test_a_non_working_day_says_which_day_to_plan_for(client):
    found = ask(client, **STORY).context["calculation"]
    core_group = next(line for line in found.lines if line.title.startswith("First core group"))
    assert (core_group.on, core_group.plan_for) == (date(2027, 1, 1), date(2026, 12, 31))
    assert core_group.outer == "10 working days, Friday\xa08\xa0January\xa02027"


def test_a_conference_past_the_limit_is_shown_as_late(client):
    found = ask(client, **{**STORY, "conference": "2027-01-05"}).context["calculation"]
    assert found.note == "The date you gave, Tuesday\xa05\xa0January\xa02027, is day 17: 2\xa0working days late."


@pytest.mark.parametrize(
    ("answers", "first"),
    [
        ({"happened": "move", "when": "2026-12-08"}, "2026-12-31"),
        ({"happened": "conference", "when": "2026-11-30"}, "2027-02-28"),
        ({"happened": "review", "when": "2026-04-01"}, "2026-10-01"),
        (
            {"happened": "review", "when": "2026-04-01", "first_review_of": "2026-01-10", "council": "hartlepool"},
            "2026-07-10",
        ),
        ({"happened": "core-group", "when": "2026-12-22"}, "2027-02-02"),
        ({"happened": "birth", "when": "2027-01-11"}, "2027-02-08"),
        ({"happened": "birth", "when": "2027-03-10", "plan_began": "2026-12-22"}, "2027-03-22"),
        ({"happened": "cin-plan", "when": "2026-12-22"}, "2027-03-16"),
        ({"happened": "visit", "when": "2027-01-05"}, "2027-01-19"),
    ],
)
def test_each_event_has_its_first_date(client, answers, first):
    assert lines(client, **answers)[0][1] == first


def test_an_unborn_child_has_both_dates(client):
    assert lines(client, happened="discussion", when="2026-12-08", expected="2027-05-31") == [
        ("Initial conference held", "2026-12-31"),
        ("Conference about the unborn child held", "2027-02-28"),
    ]


def test_each_published_procedure_can_be_chosen(client):
    for council in preset_names():
        assert ask(client, **{**STORY, "council": council}).context["calculation"] is not None


def test_the_councils_of_the_installation_can_be_chosen_by_the_procedures_of_the_day(client):
    own, without = AuthorityFactory(name="Eastmere Council"), AuthorityFactory(name="Westmere Council")
    procedures_with(own, since=date(2026, 1, 1), limits={"first-core-group": {"amount": 7}})
    procedures_with(own, since=date(2026, 12, 1), limits={"first-core-group": {"amount": 5}})
    offered = dict(client.get(URL).context["form"].fields["council"].choices)
    assert offered[f"council-{own.pk}"] == "Eastmere Council, its own procedures"
    assert f"council-{without.pk}" not in offered

    def core_group(when):
        by_title = dict(lines(client, happened="conference", when=when, council=f"council-{own.pk}"))
        return by_title["First core group, if there is a plan"]

    with time_machine.travel("2026-12-09 10:00", tick=False):
        assert [core_group(day) for day in ("2025-11-03", "2026-11-02", "2026-12-07")] == [
            "2025-11-08", "2026-11-09", "2026-12-12",
        ]  # fmt: skip


def test_hartlepool_hands_in_when_it_shares(client):
    by_title = dict(lines(client, **{**STORY, "council": "hartlepool"}))
    assert by_title["Reports sent in"] == by_title["Reports shared with the family"] == "2026-12-20"


def test_a_proclaimed_holiday_counts_here_too(client):
    add_closed_day(
        authority=None, day=date(2026, 12, 10), name="Day of thanks", by=None, now=moment("2026-12-09 10:00")
    )
    assert lines(client, happened="discussion", when="2026-12-08") == [("Initial conference held", "2027-01-04")]


def test_the_link_contains_the_answers_and_gives_the_same_page(client):
    response = ask(client, happened="discussion", when_day="8", when_month="12", when_year="2026")
    assert response.context["link"] == "?happened=discussion&when=2026-12-08&council=baseline"
    again = client.get(URL + response.context["link"])
    assert again.context["calculation"].main == response.context["calculation"].main


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        ({"when_day": "29", "when_month": "2", "when_year": "2027"}, "when", "February 2027 has no day 29"),
        ({"when": ""}, "when", "Enter the day it happened"),
        ({"when": "2026-12-08", "council": "nowhere"}, "council", "Choose one of the answers shown"),
        (
            {"when": "2026-12-08", "conference": "2026-12-07"},
            "conference",
            "This date is before strategy discussion: the conference comes after what it was called for",
        ),
    ],
)
def test_a_wrong_answer_stays_on_the_page_with_the_reason(client, answers, field, sentence):
    response = ask(client, happened="discussion", **answers)
    assert response.status_code == 200
    assert response.context["form"].errors[field][0].startswith(sentence)
    assert response.context["calculation"] is None


@pytest.mark.parametrize("when", ["2011-12-31", "2098-01-01"])
def test_a_date_that_the_calendar_does_not_know_is_refused_at_its_question(client, when):
    errors = ask(client, happened="discussion", when=when).context["form"].errors
    assert errors["when"][0].startswith("This date is outside the calendar.")


def test_a_long_count_past_the_calendar_is_refused_at_its_question(client):
    last = date.today().year + 5
    errors = ask(client, happened="conference", when=f"{last}-12-01").context["form"].errors
    assert errors["when"][0].startswith("This date leads outside the calendar")


def test_it_takes_two_queries(client, django_assert_num_queries):
    ask(client, **STORY)
    with django_assert_num_queries(2):
        ask(client, **STORY)


def test_the_sign_in_page_links_to_it(client):
    assert f'href="{URL}"' in client.get(reverse("account_login")).content.decode()
