"""What the chair prepares with: the page to read from, own notes, and the talks with the family."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import ParticipantStatus, RequestGround
from conferences.services.exclusions import open_request
from conferences.services.guards import EditedMeanwhile
from families.models import Address, ContactRisk, Residence
from meetings.enums import TalkAnswered, TalkItem
from meetings.models import BoardEntry, ChairNote, ChairReading, TalkBefore, WordsBefore
from meetings.selectors.talks_before import talks_before
from meetings.services.preparation import TalkFacts, mark_read, put_words_on_board, record_talk, write_note
from tests.conferences.conftest import NOW
from tests.factories import StandInFactory

pytestmark = pytest.mark.django_db
BEFORE = NOW - datetime.timedelta(days=1)
MARKER = "Kingfisher-marker"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(BEFORE, tick=False):
        yield


def page(client, planned, who, name="meetings:reading", *args):
    client.force_login(who)
    return client.get(reverse(name, args=[planned.conference.pk, *args]))


def note(planned, by=None, text=MARKER, version=0):
    return write_note(conference=planned.conference, text=text, version=version, by=by or planned.chair, now=BEFORE)


# Reading


def test_the_sections_stand_in_their_order(client, planned):
    html = page(client, planned, planned.chair).content.decode()
    places = [html.index(f'id="{key}"') for key in ("changed", "exclusions", "arrival", "quorum", "languages")]
    assert places == sorted(places)


def test_it_does_not_say_who_asked_nor_the_evidence_and_never_where_someone_lives(client, planned):
    address = Address.objects.create(authority=planned.authority, lines="4 Heron Quay", postcode="ZZ1 1ZZ")
    Residence.objects.create(
        person=planned.people.hazel.person, address=address, confidential=True, starts_on=datetime.date(2026, 1, 1)
    )
    dale = planned.people.dale
    open_request(participant=dale, ground=RequestGround.ASKED, reason=f"{MARKER} at night", by=planned.worker,
                 asked_for=planned.people.hazel.person, now=BEFORE)  # fmt: skip
    planned.people.callum.agency.name = "School at 4 Heron Quay"
    planned.people.callum.agency.save()
    html = page(client, planned, planned.chair).content.decode()
    section = html[html.index('id="exclusions"') : html.index('id="arrival"')]
    assert ("Dale Ashdown" in section, MARKER in html, "Hazel" in section) == (True, False, False)
    assert ("Heron Quay" in html, "Left out here: confidential whereabouts" in html) == (False, True)


def test_what_is_written_of_a_risk_is_not_on_it(client, planned):
    ContactRisk.objects.create(
        person=planned.people.dale.person, ground="violence", detail=MARKER, starts_on=BEFORE.date(),
        recorded_by=planned.worker, recorded_at=BEFORE,
    )  # fmt: skip
    html = page(client, planned, planned.chair).content.decode()
    assert (MARKER in html, "1 person with a contact risk" in html.replace("\xa0", " ")) == (False, True)


def test_marking_keeps_the_moment_at_which_the_page_was_shown(client, planned):
    shown = BEFORE - datetime.timedelta(minutes=20)
    client.force_login(planned.chair)
    url = reverse("meetings:mark-read", args=[planned.conference.pk])
    client.post(url, {"shown_at": shown.isoformat()})
    client.post(url, {"shown_at": (shown - datetime.timedelta(hours=1)).isoformat()})
    assert ChairReading.objects.get().read_at == shown
    assert "You had read everything on" in page(client, planned, planned.chair).content.decode()


def test_a_time_to_come_is_not_believed_and_only_the_chair_marks(planned):
    later = BEFORE + datetime.timedelta(hours=1)
    assert mark_read(conference=planned.conference, shown_at=later, by=planned.chair, now=BEFORE).read_at == BEFORE
    with pytest.raises(ValidationError):
        mark_read(conference=planned.conference, shown_at=BEFORE, by=planned.coordinator, now=BEFORE)


# Notes


def test_notes_are_kept_once_and_two_pages_do_not_overwrite_each_other(planned):
    assert note(planned) == note(planned)
    note(planned, text="Two", version=1)
    with pytest.raises(EditedMeanwhile):
        note(planned, text="Three", version=1)
    assert ChairNote.objects.get().text == "Two"


def test_nobody_else_reads_a_note_not_even_a_stand_in(client, planned):
    note(planned)
    stand_in = StandInFactory(conference=planned.conference).user
    assert MARKER in page(client, planned, planned.chair).content.decode()
    assert MARKER in page(client, planned, planned.chair, "conferences:see-history").content.decode()
    for who in (stand_in, planned.coordinator, planned.worker, planned.manager):
        for name in ("meetings:reading", "meetings:own-notes", "conferences:see-history"):
            assert MARKER not in page(client, planned, who, name).content.decode()
    with pytest.raises(ValidationError):
        note(planned, by=planned.coordinator)


# The talk with each of the family


def facts(**changes):
    points = {item.value: (TalkAnswered.YES, "") for item in TalkItem}
    return TalkFacts(**{"planned_at": None, "how": "in_person", "is_held": True, "points": points, **changes})


def talk(planned, who, version=0, **changes):
    return record_talk(participant=who, facts=facts(**changes), version=version, by=planned.chair, now=BEFORE)


def test_a_talk_is_proposed_at_the_arrival_of_the_family_and_is_apart_for_each(client, planned):
    rows = talks_before(planned.conference)
    assert [(row.participant, row.state, row.proposed_at) for row in rows] == [
        (who, "Not yet", planned.sitting.family_arrives_at)
        for who in (planned.people.hazel, planned.people.dale, planned.people.robin_there)
    ]
    talk(planned, planned.people.hazel, note=MARKER)
    hazel, dale, _ = talks_before(planned.conference)
    assert (hazel.state, hazel.open_points, dale.state) == ("Ready", [], "Not yet")
    own = page(client, planned, planned.chair, "meetings:talk-before", planned.people.hazel.pk)
    other = page(client, planned, planned.chair, "meetings:talk-before", planned.people.dale.pk)
    assert (MARKER in own.content.decode(), MARKER in other.content.decode()) == (True, False)


def test_only_the_chair_reads_it(client, planned):
    talk(planned, planned.people.hazel, note=MARKER)
    for who in (planned.coordinator, planned.worker, planned.manager):
        assert page(client, planned, who, "meetings:talk-before", planned.people.hazel.pk).status_code == 404
        assert MARKER not in page(client, planned, who, "conferences:see-history").content.decode()


def test_the_same_talk_again_changes_nothing_and_another_version_is_refused(planned):
    first = talk(planned, planned.people.hazel)
    assert talk(planned, planned.people.hazel).version == first.version == 1
    with pytest.raises(EditedMeanwhile):
        talk(planned, planned.people.hazel, note="Other")
    again = talk(planned, planned.people.hazel, version=1, note="Other")
    assert (again.version, TalkBefore.objects.count(), again.points.count()) == (2, 1, len(TalkItem))


def test_it_is_with_the_family_by_the_chair_and_says_how(planned):
    with pytest.raises(ValidationError):
        talk(planned, planned.people.callum)
    with pytest.raises(ValidationError) as refused:
        talk(planned, planned.people.hazel, how="")
    assert "how" in refused.value.message_dict


def test_someone_kept_out_is_still_talked_with(planned):
    planned.people.dale.status = ParticipantStatus.KEPT_OUT
    planned.people.dale.save()
    assert planned.people.dale in [row.participant for row in talks_before(planned.conference)]


def test_the_page_records_it_and_says_who_is_ready(client, planned):
    client.force_login(planned.chair)
    url = reverse("meetings:talk-before", args=[planned.conference.pk, planned.people.hazel.pk])
    posted = {item.value: TalkAnswered.YES for item in TalkItem} | {
        "how": "phone", "is_held": "yes", "version": "0", "safe_note": "By the side door",
    }  # fmt: skip
    assert client.post(url, posted).status_code == 302
    row = talks_before(planned.conference)[0]
    assert (row.is_ready, row.points[TalkItem.SAFE].note) == (True, "By the side door")


# Words for the board


def words(planned, **changes):
    given = {
        "participant": planned.people.hazel, "text": MARKER, "heading": "worries", "children": [planned.wren],
        "private_to": [planned.people.hazel.person], "agreed": True, "by": planned.chair, "now": BEFORE,
    }  # fmt: skip
    return put_words_on_board(**{**given, **changes})


def test_words_go_on_the_board_as_theirs_and_only_if_they_agree(planned):
    with pytest.raises(ValidationError):
        words(planned, agreed=False)
    assert (BoardEntry.objects.count(), TalkBefore.objects.count()) == (0, 0)
    entry = words(planned)
    assert words(planned) == entry
    assert (entry.speaker, list(entry.children.all()), list(entry.private_to.all())) == (
        planned.people.hazel,
        [planned.wren],
        [planned.people.hazel.person],
    )
    assert WordsBefore.objects.get().entry == entry
