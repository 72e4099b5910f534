"""Request a conference, choose its date, move it, cancel it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.enums import Role
from accounts.models import Authority
from conferences.access import access_conference
from conferences.enums import ConferenceKind, ConferenceStatus, Mode
from conferences.forms import BookingForm, MoveForm, RequestForm, ScheduleForm, initial_booking
from conferences.selectors.children import children_in, heading_of, initials_of
from conferences.selectors.enquiries import last_day_for, waiting_enquiries
from conferences.selectors.progress import current_sitting
from conferences.selectors.transfers import last_day_of_transfers, waiting_transfers
from conferences.selectors.windows import diaries_on, effects_of, holders, rooms_of, slots_on, window_weeks
from conferences.services.booking import BookedFor, booked_for, weekend_words
from conferences.services.scheduling import cancel_conference, convene_conference, move_sitting, request_conference
from conferences.views.page_context import on_page_of
from deadlines.policies import Policy, policy_for, policy_of
from deadlines.working_days.arithmetic import civil_day
from deadlines.working_days.calendars import calendar_for
from families.access import access_family
from families.models import Child, Enquiry, Family, TransferIn
from families.selectors import children_of
from govuk import words
from govuk.date_fields import DateInput, DateInputField
from govuk.forms import ReasonForm
from govuk.generic import form_view

# What a free slot sets in the booking form.
SLOT_FILLS = frozenset({"start", "chair", "room"})


def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the day, then book the conference for children of the family."""
    family = access_family(request, pk, to="change")
    now, today = timezone.now(), timezone.localdate()
    policy = policy_for(family.authority, on=today)
    children = children_of(family, on=today)
    led_to = _led_to(family)
    day = _asked_day(request)
    weekend = BookedFor(authority_id=family.authority_id, is_initial=bool(led_to.child_ids))
    if request.method != "POST" and (day is None or weekend.is_closed_to(day)):
        return _choose_day(request, family, list(children), led_to, policy, today=today)
    form = kept_form(
        request,
        ScheduleForm,
        children=children,
        enquiries=led_to.enquiries,
        transfers=led_to.transfers,
        kinds=_kinds(children, led_to),
        on=today,
        initial=_initial(request, day, children, led_to, policy, family),
        booked_for=BookedFor(authority_id=family.authority_id),
        **_choices(family.authority, policy, now=now),
    )
    form = _with_slot(request, form)

    about: dict[str, Any] = {
        "family": family,
        "heading": words.listed([initials_of(child) for child in children if child.pk in led_to.child_ids]),
    }

    def draw(request: HttpRequest, template_name: str, context: dict[str, Any]) -> HttpResponse:
        beside = _beside(form, family, led_to, policy, now=now)
        return render(request, template_name, {**context, **beside})

    if request.method == "POST" and not form.is_bound:
        return draw(request, "conferences/schedule.html", {"form": form, **about})
    return form_view(
        request,
        form,
        lambda data: convene_conference(
            family=family,
            children=form.chosen_children(),
            reason=data["reason"],
            booking=form.booking(),
            by=user_of(request),
            now=now,
        ),
        success_url=lambda made: reverse("conferences:people", args=[made.pk]),
        success_message=lambda made: f"Conference {made.reference} is booked. Nothing has been sent yet.",
        template_name="conferences/schedule.html",
        draw=draw,
        **about,
    )


def _with_slot(request: HttpRequest, form: ScheduleForm) -> ScheduleForm:
    """Return the form with the free slot that was clicked filled in, and everything else as it was typed."""
    if request.method != "POST" or "slot" not in request.POST:
        return form
    typed = request.POST.copy()
    for name, values in QueryDict(request.POST["slot"]).lists():
        if name in SLOT_FILLS and not (name == "room" and typed.get("mode") == Mode.ONLINE):
            typed.setlist(name, values)
    form.unbind()
    form.restore(typed)
    return form


def _choices(authority: Authority, policy: Policy, *, now: datetime.datetime) -> dict[str, Any]:
    """Return the people and rooms offered by the booking form, and when it is filled in."""
    today = civil_day(now)
    return {
        "now": now,
        "policy": policy,
        "chairs": holders(authority, Role.CHAIR, on=today),
        "coordinators": holders(authority, Role.COORDINATOR, on=today),
        "rooms": rooms_of(authority),
    }


