"""A council's procedures in words, their history, and what a draft would change."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import Authority
from deadlines.enums import Unit
from deadlines.models import Deadline, PolicyDraft, PolicyVersion
from deadlines.policies import (
    LIMITS,
    SCHEMA,
    Policy,
    baseline,
    complete,
    policies_of,
    policy_of,
    preset_names,
    raw_from_text,
    raw_of,
)
from deadlines.policies.entry_groups import ENTRY_GROUPS, EntryGroup, group_with
from deadlines.policies.wording import in_words, label_of, limit_lines, limit_meaning, limit_words, value_lines
from deadlines.working_days.arithmetic import due, start_of
from deadlines.working_days.calendars import WorkingCalendar, calendar_for

Data = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True)
class PolicyRow:
    """One limit or value as a page shows it."""

    section: str
    key: str
    label: str
    meaning: str
    words: list[str]
    more: list[str]
    source: str
    year: int
    scope: str
    owner: str
    is_own: bool
    is_used: bool
    is_acted_on: bool

    @property
    def is_national(self) -> bool:
        return self.scope == "national"

    @property
    def anchor(self) -> str:
        """Return where a form has it."""
        return f"at-{self.key.replace(':', '-')}"


@dataclass(frozen=True)
class PolicyGroup:
    title: str
    slug: str
    rows: list[PolicyRow]


@dataclass(frozen=True)
class Difference:
    """One entry that differs between two policies."""

    section: str
    key: str
    label: str
    before: list[str]
    after: list[str]
    before_source: str
    after_source: str

    @property
    def group(self) -> EntryGroup:
        return group_with(self.section, self.key)

    @property
    def only_source(self) -> bool:
        """Return whether both say the same, from different sources."""
        return self.before == self.after


@dataclass(frozen=True)
class VersionLine:
    """One version in the history of a council's procedures."""

    version: PolicyVersion
    until: datetime.date | None
    state: str
    changed: int | None


@dataclass(frozen=True)
class ExampleDate:
    """The date that a changed limit would give for an event on one day."""

    label: str
    event: str
    before: datetime.date | None
    after: datetime.date | None


@dataclass(frozen=True)
class DraftPreview:
    """What a draft would change, and which deadlines it would leave alone."""

    differences: list[Difference]
    examples: list[ExampleDate]
    example_on: datetime.date
    open_deadlines: int
    title: str
    later: PolicyVersion | None


def policy_groups(data: Data) -> list[PolicyGroup]:
    """Return everything in a complete policy, grouped for reading."""
    return [
        PolicyGroup(group.title, group.slug, [policy_row(group.section, key, data) for key in group.keys])
        for group in ENTRY_GROUPS
    ]


def policy_row(section: str, key: str, data: Data) -> PolicyRow:
    """Return one entry of a complete policy in words."""
    entry = data[section][key]
    is_limit = section == "limits"
    return PolicyRow(
        section=section,
        key=key,
        label=label_of(key),
        meaning=in_words(limit_meaning(key) if is_limit else SCHEMA[key].meaning),
        words=[limit_words(entry)] if is_limit else value_lines(key, entry["value"]),
        more=limit_lines(key, entry) if is_limit else [],
        source=entry["source"],
        year=entry["year"],
        scope=entry["scope"],
        owner=entry["owner"],
        is_own=entry != baseline()[section][key],
        is_used=LIMITS[key].used(data["values"]) if is_limit else True,
        is_acted_on=is_limit or SCHEMA[key].acted_on,
    )


def differences(before: Data, after: Data) -> list[Difference]:
    """Return the entries in which ``after`` differs from ``before``, in the order in which they are read."""
    found = []
    for group in ENTRY_GROUPS:
        section = group.section
        for key in group.keys:
            if before[section][key] != after[section][key]:
                old, new = policy_row(section, key, before), policy_row(section, key, after)
                found.append(
                    Difference(
                        section=section,
                        key=key,
                        label=old.label,
                        before=old.words + old.more,
                        after=new.words + new.more,
                        before_source=f"{old.source}, {old.year}, {old.scope}; {old.owner}",
                        after_source=f"{new.source}, {new.year}, {new.scope}; {new.owner}",
                    )
                )
    return found


