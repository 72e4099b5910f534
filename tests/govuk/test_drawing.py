from __future__ import annotations

import re

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory

from govuk.forms import (
    CheckboxesField,
    Conditional,
    DateInputField,
    GovukForm,
    Item,
    Layout,
    LongTextField,
    RadiosField,
    ScaleField,
    SelectField,
    TimeField,
    YesNoField,
)
from govuk.formsets import govuk_formset


class EverythingForm(GovukForm):
    layout = Layout(
        "held_on", "starts_at", Conditional("outcome", {"other": ["other_outcome"]}), "invited", "score", "chair",
        "agrees", "told", "paper", "why",
    )  # fmt: skip

    held_on = DateInputField(label="Held on", help_text="For example, 8 12 2026")
    starts_at = TimeField(label="Start")
    outcome = RadiosField(label="Outcome", choices=[Item("a", "A", hint="First"), Item("other", "Other")])
    other_outcome = forms.CharField(label="Which?")
    invited = CheckboxesField(
        label="Who?", choices=[("Family", [Item("h", "Hazel", hint="Mother")]), ("Health", [("s", "Sioned")])]
    )
    score = ScaleField(label="How safe?", low_words="No safety", high_words="Safe", extra=[("no", "Not safe tonight")])
    chair = SelectField(label="Chair", choices=[("1", "Tomasz")])
    agrees = YesNoField(label="Agreed?")
    told = forms.BooleanField(label="I told them")
    paper = forms.FileField(label="Paper")
    why = LongTextField(label="Why?")


RowFormSet = govuk_formset(EverythingForm, row_name="Action", extra=1)


def drawn(source, **context):
    return engines["django"].from_string(source).render(context, RequestFactory().get("/"))


def ids(html):
    return re.findall(r'\sid="([^"]+)"', html)


def error_links(html):
    return re.findall(r'<li><a href="#([^"]+)">', html)


@pytest.mark.parametrize("data", [None, {}, {"held_on_day": "31", "held_on_month": "2", "held_on_year": "2027"}])
def test_every_id_is_unique_and_every_reference_exists(data):
    html = drawn("{% crispy form %}", form=EverythingForm(data))

    found = ids(html)
    assert sorted(set(found)) == sorted(found)
    pointed_at = {name for names in re.findall(r'aria-describedby="([^"]+)"', html) for name in names.split()}
    pointed_at |= set(re.findall(r'<label[^>]* for="([^"]+)"', html))
    assert pointed_at - set(found) == set()


def test_every_error_links_to_a_control():
    html = drawn("{% crispy form %}", form=EverythingForm({}))

    controls = {
        re.search(r'\sid="([^"]+)"', control)[1]
        for control in re.findall(r"<(?:input|select|textarea)[^>]*>", html)
        if "hidden" not in control and " id=" in control
    }
    links = error_links(html)
    assert links == [
        "id_held_on_day", "id_starts_at", "id_outcome", "id_other_outcome", "id_invited", "id_score", "id_chair",
        "id_agrees", "id_told", "id_paper", "id_why",
    ]  # fmt: skip
    assert set(links) - controls == set()


def test_a_date_error_links_to_the_wrong_box():
    form = EverythingForm({"held_on_day": "5", "held_on_month": "1", "held_on_year": "27"})

    assert error_links(drawn("{% error_summary form %}", form=form))[0] == "id_held_on_year"


def test_the_input_stays_on_the_page():
    form = EverythingForm(
        {
            "held_on_day": "31",
            "held_on_month": "feb",
            "held_on_year": "2027",
            "starts_at": "tea time",
            "outcome": "other",
            "other_outcome": "<b>both</b>",
            "invited": ["s"],
            "score": "7",
            "agrees": "no",
            "why": "First\r\nsecond",
        }
    )

    html = drawn("{% crispy form %}", form=form)

    for kept in (
        'value="31"', 'value="feb"', 'value="2027"', 'value="tea time"', 'value="other" checked',
        'value="&lt;b&gt;both&lt;/b&gt;"', 'value="s" checked', 'value="7" checked', 'value="no" checked', "First\nsecond",
    ):  # fmt: skip
        assert html.count(kept) == 1, kept


