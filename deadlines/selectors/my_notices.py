"""A user's notices, with whom and what they are about; those whose matter is settled are left out."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from deadlines.notice_matters import NoticeMatter, matter_of
from families.access import visible_families
from govuk import words
from notifications.models import Notice
from notifications.selectors import open_notices

# As many are looked at: more than anyone reads, and few enough for one page.
LOOKED_AT = 300


@dataclass
class NoticeLine:
    """One line for notices that say the same of one family: the newest of them, and about whom they are."""

    newest: Notice
    family_id: int | None
    family: str
    people: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)

    @property
    def about(self) -> str:
        """Return the names of those it is about, else of the family; empty where the reader may not open it."""
        if not self.family:
            return ""
        return words.listed(sorted(self.people)) if self.people else f"{self.family} family"

    @property
    def text(self) -> str:
        return self.newest.text

    @property
    def url(self) -> str:
        return self.newest.url

    @property
    def urgent(self) -> bool:
        return self.newest.urgent

    @property
    def created_at(self) -> datetime.datetime:
        return self.newest.created_at


@dataclass(frozen=True)
class _About:
    family_id: int | None
    person: str
    waits: bool


def notices_for(user: User) -> list[NoticeLine]:
    """Return the user's notices that are news or still wait for someone, urgent ones first, then newest first.

    What waits is told by its newest notice; notices that say the same of one family are one line. Two queries more
    than for the notices themselves, however many there are.
    """
    notices = list(open_notices(user=user)[:LOOKED_AT])
    placed = {notice.pk: matter_of(notice.key) for notice in notices}
    about = _about(found for found in placed.values() if found is not None)
    families = _families({row.family_id for row in about.values() if row.family_id is not None}, user)
    lines: dict[Any, NoticeLine] = {}
    told: dict[Any, NoticeLine] = {}
    for notice in notices:
        found = placed[notice.pk]
        if found is not None and (found[0].decided or not _stands(found, about)):
            continue
        if found is not None and found[0].waits is not None and found in told:
            told[found].ids.append(notice.pk)
            continue
        row = about.get(found) if found is not None else None
        family_id = row.family_id if row is not None and row.family_id in families else None
        line = lines.setdefault(
            (notice.text, family_id), NoticeLine(notice, family_id, families.get(family_id or 0, ""))
        )
        line.ids.append(notice.pk)
        if row is not None and family_id is not None and row.person and row.person not in line.people:
            line.people.append(row.person)
        if found is not None:
            told[found] = line
    return list(lines.values())


def _stands(found: tuple[NoticeMatter, int], about: dict[tuple[NoticeMatter, int], _About]) -> bool:
    row = about.get(found)
    return found[0].waits is None or (row is not None and row.waits)


def _about(found: Iterable[tuple[NoticeMatter, int]]) -> dict[tuple[NoticeMatter, int], _About]:
    ids: dict[NoticeMatter, list[int]] = defaultdict(list)
    for matter, row_id in found:
        if not matter.decided:
            ids[matter].append(row_id)
    if not ids:
        return {}
    matters: Sequence[NoticeMatter] = list(ids)
    first, *others = [matter.about(ids[matter], place) for place, matter in enumerate(matters)]
    rows = first.union(*others, all=True) if others else first
    return {
        (matters[place], row_id): _About(family_id=family_id, person=person, waits=waits)
        for place, row_id, family_id, person, waits in rows
    }


def _families(ids: set[int], user: User) -> dict[int, str]:
    return {row.pk: row.name for row in visible_families(user).filter(pk__in=ids)} if ids else {}
