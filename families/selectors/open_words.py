"""What somebody typed, as the pages of a case show it: without what it says of confidential whereabouts."""

from __future__ import annotations

from collections.abc import Collection

from families.hidden_words import mentions
from families.models import ContactRisk
from families.selectors.whereabouts import all_confidential

NAMES_A_PLACE = "Left out: it names a place, number or worker marked confidential."


def in_open_words(risks: Collection[ContactRisk], person_ids: Collection[int], *, council: str) -> None:
    """Set on each contact risk, as ``detail_on_page``, what its page says of it.

    A page that keeps whereabouts behind a reason must not tell them in a sentence beside it. What is marked
    confidential about these persons is read only where a risk says something.
    """
    hidden = all_confidential(frozenset(person_ids)).words if any(risk.detail for risk in risks) else frozenset()
    for risk in risks:
        is_told = not hidden or not mentions(risk.detail, hidden, council)
        risk.detail_on_page = risk.detail if is_told else NAMES_A_PLACE  # type: ignore[attr-defined]
