"""The hook through which higher apps describe a family's case at the head of its block in My work."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from govuk.hook import Hook


@dataclass(frozen=True)
class CaseContext:
    """``lines`` briefly describe the state of the case; ``meets_at`` is when its next conference begins."""

    lines: tuple[str, ...] = ()
    meets_at: datetime.datetime | None = None


Provider = Callable[[Sequence[int], datetime.date], Mapping[int, CaseContext]]
# Called with family ids and the day; must use a constant number of queries.
case_contexts: Hook[Provider] = Hook()


def contexts_of(family_ids: Sequence[int], *, today: datetime.date) -> dict[int, CaseContext]:
    """Return what all providers say of each family: their lines in turn, and the earliest meeting."""
    found = {family_id: CaseContext() for family_id in family_ids}
    for provider in case_contexts:
        for family_id, said in provider(family_ids, today).items():
            before = found[family_id]
            moments = [moment for moment in (before.meets_at, said.meets_at) if moment]
            found[family_id] = CaseContext(lines=before.lines + said.lines, meets_at=min(moments, default=None))
    return found
