from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import selectors


class SignInView(LoginView):
    """The sign-in page; in demo mode with the invented people who can be tried out."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = selectors.demo_groups(on=timezone.localdate()) if settings.DEMO else []
        chosen = self.get_next_url() or ""
        return super().get_context_data(demo_groups=groups, next_url=chosen, **kwargs)


@never_cache
@require_POST
def sign_in_as_demo(request: HttpRequest) -> HttpResponse:
    """Become one of the invented people, without a password; in demo mode only."""
    number = request.POST.get("user", "")
    if not settings.DEMO or not number.isdigit():
        raise Http404
    user = get_object_or_404(selectors.demo_users(), pk=int(number))
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        wanted = resolve_url(settings.LOGIN_REDIRECT_URL)
    return redirect(wanted)
