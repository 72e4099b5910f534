"""What a bundle would hold, read before the file is made."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from records.disclosure.bundle import Bundle, context_of, in_order
from records.disclosure.pieces import Piece, pieces_of
from records.disclosure.services import check_disclosure, decisions_of, submit_disclosure
from records.enums import DisclosureKind
from records.models import Disclosure
from records.views.disclosures import PIECES_PER_PAGE
from tests.records.test_disclosure import decided, started, world  # noqa: F401 - a fixture
from tests.reports.story import NOW, say

pytestmark = pytest.mark.django_db
PERSON, COURT = DisclosureKind.SUBJECT_ACCESS, DisclosureKind.COURT


def bundle_of(row: Disclosure) -> Bundle:
    pieces = pieces_of(row)
    return Bundle(row, pieces, decisions_of(row, pieces), made_at=NOW)


def read_by(user: object, row: Disclosure, piece: Piece) -> str:
    """Return the page of the preview on which a piece stands."""
    bundle = bundle_of(row)
    number = 1 + next(place for place, one in enumerate(bundle.pieces) if one.key == piece.key)
    place = next(place for place, (_, _, shown) in enumerate(in_order(bundle)) if shown.number == number)
    client, page = Client(), reverse("records:preview-bundle", args=[row.pk])
    client.force_login(user)
    return client.get(page, {"page": 1 + place // PIECES_PER_PAGE}).content.decode()


@pytest.mark.parametrize("kind", [PERSON, COURT])
def test_it_shows_what_the_file_would_hold_in_its_order(world: SimpleNamespace, kind: str) -> None:  # noqa: F811
    bundle = bundle_of(started(world, kind))
    groups = context_of(bundle, note=lambda _done: None)["groups"]
    of_the_file = [
        (name, section, shown) for _, name, sections in groups for section, rows in sections for shown in rows
    ]
    assert in_order(bundle) == of_the_file


def test_what_is_left_out_is_a_block_without_its_words(world: SimpleNamespace) -> None:  # noqa: F811
    row = started(world)
    say(world, "MARKER of what Martin said.", world.robin_row, private_to=[world.martin])
    marked = next(piece for piece in pieces_of(row) if piece.is_marked and "MARKER" in repr(piece.lines))
    before = read_by(world.first, row, marked)
    assert ("MARKER" in before, "Left out" in before) == (False, True)
    assert "MARKER" in read_by(world.first, decided(world, row, give=[marked.key]), marked)


def test_whoever_checks_reads_it_and_nobody_once_it_is_made(world: SimpleNamespace) -> None:  # noqa: F811
    row = decided(world, started(world))
    submit_disclosure(disclosure=row, now=NOW)
    left_out = next(piece for piece in pieces_of(row) if piece.is_marked)
    assert "Left out" in read_by(world.second, row, left_out)
    check_disclosure(disclosure=row, agrees=True, because="", by=world.second, now=NOW)
    client = Client()
    client.force_login(world.second)
    page = client.get(reverse("records:preview-bundle", args=[row.pk]))
    assert page.url == reverse("records:disclosure", args=[row.pk])
