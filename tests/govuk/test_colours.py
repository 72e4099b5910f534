from __future__ import annotations

import pytest

from govuk.colours import contrast_with_white, theme_sheet, usable


@pytest.mark.parametrize(
    ("colour", "ratio"), [("#000000", 21.0), ("#ffffff", 1.0), ("#12464f", 10.4), ("#767676", 4.5)]
)
def test_contrast_follows_the_wcag_definition(colour, ratio):
    assert round(contrast_with_white(colour), 1) == ratio


@pytest.mark.parametrize("colour", ["#ffdd00", "#aaaaaa", "red", "#12", "", "#12464f;}body{display:none"])
def test_a_colour_too_light_for_white_text_falls_back_to_the_default(colour):
    assert usable(colour) == "#12464f"


def test_the_theme_uses_the_councils_colour():
    assert theme_sheet("#7A1F5C").startswith(":root{--council:#7a1f5c;--council-tint:#")
