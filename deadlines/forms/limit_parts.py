"""The fields for a time limit: how long, when people are told, and what it may never pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from deadlines.enums import Unit
from deadlines.forms.value_parts import Part, whole
from deadlines.policies import LIMITS
from deadlines.policies.amounts import Json
from deadlines.policies.faults import unit_of_steps
from deadlines.policies.wording import label_of, limit_lines
from govuk.forms import Details, GovukForm, Row, SelectField

STEPS = {
    "warn": ("How long before its end are people told?", ("warn",)),
    "last-call": ("How many hours before its end are they told again?", ("last-call",)),
    "manager": ("How long after its end does it go to the manager?", ("escalate", "manager")),
    "service-manager": ("How long after its end does it go to the service manager?", ("escalate", "service-manager")),
}
UNITS = [(unit.value, unit.value.capitalize()) for unit in Unit]


class LimitPart(Part):
    """One time limit; its event and direction are fixed. ``key`` names it in the policy."""

    def __init__(self, key: str, name: str, label: str, hint: str = "") -> None:
        super().__init__(name, label, hint)
        self.key = key
        self.before: dict[str, Any] = {}

    def _of(self, part: str) -> str:
        return f"{self.name}-{part}"

    def add(self, form: GovukForm, value: Json) -> None:
        self.before = value
        in_hours = value["unit"] == Unit.HOURS
        form.fields[self._of("amount")] = whole("How long?")
        form.fields[self._of("unit")] = SelectField(label="In what?", choices=UNITS)
        for step, (label, _) in STEPS.items():
            unit = Unit.HOURS if step == "last-call" else unit_of_steps(self._unit_typed(form))
            form.fields[self._of(step)] = whole(label, f"In {unit.value}", required=False)
        form.fields[self._of("steps-in")] = forms.CharField(required=False, widget=forms.HiddenInput())
        form.fields[self._of("outer-amount")] = whole("Never longer than", required=False)
        form.fields[self._of("outer-unit")] = SelectField(label="In what, at most?", choices=UNITS, required=False)
        if others := LIMITS[self.key].may_end_with:
            form.fields[self._of("sooner")] = SelectField(
                label="Does something else end it, where that is sooner?",
                choices=[("", "No, this limit alone counts"), *((key, _ends_with(key)) for key in others)],
                required=False,
            )
        outer = value.get("outer") or {}
        form.initial = {
            **form.initial,
            self._of("amount"): value["amount"],
            self._of("unit"): value["unit"],
            self._of("warn"): value["warn"]["amount"],
            self._of("last-call"): value["last-call"]["amount"] if in_hours else None,
            self._of("manager"): value["escalate"]["manager"]["amount"],
            self._of("service-manager"): value["escalate"]["service-manager"]["amount"],
            self._of("steps-in"): unit_of_steps(value["unit"]).value,
            self._of("outer-amount"): outer.get("amount"),
            self._of("outer-unit"): outer.get("unit"),
            self._of("sooner"): value.get("sooner-with", ""),
        }

    def _unit_typed(self, form: GovukForm) -> str:
        typed = form.data.get(self._of("unit")) if form.is_bound else None
        return str(typed) if typed in Unit.values else str(self.before["unit"])

    def layout(self) -> list[Any]:
        told = Row(*(self._of(step) for step in STEPS))
        return [
            Row(self._of("amount"), self._of("unit")),
            *([Row(self._of("sooner"))] if LIMITS[self.key].may_end_with else []),
            self._of("steps-in"),
            Details(told, summary=". ".join(limit_lines(self.key, self.before)), unfolds_on_errors_only=True),
            Details(
                Row(self._of("outer-amount"), self._of("outer-unit")),
                summary="A limit it may never pass",
                unfolds_on_errors_only=True,
            ),
        ]

    def read(self, form: GovukForm) -> Json:
        """Return the limit as a file states it, without its source.

        Adds an error to the form where times are missing that a limit in this unit needs.
        """
        typed = form.cleaned_data
        unit = typed[self._of("unit")]
        steps_in = unit_of_steps(unit)
        self._ask_anew(form, steps_in)
        needed = [step for step in STEPS if step != "last-call" or unit == Unit.HOURS]
        for step in needed:
            if typed.get(self._of(step)) is None and self._of(step) not in form.errors:
                form.add_error(self._of(step), f"Write a number of {steps_in.value}")
        if any(name in form.errors for name in self.fields()):
            return None

        def amount(step: str) -> dict[str, Any]:
            return {"amount": typed[self._of(step)], "unit": steps_in.value}

        entry: dict[str, Any] = {
            "amount": typed[self._of("amount")],
            "unit": unit,
            "from": LIMITS[self.key].event,
            "direction": str(LIMITS[self.key].direction),
            "warn": amount("warn"),
            "escalate": {"manager": amount("manager"), "service-manager": amount("service-manager")},
        }
        if typed.get(self._of("last-call")) is not None:
            entry["last-call"] = {"amount": typed[self._of("last-call")], "unit": Unit.HOURS.value}
        if typed.get(self._of("outer-amount")) is not None:
            entry["outer"] = {"amount": typed[self._of("outer-amount")], "unit": typed[self._of("outer-unit")] or unit}
        if LIMITS[self.key].may_end_with:
            entry["sooner-with"] = typed.get(self._of("sooner"), "")
        elif "sooner-with" in self.before:
            entry["sooner-with"] = self.before["sooner-with"]
        return entry

    def _ask_anew(self, form: GovukForm, steps_in: Unit) -> None:
        """Ask again for the times of a limit that is now in another unit: no number is carried over.

        What was written anew with the unit stays.
        """
        asked = self._of("steps-in")
        if form.cleaned_data.get(asked) == steps_in.value:
            return
        sent: Any = form.data
        sent[asked] = steps_in.value
        for name in map(self._of, STEPS):
            if form.cleaned_data.get(name) == form.initial[name]:
                sent[name] = ""
                form.cleaned_data[name] = None
                if name != self._of("last-call") or steps_in == Unit.HOURS:
                    form.add_error(name, f"The limit is in other units now. Write this again, in {steps_in.value}")

    def field_at(self, path: list[str]) -> str:
        where = path[0] if path else ""
        by_path = {".".join(parts): step for step, (_, parts) in STEPS.items()} | {"escalate": "manager"}
        step = by_path.get(where.removesuffix(".amount").removesuffix(".unit"))
        if step:
            return self._of(step)
        if where == "sooner-with":
            return self._of("sooner")
        return self._of("outer-amount" if where.startswith("outer") else "unit" if where == "unit" else "amount")

    def fields(self) -> Iterator[str]:
        parts = ("amount", "unit", *STEPS, "steps-in", "outer-amount", "outer-unit")
        yield from map(self._of, parts)
        if LIMITS[self.key].may_end_with:
            yield self._of("sooner")


def _ends_with(key: str) -> str:
    return f"Yes: {label_of(key).lower()}, its time limit or the day arranged for it"
