"""One page for everything a person is asked: a score and a view about each child, on whichever device they have."""

from __future__ import annotations

import abc
import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.drafts.typed import texts_typed
from accounts.throttling import allow
from conferences.enums import Presence
from conferences.guest_access import access_as_guest
from conferences.models import ConferenceChild, Participant
from conferences.selectors.children import short_name_of
from conferences.services.guards import MeetingClosed
from conferences.views.guest_parts import ENOUGH, drawn_for
from govuk.generic import Draw, form_view
from meetings.enums import AnswerKind, StopGround, ViewStatus
from meetings.forms.own_answers import RATHER_NOT, SHOW, AnswersForm, DangerForm
from meetings.own_access import access_own_place
from meetings.selectors.changes import Following
from meetings.selectors.day_steps import TheDay
from meetings.selectors.own_answers import OwnAnswers, own_answers
from meetings.selectors.own_following import following_own
from meetings.services.own_answers import Taken, give_answers
from meetings.services.safety import raise_stop

TEMPLATE = "meetings/own_answers.html"


@dataclass(frozen=True, kw_only=True)
class Desk(abc.ABC):
    """One person at one device: who they are, how their pages are drawn, and where they go on.

    ``ConferenceDesk`` stands in a conference; core groups have one of their own.
    """

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
    # What lets the page follow what its person is asked; None where nothing does.
    follows: Callable[[OwnAnswers], Following | None] = lambda _: None
    # Whether the device is passed round: its page keeps nothing of whoever had it.
    is_passed_round: bool = False
    # Who leads the meeting, who is told of danger, and who writes down what is said.
    leader: ClassVar[str] = "the chair"
    told: ClassVar[str] = "the chair and the social worker"
    writer: ClassVar[str] = "the coordinator"

    @property
    @abc.abstractmethod
    def caption(self) -> str:
        """Return of which meeting this is and who answers."""

    @abc.abstractmethod
    def own(self) -> OwnAnswers:
        """Return what this person is asked now."""

    @abc.abstractmethod
    def give(self, form: AnswersForm, *, now: datetime.datetime) -> Taken:
        """Keep what this person says."""

    @abc.abstractmethod
    def children(self) -> dict[int, str]:
        """Return, by id, the names of the children in whose matter this person is here; none if they are not here."""

    @abc.abstractmethod
    def tell(self, child_pk: int, said: str, *, now: datetime.datetime) -> object:
        """Tell whoever acts on it, and nobody else, that a child is not safe tonight."""

    @property
    def stop_by(self) -> dict[str, Any]:
        """Return who raises a stop; it belongs to no turn."""
        return {name: value for name, value in self.who.items() if name != "turn"}


@dataclass(frozen=True, kw_only=True)
class ConferenceDesk(Desk):
    """The desk of a participant of a conference."""

    participant: Participant

    @property
    def caption(self) -> str:
        return f"Meeting {self.participant.conference.reference} · {self.participant.person.full_name}"

    def own(self) -> OwnAnswers:
        return own_answers(TheDay(self.participant.conference), [self.participant.person_id])

    def give(self, form: AnswersForm, *, now: datetime.datetime) -> Taken:
        return give_answers(
            conference=self.participant.conference,
            persons=[self.participant.person_id],
            scores=form.scores(),
            views=form.views(),
            who=self.who,
            now=now,
        )

    def _rows(self) -> dict[int, ConferenceChild]:
        day = TheDay(self.participant.conference)
        own = [row for row in day.attendees if row.participant.person_id == self.participant.person_id]
        return {child.pk: child for child in day.children if any(row.concerns(child) for row in own)}

    def children(self) -> dict[int, str]:
        return {pk: short_name_of(row.child) for pk, row in self._rows().items()}

    def tell(self, child_pk: int, said: str, *, now: datetime.datetime) -> object:
        day = TheDay(self.participant.conference)
        own = [row for row in day.attendees if row.participant.person_id == self.participant.person_id]
        if not any(row.presence == Presence.PRESENT for row in own):
            raise ValidationError("You are not in the meeting now. Ring the number on this page, or 999.")
        return raise_stop(
            conference_child=self._rows()[child_pk],
            ground=StopGround.SAID,
            said_by=self.participant,
            said=said,
            now=now,
            **self.stop_by,
        )


def _in_words(own: OwnAnswers, desk: Desk) -> str:
    """Return why nothing is asked now."""
    if not own.is_open:
        return "The meeting is not open. Nothing is asked of you now."
    if not own.is_here:
        return f"You are not written down as being in this part of the meeting. If you are here, tell {desk.writer}."
    if own.views_later:
        return "You are asked for your view once the plan is drafted. Look again then."
    return "Nothing is asked of you now."


