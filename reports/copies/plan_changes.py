"""What somebody's copy of a plan says otherwise than the copy that they had before, and nothing else of the plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from plans.enums import PlanEntryKind
from reports.copies.levels import Content, Row
from reports.copies.plans import PlanWriter
from reports.copies.readers import reader_of
from reports.enums import DocumentKind

NEW, CHANGED, GONE = "New", "Changed", "No longer in the plan"
COLOURS = {NEW: "green", CHANGED: "blue", GONE: "grey"}


@dataclass(frozen=True)
class ChangedPart:
    """One part of a line, such as who or by when: what it says now, and what it said before where it may be told."""

    label: str
    now: str
    before: str = ""


@dataclass(frozen=True)
class PlanChange:
    """One line of a copy that is new, says something else, or is in the plan no longer."""

    where: str
    kind: str
    parts: tuple[ChangedPart, ...]

    @property
    def colour(self) -> str:
        return COLOURS[self.kind]


def plan_changes(before: Content, content: Content, person_id: int, may_say: Callable[[str], bool]) -> list[PlanChange]:
    """Return what a person's copy of ``content`` says otherwise than their copy of ``before``.

    What the plan still says and this reader may read no longer is not told: that would say that something is kept
    from them. Words of before are told only where ``may_say`` lets them through today.
    """
    old, new = (_Copy(one, person_id) for one in (before, content))
    still_said = {row["thread"] for row in content["lines"]}
    found = []
    for thread, row in new.rows.items():
        was = old.rows.get(thread)
        now_says, said = new.parts(row), old.parts(was) if was else {}
        if was is None:
            parts = [ChangedPart(label, text) for label, text in now_says.items() if text]
            found.append(PlanChange(new.where(row), NEW, tuple(parts)))
        elif now_says != said:
            parts = [
                ChangedPart(label, text, earlier if may_say(earlier) else "")
                for label, text in now_says.items()
                if text != (earlier := said.get(label, ""))
            ]
            found.append(PlanChange(new.where(row), CHANGED, (*new.named(row, parts), *parts)))
    for thread, row in old.rows.items():
        if thread in still_said:
            continue
        texts = [(label, text) for label, text in old.parts(row).items() if text]
        if all(may_say(text) for _, text in texts):
            parts = [ChangedPart(label, text) for label, text in texts]
            found.append(PlanChange(old.where(row), GONE, tuple(parts)))
    return found


class _Copy:
    """The lines of one person's copy, as they read them."""

    def __init__(self, content: Content, person_id: int) -> None:
        self.writer = PlanWriter(content, reader_of(content, person_id), DocumentKind.PLAN)
        reader = self.writer.reader
        self.is_child, self.is_family = reader.is_child, reader.is_family
        self.mine = self.writer.mine()
        self.child = content["children"][0]["short_name"]
        self.rows: dict[str, Row] = {row["thread"]: row for row in self.writer.lines(*self._kinds())}

    def _kinds(self) -> Sequence[str]:
        """Return the kinds of lines that a copy of this reader has."""
        kept_away: set[str] = set()
        if self.is_family:
            kept_away |= {PlanEntryKind.ROLE}
        if self.is_child:
            kept_away |= {PlanEntryKind.DANGER, PlanEntryKind.CONTINGENCY}
        return [kind for kind in (*PlanEntryKind.values, "action") if kind not in kept_away]

    def where(self, row: Row) -> str:
        """Return the heading under which the copy has this line."""
        kind = row["kind"]
        if not self.is_family:
            return "Actions" if kind == "action" else str(PlanEntryKind(kind).label)
        if kind == "action":
            is_own = row["entry"] in self.mine
            if self.is_child:
                return "What you do" if is_own else "Who helps you"
            return "What I do" if is_own else "Who helps me"
        return {
            PlanEntryKind.WISHES: "What you wish" if self.is_child else f"What {self.child} wishes",
            PlanEntryKind.DANGER: "What we fear will happen if nothing changes",
            PlanEntryKind.NEED: "What has to change",
            PlanEntryKind.GOAL: "What will be different then",
            PlanEntryKind.OUTCOME: "What will be different then",
            PlanEntryKind.VISITING: "Who visits",
            PlanEntryKind.CONTINGENCY: "What happens if it does not work",
        }[PlanEntryKind(kind)]

    def parts(self, row: Row) -> dict[str, str]:
        """Return what the copy says in this line, by label; the first has none."""
        writer = self.writer
        who = writer.who(row)
        if row["kind"] == "action":
            if self.is_family:
                own = {} if row["entry"] in self.mine else {"Who": who}
                return {"": row["text"], **own, "When": row["by_when"]}
            return {
                "": row["text"], "Why": row["why"], "Who": who, "By when": row["by_when"],
                "How we shall know": row["how_known"], "How far": row["progress"],
            }  # fmt: skip
        begins = f"from {row['from_when']}" if row["from_when"] else ""
        often = ", ".join(filter(None, (row["how_often"], begins)))
        shows_who = row["kind"] != PlanEntryKind.CONTINGENCY or not self.is_family
        return {
            "": row["text"], "What helps with it": row["services"], "What we do then": row["we_do"],
            "Who": who if shows_who else "", "How often": often,
        }  # fmt: skip

    def named(self, row: Row, parts: Sequence[ChangedPart]) -> list[ChangedPart]:
        """Return what a changed line is about, where none of the changed parts says so."""
        return [] if any(not part.label for part in parts) else [ChangedPart("", row["text"])]
