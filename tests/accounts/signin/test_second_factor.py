from __future__ import annotations

import datetime
import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.signin import second_factor
from govuk.drafts import OWNER_FIELD, sign_owner
from tests.accounts.signin.passkeys import SoftPasskey
from tests.accounts.signin.second_steps import (
    AGAIN,
    CODE,
    PASSWORD,
    SECRET,
    SET_UP,
    a_passkey_of,
    code_of,
    options_of,
    request_of,
    second_factor_shown,
    sign_in,
    signed_in,
)
from tests.cpconf.test_every_page import GUESTS, PUBLIC, addresses, ask
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


class TestSigningIn:
    def test_a_password_alone_redirects_to_the_second_step_without_access(self, client, app):
        assert sign_in(client, next="/outbox/").headers["Location"] == CODE
        assert not signed_in(client)
        assert client.get("/outbox/").headers["Location"].startswith("/account/sign-in/")

    def test_the_code_redirects_to_the_requested_page(self, client, app):
        sign_in(client, next="/outbox/")
        assert "Second step" in client.get(CODE).content.decode()
        assert client.post(CODE, {"code": code_of()}).headers["Location"] == "/outbox/"
        assert client.get("/outbox/").status_code == 200

    def test_a_wrong_code_stays_there_and_says_so(self, client, app):
        sign_in(client)
        page = client.post(CODE, {"code": "000000"}).content.decode()
        assert page.count("This code is not right") == 2
        assert "<title>Error: " in page
        assert not signed_in(client)

    @pytest.mark.parametrize("later", [0, 31])
    def test_a_code_works_once(self, client, app, later):
        with time_machine.travel(datetime.datetime(2026, 12, 8, 9, 0, 5, tzinfo=datetime.UTC), tick=False) as clock:
            code = code_of()
            sign_in(client)
            client.post(CODE, {"code": code})
            assert signed_in(client)
            client.post(reverse("account_logout"))
            cache.clear()  # which may forget by itself
            clock.shift(later)
            sign_in(client)
            client.post(CODE, {"code": code})
            assert not signed_in(client)
            assert client.post(CODE, {"code": code_of(at=time.time() + 30)}).status_code == 302
            assert signed_in(client)

    @pytest.mark.parametrize(("late", "status"), [(29, 302), (59, 302), (61, 200)])
    def test_a_code_works_for_half_a_minute_longer(self, client, app, late, status):
        with time_machine.travel(datetime.datetime(2026, 12, 8, 9, 0, 0, tzinfo=datetime.UTC), tick=False) as clock:
            code = code_of()
            sign_in(client)
            clock.shift(late)
            assert client.post(CODE, {"code": code}).status_code == status

    def test_the_code_that_set_an_app_up_does_not_sign_in_as_well(self, client, user):
        sign_in(client)
        page = client.get(reverse("mfa_activate_totp")).content.decode()
        code = code_of(re.search(r"data-totp-key>([A-Z2-7]+)<", page).group(1))
        client.post(reverse("mfa_activate_totp"), {"code": code})
        client.post(reverse("account_logout"))
        sign_in(client)
        client.post(CODE, {"code": code})
        assert not signed_in(client)

    def test_after_five_wrong_codes_the_right_one_has_to_wait(self, client, app):
        sign_in(client)
        for _ in range(5):
            client.post(CODE, {"code": "000000"})
        assert "Too many" in client.post(CODE, {"code": code_of()}).content.decode()
        assert not signed_in(client)

    def test_a_recovery_code_works_once(self, client, user, app):
        code, *_ = RecoveryCodes.activate(user).get_unused_codes()
        sign_in(client)
        assert client.post(CODE, {"code": f"{code[:4]} {code[4:]}"}).status_code == 302
        assert signed_in(client)
        client.post(reverse("account_logout"))
        sign_in(client)
        client.post(CODE, {"code": code})
        assert not signed_in(client)

    def test_the_session_gets_a_new_key_with_the_code(self, client, app):
        sign_in(client)
        before = client.session.session_key
        client.post(CODE, {"code": code_of()})
        assert client.session.session_key != before
        assert not Session.objects.filter(session_key=before).exists()

    def test_a_closed_account_stays_out_after_the_password(self, client, user, app):
        sign_in(client)
        user.is_active = False
        user.save()
        client.post(CODE, {"code": code_of()})
        assert client.get("/outbox/").status_code == 302

    def test_the_secret_is_not_readable_in_the_database(self, client, user):
        sign_in(client)
        page = client.get(reverse("mfa_activate_totp")).content.decode()
        secret = re.search(r"data-totp-key>([A-Z2-7]+)<", page).group(1)
        client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
        kept = Authenticator.objects.get(type=Authenticator.Type.TOTP)
        assert secret not in str(kept.data)
        assert kept.wrap().validate_code(code_of(secret, at=time.time()))
        codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
        assert re.fullmatch(r"gAAAAA[\w=-]+", codes.data["seed"])

    @pytest.fixture
    def passkey(self, client, user):
        """A passkey set up on the page by a user who then signs out."""
        passkey = SoftPasskey()
        sign_in(client)
        asked = options_of(client.get(reverse("mfa_add_webauthn")))
        assert asked["creation_options"]["publicKey"]["authenticatorSelection"]["userVerification"] == "required"
        answer = client.post(
            reverse("mfa_add_webauthn"), {"name": "Work laptop", "credential": passkey.register(asked)}
        )
        assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
        assert Authenticator.objects.get(type="webauthn").data["name"] == "Work laptop"
        client.post(reverse("account_logout"))
        return passkey

    def test_a_passkey_signs_in_without_a_password(self, client, user, passkey, required):
        asked = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"}).json()
        before = client.session.session_key
        answer = client.post(reverse("mfa_login_webauthn"), {"credential": passkey.use(asked), "next": "/outbox/"})
        assert answer.headers["Location"] == "/outbox/"
        assert client.get("/outbox/").status_code == 200
        assert client.session.session_key != before
        assert client.cookies["sessionid"]["max-age"] == ""  # it ends with the browser

    def test_a_passkey_is_a_second_step_too(self, client, user, passkey):
        assert sign_in(client, next="/outbox/").headers["Location"] == CODE
        asked = options_of(client.get(CODE))
        assert client.post(CODE, {"credential": passkey.use(asked)}).headers["Location"] == "/outbox/"

    def test_a_response_to_another_challenge_is_refused(self, client, user, passkey):
        asked = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"}).json()
        client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
        page = client.post(reverse("mfa_login_webauthn"), {"credential": passkey.use(asked)}, follow=True)
        assert "The passkey could not be checked" in page.content.decode()
        assert not signed_in(client)

    def test_a_response_from_another_site_is_refused(self, client, user, passkey):
        asked = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"}).json()
        passkey.origin = "https://testserver.example"
        client.post(reverse("mfa_login_webauthn"), {"credential": passkey.use(asked)})
        assert not signed_in(client)

    def test_a_passkey_without_user_verification_can_not_sign_in(self, client, user, passkey):
        asked = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"}).json()
        passkey.flags = 0x01
        client.post(reverse("mfa_login_webauthn"), {"credential": passkey.use(asked)})
        assert not signed_in(client)

    def test_a_closed_account_stays_out_with_its_passkey(self, client, user, passkey):
        user.is_active = False
        user.save()
        asked = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"}).json()
        client.post(reverse("mfa_login_webauthn"), {"credential": passkey.use(asked)})
        assert client.get("/outbox/").status_code == 302

    def test_a_passkey_used_again_confirms(self, client, user, passkey):
        sign_in(client)
        client.post(CODE, {"credential": passkey.use(options_of(client.get(CODE)))})
        again = reverse("mfa_reauthenticate_webauthn")
        wrong = client.post(again, {"credential": '{"id": "x"}', "next": "/outbox/"}).content.decode()
        assert "The passkey could not be checked" in wrong
        assert '<input type="hidden" name="next" value="/outbox/">' in wrong
        asked = options_of(client.get(again))
        assert client.post(again, {"credential": passkey.use(asked), "next": "/outbox/"}).headers["Location"] == (
            "/outbox/"
        )
        assert second_factor.confirmed(request_of(client, user), now=timezone.now())

    @pytest.mark.parametrize("credential", ["", "{", "[]", "{}", "7", '{"id": "x"}', '{"response": null}'])
    def test_a_passkey_that_can_not_be_set_up_says_so(self, client, user, credential):
        sign_in(client)
        client.get(reverse("mfa_add_webauthn"))
        page = client.post(reverse("mfa_add_webauthn"), {"name": "Mine", "credential": credential})
        assert "<title>Error: " in page.content.decode()
        assert 'value="Mine"' in page.content.decode()
        assert not Authenticator.objects.exists()

    def test_an_empty_passkey_response_redirects_to_sign_in(self, client, user):
        for credential in ("", "{", "[]", '{"id": "x"}', '{"response": {"userHandle": "AAAA"}}'):
            answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
            assert (answer.status_code, answer.headers["Location"]) == (302, reverse("account_login"))
        assert not signed_in(client)


