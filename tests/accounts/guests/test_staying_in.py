"""How a guest stays in and leaves: the cookie, how long it lasts, and two who come in at once."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.guests.limits import IDLE, LONGEST
from accounts.guests.selectors import guest_with
from accounts.guests.services import enter
from accounts.models import GuestCode, GuestSession
from tests.conferences import guests
from tests.conferences.story import NOW

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)


def test_guest_pages_send_no_referrer_and_are_not_cached(client, shazia):
    token = guests.token_of(shazia)
    for page in (client.get(f"/guest/open/{token}/"), client.get("/guest/meeting/")):
        assert page["Referrer-Policy"] == "strict-origin"
        assert page["Cache-Control"] == "private, no-store"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert '<meta name="referrer" content="strict-origin">' in page.content.decode()


def test_the_cookie_is_hidden_from_scripts_and_renewed_by_each_code(client, shazia):
    guests.come_in(client, shazia)
    cookie = client.cookies["guest"]
    first = cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == ""  # it ends with the browser
    guests.come_in(client, shazia)
    assert client.cookies["guest"].value != first
    before = GuestSession.objects.order_by("pk").first()
    assert before.ended_because == "A new stay began in the same browser."
    stale = Client()
    stale.cookies["guest"] = first
    assert stale.get("/guest/meeting/").status_code == 404
    assert client.get("/guest/meeting/").status_code == 200


def test_an_idle_guest_is_out_after_half_an_hour(client, shazia, clock):
    guests.come_in(client, shazia)
    clock.move_to(NOW + IDLE - MINUTE)
    assert client.get("/guest/meeting/").status_code == 200
    clock.move_to(NOW + 2 * IDLE - MINUTE)
    assert client.get("/guest/meeting/").status_code == 404


def test_a_busy_guest_is_out_at_the_absolute_limit(client, shazia, clock):
    guests.come_in(client, shazia)
    moment = NOW
    while moment + IDLE / 2 < NOW + LONGEST:
        moment += IDLE / 2
        clock.move_to(moment)
        assert client.get("/guest/meeting/").status_code == 200
    clock.move_to(NOW + LONGEST)
    assert client.get("/guest/meeting/").status_code == 404


def test_a_guest_may_leave(client, shazia):
    guests.come_in(client, shazia)
    cookie = client.cookies["guest"].value
    assert client.get("/guest/leave/").status_code == 405
    assert "closed on this device" in client.post("/guest/leave/").content.decode()
    client.cookies["guest"] = cookie
    assert client.get("/guest/meeting/").status_code == 404


def test_a_guest_is_found_by_one_query(client, shazia, django_assert_num_queries):
    guests.come_in(client, shazia)
    with django_assert_num_queries(1):
        guest = guest_with(client.cookies["guest"].value, now=timezone.now())
        found = (guest.person_id, guest.authority.name)
    assert found == (shazia.person_id, shazia.conference.authority.name)


def test_guest_forms_are_protected_against_csrf(shazia):
    careful = Client(enforce_csrf_checks=True)
    token = guests.token_of(shazia)
    for path in ("/guest/code/send/", "/guest/code/again/", "/guest/code/", "/guest/leave/"):
        assert careful.post(path, {"token": token}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_concurrent_guesses_share_five_attempts(shazia):
    client = Client()
    code = guests.ask_for_code(client, shazia)
    asker = client.cookies["guest-code"].value
    answers, start = [], threading.Barrier(12)

    def guess(number):
        try:
            own = Client()
            own.cookies["guest-code"] = asker
            start.wait()
            answers.append(own.post("/guest/code/", {"code": f"{(int(code) + 1 + number) % 1_000_000:06}"}).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] * 4 + [429] * 8
    assert client.post("/guest/code/", {"code": code}).status_code == 429
    assert GuestSession.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_right_code_submitted_twice_at_once_starts_one_session(shazia):
    client = Client()
    typed = guests.ask_for_code(client, shazia)
    code = GuestCode.objects.get()
    found, start = [], threading.Barrier(4)

    def try_it():
        try:
            start.wait()
            found.append(enter(code=code, typed=typed, now=timezone.now()) is not None)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=try_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False, False, False, True]
    assert GuestSession.objects.count() == 1
