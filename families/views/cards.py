"""The lines of the children's cards on a family's page."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from families.enums import AgencyKind
from families.panels import CardFact, CardTag
from families.selectors import FamilyPage
from families.selectors.page import AgencyRow, ChildCard
from families.words import child_line

AGENCY_LABELS = {
    AgencyKind.SCHOOL: "School",
    AgencyKind.EARLY_YEARS: "Nursery",
    AgencyKind.MIDWIFERY: "Midwife",
    AgencyKind.GP: "GP",
}


def cards_of(
    page: FamilyPage, details: Mapping[int, Sequence[CardTag | CardFact]], *, on: datetime.date
) -> list[dict[str, Any]]:
    """Return the context for ``components/child_card.html``, for each child."""
    return [_card(page, card, details.get(card.child.pk, ()), on=on) for card in page.cards]


def _card(
    page: FamilyPage, card: ChildCard, details: Sequence[CardTag | CardFact], *, on: datetime.date
) -> dict[str, Any]:
    child = card.child
    tags = [CardTag("Section 47 enquiry", "blue")] if card.under_enquiry else []
    tags += [CardTag(status.get_status_display(), "purple") for status in card.legal_statuses]
    tags += [detail for detail in details if isinstance(detail, CardTag)]
    return {
        "name": child.person.full_name,
        "line": child_line(child, on=on),
        "url": reverse("families:person", args=[page.family.pk, child.person_id]),
        "unborn": child.is_unborn,
        "closed": child.person.death_date is not None,
        "tags": tags,
        "labels": [card.gestation] if card.gestation else [],
        "facts": [
            *_facts(card),
            *({"key": detail.label, "value": detail.text} for detail in details if isinstance(detail, CardFact)),
        ],
    }


def _facts(card: ChildCard) -> list[dict[str, str]]:
    child = card.child
    facts = []
    if child.is_unborn and child.pregnancy:
        facts.append({"key": "Mother", "value": child.pregnancy.mother.full_name})
        facts.append({"key": "Parental responsibility", "value": "No one before the birth"})
    else:
        if child.person.death_date is None:
            facts.append({"key": "Lives with", "value": _lives_with(card)})
        holders = [row.person.full_name if row.person else "The council" for row in card.holders]
        facts.append({"key": "Parental responsibility", "value": ", ".join(holders)})
    facts += [{"key": _label(row), "value": _agency_words(row, child.pk)} for row in card.agencies]
    return facts


def _lives_with(card: ChildCard) -> str:
    if not card.has_home:
        return ""
    people = ", ".join(person.short_name for person in card.lives_with) or "No one else recorded"
    if card.home_confidential:
        return f"{people}. Address confidential"
    return f"{people}. At {', and '.join(str(home.address) for home in card.homes)}"


def _label(row: AgencyRow) -> str:
    return AGENCY_LABELS.get(AgencyKind(row.agency.kind), row.agency.get_kind_display())


def _agency_words(row: AgencyRow, child_id: int) -> str:
    if row.confidential:
        return "Confidential"
    people = [known.post.person.full_name for known in row.involvements if known.child_id == child_id and known.post]
    return ", ".join([row.agency.name, *people])
