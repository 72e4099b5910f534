from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, PasswordResetFromKeyView, PasswordResetView, PasswordSetView
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import throttling
from accounts.signin import known_devices, selectors
from accounts.signin.directories import directories
from accounts.signin.views.refusals import by_directory_only, too_many_tries


class SignInView(LoginView):
    """The sign-in page; in demo mode, with the invented users to try out."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = selectors.demo_groups(on=timezone.localdate()) if settings.DEMO else []
        chosen = self.get_next_url() or ""
        return super().get_context_data(demo_groups=groups, next_url=chosen, directories=directories(), **kwargs)


class ForgottenPasswordView(PasswordResetView):
    """Asks for the address; the answer is the same for an unknown one."""

    def form_valid(self, form: Any) -> HttpResponse:
        if not throttling.allow("reset:address", throttling.address_key(self.request), now=timezone.now()):
            return too_many_tries(self.request)
        form.save(self.request)
        return redirect(self.get_success_url())


class NewPasswordView(PasswordResetFromKeyView):
    """Where the link for a new password leads."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not throttling.allow("new-password:address", throttling.address_key(request), now=timezone.now()):
            return too_many_tries(request)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        known_devices.know_by_link(self.request, self.reset_user)
        return response


class FirstPasswordView(PasswordSetView):
    """Set a first password; not for directory users, who sign in only there."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and (answer := by_directory_only(request, request.user)):
            return answer
        return super().dispatch(request, *args, **kwargs)


@never_cache
@require_POST
def sign_in_as_demo(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the invented users, without a password; in demo mode only."""
    number = request.POST.get("user", "")
    if not settings.DEMO or not number.isdigit():
        raise Http404
    user = get_object_or_404(selectors.demo_users(), pk=int(number))
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        wanted = resolve_url(settings.LOGIN_REDIRECT_URL)
    return redirect(wanted)
