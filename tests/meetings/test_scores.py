from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from conferences.enums import Capacity
from meetings.enums import Given, Nature, StopGround
from meetings.models import SafetyStop, Score
from meetings.selectors.scores import scores_of
from meetings.services.board import add_entry
from meetings.services.closing import close_conference
from meetings.services.guards import StoppedForSafety
from meetings.services.opening import adjourn
from meetings.services.safety import raise_stop, settle_stop
from meetings.services.scores import explore_spread, record_score, show_scores
from notifications.models import Message, Notice
from tests.conferences.conftest import NOW, attend
from tests.factories import ParticipantFactory, user_with_role

pytestmark = pytest.mark.django_db


def give(meeting, who, value, child=None, **changes):
    facts = {
        "conference_child": child or meeting.wren,
        "participant": getattr(meeting.people, who),
        "value": value,
        "reason": f"{who} says {value}",
        "may_be_shown": True,
        "by": meeting.coordinator,
        "now": NOW,
    }
    return record_score(**{**facts, **changes})


def all_but_one(meeting):
    for who, value in (("amara", 5), ("callum", 6), ("ngozi", 6), ("beth", 3)):
        give(meeting, who, value)


@pytest.mark.parametrize("value", ["seven", 11, -1, None, True, 5.5])
def test_anything_but_a_whole_number_from_0_to_10_is_refused(meeting, value):
    with pytest.raises(ValidationError) as refused:
        give(meeting, "amara", value)
    assert refused.value.message_dict == {"value": ["A score is a whole number from 0 to 10."]}
    assert Score.objects.count() == 0


def test_a_score_needs_its_reason(meeting):
    with pytest.raises(ValidationError) as refused:
        give(meeting, "amara", 5, reason=" ")
    assert list(refused.value.message_dict) == ["reason"]


def test_a_score_is_recorded_with_its_scale(meeting):
    assert give(meeting, "amara", 5).scale == "safety 1"


def test_a_person_the_policy_does_not_ask_cannot_score(meeting):
    advocate = ParticipantFactory(conference=meeting.conference, capacity=Capacity.ADVOCATE)
    attend(meeting, advocate)
    meeting.people.advocate = advocate
    with pytest.raises(ValidationError, match="do not ask"):
        give(meeting, "advocate", 5)


def test_an_absent_person_cannot_score_but_may_be_recorded_as_not_asked(meeting):
    with pytest.raises(ValidationError, match="not recorded as being"):
        give(meeting, "dale", 8)
    assert give(meeting, "dale", None, given=Given.NOT_ASKED).value is None


def test_a_person_here_for_one_child_is_not_asked_about_the_other(meeting):
    meeting.people.hazel.children.set([meeting.robin])
    with pytest.raises(ValidationError, match="another child"):
        give(meeting, "hazel", 8)


def test_no_score_is_shown_before_all_are_in(meeting):
    all_but_one(meeting)
    sheet = scores_of(meeting.wren)
    assert (sheet.shown, sheet.count_in, [row.participant for row in sheet.waiting]) == (
        False,
        4,
        [meeting.people.hazel],
    )
    assert [row.score for row in sheet.rows] == [None] * 5
    assert (sheet.lowest, sheet.highest, sheet.spread) == (None, None, 0)


def test_the_last_score_shows_them_all(meeting):
    all_but_one(meeting)
    give(meeting, "hazel", 8)
    meeting.wren.refresh_from_db()
    sheet = scores_of(meeting.wren)
    assert meeting.wren.scores_shown_at == NOW
    assert [score.value for score in sheet.given] == [3, 5, 6, 6, 8]
    assert (sheet.lowest, sheet.highest, sheet.spread, sheet.needs_exploring) == (3, 8, 5, True)


def test_an_abstention_counts_as_in(meeting):
    all_but_one(meeting)
    give(meeting, "hazel", None, given=Given.ABSTAINED)
    meeting.wren.refresh_from_db()
    sheet = scores_of(meeting.wren)
    assert (sheet.shown, len(sheet.given), [score.given for score in sheet.not_given]) == (True, 4, [Given.ABSTAINED])


def test_a_score_can_be_replaced_until_it_is_shown(meeting):
    give(meeting, "amara", 2)
    assert give(meeting, "amara", 5, version=1).version == 2
    all_but_one(meeting)
    give(meeting, "hazel", 8)
    with pytest.raises(ValidationError, match="have been shown"):
        give(meeting, "hazel", 2)
    assert give(meeting, "hazel", 8).value == 8


def test_the_chair_shows_scores_early_with_a_reason(meeting):
    all_but_one(meeting)
    with pytest.raises(ValidationError) as refused:
        show_scores(conference_child=meeting.wren, by=meeting.chair, now=NOW)
    assert list(refused.value.message_dict) == ["reason"]
    with pytest.raises(ValidationError, match="Only the chair"):
        show_scores(conference_child=meeting.wren, by=meeting.coordinator, reason="Time", now=NOW)
    child = show_scores(conference_child=meeting.wren, by=meeting.chair, reason="Hazel had to leave", now=NOW)
    assert (child.scores_shown_at, child.scores_shown_reason) == (NOW, "Hazel had to leave")


