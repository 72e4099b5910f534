"""Hostile requests to any URL: forged, repeated, misdirected, oversized, guessed."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.template import loader
from django.test import Client
from django.urls import resolve, reverse

from accounts.models import AccessEvent
from tests.cpconf.page_rules import leads_away
from tests.cpconf.site_walk import undrawn
from tests.cpconf.test_when_the_database_is_down import answers, free_port, wait_until
from tests.factories import UserFactory
from tests.reports.story import NOW
from tests.told import addresses

# All beside the world that most tests here read: it would have to be told again after a test without it.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_world")]

# URLs in a protocol in which the other party proves itself: none may be added without a reason.
WITHOUT_CSRF = {
    # A page from before a restart must let its reader out; the guest's cookie is not sent from another site.
    "guests:leave-quickly"
}


@pytest.fixture
def slow_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Run the server as in production, with one process of four threads."""
    port = free_port()
    for name, value in {"WEB_BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "1", "WEB_THREADS": "4"}.items():
        monkeypatch.setenv(name, value)
    web = subprocess.Popen([sys.executable, "-m", "gunicorn", "cpconf.wsgi"], cwd=settings.BASE_DIR)
    try:
        wait_until(lambda: answers(port))
        yield port
    finally:
        web.terminate()
        web.wait(timeout=30)


def signed_in(user, **options) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


def undone(act):
    """Return the result of ``act``; its changes in the database are rolled back."""
    before = transaction.savepoint()
    try:
        return act()
    finally:
        transaction.savepoint_rollback(before)


# Forged forms


def test_no_url_accepts_a_form_that_did_not_come_from_our_page(world):
    """A POST without the token to any URL, signed in or not, is refused before the view is called."""
    found, every = [], addresses(world)
    outside = Client(enforce_csrf_checks=True)
    inside = signed_in(world.coordinator, enforce_csrf_checks=True)
    with undrawn():
        for client in (outside, inside):
            for name in every.keys() - WITHOUT_CSRF:
                answer = undone(lambda c=client, a=every[name]: c.post(a))
                if answer.status_code != 403:
                    found.append((name, answer.status_code))
    assert found == []


def test_no_view_is_exempt_from_csrf_protection(world):
    exempt = [
        name for name, address in addresses(world).items() if getattr(resolve(address).func, "csrf_exempt", False)
    ]
    assert exempt == sorted(WITHOUT_CSRF)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_a_form_sent_from_another_site_is_refused_even_with_a_token(world, origin):
    client = signed_in(world.coordinator, enforce_csrf_checks=True)
    client.get(reverse("accounts:my-account"))
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    answer = client.post(reverse("account_logout"), {"csrfmiddlewaretoken": token}, headers={"origin": origin})
    assert (answer.status_code, "_auth_user_id" in client.session) == (403, True)


# Unknown methods


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "PATCH", "DELETE", "PROPFIND"])
def test_no_url_answers_an_unknown_method(client, method):
    answer = client.generic(method, "/account/sign-in/", headers={"x-planted": "planted"})
    assert (answer.status_code, answer["Allow"], answer.content) == (405, "GET, HEAD, POST", b"")


# Guessed numbers


def body(answer) -> bytes:
    return re.sub(rb'(name="csrfmiddlewaretoken" value=")[^"]+', rb"\1", answer.content)


@contextmanager
def unfilled() -> Iterator[None]:
    """Answer with the name of each page's template and what the view put in, which is all that a page is drawn from."""
    drawn = loader.render_to_string

    def name_it(name, context=None, request=None, using=None) -> str:
        return drawn(name, context, request, using) if request is None else f"{name} {context}"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "render_to_string", name_it)
        yield


def test_a_forbidden_row_answers_like_a_missing_one(world):
    """Same status, page and headers for any guessed number, at every URL with a number in it.

    One page of each part of the site is drawn; what the others would be drawn from is compared.
    """
    client = signed_in(world.actors["social worker elsewhere"])
    found, tried, drawn = [], 0, set()
    for name, address in addresses(world).items():
        nobodys = re.sub(r"/\d+/", "/987654321/", re.sub(r"/\d+/", "/987654321/", address))
        if nobodys == address:
            continue
        for method in ("get", "post"):
            part = (name.partition(":")[0], method)
            with nullcontext() if part not in drawn else unfilled():
                theirs = undone(lambda a=address, m=method: getattr(client, m)(a))
                if theirs.status_code != 404:
                    continue
                tried += 1
                drawn.add(part)
                none = undone(lambda a=nobodys, m=method: getattr(client, m)(a))
            if (none.status_code, body(none), dict(none.headers)) != (404, body(theirs), dict(theirs.headers)):
                found.append((name, method))
    assert (found, tried > 100, len(drawn) > 20) == ([], True, True)


def test_the_response_time_does_not_reveal_whether_the_row_exists(world):
    client = signed_in(world.actors["social worker elsewhere"])
    real = reverse("families:family", args=[world.family.pk])
    made_up = reverse("families:family", args=[987654321])

    def quickest(address: str) -> float:
        times = []
        for _ in range(9):
            began = time.perf_counter()
            undone(lambda: client.get(address))
            times.append(time.perf_counter() - began)
        return min(times)

    with time_machine.travel(NOW, tick=True):
        quickest(real)
        assert abs(quickest(real) - quickest(made_up)) < 0.02


