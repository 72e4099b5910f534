"""Forms for changing a council's procedures."""

from __future__ import annotations

import datetime
from typing import Any, cast

from django import forms

from deadlines.enums import Scope, Unit
from deadlines.policies import LIMITS, SCHEMA, PolicyInvalid, preset_names, raw_from_text, write_strict
from deadlines.policies.faults import limit_faults, unit_of_steps, value_faults
from deadlines.policies.strict_yaml import LONGEST_TEXT
from govuk.forms import (
    Button,
    Conditional,
    DateInputField,
    Field,
    FilterForm,
    GovukForm,
    Include,
    Item,
    Layout,
    LongTextField,
    RadiosField,
    SelectField,
    VersionField,
    YesNoField,
)

NUMBER = "number"
SHORT = {"class": "govuk-input--width-4", "inputmode": "numeric"}


def _whole(label: str, help_text: str = "", *, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.TextInput(attrs=SHORT),
        error_messages={"invalid": f"Write “{label}” as a whole number, such as 10"},
    )


class StartDraftForm(GovukForm):
    button = "Start the draft"
    copy_of = RadiosField(label="What should the draft start from?")

    def __init__(self, *args: Any, has_policy: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [Item("", "The council's newest procedures")] if has_policy else []
        copy_of = cast("RadiosField", self.fields["copy_of"])
        copy_of.required = not has_policy
        copy_of.set_choices([*own, *(Item(name, f"The preset “{name}”") for name in preset_names())])


class DraftTextForm(GovukForm):
    button = "Check and save the draft"
    text = LongTextField(
        label="The procedures as text",
        max_length=LONGEST_TEXT,
        help_text="Include only what differs from the baseline. docs/policies.md describes every key.",
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "cp-code"}),
    )
    version = VersionField()


class _EntryForm(GovukForm):
    """Where a figure comes from, for limits and values alike."""

    button = "Save in the draft"

    def _add_provenance(self) -> None:
        self.fields["source"] = forms.CharField(
            label="Where does it come from?", max_length=200, help_text="For example, Partnership procedures, section 7"
        )
        self.fields["year"] = _whole("Year of the source")
        self.fields["scope"] = RadiosField(
            label="Is it in national guidance?",
            choices=[
                Item(Scope.NATIONAL, "Yes, national guidance says so"),
                Item(Scope.LOCAL, "No, this council chose it"),
            ],
        )
        self.fields["owner"] = forms.CharField(label="Who owns it?", max_length=120)
        self.fields["version"] = VersionField()
        self._adapt()

    def _provenance(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("source", "year", "scope", "owner")}

    def _add_faults(self, faults: list[str], fields: dict[str, str]) -> None:
        for fault in faults:
            where, _, reason = fault.partition(": ")
            self.add_error(
                fields.get(where, where if where in self.fields else None), f"It {reason}" if reason else fault
            )