def test_there_are_no_inline_styles_or_scripts():
    html = drawn("{% crispy form %}", form=EverythingForm({}))

    assert re.findall(r'\sstyle=|<script|\son[a-z]+="', html) == []


def test_the_title_says_that_there_is_an_error():
    source = '{% extends "base.html" %}{% block title %}A note{% endblock %}'

    assert re.search("(?s)<title>(.*?)</title>", drawn(source, form=EverythingForm({})))[1].startswith("Error: A note")
    assert re.search("(?s)<title>(.*?)</title>", drawn(source, form=EverythingForm()))[1].startswith("A note")


def test_the_errors_of_a_page_are_shown_once_and_above_the_form():
    source = '{% extends "base.html" %}{% block content %}{% crispy form %}{% endblock %}'

    html = drawn(source, form=EverythingForm({}))

    assert html.count("There is a problem") == 1
    assert html.index("There is a problem") < html.index("<form")


def test_two_prefixed_forms_share_one_summary_but_no_ids():
    html = drawn(
        "{% error_summary first second %}{% crispy first %}{% crispy second %}",
        first=EverythingForm({}, prefix="one"),
        second=EverythingForm({}, prefix="two"),
    )

    assert html.count("There is a problem") == 1
    assert sorted(set(ids(html))) == sorted(ids(html))
    assert set(error_links(html)) - set(ids(html)) == set()


def test_a_row_says_which_row_is_wrong():
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-starts_at": "tea time"}
    formset = RowFormSet(data, prefix="form")

    html = drawn("{% error_summary formset %}{% crispy formset %}", formset=formset)

    assert html.count("Action 1: Write the time like 10:00, 9.30 or 2pm") == 1
    assert html.count("<legend>Action 1</legend>") == 1
    assert set(error_links(html)) - set(ids(html)) == set()


def test_a_row_that_is_only_being_added_shows_no_error():
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-starts_at": "tea time", "form-add_row": "1"}

    html = drawn("{% error_summary formset %}{% crispy formset %}", formset=RowFormSet(data, prefix="form"))

    assert html.count("govuk-error-message") == 0
    assert html.count('value="tea time"') == 1
    assert html.count("<legend>Action 2</legend>") == 1


def test_a_field_that_belongs_to_an_answer_is_inside_it():
    html = drawn("{% crispy form %}", form=EverythingForm())

    assert html.count('name="other_outcome"') == 1
    assert 'cp-reveal__more" id="id_outcome_1_reveal"' in html


def test_the_ends_of_a_scale_are_read_out_with_their_numbers():
    html = drawn("{{ form.score.as_field_group }}", form=EverythingForm())

    assert re.findall(r'type="radio" value="(\d+)"', html) == [str(step) for step in range(11)]
    first = '<label for="id_score">0<span class="govuk-visually-hidden"> No safety</span></label>'
    assert first in re.sub(r"\s+", " ", html)


def test_optional_fields_are_marked_unless_the_form_opts_out():
    class Quiet(GovukForm):
        marks_optional = False
        name = forms.CharField(label="Name", required=False)

    class Plain(GovukForm):
        name = forms.CharField(label="Name", required=False)

    assert "Name (optional)</label>" in drawn("{{ form.name.as_field_group }}", form=Plain())
    assert "Name</label>" in drawn("{{ form.name.as_field_group }}", form=Quiet())


def test_a_draft_is_kept_only_for_a_signed_in_user():
    class KeptForm(GovukForm):
        keeps_draft = True
        why = LongTextField(label="Why?")

    html = drawn("<form{% draft_attributes form %}>{% draft_fields form %}</form>", form=KeptForm())

    assert html == "<form></form>"
