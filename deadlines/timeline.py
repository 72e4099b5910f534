"""The hook through which each app contributes events to a family's timeline."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import User
from families.models import Family
from govuk.hook import Hook


@dataclass(frozen=True)
class CaseEvent:
    """An event that happened or is booked: a day or moment, a short title, and a link.

    ``title`` says what happened and to whom, by name; nothing written about anyone.
    """

    at: datetime.date | datetime.datetime
    title: str
    url: str = ""
    is_meeting: bool = False


Provider = Callable[[User, Family], Iterable[CaseEvent]]
# Called with a user and a family they may see; returns what this user may know, in a fixed number of queries.
case_events: Hook[Provider] = Hook()


def events_of(user: User, family: Family) -> list[CaseEvent]:
    """Return the events from all providers."""
    return [event for provider in case_events for event in provider(user, family)]
