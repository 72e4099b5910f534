"""One page for everything a person is asked: a score and a view about each child, on whichever device they have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.throttling import allow
from conferences.enums import ConferenceStatus, Presence
from conferences.guest_access import access_as_guest
from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.children import short_name_of
from conferences.services.guards import MeetingClosed
from conferences.views.guest_parts import ENOUGH, drawn_for
from govuk.generic import Draw, form_view
from meetings.enums import AnswerKind, StopGround, ViewStatus
from meetings.forms.own_answers import RATHER_NOT, SHOW, AnswersForm, DangerForm
from meetings.own_access import access_own_place
from meetings.selectors.day_steps import TheDay
from meetings.selectors.own_answers import OwnAnswers, own_answers
from meetings.services.own_answers import Taken, give_answers
from meetings.services.safety import raise_stop
from meetings.views.meeting import what_was_typed

TEMPLATE = "meetings/own_answers.html"


@dataclass(frozen=True)
class Desk:
    """One person at one device: who they are, how their pages are drawn, and where they go on."""

    participant: Participant
    who: dict[str, Any]
    draw: Draw
    url: str
    danger_url: str
    form: type[AnswersForm] = AnswersForm
    danger: type[DangerForm] = DangerForm
    # Called before anything is kept; refuses with a ValidationError.
    may_send: Callable[[], object] = lambda: None
    # Called when something was sent; where the page goes on then.
    sent: Callable[[], str] = lambda: ""

    @property
    def conference(self) -> Conference:
        return self.participant.conference

    def own(self) -> OwnAnswers:
        return own_answers(TheDay(self.conference), [self.participant.person_id])


def _in_words(own: OwnAnswers) -> str:
    """Return why nothing is asked now."""
    if own.day.conference.status != ConferenceStatus.OPEN:
        return "The meeting is not open. Nothing is asked of you now."
    if not own.is_here:
        return "You are not written down as being in this part of the meeting. If you are here, tell the coordinator."
    if own.views_later:
        return "You are asked for your view once the plan is drafted. Look again then."
    return "Nothing is asked of you now."


def answers_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show what one person is asked, and take it; what comes too late is given back in their own words."""
    own = desk.own()
    late = _not_asked_any_more(request, own) if request.method == "POST" else []
    around: dict[str, Any] = {"own": own, "desk": desk, "why_nothing": _in_words(own), "late": late}
    if not own.is_asked:
        if request.method == "POST":
            return _too_late(request, desk, Taken(too_late=late), [] if late else what_was_typed(request))
        return desk.draw(request, TEMPLATE, {**around, "sent": "sent" in request.GET})
    definitions = {category.code: category.definition for category in own.policy.categories}
    form = kept_form(request, desk.form, own=own, definitions=definitions)
    if late and not any(request.POST.get(name, "").strip() for name in form.fields if name != SHOW):
        return _too_late(request, desk, Taken(too_late=late), [])
    taken: list[Taken] = []

    def save(_: dict[str, Any]) -> None:
        desk.may_send()
        taken.append(
            give_answers(
                conference=desk.conference,
                persons=[desk.participant.person_id],
                scores=form.scores(),
                views=form.views(),
                who=desk.who,
                now=timezone.now(),
            )
        )

    try:
        answer = form_view(
            request,
            form,
            save,
            success_url=lambda _: desk.sent() if taken[0].saved else desk.url,
            template_name=TEMPLATE,
            draw=desk.draw,
            sent="sent" in request.GET,
            **around,
        )
    except MeetingClosed:
        return _too_late(request, desk, Taken(), what_was_typed(request))
    if taken and (late or taken[0].too_late):
        taken[0].too_late[:0] = late
        return _too_late(request, desk, taken[0], [])
    return answer


