from __future__ import annotations

import datetime

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from structlog.testing import capture_logs

from accounts.enums import Role
from accounts.signin import sessions
from accounts.signin.devices import device_of
from conferences.enums import ConferenceStatus
from govuk.drafts import OWNER_FIELD, sign_owner
from tests.factories import ConferenceFactory, UserFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

PASSWORD = "heron plover wren"
START = datetime.datetime(2026, 12, 8, 9, 0, tzinfo=datetime.UTC)
PAGE = reverse("accounts:my-account")
LIST = reverse("accounts:where-signed-in")
STATE = reverse("accounts:session-state")
KEEP = reverse("accounts:keep-session")
SAVE = reverse("accounts:save-draft")
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"
SESSION_EVENTS = ("signed_in", "signed_out", "session_ended", "session_ran_out")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@once_per_module()
def user():
    user = user_with_role(Role.COORDINATOR, email="joan.plover@council.example")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def inside(clock, client, user):
    client.force_login(user)
    return client


def signed_in(client):
    return "_auth_user_id" in client.session


def queries_of():
    return CaptureQueriesContext(connection)


def minutes(number):
    return datetime.timedelta(minutes=number)


def sign_in(client, **extra):
    return client.post(
        reverse("account_login"),
        {"login": "joan.plover@council.example", "password": PASSWORD, **extra},
        headers={"User-Agent": FIREFOX},
    )


class TestTheIdleLimit:
    def test_a_session_ends_after_half_an_idle_hour(self, inside, clock):
        clock.shift(minutes(29.9))
        assert inside.get(PAGE).status_code == 200
        key = inside.session.session_key
        clock.shift(minutes(30))
        answer = inside.get(f"{PAGE}?x=1")
        assert answer.headers["Location"] == "/account/sign-in/?next=/account/%3Fx%3D1"
        assert not signed_in(inside)
        assert not UserSession.objects.exists()
        assert not Session.objects.filter(session_key=key).exists()

    def test_the_sign_in_page_says_why_and_returns(self, inside, clock):
        clock.shift(minutes(30))
        page = inside.get(PAGE, follow=True).content.decode()
        assert "because nothing happened for 30 minutes" in page
        assert sign_in(inside, next=PAGE).headers["Location"] == PAGE

    def test_reading_pages_keeps_it_alive_with_at_most_one_write_a_minute(self, inside, clock):
        def writes(queries):
            return [one["sql"] for one in queries if one["sql"].startswith("UPDATE")]

        for wait, expected in ((0.5, 0), (0.4, 0), (0.2, 2), (0.5, 0), (29, 2)):
            clock.shift(minutes(wait))
            with queries_of() as queries:
                assert inside.get(PAGE).status_code == 200
            assert len(writes(queries.captured_queries)) == expected, wait
        assert UserSession.objects.get().last_seen_at == START + minutes(30.6)

    @pytest.mark.parametrize(
        ("method", "address", "headers"),
        [
            ("get", STATE, {}),
            ("get", PAGE, {"Sec-Fetch-Mode": "cors"}),
            ("get", PAGE, {"Sec-Fetch-Mode": "no-cors"}),
            ("get", PAGE, {"Sec-Fetch-Mode": "navigate", "Sec-Purpose": "prefetch"}),
            ("post", SAVE, {}),
            ("post", KEEP, {}),
        ],
    )
    def test_what_a_browser_does_by_itself_is_not_activity(self, inside, clock, method, address, headers):
        if address == STATE:
            headers = {"Sec-Fetch-Mode": "cors"}
        for _ in range(7):
            clock.shift(minutes(5))
            getattr(inside, method)(address, headers=headers)
        assert not signed_in(inside)

    def test_saving_a_draft_keeps_the_text_but_not_the_session(self, inside, clock, user):
        owner = sign_owner(user.pk, "/a/long/form/")
        clock.shift(minutes(29))
        saved = inside.post(SAVE, {OWNER_FIELD: owner, "why": "Bruises on Sunday"})
        assert saved.status_code == 200
        clock.shift(minutes(1))
        assert inside.post(SAVE, {OWNER_FIELD: owner, "why": "Bruises on Monday"}).status_code == 403
        assert user.drafts.get().fields == {"why": ["Bruises on Sunday"]}

    def test_a_person_at_work_on_one_page_stays_signed_in(self, inside, clock):
        for _ in range(5):
            clock.shift(minutes(20))
            answer = inside.post(reverse("accounts:stay-signed-in"), headers={"Sec-Fetch-Mode": "cors"})
            assert answer.json() == {"left": 1800, "last": False}

    def test_the_page_knows_how_long_is_left(self, inside, clock):
        clock.shift(minutes(25.5))
        assert inside.get(STATE, headers={"Sec-Fetch-Mode": "cors"}).json() == {"left": 270, "last": False}
        assert 'data-left="1800"' in inside.get(PAGE).content.decode()
        clock.shift(minutes(30))
        assert inside.get(STATE, headers={"Sec-Fetch-Mode": "cors"}).json() == {"left": 0, "last": True}
        assert Client().get(STATE).json() == {"left": 0, "last": True}


