from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from playwright.sync_api import expect

from accounts.enums import Role
from accounts.models import Draft
from tests.factories import user_with_role

pytestmark = pytest.mark.django_db(transaction=True)


def violations(page):
    found = Axe().run(page).response["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


REFUSED = re.compile("^Error: ")
WIDTHS = [1280, 768, 390, 320]


@pytest.fixture
def gallery(live_server, settings):
    settings.DEMO = True
    return f"{live_server.url}/gallery/"


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_scrolls_sideways_and_everything_is_accessible(page, gallery, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(gallery)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page) == []


def test_errors_are_accessible_and_every_link_leads_to_its_control(page, gallery):
    page.goto(gallery)
    page.get_by_role("button", name="Save the strategy discussion").click()
    expect(page).to_have_title(REFUSED)
    page.wait_for_load_state()
    assert violations(page) == []

    links = page.locator(".govuk-error-summary__list a")
    assert links.count() > 8
    for place in range(links.count()):
        target = links.nth(place).get_attribute("href").removeprefix("#")
        links.nth(place).click()
        expect(page.locator(f"[id='{target}']")).to_be_focused()
        assert page.evaluate("['INPUT', 'SELECT', 'TEXTAREA'].includes(document.activeElement.tagName)")


def test_an_answers_field_is_hidden_until_it_is_chosen(page, gallery):
    page.goto(gallery)
    inner = page.get_by_label("What was it?")

    expect(inner).to_be_hidden()
    page.get_by_label("Something else").check()
    expect(inner).to_be_visible()


def test_the_page_works_without_scripts(browser, gallery):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(gallery)

    page.get_by_label("Name the child uses").fill("Wren")
    page.get_by_role("button", name="Save the strategy discussion").click()

    expect(page).to_have_title(REFUSED)
    expect(page.get_by_label("Name the child uses")).to_have_value("Wren")
    context.close()


@pytest.fixture
def signed_in(page, client, live_server):
    user = user_with_role(Role.SOCIAL_WORKER)
    client.force_login(user)
    name = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return user


def test_the_input_is_stored_and_the_page_says_so(page, gallery, signed_in):
    page.goto(gallery)

    page.get_by_label("Name the child uses").press_sequentially("Wren")

    expect(page.locator("[data-autosave-line]")).to_contain_text("Saved ", timeout=15_000)
    assert [draft.fields["name"] for draft in Draft.objects.filter(user=signed_in)] == [["Wren"]]


def test_without_a_network_it_says_so_and_saves_later(page, gallery, signed_in):
    page.goto(gallery)
    line = page.locator("[data-autosave-line]")

    page.context.set_offline(True)
    page.get_by_label("Name the child uses").press_sequentially("Wren")
    expect(line).to_have_text("Not saved yet, still trying", timeout=15_000)

    page.context.set_offline(False)
    expect(line).to_contain_text("Saved ", timeout=20_000)
    assert [draft.fields["name"] for draft in Draft.objects.filter(user=signed_in)] == [["Wren"]]
