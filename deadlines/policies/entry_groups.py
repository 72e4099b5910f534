"""The groups in which the limits and values of a policy are read on a page, and entered by one form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deadlines.policies.limits import LIMITS
from deadlines.policies.values import GROUPS, SCHEMA

CONFERENCES, PAPERS, PLANS, LIVES = (
    "Time limits of conferences",
    "Time limits of reports and papers",
    "Time limits of plans, core groups and reviews",
    "Time limits of visits, moves, growing up and death",
)
_PAPERS = (
    "report-", "chair-has-reports", "decisions-sent", "minutes-", "child-told", "dissent", "complaint-",
    "held-message", "incident-", "subject-request",
)  # fmt: skip
_PLANS = (
    "outline-plan", "first-core-group", "next-core-group", "last-core-group", "first-review", "next-review",
    "second-review", "after-birth", "cin-plan-review", "mid-point-", "consent-decided", "keep-apart",
)  # fmt: skip
_LIVES = (
    "visit", "review-before-18", "plan-at-18", "transfer-answered", "back-from-abroad", "adoption-sealed",
    "siblings-safe", "discussion-after-death", "serious-incident-notification", "child-death-review",
)  # fmt: skip


@dataclass(frozen=True)
class EntryGroup:
    """Limits or values that belong together; ``section`` is where a file has them."""

    title: str
    section: str
    keys: tuple[str, ...]

    @property
    def slug(self) -> str:
        return self.title.lower().replace(",", "").replace(" ", "-")


def _title_of(limit: str) -> str:
    by_title = {PAPERS: _PAPERS, PLANS: _PLANS, LIVES: _LIVES}
    return next((title for title, starts in by_title.items() if limit.startswith(starts)), CONFERENCES)


def _groups() -> Iterator[EntryGroup]:
    for title in (CONFERENCES, PAPERS, PLANS, LIVES):
        yield EntryGroup(title, "limits", tuple(key for key in LIMITS if _title_of(key) == title))
    for group in GROUPS:
        yield EntryGroup(group.title, "values", tuple(key for key in SCHEMA if SCHEMA[key].group is group))


ENTRY_GROUPS: tuple[EntryGroup, ...] = tuple(_groups())


def entry_group(slug: str) -> EntryGroup | None:
    """Return the group with this slug, if any."""
    return next((group for group in ENTRY_GROUPS if group.slug == slug), None)


def group_after(group: EntryGroup) -> EntryGroup | None:
    """Return the group that follows; None after the last."""
    place = ENTRY_GROUPS.index(group)
    return ENTRY_GROUPS[place + 1] if place + 1 < len(ENTRY_GROUPS) else None


def group_with(section: str, key: str) -> EntryGroup:
    """Return the group that holds an entry."""
    return next(group for group in ENTRY_GROUPS if group.section == section and key in group.keys)