def ask_for_conference(request: HttpRequest, pk: int) -> HttpResponse:
    """Request a conference from the conference service, which then chooses its date."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    children = children_of(family, on=today)
    led_to = _led_to(family)
    form = kept_form(
        request,
        RequestForm,
        children=children,
        enquiries=led_to.enquiries,
        transfers=led_to.transfers,
        kinds=_kinds(children, led_to),
        on=today,
        initial={"children": [child.pk for child in children if child.pk in led_to.child_ids]},
    )
    return form_view(
        request,
        form,
        lambda data: request_conference(
            family=family,
            children=form.chosen_children(),
            reason=data["reason"],
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=lambda made: reverse("conferences:overview", args=[made.pk]),
        success_message=lambda made: (
            f"You have asked for conference {made.reference}. Its date still has to be chosen."
        ),
        template_name="conferences/ask_for_conference.html",
        family=family,
        title="Ask for a conference",
    )


@dataclass(frozen=True)
class _LedTo:
    """What leads to a conference about children of a family, by child; ``last`` is the last day within the limit."""

    enquiries: dict[int, Enquiry]
    transfers: dict[int, TransferIn]
    last: datetime.date | None

    @property
    def child_ids(self) -> set[int]:
        return {*self.enquiries, *self.transfers}

    @property
    def start(self) -> datetime.date | None:
        days = [row.started_on for row in self.enquiries.values()]
        days += [row.notified_on for row in self.transfers.values()]
        return min(days, default=None)


def _led_to(family: Family) -> _LedTo:
    return _led(family.authority_id, waiting_enquiries(family), waiting_transfers(family))


def _led(authority_id: int, enquiries: Sequence[Enquiry], transfers: Sequence[TransferIn]) -> _LedTo:
    days = (
        last_day_for(enquiries, authority_id=authority_id),
        last_day_of_transfers(transfers, authority_id=authority_id),
    )
    return _LedTo(
        enquiries={row.child_id: row for row in enquiries},
        transfers={row.child_id: row for row in transfers},
        last=min((day for day in days if day), default=None),
    )


def _choose_day(
    request: HttpRequest, family: Family, children: list[Child], led_to: _LedTo, policy: Policy, *, today: datetime.date
) -> HttpResponse:
    start, last = led_to.start, led_to.last
    calendar, limit = calendar_for(family.authority), policy.limit("initial-conference")
    context = {
        "family": family,
        "heading": words.listed([initials_of(row) for row in children if row.pk in led_to.child_ids]),
        "weeks": window_weeks(family.authority, policy, start=start, last=last, today=today),
        "start": start,
        "last": last,
        "limit": limit,
        "by_transfer": bool(led_to.transfers) and not led_to.enquiries,
        "plan_for": calendar.day_to_plan_for(last) if last else None,
        "day_today": calendar.counting(limit).count(start, today) if start else None,
        "is_late": last is not None and today > last,
        "short_notice_days": policy.short_notice_days,
        "has_children": bool(children),
        "wrong_day": _wrong_day(request),
        "weekend": weekend_words(weekend) if (weekend := _asked_day(request)) else "",
    }
    return render(request, "conferences/choose_day.html", context)


def _asked_day(request: HttpRequest) -> datetime.date | None:
    """Return the day in the URL: ``day`` from the calendar, or a date typed for a later one."""
    field = DateInputField(required=False)
    for name in ("other", "day"):
        try:
            found: datetime.date | None = field.clean(DateInput().value_from_datadict(request.GET, {}, name))
        except ValidationError:
            continue
        if found is not None:
            return found
    return None


def _wrong_day(request: HttpRequest) -> bool:
    return any(request.GET.get(name) for name in ("day", "other", "other_day", "other_month", "other_year")) or (
        "choose" in request.GET
    )


def _kinds(children: Any, led_to: _LedTo) -> dict[int, str]:
    """Return transfer-in after a move; else pre-birth for an unborn child, initial for any other."""
    moved = led_to.transfers.keys() - led_to.enquiries.keys()
    return {
        child.pk: ConferenceKind.TRANSFER_IN
        if child.pk in moved
        else ConferenceKind.PRE_BIRTH
        if child.is_unborn
        else ConferenceKind.INITIAL
        for child in children
    }


def _initial(
    request: HttpRequest, day: datetime.date | None, children: Any, led_to: _LedTo, policy: Policy, family: Family
) -> dict[str, Any]:
    user = user_of(request)
    coordinates = family.authority_id in user.authority_ids(Role.COORDINATOR)
    return {
        "day": day,
        "children": [child.pk for child in children if child.pk in led_to.child_ids],
        "start": request.GET.get("start") or "10:00",
        "chair": request.GET.get("chair"),
        "room": request.GET.get("room"),
        "length": int(policy.normal_length.total_seconds() // 60),
        "mode": "in_person",
        "coordinator": user.pk if coordinates else None,
    }


def _beside(
    form: BookingForm, family: Family, led_to: _LedTo, policy: Policy, *, now: datetime.datetime
) -> dict[str, Any]:
    """Return what is shown beside a booking form: the day's effects, who and what is booked, and reasons needed."""
    today = timezone.localtime(now).date()
    day = form.asked_day()
    start, last = led_to.start, led_to.last
    calendar = calendar_for(family.authority)
    if day is None or not calendar.first <= day <= calendar.last:
        return {"day": None, "start": start, "last": last}
    weekend = form.wanted().is_closed_to(day)
    return {
        "weekend": weekend_words(day) if weekend else "",
        "day": day,
        "start": start,
        "last": last,
        "closed": calendar.why_not(day),
        "is_past": day < today,
        "is_late": last is not None and day > last,
        "notice_days": (day - today).days,
        "is_short_notice": 0 <= (day - today).days < policy.short_notice_days,
        "effects": effects_of(day, policy, calendar, start=start, last=last),
        "diaries": diaries_on(family.authority, day, today=today),
        "slots": slots_on(family.authority, policy, day, now=now) if day >= today and not weekend else [],
    }


