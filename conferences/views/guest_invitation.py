"""Pages for an invited person without an account: day, place and answer, revealing nothing of anyone else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.drafts.forms import kept_form
from accounts.guests.access import GuestRequired, other_pages
from accounts.guests.pages import guest_page
from accounts.throttling import allow
from conferences.access import UPCOMING
from conferences.enums import Capacity, ConferenceStatus, DeputyState, Reply
from conferences.forms.guests import GuestAnswerForm, GuestAsksForm, NameDeputyForm
from conferences.guest_access import INVITATION, access_as_guest, has_deputy, may_send_deputy
from conferences.guest_steps import further_steps
from conferences.models import Participant, Sitting
from conferences.selectors.answers import asked_again_of, reminder_of
from conferences.selectors.arrivals import own_place, own_times
from conferences.selectors.guests import sees_who_comes, who_comes
from conferences.services.deputies import name_deputy
from conferences.services.guest_answers import answer_as_guest, ask_as_guest
from conferences.services.sending import booked_sitting
from deadlines.policies import policy_of
from govuk import words
from govuk.generic import Draw, form_view

SAID = {
    "answer": "Thank you. We have your answer.",
    "asked": "Thank you. We have what you wrote. The people who arrange the meeting will read it.",
    "deputy": "Thank you. We’ll check who your deputy is, then write to them.",
}
ENOUGH = (
    "We could not send this. You have sent us a lot today, and we have all of it. If there is more to say, ring us."
)


def _page(request: HttpRequest, template: str, participant: Participant, context: dict[str, Any]) -> HttpResponse:
    conference = participant.conference
    around = {
        "participant": participant,
        "conference": conference,
        "is_professional": not participant.is_family,
        "said": SAID.get(request.GET.get("said", ""), ""),
    }
    return guest_page(request, template, {**around, **context}, authority=conference.authority)


def _drawn_for(participant: Participant) -> Draw:
    return lambda request, template, context: _page(request, template, participant, context)


def _thanks(said: str) -> str:
    return f"{reverse('guest_meeting:home')}?said={said}"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the guest's own page: when, where, what to do beforehand; each step as it becomes open to them."""
    participant = access_as_guest(request, to="home")
    now, conference = timezone.now(), participant.conference
    sitting = booked_sitting(conference)
    is_open = conference.status in UPCOMING and not has_deputy(participant) and sitting is not None
    arrives_at, ends_at = own_times(participant, sitting) if is_open and sitting else (None, None)
    context = {
        "is_open": is_open,
        "is_over": conference.status == ConferenceStatus.CLOSED,
        "has_deputy": has_deputy(participant),
        # On the smallest phones a day in large type has to wrap.
        "day": words.long_date(arrives_at).replace(words.NO_BREAK, " ") if arrives_at else "",
        "arrives_at": arrives_at,
        "ends_at": ends_at,
        "place": own_place(participant, conference, sitting) if is_open and sitting else "",
        "deputy": participant.deputies.filter(state=DeputyState.NAMED).first() if is_open else None,
        "tasks": [*_tasks(participant, is_open=is_open, now=now), *other_pages(request, purpose=INVITATION)],
        "reminder": _reminder(participant, sitting) if is_open and sitting else "",
    }
    return _page(request, "guest_meeting/home.html", participant, context)


def _reminder(participant: Participant, sitting: Sitting | None) -> str:
    """Return what they had said to an earlier date, with the question; empty once they have answered."""
    earlier = asked_again_of(participant) if sitting is not None else None
    return reminder_of(earlier, participant, sitting) if earlier is not None and sitting is not None else ""


