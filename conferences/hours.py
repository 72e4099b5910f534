"""The council's usual hours: when meetings are proposed, and a start that is asked about."""

from __future__ import annotations

import datetime

from deadlines.policies import Hours
from deadlines.working_days.arithmetic import LONDON
from govuk import words

# Until which hour a time is called so.
PARTS_OF_DAY = (
    (6, "at night"),
    (12, "in the morning"),
    (18, "in the afternoon"),
    (22, "in the evening"),
    (24, "at night"),
)


def is_outside_hours(moment: datetime.datetime, hours: Hours) -> bool:
    """Return whether a meeting that starts then is likely a slip: before the council opens, or from when it closes."""
    local = moment.astimezone(LONDON)
    opens, closes = hours.on(local.date())
    return not opens <= local.time() < closes


def question_about(moment: datetime.datetime, hours: Hours) -> str:
    """Return the question that a start outside the council's hours is met with: "2:00 at night? …"."""
    local = moment.astimezone(LONDON)
    part = next(said for until, said in PARTS_OF_DAY if local.hour < until)
    return (
        f"{words.clock(local)} {part}? Meetings of this council usually start {hours_words(hours, local.date())}. "
        "Change the time, or confirm that you mean it."
    )


def hours_words(hours: Hours, day: datetime.date) -> str:
    """Return for example "between 9:00 and 17:00": the hours of one day."""
    opens, closes = hours.on(day)
    return f"between {words.clock(opens)} and {words.clock(closes)}"
