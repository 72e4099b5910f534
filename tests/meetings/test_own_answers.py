"""Scores and views that people enter themselves: hidden from everybody until all are in or the chair ends the round."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import Capacity, Mode, Presence
from conferences.models import Attendance, Part
from meetings.enums import AnswerKind, Given, Harm, ViewStatus
from meetings.models import AnswerRound, SafetyStop, Score, View
from meetings.selectors.day_steps import TheDay
from meetings.selectors.own_answers import own_answers
from meetings.selectors.score_line import scores_at_conferences
from meetings.selectors.scores import scores_of
from meetings.selectors.views_given import views_of
from meetings.services.attendance import record_attendance, remove_attendee
from meetings.services.outline import add_action
from meetings.services.own_answers import OwnScore, OwnView, give_answers
from meetings.services.rounds import ask_child, end_round, show_in_part
from meetings.services.scores import record_score
from reports.content.said import scores_of as frozen_scores
from tests.conferences.conftest import NOW, attend
from tests.factories import ParticipantFactory, PersonFactory, family_participant

pytestmark = pytest.mark.django_db

MARKER = "ZQXmarker"
HOME, ANSWERS, DANGER = "/guest/meeting/", "/guest/answers/", "/guest/answers/not-safe/"


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def own(meeting, who):
    return own_answers(TheDay(meeting.conference), [getattr(meeting.people, who).person_id])


def score(meeting, who, value, child=None, *, by=None, **more):
    who = getattr(meeting.people, who)
    return give_answers(
        conference=meeting.conference,
        persons=[who.person_id],
        scores=[OwnScore(child or meeting.wren, value, f"{MARKER} {who.pk}", True)],
        views=[],
        who={"guest_session_id": 7} if by is None else {"by": by},
        now=NOW,
        **more,
    )


def think(meeting, who, status=ViewStatus.CP_PLAN, child=None):
    who = getattr(meeting.people, who)
    view = OwnView(
        child or meeting.wren, Given.GIVEN, f"{MARKER} view", harm=Harm.LIKELY, status=status, category="EMO"
    )
    return give_answers(
        conference=meeting.conference,
        persons=[who.person_id],
        scores=[],
        views=[view],
        who={"guest_session_id": 7},
        now=NOW,
    )


def planned(meeting):
    add_action(
        conference=meeting.conference,
        why="Fear",
        what="A safe home",
        who_else="Everybody",
        by_when_words="Now",
        children=[],
        by=meeting.coordinator,
        now=NOW,
    )


def everyone(meeting, **values):
    for who, value in {"amara": 5, "callum": 6, "ngozi": 6, "beth": 3, "hazel": 8, **values}.items():
        score(meeting, who, value)


def page(client, meeting, name, *args):
    return client.get(reverse(f"meetings:{name}", args=[meeting.conference.pk, *args])).content.decode()


def test_nobody_sees_an_own_score_or_view_before_all_are_in(client, meeting):
    """The leak test: chair, coordinator and social worker on every page of the day, history, line, papers."""
    planned(meeting)
    for who in ("amara", "callum", "ngozi", "beth"):
        score(meeting, who, 7)
        think(meeting, who)
    pk, child = meeting.conference.pk, meeting.wren.pk
    pages = [
        ("day",), ("scores",), ("child-scores", child), ("score", child, meeting.people.beth.pk), ("views",),
        ("child-views", child), ("record-view", child, meeting.people.beth.pk), ("decisions",), ("decide", child),
        ("shared-screen",), ("board",), ("close",), ("attendance",), ("plan",),
    ]  # fmt: skip
    for user in (meeting.chair, meeting.coordinator, meeting.worker):
        client.force_login(user)
        for name, *args in pages:
            answer = client.get(reverse(f"meetings:{name}", args=[pk, *args]), follow=True)
            assert MARKER not in answer.content.decode(), (user, name)
            assert "Recommends" not in answer.content.decode()
        assert MARKER not in client.get(reverse("conferences:see-history", args=[pk])).content.decode()
    client.force_login(meeting.coordinator)
    for kind, row in (("score", Score.objects.first()), ("view", View.objects.first())):
        assert client.get(reverse("meetings:move-entry", args=[pk, kind, row.pk])).status_code == 404
    assert list(scores_at_conferences([meeting.wren.child_id])) == []
    assert [row["shown_in"] for row in frozen_scores(meeting.conference)] == [[]] * 4
    sheet = views_of(meeting.wren)
    assert (len(sheet.hidden), sheet.majority.total, [row.view for row in sheet.rows if row.is_in]) == (
        4,
        0,
        [None] * 4,
    )
    score(meeting, "hazel", 8)
    think(meeting, "hazel")
    client.force_login(meeting.chair)
    assert page(client, meeting, "child-scores", child).count(MARKER) >= 5
    assert page(client, meeting, "child-views", child).count(MARKER) == 5


def test_an_own_answer_says_who_entered_it(meeting):
    score(meeting, "beth", 3)
    record_score(
        conference_child=meeting.wren, participant=meeting.people.callum, value=4, reason="x", by=meeting.chair, now=NOW
    )
    given = {row.participant: row for row in Score.objects.all()}
    assert (given[meeting.people.beth].is_own, given[meeting.people.beth].guest_session_id) == (True, 7)
    assert (given[meeting.people.callum].is_own, given[meeting.people.callum].recorded_by) == (False, meeting.chair)
    score(meeting, "amara", 5, by=meeting.worker)
    assert Score.objects.get(participant=meeting.people.amara).is_own is True


def test_what_one_says_last_stands_from_two_tabs_and_over_the_coordinators_entry(meeting):
    record_score(
        conference_child=meeting.wren, participant=meeting.people.beth, value=9, reason="x", by=meeting.chair, now=NOW
    )
    score(meeting, "beth", 3)
    score(meeting, "beth", 4)
    score(meeting, "beth", 4)
    row = Score.objects.get()
    assert (row.value, row.version, row.is_own) == (4, 3, True)


def test_those_who_left_or_were_removed_are_not_waited_for(meeting):
    for who in ("amara", "callum", "ngozi"):
        score(meeting, who, 6)
    remove_attendee(participant=meeting.people.beth, reason="Shouting", by=meeting.chair, now=NOW)
    assert scores_of(meeting.wren).shown is False
    there = Attendance.objects.get(participant=meeting.people.hazel)
    record_attendance(
        participant=meeting.people.hazel,
        part=meeting.part,
        presence=Presence.PRESENT,
        mode=Mode.IN_PERSON,
        arrived_at=there.arrived_at,
        left_at=NOW,
        version=there.version,
        by=meeting.coordinator,
        now=NOW,
    )
    meeting.wren.refresh_from_db()
    assert [row.value for row in scores_of(meeting.wren).given] == [6, 6, 6]
    assert own(meeting, "beth").is_asked is own(meeting, "hazel").is_asked is False


def test_nothing_is_shown_while_it_is_not_recorded_who_is_here(meeting):
    late = ParticipantFactory(conference=meeting.conference)
    everyone(meeting)
    assert scores_of(meeting.wren).shown is False
    attend(meeting, late)
    meeting.people.late = late
    score(meeting, "late", 5)
    meeting.wren.refresh_from_db()
    assert scores_of(meeting.wren).shown is True


def test_rather_not_say_is_an_answer(meeting):
    everyone(meeting, hazel=None)
    row = Score.objects.get(participant=meeting.people.hazel)
    assert (row.given, row.reason) == (Given.ABSTAINED, f"{MARKER} {meeting.people.hazel.pk}")
    assert AnswerRound.objects.get().kind == AnswerKind.SCORE


def test_a_family_members_score_is_shown_with_their_agreement_only(meeting):
    for who in ("amara", "callum", "ngozi", "beth"):
        score(meeting, who, 6)
    hazel = meeting.people.hazel
    give_answers(
        conference=meeting.conference,
        persons=[hazel.person_id],
        scores=[OwnScore(meeting.wren, 0, f"{MARKER} mine", False)],
        views=[],
        who={"guest_session_id": 7},
        now=NOW,
    )
    SafetyStop.objects.update(settled_at=NOW, action="x", action_by="y", action_when="z", settled_by=meeting.chair)
    end_round(kind=AnswerKind.SCORE, conference_child=meeting.wren, by=meeting.chair, now=NOW)
    meeting.wren.refresh_from_db()
    sheet = scores_of(meeting.wren)
    assert ([row.value for row in sheet.given], [row.participant for row in sheet.kept_back]) == ([6] * 4, [hazel])
    assert [hazel not in [one.participant for one in rows] for _, rows in sheet.at_the_ends] == [True, True]


def test_in_halves_each_part_has_its_own_round_and_the_chair_chooses_what_is_shown(client, meeting):
    second = Part.objects.create(
        sitting=meeting.sitting, number=2, kind="half", title="With Dale", starts_at=NOW + datetime.timedelta(hours=1)
    )
    score(meeting, "hazel", 2)
    for who in ("amara", "callum", "ngozi", "beth"):
        score(meeting, who, 6)
    meeting.wren.refresh_from_db()
    assert scores_of(meeting.wren).given == []
    with pytest.raises(ValidationError, match="Only the chair"):
        show_in_part(conference_child=meeting.wren, participants=[], by=meeting.coordinator, now=NOW)
    show_in_part(
        conference_child=meeting.wren,
        participants=[meeting.people.hazel.pk, meeting.people.beth.pk],
        by=meeting.chair,
        now=NOW,
    )
    meeting.wren.refresh_from_db()
    assert [row.value for row in scores_of(meeting.wren).given] == [2, 6]
    for who in ("amara", "callum", "ngozi", "beth"):
        attend(meeting, getattr(meeting.people, who), part=second)
    attend(meeting, meeting.people.dale, part=second)
    assert own(meeting, "hazel").is_asked is False
    assert [one.score for one in own(meeting, "dale").children] == [True, True]
    client.force_login(meeting.coordinator)
    assert MARKER not in page(client, meeting, "child-scores", meeting.wren.pk)
    with pytest.raises(ValidationError):
        show_in_part(conference_child=meeting.wren, participants=[meeting.people.dale.pk], by=meeting.chair, now=NOW)
    score(meeting, "dale", 9)
    client.force_login(meeting.chair)
    choose = page(client, meeting, "choose-scores", meeting.wren.pk)
    assert MARKER not in choose
    assert "Hazel Brambley" in choose
    show_in_part(conference_child=meeting.wren, participants=[meeting.people.dale.pk], by=meeting.chair, now=NOW)
    meeting.wren.refresh_from_db()
    assert [row.value for row in scores_of(meeting.wren).given] == [9]


def test_who_is_never_asked_and_who_is_asked_once(meeting):
    person = PersonFactory(authority=meeting.authority, given_name="Nan", family_name="Brambley")
    as_supporter = family_participant(meeting.conference, Capacity.SUPPORTER, person=person)
    as_carer = family_participant(meeting.conference, Capacity.CARER, person=person)
    for capacity in (Capacity.INTERPRETER, Capacity.ADVOCATE, Capacity.OBSERVER, Capacity.SOLICITOR):
        someone = ParticipantFactory(conference=meeting.conference, capacity=capacity)
        attend(meeting, someone)
        meeting.people.someone = someone
        assert own(meeting, "someone").is_asked is False
    attend(meeting, as_supporter)
    meeting.people.nan = as_supporter
    assert own(meeting, "nan").is_asked is False
    attend(meeting, as_carer)
    asked = own(meeting, "nan").children
    assert {one.participant for one in asked} == {as_carer}
    assert len(asked) == 2


def test_a_child_is_asked_only_where_the_chair_decided_so(meeting):
    there = Attendance.objects.get(participant=meeting.people.robin_there)
    there.presence, there.arrived_at = Presence.PRESENT, NOW
    there.save()
    assert own(meeting, "robin_there").asks_scores is False
    with pytest.raises(ValidationError, match="Only the chair"):
        ask_child(participant=meeting.people.robin_there, reason="x", by=meeting.coordinator, now=NOW)
    ask_child(participant=meeting.people.robin_there, reason="Robin asked to", by=meeting.chair, now=NOW)
    assert [one.child for one in own(meeting, "robin_there").children if one.score] == [meeting.robin]
    score(meeting, "robin_there", 4, child=meeting.robin)
    assert Score.objects.get().value == 4


def test_views_are_asked_once_the_plan_is_drafted(meeting):
    before = own(meeting, "beth")
    assert (before.asks_views, before.views_later) == (False, True)
    planned(meeting)
    assert own(meeting, "beth").asks_views is True
    think(meeting, "beth")
    with pytest.raises(ValidationError) as refused:
        give_answers(
            conference=meeting.conference,
            persons=[meeting.people.callum.person_id],
            scores=[],
            views=[OwnView(meeting.wren, Given.GIVEN, "x", status=ViewStatus.CP_PLAN)],
            who={"guest_session_id": 7},
            now=NOW,
        )
    assert {f"harm_{meeting.wren.pk}", f"category_{meeting.wren.pk}"} == set(refused.value.message_dict)
    end_round(kind=AnswerKind.VIEW, conference_child=meeting.wren, reason="Late", by=meeting.chair, now=NOW)
    assert [row.view.reason for row in views_of(meeting.wren).rows if row.view] == [f"{MARKER} view"]
    late = think(meeting, "callum")
    assert (View.objects.count(), late.too_late[0][2]) == (1, f"Child protection plan. {MARKER} view")
