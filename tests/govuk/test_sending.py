"""What was typed stays on its page until the server has answered that it is saved."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.enums import Role
from families.models import Family
from tests.factories import TeamFactory, user_with_role

CREATE = reverse("families:create-family")


@pytest.fixture
def manager():
    return user_with_role(Role.TEAM_MANAGER, team=TeamFactory())


@pytest.fixture
def typed(page: Page, live_server, manager) -> Page:
    """A page whose form has been filled in and not sent."""
    client = Client()
    client.force_login(manager)
    name = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.goto(f"{live_server.url}{CREATE}")
    page.get_by_label("Family name").fill("Sedge")
    page.get_by_label("Team").select_option(index=1)
    return page


def send(page: Page) -> None:
    page.locator("main form button[type=submit]").first.click()


def send_again(page: Page) -> None:
    """Press the button once more, after the second in which it takes no second click."""
    page.wait_for_timeout(1100)
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sedge family")


def stays_with(page: Page, *words: str) -> None:
    box = page.get_by_role("alert").filter(has_text="not saved")
    expect(box).to_be_in_viewport()
    for said in words:
        expect(box).to_contain_text(said)
    expect(page.get_by_label("Family name")).to_have_value("Sedge")
    expect(page).to_have_url(re.compile(f"{CREATE}$"))


@pytest.mark.django_db(transaction=True)
def test_a_form_that_could_not_be_sent_keeps_every_word_and_is_saved_once_later(typed):
    typed.context.set_offline(True)
    send(typed)
    stays_with(typed, "can’t reach the service", "What you typed is still here")
    typed.context.set_offline(False)
    send_again(typed)
    assert Family.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("status", "words"),
    [
        (500, "Something went wrong on our side"),
        (502, "can’t reach the service"),
        (503, "can’t reach the service"),
        (507, "no room left"),
        (403, "out of date"),
        (404, "you may not do this any more"),
        (413, "too much to send at once"),
    ],
)
def test_a_page_stays_whatever_the_server_could_not_do(typed, status, words):
    typed.route(f"**{CREATE}", lambda route: route.fulfill(status=status, content_type="text/html", body="<h1>No</h1>"))
    send(typed)
    stays_with(typed, words)


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_was_lost_on_its_way_does_not_save_twice(typed):
    def lose(route):
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    typed.route(f"**{CREATE}", lose, times=1)
    send(typed)
    stays_with(typed, "Pressing it twice does no harm")
    send_again(typed)
    assert Family.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_was_signed_out_meanwhile_can_copy_what_they_typed(typed):
    typed.context.clear_cookies(name=django_settings.SESSION_COOKIE_NAME)
    send(typed)
    stays_with(typed, "You are signed out", "Copy what you need")


@pytest.mark.django_db(transaction=True)
def test_a_refused_form_comes_back_with_its_errors(typed):
    typed.get_by_label("Family name").fill("")
    send(typed)
    expect(typed).to_have_title(re.compile("^Error: "))
    expect(typed.locator(".govuk-error-summary")).to_be_visible()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("field", [{"type": "password"}, {"autocomplete": "one-time-code"}], ids=str)
def test_a_wrong_code_or_password_counts_as_one_try(typed, field):
    tried = []

    def refuse(route):
        tried.append(route.request.method)
        route.fulfill(status=200, content_type="text/html", body="<h1>That is wrong</h1>")

    typed.route("**/tried", refuse)
    typed.evaluate(
        """field => {
            const form = Object.assign(document.createElement("form"), { method: "post", action: "/tried" });
            const input = Object.assign(document.createElement("input"), { name: "code", ...field });
            form.append(input, Object.assign(document.createElement("button"), { textContent: "Try it" }));
            document.querySelector("main").replaceChildren(form);
        }""",
        field,
    )
    typed.get_by_role("button", name="Try it").click()
    expect(typed.get_by_role("heading")).to_have_text("That is wrong")
    assert tried == ["POST"]


@pytest.mark.django_db(transaction=True)
def test_a_button_pressed_before_is_not_sent_with_the_next_one(typed):
    """As after Back, to a page that the browser kept whole."""
    sent = []

    def refuse(route):
        sent.append(set(re.findall(r"\b(confirm|change)\b", route.request.post_data)))
        # The browser stays where it is when nothing comes.
        script = route.request.headers.get("x-sent-by") == "script"
        route.fulfill(
            **({"status": 200, "body": "<h1>No</h1>"} if script else {"status": 204}), content_type="text/html"
        )

    typed.route("**/checked", refuse)
    typed.evaluate(
        """() => {
            const form = Object.assign(document.createElement("form"), { method: "post", action: "/checked" });
            for (const name of ["change", "confirm"]) {
                form.append(Object.assign(document.createElement("button"), { name, value: "yes", textContent: name }));
            }
            document.querySelector("main").replaceChildren(form);
        }"""
    )
    for name in ("change", "confirm"):
        with typed.expect_response(lambda answer: answer.status == 204):
            typed.get_by_role("button", name=name).click()
    assert sent == [{"change"}, {"change"}, {"confirm"}, {"confirm"}]


@pytest.mark.django_db
@pytest.mark.parametrize("script", [True, False])
def test_a_script_is_told_where_the_answer_leads_and_a_browser_is_led(manager, script):
    client = Client(headers={"X-Sent-By": "script"} if script else {})
    client.force_login(manager)
    answer = client.post(CREATE, {"name": "Sedge", "team": manager.roles.get().team_id})
    family = Family.objects.get()
    if script:
        assert (answer.status_code, answer.json()) == (
            200,
            {"to": reverse("families:family", args=[family.pk]), "signed_out": False},
        )
    else:
        assert (answer.status_code, answer["Location"]) == (302, reverse("families:family", args=[family.pk]))
