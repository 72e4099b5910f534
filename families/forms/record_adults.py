"""The row of an adult on the page on which a whole family is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from families.enums import Answer, ContactKind, RelationshipKind, RiskGround
from families.forms.people import AdultForm
from families.forms.record import NamedRow
from families.forms.ties import NOT_ASKED, RESPONSIBILITY, responsibility_of
from families.services.record import NewAdult, NewContact, NewRisk, NewTie
from families.services.whereabouts import check_made_sure
from govuk.forms import (
    CheckboxesField,
    Conditional,
    Include,
    Layout,
    LongTextField,
    OneBoxDateField,
    RadiosField,
    Row,
    SelectField,
)

ALL = "all"
SAFETY = [("", NOT_ASKED), (Answer.YES, "Yes: no one else reads or answers it"), (Answer.NO, "No")]


class AdultRow(NamedRow, AdultForm):
    """An adult: name, tie and parental responsibility for each child, contact and its safety, contact risk."""

    noun = "Adult"
    left_out = NamedRow.left_out | {"circumstances", "email_is_safe", "mobile_is_safe"}
    email_safety = SelectField(label="Is the e-mail address safe to write to?", choices=SAFETY, required=False)
    mobile_safety = SelectField(label="Is the phone safe to call and text?", choices=SAFETY, required=False)
    safe_on = OneBoxDateField(label="When did you make sure?", required=False, help_text="For example, 1 12 2026")
    risk = RadiosField(
        label="Could contact with them be dangerous for anyone?",
        choices=[("", NOT_ASKED), (Answer.NO, "No"), (Answer.YES, "Yes")],
        required=False,
        inline=False,
        initial="",
    )
    risk_for = CheckboxesField(label="For whom?", choices=[], required=False)
    risk_ground = SelectField(label="Why?", choices=RiskGround.choices, required=False)
    risk_detail = LongTextField(
        label="What is known",
        required=False,
        rows=2,
        help_text="For example, the condition in its own words, and who set it. Nothing goes to them until the chair "
        "has decided",
    )

    def __init__(self, *args: Any, columns: Mapping[str, tuple[str, bool]], **kwargs: Any) -> None:
        """``columns`` are the children by key: what they are called, and whether unborn."""
        super().__init__(*args, **kwargs)
        self.columns = {ALL: ("all the children", False), **columns}
        for key, (_, is_unborn) in self.columns.items():
            self.fields[f"kind-{key}"] = SelectField(
                label="Relationship", choices=RelationshipKind.choices, required=False, empty_label=NOT_ASKED
            )
            if not is_unborn:
                self.fields[f"pr-{key}"] = SelectField(
                    label="Parental responsibility", choices=RESPONSIBILITY, required=False, empty_label=NOT_ASKED
                )
        self._adapt()
        self.layout = Layout(
            Include("families/duplicates.html", draws=("somebody_else",)),
            Row("given_name", "family_name"),
            "unnamed_as",
            Row("birth_date", "sex"),
            "is_estimated",
            Include("families/record_ties.html", draws=[name for name in self.fields if name[:3] in ("kin", "pr-")]),
            Row("email", "email_safety"),
            Row("mobile", "mobile_safety"),
            Row("safe_how", "safe_on"),
            Conditional("risk", {Answer.YES: ["risk_for", "risk_ground", "risk_detail"]}),
        )

    def offer(self, people: Mapping[str, str]) -> None:
        """Offer everyone of the page, by key, as somebody who may be in danger from this adult."""
        others = [(key, called) for key, called in people.items() if key != self.key]
        self.fields["risk_for"].set_choices([(ALL, "All the children"), *others])  # type: ignore[attr-defined]

    def refers_to(self) -> dict[str, set[str]]:
        """Return by field the keys of the rows that it names."""
        data, own = self.cleaned_data, [key for key in self.columns if key != ALL]
        named = {f"{part}-{key}": {key} for key in own for part in ("kind", "pr") if data.get(f"{part}-{key}")}
        return {**named, "risk_for": set(data.get("risk_for") or ()) - {ALL}}

    @property
    def ties_of_each(self) -> list[tuple[str, str, bool, list[Any]]]:
        """Return each child's key, name and whether unborn, and the fields of the tie; "all" comes first."""
        return [
            (key, called, is_unborn, [self[name] for name in (f"kind-{key}", f"pr-{key}") if name in self.fields])
            for key, (called, is_unborn) in self.columns.items()
        ]

    @property
    def differs(self) -> bool:
        """Return whether something is said about one child alone, so that those fields are shown."""
        own = [self[name] for name in self.fields if name.startswith(("kind-", "pr-")) and not name.endswith(ALL)]
        return any(bound.value() or bound.messages for bound in own)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if Answer.YES in (cleaned.get("email_safety"), cleaned.get("mobile_safety")):
            try:
                check_made_sure(how=cleaned.get("safe_how") or "", on=cleaned.get("safe_on"), today=self.today)
            except ValidationError as wrong:
                for name, sentences in wrong.message_dict.items():
                    if name not in self.errors:
                        self.add_error(name, sentences)
        for name, safety in (("email", "email_safety"), ("mobile", "mobile_safety")):
            if cleaned.get(safety) and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, "Enter it, or choose “Not asked” beside it")
        self._clean_risk(cleaned)
        return cleaned

    def _clean_risk(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("risk") != Answer.YES:
            if cleaned.get("risk_for") or (cleaned.get("risk_detail") or "").strip():
                self.add_error("risk", "Choose “Yes”, or empty what you wrote about the danger")
            return
        if not cleaned.get("risk_for") and "risk_for" not in self.errors:
            self.add_error("risk_for", "Choose who may be in danger from contact")
        if not cleaned.get("risk_ground"):
            self.add_error("risk_ground", "Choose why contact may be dangerous")
        if not (cleaned.get("risk_detail") or "").strip():
            self.add_error("risk_detail", "Say what the risk is")

    def tie_to(self, key: str) -> NewTie:
        """Return the tie to one child: what is said for that child, else what is said for all."""
        data, is_unborn = self.cleaned_data, self.columns[key][1]
        responsibility, basis = responsibility_of(
            "" if is_unborn else data.get(f"pr-{key}") or data.get(f"pr-{ALL}") or ""
        )
        kind = data.get(f"kind-{key}") or data.get(f"kind-{ALL}") or ""
        return NewTie(child=key, kind=kind, responsibility=responsibility, basis=basis)

    def entered(self, children: Sequence[str]) -> NewAdult:
        """Return the adult as the service takes it; ``children`` are the keys of the rows that have a child."""
        data = self.cleaned_data
        sure = {"safe_how": data["safe_how"], "safe_on": data["safe_on"]}
        contacts = [
            NewContact(kind=kind, value=data[name].strip(), safety=data[f"{name}_safety"] or Answer.NOT_ASKED, **sure)
            for kind, name in ((ContactKind.EMAIL, "email"), (ContactKind.MOBILE, "mobile"))
            if data[name].strip()
        ]
        risk = None
        if data["risk"] == Answer.YES:
            meant = {*data["risk_for"], *(children if ALL in data["risk_for"] else ())} - {ALL}
            risk = NewRisk(protects=sorted(meant), ground=data["risk_ground"], detail=data["risk_detail"])
        return NewAdult(
            key=self.key,
            facts=self.facts(),
            ties=[self.tie_to(key) for key in children],
            contacts=contacts,
            risk_asked=data["risk"] or Answer.NOT_ASKED,
            risk=risk,
        )
