from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.functional import cached_property

from deadlines.calculator.case_events import BIRTH, DISCUSSION, EVENT_KINDS, REVIEW
from deadlines.policies import BASELINE, preset_names
from deadlines.policies.presets import raw_of
from deadlines.selectors.calculation import own_councils
from govuk.forms import Conditional, DateInputField, FormHelper, GovukForm, Layout, RadiosField, SelectField


class CalculatorForm(GovukForm):
    """Asks for dates only. Sent with GET, so that a result's URL can be kept and shared."""

    button = "Work out the dates"
    layout = Layout(
        Conditional("happened", {DISCUSSION: ["expected"], REVIEW: ["first_review_of"], BIRTH: ["plan_began"]}),
        "when",
        "council",
        "conference",
    )

    happened = RadiosField(label="What has happened?", choices=[(key, one.label) for key, one in EVENT_KINDS.items()])
    when = DateInputField(
        label="When?", help_text="For example, 8 12 2026", error_messages={"required": "Enter the day it happened"}
    )
    expected = DateInputField(label="If the child is unborn, when is the baby expected?", required=False)
    first_review_of = DateInputField(
        label="If it was the first review, when did the plan start?",
        help_text="Some councils count the second review from there",
        required=False,
    )
    plan_began = DateInputField(
        label="If there has been no review yet, when did the plan start?",
        help_text="The time limit for the first review then counts too",
        required=False,
    )
    council = SelectField(label="Whose procedures?", choices=())
    conference = DateInputField(
        label="Conference date, if you know it", help_text="After a strategy discussion or a move", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["council"].choices = [*_published(), *own_councils()]
        self.fields["council"].initial = BASELINE
        self.fields["happened"].initial = DISCUSSION

    @cached_property
    def helper(self) -> FormHelper:
        """Submit with GET, and let the answer link here as ``#dates``."""
        helper = super().helper
        helper.form_id, helper.form_method = "dates", "get"
        helper.attrs |= {"aria-label": "The dates"}
        return helper


@lru_cache(maxsize=1)
def _published() -> list[tuple[str, str]]:
    """Return the presets that come with the product, by the titles in their files."""
    others = [(name, raw_of(name)["title"]) for name in preset_names() if name != BASELINE]
    return [(BASELINE, "England, usual procedures"), *others]
