"""A guest's way in and out: a landing page that does nothing, a code sent and typed, and leaving."""

from __future__ import annotations

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import throttling
from accounts.drafts.guests import keep_for_guest
from accounts.guests.forms import CodeForm
from accounts.guests.mailboxes import ending_of
from accounts.guests.pages import (
    ASKER_COOKIE,
    COOKIE,
    ELSEWHERE,
    GUEST_PAGES,
    TEXT_COOKIE,
    closed_door,
    drop_cookie,
    guest_page,
    set_cookie,
)
from accounts.guests.purposes import pages_open_to, purpose_called
from accounts.guests.selectors import code_of, council_of, link_with
from accounts.guests.services import ask_for_code, enter, leave
from accounts.models import GuestCode, GuestLink

TRIES = throttling.LIMITS["guest-code:tried"].tries


@require_safe
def arrive(request: HttpRequest) -> HttpResponse:
    """Redirect a signed-in guest to their pages."""
    guest = request.guest  # type: ignore[attr-defined]
    return redirect(_home_of(guest.link)) if guest else closed_door(request)


def _home_of(link: GuestLink) -> str:
    """Return the first page that is open to a link's person: that of its own purpose, if it still is."""
    return next((page.home for page in pages_open_to(link, timezone.now())), purpose_called(link.purpose).home)


@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show a link's landing page: only which council sent it, not whose it is. Opening it sends and uses nothing."""
    link = link_with(token, now=timezone.now())
    if link is None:
        return _unknown(request, token)
    context = {"token": token, "ending": ending_of(link.sent_to)}
    return guest_page(request, "guests/open_link.html", context, authority=link.authority)


@require_POST
def send_code(request: HttpRequest) -> HttpResponse:
    """Send a code to the mailbox on record, for anyone who opened a valid link."""
    token = request.POST.get("token", "")
    link = link_with(token, now=timezone.now())
    return _send(request, link) if link else _unknown(request, token)


def _unknown(request: HttpRequest, token: str) -> HttpResponse:
    """Refuse an invalid link, slowing down many attempts from one address.

    A valid link always opens: it can't be guessed, and a parent may share an IP address with a whole town.
    """
    tried = throttling.allow("guest-link:address", throttling.address_key(request), now=timezone.now())
    response = closed_door(request, authority=council_of(token) if tried else None)
    response.status_code = response.status_code if tried else 429
    return response


@require_POST
def send_another_code(request: HttpRequest) -> HttpResponse:
    """Send a new code to a guest who requested one before, voiding the old one."""
    code = code_of(request.COOKIES.get(ASKER_COOKIE, ""), now=timezone.now())
    return _send(request, code.link) if code else closed_door(request)


def _send(request: HttpRequest, link: GuestLink) -> HttpResponse:
    now = timezone.now()
    sent = throttling.allow("guest-code:sent", link.pk, now=now)
    if not sent:
        context = {"again_at": sent.open_again_at}
        return guest_page(request, "guests/too_many_codes.html", context, authority=link.authority, status=429)
    _, asker = ask_for_code(link=link, now=now)
    response = redirect("guests:enter-code")
    set_cookie(response, ASKER_COOKIE, asker)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Take the code. After five wrong attempts it is dead and the page says where to get help."""
    now = timezone.now()
    code = code_of(request.COOKIES.get(ASKER_COOKIE, ""), now=now)
    if code is None or code.used_at is not None:
        return closed_door(request)
    if code.superseded_at is not None or not _may_be_tried(code, now=now):
        return _dead_code(request, code)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _try(request, code, form)
    context = {"form": form, "ending": ending_of(code.sent_to), "code": code}
    return guest_page(request, "guests/enter_code.html", context, authority=code.link.authority)


def _may_be_tried(code: GuestCode, *, now: datetime.datetime) -> bool:
    return throttling.is_open("guest-code:tried", code.pk, now=now) and throttling.is_open(
        "guest-code:link", code.link_id, now=now
    )


def _try(request: HttpRequest, code: GuestCode, form: CodeForm) -> HttpResponse:
    """Count the attempt, then compare: a right code signs the guest in, a wrong one says how many attempts are left."""
    now, address = timezone.now(), throttling.address_key(request)
    tried = throttling.allow("guest-code:tried", code.pk, now=now)
    if not tried or not throttling.is_open("guest-code:address", address, now=now):
        return _dead_code(request, code)
    if not throttling.allow("guest-code:link", code.link_id, now=now):
        return _dead_code(request, code)
    came_in = enter(code=code, typed=form.cleaned_data["code"], now=now, instead_of=request.COOKIES.get(COOKIE, ""))
    if came_in is not None:
        throttling.take_back("guest-code:link", code.link_id)
        _, cookie = came_in
        response = redirect(_home_of(code.link))
        set_cookie(response, COOKIE, cookie)
        drop_cookie(response, ASKER_COOKIE)
        return response
    throttling.allow("guest-code:address", address, now=now)
    left = TRIES - tried.number
    if not left:
        return _dead_code(request, code)
    form.add_error("code", f"That code is wrong, or it has run out. {_tries(left)} left.")
    context = {"form": form, "ending": ending_of(code.sent_to), "code": code}
    return guest_page(request, "guests/enter_code.html", context, authority=code.link.authority)


def _tries(number: int) -> str:
    return "1 try" if number == 1 else f"{number} tries"


def _dead_code(request: HttpRequest, code: GuestCode) -> HttpResponse:
    return guest_page(request, "guests/dead_code.html", {}, authority=code.link.authority, status=429)


@require_POST
def choose_text_size(request: HttpRequest) -> HttpResponse:
    """Show the guest's pages in large or in ordinary text from now on in this browser, and return to the same page."""
    page = request.POST.get("page", "")
    here = page.startswith(GUEST_PAGES) and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    response = redirect(page if here else "guests:arrive")
    set_cookie(response, TEXT_COOKIE, "large" if request.POST.get("size") == "large" else "ordinary")
    return response


@require_POST
def go(request: HttpRequest) -> HttpResponse:
    """End the session in this browser."""
    guest = request.guest  # type: ignore[attr-defined]
    leave(cookie=request.COOKIES.get(COOKIE, ""), now=timezone.now())
    response = guest_page(request, "guests/gone.html", {}, authority=guest.authority if guest else None)
    drop_cookie(response, COOKIE)
    drop_cookie(response, ASKER_COOKIE)
    return response


# A page from before a restart must let its reader out as well. The cookie is not sent from another site.
@csrf_exempt
@require_POST
def go_quickly(request: HttpRequest) -> HttpResponse:
    """End the session at once, keep what was typed for the next stay, and lead to another site.

    The script has gone there itself; without it this page leads on. Redirecting a form to another site is not
    allowed by our own policy, so the page does it.
    """
    guest = request.guest  # type: ignore[attr-defined]
    now = timezone.now()
    if guest:
        keep_for_guest(request, link=guest.link, page=request.POST.get("page", ""), now=now)
    leave(cookie=request.COOKIES.get(COOKIE, ""), because="The guest left quickly.", now=now)
    response = render(request, "guests/left_quickly.html", ELSEWHERE)
    drop_cookie(response, COOKIE)
    drop_cookie(response, ASKER_COOKIE)
    return response
