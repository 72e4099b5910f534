"""The seam through which higher apps say how a family's case stands, for the head of its block in My work."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from govuk.hook import Hook


@dataclass(frozen=True)
class CaseContext:
    """``lines`` say in a few words how the case stands; ``meets_at`` is when its next conference begins."""

    lines: tuple[str, ...] = ()
    meets_at: datetime.datetime | None = None


Provider = Callable[[Sequence[int], datetime.date], Mapping[int, CaseContext]]
# Gets family ids and the day, and answers in a number of queries that does not grow with them.
case_contexts: Hook[Provider] = Hook()


def contexts_of(family_ids: Sequence[int], *, today: datetime.date) -> dict[int, CaseContext]:
    """What all providers say of each family, lines one after another and the earliest meeting."""
    found = {family_id: CaseContext() for family_id in family_ids}
    for provider in case_contexts:
        for family_id, said in provider(family_ids, today).items():
            before = found[family_id]
            moments = [moment for moment in (before.meets_at, said.meets_at) if moment]
            found[family_id] = CaseContext(
                lines=before.lines + said.lines, meets_at=min(moments, default=None)
            )
    return found
