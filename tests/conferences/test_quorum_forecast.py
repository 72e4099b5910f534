"""The quorum days ahead: on the answers so far, for each child, with whom to ring."""

from __future__ import annotations

import pytest

from conferences.enums import ParticipantStatus, Reply
from conferences.selectors.people import participants_of
from conferences.selectors.quorum_forecast import quorum_forecast
from conferences.services.deputies import confirm_deputy, name_deputy
from conferences.services.exclusions import open_request
from conferences.services.invitations import record_reply
from tests.conferences import story
from tests.conferences.story import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW)]


def forecast(conference):
    return quorum_forecast(conference, list(participants_of(conference)))


def answer(told, conference, key, reply=Reply.COMING):
    row = story.on_list(conference, told.posts[key].person)
    record_reply(participant=row, reply=reply, by=told.coordinator, now=NOW)
    return row


def ring(found):
    return [(one.participant.person.given_name, one.number, one.why) for one in found.to_ring]


def test_nothing_is_short_before_anyone_was_asked(told, booked):
    found = forecast(booked)
    assert (found.words, found.colour, found.to_ring) == ("No one has been asked yet", "grey", [])


def test_who_has_not_answered_is_to_be_rung_at_the_post_or_else_the_agency(told, invited):
    told.posts["gp"].agency.phone = "01632 960 144"
    told.posts["gp"].agency.save()
    told.posts["academy"].phone = "01632 960 150"
    told.posts["academy"].save()
    answer(told, invited, "primary")
    answer(told, invited, "midwife", Reply.NOT_COMING)
    assert ring(forecast(invited)) == [
        ("Anil", "01632 960 144", "has not answered"),
        ("Shazia", "01632 960 150", "has not answered"),
    ]


def test_the_number_of_a_confidential_agency_is_not_shown(told, invited):
    told.robin.involvements.filter(agency=told.posts["gp"].agency).update(confidential=True)
    told.posts["gp"].agency.phone = "01632 960 144"
    told.posts["gp"].agency.save()
    found = {one.participant.person.given_name: (one.number, one.agency) for one in forecast(invited).to_ring}
    assert found["Anil"] == ("", "GP (name confidential)")


def test_the_count_is_told_for_each_child(told, invited):
    for key in ("academy", "gp", "midwife", "primary"):
        answer(told, invited, key)
    found = forecast(invited)
    assert (found.is_met, found.words) == (True, "Not quorate for every child")
    assert [short.words.replace("\xa0", " ").split(" (")[0] for short in found.short] == [
        "Wren: social care and 1 of 2 other agencies",
        "the unborn baby: social care and 1 of 2 other agencies",
    ]


def test_a_deputy_counts_only_once_they_have_said_yes(told, invited):
    gp = answer(told, invited, "gp")
    teacher = story.on_list(invited, told.posts["academy"].person)
    named = {"given_name": "Jo", "family_name": "Crake", "title": "Head of year", "email": "jo@agency.example"}
    deputy = name_deputy(participant=teacher, guest_session_id=1, now=NOW, **named)
    assert ("Shazia", "", "sends a deputy who is not confirmed yet") in ring(forecast(invited))
    jo = confirm_deputy(deputy=deputy, how_confirmed="Rang the school", by=told.coordinator, now=NOW)
    found = forecast(invited)
    assert ([row.pk for row in found.together.agencies], ring(found)[-1]) == (
        [gp.agency_id],
        ("Jo", "", "comes as a deputy and has not answered"),
    )
    record_reply(participant=jo, reply=Reply.ONLINE, by=None, now=NOW)
    assert {row.pk for row in forecast(invited).together.agencies} == {gp.agency_id, teacher.agency_id}


def test_someone_about_whom_the_chair_has_to_decide_does_not_count(told, invited):
    gp, _ = answer(told, invited, "gp"), answer(told, invited, "academy")
    assert forecast(invited).is_met
    open_request(participant=gp, ground="asked", reason="Knows the father", by=told.social_worker, now=NOW)
    assert story.on_list(invited, gp.person).status == ParticipantStatus.AWAITING_CHAIR
    assert not forecast(invited).is_met


def test_someone_who_has_left_the_post_by_then_does_not_count(told, invited):
    gp, _ = answer(told, invited, "gp"), answer(told, invited, "academy")
    gp.post.ends_on = story.STARTS_AT.date()
    gp.post.save()
    assert not forecast(invited).is_met
