"""Forms that write what plans say: one statement at a time, for one or several of the children."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.models import User
from families.models import Person
from govuk.forms import (
    CheckboxesField,
    DateInputField,
    Details,
    Field,
    Fieldset,
    GovukForm,
    Layout,
    LongTextField,
    ModelCheckboxesField,
    RadiosField,
    SelectField,
)
from plans.enums import Occasion, PlanEntryKind, WhyChanged
from plans.models import Plan, PlanAction, PlanEntry
from plans.services.document import ActionWords, EntryWords, Who, words_of
from plans.services.versions import Why

BETWEEN = Occasion.BETWEEN.value
MEETING = "meeting-"


class WhyForm(GovukForm):
    """For which children, on which occasion, on what ground and why something is written, changed or taken out.

    ``shown`` holds, by plan id, the row that the page shows for it; it comes back with the form, so that nobody
    writes over what they have not seen.
    """

    keeps_draft = True
    children = CheckboxesField(label="For which children?", error_messages={"required": "Choose at least one child"})
    occasion = RadiosField(label="When was this agreed?")
    because = RadiosField(label="Why is the plan changed?", choices=WhyChanged.choices, required=False)
    reason = LongTextField(label="Say more about why", rows=2, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        plans: Sequence[Plan],
        meetings: Sequence[tuple[int, str]] = (),
        shown: Mapping[int, int] | None = None,
        asks_why: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.plans = {str(plan.pk): plan for plan in plans}
        self.fields["children"].set_choices([(key, row.child.person.short_name) for key, row in self.plans.items()])  # type: ignore[attr-defined]
        held = [(f"{MEETING}{pk}", said) for pk, said in meetings]
        self.fields["occasion"].set_choices([*held, (BETWEEN, "Between meetings")])  # type: ignore[attr-defined]
        self.initial.setdefault("children", list(self.plans))
        self.initial.setdefault("occasion", BETWEEN)
        self.initial["seen"] = ",".join(f"{plan}:{row}" for plan, row in (shown or {}).items())
        if not asks_why:
            del self.fields["because"], self.fields["reason"]
        # The service asks for them, so no label says that they may be left out.
        for name in {"because", "reason"} & self.fields.keys():
            self.fields[name].marks_optional = False

    def of_whom(self) -> list[Any]:
        """Return the layout's part about the children; a single child is not asked about."""
        if len(self.plans) > 1:
            return [Field("children", small=True)]
        self.fields["children"].widget = forms.MultipleHiddenInput()
        return ["children"]

    def of_change(self) -> Fieldset:
        """Return the layout's part about the change."""
        names = [name for name in ("occasion", "because", "reason") if name in self.fields]
        return Fieldset(*names, legend="About this change")

    def chosen(self) -> list[Plan]:
        return [self.plans[key] for key in self.cleaned_data["children"]]

    def was_seen(self) -> dict[int, int | None]:
        """Return, by plan id, which row the page showed."""
        pairs = [one.partition(":") for one in self.cleaned_data["seen"].split(",")]
        return {int(plan): int(row) for plan, _, row in pairs if plan.isdecimal() and row.isdecimal()}

    def why(self, *, by: User, now: datetime.datetime) -> Why:
        """Return the change as the services take it."""
        data = self.cleaned_data
        at = data["occasion"]
        meeting = int(at.removeprefix(MEETING)) if at.startswith(MEETING) else None
        return Why(
            occasion=Occasion.BETWEEN if meeting is None else Occasion.CORE_GROUP,
            meeting_id=meeting,
            because=data.get("because") or "",
            reason=data.get("reason") or "",
            by=by,
            now=now,
        )


