"""Who asked that someone stays out, and on what evidence, is read by those who decide, and by no one else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import Need, RequestGround
from conferences.history import said_openly
from conferences.models import ExclusionRequest
from conferences.services.exclusions import open_request
from conferences.services.guest_answers import ask_as_guest
from meetings.services.preparation import write_note
from records.disclosure.bundle import Bundle
from records.disclosure.pieces import pieces_of
from records.disclosure.services import start_disclosure
from records.enums import DisclosureKind
from tests.conferences import story
from tests.conferences.story import NOW
from tests.factories import StandInFactory, user_with_role

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW)]
EVIDENCE = "Kingfisher-evidence"


@pytest.fixture
def asked(told, booked):
    dale = story.on_list(booked, told.dale)
    return open_request(
        participant=dale,
        ground=RequestGround.ASKED,
        reason=EVIDENCE,
        by=told.coordinator,
        asked_for=told.hazel,
        now=NOW,
    )


def page(client, who, name, *args):
    client.force_login(who)
    return client.get(reverse(name, args=args)).content.decode()


def pages(client, who, request):
    return [
        page(client, who, "conferences:participant", request.conference_id, request.participant_id),
        page(client, who, "conferences:people", request.conference_id),
        page(client, who, "conferences:see-history", request.conference_id),
    ]


def test_the_social_worker_and_the_manager_read_that_there_is_a_request_and_not_why(client, told, asked):
    for who in (told.social_worker, told.manager):
        first, *rest = pages(client, who, asked)
        assert "is for the" in first
        assert all(EVIDENCE not in html for html in (first, *rest))


def test_the_chair_and_a_stand_in_read_it_whole(client, told, asked):
    for who in (told.chair, StandInFactory(conference=asked.conference).user):
        whole, _, history = pages(client, who, asked)
        assert (EVIDENCE in whole, EVIDENCE in history) == (True, True)


def test_whoever_wrote_it_down_still_reads_it_on_the_persons_page(client, told, asked):
    whole, _, history = pages(client, told.coordinator, asked)
    assert (EVIDENCE in whole, EVIDENCE in history) == (True, False)


def test_what_a_guest_wrote_with_it_is_for_the_chair_too(client, told, invited):
    hazel = story.on_list(invited, told.hazel)
    ask_as_guest(participant=hazel, guest_session_id=1, needs=[Need.APART], text=EVIDENCE, now=NOW)
    for who, reads in ((told.chair, True), (told.social_worker, False)):
        assert (EVIDENCE in page(client, who, "conferences:participant", invited.pk, hazel.pk)) is reads
        assert said_openly(who).filter(participant=hazel).exists() is reads
    assert EVIDENCE not in page(client, told.social_worker, "conferences:see-history", invited.pk)


def bundle(told, person, kind):
    disclosure = start_disclosure(
        family=told.family, person=person, kind=kind, recipient="Whoever asked", asked_on=NOW.date(), covers="All",
        identity="Passport seen", court_reference="ZW26C1" if kind == DisclosureKind.COURT else "",
        by=user_with_role(Role.SERVICE_MANAGER, authority=told.authority), now=NOW,
    )  # fmt: skip
    pieces = pieces_of(disclosure)
    made = Bundle(disclosure, pieces, {piece.key: True for piece in pieces}, NOW)
    return pieces, [line for piece in pieces if made.gives(piece) for _, line in piece.lines]


def test_only_a_courts_bundle_holds_it(told, asked):
    for person in (told.dale, told.robin.person):
        pieces, given = bundle(told, person, DisclosureKind.SUBJECT_ACCESS)
        assert EVIDENCE not in " ".join(given)
        assert [piece.lines for piece in pieces if piece.section == "Requests to keep someone out"] == [()]
        _, for_court = bundle(told, person, DisclosureKind.COURT)
        assert EVIDENCE in " ".join(for_court)
    assert ExclusionRequest.objects.get().reason == EVIDENCE


def test_a_chairs_own_notes_are_in_a_courts_bundle_and_in_no_one_elses(told, booked):
    write_note(conference=booked, text=EVIDENCE, version=0, by=told.chair, now=NOW)
    _, given = bundle(told, told.robin.person, DisclosureKind.SUBJECT_ACCESS)
    _, for_court = bundle(told, told.robin.person, DisclosureKind.COURT)
    assert (EVIDENCE in " ".join(given), EVIDENCE in " ".join(for_court)) == (False, True)