class TestTheLatestEnd:
    def test_a_busy_session_ends_twelve_hours_after_signing_in(self, inside, clock):
        for _ in range(35):
            clock.shift(minutes(20))
            assert inside.get(PAGE).status_code == 200
        answer = inside.post(reverse("accounts:stay-signed-in"))
        assert answer.json() == {"left": 20 * 60, "last": True}
        clock.shift(minutes(20))
        answer = inside.get(PAGE, follow=True)
        assert answer.redirect_chain[0][0].startswith("/account/sign-in/")
        assert "because 12 hours had passed" in answer.content.decode()
        assert not UserSession.objects.exists()

    def test_a_new_sign_in_restarts_the_limits(self, inside, clock, user):
        clock.shift(datetime.timedelta(hours=12))
        inside.get(PAGE)
        sign_in(inside)
        clock.shift(minutes(29))
        assert inside.get(PAGE).status_code == 200
        assert sessions.live_sessions(user, now=timezone.now()).count() == 1

    @pytest.mark.parametrize("wait", [minutes(30), datetime.timedelta(hours=12)])
    def test_the_input_is_kept_when_it_ends(self, inside, clock, user, wait):
        page = "/conferences/"
        typed = {OWNER_FIELD: sign_owner(user.pk, page), "why": "Bruises on Sunday"}
        clock.shift(wait)
        answer = inside.post(page, typed)
        assert answer.headers["Location"] == f"/account/sign-in/?next={page}"
        draft = user.drafts.get()
        assert (draft.path, draft.fields, draft.finished_at) == (page, {"why": ["Bruises on Sunday"]}, None)
        assert sign_in(inside, next=page).headers["Location"] == page


class TestTheMeeting:
    @pytest.fixture
    def conference(self, user):
        return ConferenceFactory(status=ConferenceStatus.OPEN, coordinator=user)

    def board(self, conference):
        return reverse("meetings:board", args=[conference.pk])

    def test_a_page_of_a_meeting_under_way_keeps_its_recorder_signed_in(self, inside, clock, conference):
        for _ in range(17):
            clock.shift(minutes(10))
            answer = inside.post(KEEP, {"path": self.board(conference)}, headers={"Sec-Fetch-Mode": "cors"})
            assert answer.json()["left"] == 1800

    def test_saving_input_there_keeps_it_alive_too(self, inside, clock, conference, user):
        owner = sign_owner(user.pk, self.board(conference))
        for _ in range(17):
            clock.shift(minutes(10))
            assert inside.post(SAVE, {OWNER_FIELD: owner, "text": "Words"}).status_code == 200

    def test_only_up_to_the_absolute_limit(self, inside, clock, conference):
        for _ in range(72):
            clock.shift(minutes(10))
            inside.post(KEEP, {"path": self.board(conference)})
        assert not signed_in(inside)

    @pytest.mark.parametrize("case", ["another page", "not in session", "somebody else's", "no such page"])
    def test_no_other_page_keeps_it_alive(self, inside, clock, conference, case):
        path = self.board(conference)
        if case == "another page":
            path = reverse("conferences:overview", args=[conference.pk])
        if case == "not in session":
            type(conference).objects.update(status=ConferenceStatus.SCHEDULED)
        if case == "somebody else's":
            type(conference).objects.update(coordinator=UserFactory(), chair=UserFactory())
        if case == "no such page":
            path = "//elsewhere.example/\x00"
        for _ in range(3):
            clock.shift(minutes(10))
            inside.post(KEEP, {"path": path})
        assert not signed_in(inside)

    def test_the_page_says_to_the_script_that_it_may_ask(self, inside, conference):
        assert f'data-keep-url="{KEEP}"' not in inside.get(PAGE).content.decode()


