"""A decision on how someone takes part: for which parts, with what evidence, and the letter they read."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import HowToAttend, ParticipantStatus, PartKind, Reply, RequestGround
from conferences.models import Participant
from conferences.selectors.arrivals import own_times
from conferences.selectors.people import participants_of
from conferences.selectors.planned_parts import planned_for, planned_parts
from conferences.selectors.quorum_forecast import quorum_forecast
from conferences.services.exclusions import decide_request, open_request
from conferences.services.invitations import record_reply
from conferences.services.planned_parts import PlannedPart, plan_parts
from meetings.selectors.attendance import part_now
from meetings.selectors.day_steps import TheDay
from meetings.services.attendance import record_attendance
from meetings.services.opening import add_part, open_conference
from notifications.models import Message
from tests.conferences import story
from tests.conferences.story import NOW, STARTS_AT
from tests.conferences.test_moving import send

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW)]
EVIDENCE, ASKER, REASON = "Kingfisher-evidence", "Heron-asker", "Osprey-reason"
MINUTE = datetime.timedelta(minutes=1)
TOLD = "You come to the first part of the meeting. Amara brings the rest."


@pytest.fixture
def halves(told, invited):
    send()
    invited.refresh_from_db()
    parts = [
        PlannedPart(PartKind.HALF, "First half", STARTS_AT, STARTS_AT + 60 * MINUTE),
        PlannedPart(PartKind.HALF, "Second half", STARTS_AT + 90 * MINUTE, STARTS_AT + 150 * MINUTE),
    ]
    who = {row.participant.pk: frozenset({1, 2}) for row in planned_for(invited, [])}
    plan_parts(conference=invited, parts=parts, who=who, version=invited.version, by=told.chair, now=NOW)
    return planned_parts(invited.sittings.get())


def asked(told, conference, person):
    return open_request(
        participant=story.on_list(conference, person), ground=RequestGround.ASKED, reason="Hurt her", by=told.coordinator,
        evidence=EVIDENCE, from_whom=ASKER, now=NOW,
    )  # fmt: skip


def decide(told, request, **changes):
    facts = {"how": HowToAttend.PART, "reason": REASON, "views_through": None, "told_text": TOLD, **changes}
    return decide_request(request=request, by=told.chair, now=NOW, **facts)


def test_a_decision_names_the_parts_and_gives_their_own_times(told, invited, halves):
    request = asked(told, invited, told.dale)
    for parts in ((), halves):
        with pytest.raises(ValidationError) as refused:
            decide(told, request, parts=parts)
        assert list(refused.value.message_dict) == ["parts"]
    decided = decide(told, request, parts=halves[:1])
    dale = story.on_list(invited, told.dale)
    assert list(decided.parts.all()) == list(dale.parts.all()) == halves[:1]
    assert own_times(dale, invited.sittings.get())[1] == STARTS_AT + 60 * MINUTE


def test_what_the_person_gets_has_the_chairs_words_and_neither_asker_nor_evidence(client, told, invited, halves):
    decided = decide(told, asked(told, invited, told.dale), parts=halves[:1])
    sent = Message.objects.filter(person_id=told.dale.pk).order_by("pk").last().body
    client.force_login(told.coordinator)
    url = reverse("conferences:decision-letter", args=[invited.pk, decided.pk])
    letter = client.get(url).content.decode()
    for text in (sent, letter):
        assert TOLD in text
        assert [word for word in (EVIDENCE, ASKER, REASON, "Second half", "Hurt her") if word in text] == []
    assert "ring us" in letter


def test_the_evidence_and_who_asked_are_read_by_whoever_decides(client, told, invited, halves):
    request = asked(told, invited, told.dale)
    url = reverse("conferences:decide-request", args=[invited.pk, request.pk])
    client.force_login(told.chair)
    html = client.get(url).content.decode()
    assert (EVIDENCE in html, ASKER in html, "First half" in html) == (True, True, True)
    client.force_login(told.social_worker)
    person = client.get(reverse("conferences:participant", args=[invited.pk, request.participant_id])).content.decode()
    assert (EVIDENCE in person, ASKER in person) == (False, False)


def test_nobody_but_the_chair_changes_the_parts_after_that_and_no_plan_lets_them_in(told, invited, halves):
    decide(told, asked(told, invited, told.dale), parts=halves[:1])
    invited.refresh_from_db()
    parts = [PlannedPart(row.kind, row.title, row.starts_at, row.ends_at) for row in halves]
    dale = story.on_list(invited, told.dale)
    for by, numbers in ((told.coordinator, {1}), (told.chair, {1, 2})):
        who = {row.participant.pk: frozenset({1, 2}) for row in planned_for(invited, halves)}
        who[dale.pk] = frozenset(numbers)
        who[story.on_list(invited, told.hazel).pk] = frozenset({2})
        with pytest.raises(ValidationError):
            plan_parts(conference=invited, parts=parts, who=who, version=invited.version, by=by, now=NOW)


def test_on_the_day_they_are_not_recorded_in_a_part_they_are_kept_from(told, invited, halves, time_machine):
    decide(told, asked(told, invited, told.dale), parts=halves[:1])
    time_machine.move_to(STARTS_AT, tick=False)
    open_conference(conference=invited, by=told.chair, now=STARTS_AT)
    dale = Participant.objects.get(conference=invited, person=told.dale)
    record_attendance(participant=dale, part=halves[0], presence="present", by=told.coordinator, now=STARTS_AT)
    with pytest.raises(ValidationError):
        record_attendance(participant=dale, part=halves[1], presence="present", by=told.coordinator, now=STARTS_AT)


def test_let_in_again_they_are_planned_for_no_part(told, invited, halves):
    decide(told, asked(told, invited, told.dale), parts=halves[:1])
    decide(told, asked(told, invited, told.dale), how=HowToAttend.WHOLE)
    dale = story.on_list(invited, told.dale)
    assert (dale.parts.count(), dale.arrives_at, dale.leaves_at, dale.how) == (0, None, None, HowToAttend.WHOLE)


def test_a_professional_is_kept_out_like_anyone_and_fills_no_seat(told, invited):
    send()
    gp = story.on_list(invited, told.posts["gp"].person)
    for key in ("gp", "academy"):
        row = story.on_list(invited, told.posts[key].person)
        record_reply(participant=row, reply=Reply.COMING, by=told.coordinator, now=NOW)
    request = asked(told, invited, gp.person)
    with pytest.raises(ValidationError) as refused:
        decide(told, request, how=HowToAttend.NOT_AT_ALL, told_text="You are not asked to come.")
    assert "views_through" in refused.value.message_dict
    bearer = story.on_list(invited, told.posts["academy"].person)
    decide(told, request, how=HowToAttend.NOT_AT_ALL, told_text="You are not asked to come.", views_through=bearer)
    gp.refresh_from_db()
    assert (gp.status, gp.views_brought_by) == (ParticipantStatus.KEPT_OUT, bearer)
    assert not quorum_forecast(invited, list(participants_of(invited))).is_met
    last = Message.objects.filter(person_id=gp.person_id).order_by("pk").last()
    assert ("You are not asked to come." in last.body, EVIDENCE in last.body) == (True, False)


def test_the_first_planned_part_is_under_way_until_someone_is_there_in_the_next(told, invited, halves, time_machine):
    time_machine.move_to(STARTS_AT, tick=False)
    open_conference(conference=invited, by=told.chair, now=STARTS_AT)
    sitting = invited.sittings.get()
    assert part_now(sitting) == TheDay(invited).part_now == halves[0]
    hazel = Participant.objects.get(conference=invited, person=told.hazel)
    record_attendance(participant=hazel, part=halves[1], presence="present", by=told.coordinator, now=STARTS_AT)
    assert part_now(sitting) == TheDay(invited).part_now == halves[1]
    added = add_part(conference=invited, kind=PartKind.CONFIDENTIAL, title="Apart", by=told.chair, now=STARTS_AT)
    assert part_now(sitting) == added
