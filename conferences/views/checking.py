"""The page to look at before a conference gets another day: what that changes, and who is told."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from conferences.forms import AnotherDayForm
from conferences.models import Sitting
from conferences.selectors.moving import differences, limits_kept, who_is_told
from conferences.selectors.windows import effects_of
from deadlines.policies import policy_of
from deadlines.working_days.arithmetic import civil_day
from deadlines.working_days.calendars import calendar_for
from govuk.cleaning import posted_again

# What a page asks about itself, beside what was typed.
OF_THE_PAGE = frozenset({"csrfmiddlewaretoken", "slot", "change", "confirm"})


def look_first(
    request: HttpRequest,
    form: AnotherDayForm,
    *,
    check: Callable[[], object],
    show_check: Callable[[], HttpResponse],
    show_form: Callable[[], HttpResponse],
) -> HttpResponse | None:
    """Return the page that a booking form answers with before it is confirmed; None where it goes on.

    What is valid, and not refused by ``check``, is shown to be looked at; "change something" goes back to the form
    with every word.
    """
    if request.method != "POST" or ("confirm" in request.POST and form.is_bound):
        return None
    if form.is_bound and "change" in request.POST:
        form.unbind()
        form.restore(request.POST)
    elif form.is_bound and "confirm" not in request.POST and form.is_valid() and form.accepts(check):
        return show_check()
    return show_form()


def what_changes(
    request: HttpRequest, sitting: Sitting, form: AnotherDayForm, *, now: datetime.datetime
) -> dict[str, Any]:
    """Return what the page to look at shows; ``sitting`` is the one people know, a valid form says the new booking.

    All that was typed is sent on by the button that confirms.
    """
    conference, booking = sitting.conference, form.booking()
    day, today = civil_day(booking.starts_at), civil_day(now)
    told = who_is_told(conference, sitting, booking, now=now)
    is_past = booking.starts_at < now
    effects = effects_of(
        day, policy_of(conference.policy_version_id), calendar_for(conference.authority_id), start=None, last=None
    )
    return {
        "typed": posted_again(request.POST, without=OF_THE_PAGE),
        "differences": differences(conference, sitting, booking),
        "told": told,
        "by_mail": sum(row.is_told_by_us for row in told),
        "asked_again": sum(row.answer.endswith("asked again") for row in told),
        "is_new_time": booking.starts_at != sitting.starts_at,
        "is_past": is_past,
        "notice_days": None if is_past else (day - today).days,
        "limits": limits_kept(conference, sitting, booking),
        "effects": [] if is_past else [(effect, effect.day < today) for effect in effects],
    }
