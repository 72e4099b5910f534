"""Signing in with a password and a second factor, as everyone does if one is required."""

from __future__ import annotations

import time

import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from accounts.models import User
from tests.journeys.visitor import Visitor

PASSWORD = "heron plover wren"  # made up


def with_password(name: str) -> User:
    """Return a user of the demonstration who can sign in with ``PASSWORD``."""
    user = User.objects.get(name=name)
    user.set_password(PASSWORD)
    user.save()
    return user


def give_password(page: Visitor, email: str) -> None:
    page.write("E-mail address", email)
    page.write("Password", PASSWORD)
    page.press("Sign in")


def set_up_app(page: Visitor) -> str:
    """Set up an authenticator app on the page and return its key."""
    page.reads("Set up your second step", "An app on your phone", "A passkey")
    page.follow("Set up an app")
    expect(page.page.locator("img.cp-qr")).to_be_visible()
    assert page.page.locator("img.cp-qr").evaluate("picture => picture.complete && picture.naturalWidth > 0")
    page.unfold("Is the picture not working?")
    key = page.page.locator("[data-totp-key]").inner_text()
    page.write("Code", code_of(key))
    page.press("Set up this app")
    page.reads("Your recovery codes", "Your app is set up.")
    page.follow("I have saved them, continue")
    return key


def code_of(key: str) -> str:
    return format_hotp_value(hotp_value(key, int(time.time()) // 30))


def give_code(page: Visitor, key: str, clock: time_machine.Coordinates, *, button: str = "Continue") -> None:
    clock.shift(30)  # each code works once
    page.write("Code", code_of(key))
    page.press(button)
