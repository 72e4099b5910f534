from __future__ import annotations

import datetime
import re

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.urls import get_resolver
from django.utils import timezone

from govuk.errors import error_links
from govuk.forms import (
    HTML,
    Button,
    Conditional,
    DateTimeField,
    Details,
    Field,
    Fieldset,
    FilterForm,
    FormKeyField,
    GovukForm,
    Include,
    Layout,
    RadiosField,
    ReasonForm,
    Row,
    VersionField,
)
from govuk.layout import names_in_order


def drawn(form, data=None, **context):
    request = RequestFactory().get("/", data)
    return engines["django"].from_string("{% crispy form %}").render({"form": form, **context}, request)


def names(html):
    found = re.findall(r'<(?:input|textarea|select)[^>]* name="([^"]+)"', html)
    return [name for name in found if name != "csrfmiddlewaretoken"]


class AnswerForm(GovukForm):
    button = "Send the answer"
    other_buttons = (Button("Send and write another", name="another", look="secondary"),)
    layout = Layout(
        Fieldset("second", legend="Begin here"),
        Conditional("outcome", {"other": ["which"]}),
        Row(Field("first", css_class="govuk-input--width-4")),
    )
    first = forms.CharField(label="First")
    second = forms.CharField(label="Second", required=False)
    outcome = RadiosField(label="Outcome", choices=[("a", "A"), ("other", "Other")])
    which = forms.CharField(label="Which?")
    forgotten = forms.CharField(label="Forgotten by the layout", required=False)
    form_key = FormKeyField()
    version = VersionField()


def test_fields_follow_the_layout_and_none_is_lost():
    assert names(drawn(AnswerForm())) == [
        "second", "outcome", "outcome", "which", "first", "forgotten", "form_key", "version",
    ]  # fmt: skip


def test_a_legend_precedes_its_fields():
    html = drawn(AnswerForm())

    assert re.search(r"<legend[^>]*>Begin here</legend>.*?</fieldset>", html, re.DOTALL)[0].count('name="second"') == 1


def test_the_main_button_comes_first_and_the_other_one_has_a_name():
    buttons = re.findall(r"<button([^>]*)>([^<]+)</button>", drawn(AnswerForm()))

    assert [text for _, text in buttons] == ["Send the answer", "Send and write another"]
    assert 'name="another" value="1"' in buttons[1][0]


def test_an_answers_fields_are_closed_unless_they_have_an_error():
    shut, wrong = drawn(AnswerForm()), drawn(AnswerForm({"outcome": "a", "first": "x"}))

    assert 'cp-reveal__more" id="id_outcome_1_reveal"' in shut
    assert 'cp-reveal__more--open" id="id_outcome_1_reveal"' in wrong


def test_a_field_left_out_by_the_form_is_not_rendered():
    form = AnswerForm()
    del form.fields["second"]

    assert "second" not in names(drawn(form))


def test_an_unknown_field_name_is_an_error():
    form = AnswerForm()
    form.layout = Layout("thrid")

    with pytest.raises(KeyError, match="AnswerForm has no field 'thrid'"):
        drawn(form)


def test_a_form_inside_another_has_neither_tag_nor_button():
    class InnerForm(GovukForm):
        inside_another = True
        what = forms.CharField(label="What?")

    html = drawn(InnerForm(prefix="inner"))

    assert re.findall("<form|<button|csrf", html) == []
    assert names(html) == ["inner-what"]


def test_only_post_forms_have_a_csrf_token():
    class NameFilter(FilterForm):
        q = forms.CharField(label="Name", required=False)

    asked, chosen = drawn(NameFilter({})), drawn(NameFilter({"q": "Wren"}))

    assert drawn(AnswerForm()).count("csrfmiddlewaretoken") == 1
    assert re.search(r"<form ([^>]*)>", asked)[1].split()[0] == 'method="get"'
    assert "csrfmiddlewaretoken" not in asked
    assert ("Show all" in asked, "Show all" in chosen) == (False, True)


def test_a_template_between_the_fields_has_the_context_of_the_page():
    class PageForm(GovukForm):
        layout = Layout(Include("components/both_texts.html", yours="Mine"), HTML("<p>Fixed words</p>"))

    html = drawn(PageForm(), theirs="<b>Theirs</b>", their_name="Joan", their_when=timezone.now())

    assert html.index("&lt;b&gt;Theirs&lt;/b&gt;") < html.index("Mine") < html.index("<p>Fixed words</p>")


