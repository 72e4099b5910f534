"""Views of the room's screen: allowing it from the pages of the day, and showing it on the room's computer."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import throttling
from accounts.access import record_read, user_of
from accounts.signin.views.refusals import too_many_tries
from meetings.forms.projector import ProjectorCodeForm
from meetings.models import Projection
from meetings.selectors.changes import key_of
from meetings.selectors.day_steps import TheDay
from meetings.selectors.projector import projection_of, projection_with
from meetings.selectors.room_screen import room_screen
from meetings.services.projector import end_projection, note_shown, open_projection, start_projection
from meetings.views.meeting import draw, during_the_day, meeting, refuse_when_over, tells_refusal

COOKIE = "__Secure-projector" if settings.PRODUCTION else "projector"
UNKNOWN = "This code does not work. Ask the chair for a new one. A code works once, for 10 minutes."


@never_cache
@during_the_day
def show_in_room(request: HttpRequest, pk: int) -> HttpResponse:
    """Create a code for the computer in the room; it is shown once and stored nowhere."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    made: list[tuple[Projection, str]] = []
    now = timezone.now()
    if request.method == "POST":
        tells_refusal(
            request, lambda: made.append(start_projection(conference=found.conference, by=user_of(request), now=now))
        )
    return draw(
        request,
        found,
        "meetings/show_in_room.html",
        step="board",
        code=_in_groups(made[0][1]) if made else "",
        projection=projection_of(found.conference, now=now),
        typed_at=request.build_absolute_uri(reverse("projector:type-code")),
    )


@never_cache
@require_POST
@during_the_day
def show_here(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the screen in a window of this browser, for a computer with two displays."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    made: list[str] = []
    now = timezone.now()

    def start() -> None:
        _, code = start_projection(conference=found.conference, by=user_of(request), now=now)
        made.append(open_projection(code=code, now=now))

    if not tells_refusal(request, start):
        return redirect("meetings:show-in-room", pk)
    return _with_cookie(redirect("projector:screen"), made[0])


@require_POST
@during_the_day
def end_showing(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the board off the room's screen."""
    found = meeting(request, pk, to="record")
    end_projection(conference=found.conference, by=user_of(request), now=timezone.now())
    messages.success(request, "The room’s screen will turn off within half a minute.")
    return redirect("meetings:show-in-room", pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def type_code(request: HttpRequest) -> HttpResponse:
    """Accept the code on the computer in the room, where no one signs in."""
    form = ProjectorCodeForm(request.POST or None)
    if request.method == "POST":
        now = timezone.now()
        if not throttling.allow("projector:address", throttling.address_key(request), now=now):
            return too_many_tries(request)
        if form.is_valid():
            token = open_projection(code=form.cleaned_data["code"], now=now)
            if token:
                throttling.take_back("projector:address", throttling.address_key(request))
                return _with_cookie(redirect("projector:screen"), token)
            form.add_error("code", UNKNOWN)
    return render(request, "meetings/projector_code.html", {"form": form})


@never_cache
@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    """Show the shared board of one conference, of the part under way, and nothing else."""
    now = timezone.now()
    projection = projection_with(request.COOKIES.get(COOKIE, ""), now=now)
    if projection is None:
        return _dark(request)
    day = TheDay(projection.conference)
    day.live_key = key_of(projection.conference_id)
    if any(stop.break_at for stop in day.stops):
        # The room's screen does not show why there is a break.
        return render(request, "meetings/projector_paused.html", {"projector": True})
    words = room_screen(day, part_id="", heading=request.GET.get("heading", ""), now=now)
    _log(request, projection, words)
    follows = {"live_stream": "/projector/live/", "live_changed": reverse("projector:changed")}
    return render(request, "meetings/shared_screen.html", {**words, **follows, "projector": True})


def _log(request: HttpRequest, projection: Projection, words: dict[str, object]) -> None:
    """Write one read-log row for each thing shown, not for each time the screen polls."""
    shown = words["shown"]
    entries = [(entry.pk, entry.version) for entry in shown.entries]  # type: ignore[attr-defined]
    what = f"{getattr(words['part'], 'pk', 0)}:{shown.heading.key}:{hash(tuple(entries)):x}"  # type: ignore[attr-defined]
    if not note_shown(projection=projection, shown=what[:100]):
        return
    conference = projection.conference
    record_read(
        request,
        page="projector:screen",
        subject="Conference",
        subject_id=conference.pk,
        family_ids=[conference.family_id],
        person_ids=conference.children.values_list("child__person_id", flat=True),
        right="room’s screen",
        by=projection.started_by,
    )


def _dark(request: HttpRequest) -> HttpResponse:
    answer = render(request, "meetings/projector_closed.html", {"projector": True}, status=403)
    answer.delete_cookie(COOKIE, path=reverse("projector:type-code"), samesite="Strict")
    return answer


def _with_cookie(answer: HttpResponse, token: str) -> HttpResponse:
    answer.set_cookie(
        COOKIE,
        token,
        path=reverse("projector:type-code"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return answer


def _in_groups(code: str) -> str:
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"
