from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = [1280, 768, 390, 320]


@pytest.fixture
def gallery(live_server, settings):
    settings.DEMO = True
    return f"{live_server.url}/gallery/"


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_runs_sideways_and_everything_is_accessible(page, gallery, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(gallery)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert Axe().run(page).response["violations"] == []


def test_errors_are_accessible_and_every_link_lands_on_its_control(page, gallery):
    page.goto(gallery)
    page.get_by_role("button", name="Save the strategy discussion").click()
    assert page.title().startswith("Error: ")
    assert Axe().run(page).response["violations"] == []

    links = page.locator(".govuk-error-summary__list a")
    assert links.count() > 8
    for place in range(links.count()):
        target = links.nth(place).get_attribute("href").removeprefix("#")
        links.nth(place).click()
        assert page.evaluate("document.activeElement.id") == target
        assert page.evaluate("['INPUT', 'SELECT', 'TEXTAREA'].includes(document.activeElement.tagName)")


def test_a_field_of_another_answer_stays_away_until_it_is_chosen(page, gallery):
    page.goto(gallery)
    inner = page.get_by_label("What was it?")

    assert inner.is_visible() is False
    page.get_by_label("Something else").check()
    assert inner.is_visible() is True


def test_the_page_works_without_scripts(browser, gallery):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(gallery)

    page.get_by_label("Name the child uses").fill("Wren")
    page.get_by_role("button", name="Save the strategy discussion").click()

    assert page.title().startswith("Error: ")
    assert page.get_by_label("Name the child uses").input_value() == "Wren"
    context.close()
