from __future__ import annotations

import pytest

from families.hidden_words import mentions

HIDDEN = frozenset({"Flat 3, Lantern Court", "Flat 2, 9 Mill Lane", "12 Station Road", "Eastmere", "EM4 7QT"})


@pytest.mark.parametrize(
    "text",
    ["the playground behind Lantern Court", "down lantern-court", "up Mill Lane", "along STATION ROAD", "near em47qt"],
)
def test_a_house_is_found_by_its_street_without_flat_or_number(text):
    assert mentions(text, HIDDEN, "Eastmere Council") is True


@pytest.mark.parametrize("text", ["Flat 3 was cold", "the school in Eastmere", "a court of law", ""])
def test_words_that_reveal_nothing_are_left_alone(text):
    assert mentions(text, HIDDEN, "Eastmere Council") is False
