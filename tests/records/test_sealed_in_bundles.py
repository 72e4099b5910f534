"""A court's bundle holds a sealed record only where a noted order covers it; no other bundle ever does."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from families.models import Adoption, Person
from meetings.models import BoardEntry
from notifications.models import Notice
from records.disclosure.access import DISCLOSURE_RULES
from records.disclosure.bundle import Bundle, context_of
from records.disclosure.covers import cover_sealed
from records.disclosure.pieces import pieces_of
from records.disclosure.services import decisions_of, submit_disclosure, undecided
from records.enums import DisclosureKind
from records.models import SealedCover
from reports.models import StoredFile
from reports.uploads import storing
from tests.factories import user_with_role
from tests.records.kept import passing_triggers
from tests.records.test_disclosure import LETTER, decided, made, started
from tests.reports.story import NOW, say

MARKER = "Marigold-7 was given a new home"
NAMED = "Wren slept in the van, marker Foxglove-3"
ORDER = {"order": "Family court, FC27/1", "ordered_on": datetime.date(2026, 12, 1), "says": "The adopted child too"}


@pytest.fixture
def world(told_world):
    """Wren is adopted and sealed; her team's manager may still see that there was an order."""
    told_world.first = user_with_role(Role.SERVICE_MANAGER, authority=told_world.authority, name="Petra Osprey")
    told_world.second = user_with_role(Role.SERVICE_MANAGER, authority=told_world.authority, name="Ian Merlin")
    with passing_triggers():
        StoredFile.objects.filter(pk=told_world.attachment.file_id).update(stored_as=storing.put(LETTER))
    say(told_world, MARKER, told_world.robin_row, told_world.wren_row)
    say(told_world, NAMED, told_world.robin_row)
    because = {"sealed_at": NOW, "sealed_because": "Adoption", "sealed_by": told_world.manager}
    Person.objects.filter(pk=told_world.wren.person_id).update(**because)
    Adoption.objects.filter(pk=told_world.adoption.pk).update(**because)
    return told_world


def court(world):
    return started(world, DisclosureKind.COURT, recipient="Family court")


def covered(world, disclosure, *, by=None, **other):
    return cover_sealed(
        disclosure=disclosure, adoption=world.adoption, by=by or world.manager, now=NOW, **{**ORDER, **other}
    )


def words(disclosure):
    pieces = pieces_of(disclosure)
    bundle = Bundle(disclosure, pieces, decisions_of(disclosure, pieces), made_at=NOW)
    return repr(context_of(bundle, note=lambda _: None)) + repr(pieces)


def fault(world, disclosure, **other):
    with pytest.raises(ValidationError) as caught:
        covered(world, disclosure, **other)
    assert not SealedCover.objects.exists()
    error = caught.value
    return set(error.message_dict) if hasattr(error, "error_dict") else error.messages[0]


def test_without_an_order_over_it_nothing_of_a_sealed_record_is_in_a_courts_bundle(world):
    said = words(court(world))
    assert "Robin's asthma was treated in hospital twice." in said
    for marker in ("Marigold-7", "Foxglove-3", "Wren", world.wren.council_child_id, world.adoption.court):
        assert marker not in said, marker


def test_once_the_order_is_noted_its_pieces_are_in_the_bundle(world):
    disclosure = court(world)
    assert covered(world, disclosure) == covered(world, disclosure)
    said = words(disclosure)
    assert "Marigold-7" in said
    assert "Foxglove-3" in said


def test_an_order_over_one_sealed_record_opens_no_other(world):
    other = world.baby.person
    Person.objects.filter(pk=other.pk).update(sealed_at=NOW, sealed_because="New identity")
    entry = say(world, "Bluebell-9 is elsewhere now", world.robin_row, world.baby_row)
    assert BoardEntry.objects.filter(pk=getattr(entry, "pk", None)).exists()
    disclosure = court(world)
    covered(world, disclosure)
    said = words(disclosure)
    assert "Marigold-7" in said
    assert "Bluebell-9" not in said


