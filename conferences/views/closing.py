"""The next dates, and the end of the meeting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts import kept_form
from conferences.day_forms import CloseForm, NextDatesForm
from conferences.enums import Capacity
from conferences.selectors.day_steps import TheDay
from conferences.selectors.next_dates import LastDay, deciding_sitting, last_days_after_plan
from conferences.services.closing import (
    agree_next_dates,
    close_conference,
    proposed_participation,
    quorum_at_decisions,
)
from conferences.views.meeting import (
    accepts,
    draw,
    during_the_day,
    fields_named,
    meeting,
    refuse_when_over,
)
from govuk.words import count


def _last_days(found: TheDay) -> tuple[LastDay, ...]:
    sitting = deciding_sitting(found.conference, found.decisions.values())
    return last_days_after_plan(found.conference, sitting) if sitting else ()


@during_the_day
def next_dates(request: HttpRequest, pk: int) -> HttpResponse:
    """First core group and first review, each beside the last day of its limit. A late date is never a bar."""
    posted = request.method == "POST"
    found = meeting(request, pk, to="record" if posted else "read")
    conference = found.conference
    group, review = conference.first_core_group_at, conference.review_at
    form = kept_form(
        request,
        NextDatesForm,
        needed=found.plans_needed,
        initial={
            "core_group_on": timezone.localdate(group) if group else None,
            "core_group_time": timezone.localtime(group).time() if group else None,
            "core_group_place": conference.first_core_group_place,
            "review_on": timezone.localdate(review) if review else None,
            "review_time": timezone.localtime(review).time() if review else None,
        },
    )
    days = _last_days(found)
    if posted and form.is_valid() and accepts(form, lambda: _agree(request, found, form)):
        _warn_when_late(request, form, days)
        return redirect("conferences:close", pk)
    late = [
        day
        for day, moment in zip(days, (group, review), strict=False)
        if moment and not day.is_kept_by(moment)
    ]
    return draw(request, found, "next_dates", step="dates", form=form, last_days=days, late=late)


def _agree(request: HttpRequest, found: TheDay, form: NextDatesForm) -> None:
    with fields_named(**NextDatesForm.FIELDS):
        agree_next_dates(conference=found.conference, by=user_of(request), now=timezone.now(), **form.dates())


def _warn_when_late(request: HttpRequest, form: NextDatesForm, days: tuple[LastDay, ...]) -> None:
    moments = form.dates()
    for day, moment in zip(days, (moments["first_core_group_at"], moments["review_at"]), strict=False):
        if moment and not day.is_kept_by(moment):
            messages.warning(
                request,
                f"{day.title}: the date is recorded, but the last day within the limit is {day.words}. "
                "Can an earlier one be found?",
            )


@during_the_day
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The last page of the day: what is done, the quorum, when it ended, and the button that closes."""
    posted = request.method == "POST"
    found = meeting(request, pk, to="chair" if posted else "read")
    if posted:
        refuse_when_over(found)
    if not found.is_open or found.sitting is None:
        return draw(request, found, "close", step="close", form=None)
    now = timezone.localtime()
    quorum = quorum_at_decisions(found.conference, found.sitting)
    born = [child for child in found.children if not child.child.is_unborn]
    form = kept_form(
        request,
        CloseForm,
        children=born,
        quorate=quorum.is_met,
        initial={
            "ended_on": now.date(),
            "ended_time": now.time().replace(second=0, microsecond=0),
            **_proposed(found),
        },
    )
    if posted and form.is_valid() and accepts(form, lambda: _close(request, found, form)):
        messages.success(request, "The meeting is closed.")
        return redirect("conferences:overview", pk)
    return draw(
        request,
        found,
        "close",
        step="close",
        form=form,
        quorum=quorum,
        unfinished=[step for step in found.steps if not step.is_done and step.key != "close"],
        undecided=count(len(found.undecided), "child", "children") if found.undecided else "",
    )


def _proposed(found: TheDay) -> dict[str, str]:
    """How each child took part, as the attendance says."""
    rows = {
        row.participant.person_id: row
        for row in found.attendees
        if row.participant.capacity == Capacity.CHILD
    }
    day = found.sitting.day if found.sitting else timezone.localdate()
    proposed = {}
    for child in found.children:
        row = rows.get(child.child.person_id)
        proposed[f"participation_{child.pk}"] = child.participation or proposed_participation(
            child.child.age(day),
            was_there=bool(row and row.was_there),
            heard_through_somebody=bool(row and row.heard_through),
        )
    return proposed


def _close(request: HttpRequest, found: TheDay, form: CloseForm) -> None:
    with fields_named(ended_at="ended_time"):
        close_conference(
            conference=found.conference,
            ended_at=form.ended_at(),
            inquorate_reason=form.cleaned_data.get("inquorate_reason") or "",
            participation=form.participation(),
            by=user_of(request),
            now=timezone.now(),
        )