def _tasks(participant: Participant, *, is_open: bool, now: Any) -> list[dict[str, str]]:
    tasks: list[dict[str, str]] = []
    if is_open:
        answered = participant.reply != Reply.NONE
        tasks.append(
            {
                "title": "Change your answer" if answered else "Say whether you are coming",
                "url": reverse("guest_meeting:answer"),
                "status": participant.get_reply_display() if answered else "To do",
                "colour": "green" if answered else "blue",
            }
        )
        tasks.append(
            {
                "title": "Ask for something",
                "hint": (
                    "An interpreter, bigger print, help with getting there, or not being in the same room as someone."
                ),
                "url": reverse("guest_meeting:ask"),
            }
        )
        if sees_who_comes(participant):
            tasks.append(
                {
                    "title": "See who will be there",
                    "hint": "Who is coming, and why.",
                    "url": reverse("guest_meeting:who-will-be-there"),
                }
            )
    return [*tasks, *further_steps(participant, now=now)]


def _says(participant: Participant, act: Callable[[], object]) -> None:
    """Carry out what a guest sends. Raises ValidationError above the daily limit."""
    if not allow("guest-says:participant", participant.pk, now=timezone.now()):
        raise ValidationError(ENOUGH)
    act()


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Say whether the guest is coming; the last answer counts."""
    participant = access_as_guest(request, to="meeting")
    initial = {"reply": participant.reply} if participant.reply != Reply.NONE else {}
    form = kept_form(
        request,
        GuestAnswerForm,
        is_professional=participant.capacity == Capacity.PROFESSIONAL,
        sends_deputy=may_send_deputy(participant),
        initial=initial,
    )

    def save(data: dict[str, Any]) -> str:
        reply: str = data["reply"]
        if reply != Reply.DEPUTY:
            _says(
                participant,
                lambda: answer_as_guest(
                    participant=participant,
                    guest_session_id=request.guest.session_id,  # type: ignore[attr-defined]
                    reply=reply,
                    now=timezone.now(),
                ),
            )
        return reply

    return form_view(
        request,
        form,
        save,
        success_url=lambda reply: reverse("guest_meeting:name-deputy") if reply == Reply.DEPUTY else _thanks("answer"),
        template_name="guest_meeting/answer.html",
        draw=_drawn_for(participant),
        reminder=_reminder(participant, booked_sitting(participant.conference)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Say what the guest needs, or who should not be in the same room."""
    participant = access_as_guest(request, to="meeting")
    return form_view(
        request,
        kept_form(request, GuestAsksForm),
        lambda data: _says(
            participant,
            lambda: ask_as_guest(
                participant=participant,
                guest_session_id=request.guest.session_id,  # type: ignore[attr-defined]
                now=timezone.now(),
                **data,
            ),
        ),
        success_url=_thanks("asked"),
        template_name="guest_meeting/ask.html",
        draw=_drawn_for(participant),
        decided_within=policy_of(participant.conference.policy_version_id).limit("guest-ask").words,
    )


@require_safe
def who_will_be_there(request: HttpRequest) -> HttpResponse:
    """Show who else is coming and why, where the council's procedures or the chair allow it."""
    participant = access_as_guest(request, to="meeting")
    if not sees_who_comes(participant):
        raise GuestRequired
    people = who_comes(participant, now=timezone.now())
    return _page(request, "guest_meeting/who_will_be_there.html", participant, {"people": people})


@require_http_methods(["GET", "HEAD", "POST"])
def deputy(request: HttpRequest) -> HttpResponse:
    """Name a professional's deputy; a coordinator confirms them before anything is sent."""
    participant = access_as_guest(request, to="meeting")
    if not may_send_deputy(participant):
        raise GuestRequired
    return form_view(
        request,
        kept_form(request, NameDeputyForm),
        lambda data: _says(
            participant,
            lambda: name_deputy(
                participant=participant,
                guest_session_id=request.guest.session_id,  # type: ignore[attr-defined]
                now=timezone.now(),
                **data,
            ),
        ),
        success_url=_thanks("deputy"),
        template_name="guest_meeting/name_deputy.html",
        draw=_drawn_for(participant),
    )
