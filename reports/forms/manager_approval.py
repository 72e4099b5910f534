"""The form for a manager's answer to a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html

from govuk.forms import (
    HTML,
    Conditional,
    Details,
    Div,
    GovukForm,
    Include,
    Item,
    Layout,
    LongTextField,
    RadiosField,
    VersionField,
)
from reports.enums import ManagerAnswer, ReportState
from reports.models import PassageComment, Report, ReportSection

NEWER = "A newer version of this report has come in. This page now shows it. Read it, then answer."


class ManagerAnswerForm(GovukForm):
    """A manager's comments in place and, once the report is submitted, the answer to it."""

    keeps_draft = True
    marks_optional = False
    button = "Record my answer"
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

    def __init__(
        self,
        *args: Any,
        shown: Report,
        groups: Sequence[tuple[str, Sequence[ReportSection]]],
        comments: Mapping[int, Sequence[PassageComment]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial={"report": shown.pk}, **kwargs)
        self.shown, self.is_draft = shown, shown.state == ReportState.DRAFT
        self.sections = [section for _, rows in groups for section in rows]
        parts: list[Any] = []
        for label, rows in groups:
            inside = [self._passage(section, comments.get(section.pk, ())) for section in rows]
            parts.append(
                Div(HTML(format_html('<h3 class="govuk-heading-s">{}</h3>', label)), *inside, css_class="cp-section")
            )
        if self.is_draft:
            del self.fields["answer"], self.fields["what_to_change"]
            self.button = "Send my comments"
        else:
            answers = Conditional("answer", {ManagerAnswer.SENT_BACK: ["what_to_change"]})
            parts.append(Div(answers, css_class="cp-frame-box"))
        self.layout = Layout(*parts)
        self._adapt()

    def _passage(self, section: ReportSection, comments: Sequence[PassageComment]) -> Div:
        name = f"comment{section.pk}"
        self.fields[name] = LongTextField(label="Your comment, for the author", rows=2, required=False)
        shown = Include("reports/one_passage.html", section=section, comments=comments, shows_changes=True)
        return Div(shown, Details(name, summary="Comment on this", unfolds_on_errors_only=True), css_class="cp-note")

    def comments(self) -> dict[ReportSection, str]:
        """Return what was typed beside each passage."""
        return {section: self.cleaned_data.get(f"comment{section.pk}") or "" for section in self.sections}

    def clean(self) -> dict[str, Any]:
        """Refuse an answer to a version that has been replaced: the newer one must be read first."""
        typed = super().clean() or self.cleaned_data
        if typed.get("answer") == ManagerAnswer.SENT_BACK and not (typed.get("what_to_change") or "").strip():
            self.add_error("what_to_change", "Write what has to change")
        if self.is_draft and not any(words.strip() for words in self.comments().values()):
            self.add_error(None, "Comment on at least one paragraph")
        if typed.get("report") != self.shown.pk:
            self.add_error(None, NEWER)
            # The page that refuses shows the newer version, so the next submission is about that one.
            self.data = {**self.data.dict(), self.add_prefix("report"): str(self.shown.pk)}
        return typed
