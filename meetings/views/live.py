"""Whether a page of the meeting is out of date, for scripts: the same checks as the page, and nothing of its content.

The service of live pages (``cpconf.live``) asks these views too, so that whoever may follow a meeting is decided once.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import user_of
from conferences.access import CONFERENCE_RULE, access_conference
from conferences.enums import ConferenceStatus
from conferences.guest_access import place_of_guest
from conferences.models import Conference, Participant
from meetings.own_access import OWN_PLACE_RULE, access_own_place
from meetings.selectors.changes import key_of
from meetings.selectors.day_steps import TheDay
from meetings.selectors.own_following import key_of_participant, own_scope
from meetings.selectors.projector import projection_with
from meetings.views.projector import COOKIE

OVER = (ConferenceStatus.CLOSED, ConferenceStatus.CANCELLED)


@dataclass(frozen=True)
class Followed:
    """What a page follows, as changes are told of it: a conference's id, or the name of another meeting.

    ``scope`` is which of it its reader hears of (``meetings.selectors.changes.key_for``), and ``part_id``, on the
    room's screen, the part under way.
    """

    what: str
    key: str
    part_id: int = 0
    scope: str = ""


class FollowedResponse(JsonResponse):
    """The key of what is followed, or 304 where the page has it already; ``followed`` for the process that asked."""

    def __init__(self, request: HttpRequest, followed: Followed) -> None:
        super().__init__({"key": followed.key})
        self.followed = followed
        self["ETag"] = f'"{followed.key}"'
        if request.headers.get("If-None-Match") == self["ETag"]:
            self.status_code = 304
            self.content = b""


@require_safe
def changed(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the meeting's key; 204 once it is over and its pages stay as they are.

    Only a refusal is in the read log: nothing of the meeting is shown.
    """
    user = user_of(request)
    found = CONFERENCE_RULE.visible(Conference.objects.filter(pk=pk), user).first() or access_conference(request, pk)
    if found.status in OVER:
        return HttpResponse(status=204)
    return FollowedResponse(request, Followed(str(found.pk), key_of(found.pk)))


@require_safe
def room_changed(request: HttpRequest) -> HttpResponse:
    """Answer with the key of the room's screen; 403 once it has been turned off, or its sitting is over."""
    projection = projection_with(request.COOKIES.get(COOKIE, ""), now=timezone.now())
    if projection is None:
        return HttpResponse(status=403)
    key = key_of(projection.conference_id)
    part = TheDay(projection.conference).part_now
    return FollowedResponse(request, Followed(str(projection.conference_id), key, part.pk if part else 0))


def _own(request: HttpRequest, participant: Participant) -> HttpResponse:
    if participant.conference.status != ConferenceStatus.OPEN:
        return HttpResponse(status=204)
    key, scope = key_of_participant(participant.pk), own_scope(participant.pk)
    return FollowedResponse(request, Followed(str(participant.conference_id), key, scope=scope))


@require_safe
def own_changed(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the key of the user's own page at a conference; only a refusal is in the read log."""
    places = Participant.objects.select_related("conference").filter(conference=pk).order_by("pk")
    place = OWN_PLACE_RULE.visible(places, user_of(request)).first()
    return _own(request, place or access_own_place(request, pk))


@require_safe
def guest_changed(request: HttpRequest) -> HttpResponse:
    """Answer with the key of a guest's own page; nothing of the meeting is shown, so nothing is logged."""
    return _own(request, place_of_guest(request))
