from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.db import InterfaceError, OperationalError
from django.test import RequestFactory, override_settings
from django.urls import path

from cpconf.middleware import DatabaseDownMiddleware
from cpconf.views import healthz, server_error, service_unavailable
from tests.cpconf.test_local_services import Checkout

ROOT = Path(__file__).resolve().parents[2]


def lose_the_connection(request):
    raise OperationalError("the connection is lost\nDETAIL: Hazel Larch")


def fail(request):
    raise ValueError("Hazel Larch")


handler500 = "cpconf.views.server_error"
urlpatterns = [path("lost", lose_the_connection), path("fail", fail), path("healthz", healthz)]


def test_a_page_answers_503_and_says_when_to_come_back(client, no_database):
    response = client.get("/families/?q=x")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert response["Cache-Control"] == "no-store"
    assert '<a class="govuk-link" href="/families/?q=x">Try again</a>' in response.content.decode()


def test_a_submitted_form_stays_on_the_page_to_be_submitted_again(client, no_database):
    response = client.post("/plans/?step=2", {"summary": "First line\nsecond <b>", "children": ["1", "2"]})
    page = response.content.decode()
    assert response.status_code == 503
    assert '<form method="post" action="/plans/?step=2">' in page
    assert '<textarea name="summary" hidden>\nFirst line\nsecond &lt;b&gt;</textarea>' in page
    assert page.count('<textarea name="children" hidden>') == 2


@pytest.mark.parametrize("secret", ["password", "one_time_code", "new_password2"])
def test_a_secret_is_not_repeated_in_the_page(client, no_database, secret):
    page = client.post("/account/login/", {"login": "a@b.example", secret: "kept-out"}).content.decode()
    assert "kept-out" not in page
    assert "go back in your browser and send it again" in page


def test_the_csrf_token_is_submitted_again_with_the_form():
    request = RequestFactory().post("/plans/", {"csrfmiddlewaretoken": "abc", "summary": "x"})
    assert (
        '<textarea name="csrfmiddlewaretoken" hidden>\nabc</textarea>' in service_unavailable(request).content.decode()
    )


@override_settings(ROOT_URLCONF=__name__, DEBUG=False)
@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), [("/lost", 503), ("/fail", 500)])
def test_a_failure_within_a_page_reveals_nothing_of_its_content(client, address, status):
    client.raise_request_exception = False
    response = client.get(address)
    assert response.status_code == status
    assert "Hazel" not in response.content.decode()


def test_an_interface_error_counts_as_the_database_being_down():
    try:
        raise InterfaceError("connection already closed")  # noqa: TRY301 - as the page's own code would
    except InterfaceError:
        assert server_error(RequestFactory().get("/")).status_code == 503


def test_the_health_page_is_reached_without_a_database(no_database):
    passed = DatabaseDownMiddleware(lambda request: "reached")(RequestFactory().get("/healthz"))
    assert passed == "reached"


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_running_site_recovers_when_the_database_comes_back(tmp_path, monkeypatch):
    checkout = Checkout(tmp_path / "project")
    for name, value in checkout.urls().items():
        monkeypatch.setenv(name, value)
    port = free_port()
    monkeypatch.setenv("WEB_BIND", f"127.0.0.1:{port}")
    monkeypatch.setenv("WEB_WORKERS", "1")
    monkeypatch.setenv("LOG_LEVEL", "CRITICAL")
    site = f"http://127.0.0.1:{port}"
    web = subprocess.Popen([sys.executable, "-m", "gunicorn", "cpconf.wsgi"], cwd=ROOT)
    try:
        wait_until(lambda: answers(port))
        assert (status_of(f"{site}/healthz"), status_of(f"{site}/no-such-page")) == (200, 404)

        checkout.call("stop")
        assert (status_of(f"{site}/healthz"), status_of(f"{site}/no-such-page")) == (503, 503)

        checkout.call("start")
        assert (status_of(f"{site}/healthz"), status_of(f"{site}/no-such-page")) == (200, 404)
    finally:
        web.terminate()
        web.wait(timeout=20)
        checkout.call("stop")


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition, seconds: float = 90) -> None:
    """Wait as long as a busy machine may need; an idle one needs a tenth of that."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
