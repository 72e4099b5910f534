"""Reads the versions of a plan: the list, the plan as it was on a day, and what changed between two of them."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from deadlines.working_days.arithmetic import civil_day
from govuk.words import plain_date
from plans.models import ActionProgress, Plan, PlanAction, PlanEntry, PlanVersion
from plans.occasions import meetings_of_versions
from plans.selectors.document import with_words, words_key

# Of the text before and after: kept, taken away or added, and the words.
Piece = tuple[str, str]
# Leaves of entries, or of actions, of one plan those that somebody may read, with their words.
Readable = Callable[[QuerySet[Any]], Iterable[Any]]
_WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class VersionRow:
    """A version in the list, with the meeting it was made at in words, and how much changed in it."""

    version: PlanVersion
    meeting: str
    added: int
    ended: int

    @property
    def occasion(self) -> str:
        if self.meeting:
            return self.meeting
        decision = self.version.decision
        if decision is not None:
            return f"Conference {decision.conference_child.conference.reference}"
        return str(self.version.get_occasion_display())

    @property
    def by(self) -> str:
        if self.version.made_by is not None:
            return self.version.made_by.name
        return "A guest, through their link" if self.version.guest_session_id else "Not recorded"


def versions_of(plan: Plan) -> list[VersionRow]:
    """Return the versions of a plan, newest first, in a fixed number of queries."""
    versions = list(
        plan.versions.select_related("made_by", "decision__conference_child__conference", "review").order_by("-number")
    )
    meetings = meetings_of_versions([row.pk for row in versions])
    added: dict[int, int] = {}
    ended: dict[int, int] = {}
    for model in (PlanEntry, PlanAction):
        for since, until in model.objects.filter(plan=plan).values_list("since", "until"):
            if since == until:
                continue
            added[since] = added.get(since, 0) + 1
            ended[until] = ended.get(until, 0) + 1
    return [
        VersionRow(row, meetings.get(row.pk, (0, ""))[1], added.get(row.pk, 0), ended.get(row.pk, 0))
        for row in versions
    ]


def version_on(plan: Plan, day: datetime.date) -> PlanVersion | None:
    """Return the version in force at the end of a civil day; None where the plan said nothing yet."""
    return max(
        (row for row in plan.versions.all() if civil_day(row.made_at) <= day), key=lambda row: row.number, default=None
    )


def set_progress_on(actions: Iterable[PlanAction], day: datetime.date) -> None:
    """Set on each action, without saving, how far it had come at the end of a civil day. One query."""
    by_thread: dict[tuple[int, Any], ActionProgress] = {}
    actions = list(actions)
    rows = ActionProgress.objects.filter(
        is_own=False,
        action__plan__in={row.plan_id for row in actions},
        action__thread__in={row.thread for row in actions},
    )
    for row in rows.select_related("action").order_by("at", "pk"):
        if civil_day(row.at) <= day:
            by_thread[row.action.plan_id, row.action.thread] = row
    for action in actions:
        known = by_thread.get((action.plan_id, action.thread))
        action.progress = known.progress if known else "not_started"
        action.progress_note = known.note if known else ""


@dataclass(frozen=True)
class Change:
    """One thing that two versions say differently: what it is, what became of it, and its parts in words."""

    title: str
    kind: str
    parts: Sequence[tuple[str, Sequence[Piece]]]
    reasons: Sequence[str]

    @property
    def colour(self) -> str:
        return {ADDED: "green", CHANGED: "blue"}.get(self.kind, "grey")


ADDED, CHANGED, TAKEN_OUT = "Added", "Changed", "Taken out"


def compare(plan: Plan, earlier: int, later: int, readable: Readable | None = None) -> list[Change]:
    """Return what changed from one version of a plan to a later one, thread by thread, word by word.

    ``readable`` leaves of a plan's rows those that a reader may read; reasons are for those who read everything. What
    the plan still says and this reader may not read is no change to them.
    """
    reasons = {} if readable else {row.pk: row.reason for row in plan.versions.all()}
    found: list[tuple[int, Change]] = []
    for model in (PlanEntry, PlanAction):
        before, after = (_in_version(model, plan, number, readable) for number in (earlier, later))
        still_said: set[Any] = set()
        if readable:
            still_said = set(model.objects.filter(plan=plan).in_version(later).values_list("thread", flat=True))
        for thread in dict.fromkeys([*before, *after]):
            old, new = before.get(thread), after.get(thread)
            if new is None and thread in still_said:
                continue
            if old and new and words_key(old) == words_key(new):
                continue
            kind = CHANGED if old and new else ADDED if new else TAKEN_OUT
            row: Any = new or old
            title = "Action" if model is PlanAction else row.get_kind_display()
            because = reasons.get(new.since_id if new else old.until_id, "") if (new or old) else ""  # type: ignore[union-attr]
            texts = [_texts(old), _texts(new)]
            parts = [
                (label, differences(texts[0].get(label, ""), texts[1].get(label, "")))
                for label in dict.fromkeys([*texts[0], *texts[1]])
                if texts[0].get(label, "") or texts[1].get(label, "")
            ]
            if readable and all(piece == "kept" for _, pieces in parts for piece, _ in pieces):
                continue
            found.append((row.pk, Change(title, kind, parts, [because] if because else [])))
    return [change for _, change in found]


def _in_version(model: Any, plan: Plan, number: int, readable: Readable | None) -> dict[Any, Any]:
    rows = model.objects.filter(plan=plan).in_version(number)
    kept = readable(rows) if readable else with_words(rows, actions=model is PlanAction)
    return {row.thread: row for row in kept}


def _texts(row: Any) -> dict[str, str]:
    """Return the parts of what a row says, by label."""
    if row is None:
        return {}
    if isinstance(row, PlanAction):
        by_when = plain_date(row.by_when) if row.by_when else row.by_when_words
        return {
            "What": row.what, "Why": row.why, "Who": row.who_in_words, "By when": by_when,
            "How we shall know": row.how_known,
        }  # fmt: skip
    return {
        "": row.text, "Services that meet it": row.services, "What we do then": row.we_do, "Who": row.who_in_words,
        "How often": row.how_often, "From": plain_date(row.from_when) if row.from_when else "",
    }  # fmt: skip


def differences(before: str, after: str) -> list[Piece]:
    """Return a text as kept, added and taken-away pieces, word by word."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces: list[Piece] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("kept", "".join(old[i:j])))
            continue
        if i < j:
            pieces.append(("taken", "".join(old[i:j])))
        if k < m:
            pieces.append(("added", "".join(new[k:m])))
    return pieces
