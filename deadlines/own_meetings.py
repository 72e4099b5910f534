"""The hook through which higher apps add a user's own meetings to the calendar read at their secret address."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import User
from govuk.hook import Hook

# So long does a calendar keep showing a meeting that is over.
SHOWN_AFTERWARDS = datetime.timedelta(days=31)


@dataclass(frozen=True)
class OwnMeeting:
    """One meeting as its own calendar entry: a reference and what it is, never a name or a place.

    ``key`` is the same for the same meeting whenever it is asked for; ``path`` is that of its page on this site.
    """

    key: str
    summary: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    path: str
    family_id: int


Provider = Callable[[User, datetime.datetime], Iterable[OwnMeeting]]
# Called with the owner of the address and the moment; returns what they may open now, in a fixed number of queries.
own_meetings: Hook[Provider] = Hook()


def meetings_of(user: User, *, now: datetime.datetime) -> list[OwnMeeting]:
    """Return the user's own meetings, each once, the earliest first."""
    found = {meeting.key: meeting for provider in own_meetings for meeting in provider(user, now)}
    return sorted(found.values(), key=lambda meeting: (meeting.starts_at, meeting.key))
