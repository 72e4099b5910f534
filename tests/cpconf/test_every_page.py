"""Rules for every URL of the site, including those that someone adds tomorrow."""

from __future__ import annotations

from collections.abc import Iterator
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.enums import Role
from tests.cpconf.site_walk import undrawn
from tests.factories import UserFactory, user_with_role

# Pages open to everyone: sign-in, information about the site, and its health.
PUBLIC = {
    "healthz",
    "healthz-web",
    "govuk:theme",
    "govuk:read-help",
    "govuk:read-accessibility",
    "govuk:read-privacy",
    "govuk:read-what-is-logged",
    "demo:gallery",  # made-up rows only, and in development only
    "account_login",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "deadlines:calculate-dates",  # dates only, for anybody in England
    "mfa_login_webauthn",
    "accounts:sign-in-as-demo",  # in demo mode only
    "deadlines:read-calendar-feed",  # the address is the key, and an unknown one opens nothing
    "accounts:session-state",  # how long one's own session lasts: no time at all without one
    "accounts:stay-signed-in",
    "accounts:keep-session",
    "projector:type-code",  # on the computer in the room: a code opens the shared board
    "projector:changed",  # whether that board has changed, by the same cookie
    "turn:type-code",  # on a tablet passed round: a code opens one person's turn
    "turn:answers",  # one person's turn, by a cookie of its own; without one it is over
    "turn:danger",
    "turn:changed",
    "turn:leave",
    "turn:over",
    "projector:screen",  # the shared board by a cookie of its own; without one it is off
    "openid_connect_login",  # to a council's directory, and back from it
    "openid_connect_callback",
    "guests:leave-quickly",  # the same, and leads to another site
    "guests:text-size",  # large or ordinary text in this browser
    "guests:leave",  # ends a guest's stay, and shows nothing
    "accounts:save-draft",  # keeps words for the signed owner of the form, and shows nothing
}
# Pages about the user's own account: anyone who is signed in.
OWN = {
    "account_logout",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "accounts:my-account",
    "accounts:directory-again",  # 404 for whoever came by no directory
    "accounts:set-up-second-step",
    "accounts:where-signed-in",
    "accounts:this-device",
    "accounts:end-session",  # 404 for someone else's
    "accounts:sign-out-everywhere",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "deadlines:my-work",
}
# Pages of people without an account: closed to anyone who did not come in through a link and a code.
GUESTS = {
    "guests:arrive",
    "guests:open-link",
    "guests:enter-code",
    "guests:send-code",
    "guests:send-another-code",
    "guest_meeting:home",
    "guest_meeting:answer",
    "guest_meeting:ask",
    "guest_meeting:who-will-be-there",
    "guest_meeting:ask-for-conference",
    "guest_meeting:disagree-about-conference",
    "guest_meeting:name-deputy",
    "guest_meeting:about",
    "guest_meeting:coming",
    "guest_meeting:disagree",
    "guest_meeting:talk",
    "guest_meeting:advocate",
    "guest_meeting:paper-only",
    "guest_meeting:feedback",
    "guest_answers:answers",
    "guest_answers:danger",
    "guest_my_views:start",
    "guest_my_views:question",
    "guest_my_views:check",
    "guest_my_views:withdraw",
    "guest_my_views:other-ways",
    "guest_my_views:paper",
    "guest_my_views:passed-on",
    "guest_my_views:words-of-client",
    "guest_papers:papers",
    "guest_papers:report",
    "guest_papers:short-report",
    "guest_papers:have-read",
    "guest_papers:say-wrong",
    "guest_papers:ask-about",
    "guest_papers:copy",
    "guest_papers:plan",
    "guest_papers:read-copy",
    "guest_papers:read-plan",
    "guest_papers:plan-changes",
    "guest_core_group_papers:plan-changes",
    "guest_core_group_papers:read-plan",
    "guest_papers:own-report",
    "guest_papers:write-report",
    "guest_papers:attach-file",
    "guest_papers:take-out-file",
    "guest_papers:hand-in",
    "guest_papers:new-version",
    "guest_papers:file",
    "guest_papers:shared",
    "guest_papers:reading",
    "guest_papers:others-report",
    "guest_papers:clients-papers",
    "guest_papers:clients-report",
    "guest_papers:clients-short-report",
    "guest_papers:clients-copy",
    "guest_core_group:home",
    "guest_core_group:write",
    "guest_core_group:answers",
    "guest_core_group:danger",
    "guest_core_group:ask-for-conference",
    "guest_core_group:disagree-about-conference",
    "guest_core_group_papers:copy",
    "guest_core_group_papers:plan",
    "guest_core_group_papers:read-minutes",
    "guest_core_group_papers:format",
    "guest_papers:format",
    "guest_papers:minutes-wrong",
    "guest_papers:not-agree",
    "guest_papers:complain",
    "guest_papers:complain-further",
    "guest_answers:changed",
    "guest_core_group:changed",
}


