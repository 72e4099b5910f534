"""Views for the next dates and for closing the meeting."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.enums import Role
from conferences.enums import Capacity
from conferences.panels import waits_before_leaving_of
from conferences.selectors.advocates import offers_in_words
from conferences.selectors.procedures import policy_of_conference
from conferences.selectors.windows import holders, rooms_of
from conferences.services.agreed_reviews import why_not_booked
from deadlines.policies import policy_for
from families.models import Child
from govuk.generic import form_view
from govuk.words import count
from meetings.forms.closing import CloseForm, NextDatesForm
from meetings.forms.without_quorum import quorum_facts
from meetings.selectors.core_group_time import why_not_free
from meetings.selectors.day_steps import TheDay
from meetings.selectors.next_dates import LastDay, deciding_sitting, last_days_after_plan
from meetings.services.closing import (
    agree_next_dates,
    children_to_review,
    close_conference,
    proposed_participation,
    quorum_at_decisions,
)
from meetings.views.meeting import draw, during_the_day, meeting, on_the_day, refuse_when_over


def _last_days(found: TheDay, children: Iterable[Child]) -> tuple[LastDay, ...]:
    sitting = deciding_sitting(found.conference, found.decisions.values())
    if sitting is None:
        return ()
    decided = [child.pk for child in children]
    return last_days_after_plan(found.conference, sitting, decided=decided, is_review=found.is_review)


@during_the_day
def next_dates(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree the core group and the review, each beside its last day, and how the review is booked."""
    posted = request.method == "POST"
    found = meeting(request, pk, to="record" if posted else "read")
    conference = found.conference
    group, review = conference.first_core_group_at, conference.review_at
    now, children = timezone.now(), children_to_review(conference)
    form = kept_form(
        request,
        NextDatesForm,
        needed=found.plans_needed,
        is_review=found.is_review,
        hours=policy_for(conference.authority_id, on=timezone.localdate()).usual_hours,
        chairs=holders(conference.authority, Role.CHAIR, on=timezone.localdate()),
        rooms=rooms_of(conference.authority),
        initial={
            "core_group_at": group,
            "core_group_place": conference.first_core_group_place,
            "review_at": review,
            "review_mode": conference.review_mode or conference.mode,
            "review_room": conference.review_room_id,
            "review_chair": conference.review_chair_id or conference.chair_id,
        },
    )
    days = _last_days(found, children)

    def save(data: dict[str, Any]) -> None:
        agreed = agree_next_dates(
            conference=conference,
            first_core_group_at=data["core_group_at"],
            first_core_group_place=data["core_group_place"],
            review_at=data["review_at"],
            review_mode=data["review_mode"],
            review_room=data["review_room"],
            review_chair=data["review_chair"],
            by=user_of(request),
            now=now,
        )
        _warn_when_late(request, days, (data["core_group_at"], data["review_at"]))
        for why in why_not_free(agreed, found.decisions.values(), now=now):
            messages.warning(request, f"The core group: {why} The time is recorded. Can another one be found?")
        for why in why_not_booked(agreed, children, now=now):
            messages.warning(request, f"The review can’t be booked yet. {why}")

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
        why_not_booked=why_not_booked(conference, children, now=now),
        why_not_free=why_not_free(conference, found.decisions.values(), now=now),
        waits=waits_before_leaving_of(request, conference),
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
    going_on = found.going_on
    waits = "" if quorum.is_met else going_on.why_not_closed(on=timezone.localdate())
    below = None if quorum.is_met or going_on.record or waits else going_on.rule
    initial = {"ended_at": now, **_proposed(found)}
    advocates = offers_in_words([child.child.person_id for child in born], found.conference)
    form = kept_form(request, CloseForm, children=born, below_quorum=below, advocates=advocates, initial=initial)
    return form_view(
        request,
        form,
        lambda data: close_conference(
            conference=found.conference,
            ended_at=data["ended_at"],
            without_quorum=quorum_facts(data, below) if below else None,
            participation=form.participation(),
            reached=form.reached(),
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=reverse("conferences:overview", args=[pk]),
        success_message="The meeting is closed.",
        template_name="meetings/close.html",
        draw=on_the_day(found, step="close"),
        quorum=quorum,
        hands_out=policy_of_conference(found.conference).hands_out_decisions,
        went_on=None if quorum.is_met else going_on.record,
        waits_for_agreement=waits,
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
        proposed[f"reached_{child.pk}"] = child.reached_by
    return proposed