def test_no_request_of_a_person_opens_a_sealed_record_whatever_is_decided(world):
    disclosure = started(world)
    assert fault(world, disclosure) == "Only a court’s order opens a sealed record."
    keys = [piece.key for piece in pieces_of(disclosure)]
    decided(world, disclosure, give=keys)
    assert undecided(disclosure, pieces_of(disclosure)) == []
    said = words(disclosure)
    assert "Marigold-7" not in said
    assert "Foxglove-3" not in said


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"order": " "}, "order"), ({"says": ""}, "says"), ({"ordered_on": datetime.date(2030, 1, 1)}, "ordered_on")],
)
def test_the_order_its_day_and_its_words_are_needed(world, wrong, field):
    assert fault(world, court(world), **wrong) == {field}


def test_only_someone_who_may_see_the_sealed_record_notes_the_order(world):
    disclosure = court(world)
    for user in (world.first, world.worker, world.coordinator):
        assert fault(world, disclosure, by=user) == "This record is not one that you may still see."


def test_no_order_is_noted_once_the_bundle_was_checked_and_the_file_opens_to_few(world, client):
    disclosure = court(world)
    covered(world, disclosure)
    made(world, disclosure)
    with pytest.raises(ValidationError):
        cover_sealed(disclosure=court(world), adoption=world.adoption, by=world.first, now=NOW, **ORDER)
    url = reverse("records:bundle-file", args=[disclosure.pk])
    with time_machine.travel(NOW, tick=False):
        client.force_login(world.first)
        assert client.get(url).status_code == 404
        assert url not in client.get(reverse("records:disclosure", args=[disclosure.pk])).content.decode()
        world.adoption.may_see.add(world.first)
        assert client.get(url).status_code == 200


def test_whoever_may_see_the_record_is_asked_and_notes_it_on_a_page_that_names_no_child(world, client):
    disclosure = court(world)
    url = reverse("records:cover-sealed", args=[disclosure.pk])
    assert set(Notice.objects.filter(key__startswith="bundle-sealed:").values_list("user", "url")) == {
        (world.manager.pk, url)
    }
    with time_machine.travel(NOW, tick=False):
        client.force_login(world.first)
        assert client.get(url).status_code == 404
        client.force_login(world.manager)
        shown = client.get(url).content.decode()
        assert "Wren" not in shown
        assert "Robin" not in shown
        sent = {**ORDER, "ordered_on": "2026-12-01", "adoption": world.adoption.pk}
        assert client.post(url, sent).status_code == 302
    assert SealedCover.objects.get().person_id == world.wren.person_id


def test_nobody_is_asked_where_a_person_asked_or_no_record_is_sealed(world):
    started(world)
    assert not Notice.objects.filter(key__startswith="bundle-sealed:").exists()


def own(world, **changes):
    """Begin a court's bundle about the sealed child, by a manager who may still see the record."""
    world.adoption.may_see.add(world.first)
    return court_about(world, world.wren.person, **changes)


def court_about(world, person, **changes):
    person.refresh_from_db()
    return started(world, DisclosureKind.COURT, person=person, recipient="Family court", **changes)


def test_a_bundle_about_the_sealed_child_is_a_courts_and_begun_by_someone_who_may_see_the_record(world):
    with pytest.raises(ValidationError, match="can't be given out here"):
        court_about(world, world.wren.person)
    disclosure = own(world)
    with pytest.raises(ValidationError, match="can't be given out here"):
        started(world, person=world.wren.person)
    assert DISCLOSURE_RULES["prepare"].right_of(world.first, disclosure) is not None
    assert DISCLOSURE_RULES["prepare"].right_of(world.coordinator, disclosure) is None
    assert DISCLOSURE_RULES["check"].right_of(world.second, disclosure) is None


def test_it_is_empty_and_goes_nowhere_until_the_order_is_noted(world):
    disclosure = own(world)
    assert {piece.lines for piece in pieces_of(disclosure)} == {()}
    with pytest.raises(ValidationError, match="Note first which order covers this sealed record"):
        submit_disclosure(disclosure=disclosure, now=NOW)
    covered(world, disclosure)
    assert "Wren hides under the table when a voice is raised." in words(disclosure)
    world.adoption.may_see.add(world.second)
    assert submit_disclosure(disclosure=disclosure, now=NOW).submitted_at == NOW