def test_each_child_has_their_own_scores(meeting):
    give(meeting, "amara", 2)
    give(meeting, "amara", 7, child=meeting.robin)
    assert sorted(Score.objects.values_list("conference_child", "value")) == [
        (meeting.robin.pk, 7), (meeting.wren.pk, 2),
    ]  # fmt: skip


def test_a_wide_spread_is_explored_after_the_scores_are_shown(meeting):
    with pytest.raises(ValidationError, match="not been shown"):
        explore_spread(conference_child=meeting.wren, text="Early", by=meeting.chair, now=NOW)
    all_but_one(meeting)
    give(meeting, "hazel", 8)
    explore_spread(conference_child=meeting.wren, text="Today and tomorrow", by=meeting.chair, now=NOW)
    meeting.wren.refresh_from_db()
    assert scores_of(meeting.wren).needs_exploring is False


def test_a_spread_within_the_policys_limit_needs_no_explanation(meeting):
    for who, value in (("amara", 5), ("callum", 6), ("ngozi", 6), ("beth", 3), ("hazel", 6)):
        give(meeting, who, value)
    meeting.wren.refresh_from_db()
    sheet = scores_of(meeting.wren)
    assert (sheet.spread, sheet.explore_from, sheet.is_wide) == (3, 3, False)


def test_a_score_of_0_tells_chair_social_worker_and_manager_at_once_without_a_name(meeting):
    score = give(meeting, "beth", 0, reason="He is out on bail tonight")
    stop = SafetyStop.objects.get()
    assert (stop.conference_child, stop.ground, stop.said_by) == (meeting.wren, StopGround.SCORE, score.participant)
    told = {notice.user: notice for notice in Notice.objects.filter(key=f"safety-stop:{stop.pk}")}
    assert set(told) == {meeting.manager, meeting.chair, meeting.worker}
    assert told[meeting.manager].urgent is True
    text = (
        f"Conference {meeting.conference.reference}: a child may not be safe tonight. "
        "Read it where no one else can see."
    )
    assert told[meeting.manager].text == text
    message = Message.objects.get(user=meeting.manager)
    assert message.subject == f"Please look at this now: {meeting.conference.reference}"
    assert "Wren" not in message.body + message.subject


def test_without_a_team_manager_the_service_manager_is_told(meeting):
    meeting.manager.roles.all().update(ends_on=NOW.date())
    service = user_with_role("service_manager", authority=meeting.authority)
    give(meeting, "beth", 0)
    assert Notice.objects.filter(user=service, urgent=True).count() == 1


def settled(stop, by):
    return settle_stop(
        stop=stop, action="Wren sleeps at her aunt's", action_by="Amara Finch", action_when="From 15:00", by=by, now=NOW
    )


def test_recording_goes_on_but_nothing_is_shown_or_decided_until_what_is_done_now_is_recorded(meeting):
    give(meeting, "beth", 0)
    for who, value in (("amara", 5), ("callum", 6), ("ngozi", 6), ("hazel", 8)):
        give(meeting, who, value)
    add_entry(
        conference=meeting.conference, heading="worries", text="On", nature=Nature.FACT, by=meeting.chair, now=NOW
    )
    assert scores_of(meeting.wren).shown is False
    for act in (
        lambda: show_scores(conference_child=meeting.wren, by=meeting.chair, reason="Time", now=NOW),
        lambda: close_conference(conference=meeting.conference, by=meeting.chair, now=NOW),
        lambda: adjourn(conference=meeting.conference, reason="Late", by=meeting.chair, now=NOW),
    ):
        with pytest.raises(StoppedForSafety) as refused:
            act()
        assert "safe" not in refused.value.messages[0]
    stop = SafetyStop.objects.get()
    with pytest.raises(ValidationError) as refused:
        settle_stop(stop=stop, action="", action_by=" ", action_when="", by=meeting.chair, now=NOW)
    assert list(refused.value.message_dict) == ["action", "action_by", "action_when"]
    settled(stop, meeting.chair)
    meeting.wren.refresh_from_db()
    assert [score.value for score in scores_of(meeting.wren).given] == [0, 5, 6, 6, 8]


def test_only_the_chair_settles_the_stop(meeting):
    give(meeting, "beth", 0)
    for someone in (meeting.worker, meeting.coordinator):
        with pytest.raises(ValidationError, match="Only the chair"):
            settled(SafetyStop.objects.get(), someone)


def test_not_safe_tonight_can_be_recorded_without_a_score(meeting):
    facts = {
        "conference_child": meeting.wren,
        "ground": StopGround.SAID,
        "said_by": meeting.people.callum,
        "by": meeting.coordinator,
        "now": NOW,
    }
    with pytest.raises(ValidationError) as refused:
        raise_stop(**facts)
    assert list(refused.value.message_dict) == ["said"]
    stop = raise_stop(**facts, said="He waits at the gate")
    assert raise_stop(**facts, said="He waits at the gate") == stop
    assert SafetyStop.objects.count() == 1