def _not_asked_any_more(request: HttpRequest, own: OwnAnswers) -> list[tuple[ConferenceChild, str, str]]:
    """Return what was typed about a child of whom it is not asked any more: its fields are on the form no longer."""
    asked = {one.child.pk: one for one in own.children}
    found = []
    for child in own.day.children:
        one = asked.get(child.pk)
        for kind, is_asked, first, why in (
            (AnswerKind.SCORE, one is not None and one.score, "score", "why"),
            (AnswerKind.VIEW, one is not None and one.view, "status", "reason"),
        ):
            chosen, words = (request.POST.get(f"{name}_{child.pk}", "").strip() for name in (first, why))
            if not is_asked and (chosen or words):
                chosen = str(dict([*ViewStatus.choices, RATHER_NOT]).get(chosen, chosen))
                found.append((child, str(kind), ". ".join(filter(None, (chosen, words)))))
    return found


def _too_late(request: HttpRequest, desk: Desk, taken: Taken, typed: list[str]) -> HttpResponse:
    """Give back the words that came after the round had ended; nothing that was typed is lost."""
    late = [(short_name_of(child.child), kind, words) for child, kind, words in taken.too_late]
    response = desk.draw(
        request, "meetings/own_too_late.html", {"desk": desk, "late": late, "typed": typed, "saved": taken.saved}
    )
    response.status_code = 409
    return response


def danger_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Tell chair and social worker, and nobody else, that a child is not safe tonight."""
    day = TheDay(desk.conference)
    rows = [row for row in day.attendees if row.participant.person_id == desk.participant.person_id]
    children = [row for row in day.children if any(one.concerns(row) for one in rows)]
    here = any(row.presence == Presence.PRESENT for row in rows)
    form = kept_form(request, desk.danger, children={str(row.pk): short_name_of(row.child) for row in children})
    by_pk = {str(row.pk): row for row in children}

    def save(data: dict[str, Any]) -> None:
        if not here:
            raise ValidationError("You are not in the meeting now. Ring the number on this page, or 999.")
        who = {name: value for name, value in desk.who.items() if name != "turn"}
        raise_stop(
            conference_child=by_pk[data["child"]],
            ground=StopGround.SAID,
            said_by=desk.participant,
            said=data["said"],
            now=timezone.now(),
            **who,
        )

    try:
        return form_view(
            request,
            form,
            save,
            success_url=lambda _: f"{desk.danger_url}?told=1",
            cancel_url=desk.url,
            template_name="meetings/own_danger.html",
            draw=desk.draw,
            desk=desk,
            told="told" in request.GET,
            conference=desk.conference,
        )
    except MeetingClosed:
        return _too_late(request, desk, Taken(), what_was_typed(request))


# Staff and professionals with an account.


def _staff_desk(request: HttpRequest, pk: int) -> Desk:
    participant = access_own_place(request, pk)
    url = reverse("meetings:own-answers", args=[pk])
    around = {"shell": "meetings/own_shell.html", "conference": participant.conference, "participant": participant}
    return Desk(
        participant,
        {"by": user_of(request)},
        lambda request, template, context: render(request, template, {**around, **context}),
        url,
        reverse("meetings:own-danger", args=[pk]),
        sent=lambda: f"{url}?sent=1",
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_answers_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Let someone with an account enter their own scores and views."""
    return answers_page(request, _staff_desk(request, pk))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_danger_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Let someone with an account tell chair and social worker in private."""
    return danger_page(request, _staff_desk(request, pk))


# Professionals and family by their own link.


def _guest_desk(request: HttpRequest) -> Desk:
    participant = access_as_guest(request, to="home")
    drawn = drawn_for(participant)

    def may_send() -> None:
        if not allow("guest-answers:participant", participant.pk, now=timezone.now()):
            raise ValidationError(ENOUGH)

    url = reverse("guest_answers:answers")
    return Desk(
        participant,
        {"guest_session_id": request.guest.session_id},  # type: ignore[attr-defined]
        lambda request, template, context: drawn(request, template, {"shell": "guests/base.html", **context}),
        url,
        reverse("guest_answers:danger"),
        may_send=may_send,
        sent=lambda: f"{url}?sent=1",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def guest_answers_page(request: HttpRequest) -> HttpResponse:
    """Let someone who came in by link enter their own scores and views."""
    return answers_page(request, _guest_desk(request))


@require_http_methods(["GET", "HEAD", "POST"])
def guest_danger_page(request: HttpRequest) -> HttpResponse:
    """Let someone who came in by link tell chair and social worker in private."""
    return danger_page(request, _guest_desk(request))