class TestWhereIAmSignedIn:
    def test_each_place_is_named_in_words(self, clock, user):
        first, second = Client(), Client()
        sign_in(first)
        clock.shift(minutes(5))
        sign_in(second)
        page = second.get(LIST).content.decode()
        assert page.count("Firefox on Windows") == 3  # both sessions, and once more in the button's text
        assert page.count("127.0.0.1") == 2
        assert page.count("Sign out there") == 1

    def test_one_session_is_ended_at_once(self, clock, user):
        first, second = Client(), Client()
        sign_in(first)
        sign_in(second)
        row = UserSession.objects.order_by("pk").first()
        answer = second.post(reverse("accounts:end-session", args=[row.pk]), follow=True)
        assert "You are now signed out there" in answer.content.decode()
        assert first.get(PAGE).status_code == 302
        assert second.get(PAGE).status_code == 200
        assert UserSession.objects.get().session_key == second.session.session_key
        again = second.post(reverse("accounts:end-session", args=[row.pk]), follow=True)
        assert "That one had already ended" in again.content.decode()

    def test_messages_are_in_no_cookie_and_not_shown_to_the_next_user(self, clock, user):
        first, second = Client(), Client()
        sign_in(first)
        sign_in(second)
        row = UserSession.objects.order_by("pk").first()
        second.post(reverse("accounts:end-session", args=[row.pk]))
        assert "messages" not in second.cookies
        second.post(reverse("account_logout"))
        assert "You are now signed out there" not in second.get(reverse("account_login")).content.decode()

    def test_another_users_session_can_not_be_ended(self, inside, user):
        theirs = Client()
        theirs.force_login(UserFactory())
        row = UserSession.objects.exclude(user=user).get()
        assert inside.post(reverse("accounts:end-session", args=[row.pk])).status_code == 404
        assert theirs.get(PAGE).status_code == 200
        assert inside.get(reverse("accounts:end-session", args=[row.pk])).status_code == 405

    def test_signing_out_everywhere_includes_this_browser(self, clock, user):
        first, second = Client(), Client()
        sign_in(first)
        sign_in(second)
        assert (
            "Do you want to sign out everywhere?"
            in second.get(reverse("accounts:sign-out-everywhere")).content.decode()
        )
        answer = second.post(reverse("accounts:sign-out-everywhere"), follow=True)
        assert "You are now signed out everywhere" in answer.content.decode()
        assert [first.get(PAGE).status_code, second.get(PAGE).status_code] == [302, 302]
        assert not UserSession.objects.exists()

    def test_an_ended_session_is_not_listed(self, clock, user):
        left, idle, here = Client(), Client(), Client()
        sign_in(idle)
        clock.shift(minutes(29))
        sign_in(left)
        sign_in(here)
        assert here.get(LIST).content.decode().count("127.0.0.1") == 3
        left.post(reverse("account_logout"))
        clock.shift(minutes(1))
        assert here.get(LIST).content.decode().count("127.0.0.1") == 1

    def test_an_address_that_the_server_does_not_know_is_not_recorded(self, inside):
        assert UserSession.objects.get().ip == sessions.UNKNOWN_ADDRESS
        assert "Not recorded" in inside.get(LIST).content.decode()

    def test_the_page_takes_the_same_queries_for_one_and_for_thirty(self, inside, user):
        with queries_of() as one:
            inside.get(LIST)
        for _ in range(30):
            Client().force_login(user)
        with queries_of() as thirty:
            inside.get(LIST)
        assert len(one.captured_queries) == len(thirty.captured_queries)

    def test_signed_out_people_are_sent_to_sign_in(self, client):
        for name in ("where-signed-in", "sign-out-everywhere"):
            assert client.get(reverse(f"accounts:{name}")).headers["Location"].startswith("/account/sign-in/")


class TestEndingAndBeginning:
    def test_the_log_records_sign_in_and_sign_out_by_user_id(self, clock, user):
        first, second = Client(), Client()
        with capture_logs() as logs:
            sign_in(first)
            sign_in(second)
            second.post(reverse("accounts:end-session", args=[UserSession.objects.order_by("pk").first().pk]))
            clock.shift(minutes(30))
            second.get(PAGE)
            sign_in(second)
            second.post(reverse("account_logout"))
        events = [(row["event"], row["user"]) for row in logs if row["event"] in SESSION_EVENTS]
        assert events == [
            ("signed_in", user.pk),
            ("signed_in", user.pk),
            ("session_ended", user.pk),
            ("session_ran_out", user.pk),
            ("signed_in", user.pk),
            ("signed_out", user.pk),
        ]

    def test_a_changed_password_ends_every_other_session(self, clock, user):
        first, second = Client(), Client()
        sign_in(first)
        sign_in(second)
        new = "nine quiet otters"
        second.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert [first.get(PAGE).status_code, second.get(PAGE).status_code] == [302, 200]
        row = UserSession.objects.get()
        assert (row.session_key, row.created_at) == (second.session.session_key, START)
        # The key changed with the password, and the list still knows the session.
        assert second.get(LIST).content.decode().count("This browser</strong>") == 1

    def test_the_key_changes_with_the_sign_in(self, clock, client, user):
        client.get(reverse("account_login"))
        session = client.session
        session["left_by"] = "somebody before"
        session.save()
        before = session.session_key
        client.cookies["sessionid"] = before
        sign_in(client)
        assert client.session.session_key != before
        assert not Session.objects.filter(session_key=before).exists()
        assert UserSession.objects.get().session_key == client.session.session_key

    def test_a_session_from_before_limits_existed_starts_now(self, inside, clock):
        session = inside.session
        for key in (sessions.KEY, sessions.BEGAN, sessions.SEEN):
            del session[key]
        session.save()
        clock.shift(minutes(45))
        assert inside.get(PAGE).status_code == 200
        clock.shift(minutes(30))
        assert inside.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (FIREFOX, "Firefox on Windows"),
        (f"{WINDOWS} (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("curl/8.5.0", "an unknown browser"),
        ("something on Linux", "a browser on Linux"),
        ("", "an unknown browser"),
    ],
)
def test_a_device_is_named_in_words(said, expected):
    assert device_of(said) == expected
