"""Signing in with every step required, and returning to all input after the session has expired."""

from __future__ import annotations

import datetime

import pytest
from allauth.usersessions.models import UserSession
from playwright.sync_api import expect

from demo.families import build_brambleys
from tests.journeys.calendar import at
from tests.journeys.steps import signing_in
from tests.journeys.steps.signing_in import give_code, set_up_app

NAME, EMAIL = "Amara Finch", "amara.finch@demo.example"
WORDS = "Hazel said that the door was broken on Sunday, and who broke it. "
SITTING = datetime.timedelta(minutes=31)


@pytest.fixture
def social_worker(council, settings):
    """A user who must have a second factor and has none yet."""
    settings.REQUIRE_SECOND_FACTOR = True
    user = signing_in.with_password(NAME)
    assert user.email == EMAIL
    return user


def give_password(page) -> None:
    signing_in.give_password(page, EMAIL)


@pytest.mark.parametrize("scripts", ["with scripts", "without scripts"])
def test_enrolment_sign_out_and_sign_in_with_a_code(visit, social_worker, clock, scripts):
    page = visit(scripted=scripts == "with scripts", album="signing in")
    page.open("/families/")
    give_password(page)
    key = set_up_app(page)
    page.is_on("/families/")

    page.press("Sign out")
    page.open("/families/")
    give_password(page)
    page.reads("Second step")
    page.write("Code", "000000")
    page.press("Continue")
    page.refused("This code is not right. Enter the one your app shows now.")
    give_code(page, key, clock)
    page.is_on("/families/")

    page.open("/account/")
    page.follow("Open your second steps")
    page.reads("Your second steps", "Remove the app", "10 codes left")
    page.open("/account/sessions/")
    page.reads("Where you are signed in", "Chrome on Linux")
    page.follow("Sign out everywhere")
    page.press("Sign out everywhere")
    page.reads("You are now signed out everywhere")
    assert not UserSession.objects.exists()


def test_a_passkey_is_set_up_and_then_used_without_a_password(visit, social_worker):
    page = visit(album="signing in")
    device = page.page.context.new_cdp_session(page.page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.open("/families/")
    give_password(page)
    page.follow("Set up a passkey")
    page.write("Name of this passkey", "Work laptop")
    page.press("Set up this passkey")
    page.reads("Your passkey is set up.", "Your recovery codes")
    page.follow("I have saved them, continue")
    page.is_on("/families/")

    page.press("Sign out")
    page.open("/families/")
    page.press("Sign in with a passkey")
    page.is_on("/families/")

    page.press("Sign out")
    page.open("/families/")
    give_password(page)
    page.reads("Second step", "Use a recovery code")
    page.press("Use a passkey")
    page.is_on("/families/")

    page.open("/account/second-step/")
    page.reads("Work laptop")
    page.follow("Remove Work laptop")
    page.reads("You need this passkey")


def test_without_scripts_the_page_offers_the_code_instead(visit, social_worker):
    page = visit(scripted=False)
    page.open("/families/")
    give_password(page)
    page.follow("Set up a passkey")
    page.reads("A passkey needs a browser that runs JavaScript.")
    page.follow("Set up an app for codes instead")
    page.reads("Set up an app")


@pytest.mark.parametrize("scripts", ["with scripts", "without scripts"])
def test_an_idle_session_expires_and_every_word_is_kept(visit, council, social_worker, clock, scripts):
    demo = build_brambleys(council, now=at("2026-12-08 12:30"))
    question, text = "Why were enquiries started?", (WORDS * 80).strip()
    page = visit(scripted=scripts == "with scripts")
    page.open(f"/conferences/families/{demo.family.pk}/enquiries/record/")
    give_password(page)
    key = set_up_app(page)
    page.choose("For which children were enquiries started?", "Robin Brambley")
    page.write(question, text)

    clock.shift(SITTING)
    page.press("Save the strategy discussion")
    page.reads("Sign in", "because nothing happened for 30 minutes")
    give_password(page)
    give_code(page, key, clock)

    expect(page.page.get_by_label(question)).to_have_value(text)
    children = page.group("For which children were enquiries started?")
    expect(children.get_by_label("Robin Brambley")).to_be_checked()


def test_the_page_warns_five_minutes_before_and_is_covered_afterwards(visit, social_worker, clock):
    page = visit(album="signing in")
    page.page.clock.install()
    page.open("/families/")
    give_password(page)
    set_up_app(page)
    dialog = page.page.get_by_role("dialog")
    expect(dialog).to_have_count(0)

    clock.shift(datetime.timedelta(minutes=25, seconds=10))
    page.page.clock.fast_forward("25:10")
    expect(dialog).to_contain_text("You will soon be signed out")
    expect(dialog.get_by_role("status")).to_contain_text("You will be signed out in 5 minutes.")
    assert page.violations() == []
    page._photograph(page.album) if page.album else None
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_have_count(0)

    clock.shift(datetime.timedelta(minutes=30))
    page.page.clock.fast_forward("30:01")
    expect(dialog).to_contain_text("You are signed out")
    expect(page.page.get_by_role("link", name="Sign in again and come back here")).to_be_focused()
    assert page.violations() == []
    page._photograph(page.album) if page.album else None
    page.follow("Sign in again and come back here")
    page.reads("Sign in", "because nothing happened for 30 minutes")
