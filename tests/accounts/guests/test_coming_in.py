"""How a guest signs in: a landing page that does nothing, a code sent, five attempts, and the cookie."""

from __future__ import annotations

import datetime
import importlib
import logging

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts import throttling
from accounts.guests import pages
from accounts.guests.limits import CODE_LIVES
from accounts.guests.services import close_link
from accounts.models import AccessEvent, GuestCode, GuestLink, GuestSession, GuestToken
from notifications.models import Message
from tests.conferences import guests
from tests.conferences.story import NOW
from tests.factories import AuthorityFactory

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)
CLOSED = "This page is closed"


def rows():
    return (
        GuestToken.objects.count(),
        GuestCode.objects.count(),
        GuestSession.objects.count(),
        Message.objects.count(),
        AccessEvent.objects.count(),
    )


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_signing_in_leads_to_the_guests_own_page(client, shazia):
    answer = guests.come_in(client, shazia)
    assert (answer.status_code, answer["Location"]) == (302, "/guest/meeting/")
    assert "Hello Shazia" in client.get("/guest/meeting/").content.decode()


def test_opening_a_link_sends_nothing_and_uses_nothing(client, shazia):
    token = guests.token_of(shazia)
    before = rows()
    for _ in range(3):
        page = client.get(f"/guest/open/{token}/")
        client.head(f"/guest/open/{token}/")
    assert page.status_code == 200
    assert rows() == before
    assert page.cookies.keys() <= {settings.CSRF_COOKIE_NAME}


def test_the_landing_page_says_only_which_council_sent_it(client, shazia):
    page = client.get(f"/guest/open/{guests.token_of(shazia)}/").content.decode()
    conference = shazia.conference
    told = [
        words
        for words in (
            "Shazia", "Wing", shazia.email, conference.reference, "Robin", "Brambley", "conference about",
            shazia.agency.name, "22 December",
        )
        if words in page
    ]  # fmt: skip
    assert told == []
    assert conference.authority.name in page


def test_a_code_goes_to_the_mailbox_on_record_and_says_nothing_of_a_case(client, shazia):
    guests.ask_for_code(client, shazia)
    message = mail.outbox[-1]
    assert message.to == [shazia.email]
    code = GuestCode.objects.get()
    assert message.subject == f"Your one-time code: C{code.pk}"
    said = [
        words
        for words in ("Shazia", "Wing", shazia.conference.reference, "Robin", "Brambley", "conference")
        if words in message.body.replace("conferences@", "")
    ]
    assert said == []


def test_no_secret_is_stored_in_the_database(client, shazia):
    token = guests.token_of(shazia)
    code = guests.ask_for_code(client, shazia)
    client.post("/guest/code/", {"code": code})
    cookie = client.cookies["guest"].value
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE ANY(%s)',  # noqa: S608
                           [[f"%{token}%", f"%{cookie}%", f"%code is {code}%"]])  # fmt: skip
            found += [table] * bool(cursor.fetchone()[0])
    assert found == []


def test_the_outbox_page_shows_neither_link_nor_code(client, shazia):
    guests.ask_for_code(client, shazia)
    client.force_login(shazia.conference.coordinator)
    for message in Message.objects.filter(to_email=shazia.email):
        page = client.get(f"/outbox/{message.pk}/").content.decode()
        assert "/guest/open/" not in page
        assert "What is in [brackets] is created when the e-mail is sent" in page


def test_each_e_mail_has_its_own_token_and_every_token_works(client, shazia):
    first = guests.token_of(shazia)
    Message.objects.filter(to_email=shazia.email).update(state="waiting")
    second = guests.token_of(shazia)
    assert first != second
    assert [client.get(f"/guest/open/{token}/").status_code for token in (first, second)] == [200, 200]
    assert GuestLink.objects.filter(subject_id=shazia.pk).count() == 1


@pytest.mark.parametrize("path", ["/guest/", "/guest/code/", "/guest/meeting/", "/guest/meeting/answer/"])
def test_guest_pages_are_closed_without_a_link(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert CLOSED in answer.content.decode()


def test_wrong_expired_and_closed_links_get_the_same_page(client, shazia, clock):
    AuthorityFactory()
    token = guests.token_of(shazia)
    other = Client().get(f"/guest/open/{'x' * 43}/")
    link = GuestLink.objects.get(subject_id=shazia.pk)
    clock.move_to(link.expires_at)
    expired = Client().get(f"/guest/open/{token}/")
    clock.move_to(NOW)
    close_link(link=link, because="Lost phone", by=None, now=NOW)
    closed = Client().get(f"/guest/open/{token}/")
    posted = Client().post("/guest/code/send/", {"token": token})
    assert {page.status_code for page in (other, expired, closed, posted)} == {404}
    assert expired.content == closed.content == posted.content
    assert (
        other.content.decode().split("<h2")[0].split("<main")[1]
        == closed.content.decode().split("<h2")[0].split("<main")[1]
    )
    assert shazia.conference.authority.day_phone in closed.content.decode()
    assert GuestCode.objects.count() == 0


def test_wrong_links_from_one_address_are_limited_but_a_valid_one_opens(client, shazia):
    token = guests.token_of(shazia)
    most = throttling.LIMITS["guest-link:address"].tries
    for _ in range(most):
        throttling.allow("guest-link:address", "127.0.0.1", now=timezone.now())
    assert client.get(f"/guest/open/{'x' * 43}/").status_code == 429
    assert client.get(f"/guest/open/{token}/").status_code == 200


def test_a_link_serves_its_one_purpose_only(client, shazia):
    guests.come_in(client, shazia)
    GuestLink.objects.filter(subject_id=shazia.pk).update(purpose="something-else")
    assert client.get("/guest/meeting/").status_code == 404


def test_in_production_the_cookies_belong_to_this_host_alone(settings):
    settings.PRODUCTION = True
    try:
        importlib.reload(pages)
        response = HttpResponse()
        pages.set_cookie(response, pages.COOKIE, "secret")
        cookie = response.cookies["__Host-guest"]
    finally:
        settings.PRODUCTION = False
        importlib.reload(pages)
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
        True,
        True,
        "Lax",
        "/",
        "",
    )


