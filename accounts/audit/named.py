"""Names of records in the read log that say which document or version it was, and nothing of a case.

Higher apps connect how the rows of a model are called; each is asked once per page of the log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from accounts.models import AccessEvent
from govuk.hook import Hook


@dataclass(frozen=True, eq=False)
class Named:
    """How the rows of one model are called: ``names`` returns a name by id."""

    subject: str
    names: Callable[[Collection[int]], Mapping[int, str]]


named_records: Hook[Named] = Hook()


def name_records(events: Iterable[AccessEvent]) -> None:
    """Give each event ``record_called``: the name of what was read, "" where nothing says how it is called."""
    events = list(events)
    ids: dict[str, set[int]] = defaultdict(set)
    for event in events:
        if event.subject_id is not None:
            ids[event.subject].add(event.subject_id)
    called = {one.subject: one.names(ids[one.subject]) for one in named_records if ids.get(one.subject)}
    for event in events:
        event.record_called = called.get(event.subject, {}).get(event.subject_id or 0, "")  # type: ignore[attr-defined]
