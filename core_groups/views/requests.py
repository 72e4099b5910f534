"""A member without an account asks for a conference about the children of their core group."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.guests.access import GuestRequired
from conferences.selectors.requests import askable
from conferences.views.agency_requests import GuestAsks, ask_page, disagree_page, for_guest
from core_groups.guest_access import access_as_member
from core_groups.selectors.guests import children_of


def _member(request: HttpRequest, page: Callable[..., HttpResponse], **urls: str) -> HttpResponse:
    member = access_as_member(request)
    if member.post is None:
        raise GuestRequired
    who = GuestAsks(
        children=askable(children_of(member, on=timezone.localdate()), on=timezone.localdate()),
        person=member.person,
        agency=member.post.agency,
        post=member.post,
        reply_to=member.post.email,
        authority=member.core_group.authority,
        limit=("guest-says:member", member.pk),
    )
    return for_guest(request, page, who, **urls)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a conference about the children of the member's core group."""
    home, disagree = reverse("guest_core_group:home"), reverse("guest_core_group:disagree-about-conference")
    return _member(request, ask_page, home=home, disagree=disagree)


@require_http_methods(["GET", "HEAD", "POST"])
def disagree(request: HttpRequest) -> HttpResponse:
    """Take the refusal of what the member asked to a service manager."""
    return _member(request, disagree_page, back=reverse("guest_core_group:ask-for-conference"))