class TestHavingOne:
    def test_a_user_without_one_is_sent_to_set_it_up_and_on_afterwards(self, client, user, required):
        sign_in(client)
        answer = client.get("/outbox/?page=1")
        assert answer.headers["Location"] == f"{SET_UP}?next=%2Foutbox%2F%3Fpage%3D1"
        assert "Set up your second step" in client.get(answer.headers["Location"]).content.decode()

        page = client.get(reverse("mfa_activate_totp")).content.decode()
        secret = re.search(r"data-totp-key>([A-Z2-7]+)<", page).group(1)
        assert 'src="data:image/svg+xml;base64,' in page
        answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
        assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
        assert 'href="/outbox/?page=1"' in client.get(answer.headers["Location"]).content.decode()
        assert client.get("/outbox/?page=1").status_code == 200
        assert client.get(SET_UP).headers["Location"] == "/outbox/?page=1"

    def test_a_wrong_first_code_keeps_the_same_key(self, client, user):
        sign_in(client)
        first = client.get(reverse("mfa_activate_totp")).content.decode()
        page = client.post(reverse("mfa_activate_totp"), {"code": "000000"}).content.decode()
        keys = [re.search(r"data-totp-key>([A-Z2-7]+)<", one).group(1) for one in (first, page)]
        assert keys[0] == keys[1]
        assert page.count("This code is not right") == 2
        assert not Authenticator.objects.exists()

    def test_the_next_page_is_never_on_another_site(self, client, user, required):
        client.force_login(user)
        client.get(SET_UP, {"next": "https://elsewhere.example/"})
        assert "second_step_way_on" not in client.session

    def test_a_user_without_a_role_needs_none(self, client, required):
        client.force_login(UserFactory())
        assert client.get("/account/").status_code == 200

    def test_an_earlier_session_must_show_the_step_set_up_elsewhere(self, client, user, required):
        client.force_login(user)
        TOTP.activate(user, SECRET)
        assert client.get("/outbox/").headers["Location"] == f"{AGAIN}?next=%2Foutbox%2F"
        assert client.get(SET_UP).headers["Location"] == reverse("mfa_index")
        # Nor can it set up another step, or remove this one, with the password alone.
        for name in ("mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"):
            assert reverse("account_reauthenticate") not in client.get(reverse(name), follow=True).redirect_chain
            assert client.get(reverse(name), follow=True).redirect_chain[-1][0].startswith(AGAIN), name
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert not second_factor_shown(client)

        answer = client.post(AGAIN, {"code": code_of(), "next": "/outbox/"})
        assert answer.headers["Location"] == "/outbox/"
        assert client.get("/outbox/").status_code == 200

    def test_a_directory_that_asked_itself_is_enough(self, client, user, required):
        client.force_login(user)
        request = request_of(client, user)
        second_factor.mark_by_directory(request)
        request.session.save()
        assert client.get("/outbox/").status_code == 200
        assert not second_factor.confirmed(request, now=timezone.now())
        second_factor.mark_by_directory(request, anew=True)
        assert second_factor.confirmed(request, now=timezone.now())

    def test_a_submitted_form_is_kept_until_the_step_is_shown(self, client, user, app, required):
        client.force_login(user)
        page = "/conferences/"
        answer = client.post(page, {OWNER_FIELD: sign_owner(user.pk, page), "why": "Bruises on Sunday"})
        assert answer.headers["Location"].startswith(AGAIN)
        draft = user.drafts.get()
        assert (draft.path, draft.fields, draft.finished_at) == (page, {"why": ["Bruises on Sunday"]}, None)

    def test_every_page_except_setting_it_up_asks_for_it(self, client, user, required):
        client.force_login(user)
        key = client.session.session_key
        let_through = set()
        for name, address in addresses():
            client.cookies["sessionid"] = key
            answer = ask(client, address)
            led = answer.status_code == 302 and answer.headers["Location"].startswith(SET_UP)
            let_through |= set() if led else {name}
            if "_auth_user_id" not in client.session:
                client.force_login(user)
                key = client.session.session_key
        known = PUBLIC | GUESTS | OF_SIGNING_IN
        assert (let_through - known, known - let_through) == (set(), set())


