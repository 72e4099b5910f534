"""The rules of the day as they stand: what is read out and was, the break that lasts, and who agrees to an observer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from conferences.enums import Capacity
from conferences.models import Part, Sitting
from deadlines.policies import Policy
from families.enums import Answer
from meetings.enums import Statement
from meetings.models import Break, ObserverAnswer, StatementRead
from meetings.selectors.attendance import Attendee


def statements_of(policy: Policy) -> dict[str, list[str]]:
    """Return the sentences of each statement, as the council words them."""
    return {
        Statement.FAIRNESS: list(policy.value("fairness-statement")),
        Statement.CONFIDENTIALITY: list(policy.value("confidentiality-statement")),
    }


def statements_read_in(parts: Iterable[Part]) -> dict[int, list[StatementRead]]:
    """Return by part what was read out in it. One query."""
    found: dict[int, list[StatementRead]] = {part.pk: [] for part in parts}
    for row in StatementRead.objects.filter(part__in=list(found)).select_related("recorded_by"):
        found[row.part_id].append(row)
    return found


def break_now(sitting: Sitting | None) -> Break | None:
    """Return the break that lasts. One query."""
    return sitting.breaks.filter(ended_at__isnull=True).first() if sitting else None


@dataclass(frozen=True)
class AboutObserver:
    """What the family says about one observer; ``asked`` are those who are on the list and may be asked.

    At a core group they are members, and the observer someone who was also there.
    """

    observer: Any
    asked: tuple[Any, ...]
    answers: tuple[Any, ...]

    @property
    def refusers(self) -> list[Any]:
        return [row.asked for row in self.answers if row.answer == Answer.NO]

    @property
    def everyone_agrees(self) -> bool:
        yes = {row.asked_id for row in self.answers if row.answer == Answer.YES}
        return bool(self.asked) and all(person.pk in yes for person in self.asked)

    @property
    def words(self) -> str:
        """Return what an observer's line says."""
        if self.refusers:
            return "Someone in the family does not agree"
        return "The family agrees" if self.everyone_agrees else "The family has not all been asked"


def about_observers(attendees: Iterable[Attendee]) -> dict[int, AboutObserver]:
    """Return by participant what the family says about each observer on the list; no query where there is none."""
    rows = list(attendees)
    observers = [row.participant for row in rows if row.participant.capacity == Capacity.OBSERVER]
    if not observers:
        return {}
    family = tuple(row.participant for row in rows if row.participant.is_family and not row.is_left_out)
    answers = list(ObserverAnswer.objects.filter(observer__in=observers).select_related("asked__person"))
    return {
        observer.pk: AboutObserver(
            observer, family, tuple(answer for answer in answers if answer.observer_id == observer.pk)
        )
        for observer in observers
    }
