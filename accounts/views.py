from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import drafts, selectors
from accounts.access import SignInRequired, record_read, require_roles
from accounts.enums import Role
from accounts.forms import ReadLogFilterForm
from govuk.lists import paginate
from govuk.words import clock


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


@require_GET
def my_account(request: HttpRequest) -> HttpResponse:
    """Who I am here: roles, council, teams, password."""
    if not request.user.is_authenticated:
        raise SignInRequired
    return render(request, "accounts/my_account.html", {"roles": request.user.current_roles})


@require_GET
def read_log(request: HttpRequest) -> HttpResponse:
    """Who looked at what, for auditors and service managers of the council."""
    user = require_roles(request, Role.AUDITOR, Role.SERVICE_MANAGER)
    councils = user.authority_ids(Role.AUDITOR, Role.SERVICE_MANAGER)
    form = ReadLogFilterForm(request.GET, users=selectors.readers(authority_ids=councils))
    chosen = form.cleaned_data if form.is_valid() else {}
    events = paginate(request, selectors.read_log(authority_ids=councils, **chosen))
    response = render(request, "accounts/read_log.html", {"form": form, "events": events})
    record_read(request, page="accounts:read-log", subject="AccessEvent", subject_id=None)
    return response


@never_cache
@require_POST
def save_draft(request: HttpRequest) -> JsonResponse:
    """Keep what is being typed; the script on the page calls this."""
    owner = drafts.owner_of(request)
    if owner is None:
        return JsonResponse({"error": "This form keeps no draft."}, status=400)
    if not request.user.is_authenticated or request.user.pk != owner.user_id:
        return JsonResponse({"error": "You are no longer signed in."}, status=403)
    draft = drafts.keep(request, owner, unless_sent=True)
    if draft is None:
        return JsonResponse({"error": "This is too long to keep, or was sent already."}, status=409)
    return JsonResponse({"saved_at": clock(draft.saved_at)})


def explain_stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer for a form from a page that is out of date; its words are kept for whoever wrote them."""
    owner = drafts.owner_of(request)
    by_itself = request.path == reverse("accounts:save-draft")
    draft = drafts.keep(request, owner, unless_sent=by_itself) if owner else None
    theirs = owner is not None and request.user.is_authenticated and request.user.pk == owner.user_id
    context = {
        "kept": draft is not None,
        "theirs": theirs,
        "form_url": owner.path if owner else request.path,
        "no_cookie": "cookie" in reason.lower(),
    }
    return render(request, "accounts/stale_page.html", context, status=403)
