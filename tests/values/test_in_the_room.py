"""What a council's procedures change while a conference is held."""

from __future__ import annotations

import datetime

import pytest

from conferences.enums import Presence
from families.models import Pregnancy
from meetings.selectors.quorum import quorum_of
from meetings.selectors.scores import scores_of
from meetings.selectors.views_given import views_of
from meetings.services.opening import open_conference
from meetings.services.scores import record_score
from tests.conferences.conftest import NOW, OPENED
from tests.meetings.test_without_quorum import page_of, set_procedures

pytestmark = pytest.mark.django_db
GROUPED = [{"key": "health-and-police", "label": "Health and police", "kinds": ["health_visiting", "police"]}]


def absent(meeting, *names):
    for name in names:
        getattr(meeting.people, name).attendances.update(presence=Presence.ABSENT)


@pytest.mark.value("quorum-agencies")
def test_more_agencies_are_needed_for_a_quorum(meeting):
    assert quorum_of(meeting.conference).is_met
    set_procedures(meeting, quorum_agencies=4)
    assert not quorum_of(meeting.conference).is_met


@pytest.mark.value("quorum-social-care-needed")
def test_a_quorum_without_social_care(meeting):
    absent(meeting, "amara")
    assert not quorum_of(meeting.conference).is_met
    set_procedures(meeting, quorum_social_care_needed=False)
    assert quorum_of(meeting.conference).is_met


@pytest.mark.value("quorum-counts", "quorum-groupings")
def test_agencies_of_one_grouping_count_once(meeting):
    assert len(quorum_of(meeting.conference).agencies) == 3
    set_procedures(meeting, quorum_counts="groupings", quorum_groupings=GROUPED)
    assert len(quorum_of(meeting.conference).agencies) == 2


@pytest.mark.value("asked-for-view")
def test_only_those_named_are_asked_for_a_view(meeting):
    set_procedures(meeting, asked_for_view=["professional"])
    due = {row.participant.capacity for row in views_of(meeting.wren).rows if row.is_due}
    assert due == {"professional"}


@pytest.mark.value("asked-for-score")
def test_only_those_named_are_asked_for_a_score(meeting):
    set_procedures(meeting, asked_for_score=["parent"])
    assert {row.participant.capacity for row in scores_of(meeting.wren).rows} == {"parent"}


def scored(meeting, **values):
    for name, value in values.items():
        record_score(
            conference_child=meeting.wren, participant=getattr(meeting.people, name), value=value, reason="Because",
            by=meeting.coordinator, now=NOW,
        )  # fmt: skip
    meeting.wren.refresh_from_db()
    meeting.wren.conference = meeting.conference


@pytest.mark.value("spread-to-explore")
def test_scores_further_apart_than_the_council_says_are_explored(meeting):
    scored(meeting, amara=4, callum=6, ngozi=5, beth=5, hazel=6)
    assert not scores_of(meeting.wren).needs_exploring
    set_procedures(meeting, spread_to_explore=1)
    assert scores_of(meeting.wren).needs_exploring


@pytest.mark.value("scale")
def test_the_words_at_the_ends_of_the_scale_are_the_councils(client, meeting):
    ends = {"key": "own", "version": "2", "low-words": "Must leave tonight", "high-words": "No social work needed"}
    set_procedures(meeting, scale={**ends, "indicates-plan-up-to": 4})
    page = page_of(client, meeting, "child-scores", meeting.wren.pk)
    assert "Must leave tonight" in page
    scored(meeting, amara=4, callum=6, ngozi=5, beth=5, hazel=6)
    assert "0 to 4 usually means a child protection plan" in page_of(client, meeting, "child-scores", meeting.wren.pk)


@pytest.mark.value("categories")
def test_the_definitions_of_harm_are_the_councils(client, meeting):
    own = [
        {"code": code, "label": code, "definition": f"Our words for {code}"} for code in ("NEG", "PHY", "SAB", "EMO")
    ]
    set_procedures(meeting, categories=own)
    assert "Our words for PHY" in page_of(client, meeting, "decide", meeting.wren.pk)


@pytest.mark.value("framework")
def test_the_board_has_the_headings_of_the_council(client, meeting):
    heading = {"key": "daily-life", "label": "Daily life", "prompt": "A day with this child"}
    set_procedures(meeting, framework={"key": "own", "name": "Own", "version": "1", "headings": [heading]})
    page = page_of(client, meeting, "board")
    assert "Daily life" in page
    assert "What are we worried about?" not in page


@pytest.mark.value("agenda")
def test_the_agenda_is_the_councils(planned):
    set_procedures(planned, agenda=["Welcome", "The decision"])
    open_conference(conference=planned.conference, by=planned.chair, now=OPENED)
    assert list(planned.conference.agenda.values_list("title", flat=True)) == ["Welcome", "The decision"]


@pytest.mark.value("parts")
def test_the_agenda_says_how_the_conference_may_be_divided(client, meeting):
    set_procedures(meeting, parts="two halves, the second with the family")
    assert "two halves, the second with the family" in page_of(client, meeting, "agenda")


@pytest.mark.value("role-names")
def test_the_key_worker_is_called_what_the_council_calls_them(client, meeting):
    names = {
        "social_worker": "social worker", "key_worker": "lead practitioner", "team_manager": "team manager",
        "chair": "chair", "coordinator": "coordinator",
    }  # fmt: skip
    set_procedures(meeting, role_names=names)
    assert "Lead practitioner" in page_of(client, meeting, "decide", meeting.wren.pk)


@pytest.mark.value("decisions-handed-out-in-room")
def test_closing_says_to_hand_out_the_decisions(client, meeting):
    assert "Hand out the decisions" not in page_of(client, meeting, "close")
    set_procedures(meeting, decisions_handed_out_in_room=True)
    assert "Hand out the decisions before people leave." in page_of(client, meeting, "close")


@pytest.mark.value("pre-birth-earliest-plan-week")
def test_a_plan_before_the_councils_week_is_warned_of(client, meeting):
    person = meeting.wren.child.person
    mother = meeting.people.hazel.person
    pregnancy = Pregnancy.objects.create(
        authority=meeting.authority, mother=mother, expected_on=datetime.date(2027, 6, 1)
    )
    meeting.wren.child.pregnancy = pregnancy
    meeting.wren.child.save()
    person.birth_date = None
    person.save()
    assert "Early for a plan." not in page_of(client, meeting, "decide", meeting.wren.pk)
    set_procedures(meeting, pre_birth_earliest_plan_week=24)
    page = page_of(client, meeting, "decide", meeting.wren.pk)
    assert "Early for a plan." in page
    assert "9 February 2027" in page.replace("\xa0", " ")


@pytest.mark.value("fairness-statement", "confidentiality-statement")
def test_what_is_read_out_is_in_the_councils_words(client, meeting):
    set_procedures(meeting, fairness_statement=["Be kind here."], confidentiality_statement=["Keep it here."])
    page = page_of(client, meeting, "statements")
    assert "Be kind here." in page
    assert "Keep it here." in page
