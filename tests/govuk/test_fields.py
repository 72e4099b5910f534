from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from govuk.date_fields import DateInput, DateInputField, TimeField
from govuk.fields import CheckboxesField, Item, LongTextField, RadiosField, ScaleField, SelectField, YesNoField

FIFTH = datetime.date(2027, 1, 5)


@pytest.mark.parametrize(
    "boxes",
    [("5", "1", "2027"), ("05", "01", "2027"), ("5", "January", "2027"), ("5", "jan", "2027"), ("5", "Jan.", "2027")],
)
def test_a_date_is_understood_as_people_write_it(boxes):
    assert DateInputField().clean(list(boxes)) == FIFTH


@pytest.mark.parametrize(
    "written",
    [
        "5 1 2027", "5/1/2027", "5.1.2027", "5 January 2027", "Tue 5 Jan 2027", "2027-01-05", "5th January 2027",
        "Tuesday 5th of January, 2027", "5\u20131\u20132027", "05 01 2027",
    ],
)  # fmt: skip
def test_a_whole_date_in_the_first_box_is_split(written):
    boxes = DateInput().value_from_datadict({"held_on_day": written}, {}, "held_on")

    assert DateInputField().clean(boxes) == FIFTH


def test_a_date_under_its_plain_name_is_split():
    boxes = DateInput().value_from_datadict({"held_on": "2027-01-05"}, {}, "held_on")

    assert boxes == ["5", "1", "2027"]


@pytest.mark.parametrize(
    ("boxes", "message", "parts"),
    [
        (("5", "", ""), "The date needs a month and year", ["month", "year"]),
        (("", "1", "2027"), "The date needs a day", ["day"]),
        (("five", "1", "2027"), "Write the day as a number from 1 to 31", ["day"]),
        (("32", "1", "2027"), "Write the day as a number from 1 to 31", ["day"]),
        (("5", "13", "2027"), "Write the month as a number from 1 to 12, or as its name", ["month"]),
        (("5", "Junuary", "2027"), "Write the month as a number from 1 to 12, or as its name", ["month"]),
        (("5", "1", "27"), "Write the year with four numbers, such as 2027", ["year"]),
        (("31", "2", "2027"), "February 2027 has no day 31", ["day"]),
        (("²", "1", "2027"), "Write the day as a number from 1 to 31", ["day"]),
    ],
)
def test_an_invalid_date_says_how_to_correct_it(boxes, message, parts):
    with pytest.raises(ValidationError) as refusal:
        DateInputField().clean(list(boxes))

    assert refusal.value.messages == [message]
    assert refusal.value.params["parts"] == parts


def test_an_optional_empty_date_is_none():
    assert DateInputField(required=False).clean(["", "", ""]) is None


def test_a_required_empty_date_is_refused():
    with pytest.raises(ValidationError) as refusal:
        DateInputField().clean(["", "", ""])

    assert refusal.value.messages == ["Enter the date"]


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("10:00", (10, 0)),
        ("9.30", (9, 30)),
        ("1430", (14, 30)),
        ("2pm", (14, 0)),
        ("2.15 pm", (14, 15)),
        ("2 p.m.", (14, 0)),
        ("12am", (0, 0)),
        ("12pm", (12, 0)),
        ("noon", (12, 0)),
        ("midnight", (0, 0)),
        ("00:05", (0, 5)),
    ],
)
def test_a_time_is_understood_as_people_write_it(written, time):
    assert TimeField().clean(written) == datetime.time(*time)


@pytest.mark.parametrize("written", ["25:00", "10:61", "13pm", "tea time", "10:00:00", "-1"])
def test_an_invalid_time_says_how_to_write_one(written):
    with pytest.raises(ValidationError) as refusal:
        TimeField().clean(written)

    assert refusal.value.messages == ["Write the time like 10:00, 9.30 or 2pm"]


def test_an_hour_alone_asks_for_morning_or_afternoon():
    with pytest.raises(ValidationError) as refusal:
        TimeField().clean("2")

    assert refusal.value.messages == ["Say whether it is morning or afternoon, such as 10:00, 9am or 2pm"]


def test_a_score_is_a_whole_number_of_the_scale():
    assert [ScaleField().clean(str(number)) for number in (0, 5, 10)] == [0, 5, 10]


@pytest.mark.parametrize("written", ["11", "-1", "seven", "5.5", ""])
def test_a_score_off_the_scale_is_refused(written):
    with pytest.raises(ValidationError) as refusal:
        ScaleField().clean(written)

    assert refusal.value.messages == ["Choose a number from 0 to 10"]


def test_not_safe_tonight_is_its_own_answer():
    field = ScaleField(extra=[("not_safe", "Not safe tonight")])

    assert field.clean("not_safe") == "not_safe"


def test_yes_and_no_are_true_and_false_and_nothing_is_none():
    field = YesNoField(required=False)

    assert [field.clean(answer) for answer in ("yes", "no", "")] == [True, False, None]


def test_a_select_starts_with_nothing_chosen():
    assert SelectField(choices=[("1", "One")]).choices == [("", "Choose one"), ("1", "One")]
    assert SelectField(choices=[("1", "One"), ("", "All")]).choices == [("", "All"), ("1", "One")]


def test_hints_and_dividers_stay_beside_plain_choices():
    field = RadiosField(choices=[Item("a", "A", hint="first"), Item("b", "B", divider="or")])

    assert field.choices == [("a", "A"), ("b", "B")]
    assert field.widget.hints == {"a": "first"}
    assert field.widget.dividers == {"b": "or"}


def test_choices_set_later_replace_the_first_ones():
    field = CheckboxesField(choices=[("a", "A")])

    field.set_choices([("Family", [Item(7, "Hazel", hint="Mother")])])

    assert field.choices == [("Family", [(7, "Hazel")])]
    assert field.widget.hints == {"7": "Mother"}
    assert field.clean(["7"]) == ["7"]


def test_fifty_thousand_characters_fit():
    assert LongTextField().clean("x" * 50_000) == "x" * 50_000
