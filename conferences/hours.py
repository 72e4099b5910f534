"""The council's hours: when meetings are proposed, and a start that is asked about."""

from __future__ import annotations

import datetime

from deadlines.working_days.arithmetic import LONDON
from govuk import words

OFFICE_OPENS = datetime.time(9)
OFFICE_CLOSES = datetime.time(17)
# Until which hour a time is called so.
PARTS_OF_DAY = (
    (6, "at night"),
    (12, "in the morning"),
    (18, "in the afternoon"),
    (22, "in the evening"),
    (24, "at night"),
)


def is_outside_hours(moment: datetime.datetime) -> bool:
    """Return whether a meeting that starts then is likely a slip: before the council opens, or from when it closes."""
    return not OFFICE_OPENS <= moment.astimezone(LONDON).time() < OFFICE_CLOSES


def question_about(moment: datetime.datetime) -> str:
    """Return the question that a start outside the hours is met with: "2:00 at night? …"."""
    local = moment.astimezone(LONDON)
    part = next(said for until, said in PARTS_OF_DAY if local.hour < until)
    return (
        f"{words.clock(local)} {part}? Meetings usually start between {words.clock(OFFICE_OPENS)} and "
        f"{words.clock(OFFICE_CLOSES)}. Change the time, or confirm that you mean it."
    )
