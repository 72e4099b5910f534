"""Forms for what is recorded of a core group meeting beside who came: progress, notes, scores, own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conferences.enums import Given
from core_groups.models import MeetingScore, OwnWords
from core_groups.selectors.recording import TheRecord
from core_groups.services.progress import SaidOfAction
from core_groups.services.scores import OneScore
from deadlines.policies.value_types import Scale
from families.models import Child
from govuk.forms import (
    Div,
    Fieldset,
    GovukForm,
    Layout,
    LongTextField,
    ModelCheckboxesField,
    RadiosField,
    ScaleField,
    SelectField,
    VersionField,
)
from meetings.forms.notes import NoteForm, note_layout
from meetings.forms.own_answers import SHOW, SHOW_CHOICES
from plans.enums import SAYS_WHY, Progress
from plans.models import PlanAction

RATHER_NOT = "They would rather not say."


def _check_said(form: GovukForm, action: PlanAction, data: dict[str, Any]) -> None:
    said, progress = (data.get(f"said_{action.pk}") or "").strip(), data.get(f"progress_{action.pk}")
    if said and not progress:
        form.add_error(f"progress_{action.pk}", "Choose how far this has come.")
    elif progress in SAYS_WHY and not said:
        form.add_error(f"said_{action.pk}", "Say why.")


class MeetingProgressForm(GovukForm):
    """How far each action of one child's plan has come, and what was said about it."""

    keeps_draft = True
    marks_optional = False
    button = "Save the progress"

    def __init__(self, *args: Any, actions: Sequence[PlanAction], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actions = list(actions)
        parts = []
        for action in self.actions:
            progress, said, version = (f"{name}_{action.pk}" for name in ("progress", "said", "version"))
            entry = getattr(action, "entry", None)
            self.fields[progress] = SelectField(
                label="How far has it come?", choices=Progress.choices, required=False, empty_label="Not spoken about"
            )
            self.fields[said] = LongTextField(label="What was said about it?", rows=2, required=False)
            self.fields[version] = VersionField()
            self.initial = {
                progress: entry.progress if entry else "",
                said: entry.said if entry else "",
                version: action.version,
                **self.initial,
            }
            parts.append(Fieldset(progress, said, version, legend=action.what))
        self.layout = Layout(*parts)
        self._adapt()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for action in self.actions:
            _check_said(self, action, data)
        return data

    def said(self) -> list[SaidOfAction]:
        """Return what was said of each action that was spoken about."""
        data = self.cleaned_data
        return [
            SaidOfAction(
                action=action,
                progress=data[f"progress_{action.pk}"],
                said=data[f"said_{action.pk}"],
                version=data[f"version_{action.pk}"] or 0,
            )
            for action in self.actions
            if data[f"progress_{action.pk}"]
        ]


class MeetingNoteForm(NoteForm):
    """One note of a core group meeting."""

    button = "Add the note"
    layout = note_layout("sitting")
    sitting = SelectField(label="Said in", required=False, empty_label="The meeting of the others")
    children = ModelCheckboxesField(
        Child.objects.none(),
        label="About",
        help_text="Leave all unticked if it is about all the children.",
        required=False,
        inline=True,
        label_from=lambda child: child.person.short_name,
    )

    def __init__(self, *args: Any, record: TheRecord, persons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        fields = self.fields
        fields["heading"].set_choices([(row.key, row.label) for row in record.policy.framework.headings])
        fields["speaker"].set_choices([(str(row.pk), row.person.full_name) for row in record.members])
        fields["children"].queryset = Child.objects.filter(pk__in=[plan.child_id for plan in record.plans])
        fields["private_to"].queryset = persons
        if record.sittings:
            own = [(str(row.pk), f"The sitting of {row.person.full_name}") for row in record.sittings]
            fields["sitting"].set_choices(own)
        else:
            del fields["sitting"]
        if len(record.plans) == 1:
            self.initial.setdefault("children", [record.plans[0].child_id])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.record.own and not data.get("children") and "children" not in self.errors:
            # What names no child is about all of them, some of whom this person is not in it for.
            self.add_error("children", "Choose whom it is about.")
        return data

    def note(self) -> dict[str, Any]:
        """Return the values that the services take."""
        data, record = self.cleaned_data, self.record
        chosen = data.get("sitting") or ""
        return {
            **self.said(),
            "speaker": record.member(int(data["speaker"])) if data["speaker"] else None,
            "sitting": next((row for row in record.sittings if str(row.pk) == chosen), None),
            "children": list(data["children"]),
        }


class OwnWordsForm(GovukForm):
    """What a member says about each child themselves, how safe they find it, and how far their actions have come.

    A child in the group is asked about themselves as "you": ``writer_id`` is the person who writes.
    """

    keeps_draft = True
    marks_optional = False
    button = "Send what I wrote"

    def __init__(
        self,
        *args: Any,
        children: Sequence[Child],
        actions: Sequence[PlanAction],
        written: dict[int, OwnWords],
        scores: dict[int, MeetingScore],
        scale: Scale | None,
        writer_id: int | None = None,
        is_family: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.writer_id = writer_id
        self.children, self.actions, self.scale = list(children), list(actions), scale
        parts: list[Any] = []
        for child in self.children:
            name = f"words_{child.pk}"
            self.fields[name] = LongTextField(
                label=f"How are things for {self._called(child)}?",
                help_text="What goes well, what worries you, what would help",
                required=False,
            )
            if child.pk in written:
                self.initial.setdefault(name, written[child.pk].text)
            parts.append(name)
            if scale is not None:
                parts += self._ask_for_score(child, scale, scores.get(child.pk))
        if scale is not None and is_family:
            self.fields[SHOW] = RadiosField(
                label="May the others see your numbers and your reasons for them?", choices=SHOW_CHOICES, required=False
            )
            answers = {score.may_be_shown for score in scores.values()} - {None}
            if answers:
                self.initial.setdefault(SHOW, "yes" if answers == {True} else "no")
            parts.append(SHOW)
        for action in self.actions:
            progress, said = f"progress_{action.pk}", f"said_{action.pk}"
            self.fields[progress] = SelectField(
                label="How far has it come?", choices=Progress.choices, required=False, empty_label="Choose one"
            )
            self.fields[said] = LongTextField(label="What do you want to say about it?", rows=2, required=False)
            entry = getattr(action, "own_entry", None)
            if entry is not None:
                self.initial = {progress: entry.progress, said: entry.said, **self.initial}
            parts.append(Fieldset(progress, said, legend=action.what))
        self.layout = Layout(Div(*parts))
        self._adapt()

    def _is_writer(self, child: Child) -> bool:
        return child.person_id == self.writer_id

    def _called(self, child: Child) -> str:
        return "you" if self._is_writer(child) else child.person.short_name

    def _ask_for_score(self, child: Child, scale: Scale, given: MeetingScore | None) -> list[str]:
        name, why = f"score_{child.pk}", f"why_{child.pk}"
        field = ScaleField(
            label="How safe are you?" if self._is_writer(child) else f"How safe is {child.person.short_name}?",
            required=False,
            extra=[(str(Given.ABSTAINED.value), "I would rather not say")],
        )
        field.set_words(scale.low_words, scale.high_words)
        self.fields[name] = field
        self.fields[why] = LongTextField(label="Why this number?", rows=2, required=False)
        if given is not None:
            shown = given.value if given.value is not None else given.given
            self.initial = {name: shown, why: given.reason, **self.initial}
        return [name, why]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for action in self.actions:
            _check_said(self, action, data)
        for child in self.children if self.scale else ():
            score, why = data.get(f"score_{child.pk}"), (data.get(f"why_{child.pk}") or "").strip()
            if isinstance(score, int) and not why:
                self.add_error(f"why_{child.pk}", "Say why you chose this number.")
            elif why and score in (None, ""):
                self.add_error(f"score_{child.pk}", "Choose a number.")
            if isinstance(score, int) and SHOW in self.fields and not data.get(SHOW) and SHOW not in self.errors:
                self.add_error(SHOW, "Say whether the others may see your numbers.")
        # A score of 0 says something too.
        if not self.errors and all(value in (None, "") for name, value in data.items() if name != SHOW):
            self.add_error(None, "Write something, or choose one of the answers.")
        return data

    def words(self) -> list[tuple[Child, str]]:
        """Return what was written about each child."""
        return [(child, text) for child in self.children if (text := self.cleaned_data[f"words_{child.pk}"].strip())]

    def scores(self) -> list[OneScore]:
        """Return the score for each child, or that this person would rather not give one."""
        found = []
        shown = {"yes": True, "no": False}.get(self.cleaned_data.get(SHOW) or "")
        for child in self.children if self.scale else ():
            score, why = self.cleaned_data[f"score_{child.pk}"], self.cleaned_data[f"why_{child.pk}"].strip()
            if isinstance(score, int):
                found.append(OneScore(child, score, Given.GIVEN, why, may_be_shown=shown))
            elif score:
                found.append(OneScore(child, None, score, why or RATHER_NOT, may_be_shown=shown))
        return found

    def progress(self) -> list[SaidOfAction]:
        """Return what was said of each action."""
        data = self.cleaned_data
        return [
            SaidOfAction(action, data[f"progress_{action.pk}"], data[f"said_{action.pk}"], action.version)
            for action in self.actions
            if data[f"progress_{action.pk}"]
        ]
