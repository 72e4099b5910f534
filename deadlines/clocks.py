"""The seam through which other apps say what runs: a clock declares, its facts are counted here."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from deadlines.models import Deadline


@dataclass(frozen=True, kw_only=True)
class ClockFact:
    """One event that started a clock, and how far it has come.

    ``starts`` is a day, or an aware moment (needed where the limit is in hours). ``fact_id`` is the id
    of the event in its own table: with the kind, child and person it names the deadline for good.
    Without ``policy_version_id`` the version in force on the day the clock started counts. ``met_at``
    is the moment at which it was met; ``not_needed`` says why it stopped without being met.
    ``limit_key`` names the limit of the policy, by default the clock's kind; ``own_amount`` and
    ``own_unit`` replace its figure (a plan's own visiting frequency). ``what`` tells two deadlines of
    a kind apart without naming anybody.
    """

    authority_id: int
    family_id: int
    fact_id: int
    starts: datetime.date | datetime.datetime
    policy_version_id: int | None
    child_id: int | None = None
    person_id: int | None = None
    conference_id: int | None = None
    responsible_ids: tuple[int, ...] = ()
    met_at: datetime.datetime | None = None
    not_needed: str = ""
    limit_key: str | None = None
    own_amount: int | None = None
    own_unit: str = ""
    what: str = ""


@dataclass(frozen=True)
class Clock:
    """A declaration by the app that owns the facts.

    ``facts`` gives the facts of some families, or of all for None, in a number of queries that does
    not grow with them, and must give the same facts for a family either way. ``title`` is what has
    to be done ("Hold the initial conference"), ``rule`` one sentence on what runs from what,
    ``event`` the starting event in two or three words ("strategy discussion"), ``met_when`` what
    ends it, ``button`` and ``url`` where it is settled.
    """

    kind: str
    title: str
    rule: str
    facts: Callable[[Sequence[int] | None], Iterable[ClockFact]]
    url: Callable[[Deadline], str]
    button: str
    event: str = ""
    met_when: str = ""
    button_in_conference: str = ""

    def button_for(self, deadline: Deadline) -> str:
        """The button, which may be another one once the deadline belongs to a conference."""
        return (self.button_in_conference if deadline.conference_id else "") or self.button


registry: dict[str, Clock] = {}


def register(clock: Clock) -> None:
    """Add a clock; called from ``AppConfig.ready`` of the app that owns its facts.

    Raises ImproperlyConfigured when the kind is taken.
    """
    if clock.kind in registry:
        raise ImproperlyConfigured(f"The clock {clock.kind!r} is registered twice.")
    registry[clock.kind] = clock


def clock_of(kind: str) -> Clock | None:
    """The clock of a kind, or None when no app declares it any more."""
    return registry.get(kind)
