"""The registry through which other apps declare clocks; their facts are counted here."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet

from deadlines.facts import Families
from deadlines.models import Deadline
from govuk.hook import Hook


class Preparation(Protocol):
    """Records, before counting, what no query can judge; for some families, or for all with None."""

    def __call__(self, *, family_ids: Sequence[int] | None, now: datetime.datetime) -> object: ...


@dataclass(frozen=True)
class Clock:
    """A clock declared by the app that owns its facts.

    ``facts`` returns one or more querysets made by ``deadlines.facts.facts``. ``title`` is what has to be done
    ("Hold the initial conference"), ``rule`` one sentence on what runs from what, ``event`` the starting event
    in two or three words ("strategy discussion"), ``met_when`` what ends it, ``button`` and ``url`` where it is
    settled. ``is_urgent`` where mail about it leaves at any hour: danger, a death, a birth, an incident.
    """

    kind: str
    title: str
    rule: str
    facts: Callable[[Families], Iterable[QuerySet[Any, Any]]]
    url: Callable[[Deadline], str]
    button: str
    event: str = ""
    met_when: str = ""
    button_in_conference: str = ""
    is_urgent: bool = False

    def button_for(self, deadline: Deadline) -> str:
        """Return the button's text, which may differ once the deadline belongs to a conference."""
        return (self.button_in_conference if deadline.conference_id else "") or self.button


registry: dict[str, Clock] = {}
# Called before each count.
preparations: Hook[Preparation] = Hook()


def register(clock: Clock) -> None:
    """Register a clock; called from ``AppConfig.ready`` of the app that owns its facts.

    Raises ImproperlyConfigured when the kind is already registered.
    """
    if clock.kind in registry:
        raise ImproperlyConfigured(f"The clock {clock.kind!r} is registered twice.")
    registry[clock.kind] = clock


def clock_of(kind: str) -> Clock | None:
    """Return the clock of a kind, or None if no app declares it any more."""
    return registry.get(kind)
