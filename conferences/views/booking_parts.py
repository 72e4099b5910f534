"""What booking and moving a conference share: the calendar of days, free slots, what a chosen day leads to."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

from accounts.enums import Role
from accounts.models import Authority, User
from conferences.enums import Mode
from conferences.forms import BookingForm
from conferences.models import Sitting
from conferences.selectors.agency_notice import notice_for_agencies
from conferences.selectors.children import short_name_of
from conferences.selectors.enquiries import last_day_for
from conferences.selectors.missing_parts import missing_parts
from conferences.selectors.quorum_ahead import too_few_agencies
from conferences.selectors.review_limits import ReviewLimit
from conferences.selectors.standing_apart import apart_before_booking
from conferences.selectors.transfers import last_day_of_transfers
from conferences.selectors.windows import diaries_on, effects_of, holders, rooms_of, slots_on, window_weeks
from conferences.services.booking import weekend_words
from deadlines.policies import Policy
from deadlines.working_days.arithmetic import civil_day
from deadlines.working_days.calendars import calendar_for
from families.models import Child, Enquiry, TransferIn
from govuk import words
from govuk.date_fields import DateInput, DateInputField

F = TypeVar("F", bound=BookingForm)
# What a free slot sets in the booking form.
SLOT_FILLS = frozenset({"start", "chair", "room"})


def with_slot(request: HttpRequest, form: F) -> F:
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


def choices(authority: Authority, policy: Policy, *, now: datetime.datetime) -> dict[str, Any]:
    """Return the people and rooms offered by the booking form, and when it is filled in."""
    today = civil_day(now)
    return {
        "now": now,
        "policy": policy,
        "chairs": holders(authority, Role.CHAIR, on=today),
        "coordinators": holders(authority, Role.COORDINATOR, on=today),
        "rooms": rooms_of(authority),
    }


@dataclass(frozen=True)
class LedTo:
    """What leads to a conference about children of a family, by child; ``last`` is the last day within the limit.

    ``reviews`` are enquiries about children on a plan, which propose an early review and start no limit;
    ``limits`` are the last days of the children's reviews.
    """

    enquiries: dict[int, Enquiry]
    transfers: dict[int, TransferIn]
    last: datetime.date | None
    reviews: dict[int, Enquiry]
    limits: tuple[ReviewLimit, ...] = ()

    @property
    def child_ids(self) -> set[int]:
        """Return the children it is about: where nothing else leads to it, those whose plan has to be reviewed."""
        led = {*self.enquiries, *self.transfers, *self.reviews}
        return led or {row.child.pk for row in self.limits}

    @property
    def names_to_review(self) -> str:
        return words.listed([short_name_of(row.child) for row in self.reviews.values()])

    @property
    def start(self) -> datetime.date | None:
        days = [row.started_on for row in self.enquiries.values()]
        days += [row.notified_on for row in self.transfers.values()]
        return min(days, default=None)


def led_to_by(
    authority_id: int,
    enquiries: Sequence[Enquiry],
    transfers: Sequence[TransferIn],
    reviews: Sequence[Enquiry] = (),
    limits: Sequence[ReviewLimit] = (),
) -> LedTo:
    """Return what led to a conference, with the earliest of the limits of all; those of reviews where no other runs."""
    days = (
        last_day_for(enquiries, authority_id=authority_id),
        last_day_of_transfers(transfers, authority_id=authority_id),
    )
    return LedTo(
        enquiries={row.child_id: row for row in enquiries},
        transfers={row.child_id: row for row in transfers},
        last=min([day for day in days if day] or [row.due_on for row in limits], default=None),
        reviews={row.child_id: row for row in reviews},
        limits=tuple(limits),
    )


def asked_day(request: HttpRequest) -> datetime.date | None:
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


def days_offered(
    request: HttpRequest,
    authority: Authority,
    led_to: LedTo,
    policy: Policy,
    *,
    today: datetime.date,
    at_present: Sitting | None = None,
    chairs: Sequence[User] | None = None,
) -> dict[str, Any]:
    """Return the context of the calendar of days; ``at_present`` is the sitting that is moved, whose day is marked.

    ``chairs`` are those among whom to look for a free one, where not any chair of the council can be chosen.
    """
    weekend = asked_day(request)
    return {
        "weeks": window_weeks(
            authority, policy, start=led_to.start, last=led_to.last, today=today, at_present=at_present, chairs=chairs
        ),
        "start": led_to.start,
        "last": led_to.last,
        "limits": led_to.limits,
        "by_transfer": bool(led_to.transfers) and not led_to.enquiries,
        "is_late": led_to.last is not None and today > led_to.last,
        "short_notice_days": policy.short_notice_days,
        "wrong_day": _is_wrong_day(request),
        "weekend": weekend_words(weekend) if weekend else "",
    }


def _is_wrong_day(request: HttpRequest) -> bool:
    return any(request.GET.get(name) for name in ("day", "other", "other_day", "other_month", "other_year")) or (
        "choose" in request.GET
    )


def beside(
    form: BookingForm,
    authority: Authority,
    led_to: LedTo,
    policy: Policy,
    *,
    now: datetime.datetime,
    user: User,
    at_present: Sitting | None = None,
    chairs: Sequence[User] | None = None,
) -> dict[str, Any]:
    """Return what is shown beside a booking form: the day's effects, who and what is booked, and reasons needed.

    The booking of ``at_present``, the sitting that is moved, takes nothing away. ``chairs`` are those among whom
    to look for a free one, where not any chair of the council can be chosen.
    """
    today = civil_day(now)
    day = form.asked_day()
    start, last = led_to.start, led_to.last
    calendar = calendar_for(authority)
    if day is None or not calendar.first <= day <= calendar.last:
        return {"day": None, "start": start, "last": last, "limits": led_to.limits}
    wanted = form.wanted()
    weekend = wanted.is_closed_to(day)
    children = Child.objects.filter(pk__in=wanted.child_ids).select_related("person", "pregnancy")
    has_had_notice = at_present is not None and civil_day(at_present.starts_at) == day
    is_short = 0 <= (day - today).days < policy.short_notice_days
    in_order = list(children.order_by("person__birth_date", "pk"))
    return {
        "too_few": too_few_agencies(in_order, policy, on=day),
        "missing": missing_parts(in_order, policy, on=day),
        "apart": apart_before_booking(children, user, on=today),
        "weekend": weekend_words(day) if weekend else "",
        "day": day,
        "start": start,
        "last": last,
        "limits": led_to.limits,
        "closed": "" if has_had_notice else calendar.why_not(day),
        "is_past": day < today,
        "is_late": last is not None and day > last,
        "notice_days": (day - today).days,
        "agency_notice": [] if has_had_notice else notice_for_agencies(policy, calendar, today=today, day=day),
        "is_short_notice": is_short and not (has_had_notice and not form["short_notice_reason"].value()),
        "effects": effects_of(day, policy, calendar, start=start, last=last),
        "diaries": diaries_on(authority, day, today=today, without=at_present),
        "slots": (
            slots_on(authority, policy, day, now=now, without=at_present, among=chairs)
            if day >= today and not weekend
            else []
        ),
    }