def test_a_guessed_number_is_in_the_read_log(world):
    signed_in(world.actors["social worker elsewhere"]).get(reverse("families:family", args=[world.family.pk]))
    assert AccessEvent.objects.filter(kind="refused", family_ids=[world.family.pk]).count() == 1


# Misleading redirects

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "javascript:alert(1)",
    "https:evil.example",
    "/%09/evil.example",
    "http://testserver@evil.example/",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_sign_in_never_redirects_to_another_site(client, target):
    user = UserFactory()
    user.set_password("a long and quiet evening")
    user.save()
    address = reverse("account_login")
    page = client.get(address, {"next": target}).content.decode()
    assert "evil.example" not in re.findall(r'name="next" value="([^"]*)"', page) + re.findall(r'href="(//[^"]+)', page)
    answer = client.post(
        f"{address}?next={target}", {"login": user.email, "password": "a long and quiet evening", "next": target}
    )
    if answer.status_code in {302, 303}:
        assert not leads_away(answer["Location"])


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_return_address_after_sign_in_is_never_external(world, target):
    answer = Client().post(reverse("families:change-family", args=[world.family.pk]), headers={"Referer": target})
    location = answer.get("Location") or "/"
    wanted = parse_qs(urlsplit(location).query).get("next", ["/"])
    assert [one for one in (location, *wanted) if leads_away(one)] == []


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver:80@evil.example", "a b"])
def test_a_made_up_host_is_refused(client, host):
    assert client.get("/account/sign-in/", headers={"host": host}).status_code == 400


def test_a_forwarded_host_is_not_trusted(client):
    answer = client.get("/plans/", headers={"x-forwarded-host": "evil.example"})
    assert "evil" not in answer["Location"]


# Sessions


def test_a_session_planted_before_signing_in_is_worth_nothing(client):
    user = UserFactory()
    client.get("/account/sign-in/")
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = before = session.session_key
    client.force_login(user)
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert after != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_made_up_session_key_is_not_adopted(client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    client.get("/account/sign-in/")
    assert not Session.objects.filter(session_key="a" * 32).exists()


def test_signing_out_ends_the_session_on_the_server(world):
    client = signed_in(world.coordinator)
    kept = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post(reverse("account_logout"))
    client.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert client.get(reverse("accounts:my-account")).status_code == 302


# Too much


def test_an_oversized_body_is_refused_with_a_message_before_it_is_read(world):
    client = signed_in(world.coordinator)
    address = addresses(world)["reports:write-report"]
    answer = client.post(address, {"text": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert (answer.status_code, "That is too large" in answer.content.decode()) == (413, True)


def test_a_file_is_accepted_only_by_pages_that_ask_for_one(world):
    client = signed_in(world.coordinator)
    file = SimpleUploadedFile("a.pdf", b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    answer = client.post(addresses(world)["reports:write-report"], {"text": file})
    assert answer.status_code == 413


def test_no_more_than_the_declared_length_is_read(world):
    client = signed_in(world.coordinator)
    answer = client.post(
        addresses(world)["reports:write-report"], b"new_current-risks_0_text=" + b"x" * 5000, CONTENT_LENGTH="29",
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert (answer.status_code, "xxxx" in answer.content.decode(), "xxxxx" in answer.content.decode()) == (
        200, True, False,
    )  # fmt: skip


@pytest.mark.parametrize("length", ["-1", "abc", "1e9", "٣"])
def test_a_length_that_is_not_a_number_counts_as_missing(client, length):
    assert client.post("/account/sign-in/", b"", content_type="text/plain", CONTENT_LENGTH=length).status_code < 500


def test_too_many_fields_are_refused_with_a_message(world):
    client = signed_in(world.coordinator)
    fields = {f"field-{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    answer = client.post(addresses(world)["reports:write-report"], fields)
    assert (answer.status_code, "That could not be read" in answer.content.decode()) == (400, True)


def test_too_many_files_are_refused_with_a_message(world):
    client = signed_in(world.coordinator)
    files = {f"file-{number}": SimpleUploadedFile("a.pdf", b"x") for number in range(2)}
    answer = client.post(addresses(world)["reports:attach-file"], files)
    assert (answer.status_code, "That could not be read" in answer.content.decode()) == (400, True)


def test_the_proxy_times_out_slow_clients_and_buffers_bodies():
    told = (settings.BASE_DIR / "deploy" / "Caddyfile").read_text()
    for wanted in ("read_header 10s", "read_body 60s", "max_header_size 32KB", "max_size 25MB", "request_buffers 25MB"):
        assert wanted in told


def test_a_server_with_slow_clients_still_answers_others(slow_server):
    """Three of four threads are held by clients sending one byte a second; the fourth still answers."""
    slow = [socket.create_connection(("127.0.0.1", slow_server), timeout=5) for _ in range(3)]
    try:
        for line in slow:
            line.sendall(b"POST /account/sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\na")
        with socket.create_connection(("127.0.0.1", slow_server), timeout=20) as other:
            other.sendall(b"GET /healthz/web HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert other.recv(12) == b"HTTP/1.1 200"
    finally:
        for line in slow:
            line.close()
