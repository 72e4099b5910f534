"""What must not reach a reader: hidden places, the people who work there, and every word that reveals either."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from families.hidden_words import mentions
from families.models import Child, Person
from families.selectors import AroundChildren, Hidden


@dataclass(frozen=True)
class Concealed:
    """What gives a place away, by id, and the words themselves. The name ``council`` reveals nothing."""

    agencies: frozenset[int] = frozenset()
    posts: frozenset[int] = frozenset()
    persons: frozenset[int] = frozenset()
    words: frozenset[str] = frozenset()
    council: str = ""
    residences: frozenset[int] = frozenset()

    def is_in(self, *texts: str) -> bool:
        """Return whether one of the texts reveals what is hidden, however it is spelt or shortened."""
        return bool(self.words) and any(mentions(text, self.words, self.council) for text in texts)

    def gives_away(self, *texts: str, person: int, agency: int | None, post: int | None = None) -> bool:
        """Return whether naming a person reveals what is hidden: by identity, workplace, or the name itself."""
        return person in self.persons or agency in self.agencies or post in self.posts or self.is_in(*texts)


NOTHING_CONCEALED = Concealed()


def concealed_from(
    recipients: Iterable[Person], children: Iterable[Child], *, council: str, on: datetime.date
) -> Concealed:
    """Return what none of ``recipients`` may be told, as recorded on that day; see ``AroundChildren.hidden_from``."""
    around, recipients = AroundChildren(children), list(recipients)
    return _concealed(around.hidden_from(recipients, on=on), around, recipients, council)


def concealed_from_each(
    recipients: Iterable[Person], children: Iterable[Child], *, council: str, on: datetime.date
) -> dict[int, Concealed]:
    """Return, by recipient id, what each may not be told; recipients with nothing to hide are left out."""
    around = AroundChildren(children)
    if not around.marked:
        return {}
    each = {person.pk: (person, around.hidden_from([person], on=on)) for person in recipients}
    return {pk: _concealed(hidden, around, [person], council) for pk, (person, hidden) in each.items() if hidden}


def _concealed(hidden: Hidden, around: AroundChildren, recipients: list[Person], council: str) -> Concealed:
    words = hidden.words | around.names_alone(hidden, recipients)
    return Concealed(
        hidden.agency_ids, hidden.post_ids, hidden.person_ids, words, council, residences=hidden.residence_ids
    )