class StatementForm(WhyForm):
    """What is common to an action and an entry: who, whose private information it holds, what it belongs to."""

    who = CheckboxesField(label="Who?", required=False)
    who_else = forms.CharField(label="Someone else", required=False, max_length=200)
    under = SelectField(label="Which outcome does this lead to?", required=False, empty_label="None of these")
    private_to = ModelCheckboxesField(
        Person.objects.none(),
        label="It includes private information about",
        help_text="Other people’s copies of the plan will leave it out.",
        required=False,
        label_from=lambda person: person.full_name,
    )

    def __init__(
        self,
        *args: Any,
        people: Mapping[str, tuple[Any, str]],
        private: Any,
        above: Sequence[tuple[uuid.UUID, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["who"].set_choices([(key, said) for key, (_, said) in people.items()])  # type: ignore[attr-defined]
        self.fields["private_to"].queryset = private  # type: ignore[attr-defined]
        self.fields["under"].set_choices([(str(thread), said) for thread, said in above])  # type: ignore[attr-defined]
        if not above:
            del self.fields["under"]

    def named(self) -> list[Who]:
        return [self.people[key][0] for key in self.cleaned_data["who"]]

    def common(self) -> dict[str, Any]:
        """Return what an action's and an entry's words share."""
        data = self.cleaned_data
        return {
            "who": self.named(),
            "who_else": data["who_else"],
            "private_to": list(data["private_to"]),
            "under": uuid.UUID(data["under"]) if data.get("under") else None,
        }

    def private_part(self) -> Details:
        return Details(Field("private_to", small=True), summary="Private information", shows_filled=True)


class ActionForm(StatementForm):
    button = "Save the action"
    what = LongTextField(label="What is done?", rows=2, error_messages={"required": "Say what is done"})
    why_done = LongTextField(
        label="Why?", rows=2, help_text="What it changes for the child", error_messages={"required": "Say why"}
    )
    by_when = DateInputField(label="By when?", required=False)
    by_when_words = forms.CharField(
        label="Or in words", required=False, max_length=100, help_text="Such as every Monday"
    )
    how_known = LongTextField(label="How shall we know that it has worked?", rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].label = "Who does this?"
        self.fields["who"].help_text = "Several people may share it"
        for name in ("who", "by_when"):
            self.fields[name].marks_optional = False
        under = ["under"] if "under" in self.fields else []
        self.layout = Layout(
            *self.of_whom(),
            *under,
            "what",
            "why_done",
            Field("who", small=True),
            "who_else",
            "by_when",
            "by_when_words",
            "how_known",
            self.private_part(),
            self.of_change(),
        )
        self._adapt()

    def words(self) -> ActionWords:
        """Return the action as the services take it."""
        data = self.cleaned_data
        return ActionWords(
            what=data["what"],
            why=data["why_done"],
            by_when=data["by_when"],
            by_when_words=data["by_when_words"],
            how_known=data["how_known"],
            **self.common(),
        )


# Of each kind: the label of its text, whether people are asked for and under which label, and the other fields.
ASKED: dict[str, tuple[str, str, tuple[str, ...]]] = {
    PlanEntryKind.DANGER: ("What do we fear happens if nothing changes?", "", ()),
    PlanEntryKind.GOAL: ("What has to be seen for everyone to be satisfied that the child is safe?", "", ()),
    PlanEntryKind.WISHES: ("What does the child wish?", "", ()),
    PlanEntryKind.NEED: ("What does the child need?", "", ("services",)),
    PlanEntryKind.OUTCOME: ("What will be different for the child?", "", ()),
    PlanEntryKind.VISITING: ("What is the visit for?", "Who visits?", ("how_often", "from_when")),
    PlanEntryKind.ROLE: ("What is their role?", "Who?", ()),
    PlanEntryKind.CONTINGENCY: ("If this happens", "Who acts?", ("we_do",)),
}
TITLES: dict[str, str] = {
    PlanEntryKind.DANGER: "Danger statement",
    PlanEntryKind.GOAL: "Safety goal",
    PlanEntryKind.WISHES: "The child’s wishes",
    PlanEntryKind.NEED: "A need",
    PlanEntryKind.OUTCOME: "An outcome",
    PlanEntryKind.VISITING: "Who visits",
    PlanEntryKind.ROLE: "A role",
    PlanEntryKind.CONTINGENCY: "If something happens",
    "action": "An action",
}
HINTS: dict[str, str] = {
    PlanEntryKind.NEED: "Such as health, learning, feelings and behaviour, identity, or family and friends",
    PlanEntryKind.OUTCOME: "As the child would say it, such as “I am in bed by eight and not afraid at night”",
    PlanEntryKind.WISHES: "In the child’s own words, where there are any",
}


class EntryForm(StatementForm):
    button = "Save"
    text = LongTextField(label="Text", rows=3, error_messages={"required": "Write something"})
    services = LongTextField(label="Which services meet it?", rows=2, required=False)
    we_do = LongTextField(label="What do we do then?", rows=2, required=False)
    how_often = forms.CharField(label="How often?", required=False, max_length=120)
    from_when = DateInputField(label="From when?", required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        label, who, others = ASKED[kind]
        text = self.fields["text"]
        text.label, text.help_text = label, HINTS.get(kind, "")
        self.fields["who"].label = who
        left_out = {"services", "we_do", "how_often", "from_when", *(() if who else ("who", "who_else"))} - set(others)
        for name in left_out:
            del self.fields[name]
        if "under" in self.fields:
            self.fields["under"].label = "Which need does this meet?"
            if kind != PlanEntryKind.OUTCOME:
                del self.fields["under"]
        asked = [Field("who", small=True), "who_else"] if who else []
        under = ["under"] if "under" in self.fields else []
        first, last = (asked, []) if kind in {PlanEntryKind.VISITING, PlanEntryKind.ROLE} else ([], asked)
        self.layout = Layout(
            *self.of_whom(), *under, *first, "text", *others, *last, self.private_part(), self.of_change()
        )
        self._adapt()

    def words(self) -> EntryWords:
        """Return the entry as the services take it."""
        data = dict.fromkeys(("who_else", "services", "we_do", "how_often"), "") | self.cleaned_data
        data.setdefault("who", [])
        self.cleaned_data = data
        return EntryWords(
            kind=self.kind,
            text=data["text"],
            services=data["services"],
            we_do=data["we_do"],
            how_often=data["how_often"],
            from_when=data.get("from_when"),
            **self.common(),
        )


class TakeOutForm(WhyForm):
    button = "Take it out of the plan"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layout = Layout(*self.of_whom(), self.of_change())
        self._adapt()


class ComparedForm(GovukForm):
    """Which two versions of a plan are compared."""

    button = "Compare"
    marks_optional = False
    earlier = SelectField(label="From version")
    later = SelectField(label="To version")

    def __init__(self, *args: Any, numbers: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("earlier", "later"):
            self.fields[name].set_choices([(str(number), said) for number, said in numbers])  # type: ignore[attr-defined]


class OnDayForm(GovukForm):
    """On which day the plan is looked at."""

    button = "Show"
    on = DateInputField(label="The plan as it was on")


def as_typed(row: PlanAction | PlanEntry, key_of: Any) -> dict[str, Any]:
    """Return a row as its form shows it."""
    words = words_of(row)
    shown = {
        "who": [key_of(person, post) for person, post in words.who],
        "who_else": words.who_else,
        "under": str(words.under) if words.under else "",
        "private_to": [person.pk for person in words.private_to],
    }
    if isinstance(words, ActionWords):
        names = ("what", "by_when", "by_when_words", "how_known")
        return {**shown, "why_done": words.why, **{name: getattr(words, name) for name in names}}
    names = ("text", "services", "we_do", "how_often")
    return {**shown, "from_when": words.from_when, **{name: getattr(words, name) for name in names}}