def test_rarely_used_fields_are_folded_until_submission():
    class FoldedForm(GovukForm):
        layout = Layout(Details("more", summary="More"))
        more = forms.CharField(label="More words", required=False)

    assert '<details class="govuk-details">' in drawn(FoldedForm())
    assert '<details class="govuk-details" open>' in drawn(FoldedForm({}))


def test_one_form_asks_for_every_reason():
    form = ReasonForm({}, label="Why is it withdrawn?", field="because", required="Say why", button="Withdraw it")

    assert form.errors == {"because": ["Say why"]}
    assert ReasonForm({"because": "Sent twice"}, field="because").is_valid() is True
    assert ">Withdraw it</button>" in drawn(form)


class HeldForm(GovukForm):
    held_at = DateTimeField(label="When was it held?")


class MaybeForm(GovukForm):
    held_at = DateTimeField(label="When was it held?", required=False)


def posted(day="", month="", year="", time=""):
    return {"held_on_day": day, "held_on_month": month, "held_on_year": year, "held_time": time}


def test_a_moment_is_a_local_date_and_time():
    form = HeldForm(posted("5", "july", "2027", "2.15 pm"))

    assert form.is_valid() is True
    assert form.cleaned_data["held_at"] == datetime.datetime(2027, 7, 5, 13, 15, tzinfo=datetime.UTC)


def test_an_initial_moment_is_shown_in_its_boxes():
    moment = datetime.datetime(2027, 7, 5, 13, 5, tzinfo=datetime.UTC)
    html = drawn(HeldForm(initial={"held_at": moment}))

    assert re.findall(r' name="(held[^"]*)" type="text"[^>]*value="([^"]*)"', html) == [
        ("held_on_day", "5"), ("held_on_month", "7"), ("held_on_year", "2027"), ("held_time", "14:05"),
    ]  # fmt: skip


def test_each_half_of_a_moment_says_what_is_wrong_with_it_and_links_to_its_box():
    form = HeldForm(posted("31", "2", "2027", "tea time"))
    html = drawn(form)

    assert form.errors == {"held_at": ["February 2027 has no day 31", "Write the time like 10:00, 9.30 or 2pm"]}
    assert re.findall(r'<li><a href="#([^"]+)">', html) == ["id_held_on_day", "id_held_time"]


def test_a_moment_needs_both_halves():
    assert HeldForm({}).errors == {"held_at": ["Fill in “When was it held?”", "Fill in “At what time?”"]}
    assert HeldForm(posted("5", "1", "2027")).errors == {"held_at": ["Fill in “At what time?”"]}


def test_an_optional_moment_can_not_be_half_filled():
    assert MaybeForm({}).is_valid() is True
    assert MaybeForm(posted(time="10:00")).errors == {"held_at": ["Enter the date"]}


def test_a_kept_draft_shows_both_halves_of_a_moment():
    form = HeldForm()

    assert form.restore(posted("5", "x", "2027", "tea")) is True
    assert 'value="x"' in drawn(form)
    assert 'value="tea"' in drawn(form)


def test_an_unchanged_moment_has_not_changed():
    moment = datetime.datetime(2027, 1, 5, 14, 5, tzinfo=datetime.UTC)

    assert HeldForm(posted("5", "1", "2027", "14:05"), initial={"held_at": moment}).has_changed() is False
    assert HeldForm(posted("5", "1", "2027", "14:06"), initial={"held_at": moment}).has_changed() is True


def test_errors_are_listed_in_the_order_of_the_page():
    class Turned(GovukForm):
        layout = Layout(Fieldset("third", legend="T"), Conditional("second", {"a": ["first"]}))
        first = forms.CharField(label="First")
        second = RadiosField(label="Second", choices=[("a", "A")])
        third = forms.CharField(label="Third")
        fourth = forms.CharField(label="Fourth")

    form = Turned({})
    assert [field.name for field in form.in_page_order()] == ["third", "second", "first", "fourth"]
    assert [message for message, _ in error_links([form])] == [
        str(form.errors[name][0]) for name in ("third", "second", "first", "fourth")
    ]


def all_forms(base=GovukForm):
    for form_class in base.__subclasses__():
        yield form_class
        yield from all_forms(form_class)


def test_each_field_that_a_template_draws_has_its_place_in_the_layout():
    get_resolver().url_patterns  # noqa: B018 so that every form is imported
    drawn = [row for row in all_forms() if row.layout is not None and row.drawn_on_demand]
    assert len(drawn) > 3
    placeless = {
        row.__name__: sorted(missing)
        for row in drawn
        if (missing := row.drawn_on_demand - set(names_in_order(row.layout)))
    }
    assert placeless == {}
