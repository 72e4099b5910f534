"""Hooks for higher apps: who holds a copy of what was written about a plan, and what has changed about it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from families.models import Person, Post
from govuk.hook import Hook
from plans.models import KeyWorker, Plan, PlanVersion


@dataclass(frozen=True)
class Carrier:
    """Someone who helps to carry a plan out; ``because`` says why they may read nothing now, "" where they may."""

    person: Person
    post: Post | None
    because: str = ""


# Returns the ids of participants, of any conference, who were given a paper about the plan.
holders_of_copies: Hook[Callable[[Plan], Iterable[int]]] = Hook()
# Returns the ids of persons who were given a copy of the plan itself, in any version.
persons_with_copies: Hook[Callable[[Plan], Iterable[int]]] = Hook()
# Returns who carries a plan out on a day.
carried_out_by: Hook[Callable[[Plan, datetime.date], Iterable[Carrier]]] = Hook()
# Called in the transaction in which someone becomes the key worker of a plan.
key_worker_changed: Hook[Callable[[KeyWorker, datetime.datetime], None]] = Hook()
# Called in the transaction in which a plan gets a new version outside a conference.
version_made: Hook[Callable[[PlanVersion, datetime.datetime], None]] = Hook()
# Called in the transaction in which plans end outside a review, by a death too, or go on after an entry in error.
plans_stopped: Hook[Callable[[Collection[Plan], datetime.datetime], None]] = Hook()
# Asks whether a plan has been given out as a paper: a second person then agrees to taking something out of it.
paper_released: Hook[Callable[[Plan], bool]] = Hook()


def tell_stopped(plans: Collection[Plan], *, now: datetime.datetime) -> None:
    """Announce that plans ended outside a review, or go on after all."""
    for callback in plans_stopped if plans else ():
        callback(plans, now)
