"""The seam through which each app tells what happened in a family's case, for its line of time."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import User
from families.models import Family
from govuk.hook import Hook


@dataclass(frozen=True)
class CaseEvent:
    """Something that happened or is booked: a day or a moment, what in a few words, and where it stands.

    ``title`` says what kind of thing happened and to whom, by name; nothing that was written about anybody.
    """

    at: datetime.date | datetime.datetime
    title: str
    url: str = ""
    is_meeting: bool = False


Provider = Callable[[User, Family], Iterable[CaseEvent]]
# Gets a user and a family that they may see, and gives what this user may know, in a fixed number of queries.
case_events: Hook[Provider] = Hook()


def events_of(user: User, family: Family) -> list[CaseEvent]:
    """What all providers tell."""
    return [event for provider in case_events for event in provider(user, family)]