OF_SIGNING_IN = {
    "account_logout",
    "accounts:where-signed-in",
    "accounts:end-session",
    "accounts:sign-out-everywhere",
    "accounts:directory-again",
    "account_reauthenticate",
    "accounts:set-up-second-step",
    *(name for name in get_resolver().reverse_dict if str(name).startswith("mfa_")),
}


def theirs(answer):
    """Return the library templates behind a page; each must be replaced by one of ours."""
    return [one.name for one in answer.templates if one.origin and "/allauth/" in one.origin.name]


def test_every_page_of_a_second_step_is_one_of_ours(client, user):
    sign_in(client)
    answers = {"mfa_activate_totp": client.get(reverse("mfa_activate_totp"))}
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    passkey = a_passkey_of(user)
    client.post(reverse("account_logout"))
    sign_in(client)
    answers["mfa_authenticate"] = client.get(CODE)
    client.post(CODE, {"code": code_of()})
    names = sorted(name for name in get_resolver().reverse_dict if str(name).startswith("mfa_"))
    for name in names:
        args = (passkey.pk,) if name in {"mfa_edit_webauthn", "mfa_remove_webauthn"} else ()
        answers.setdefault(name, client.get(reverse(name, args=args)))
    assert [name for name, answer in answers.items() if theirs(answer)] == []
    plain = {"mfa_download_recovery_codes"}
    framed = {name for name, answer in answers.items() if "cp-header" in answer.content.decode()}
    assert set(answers) - framed == plain | {"mfa_login_webauthn"}
    assert answers["mfa_login_webauthn"].headers["Location"] == "/"
