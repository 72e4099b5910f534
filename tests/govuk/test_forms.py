from __future__ import annotations

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from govuk.forms import DateInputField, GovukForm, Item, LongTextField, RadiosField, VersionField, clean_text
from govuk.formsets import govuk_formset


class NoteForm(GovukForm):
    name = forms.CharField(label="Name the child uses", max_length=5)
    held_on = DateInputField(label="When was it held?")
    outcome = RadiosField(label="Outcome", choices=[Item("a", "A"), Item("b", "B")])
    agreed = forms.BooleanField(label="I have told the parents")
    why = LongTextField(label="Why?", required=False)
    version = VersionField()


class ActionForm(GovukForm):
    what = forms.CharField(label="What")
    due = DateInputField(label="By when")


ActionFormSet = govuk_formset(ActionForm, row_name="Action", extra=2)


def rows(total, **fields):
    return {"form-TOTAL_FORMS": str(total), "form-INITIAL_FORMS": "0", **fields}


def test_control_characters_are_removed_and_line_endings_unified():
    assert clean_text("a\x00b\r\nc\rd\x0be\tf") == "ab\nc\nd\ne\tf"


def test_emoji_accents_and_right_to_left_script_stay():
    assert clean_text("Zoë O’Brien 👩‍👧 שָׁלוֹם مريم") == "Zoë O’Brien 👩‍👧 שָׁלוֹם مريم"


def test_text_is_cleaned_before_the_fields_see_it():
    form = NoteForm(QueryDict("why=a%00b%0D%0Ac"))

    assert form["why"].value() == "ab\nc"


def test_an_empty_field_says_what_to_do_from_its_label():
    assert NoteForm({}).errors == {
        "name": ["Fill in “Name the child uses”"],
        "held_on": ["Fill in “When was it held?”"],
        "outcome": ["Choose an answer for “Outcome”"],
        "agreed": ["Tick “I have told the parents”"],
    }


def test_a_fields_own_message_is_kept():
    class OwnForm(GovukForm):
        name = forms.CharField(label="Name", error_messages={"required": "Say who"})

    assert OwnForm({}).errors == {"name": ["Say who"]}


def test_over_long_text_is_refused_in_words_and_kept():
    form = NoteForm({"name": "Marigold"})

    assert form.errors["name"] == ["Use 5 characters or fewer. You have written 8, and all of it is still here."]
    assert form["name"].value() == "Marigold"


def test_no_box_has_a_hard_length_limit():
    assert "maxlength" not in str(NoteForm()["name"])


def test_long_text_is_limited_to_fifty_thousand_characters():
    form = NoteForm({"why": "x" * 50_001})

    assert form.errors["why"] == ["Use 50000 characters or fewer. You have written 50001, and all of it is still here."]


def test_an_answer_that_was_not_offered_is_refused_in_words():
    assert NoteForm({"outcome": "z"}).errors["outcome"] == ["Choose one of the answers shown"]


def test_a_kept_draft_fills_an_unbound_form_as_it_was_typed():
    form = NoteForm(initial={"version": 3})

    shown = form.restore(
        {"name": ["Rob"], "held_on_day": ["31"], "held_on_month": ["feb"], "outcome": ["b"], "version": ["1"]}
    )

    assert shown is True
    assert form["name"].value() == "Rob"
    assert form["held_on"].value() == ["31", "feb", ""]
    assert form["outcome"].value() == "b"
    assert form["version"].value() == 3


def test_there_is_nothing_to_restore_without_a_draft():
    assert NoteForm().restore(None) is False


def test_a_refusal_is_attached_to_the_field_it_names():
    form = NoteForm({})
    form.errors.clear()

    def refuse():
        raise ValidationError({"name": "Taken", "elsewhere": "Not possible"})

    assert form.accepts(refuse) is False
    assert form.errors == {"name": ["Taken"], "__all__": ["Not possible"]}


def test_add_another_adds_a_row_without_validating():
    formset = ActionFormSet(rows(1, **{"form-add_row": "1", "form-0-due_day": "99"}), prefix="form")

    assert formset.is_valid() is False
    assert len(formset.forms) == 2
    assert formset.forms[0]["due"].value() == ["99", "", ""]
    assert formset.forms[0].hides_errors is True


def test_add_another_stops_at_the_maximum():
    formset = ActionFormSet(rows(10_000, **{"form-add_row": "1"}), prefix="form")

    assert len(formset.forms) <= formset.absolute_max


def test_blank_rows_do_not_count():
    formset = ActionFormSet(
        rows(2, **{"form-0-what": "Ring school", "form-0-due": "2027-01-05", "form-1-what": ""}), prefix="form"
    )

    assert formset.is_valid() is True
    assert formset.filled() == [{"what": "Ring school", "due": datetime.date(2027, 1, 5)}]
