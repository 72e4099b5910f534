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
from conferences.agreed_by import KEEPS_OUT, is_named
from conferences.enums import ConferenceStatus, Mode
from conferences.models import Conference, ConferenceChild, Sitting
from conferences.selectors.children import children_listed, heading_of, kinds_of
from conferences.selectors.enquiries import NOT_OVER
from conferences.selectors.movers import may_move
from conferences.selectors.progress import Step, current_sitting, deadlines_of_conference, steps_of, why_not_cancelled
from conferences.selectors.telling import NamesToTell, names_to_tell
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
    def move(self) -> bool:
        return may_move(self._user, self._conference)

    @cached_property
    def change_children(self) -> bool:
        """Return whether they may change which children it is about: in session, only the chair."""
        if self._conference.status == ConferenceStatus.OPEN:
            return self.chair
        return may(self._user, self._conference, to="change children")

    @cached_property
    def chair(self) -> bool:
        return may(self._user, self._conference, to="chair")

    @cached_property
    def plan_parts(self) -> bool:
        return may(self._user, self._conference, to="plan parts")

    @cached_property
    def keep_out(self) -> bool:
        """Return whether they decide how someone takes part."""
        return is_named(self._user, self._conference, KEEPS_OUT)

    @cached_property
    def name_stand_in(self) -> bool:
        return may(self._user, self._conference, to="name a stand-in")

    @cached_property
    def hand_on(self) -> bool:
        return may(self._user, self._conference, to="hand on")

    @cached_property
    def correct(self) -> bool:
        return may(self._user, self._conference, to="correct")

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


class ConferencePage:
    """What stands around every page of a conference; each part is read when a page first shows it.

    ``tab`` is the key of the open tab; a page without a tab of its own has the nearest one.
    """

    def __init__(self, conference: Conference, *, user: User, tab: str, today: datetime.date) -> None:
        self.conference = conference
        self.tab = tab
        self.today = today
        self.may = Rights(user, conference)
        self._user = user

    @cached_property
    def children(self) -> list[ConferenceChild]:
        return children_listed(self.conference)

    @cached_property
    def heading(self) -> str:
        return heading_of(self.children)

    @property
    def is_without_children(self) -> bool:
        """Return whether the meeting is still to come or going on, and every child has been taken out of it."""
        return not self.children and self.conference.status in NOT_OVER

    @property
    def may_be_cancelled(self) -> bool:
        return not why_not_cancelled(self.conference) and self.may.move

    @property
    def kinds(self) -> str:
        return kinds_of(self.children)

    @property
    def case_number(self) -> str:
        return self.conference.family.case_number

    @property
    def restricted(self) -> bool:
        return self.conference.family.restricted

    @property
    def chair_name(self) -> str:
        return self.conference.chair.name if self.conference.chair else ""

    @cached_property
    def sitting(self) -> Sitting | None:
        return current_sitting(self.conference)

    @property
    def when(self) -> str:
        return when_of(self.sitting)

    @property
    def where(self) -> str:
        return where_of(self.conference, self.sitting)

    @property
    def tabs(self) -> list[dict[str, Any]]:
        return [
            {
                "label": row.label,
                "url": reverse(row.url_name, args=[self.conference.pk]),
                "current": row.key == self.tab,
            }
            for row in registered_tabs()
        ]

    @cached_property
    def deadlines(self) -> list[Deadline]:
        return deadlines_of_conference(self.conference)

    @cached_property
    def steps(self) -> list[Step]:
        return steps_of(
            self.conference, children=self.children, sitting=self.sitting, deadlines=self.deadlines, today=self.today
        )

    @cached_property
    def next_clock(self) -> NextClock | None:
        return next_clock(self.conference, self.deadlines, user=self._user, today=self.today)

    @cached_property
    def to_tell(self) -> NamesToTell:
        """Return who still has to be told by another way than e-mail; also after the conference is cancelled."""
        return names_to_tell(self.conference, on=self.today)

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
    """Return the context that ``conferences/page.html`` needs; a page adds its own."""
    return {"conference": conference, "conference_page": ConferencePage(conference, user=user, tab=tab, today=today)}


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
