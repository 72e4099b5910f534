"""Visits to children on plans: most see the child, some fail, and some leave a gap in the council's pattern."""

from __future__ import annotations

import datetime
import random

from accounts.models import User
from demo import meeting
from families.enums import Answer
from plans.enums import WhyNotSeen
from plans.models import Plan
from plans.services.visits import Occasion, Seen, record_visit

# The child whom someone else is always with.
NEVER_ALONE = "Burr"
TWO_HOURS = datetime.timedelta(hours=2)


def visit(plan: Plan, *, by: User, day: datetime.date, dice: random.Random) -> None:
    """Record a visit on a day; about one in ten is a failed one."""
    was_seen, bedroom = dice.random() < 0.9, dice.choice([Answer.YES, Answer.NO])
    is_never_alone = plan.child.person.given_name == NEVER_ALONE
    seen = Seen(
        child_seen=True,
        seen_alone=Answer.NO if is_never_alone else Answer.YES,
        bedroom_seen=Answer.NO if is_never_alone else bedroom,
        childs_words="I like it when we eat together.",
        note="Talked about school and about the evenings.",
    )
    _record(plan, seen if was_seen or is_never_alone else _failed(day), by=by, day=day)


def fail_to_see(plan: Plan, *, by: User, day: datetime.date, again: datetime.date) -> None:
    """Record a visit at which no one answered, with the next try."""
    _record(plan, _failed(again), by=by, day=day, hour=17)


def _failed(again: datetime.date) -> Seen:
    return Seen(
        child_seen=False,
        not_seen_because=WhyNotSeen.NO_ANSWER,
        next_try_on=again,
        note="The curtains were drawn. A card was left.",
    )


def _record(plan: Plan, seen: Seen, *, by: User, day: datetime.date, hour: int = 16) -> None:
    made_at = meeting.at(day, hour)
    occasion = Occasion(made_at=made_at, made_by=by, announced=Answer.YES, where="At home", who_else="The mother")
    record_visit(plan=plan, occasion=occasion, seen=seen, by=by, now=made_at + TWO_HOURS)
