"""Fields shared by the forms about comments on the minutes and dissent: which children, and who reads it."""

from __future__ import annotations

from collections.abc import Sequence

from conferences.models import ConferenceChild
from conferences.selectors.children import short_name_of
from govuk.forms import GovukForm, Item, ModelCheckboxesField, RadiosField
from reports.enums import PrintedFor


def children_field(label: str) -> ModelCheckboxesField:
    """Return the field for the children something is about; ``offer_children`` fills it."""
    return ModelCheckboxesField(
        ConferenceChild.objects.none(),
        label=label,
        label_from=lambda row: _capitalised(short_name_of(row.child)),
        required=False,
    )


def offer_children(form: GovukForm, rows: Sequence[ConferenceChild]) -> None:
    """Offer these children; the only one is ticked."""
    form.fields["children"].queryset = (  # type: ignore[attr-defined]
        ConferenceChild.objects.filter(pk__in=[row.pk for row in rows])
        .select_related("child__person", "child__pregnancy")
        .order_by("pk")
    )
    if len(rows) == 1 and not form.is_bound:
        form.initial.setdefault("children", [rows[0].pk])


def printed_for_field() -> RadiosField:
    """Return the field for who reads it, and the answer, with the minutes."""
    return RadiosField(
        label="Who reads it with the minutes?",
        choices=[
            Item(PrintedFor.OWN, PrintedFor.OWN.label),
            Item(PrintedFor.PROFESSIONALS, PrintedFor.PROFESSIONALS.label),
            Item(
                PrintedFor.EVERYONE,
                PrintedFor.EVERYONE.label,
                hint="The other parent too. Choose this only where nothing in it could put anyone at risk",
            ),
        ],
        required=False,
    )


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]
