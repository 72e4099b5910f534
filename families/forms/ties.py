"""Forms for relationships to a child and parental responsibility."""

from __future__ import annotations

from typing import Any

from families.enums import Certainty, RelationshipKind, ResponsibilitySource, ResponsibilityStatus
from families.models import Child
from families.services import TieFacts
from govuk.forms import GovukForm, Include, Layout, Row, SelectField

NOT_ASKED = "Not asked"
# Parental responsibility and how they have it, in one answer.
RESPONSIBILITY = [
    *(
        (f"{ResponsibilityStatus.HELD}:{basis}", f"Yes: {label[0].lower()}{label[1:]}")
        for basis, label in ResponsibilitySource.choices
        if basis != ResponsibilitySource.CARE_ORDER
    ),
    (ResponsibilityStatus.NOT_HELD, "No"),
    (ResponsibilityStatus.UNKNOWN, "Not known"),
    (ResponsibilityStatus.DISPUTED, "Disputed"),
]


def responsibility_of(answer: str) -> tuple[str, str]:
    """Return status and basis of an answer in ``RESPONSIBILITY``; an empty status where it was not asked."""
    status, _, basis = answer.partition(":")
    return status, basis or ResponsibilitySource.NOT_KNOWN


class TieForm(GovukForm):
    """What a person is to one child. Parental responsibility isn't asked for an unborn child."""

    inside_another = True
    layout = Layout(Row("kind", "certainty"), Row("responsibility", "basis"))

    marks_optional = False

    kind = SelectField(
        label="Relationship", choices=RelationshipKind.choices, required=False, empty_label="None recorded"
    )
    certainty = SelectField(
        label="Is that certain?", choices=Certainty.choices, required=False, empty_label="Not said", initial="known"
    )
    responsibility = SelectField(
        label="Parental responsibility",
        choices=[
            (ResponsibilityStatus.HELD, "Yes"),
            (ResponsibilityStatus.NOT_HELD, "No"),
            (ResponsibilityStatus.UNKNOWN, "Not known"),
            (ResponsibilityStatus.DISPUTED, "Disputed"),
        ],
        required=False,
        empty_label="Not recorded",
    )
    basis = SelectField(
        label="How they have it",
        choices=[pair for pair in ResponsibilitySource.choices if pair[0] != ResponsibilitySource.CARE_ORDER],
        required=False,
        empty_label="Not recorded",
    )

    def __init__(self, *args: Any, child: Child, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"child-{child.pk}", **kwargs)
        self.child = child
        if child.is_unborn:
            del self.fields["responsibility"], self.fields["basis"]

    def facts(self) -> TieFacts:
        """Return what was entered, as the services take it."""
        return TieFacts(
            child=self.child,
            kind=self.cleaned_data["kind"],
            certainty=self.cleaned_data["certainty"] or Certainty.UNKNOWN,
            responsibility=self.cleaned_data.get("responsibility", ""),
            basis=self.cleaned_data.get("basis") or ResponsibilitySource.NOT_KNOWN,
        )


class TiesForm(GovukForm):
    """The page around the tie to each child, when ties are edited on their own."""

    button = "Save for all children"
    layout = Layout(Include("families/tie_fields.html"))
