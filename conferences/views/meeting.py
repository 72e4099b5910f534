"""What the views of the day share: the door, the strip at the top, and the pages that stop everything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from accounts.access import user_of
from accounts.models import User
from conferences.access import To, access_conference
from conferences.day_forms import SettleStopForm
from conferences.enums import ConferenceStatus
from conferences.frame import frame
from conferences.selectors.day_steps import TheDay
from conferences.services.in_session import EditedMeanwhile, MeetingClosed, StoppedForSafety
from govuk.drafts import OWNER_FIELD
from govuk.forms import clean_text

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, int, P], HttpResponse]

HIDDEN = frozenset({"csrfmiddlewaretoken", OWNER_FIELD, "version", "confirm"})
WORTH_SHOWING = 12


def during_the_day(view: View[P]) -> View[P]:
    """Turn what stops every page of the day into its own page: an unsettled safety stop, a closed meeting."""

    @wraps(view)
    def wrapped(request: HttpRequest, pk: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, pk, *args, **kwargs)
        except StoppedForSafety:
            return stopped_page(
                request, TheDay(access_conference(request, pk)), posted=request.method == "POST"
            )
        except MeetingClosed as refusal:
            conference = access_conference(request, pk)
            return draw(
                request,
                TheDay(conference),
                "meeting_closed",
                status=409,
                step="",
                message=refusal.messages[0],
                typed=what_was_typed(request),
            )

    return wrapped


def meeting(request: HttpRequest, pk: int, *, to: To = "read", in_spite_of_stop: bool = False) -> TheDay:
    """The gatekeeper of the day: the meeting as it stands, if the user may open it for this.

    Raises what access_conference raises, and StoppedForSafety while a child is not safe tonight.
    """
    conference = access_conference(request, pk, to=to)
    day = TheDay(conference)
    if day.stops and not in_spite_of_stop:
        raise StoppedForSafety("A child is not safe tonight.")
    return day


def refuse_when_over(day: TheDay) -> None:
    """For pages that are nothing but a form: raises MeetingClosed after closing or cancelling."""
    if day.conference.status == ConferenceStatus.CLOSED:
        raise MeetingClosed("This meeting is closed. What was recorded can no longer be changed here.")
    if day.conference.status == ConferenceStatus.CANCELLED:
        raise MeetingClosed("This conference was cancelled. Nothing can be recorded for it.")


def draw(
    request: HttpRequest, day: TheDay, template: str, *, step: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the day: the frame of the conference, the strip, and what the page adds."""
    now = timezone.now()
    around = frame(
        day.conference,
        user=user_of(request),
        tab="day",
        today=timezone.localdate(now),
    )
    return render(
        request,
        f"conferences/{template}.html",
        {**around, "day": day, "step": step, "now": now, **context},
        status=status,
    )


def stopped_page(
    request: HttpRequest, day: TheDay, *, posted: bool = False, form: BaseForm | None = None
) -> HttpResponse:
    """The only page there is while a child is not safe tonight."""
    return draw(
        request,
        day,
        "settle_stop",
        step="",
        status=409 if posted else 200,
        form=form or SettleStopForm(),
        stop=day.stops[0],
        typed=what_was_typed(request) if posted else [],
    )


def what_was_typed(request: HttpRequest) -> list[str]:
    """The longer texts of a form that could not be accepted, so that nothing typed is lost."""
    return [
        clean_text(str(value))
        for name, values in request.POST.lists()
        if name not in HIDDEN
        for value in values
        if len(str(value)) >= WORTH_SHOWING
    ]


def accepts(form: Any, act: Callable[[], object]) -> bool:
    """Like ``form.accepts``, but lets through what concerns more than the form: a stop, the end, another editor."""
    stopping: list[ValidationError] = []

    def run() -> None:
        try:
            act()
        except (StoppedForSafety, MeetingClosed, EditedMeanwhile) as refusal:
            stopping.append(refusal)

    accepted: bool = form.accepts(run)
    if stopping:
        raise stopping[0]
    return accepted


def tells_refusal(request: HttpRequest, act: Callable[[], object], *, about: str = "") -> bool:
    """Run ``act`` for a single button: what it refuses is said at the top of the next page."""
    try:
        act()
    except (StoppedForSafety, MeetingClosed):
        raise
    except ValidationError as refusal:
        messages.error(
            request, f"{about}: {' '.join(refusal.messages)}" if about else " ".join(refusal.messages)
        )
        return False
    return True


@contextmanager
def fields_named(**names: str) -> Iterator[None]:
    """Give what a service refuses inside the block the names that the form has for its arguments."""
    try:
        yield
    except ValidationError as refusal:
        if not hasattr(refusal, "error_dict"):
            raise
        by_field = {names.get(name, name): said for name, said in refusal.message_dict.items()}
        raise ValidationError(by_field) from refusal


def over_theirs(posted: QueryDict, current: Model) -> QueryDict:
    """What was posted, made ready to be sent again over what somebody else wrote meanwhile."""
    again = posted.copy()
    again["version"] = str(current.version)  # type: ignore[attr-defined]
    return again


def who_changed(row: Model) -> tuple[str, Any]:
    """Who wrote the present text of a row, and when, from its history."""
    event = row.events.select_related("pgh_context").order_by("-pgh_id").first()  # type: ignore[attr-defined]
    if event is None:
        return "Somebody else", None
    user_id = event.pgh_context.metadata.get("user") if event.pgh_context else None
    user = User.objects.filter(pk=user_id).first() if user_id else None
    return (user.name if user else "Somebody else"), event.pgh_created_at