def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a conference that has not begun to another time, place or chair."""
    conference = access_conference(request, pk, to="arrange")
    sitting = current_sitting(conference)
    if sitting is None or conference.status != ConferenceStatus.SCHEDULED:
        raise Http404
    now = timezone.now()
    policy = policy_of(conference.policy_version_id)
    form = kept_form(
        request,
        MoveForm,
        initial=initial_booking(sitting),
        booked_for=booked_for(conference),
        **_choices(conference.authority, policy, now=now),
    )
    draw_in_frame = on_page_of(conference, tab="overview")

    def draw(request: HttpRequest, template_name: str, context: dict[str, Any]) -> HttpResponse:
        rows = children_in(conference).select_related("transfer")
        led_to = _led(
            conference.authority_id,
            [row.enquiry for row in rows if row.enquiry],
            [row.transfer for row in rows if row.transfer],
        )
        beside = _beside(form, conference.family, led_to, policy, now=now)
        return draw_in_frame(request, template_name, {**context, **beside})

    return form_view(
        request,
        form,
        lambda data: move_sitting(
            sitting=sitting, booking=form.booking(), reason=data["reason"], by=user_of(request), now=now
        ),
        success_url=reverse("conferences:overview", args=[conference.pk]),
        success_message="The conference has been moved. The people invited are being told their new time.",
        cancel_url=reverse("conferences:overview", args=[conference.pk]),
        template_name="conferences/move.html",
        draw=draw,
    )


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a conference that has not begun."""
    conference = access_conference(request, pk, to="arrange")
    if conference.status not in (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED):
        raise Http404
    form = kept_form(
        request,
        ReasonForm,
        label="Why are you cancelling it?",
        required="Say why you are cancelling it",
        help_text="Kept on record. People who are invited do not see it.",
        button="Cancel the conference",
    )
    return form_view(
        request,
        form,
        lambda data: cancel_conference(conference=conference, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("conferences:overview", args=[conference.pk]),
        success_message="The conference has been cancelled. The time limit keeps running.",
        cancel_url=reverse("conferences:overview", args=[conference.pk]),
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="overview"),
        title=f"Cancel the conference about {heading_of(children_in(conference))}",
        lead="The chair and the room become free, and everyone invited is told. The time limit keeps "
        "running, so book another date.",
    )
