"""Own scores and views on one's own page, through a link and on a tablet that is passed round."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conferences.models import Part
from meetings.enums import AnswerKind
from meetings.models import SafetyStop, Score
from meetings.services.attendance import remove_attendee
from meetings.services.rounds import end_round
from notifications.models import Notice
from tests.conferences import guests
from tests.conferences.conftest import NOW, attend
from tests.factories import ParticipantFactory, UserFactory
from tests.meetings.test_own_answers import ANSWERS, DANGER, HOME, MARKER, score, the_time  # noqa: F401 the fixtures

pytestmark = pytest.mark.django_db


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

    def test_a_code_is_for_one_device_for_ten_minutes_and_one_part(self, code, meeting, the_time):  # noqa: F811
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
