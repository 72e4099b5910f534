from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import sessions
from accounts.access import user_of
from accounts.enums import SessionEnd
from accounts.models import UserSession

EARLIER_SHOWN = 20


@never_cache
@require_GET
def where_signed_in(request: HttpRequest) -> HttpResponse:
    """Where I am signed in now, and where I was lately."""
    user, now = user_of(request), timezone.now()
    live = list(sessions.live_sessions(user, now=now))
    earlier = UserSession.objects.filter(user=user).exclude(pk__in=[row.pk for row in live])
    return render(
        request,
        "accounts/where_signed_in.html",
        {
            "live": live,
            "own_pk": request.session.get(sessions.ROW),
            "earlier": earlier.order_by("-started_at")[:EARLIER_SHOWN],
        },
    )


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of my other sessions."""
    user = user_of(request)
    if not sessions.end_one(user=user, session_pk=pk, now=timezone.now()):
        if not UserSession.objects.filter(pk=pk, user=user).exists():
            raise Http404
        messages.info(request, "That one was over already.")
        return redirect("accounts:where-signed-in")
    messages.success(request, "You are signed out there.")
    return redirect("accounts:where-signed-in")


@never_cache
@require_http_methods(["GET", "POST"])
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Sign out in every browser, this one too."""
    user = user_of(request)
    if request.method == "POST":
        sessions.end_all(user=user, why=SessionEnd.EVERYWHERE, now=timezone.now())
        logout(request)
        messages.success(request, "You are signed out everywhere.")
        return redirect("account_login")
    return render(request, "accounts/sign_out_everywhere.html", {})


@never_cache
@require_GET
def session_state(request: HttpRequest) -> JsonResponse:
    """How long this session still lasts; the script on each page asks, which keeps nothing alive."""
    return _state(request)


@never_cache
@require_POST
def stay_signed_in(request: HttpRequest) -> JsonResponse:
    """Somebody is at work on a page: asked for by a button or a key, so it counts."""
    return _state(request)


@never_cache
@require_POST
def keep_session(request: HttpRequest) -> JsonResponse:
    """A page is open and asks by itself to stay; counts only in a meeting under way."""
    return _state(request)


def _state(request: HttpRequest) -> JsonResponse:
    limits = sessions.limits_of(request) if request.user.is_authenticated else None
    if limits is None:
        return JsonResponse({"left": 0, "last": True})
    return JsonResponse({"left": limits.seconds_left(timezone.now()), "last": limits.is_last()})