def test_a_wrong_code_says_how_many_tries_are_left(client, shazia):
    code = guests.ask_for_code(client, shazia)
    page = client.post("/guest/code/", {"code": wrong(code)}).content.decode()
    assert "That code is wrong, or it has run out. 4 tries left." in page
    assert client.post("/guest/code/", {"code": code}).status_code == 302


def test_the_fifth_try_may_be_the_right_one(client, shazia):
    code = guests.ask_for_code(client, shazia)
    for _ in range(4):
        client.post("/guest/code/", {"code": wrong(code)})
    assert client.post("/guest/code/", {"code": code}).status_code == 302


def test_after_five_wrong_attempts_the_code_is_dead_and_help_is_named(client, shazia):
    code = guests.ask_for_code(client, shazia)
    answers = [client.post("/guest/code/", {"code": wrong(code)}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    dead = client.post("/guest/code/", {"code": code})
    assert dead.status_code == 429
    assert "This code no longer works" in dead.content.decode()
    assert shazia.conference.authority.night_phone in dead.content.decode()
    assert GuestSession.objects.count() == 0


def test_a_malformed_code_costs_no_attempt_and_is_kept(client, shazia):
    guests.ask_for_code(client, shazia)
    for _ in range(6):
        page = client.post("/guest/code/", {"code": "12 34"})
    assert "The code has 6 figures" in page.content.decode()
    assert 'value="12 34"' in page.content.decode()


def test_a_code_works_once(client, shazia):
    code = guests.ask_for_code(client, shazia)
    asker = client.cookies["guest-code"].value
    client.post("/guest/code/", {"code": code})
    other = Client()
    other.cookies["guest-code"] = asker
    assert other.post("/guest/code/", {"code": code}).status_code == 404


def test_a_code_expires(client, shazia, clock):
    code = guests.ask_for_code(client, shazia)
    clock.move_to(NOW + CODE_LIVES + MINUTE)
    assert client.post("/guest/code/", {"code": code}).status_code == 200
    assert GuestSession.objects.count() == 0


def test_a_code_works_only_in_the_browser_that_requested_it(client, shazia):
    code = guests.ask_for_code(client, shazia)
    assert Client().post("/guest/code/", {"code": code}).status_code == 404
    assert client.post("/guest/code/", {"code": code}).status_code == 302


def test_a_newer_code_voids_the_earlier_one(client, shazia):
    first = guests.ask_for_code(client, shazia)
    asked_first = client.cookies["guest-code"].value
    client.post("/guest/code/again/")
    second = guests.code_of(shazia)
    stale = Client()
    stale.cookies["guest-code"] = asked_first
    assert stale.post("/guest/code/", {"code": first}).status_code == 429
    assert client.post("/guest/code/", {"code": second}).status_code == 302


def test_codes_per_hour_are_limited(client, shazia, clock):
    token = guests.token_of(shazia)
    answers = [client.post("/guest/code/send/", {"token": token}).status_code for _ in range(6)]
    assert answers == [302] * throttling.LIMITS["guest-code:sent"].tries + [429]
    clock.move_to(NOW + throttling.LIMITS["guest-code:sent"].within)
    assert client.post("/guest/code/send/", {"token": token}).status_code == 302


def test_guesses_across_codes_browsers_and_addresses_are_limited_per_day(shazia, clock):
    for number in range(5):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        code = guests.ask_for_code(client, shazia)
        for _ in range(5):
            client.post("/guest/code/", {"code": wrong(code)})
    clock.shift(datetime.timedelta(hours=2))
    client = Client(REMOTE_ADDR="198.51.100.7")
    code = guests.ask_for_code(client, shazia)
    answer = client.post("/guest/code/", {"code": code})
    assert (answer.status_code, GuestSession.objects.count()) == (429, 0)
    clock.shift(datetime.timedelta(hours=22))
    assert guests.come_in(Client(), shazia).status_code == 302


def test_a_code_no_longer_awaited_is_not_sent(client, shazia, clock):
    token = guests.token_of(shazia)
    client.post("/guest/code/send/", {"token": token})
    clock.move_to(NOW + CODE_LIVES)
    guests.send()
    message = Message.objects.get(kind="code")
    assert (message.state, message.withdrawn_because) == ("withdrawn", "No one is waiting for this code any more.")


def test_the_token_is_in_neither_the_logs_nor_the_read_log(client, shazia, caplog):
    caplog.set_level(logging.DEBUG)
    token = guests.token_of(shazia)
    code = guests.ask_for_code(client, shazia)
    client.post("/guest/code/", {"code": code})
    client.get("/guest/meeting/")
    client.get(f"/guest/open/{token}x/")
    said = "\n".join(str(record.__dict__) for record in caplog.records)
    assert token not in said
    assert f" {code}" not in said
    assert [row for row in AccessEvent.objects.values_list("page", "right", "subject") if token in str(row)] == []