NOBODYS = "987654321"


def addresses() -> Iterator[tuple[str, str]]:
    yield from walk(get_resolver().url_patterns, "/", "")


def walk(patterns: list[URLPattern | URLResolver], start: str, namespace: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, start + example(pattern), pattern.namespace or namespace)
        else:
            yield f"{namespace}:{pattern.name}" if namespace else str(pattern.name), start + example(pattern)


def example(pattern: URLPattern | URLResolver) -> str:
    """Return a matching URL: every number is that of no row, every choice its first option."""
    text = str(pattern.pattern).strip("^$")
    while "(?P<" in text:
        before, _, rest = text.partition("(?P<")
        inside, _, after = rest.partition(")")
        choice = inside.partition(">")[2]
        text = before + ("1" if "d+" in choice or "[" in choice or "." in choice else choice.split("|")[0]) + after
    parts = [part if "<" not in part else NOBODYS for part in text.replace(">.css", ">").split("/")]
    return "/".join(parts)


CLOSED = [(name, address) for name, address in addresses() if name not in PUBLIC | GUESTS]


def ask(client, address):
    """Request the page with the method it expects: pages that only act refuse GET."""
    response = client.get(address)
    return client.post(address) if response.status_code == 405 else response


def asked(address, client):
    """Return the response to a browser; what the request changes is undone, in the browser too."""
    before, cookies = transaction.savepoint(), SimpleCookie(client.cookies)
    response = ask(client, address)
    transaction.savepoint_rollback(before)
    client.cookies = cookies
    return response


@pytest.mark.django_db
def test_signed_out_users_must_sign_in_and_return_to_the_page_afterwards():
    found = {name: asked(address, Client()) for name, address in CLOSED}
    assert {name: answer.status_code for name, answer in found.items() if answer.status_code != 302} == {}
    led = {name: answer["Location"] for name, answer in found.items()}
    sign_in = {name: f"/account/sign-in/?{urlencode({'next': address}, safe='/')}" for name, address in CLOSED}
    # The sign-in library redirects between its own pages itself.
    of_library = {name for name in sign_in if name.startswith(("account_", "mfa_"))}
    assert {name: led[name] for name in set(led) - of_library if led[name] != sign_in[name]} == {}
    assert {name for name in of_library if not led[name].startswith("/account/sign-in/")} == set()


@pytest.mark.django_db
def test_a_user_without_any_role_is_refused():
    client = Client()
    client.force_login(UserFactory())
    with undrawn():
        found = {name: asked(address, client).status_code for name, address in CLOSED if name not in OWN}
    assert {name: code for name, code in found.items() if code not in {403, 404}} == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "address"),
    [(name, address) for name, address in addresses() if name in GUESTS],
    ids=[name for name, _ in addresses() if name in GUESTS],
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_a_guest_page_is_closed_without_a_link_and_code(client, name, address, signed_in):
    if signed_in:
        client.force_login(user_with_role(Role.COORDINATOR))
    response = ask(client, address)
    assert response.status_code == 404, name
    assert "This page is closed" in response.content.decode(), name


def test_every_url_has_a_view_and_a_name():
    names = [name for name, _ in addresses()]
    assert [name for name in names if name.endswith("None")] == []
    assert len(names) == len(set(names))
    assert set(names) >= PUBLIC | OWN | GUESTS
