from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import user_of
from accounts.signin import sessions
from accounts.signin.devices import device_of


@never_cache
@require_GET
def where_signed_in(request: HttpRequest) -> HttpResponse:
    """Show where the user is signed in now."""
    rows = sessions.live_sessions(user_of(request), now=timezone.now())
    places = [
        {
            "row": row,
            "device": device_of(row.user_agent),
            "address": "" if row.ip == sessions.UNKNOWN_ADDRESS else row.ip,
            "is_here": row.session_key == sessions.key_of(request),
        }
        for row in rows
    ]
    return render(request, "accounts/where_signed_in.html", {"places": places})


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the user's other sessions."""
    user = user_of(request)
    if UserSession.objects.filter(pk=pk).exclude(user=user).exists():
        raise Http404
    if sessions.end_one(user=user, session_pk=pk, now=timezone.now()):
        messages.success(request, "You are now signed out there.")
    else:
        messages.info(request, "That one had already ended.")
    return redirect("accounts:where-signed-in")


@never_cache
@require_http_methods(["GET", "POST"])
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Sign out in every browser, including this one."""
    user = user_of(request)
    if request.method == "POST":
        sessions.end_all(user=user)
        logout(request)
        messages.success(request, "You are now signed out everywhere.")
        return redirect("account_login")
    return render(request, "accounts/sign_out_everywhere.html", {})


@never_cache
@require_GET
def session_state(request: HttpRequest) -> JsonResponse:
    """Return how long this session still lasts, for the script on each page; doesn't count as activity."""
    return _state(request)


@never_cache
@require_POST
def stay_signed_in(request: HttpRequest) -> JsonResponse:
    """Count the user as active: called on a button or key press."""
    return _state(request)


@never_cache
@require_POST
def keep_session(request: HttpRequest) -> JsonResponse:
    """Keep the session alive for an open page; counts only in a meeting under way."""
    return _state(request)


def _state(request: HttpRequest) -> JsonResponse:
    limits = sessions.limits_of(request) if request.user.is_authenticated else None
    if limits is None:
        return JsonResponse({"left": 0, "last": True})
    return JsonResponse({"left": limits.seconds_left(timezone.now()), "last": limits.is_last()})
