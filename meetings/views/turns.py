"""A tablet that is passed round: a turn for one person, with a code, on a device where nobody signs in."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import throttling
from accounts.access import record_read, user_of
from accounts.guests.pages import sealed
from accounts.signin.views.refusals import too_many_tries
from meetings.forms.own_answers import TabletAnswersForm, TabletDangerForm
from meetings.forms.projector import ProjectorCodeForm
from meetings.models import TabletTurn
from meetings.models.bases import Turn
from meetings.selectors.changes import Following
from meetings.selectors.own_answers import own_answers
from meetings.selectors.own_following import key_of_own
from meetings.selectors.turns import conference_turn, turn_with
from meetings.services.turns import end_turn, lock_turn, open_turn, take_turn
from meetings.turns import TurnKind, kind_of
from meetings.views.live import Followed, FollowedResponse
from meetings.views.meeting import draw, during_the_day, meeting, refuse_when_over, tells_refusal
from meetings.views.own_answers import ConferenceDesk, Desk, answers_page, danger_page

COOKIE = "__Secure-turn" if settings.PRODUCTION else "turn"
UNKNOWN = "This code does not work. Ask the coordinator for a new one. A code works once, for 10 minutes."
SIGNED_IN = (
    "Someone is signed in on this device. Sign out first, or use another device: a tablet that is passed round must "
    "open nothing else."
)


@never_cache
@during_the_day
def open_a_turn(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Open a turn at the tablet for one person; its code is shown once and stored nowhere."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    attendee = next((row for row in found.attendees if row.participant.pk == participant_pk), None)
    if attendee is None:
        raise Http404
    made: list[tuple[TabletTurn, str]] = []
    if request.method == "POST":
        tells_refusal(
            request,
            lambda: made.append(
                open_turn(
                    conference=found.conference,
                    participant=attendee.participant,
                    by=user_of(request),
                    now=timezone.now(),
                )
            ),
        )
    return draw(
        request,
        found,
        "meetings/open_turn.html",
        step="scores",
        participant=attendee.participant,
        own=own_answers(found, [attendee.participant.person_id]),
        code=f"{made[0][1][:4]} {made[0][1][4:]}" if made else "",
        turn=made[0][0] if made else None,
        typed_at=request.build_absolute_uri(reverse("turn:type-code")),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def type_code(request: HttpRequest) -> HttpResponse:
    """Accept the code on the tablet, where no one signs in; a device where someone is signed in takes none."""
    form = ProjectorCodeForm(request.POST or None)
    now = timezone.now()
    if request.method == "POST":
        if not throttling.allow("turn:address", throttling.address_key(request), now=now):
            return too_many_tries(request)
        if request.user.is_authenticated or getattr(request, "guest", None) is not None:
            form.add_error(None, SIGNED_IN)
        elif form.is_valid():
            token = take_turn(code=form.cleaned_data["code"], now=now)
            if token:
                throttling.take_back("turn:address", throttling.address_key(request))
                return _with_cookie(redirect("turn:answers"), token)
            form.add_error("code", UNKNOWN)
    return sealed(render(request, "meetings/turn_code.html", {"form": form}))


def _turn(request: HttpRequest) -> Turn | None:
    """Return the turn of this device; none while someone is signed in on it, whose pages could be reached."""
    if request.user.is_authenticated or getattr(request, "guest", None) is not None:
        return None
    return turn_with(request.COOKIES.get(COOKIE, ""), now=timezone.now())


def _desk(turn: Turn) -> Desk:
    kind = kind_of(turn)

    def drawn(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
        shown = {"shell": "meetings/turn_shell.html", "authority": kind.authority(turn), **context}
        return sealed(render(request, template, shown))

    def sent() -> str:
        end_turn(turn=turn, has_answered=True, now=timezone.now())
        return reverse("turn:over")

    return kind.desk(
        turn,
        who={"by": turn.opened_by, "turn": turn},
        draw=drawn,
        url=reverse("turn:answers"),
        # The device's cookie is for the turn's own addresses: the page asks, and has no stream.
        follows=lambda own: Following(key_of_own(f"t{turn.pk}", own), reverse("turn:changed")),
        is_passed_round=True,
        danger_url=reverse("turn:danger"),
        form=TabletAnswersForm,
        danger=TabletDangerForm,
        may_send=lambda: lock_turn(turn),
        sent=sent,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def answers(request: HttpRequest) -> HttpResponse:
    """Show what the person whose turn it is is asked, and end the turn when it is sent."""
    turn = _turn(request)
    if turn is None or not kind_of(turn).goes_on(turn, _desk(turn).own()):
        return _over(request)
    record_read(
        request, page="turn:answers", right="turn at the tablet", by=turn.opened_by, **kind_of(turn).subject(turn)
    )
    try:
        answer = answers_page(request, _desk(turn))
    except ValidationError:
        return _over(request)
    has_gone_on = isinstance(answer, HttpResponseRedirect) and answer.url == reverse("turn:over")
    return _gone(answer) if has_gone_on else sealed(answer)


@require_http_methods(["GET", "HEAD", "POST"])
def danger(request: HttpRequest) -> HttpResponse:
    """Let the person whose turn it is tell chair and social worker in private; the turn goes on."""
    turn = _turn(request)
    if turn is None:
        return _over(request)
    return sealed(danger_page(request, _desk(turn)))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the turn without an answer."""
    turn = _turn(request)
    if turn is not None:
        end_turn(turn=turn, has_answered=False, now=timezone.now())
    return _gone(redirect("turn:over"))


@require_safe
def over(request: HttpRequest) -> HttpResponse:
    """Say thank you; nothing on this page or before it says who had the turn, or what they answered."""
    return sealed(render(request, "meetings/turn_over.html"))


@require_safe
def changed(request: HttpRequest) -> HttpResponse:
    """Answer with the key of what is asked in the turn of this device; 403 once it is over. Nothing is shown."""
    turn = _turn(request)
    own = _desk(turn).own() if turn is not None else None
    if turn is None or own is None or not kind_of(turn).goes_on(turn, own):
        return sealed(HttpResponse(status=403))
    return sealed(FollowedResponse(request, Followed("", key_of_own(f"t{turn.pk}", own))))


def _over(request: HttpRequest) -> HttpResponse:
    return _gone(sealed(render(request, "meetings/turn_over.html", {"has_ended": True}, status=403)))


def _gone(answer: HttpResponse) -> HttpResponse:
    answer.delete_cookie(COOKIE, path=reverse("turn:type-code"), samesite="Strict")
    return sealed(answer)


def _with_cookie(answer: HttpResponse, token: str) -> HttpResponse:
    answer.set_cookie(
        COOKIE,
        token,
        path=reverse("turn:type-code"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return sealed(answer)


CONFERENCE_TURN = TurnKind(
    TabletTurn,
    find=conference_turn,
    desk=lambda turn, **more: ConferenceDesk(participant=turn.participant, **more),
    goes_on=lambda turn, own: turn.part_id == getattr(own.part, "pk", None),
    authority=lambda turn: turn.participant.conference.authority,
    subject=lambda turn: {
        "subject": "Participant",
        "subject_id": turn.participant_id,
        "family_ids": [turn.participant.conference.family_id],
        "person_ids": [turn.participant.person_id],
    },
)