class LimitForm(_EntryForm):
    """One time limit; its event and direction are fixed."""

    amount = _whole("How long?")
    unit = SelectField(
        label="In what?",
        choices=[(unit, unit.value.capitalize()) for unit in Unit],
        help_text="Days and weeks are calendar days and weeks",
    )
    warn = _whole(
        "How long before it ends are people told?", "In hours if the limit is in hours, otherwise in working days"
    )
    last_call = _whole(
        "How many hours before it ends are they told again?", "Only for a limit in hours", required=False
    )
    to_manager = _whole("How long after it ends does it go to the manager?", "In hours or working days, as above")
    to_service_manager = _whole(
        "How long after it ends does it go to the service manager?", "In hours or working days, as above"
    )

    def __init__(self, *args: Any, key: str, entry: dict[str, Any], **kwargs: Any) -> None:
        kwargs["initial"] = {
            **{name: entry[name] for name in ("amount", "unit", "source", "year", "scope", "owner")},
            "warn": entry["warn"]["amount"],
            "last_call": entry.get("last-call", {}).get("amount"),
            "to_manager": entry["escalate"]["manager"]["amount"],
            "to_service_manager": entry["escalate"]["service-manager"]["amount"],
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self.key = key
        self.entry = entry
        self._add_provenance()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        steps = unit_of_steps(data["unit"])

        def step(name: str) -> dict[str, Any]:
            return {"amount": data[name], "unit": steps.value}

        entry: dict[str, Any] = {
            "amount": data["amount"],
            "unit": data["unit"],
            "from": LIMITS[self.key].event,
            "direction": str(LIMITS[self.key].direction),
            "warn": step("warn"),
            "escalate": {"manager": step("to_manager"), "service-manager": step("to_service_manager")},
            **{part: self.entry[part] for part in ("outer", "sooner-with") if part in self.entry},
            **self._provenance(),
        }
        if data["last_call"] is not None:
            entry["last-call"] = {"amount": data["last_call"], "unit": Unit.HOURS.value}
        self._add_faults(
            limit_faults(self.key, entry),
            {
                "warn.amount": "warn",
                "last-call": "last_call",
                "last-call.amount": "last_call",
                "escalate": "to_manager",
                "escalate.manager.amount": "to_manager",
                "escalate.service-manager.amount": "to_service_manager",
            },
        )
        data["entry"] = entry
        return data


class ValueForm(_EntryForm):
    """One value, with a field for its type: choices, a number, words, or a list as text."""

    marks_optional = False

    def __init__(self, *args: Any, key: str, entry: dict[str, Any], **kwargs: Any) -> None:
        kwargs["initial"] = {
            **{name: entry[name] for name in ("source", "year", "scope", "owner")},
            **self._initial_value(key, entry["value"]),
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self.key = key
        self.known = SCHEMA[key]
        self._add_value_fields()
        self._add_provenance()
        if "number" in self.fields:
            self.layout = Layout(Conditional("value", {NUMBER: ["number"]}), "source", "year", "scope", "owner")

    @staticmethod
    def _initial_value(key: str, value: Any) -> dict[str, Any]:
        known = SCHEMA[key]
        if known.words and isinstance(value, int):
            return {"value": NUMBER, "number": value}
        return {"value": write_strict(value).rstrip() if known.is_written_out else value}

    def _add_value_fields(self) -> None:
        known, label = self.known, self.known.meaning.capitalize()
        if known.field.annotation is bool:
            self.fields["value"] = YesNoField(label=label)
        elif known.words:
            choices = [Item(word, word.capitalize()) for word in known.words]
            if known.takes_number:
                choices.append(Item(NUMBER, "A number", divider="or"))
                self.fields["number"] = _whole("Which number?", known.unit.partition(",")[0], required=False)
            self.fields["value"] = RadiosField(label=label, choices=choices)
        elif known.takes_number:
            self.fields["value"] = _whole(label, f"In {known.unit}")
        elif known.field.annotation is str:
            self.fields["value"] = LongTextField(label=label, widget=forms.Textarea(attrs={"rows": 3}))
        else:
            attrs = {"rows": 16, "spellcheck": "false", "class": "cp-code"}
            self.fields["value"] = LongTextField(label=label, help_text=known.unit, widget=forms.Textarea(attrs=attrs))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        value = data["value"]
        if value == NUMBER and "number" in self.fields:
            value = data["number"]
            if value is None:
                self.add_error("number", "Write the number")
                return data
        elif self.known.is_written_out:
            try:
                value = raw_from_text(value, file=self.key)
            except PolicyInvalid as refusal:
                self.add_error("value", refusal.messages)
                return data
        entry = {"value": value, **self._provenance()}
        where = "number" if data["value"] == NUMBER and "number" in self.fields else "value"
        self._add_faults(value_faults(self.key, entry), {"value": where})
        data["entry"] = entry
        return data


class PutInForceForm(GovukForm):
    button = "Put these procedures in force"
    in_force_from = DateInputField(
        label="From what date are they in force?",
        help_text="Today or later. Time limits that start on or after that day are counted by them.",
    )
    version = VersionField()


class ExampleDayForm(FilterForm):
    """The day of an event for which a preview shows dates; defaults to today."""

    button = Button("Show these dates", look="secondary")
    purpose = "Example dates"
    small = False
    layout = Layout(Field("on", size="s"))
    on = DateInputField(label="Show the dates for an event on", required=False)

    def day(self, *, today: datetime.date) -> datetime.date:
        """Return the day requested, or today."""
        return (self.is_valid() and self.cleaned_data["on"]) or today


class RecountForm(GovukForm):
    button = "Count the ticked deadlines again"
    layout = Layout(Include("deadlines/deadlines_to_count.html", draws=("deadline",)), "reason")
    drawn_on_demand = frozenset({"deadline"})
    reason = LongTextField(
        label="Why are you counting these again?", help_text="Your reason is kept with each of them."
    )
    deadline = forms.MultipleChoiceField(
        label="Which deadlines?", error_messages={"required": "Tick at least one deadline"}
    )

    def __init__(self, *args: Any, tokens: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deadline = cast("forms.MultipleChoiceField", self.fields["deadline"])
        deadline.choices = [(token, token) for token in tokens]
        deadline.error_messages["invalid_choice"] = "The list has changed since you looked at it. Check the dates again"

    def previewed(self) -> dict[int, datetime.date]:
        """Return the ticked deadlines with the dates that the user saw."""
        pairs = (token.split(":", 1) for token in self.cleaned_data["deadline"])
        return {int(pk): datetime.date.fromisoformat(day) for pk, day in pairs}
