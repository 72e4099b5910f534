"""Which relatives read what is written about one child of a conference, for the forms in which it is written."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from conferences.enums import FAMILY_CAPACITIES, Capacity, ParticipantStatus
from conferences.models import ConferenceChild, Participant
from conferences.selectors.children import readers_of
from families.selectors import recorded_ties
from govuk import words

ADULTS = FAMILY_CAPACITIES - {Capacity.CHILD}
NOT_COMING = frozenset({ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN, ParticipantStatus.KEPT_OUT})


@dataclass(frozen=True)
class WhoReads:
    """Names of the adults in the family who read about the child, and of those on the list who do not."""

    reads: list[str]
    does_not: list[str]

    @property
    def in_words(self) -> str:
        """Return for example "Hazel Brambley and Dale Ashdown will read this. Martin Alder will not."."""
        said = [f"{words.listed(self.reads)} will read this." if self.reads else "No one in the family reads this yet."]
        if self.does_not:
            said.append(f"{words.listed(self.does_not)} will not.")
        return " ".join(said)


def who_reads_each(
    rows: Iterable[ConferenceChild], people: Iterable[Participant], *, on: datetime.date
) -> dict[int, WhoReads]:
    """Return for each child's row which of these people on the list read the papers about the child on that day.

    It is what papers go by before the chair settles anything: a known parent, or whoever holds parental
    responsibility. Two queries.
    """
    rows = list(rows)
    ties = recorded_ties([row.child for row in rows], on=on)
    adults = [one for one in people if one.capacity in ADULTS and one.status not in NOT_COMING]
    return {row.pk: _among(adults, readers_of(ties, row.child, on=on)) for row in rows}


def _among(adults: list[Participant], readers: set[int]) -> WhoReads:
    return WhoReads(
        reads=[one.person.full_name for one in adults if one.person_id in readers],
        does_not=[one.person.full_name for one in adults if one.person_id not in readers],
    )
