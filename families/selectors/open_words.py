"""What somebody typed, as the pages of a case show it: without what it says of confidential whereabouts."""

from __future__ import annotations

from collections.abc import Callable, Collection

from families.hidden_words import mentions
from families.models import ContactRisk
from families.selectors.whereabouts import Hidden

NAMES_A_PLACE = "Left out: it names a place, number or worker marked confidential."


def in_open_words(risks: Collection[ContactRisk], hidden: Callable[[], Hidden], *, council: str) -> None:
    """Set on each contact risk, as ``detail_on_page``, what its page says of it.

    A page that keeps whereabouts behind a reason must not tell them in a sentence beside it. What is marked
    confidential (``hidden``) is read only where a risk says something.
    """
    words = hidden().words if any(risk.detail for risk in risks) else frozenset()
    for risk in risks:
        is_told = not words or not mentions(risk.detail, words, council)
        risk.detail_on_page = risk.detail if is_told else NAMES_A_PLACE  # type: ignore[attr-defined]
