"""One person's own scores and views about every child, and the private word to the chair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst

from conferences.enums import Category
from govuk.forms import Div, Fieldset, GovukForm, Item, Layout, LongTextField, RadiosField, ScaleField
from meetings.enums import Given, Harm, HarmAnswer, ViewStatus
from meetings.selectors.outcomes import harm_question
from meetings.selectors.own_answers import AskedOf, OwnAnswers
from meetings.services.own_answers import OwnScore, OwnView

RATHER_NOT = (str(Given.ABSTAINED.value), "I would rather not say")
SHOW = "show"
CATEGORIES = [pair for pair in Category.choices if pair[0] != Category.MUL]
SHOW_CHOICES = [("yes", "Yes, when all are in"), ("no", "No. Then only I see them, now and later")]


class AnswersForm(GovukForm):
    """A score and a view about each child. Nothing is required: what is left empty stays as it is."""

    keeps_draft = True
    marks_optional = False
    button = "Send my answers"

    def __init__(self, *args: Any, own: OwnAnswers, definitions: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own, self.definitions = own, definitions
        parts: list[Any] = []
        for one in own.children:
            names = [*(self._ask_score(one) if one.score else ()), *(self._ask_view(one) if one.view else ())]
            parts.append(Fieldset(*names, legend=capfirst(one.name), legend_size="l", css_class="cp-own-child"))
        if own.asks_scores and own.is_family:
            self.fields[SHOW] = RadiosField(
                label="May the others see your numbers and your reasons for them?", choices=SHOW_CHOICES, required=False
            )
            parts.append(SHOW)
        self.layout = Layout(Div(*parts))
        self._adapt()

    def _ask_score(self, one: AskedOf) -> list[str]:
        name, why = f"score_{one.child.pk}", f"why_{one.child.pk}"
        question = "How safe are you today?" if one.is_self else f"How safe is {one.name} today?"
        field = ScaleField(label=question, required=False, extra=[RATHER_NOT])
        field.set_words(self.own.policy.scale.low_words, self.own.policy.scale.high_words)
        if one.has_score:
            field.help_text = "You have answered this. Leave it empty to keep your answer."
        self.fields[name] = field
        self.fields[why] = LongTextField(label="Why this number, and not one lower or higher?", rows=2, required=False)
        return [name, why]

    def _ask_view(self, one: AskedOf) -> list[str]:
        pk, is_family, fields = one.child.pk, one.participant.is_family, self.fields
        names = [f"status_{pk}"]
        if one.is_on_plan:
            names.insert(0, f"still_harm_{pk}")
            fields[names[0]] = RadiosField(label=harm_question(one.name), choices=HarmAnswer.choices, required=False)
        elif not is_family:
            names.insert(0, f"harm_{pk}")
            fields[names[0]] = RadiosField(label="Significant harm", choices=Harm.choices, required=False)
        fields[f"status_{pk}"] = RadiosField(
            label=f"What would you like for {one.name}?" if is_family else f"What do you recommend for {one.name}?",
            choices=[*ViewStatus.choices, RATHER_NOT],
            required=False,
        )
        if one.has_view:
            fields[names[0]].help_text = "You have answered this. Leave it empty to keep your answer."
        if self.own.policy.asks_category and not is_family:
            category = RadiosField(
                label="Category of harm, if you recommend a child protection plan", choices=CATEGORIES, required=False
            )
            category.set_choices(
                [Item(value, label, hint=self.definitions.get(value, "")) for value, label in CATEGORIES]
            )
            fields[f"category_{pk}"] = category
            names.append(f"category_{pk}")
        fields[f"reason_{pk}"] = LongTextField(label="Why do you think so?", rows=2, required=False)
        return [*names, f"reason_{pk}"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        scored = False
        for one in self.own.children:
            scored = self._check_score(one, data) or scored
            self._check_view(one, data)
        if scored and SHOW in self.fields and not data.get(SHOW):
            self.add_error(SHOW, "Say whether the others may see your numbers.")
        if not self.errors and all(data.get(name) in (None, "") for name in self.fields if name != SHOW):
            self.add_error(None, "Choose an answer for at least one child.")
        return data

    def _check_score(self, one: AskedOf, data: dict[str, Any]) -> bool:
        score, why = data.get(f"score_{one.child.pk}"), (data.get(f"why_{one.child.pk}") or "").strip()
        if isinstance(score, int) and not why:
            self.add_error(f"why_{one.child.pk}", f"Say why you chose this number for {one.name}.")
        elif why and score in (None, ""):
            self.add_error(
                f"score_{one.child.pk}", f"Choose a number for {one.name}, or say that you would rather not."
            )
        return isinstance(score, int)

    def _check_view(self, one: AskedOf, data: dict[str, Any]) -> None:
        pk = one.child.pk
        status, reason = data.get(f"status_{pk}"), (data.get(f"reason_{pk}") or "").strip()
        others = [data.get(f"{name}_{pk}") for name in ("harm", "still_harm", "category")]
        if not status and (reason or any(others)):
            self.add_error(
                f"status_{pk}", f"Choose what you recommend for {one.name}, or say that you would rather not."
            )
        elif status in ViewStatus.values:
            if not reason:
                self.add_error(f"reason_{pk}", f"Say why, for {one.name}.")
            for name, message in (
                ("still_harm", f"Answer this first for {one.name}."),
                ("harm", f"Choose whether there is significant harm for {one.name}."),
            ):
                if f"{name}_{pk}" in self.fields and not data.get(f"{name}_{pk}"):
                    self.add_error(f"{name}_{pk}", message)
            if f"category_{pk}" in self.fields and status == ViewStatus.CP_PLAN and not data.get(f"category_{pk}"):
                self.add_error(f"category_{pk}", f"Choose the category of harm for {one.name}.")

    def scores(self) -> list[OwnScore]:
        """Return the scores that were given, or that this person would rather not say."""
        data, found = self.cleaned_data, []
        shown = {"yes": True, "no": False}.get(data.get(SHOW) or "")
        for one in self.own.children:
            value = data.get(f"score_{one.child.pk}")
            if value not in (None, ""):
                number = value if isinstance(value, int) else None
                found.append(OwnScore(one.child, number, data[f"why_{one.child.pk}"].strip(), shown))
        return found

    def views(self) -> list[OwnView]:
        """Return the views that were given, or that this person would rather not say."""
        data, found = self.cleaned_data, []
        for one in self.own.children:
            pk = one.child.pk
            status = data.get(f"status_{pk}")
            if not status:
                continue
            given = Given.GIVEN if status in ViewStatus.values else status
            found.append(
                OwnView(
                    one.child,
                    given,
                    data[f"reason_{pk}"].strip(),
                    harm=data.get(f"harm_{pk}") or "",
                    still_harm=data.get(f"still_harm_{pk}") or "",
                    status=status if given == Given.GIVEN else "",
                    category=data.get(f"category_{pk}") or "",
                )
            )
        return found


class TabletAnswersForm(AnswersForm):
    """The same on a tablet that is passed round: nothing typed is kept on it, or for it."""

    keeps_draft = False


class DangerForm(GovukForm):
    """Someone tells whoever leads the meeting, and nobody else in it, that a child is not safe tonight."""

    keeps_draft = True
    child = RadiosField(label="Which child?", error_messages={"required": "Choose which child."})
    said = LongTextField(
        label="What makes you think so?",
        rows=3,
        error_messages={"required": "Write why the child is not safe tonight."},
    )

    def __init__(self, *args: Any, children: Mapping[str, str], told: str, **kwargs: Any) -> None:
        """``told`` is who reads it, in words."""
        self.button = f"Tell {told} now"
        super().__init__(*args, **kwargs)
        self.fields["child"].set_choices(list(children.items()))
        if len(children) == 1:
            self.initial.setdefault("child", next(iter(children)))


class TabletDangerForm(DangerForm):
    """The same on a tablet that is passed round."""

    keeps_draft = False
