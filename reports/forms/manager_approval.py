"""The form for a manager's answer to a report."""

from __future__ import annotations

from typing import Any

from govuk.forms import Conditional, GovukForm, Item, Layout, LongTextField, RadiosField, VersionField
from reports.enums import ManagerAnswer
from reports.models import Report

NEWER = "A newer version of this report has come in. This page now shows it. Read it, then answer."


class ManagerAnswerForm(GovukForm):
    """A manager's answer to a social work report."""

    keeps_draft = True
    marks_optional = False
    button = "Record my answer"
    layout = Layout(Conditional("answer", {ManagerAnswer.SENT_BACK: ["what_to_change"]}))
    answer = RadiosField(
        label="Do you agree to this report?",
        choices=[
            Item(ManagerAnswer.AGREED, "I agree to it", hint="The report counts as received from now"),
            Item(
                ManagerAnswer.SENT_BACK,
                "No, something has to change first",
                hint="The author writes a new version and submits it to you",
            ),
        ],
        error_messages={"required": "Choose whether you agree"},
    )
    what_to_change = LongTextField(label="What has to change?", rows=4, required=False)
    report = VersionField()

    def __init__(self, *args: Any, shown: Report, **kwargs: Any) -> None:
        super().__init__(*args, initial={"report": shown.pk}, **kwargs)
        self.shown = shown

    def clean(self) -> dict[str, Any]:
        """Refuse an answer to a version that has been replaced: the newer one must be read first."""
        typed = super().clean() or self.cleaned_data
        if typed.get("answer") == ManagerAnswer.SENT_BACK and not (typed.get("what_to_change") or "").strip():
            self.add_error("what_to_change", "Write what has to change")
        if typed.get("report") != self.shown.pk:
            self.add_error(None, NEWER)
            # The page that refuses shows the newer version, so the next submission is about that one.
            self.data = {**self.data.dict(), self.add_prefix("report"): str(self.shown.pk)}
        return typed
