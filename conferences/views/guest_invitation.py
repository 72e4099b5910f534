"""Pages for an invited person without an account: day, place and answer, revealing nothing of anyone else."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.drafts.forms import kept_form
from accounts.guests.access import GuestRequired, other_pages
from conferences.access import UPCOMING
from conferences.enums import AFTERWARDS, BEFOREHAND, Capacity, ConferenceStatus, DeputyState, Need, Reply
from conferences.forms.guests import GuestAnswerForm, GuestAsksForm, NameDeputyForm
from conferences.guest_access import INVITATION, access_as_guest, has_deputy, may_send_deputy
from conferences.guest_steps import follows, further_steps
from conferences.models import Participant
from conferences.selectors.absences import absences_for
from conferences.selectors.arrivals import own_place, own_times
from conferences.selectors.asks import asks_of
from conferences.selectors.family_home import chair_of, meets_chair, words_for_child
from conferences.selectors.guests import sees_who_comes, who_comes
from conferences.selectors.online import online_rules_for
from conferences.selectors.recording import recording_words
from conferences.services.deputies import name_deputy
from conferences.services.guest_answers import answer_as_guest, ask_as_guest
from conferences.services.sending import booked_sitting
from conferences.views.agency_requests import FOR_AGENCIES, asks_as_agency
from conferences.views.guest_family import family_page
from conferences.views.guest_parts import drawn_for, page_of, reminder_for, says, thanks
from deadlines.policies import policy_of
from govuk import words
from govuk.generic import form_view


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the guest's own page: when, where, what to do beforehand; each step as it becomes open to them."""
    participant = access_as_guest(request, to="home")
    now, conference = timezone.now(), participant.conference
    sitting = booked_sitting(conference)
    is_open = conference.status in UPCOMING and not has_deputy(participant) and sitting is not None
    if participant.is_family:
        return family_page(request, participant, sitting if is_open else None, now=now)
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
        "reminder": reminder_for(participant, sitting) if is_open and sitting else "",
        "online_rules": online_rules_for(participant) if is_open else [],
        "recording": recording_words(conference),
        "following": follows(participant, now=now),
    }
    return page_of(request, "guest_meeting/home.html", participant, context)


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
    if asks_as_agency(participant):
        tasks.append(
            {"title": "Ask for a conference", "hint": FOR_AGENCIES, "url": reverse("guest_meeting:ask-for-conference")}
        )
    return [*tasks, *further_steps(participant, now=now)]


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Say whether the guest is coming; the last answer counts."""
    participant = access_as_guest(request, to="meeting")
    initial = {"reply": participant.reply} if participant.reply != Reply.NONE else {}
    say = words_for_child(participant, now=timezone.now())
    form = kept_form(
        request,
        GuestAnswerForm,
        is_professional=participant.capacity == Capacity.PROFESSIONAL,
        sends_deputy=may_send_deputy(participant),
        say=say,
        initial=initial,
    )

    def save(data: dict[str, Any]) -> str:
        reply: str = data["reply"]
        if reply != Reply.DEPUTY:
            says(
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
        success_url=lambda reply: reverse("guest_meeting:name-deputy") if reply == Reply.DEPUTY else thanks("answer"),
        template_name="guest_meeting/answer.html",
        draw=drawn_for(participant),
        say=say,
        reminder=reminder_for(participant, booked_sitting(participant.conference)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Say what the guest needs, or who should not be in the same room; of the family, after the meeting too."""
    participant = access_as_guest(request, to="home")
    is_over = participant.conference.status not in UPCOMING
    if has_deputy(participant) or (is_over and not participant.is_family):
        raise GuestRequired
    policy = policy_of(participant.conference.policy_version_id)
    say = words_for_child(participant, now=timezone.now())
    # Who is grown up complains on a page of its own.
    afterwards = [need for need in AFTERWARDS if say or need != Need.COMPLAIN]
    return form_view(
        request,
        kept_form(request, GuestAsksForm, needs=afterwards if is_over else BEFOREHAND, say=say),
        lambda data: says(
            participant,
            lambda: ask_as_guest(
                participant=participant,
                guest_session_id=request.guest.session_id,  # type: ignore[attr-defined]
                now=timezone.now(),
                **data,
            ),
        ),
        success_url=thanks("asked"),
        template_name="guest_meeting/ask.html",
        draw=drawn_for(participant),
        decided_within=policy.limit("guest-ask").words,
        answered_within=policy.limit("guest-answer").words,
        is_over=is_over,
        say=say,
        asks=asks_of(participant, say=say),
    )


@require_safe
def who_will_be_there(request: HttpRequest) -> HttpResponse:
    """Show who else is coming and why, where the council's procedures or the chair allow it."""
    participant = access_as_guest(request, to="meeting")
    if not sees_who_comes(participant):
        raise GuestRequired
    people = who_comes(participant, now=timezone.now())
    sitting = booked_sitting(participant.conference)
    context = {
        "people": people,
        "on_screen": sum(one.on_screen for one in people),
        "in_room": sum(not one.on_screen for one in people),
        "chair": chair_of(participant.conference),
        "absences": absences_for(participant, now=timezone.now()),
        "meets_chair": meets_chair(participant, sitting) if sitting is not None else "",
    }
    return page_of(request, "guest_meeting/who_will_be_there.html", participant, context)


@require_http_methods(["GET", "HEAD", "POST"])
def deputy(request: HttpRequest) -> HttpResponse:
    """Name a professional's deputy; a coordinator confirms them before anything is sent."""
    participant = access_as_guest(request, to="meeting")
    if not may_send_deputy(participant):
        raise GuestRequired
    return form_view(
        request,
        kept_form(request, NameDeputyForm),
        lambda data: says(
            participant,
            lambda: name_deputy(
                participant=participant,
                guest_session_id=request.guest.session_id,  # type: ignore[attr-defined]
                now=timezone.now(),
                **data,
            ),
        ),
        success_url=thanks("deputy"),
        template_name="guest_meeting/name_deputy.html",
        draw=drawn_for(participant),
    )
