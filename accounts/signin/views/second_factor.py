"""Second-factor pages: the sign-in library's views, with our wording and a new session key after each proof."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth as webauthn_auth
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import user_of
from accounts.signin import second_factor
from govuk.forms import Button

# Where the user was going when they were sent to set up a second step.
WAY_ON = "second_step_way_on"


@never_cache
@require_GET
def set_up_second_step(request: HttpRequest) -> HttpResponse:
    """Ask which second step to set up, for users who need one and have none."""
    user = user_of(request)
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        request.session[WAY_ON] = wanted
    if second_factor.has_step(user):
        return redirect(way_on(request) if second_factor.shown(request) else "mfa_index")
    return render(request, "accounts/set_up_second_step.html", {})


def way_on(request: HttpRequest) -> str:
    """Return where the user was going before the second step, or the home page."""
    return str(request.session.get(WAY_ON) or resolve_url("/"))


def _options(data: dict[str, Any]) -> str:
    return json.dumps(data, cls=DjangoJSONEncoder)


class _PasskeyOptions:
    """Passes the script the options for its request to the browser."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"passkey_options": _options(context.get("js_data", {}))}


class EnterCodeView(_PasskeyOptions, base.AuthenticateView):
    """The second step of signing in: a code or a passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        kinds = set(Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True))
        has_app = Authenticator.Type.TOTP in kinds
        if not has_app:
            context["form"].fields["code"].help_text = "One of your recovery codes."
        has_passkey = Authenticator.Type.WEBAUTHN in kinds
        if has_passkey:
            context["form"].button = Button("Continue with the code", look="secondary")
        return context | {"has_passkey": has_passkey, "has_app": has_app}


class _NewKey:
    """Gives the session a new key once the user has proved again who they are."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().form_valid(form)  # type: ignore[misc]
        self.request.session.cycle_key()
        return response


@method_decorator(never_cache, name="dispatch")
class CodeAgainView(_NewKey, base.ReauthenticateView):
    """A code, again, before a sensitive action."""


@method_decorator(never_cache, name="dispatch")
class PasskeyAgainView(_NewKey, _PasskeyOptions, webauthn.ReauthenticateWebAuthnView):
    """A passkey, again, before a sensitive action."""

    def form_invalid(self, form: Any) -> HttpResponse:
        # The library would redirect; the error belongs on the same page, keeping where to go next.
        response: HttpResponse = self.render_to_response(self.get_context_data() | {"form": form})
        return response


@method_decorator(never_cache, name="dispatch")
class PasswordAgainView(_NewKey, ReauthenticateView):
    """The password, again, before a sensitive action; for users without a second step."""


class SecondStepsView(base.IndexView):
    """The user's own second steps: app, passkeys, recovery codes."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        found = context["authenticators"]
        left = found.get(Authenticator.Type.RECOVERY_CODES)
        return context | {
            "app": found.get(Authenticator.Type.TOTP),
            "passkeys": found.get(Authenticator.Type.WEBAUTHN, []),
            "codes_left": len(left.get_unused_codes()) if left else None,
        }


class _Proves(_NewKey):
    """Counts setting up a second step as proof: the session has then shown it."""

    kind: str

    def form_valid(self, form: Any) -> HttpResponseBase:
        is_first = not second_factor.shown(self.request)
        response = super().form_valid(form)
        second_factor.mark_by_setting_up(self.request, self.kind, anew=is_first)
        return response


@method_decorator(never_cache, name="dispatch")
class SetUpAppView(_Proves, totp.ActivateTOTPView):
    kind = Authenticator.Type.TOTP

    def form_valid(self, form: Any) -> HttpResponseBase:
        response = super().form_valid(form)
        app = Authenticator.objects.get(user=user_of(self.request), type=self.kind)
        second_factor.use_code(app, form.cleaned_data["code"])
        return response


@method_decorator(never_cache, name="dispatch")
class AddPasskeyView(_Proves, _PasskeyOptions, webauthn.AddWebAuthnView):
    kind = Authenticator.Type.WEBAUTHN

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        # The library asks for one kind and lets its script change it; all of ours can sign in on their own.
        options = webauthn_auth.begin_registration(user_of(self.request), True)
        return context | {"passkey_options": _options({"creation_options": options})}

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = self.render_to_response(self.get_context_data() | {"form": form})
        return response


class RemovePasskeyView(webauthn.RemoveWebAuthnView):
    """Remove a passkey, unless it is the only second step of a user who needs one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may = get_adapter().can_delete_authenticator(self.get_object())
        return super().get_context_data(**kwargs) | {"may_remove": may}

    def form_valid(self, form: Any) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.get_object()):
            refusal: ValidationError = get_adapter().validation_error("cannot_delete_authenticator")
            messages.error(self.request, refusal.message)
            return redirect("mfa_index")
        response: HttpResponse = super().form_valid(form)
        return response


class RecoveryCodesView(codes.ViewRecoveryCodesView):
    """The codes for a day without phone or passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"way_on": self.request.session.get(WAY_ON, "")}


def proved(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open ``view`` only to users who recently proved who they are, even where the library would not ask."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if second_factor.must_prove(request):
            return second_factor.ask_proof(request)
        return view(request, *args, **kwargs)

    return asked


enter_code = EnterCodeView.as_view()
code_again = CodeAgainView.as_view()
passkey_again = PasskeyAgainView.as_view()
password_again = PasswordAgainView.as_view()
second_steps = SecondStepsView.as_view()
set_up_app = proved(SetUpAppView.as_view())
remove_app = proved(totp.deactivate_totp)
add_passkey = proved(AddPasskeyView.as_view())
remove_passkey = proved(RemovePasskeyView.as_view())
rename_passkey = proved(webauthn.edit_webauthn)
sign_in_by_passkey = webauthn.login_webauthn
recovery_codes = never_cache(proved(RecoveryCodesView.as_view()))
make_recovery_codes = proved(codes.generate_recovery_codes)
download_recovery_codes = proved(codes.download_recovery_codes)
