"""Who prepares a paper is told of signs that would come out as empty boxes."""

from __future__ import annotations

import pytest
from django.urls import reverse

from reports.signs import signs_without_font
from tests.reports.story import conference_of, say

PRINTED = (
    "Zoë Ó Súilleabháin, Łukasz, Nwaọgụ, Ὠ, Привет, مرحبا, שלום, नमस्ते, ਸਤ, 我的, お母さん, 어머니 👩‍👩‍👧 “…” • ✓ ½"
)
UNASSIGNED, RARE = "\u0378", "\U0002a6d6"


@pytest.mark.parametrize("text", [PRINTED, "", "e\u0301 and a\u0308", "fa\u200cmily"])
def test_what_people_write_has_a_font(text):
    assert signs_without_font([text]) == []


@pytest.mark.parametrize(("sign", "name"), [(UNASSIGNED, "U+0378"), (RARE, "U+2A6D6 cjk unified ideograph-2a6d6")])
def test_a_sign_without_a_font_is_found_once_with_the_words_around_it(sign, name):
    words = f"Her name is written {sign} in her passport."
    assert signs_without_font(["nothing here", words, f"again {sign}"]) == [(name, words)]


@pytest.mark.django_db
def test_the_page_that_prepares_the_minutes_shows_it(story, client):
    client.force_login(story.coordinator)
    url = reverse("reports:prepare-minutes", args=[conference_of(story).pk])
    assert "can’t be printed" not in client.get(url).content.decode()
    say(story, f"Robin wrote {RARE} on the wall.", story.robin_row)
    page = client.get(url).content.decode()
    assert "sign can’t be printed" in page
    assert f"in “Robin wrote {RARE} on the wall.”" in page
