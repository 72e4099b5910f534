"""Forms of a letter to a child: what they were told, how the letter reaches them, and how it did."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html

from govuk.forms import HTML, DateInputField, DateTimeField, Div, Field, GovukForm, Layout, LongTextField, RadiosField
from reports.enums import HandedOver, ToldState
from reports.models import ChildTold
from reports.selectors.childs_letters import Tellable
from reports.services.childs_letters import Said

NOT_TOLD = ("", "Not told: it stays out")


class ToldForm(GovukForm):
    """What the child was told, thing by thing, with the words in which it was told."""

    keeps_draft = True
    button = "Save what the child was told"
    told_by = forms.CharField(
        label="Who told the child?", max_length=200, error_messages={"required": "Say who told the child"}
    )
    told_on = DateInputField(label="When?", error_messages={"required": "Enter the day on which the child was told"})
    how_it_went = LongTextField(label="How did it go?", rows=3, required=False)
    not_yet = LongTextField(
        label="Is there anything that must not be said yet, and why?",
        help_text="For the chair and whoever hands the letter over. It stands in no letter",
        rows=3,
        required=False,
    )
    standing = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, offered: list[Tellable], before: ChildTold | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        known = {one.entry: one for one in before.passages.all()} if before else {}
        blocks = [self._thing(one, known.get(one.entry)) for one in offered]
        intro = HTML('<h2 class="govuk-heading-m">What the letter may say</h2>')
        self.layout = Layout("told_by", "told_on", "how_it_went", "not_yet", intro, *blocks, "standing")
        self._adapt()

    def _thing(self, one: Tellable, known: Any) -> Div:
        state, words = f"state-{one.key}", f"words-{one.key}"
        stands = known is not None and known.recorded == one.recorded
        choices = [NOT_TOLD, *ToldState.choices]
        if one.as_said:
            choices = [NOT_TOLD, (ToldState.TOLD, "It stands in the letter, as the child said it")]
        self.fields[state] = RadiosField(label=one.label, choices=choices, required=False)
        self.initial[state] = known.state if stands else ""
        head = HTML(format_html('<blockquote class="cp-typed" dir="auto">{}</blockquote>', one.recorded))
        inside: list[Any] = [head] if one.recorded else []
        inside.append(Field(state, optional=False, small=True))
        if not one.as_said:
            self.fields[words] = LongTextField(
                label=f"As the child was told: {one.label.lower()}", rows=2, required=False
            )
            self.initial[words] = known.words if known is not None and known.words else one.words
            inside.append(Field(words, optional=False))
        return Div(*inside, css_class="cp-note")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for one in self.offered:
            told = typed.get(f"state-{one.key}") == ToldState.TOLD
            if told and not one.as_said and not (typed.get(f"words-{one.key}") or "").strip():
                self.add_error(f"words-{one.key}", "Write it as the child was told")
        return typed

    def said(self) -> dict[str, Said]:
        """Return what is recorded, by entry."""
        typed = self.cleaned_data
        return {
            one.entry: Said(typed[f"state-{one.key}"], typed.get(f"words-{one.key}") or "")
            for one in self.offered
            if typed.get(f"state-{one.key}")
        }


class ReleaseLetterForm(GovukForm):
    """How, where and by whom the letter is handed over."""

    button = "Release the letter"
    how = RadiosField(
        label="How does the child get it?",
        choices=HandedOver.choices,
        error_messages={"required": "Choose how the child gets it"},
    )
    where = forms.CharField(
        label="Where?",
        help_text="For example, at school, without their parents",
        max_length=200,
        error_messages={"required": "Say where it is handed over"},
    )
    by_whom = forms.CharField(
        label="Who hands it over?", max_length=200, error_messages={"required": "Say who hands it over"}
    )


class HandoverForm(GovukForm):
    """That the letter was handed over."""

    keeps_draft = True
    button = "Record that the child has it"
    handed_how = RadiosField(
        label="How did the child get it?",
        choices=HandedOver.choices,
        error_messages={"required": "Choose how the child got it"},
    )
    handed_by = forms.CharField(
        label="Who handed it over?", max_length=200, error_messages={"required": "Say who handed it over"}
    )
    handed_at = DateTimeField(label="When?")
    handed_where = forms.CharField(
        label="Where?", max_length=200, error_messages={"required": "Say where it was handed over"}
    )
    how_it_went = LongTextField(
        label="How did it go?",
        help_text="What the child said and asked, and what has to be done now",
        rows=4,
        error_messages={"required": "Say how it went"},
    )
    is_large = forms.BooleanField(label="It was in large print", required=False)
