"""What higher apps add to a conference guest's own page: steps, and the reason for the meeting.

They connect in their ``hooks.py``. Each function takes the guest's participant, who has access, and the moment, and
works in a fixed number of queries.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from conferences.models import Participant
from govuk.hook import Hook

Steps = Callable[[Participant, datetime.datetime], Iterable[dict[str, str]]]
Dates = Callable[[Participant, datetime.datetime], Iterable[tuple[datetime.datetime, str]]]
Words = Callable[[Participant, datetime.datetime], str]
# Rows for ``components/task_list.html`` on every guest's page.
guest_steps: Hook[Steps] = Hook()
# Why the meeting is held, as released to this reader; empty where nothing is.
released_reasons: Hook[Words] = Hook()
# Rows on the invitation of a professional with an account: ``title``, ``words``, and ``url`` once it is open.
invitation_rows: Hook[Steps] = Hook()
# Own times of this person that are still to come, each with what it is; nobody else's.
dates_ahead: Hook[Dates] = Hook()

# What lets the first page of a guest follow the meeting while it is in session, for templates/meetings/live.html.
first_page_follows: Hook[Callable[[Participant, datetime.datetime], Any]] = Hook()


def further_steps(participant: Participant, *, now: datetime.datetime) -> list[dict[str, str]]:
    """Return every row that higher apps add."""
    return [row for steps in guest_steps for row in steps(participant, now)]


def follows(participant: Participant, *, now: datetime.datetime) -> Any:
    """Return what lets a guest's first page follow the meeting; None while nothing does."""
    return next(filter(None, (found(participant, now) for found in first_page_follows)), None)


def reason_for(participant: Participant, *, now: datetime.datetime) -> str:
    """Return the first reason that was released to this reader, or an empty string."""
    return next(filter(None, (released(participant, now) for released in released_reasons)), "")


def further_dates(participant: Participant, *, now: datetime.datetime) -> list[tuple[datetime.datetime, str]]:
    """Return every own time that higher apps know."""
    return [row for dates in dates_ahead for row in dates(participant, now)]
