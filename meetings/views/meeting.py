"""What the views of the day share: the door, the strip at the top, and the pages that stop everything else."""

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

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.models import User
from conferences.access import To, access_conference
from conferences.enums import ConferenceStatus
from conferences.services.guards import EditedMeanwhile, MeetingClosed
from conferences.views.page_context import page_context
from govuk.drafts import OWNER_FIELD
from govuk.forms import GovukForm, ReasonForm, clean_text
from govuk.generic import Draw, form_view
from meetings.forms.safety import SettleStopForm
from meetings.selectors.day_steps import TheDay
from meetings.services.guards import StoppedForSafety

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, int, P], HttpResponse]

HIDDEN = frozenset({"csrfmiddlewaretoken", OWNER_FIELD, "version", "confirm"})
WORTH_SHOWING = 12
# What form_view keeps to itself; the rest of what it is given goes to the template.
FORM_VIEW_OPTIONS = frozenset({"success_url", "success_message", "cancel_url", "button", "renamed"})


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
                "meetings/meeting_closed.html",
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
    request: HttpRequest, day: TheDay, template_name: str, *, step: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the day: the frame of the conference, the strip, and what the page adds."""
    now = timezone.now()
    around = page_context(
        day.conference,
        user=user_of(request),
        tab="day",
        today=timezone.localdate(now),
    )
    return render(
        request,
        template_name,
        {**around, "day": day, "step": step, "now": now, **context},
        status=status,
    )


def on_the_day(day: TheDay, *, step: str) -> Draw:
    """Draws a page of the day; for ``form_view``."""
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
    """A page that asks for one reason, for what must not happen silently; ``back`` names where it leads."""
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


def stopped_page(
    request: HttpRequest, day: TheDay, *, posted: bool = False, form: GovukForm | None = None
) -> HttpResponse:
    """The only page there is while a child is not safe tonight."""
    stop = day.stops[0]
    form = form or SettleStopForm()
    form.helper.form_action = reverse("meetings:settle-stop", args=[day.conference.pk, stop.pk])
    return draw(
        request,
        day,
        "meetings/settle_stop.html",
        step="",
        status=409 if posted else 200,
        form=form,
        stop=stop,
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
    """``form_view`` of what several people write: a second editor sees both texts and chooses.

    ``texts`` are the fields to compare. Sent again, the form is saved over what the other wrote.
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


def over_theirs(posted: QueryDict, current: Model) -> QueryDict:
    """What was posted, made ready to be sent again over what somebody else wrote meanwhile."""
    again = posted.copy()
    again["version"] = str(current.version)  # type: ignore[attr-defined]
    return again


def who_changed(row: Model) -> tuple[str, Any]:
    """Who wrote the present text of a row, and when, from its history."""
    event = row.events.select_related("pgh_context").order_by("-pgh_id").first()  # type: ignore[attr-defined]
    if event is None:
        return "Someone else", None
    user_id = event.pgh_context.metadata.get("user") if event.pgh_context else None
    user = User.objects.filter(pk=user_id).first() if user_id else None
    return (user.name if user else "Someone else"), event.pgh_created_at
