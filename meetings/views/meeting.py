"""Shared by the views of the day: the access check, the strip at the top, and pages that stop everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.drafts.typed import texts_typed
from accounts.models import User
from accounts.people.selectors.devices import device_of
from conferences.access import To, access_conference
from conferences.enums import ConferenceStatus
from conferences.services.guards import EditedMeanwhile, MeetingClosed
from conferences.views.page_context import page_context
from govuk.drafts import OWNER_FIELD
from govuk.forms import GovukForm, ReasonForm
from govuk.generic import Draw, form_view
from meetings.selectors.changes import key_of
from meetings.selectors.day_steps import TheDay
from meetings.selectors.stops import knows_of_stops
from meetings.services.guards import StoppedForSafety

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, int, P], HttpResponse]

HIDDEN = frozenset({"csrfmiddlewaretoken", OWNER_FIELD, "version", "confirm"})
# Options that form_view uses itself; anything else it is given goes to the template.
FORM_VIEW_OPTIONS = frozenset({"success_url", "success_message", "cancel_url", "button", "renamed"})


def during_the_day(view: View[P]) -> View[P]:
    """Turn exceptions that stop an act into their own page: one that waits for the chair, a closed meeting."""

    @wraps(view)
    def wrapped(request: HttpRequest, pk: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, pk, *args, **kwargs)
        except StoppedForSafety as refusal:
            return draw(
                request,
                TheDay(access_conference(request, pk)),
                "meetings/waits.html",
                status=409,
                step="",
                message=refusal.messages[0],
                typed=texts_typed(request),
            )
        except MeetingClosed as refusal:
            conference = access_conference(request, pk)
            return draw(
                request,
                TheDay(conference),
                "meetings/meeting_closed.html",
                status=409,
                step="",
                message=refusal.messages[0],
                typed=texts_typed(request),
            )

    return wrapped


def meeting(request: HttpRequest, pk: int, *, to: To = "read") -> TheDay:
    """Return the meeting as it is now, if the user may open it for this purpose.

    Raises what access_conference raises.
    """
    day = TheDay(access_conference(request, pk, to=to))
    if request.method == "GET":
        # Before anything is read: a change in between is asked for again, and never missed.
        day.live_key = key_of(day.conference.pk)
    return day


def refuse_when_over(day: TheDay) -> None:
    """Raise MeetingClosed after closing or cancelling; for pages that consist only of a form."""
    if day.conference.status == ConferenceStatus.CLOSED:
        raise MeetingClosed("This meeting is closed. What was recorded can no longer be changed here.")
    if day.conference.status == ConferenceStatus.CANCELLED:
        raise MeetingClosed("This conference was cancelled. Nothing can be recorded for it.")


def draw(
    request: HttpRequest, day: TheDay, template_name: str, *, step: str, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page of the day: the frame of the conference, the strip, and the page's own content."""
    now = timezone.now()
    around = page_context(day.conference, user=user_of(request), tab="day", today=timezone.localdate(now))
    # Only who is told of it sees a word about a child who is not safe tonight.
    private = day.is_open and bool(day.stops) and knows_of_stops(user_of(request), day.conference)
    common = {"day": day, "step": step, "now": now, "private": private, "device": device_here(request)}
    return render(request, template_name, {**around, **common, **context}, status=status)


def device_here(request: HttpRequest) -> dict[str, str] | None:
    """Return whose words may wait in this browser, as a hash; None where it is not enrolled."""
    device = device_of(request)
    if device is None:
        return None
    return {"owner": salted_hmac("meetings.waiting", f"{device.pk}:{user_of(request).pk}").hexdigest()}


def on_the_day(day: TheDay, *, step: str) -> Draw:
    """Return a function that renders a page of the day, for ``form_view``."""
    return lambda request, template_name, context: draw(request, day, template_name, step=step, **context)


def give_reason(
    request: HttpRequest,
    day: TheDay,
    save: Callable[[dict[str, Any]], object],
    *,
    step: str,
    back: str,
    success_url: str = "",
    title: str,
    label: str,
    button: str,
    field: str = "reason",
    initial: Mapping[str, Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """Ask for one reason, for an act that needs one; ``back`` names the page to return to."""
    back_url = reverse(back, args=[day.conference.pk])
    form = kept_form(request, ReasonForm, label=label, field=field, button=button, initial=initial)
    return form_view(
        request,
        form,
        save,
        success_url=success_url or back_url,
        cancel_url=back_url,
        template_name="meetings/reason.html",
        draw=on_the_day(day, step=step),
        title=title,
        **context,
    )


def tells_refusal(request: HttpRequest, act: Callable[[], object], *, about: str = "") -> bool:
    """Run ``act`` for a single button, and show a refusal at the top of the next page."""
    try:
        act()
    except (StoppedForSafety, MeetingClosed):
        raise
    except ValidationError as refusal:
        messages.error(request, f"{about}: {' '.join(refusal.messages)}" if about else " ".join(refusal.messages))
        return False
    return True


def edited_together(
    request: HttpRequest,
    form: GovukForm,
    save: Callable[[dict[str, Any]], object],
    *,
    texts: Sequence[str],
    draw: Draw,
    template_name: str,
    **options: Any,
) -> HttpResponse:
    """Run ``form_view`` for text that several people edit: a second editor sees both and chooses.

    ``texts`` are the fields to compare. When submitted again, the form overwrites the other person's text.
    """
    try:
        return form_view(request, form, save, draw=draw, template_name=template_name, **options)
    except EditedMeanwhile as refusal:
        theirs: Any = refusal.current
        form.data["version"] = str(theirs.version)  # type: ignore[index]
        form.cancel_text = "Keep theirs"
        their_name, their_when = who_changed(theirs)
        context = {
            "form": form,
            "theirs": theirs,
            "theirs_text": "\n".join(getattr(theirs, name) for name in texts),
            "yours": "\n".join(form.data.get(name, "") for name in texts),
            "their_name": their_name,
            "their_when": their_when,
        }
        known = {name: value for name, value in options.items() if name not in FORM_VIEW_OPTIONS}
        return draw(request, template_name, {**known, **context})


def replaced_knowingly(
    form: GovukForm, save: Callable[[dict[str, Any]], object], *, words: str
) -> Callable[[dict[str, Any]], object]:
    """Return ``save`` for a form whose earlier entry is not shown beside the new one.

    Where someone else recorded it in between, the form says so in ``words``, with their name in front, and replaces
    theirs when submitted again.
    """

    def saved(data: dict[str, Any]) -> object:
        try:
            return save(data)
        except EditedMeanwhile as refusal:
            form.data["version"] = str(refusal.current.version)  # type: ignore[index, attr-defined]
            raise ValidationError(f"{who_changed(refusal.current)[0]} {words}") from None

    return saved


def over_theirs(posted: QueryDict, current: Model) -> QueryDict:
    """Return the posted data, ready to be submitted again over someone else's newer text."""
    again = posted.copy()
    again["version"] = str(current.version)  # type: ignore[attr-defined]
    return again


def who_changed(row: Model) -> tuple[str, Any]:
    """Return who wrote the present text of a row, and when, from its history."""
    event = row.events.select_related("pgh_context").order_by("-pgh_id").first()  # type: ignore[attr-defined]
    if event is None:
        return "Someone else", None
    user_id = event.pgh_context.metadata.get("user") if event.pgh_context else None
    user = User.objects.filter(pk=user_id).first() if user_id else None
    return (user.name if user else "Someone else"), event.pgh_created_at