def answers_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show what one person is asked, and take it; what comes too late is given back in their own words."""
    own = desk.own()
    following = desk.follows(own) if request.method != "POST" else None
    late = _not_asked_any_more(request, own) if request.method == "POST" else []
    around: dict[str, Any] = {
        "own": own,
        "desk": desk,
        "why_nothing": _in_words(own, desk),
        "late": late,
        "following": following,
    }
    if not own.is_asked:
        if request.method == "POST":
            return _too_late(request, desk, own, Taken(too_late=late), [] if late else texts_typed(request))
        return desk.draw(request, TEMPLATE, {**around, "sent": "sent" in request.GET})
    definitions = {category.code: category.definition for category in own.policy.categories}
    form = kept_form(request, desk.form, own=own, definitions=definitions)
    if late and not any(request.POST.get(name, "").strip() for name in form.fields if name != SHOW):
        return _too_late(request, desk, own, Taken(too_late=late), [])
    taken: list[Taken] = []

    def save(_: dict[str, Any]) -> None:
        desk.may_send()
        taken.append(desk.give(form, now=timezone.now()))

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
        return _too_late(request, desk, own, Taken(), texts_typed(request))
    if taken and (late or taken[0].too_late):
        taken[0].too_late[:0] = late
        return _too_late(request, desk, own, taken[0], [])
    return answer


def _not_asked_any_more(request: HttpRequest, own: OwnAnswers) -> list[tuple[int, str, str]]:
    """Return what was typed about a child of whom it is not asked any more: its fields are on the form no longer."""
    asked = {one.child.pk: one for one in own.children}
    found = []
    for child_pk in own.names:
        one = asked.get(child_pk)
        for kind, is_asked, first, why in (
            (AnswerKind.SCORE, one is not None and one.score, "score", "why"),
            (AnswerKind.VIEW, one is not None and one.view, "status", "reason"),
        ):
            chosen, words = (request.POST.get(f"{name}_{child_pk}", "").strip() for name in (first, why))
            if not is_asked and (chosen or words):
                chosen = str(dict([*ViewStatus.choices, RATHER_NOT]).get(chosen, chosen))
                found.append((child_pk, str(kind), ". ".join(filter(None, (chosen, words)))))
    return found


def _too_late(request: HttpRequest, desk: Desk, own: OwnAnswers, taken: Taken, typed: list[str]) -> HttpResponse:
    """Give back the words that came after the round had ended; nothing that was typed is lost."""
    late = [(own.names.get(pk, "A child"), kind, words) for pk, kind, words in taken.too_late]
    return _given_back(request, desk, late=late, typed=typed, saved=taken.saved)


def _given_back(request: HttpRequest, desk: Desk, **context: Any) -> HttpResponse:
    response = desk.draw(request, "meetings/own_too_late.html", {"desk": desk, **context})
    response.status_code = 409
    return response


def danger_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Tell whoever leads the meeting and the social worker, and nobody else, that a child is not safe tonight."""
    children = {str(pk): name for pk, name in desk.children().items()}
    form = kept_form(request, desk.danger, children=children, told=desk.told)
    try:
        return form_view(
            request,
            form,
            lambda data: desk.tell(int(data["child"]), data["said"], now=timezone.now()),
            success_url=lambda _: f"{desk.danger_url}?told=1",
            cancel_url=desk.url,
            template_name="meetings/own_danger.html",
            draw=desk.draw,
            desk=desk,
            told="told" in request.GET,
        )
    except MeetingClosed:
        return _given_back(request, desk, late=[], typed=texts_typed(request), saved=[])


# Staff and professionals with an account.


def _staff_desk(request: HttpRequest, pk: int) -> Desk:
    participant = access_own_place(request, pk)
    url = reverse("meetings:own-answers", args=[pk])
    around = {"shell": "meetings/own_shell.html", "conference": participant.conference, "participant": participant}
    return ConferenceDesk(
        participant=participant,
        who={"by": user_of(request)},
        draw=lambda request, template, context: render(request, template, {**around, **context}),
        url=url,
        danger_url=reverse("meetings:own-danger", args=[pk]),
        follows=lambda own: following_own(participant, own, by_link=False),
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
    return ConferenceDesk(
        participant=participant,
        who={"guest_session_id": request.guest.session_id},  # type: ignore[attr-defined]
        draw=lambda request, template, context: drawn(request, template, {"shell": "guests/base.html", **context}),
        url=url,
        danger_url=reverse("guest_answers:danger"),
        follows=lambda own: following_own(participant, own, by_link=True),
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
