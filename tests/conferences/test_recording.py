"""Recording or automatic transcription is the chair's decision, and everybody who comes is told."""

from __future__ import annotations

import html

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import ConferenceStatus
from conferences.models import Conference, RecordingDecision
from conferences.selectors.letters import letter
from conferences.services.recording import decide_recording
from notifications.models import Notice
from reports.content.freezing import content_of
from reports.copies import compose_whole
from reports.enums import DocumentKind
from tests.conferences import guests
from tests.conferences.story import NOW, invited, on_list, tell
from tests.factories import AgencyFactory, AgencyInvolvementFactory
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
TOLD = "So that the minutes are right. The council keeps it for 28 days. Say if you do not want it."
SENTENCE = "A computer program writes down what is said at the meeting."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def story():
    return tell()


@once_per_module(at=NOW)
def conference(story):
    return invited(story)


def decided(story, conference, kind="transcribed", told=TOLD, by=None):
    return decide_recording(conference=conference, kind=kind, told=told, by=by or story.chair, now=NOW)


def words_of(response):
    return " ".join(html.unescape(response.content.decode()).replace("\xa0", " ").split())


def test_only_the_chair_decides_and_says_why(story, conference):
    with pytest.raises(ValidationError, match="Only the chair"):
        decided(story, conference, by=story.coordinator)
    for kind, told, field in (("transcribed", " ", "told"), ("sometimes", TOLD, "kind")):
        with pytest.raises(ValidationError) as refused:
            decided(story, conference, kind=kind, told=told)
        assert list(refused.value.message_dict) == [field]
    Conference.objects.filter(pk=conference.pk).update(
        status=ConferenceStatus.CLOSED, opened_at=NOW, ended_at=NOW, closed_at=NOW
    )
    with pytest.raises(ValidationError, match="is over"):
        decided(story, conference)


def test_it_stands_on_invitation_own_page_overview_and_minutes(client, story, conference):
    hazel, sitting = on_list(conference, story.hazel), conference.sittings.get()
    assert SENTENCE not in letter(participant=hazel, conference=conference, sitting=sitting)
    decided(story, conference)
    assert f"{SENTENCE} {TOLD}" in letter(participant=hazel, conference=conference, sitting=sitting)
    client.force_login(story.social_worker)
    assert f"{SENTENCE} {TOLD}" in words_of(client.get(reverse("conferences:overview", args=[conference.pk])))
    client.logout()
    guests.let_in(client, hazel, sitting=sitting)
    assert f"{SENTENCE} {TOLD}" in words_of(client.get("/guest/meeting/"))
    minutes = compose_whole(content_of(conference, now=NOW), DocumentKind.MINUTES)
    assert minutes.recording == f"{SENTENCE} {TOLD}"


def test_who_arranges_is_told_to_tell_the_others(story, conference):
    made = decided(story, conference)
    assert set(Notice.objects.filter(key=f"recording:{made.pk}").values_list("user", flat=True)) == {
        story.coordinator.pk, story.social_worker.pk,
    }  # fmt: skip


def test_a_new_decision_replaces_the_one_before_which_is_kept(story, conference):
    first = decided(story, conference)
    assert decided(story, conference) == first
    decided(story, conference, kind="none", told="")
    assert list(RecordingDecision.objects.values_list("kind", "superseded_at")) == [
        ("none", None), ("transcribed", NOW),
    ]  # fmt: skip


def test_it_gives_no_hidden_place_away(story, conference):
    school = AgencyFactory(authority=story.authority, name="Meadow Lane Primary")
    AgencyInvolvementFactory(child=story.wren, agency=school, confidential=True).hidden_from.add(story.martin)
    with pytest.raises(ValidationError) as refused:
        decided(story, conference, told="Wren’s teacher at Meadow Lane Primary asked for it")
    assert list(refused.value.message_dict) == ["told"]


def test_the_chair_decides_on_a_page_of_its_own(client, story, conference):
    client.force_login(story.chair)
    page = reverse("conferences:decide-recording", args=[conference.pk])
    assert page in client.get(reverse("conferences:overview", args=[conference.pk])).content.decode()
    assert "Say why, who keeps it and for how long" in words_of(client.post(page, {"kind": "recorded"}))
    assert client.post(page, {"kind": "none"}).status_code == 302
    assert "The meeting is not recorded" in words_of(client.get(reverse("conferences:overview", args=[conference.pk])))
    client.force_login(story.coordinator)
    assert client.get(page).status_code == 404