def versions_of(authority: Authority, *, today: datetime.date) -> list[VersionLine]:
    """Return all versions of a council, newest first, and how many entries each changed."""
    rows = list(PolicyVersion.objects.filter(authority=authority).select_related("created_by").order_by("number"))
    policies = policies_of(row.pk for row in rows)
    in_force = max(
        (row for row in rows if row.in_force_from <= today),
        key=lambda row: (row.in_force_from, row.number),
        default=None,
    )
    lines = []
    for place, row in enumerate(rows):
        following = sorted(
            later.in_force_from for later in rows[place + 1 :] if later.in_force_from >= row.in_force_from
        )
        until = following[0] if following else None
        state = "In force" if row is in_force else "To come" if row.in_force_from > today else "Past"
        previous = policies[rows[place - 1].pk].data if place else None
        changed = len(differences(previous, policies[row.pk].data)) if previous is not None else None
        lines.append(VersionLine(row, until, state, changed))
    return lines[::-1]


def open_draft_of(authority: Authority) -> PolicyDraft | None:
    """Return the draft that a council is writing, if any."""
    return PolicyDraft.objects.filter(authority=authority, ended_at__isnull=True).select_related("changed_by").first()


def draft_data(draft: PolicyDraft) -> Data:
    """Return a draft's contents, complete. Raises PolicyInvalid where a rule became stricter since it was written."""
    return complete(raw_from_text(draft.text, file="draft"), file="draft")


def entries_of_its_own(draft: PolicyDraft) -> list[dict[str, Any]]:
    """Return what was written in this draft: neither a preset nor the version that it started from says the same."""
    raw = raw_from_text(draft.text, file="draft")
    stood = [raw_of(name) for name in preset_names()]
    if draft.based_on_id:
        stood.append(policy_of(draft.based_on_id).data)
    return [
        entry
        for section in ("limits", "values")
        for key, entry in (raw.get(section) or {}).items()
        if not any((other.get(section) or {}).get(key) == entry for other in stood)
    ]


def preview_of(
    draft: PolicyDraft, *, current: Policy | None, example_on: datetime.date, today: datetime.date
) -> DraftPreview:
    """Return what a draft changes against the procedures in force (the baseline where there are none).

    Raises PolicyInvalid for a draft that can't be put in force.
    """
    raw = raw_from_text(draft.text, file="draft")
    after = complete(raw, file="draft")
    before = current.data if current else baseline()
    changed = differences(before, after)
    return DraftPreview(
        differences=changed,
        examples=_examples(changed, before, after, authority=draft.authority, on=example_on),
        example_on=example_on,
        open_deadlines=Deadline.objects.open().filter(authority_id=draft.authority_id).count(),
        title=raw["title"],
        later=PolicyVersion.objects.filter(authority=draft.authority, in_force_from__gt=today)
        .order_by("in_force_from", "number")
        .first(),
    )


def _examples(
    changed: list[Difference], before: Data, after: Data, *, authority: Authority, on: datetime.date
) -> list[ExampleDate]:
    calendars = {closures: calendar_for(authority, with_closures=closures) for closures in (True, False)}
    was, is_now = _as_policy(before, authority), _as_policy(after, authority)
    keys = {difference.key for difference in changed if difference.section == "limits"}
    if any(difference.key in COUNTING for difference in changed):
        keys = set(LIMITS)
    return [
        ExampleDate(
            label=label_of(key),
            event=f"{is_now.limit(key).direction} the {is_now.limit(key).runs_from}",
            before=_due(was, key, on, calendars),
            after=_due(is_now, key, on, calendars),
        )
        for key in LIMITS
        if key in keys
    ]


COUNTING = ("closure-days-count", "day-zero-on-closed-day")


def _as_policy(data: Data, authority: Authority) -> Policy:
    return Policy(
        version_id=0, number=0, in_force_from=datetime.date.min, authority_id=authority.pk, preset="", data=data
    )


def _due(policy: Policy, key: str, on: datetime.date, calendars: dict[bool, WorkingCalendar]) -> datetime.date | None:
    """Return the end of a limit for an event on a day; None where the council lacks the limit or a calendar."""
    if not policy.uses(key):
        return None
    limit = policy.limit(key)
    start = start_of(on) if limit.unit == Unit.HOURS else on
    try:
        return due(limit, start, calendars[limit.closures_count]).on
    except ValidationError:
        return None
