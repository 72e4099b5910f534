"""Scores and views that people enter themselves: hidden from everybody until all are in or the chair ends the round."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
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
from notifications.models import Notice
from reports.content.said import scores_of as frozen_scores
from tests.conferences import guests
from tests.conferences.conftest import NOW, attend
from tests.factories import ParticipantFactory, PersonFactory, UserFactory, family_participant

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


class TestOnOnesOwnPage:
    def test_staff_answer_for_all_children_on_one_page(self, client, meeting):
        client.force_login(meeting.worker)
        url = reverse("meetings:own-answers", args=[meeting.conference.pk])
        assert MARKER not in client.get(url).content.decode()
        sent = client.post(
            url,
            {
                f"score_{meeting.wren.pk}": "4", f"why_{meeting.wren.pk}": f"{MARKER} w",
                f"score_{meeting.robin.pk}": "abstained",
            },
        )  # fmt: skip
        assert sent.status_code == 302
        assert set(Score.objects.values_list("value", "given", "reason")) == {
            (4, "given", f"{MARKER} w"), (None, "abstained", "Would rather not say."),
        }  # fmt: skip
        again = client.get(sent.url).content.decode()
        assert "Sent." in again
        assert MARKER not in again
        nothing = client.post(url, {f"why_{meeting.wren.pk}": "Only words"}).content.decode()
        assert "Choose a number for Wren" in nothing
        assert "Only words" in nothing

    def test_a_professional_with_an_account_answers_and_opens_nothing_else(self, client, meeting):
        user = UserFactory()
        meeting.people.beth.person.user = user
        meeting.people.beth.person.save()
        client.force_login(user)
        pk = meeting.conference.pk
        assert client.get(reverse("meetings:own-answers", args=[pk])).status_code == 200
        assert client.get(reverse("meetings:day", args=[pk])).status_code == 404
        remove_attendee(participant=meeting.people.beth, reason="Shouting", by=meeting.chair, now=NOW)
        assert client.get(reverse("meetings:own-answers", args=[pk])).status_code == 404
        client.force_login(UserFactory())
        assert client.get(reverse("meetings:own-answers", args=[pk])).status_code == 404

    def test_the_chair_ends_the_round_while_someone_is_typing(self, client, meeting):
        client.force_login(meeting.worker)
        url = reverse("meetings:own-answers", args=[meeting.conference.pk])
        client.get(url)
        score(meeting, "callum", 6)
        end_round(kind=AnswerKind.SCORE, conference_child=meeting.wren, reason="Time", by=meeting.chair, now=NOW)
        end_round_url = {f"score_{meeting.wren.pk}": "4", f"why_{meeting.wren.pk}": "My words about Wren"}
        # The page still asks about Robin, so its form is read; only what is over is given back.
        late = client.post(url, {**end_round_url, f"score_{meeting.robin.pk}": "5", f"why_{meeting.robin.pk}": "Robin"})
        assert "My words about Wren" in late.content.decode()
        assert Score.objects.filter(conference_child=meeting.robin).count() == 1
        assert Score.objects.filter(conference_child=meeting.wren).count() == 1

    def test_the_number_of_queries_does_not_grow_with_the_people(self, client, meeting):
        client.force_login(meeting.worker)
        url = reverse("meetings:own-answers", args=[meeting.conference.pk])
        scores_url = reverse("meetings:child-scores", args=[meeting.conference.pk, meeting.wren.pk])

        def counted():
            found = []
            for one in (url, scores_url):
                with CaptureQueriesContext(connection) as queries:
                    client.get(one)
                found.append(len(queries))
            return found

        score(meeting, "beth", 5)
        counted()
        few = counted()
        for _ in range(34):
            someone = ParticipantFactory(conference=meeting.conference)
            attend(meeting, someone)
            meeting.people.someone = someone
            Score.objects.create(
                conference_child=meeting.wren, participant=someone, part=meeting.part, scale="safety 1", value=5,
                reason="x", guest_session_id=9, recorded_at=NOW,
            )  # fmt: skip
        assert counted() == few
        assert few[0] < 60


class TestByLink:
    @pytest.fixture
    def inside(self, client, meeting):
        beth = meeting.people.beth
        guests.let_in(client, beth, sitting=meeting.sitting)
        return client

    def test_a_guest_answers_and_is_told_nothing_of_others(self, inside, meeting):
        score(meeting, "callum", 2)
        home = inside.get(HOME).content.decode()
        assert "Give your score and your view" in home
        answer = inside.post(ANSWERS, {f"score_{meeting.wren.pk}": "4", f"why_{meeting.wren.pk}": "By phone"})
        assert answer.status_code == 302
        mine = Score.objects.get(participant=meeting.people.beth)
        assert (mine.value, mine.recorded_by, mine.guest_session_id is not None) == (4, None, True)
        again = inside.get(answer.url)
        assert "Callum" not in again.content.decode()
        assert MARKER not in again.content.decode()
        assert again["Cache-Control"] == "private, no-store"

    def test_a_revoked_link_takes_nothing_more(self, inside, meeting):
        remove_attendee(participant=meeting.people.beth, reason="Shouting", by=meeting.chair, now=NOW)
        answer = inside.post(ANSWERS, {f"score_{meeting.wren.pk}": "4", f"why_{meeting.wren.pk}": "By phone"})
        assert answer.status_code == 404
        assert Score.objects.count() == 0

    def test_a_private_word_reaches_chair_and_social_worker_and_no_other_page(self, inside, meeting):
        before = {user: self.pages(meeting, user) for user in (meeting.coordinator,)}
        assert inside.post(DANGER, {"child": meeting.wren.pk, "said": f"{MARKER} at the gate"}).status_code == 302
        stop = SafetyStop.objects.get()
        assert (stop.said_by, stop.raised_by, stop.guest_session_id is not None) == (meeting.people.beth, None, True)
        told = set(Notice.objects.filter(key=f"safety-stop:{stop.pk}").values_list("user", flat=True))
        assert told == {meeting.chair.pk, meeting.worker.pk, meeting.manager.pk}
        assert {user: self.pages(meeting, user) for user in (meeting.coordinator,)} == before
        other = Client()
        other.force_login(meeting.coordinator)
        pk = meeting.conference.pk
        private = reverse("meetings:safety", args=[pk])
        assert other.get(private).status_code == 404
        assert MARKER not in other.get(reverse("conferences:see-history", args=[pk])).content.decode()
        for user in (meeting.chair, meeting.worker):
            other.force_login(user)
            read = other.get(private).content.decode()
            assert f"{MARKER} at the gate" in read
            assert "Beth Siskin" in read
        other.force_login(meeting.chair)
        closing = other.post(reverse("meetings:close", args=[pk]), {})
        assert MARKER not in closing.content.decode()

    def pages(self, meeting, user):
        client = Client()
        client.force_login(user)
        found = []
        for name in ("day", "board", "child-scores", "shared-screen"):
            args = [meeting.conference.pk, *([meeting.wren.pk] if name == "child-scores" else [])]
            text = client.get(reverse(f"meetings:{name}", args=args)).content.decode()
            found.append([line for line in text.splitlines() if not re.search("csrf|token|data-live-key", line)])
        return found


class TestATabletPassedRound:
    CODE, FORM, OVER = "/turn/", "/turn/answers/", "/turn/over/"

    @pytest.fixture
    def code(self, client, meeting):
        client.force_login(meeting.coordinator)
        url = reverse("meetings:open-turn", args=[meeting.conference.pk, meeting.people.hazel.pk])
        made = client.post(url).content.decode()
        found = re.search(r"\b[A-Z2-9]{4} [A-Z2-9]{4}\b", made)
        client.logout()
        return found[0]

    def answers(self, meeting):
        return {f"score_{meeting.wren.pk}": "3", f"why_{meeting.wren.pk}": MARKER, "show": "yes"}

    def test_a_turn_takes_one_answer_and_shows_nothing_afterwards(self, code, meeting):
        tablet = Client()
        assert tablet.post(self.CODE, {"code": code}).url == self.FORM
        form = tablet.get(self.FORM)
        assert "How safe is Wren today?" in form.content.decode()
        assert form["Cache-Control"] == "private, no-store"
        assert not re.search("Callum|Dale|Search|Papers", form.content.decode())
        sent = tablet.post(self.FORM, self.answers(meeting))
        assert sent.url == self.OVER
        row = Score.objects.get()
        assert (row.value, row.is_own, row.recorded_by, row.turn.participant) == (
            3, True, meeting.coordinator, meeting.people.hazel,
        )  # fmt: skip
        for page_again in (self.FORM, self.OVER, self.CODE, "/turn/not-safe/"):
            text = tablet.get(page_again).content.decode()
            assert not re.search(f"{MARKER}|Hazel|Wren", text), page_again
        assert tablet.post(self.FORM, {**self.answers(meeting), f"score_{meeting.wren.pk}": "9"}).status_code == 403
        assert Score.objects.get().value == 3
        assert "This code does not work" in tablet.post(self.CODE, {"code": code}).content.decode()
        assert tablet.get("/guest/papers/").status_code == 404

    def test_a_code_is_for_one_device_for_ten_minutes_and_one_part(self, code, meeting, the_time):
        tablet, other = Client(), Client()
        tablet.post(self.CODE, {"code": code})
        assert "This code does not work" in other.post(self.CODE, {"code": code}).content.decode()
        assert other.get(self.FORM).status_code == 403
        second = Part.objects.create(
            sitting=meeting.sitting,
            number=2,
            kind="half",
            title="With Dale",
            starts_at=NOW + datetime.timedelta(hours=1),
        )
        assert tablet.get(self.FORM).status_code == 200
        attend(meeting, meeting.people.hazel, part=second)
        assert tablet.get(self.FORM).status_code == 403
        the_time.move_to(NOW + datetime.timedelta(minutes=11))
        assert tablet.get(self.FORM).status_code == 403

    def test_a_device_where_someone_is_signed_in_takes_no_code(self, code, client, meeting):
        client.force_login(meeting.coordinator)
        assert "Sign out first" in client.post(self.CODE, {"code": code}).content.decode()
        assert client.get(self.FORM).status_code == 403

    def test_removal_ends_the_turn(self, code, meeting):
        tablet = Client()
        tablet.post(self.CODE, {"code": code})
        remove_attendee(participant=meeting.people.hazel, reason="Shouting", by=meeting.chair, now=NOW)
        assert tablet.post(self.FORM, self.answers(meeting)).status_code == 403
        assert Score.objects.count() == 0

    def test_the_chair_ends_the_round_during_a_turn(self, code, meeting):
        tablet = Client()
        tablet.post(self.CODE, {"code": code})
        score(meeting, "beth", 6)
        end_round(kind=AnswerKind.SCORE, conference_child=meeting.wren, reason="Time", by=meeting.chair, now=NOW)
        late = tablet.post(self.FORM, self.answers(meeting))
        assert (late.status_code, MARKER in late.content.decode()) == (409, True)
        assert Score.objects.count() == 1
