"""Views for the next dates and for closing the meeting."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.enums import Capacity
from deadlines.policies import policy_for
from govuk.generic import form_view
from govuk.words import count
from meetings.forms.closing import CloseForm, NextDatesForm
from meetings.selectors.day_steps import TheDay
from meetings.selectors.next_dates import LastDay, deciding_sitting, last_days_after_plan
from meetings.services.closing import agree_next_dates, close_conference, proposed_participation, quorum_at_decisions
from meetings.views.meeting import draw, during_the_day, meeting, on_the_day, refuse_when_over


def _last_days(found: TheDay) -> tuple[LastDay, ...]:
    sitting = deciding_sitting(found.conference, found.decisions.values())
    return last_days_after_plan(found.conference, sitting) if sitting else ()


@during_the_day
def next_dates(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree the first core group and first review, each beside its last day. A late date is never a bar."""
    posted = request.method == "POST"
    found = meeting(request, pk, to="record" if posted else "read")
    conference = found.conference
    group, review = conference.first_core_group_at, conference.review_at
    form = kept_form(
        request,
        NextDatesForm,
        needed=found.plans_needed,
        hours=policy_for(conference.authority_id, on=timezone.localdate()).usual_hours,
        initial={"core_group_at": group, "core_group_place": conference.first_core_group_place, "review_at": review},
    )
    days = _last_days(found)

    def save(data: dict[str, Any]) -> None:
        agree_next_dates(
            conference=conference,
            first_core_group_at=data["core_group_at"],
            first_core_group_place=data["core_group_place"],
            review_at=data["review_at"],
            by=user_of(request),
            now=timezone.now(),
        )
        _warn_when_late(request, days, (data["core_group_at"], data["review_at"]))

    return form_view(
        request,
        form,
        save,
        renamed={"first_core_group_at": "core_group_at", "first_core_group_place": "core_group_place"},
        success_url=reverse("meetings:close", args=[pk]),
        template_name="meetings/next_dates.html",
        draw=on_the_day(found, step="dates"),
        last_days=days,
        late=_late(days, (group, review)),
    )


Moments = tuple[datetime.datetime | None, datetime.datetime | None]


def _late(days: tuple[LastDay, ...], moments: Moments) -> list[LastDay]:
    """Return the last days that the agreed dates miss."""
    return [day for day, moment in zip(days, moments, strict=False) if moment and not day.is_kept_by(moment)]


def _warn_when_late(request: HttpRequest, days: tuple[LastDay, ...], moments: Moments) -> None:
    for day in _late(days, moments):
        messages.warning(
            request,
            f"{day.title}: the date is recorded, but the last day within the limit is {day.words}. "
            "Can an earlier one be found?",
        )


@during_the_day
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the last page of the day: what is done, the quorum, the end time, and the closing button."""
    posted = request.method == "POST"
    found = meeting(request, pk, to="chair" if posted else "read")
    if posted:
        refuse_when_over(found)
    if not found.is_open or found.sitting is None:
        return draw(request, found, "meetings/close.html", step="close", form=None)
    now = timezone.localtime()
    quorum = quorum_at_decisions(found.conference, found.sitting)
    born = [child for child in found.children if not child.child.is_unborn]
    form = kept_form(
        request, CloseForm, children=born, quorate=quorum.is_met, initial={"ended_at": now, **_proposed(found)}
    )
    return form_view(
        request,
        form,
        lambda data: close_conference(
            conference=found.conference,
            ended_at=data["ended_at"],
            inquorate_reason=data.get("inquorate_reason") or "",
            participation=form.participation(),
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=reverse("conferences:overview", args=[pk]),
        success_message="The meeting is closed.",
        template_name="meetings/close.html",
        draw=on_the_day(found, step="close"),
        quorum=quorum,
        unfinished=[step for step in found.steps if not step.is_done and step.key != "close"],
        undecided=count(len(found.undecided), "child", "children") if found.undecided else "",
    )


def _proposed(found: TheDay) -> dict[str, str]:
    """Return how each child took part, according to the attendance."""
    rows = {row.participant.person_id: row for row in found.attendees if row.participant.capacity == Capacity.CHILD}
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
