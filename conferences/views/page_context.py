"""The context of every page of a conference: heading, tabs, progress, the next clock."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.models import User
from conferences.access import may
from conferences.enums import ConferenceStatus, Mode
from conferences.models import Conference, ConferenceChild, Sitting
from conferences.selectors.children import children_listed, heading_of, kinds_of
from conferences.selectors.progress import Step, current_sitting, deadlines_of_conference, steps_of
from conferences.tabs import registered_tabs
from deadlines.clocks import clock_of
from deadlines.models import Deadline
from deadlines.working_days.calendars import calendar_for
from govuk import words
from govuk.generic import Draw

OVERVIEW = "overview"


class Rights:
    """The user's rights to the conference, evaluated only when a page needs them."""

    def __init__(self, user: User, conference: Conference) -> None:
        self._user = user
        self._conference = conference

    @cached_property
    def arrange(self) -> bool:
        return may(self._user, self._conference, to="arrange")

    @cached_property
    def chair(self) -> bool:
        return may(self._user, self._conference, to="chair")

    @cached_property
    def name_stand_in(self) -> bool:
        return may(self._user, self._conference, to="name a stand-in")

    @cached_property
    def record(self) -> bool:
        return may(self._user, self._conference, to="record")

    @cached_property
    def minutes(self) -> bool:
        return may(self._user, self._conference, to="minutes")


@dataclass(frozen=True)
class NextClock:
    """The first open deadline. ``days`` are working days from today, negative when late."""

    deadline: Deadline
    title: str
    rule: str
    button: str
    url: str
    days: int
    due_text: str
    is_mine: bool

    @property
    def is_late(self) -> bool:
        return self.days < 0


@dataclass(frozen=True)
class ConferencePage:
    conference: Conference
    heading: str
    kinds: str
    case_number: str
    restricted: bool
    children: list[ConferenceChild]
    sitting: Sitting | None
    when: str
    where: str
    chair_name: str
    tabs: list[dict[str, Any]]
    tab: str
    steps: list[Step]
    deadlines: list[Deadline]
    next_clock: NextClock | None
    may: Rights
    today: datetime.date

    @property
    def is_overview(self) -> bool:
        return self.tab == OVERVIEW

    @property
    def step_text(self) -> str:
        """Return for example "Step 4 of 7: Papers in"."""
        for number, step in enumerate(self.steps, start=1):
            if step.state in ("now", "stopped"):
                return f"Step {number} of {len(self.steps)}: {step.name}"
        return "All steps done"

    @property
    def is_over(self) -> bool:
        return self.conference.status in (ConferenceStatus.CLOSED, ConferenceStatus.CANCELLED)


def page_context(conference: Conference, *, user: User, tab: str, today: datetime.date) -> dict[str, Any]:
    """Return the context that ``conferences/page.html`` needs; a page adds its own.

    ``tab`` is the key of the open tab; a page without a tab of its own passes the nearest one.
    """
    children = children_listed(conference)
    sitting = current_sitting(conference)
    deadlines = deadlines_of_conference(conference)
    return {
        "conference": conference,
        "conference_page": ConferencePage(
            conference=conference,
            heading=heading_of(children),
            kinds=kinds_of(children),
            case_number=conference.family.case_number,
            restricted=conference.family.restricted,
            children=children,
            sitting=sitting,
            when=when_of(sitting),
            where=where_of(conference, sitting),
            chair_name=conference.chair.name if conference.chair else "",
            tabs=[
                {"label": row.label, "url": reverse(row.url_name, args=[conference.pk]), "current": row.key == tab}
                for row in registered_tabs()
            ],
            tab=tab,
            steps=steps_of(conference, sitting=sitting, deadlines=deadlines, today=today),
            deadlines=deadlines,
            next_clock=next_clock(conference, deadlines, user=user, today=today),
            may=Rights(user, conference),
            today=today,
        ),
    }


def on_page_of(conference: Conference, *, tab: str) -> Draw:
    """Return a renderer for ``form_view`` that puts a page in the conference's layout, under ``tab``."""

    def draw(request: HttpRequest, template_name: str, context: dict[str, Any]) -> HttpResponse:
        around = page_context(conference, user=user_of(request), tab=tab, today=timezone.localdate())
        return render(request, template_name, {**around, **context})

    return draw


def when_of(sitting: Sitting | None) -> str:
    """Return for example "Tuesday 22 December 2026, 10:00 to 12:30"."""
    if sitting is None:
        return ""
    starts, ends = words.clock(sitting.starts_at), words.clock(sitting.booked_until)
    return f"{words.long_date(sitting.starts_at)}, {starts} to {ends}"


def where_of(conference: Conference, sitting: Sitting | None) -> str:
    """Return the room, the room and online, or online."""
    room = sitting.room.name if sitting and sitting.room else ""
    if conference.mode == Mode.ONLINE:
        return "Online"
    if conference.mode == Mode.BLENDED:
        return f"{room} and online" if room else "In person and online"
    return room or "No room yet"


def next_clock(
    conference: Conference, deadlines: list[Deadline], *, user: User, today: datetime.date
) -> NextClock | None:
    """Return the conference's first open deadline, if any. Only those responsible for it have to act."""
    for deadline in deadlines:
        clock = clock_of(deadline.kind)
        if not deadline.is_open or clock is None:
            continue
        day = deadline.plan_for_on
        due_text = words.short_date(day, today=today)
        if deadline.due_at:
            due_text = f"{words.clock(deadline.due_at)} on {words.short_date(deadline.due_at, today=today)}"
        return NextClock(
            deadline=deadline,
            title=clock.title,
            rule=clock.rule,
            button=clock.button_for(deadline),
            url=clock.url(deadline),
            is_mine=user.pk in deadline.responsible_ids,
            days=calendar_for(conference.authority_id).distance(today, day),
            due_text=due_text,
        )
    return None
