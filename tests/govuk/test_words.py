from __future__ import annotations

import datetime

import pytest
import time_machine
from django.template import engines
from django.test import RequestFactory

from govuk import words

FIFTH = datetime.date(2027, 1, 5)
# Half an hour before midnight in London in summer time.
LATE_EVENING = datetime.datetime(2027, 6, 30, 22, 30, tzinfo=datetime.UTC)


def drawn(source, path="/", **context):
    return engines["django"].from_string(source).render(context, RequestFactory().get(path))


def test_a_date_in_full_does_not_break():
    assert words.long_date(FIFTH) == "Tuesday\u00a05\u00a0January\u00a02027"


@pytest.mark.parametrize(
    ("today", "said"), [(datetime.date(2027, 3, 1), "Tue 5 Jan"), (datetime.date(2026, 12, 31), "Tue 5 Jan 2027")]
)
def test_a_short_date_omits_the_current_year(today, said):
    assert words.short_date(FIFTH, today=today) == said.replace(" ", "\u00a0")


def test_moments_are_given_in_london_time():
    assert words.clock(LATE_EVENING) == "23:30"
    assert words.long_date(LATE_EVENING + datetime.timedelta(hours=1)) == "Thursday 1 July 2027".replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (3, "in 3 working days"),
        (1, "in 1 working day"),
        (0, "today"),
        (-1, "1 working day late"),
        (-12, "12 working days late"),
    ],
)
def test_distances_are_whole_sentences(days, said):
    assert words.working_distance(days).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Robin"], "Robin"),
        (["Robin", "Wren"], "Robin and Wren"),
        (["Robin", "Wren", "the baby"], "Robin, Wren and the baby"),
    ],
)
def test_lists_end_with_and(names, said):
    assert words.listed(names) == said


@time_machine.travel(datetime.datetime(2027, 2, 1, 12, tzinfo=datetime.UTC), tick=False)
def test_the_filters_say_dates_and_what_is_missing():
    html = drawn(
        "{{ d|uk_date }}|{{ d|uk_date_short }}|{{ d|uk_date_plain }}|{{ m|uk_datetime }}|{{ t|uk_time }}|{{ none|uk_date }}|{{ none|not_recorded }}",
        d=FIFTH,
        m=datetime.datetime(2027, 1, 5, 14, 5, tzinfo=datetime.UTC),
        t=datetime.time(0, 0),
        none=None,
    ).replace("\u00a0", " ")

    assert html == (
        '<time datetime="2027-01-05">Tuesday 5 January 2027</time>|<time datetime="2027-01-05">Tue 5 Jan</time>|'
        '<time datetime="2027-01-05">5 January 2027</time>|'
        '<time datetime="2027-01-05T14:05:00+00:00">Tuesday 5 January 2027, 14:05</time>|0:00|'
        '<span class="cp-none">Not recorded</span>|<span class="cp-none">Not recorded</span>'
    )


def test_zero_and_false_are_recorded():
    assert (
        drawn("{{ zero|not_recorded }} {{ no|not_recorded }} {{ yes|not_recorded }}", zero=0, no=False, yes=True)
        == "0 No Yes"
    )


def test_a_tag_escapes_its_words():
    assert (
        drawn('{% tag text "red" %}', text="<late>") == '<strong class="govuk-tag govuk-tag--red">&lt;late&gt;</strong>'
    )


def test_a_sort_link_reverses_and_keeps_the_filter():
    first = drawn('{% sort_header "date" "Date" %}', "/list/?chair=3&page=2")
    again = drawn('{% sort_header "date" "Date" %}', "/list/?chair=3&sort=date")

    assert ('aria-sort="none"' in first, 'href="?chair=3&amp;sort=date"' in first) == (True, True)
    assert ('aria-sort="ascending"' in again, 'href="?chair=3&amp;sort=-date"' in again) == (True, True)


def test_query_with_removes_none():
    assert drawn("{% query_with page=None chair=4 %}", "/list/?chair=3&page=2") == "?chair=4"
