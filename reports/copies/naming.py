"""How people and passages are named in one copy, so that a name never reveals what must not be told."""

from __future__ import annotations

from collections.abc import Collection

from conferences.enums import FAMILY_CAPACITIES, Capacity, PartKind, Presence
from entitlement import Reader
from govuk import words
from reports.copies.copies import Passage
from reports.copies.levels import NEVER_BY_DEFAULT, Content, Row

NOT_IN_THIS_COPY = "Not in this copy"
SOME_PROFESSIONAL = "A professional"
SOMEBODY = "Someone in the family"


class Naming:
    """Writes one copy. All free text passes through ``say``, so that the leak check sees everything."""

    def __init__(self, content: Content, reader: Reader, kind: str) -> None:
        self.content = content
        self.reader = reader
        self.kind = kind
        self.people: dict[int, Row] = {row["id"]: row for row in content["participants"]}
        self.children: dict[int, Row] = {row["id"]: row for row in content["children"]}
        self.confidential = frozenset(part["id"] for part in content["parts"] if part["kind"] == PartKind.CONFIDENTIAL)
        self.passages: list[Passage] = []
        # Participants whom this copy mentions without their names.
        self.masked: set[int] = set()
        self.times_masked = 0

    # Words

    def say(self, entry: str, where: str, text: str) -> str:
        if not text:
            return ""
        if entry in self.reader.left_out:
            # Nothing in its place: a mark would tell that there is something.
            return ""
        self.passages.append(Passage(entry, where, text))
        return text

    def reason(self, entry: str, where: str, text: str) -> str:
        """Return a passage about one child, left out if it mentions a child who is not the reader's."""
        if self.reader.is_family and not self.reader.every_child and self.reader.names_another_child(text):
            return ""
        return self.say(entry, where, text)

    def label(self, text: str, instead: str = NOT_IN_THIS_COPY) -> str:
        """Return a single value, such as a place, or ``instead`` if it would reveal something."""
        return instead if text and self.reader.is_hidden(text) else text

    def short_name(self, child_id: int) -> str:
        return str(self.children[child_id]["short_name"])

    def about(self, item: Row) -> str:
        about = item["children"] or item.get("among") or self.children
        ids = [row["id"] for row in self.content["children"] if row["id"] in about]
        ids = [child_id for child_id in ids if child_id in self.reader.children or self.reader.sees_everything]
        if not item["children"] and len(ids) == len(self.children) and self.reader.every_child:
            return "All the children" if len(ids) > 1 else self.short_name(ids[0])
        return words.listed([self.short_name(child_id) for child_id in ids])

    def is_withheld(self, who: Row) -> bool:
        """Return whether this person's name or agency would reveal a place, or another's child."""
        reader = self.reader
        if who["id"] == reader.id or reader.sees_everything:
            return False
        if reader.concealed.gives_away(who["name"], who["agency_name"], person=who["person"], agency=who["agency"]):
            return True
        if not reader.is_family or who["capacity"] in FAMILY_CAPACITIES:
            return False
        return bool(who["children"]) and not set(who["children"]) & reader.children

    def is_another_child(self, who: Row) -> bool:
        """Return whether this is a child whose papers a family reader may not read."""
        return (
            self.reader.is_family
            and who["capacity"] == Capacity.CHILD
            and not set(who["children"]) & self.reader.children
        )

    def shares_a_part(self, who: Row) -> bool:
        return any(
            row["part"] in self.reader.parts and row["presence"] in {Presence.PRESENT, Presence.REMOVED}
            for row in who["attendance"]
        )

    def name_of(self, participant_id: int | None) -> str:
        if participant_id is None:
            return ""
        who = self.people[participant_id]
        mask = self._mask(who)
        if mask:
            self.masked.add(participant_id)
            self.times_masked += 1
        return mask or str(who["name"])

    def _mask(self, who: Row) -> str:
        """Return what stands in the place of a name; "" where the name may be read."""
        if self.is_withheld(who):
            return SOME_PROFESSIONAL
        if self.is_another_child(who):
            return SOMEBODY
        is_kin = who["capacity"] in FAMILY_CAPACITIES or who["capacity"] in NEVER_BY_DEFAULT
        if self.reader.is_family and is_kin and who["id"] != self.reader.id and not self.shares_a_part(who):
            return SOMEBODY
        return ""

    def role_of(self, who: Row) -> str:
        """Return their relation to the reader's children, or where they work."""
        if self.is_withheld(who):
            return ""
        if who["capacity"] in FAMILY_CAPACITIES:
            if who["capacity"] == Capacity.CHILD:
                return "" if self.is_another_child(who) else "Child"
            ties = [tie for tie in self.content["ties"] if tie["person"] == who["person"] and tie["words"]]
            if not self.reader.sees_everything:
                ties = [tie for tie in ties if tie["child"] in self.reader.children]
            return _relations(ties, self.children, len(self.reader.children)) or "Family"
        if who["capacity"] in NEVER_BY_DEFAULT:
            acts_for = self.name_of(who["acts_for"])
            return f"{Capacity(who['capacity']).label}{f', with {acts_for}' if acts_for else ''}"
        role = ", ".join(filter(None, (who["title"], who["agency_name"]))) or Capacity(who["capacity"]).label
        return f"{role} (deputy)" if who["is_deputy"] else role

    def is_own(self, participant_id: int | None) -> bool:
        """Return whether this is the reader."""
        return participant_id is not None and participant_id == self.reader.id

    def named(self, participant_ids: Collection[int]) -> list[str]:
        """Return those whose names this copy may tell, each once; the others are not counted either."""
        found = []
        for pk in participant_ids:
            if pk in self.people and self._mask(self.people[pk]):
                self.masked.add(pk)
            elif pk in self.people:
                found.append(self.speaker(pk))
        return list(dict.fromkeys(found))

    def speaker(self, participant_id: int | None) -> str:
        if participant_id is None:
            return ""
        name, role = self.name_of(participant_id), self.role_of(self.people[participant_id])
        return f"{name}, {small(role)}" if role and name not in {SOME_PROFESSIONAL, SOMEBODY} else name

    # Parts of the copy


def small(text: str) -> str:
    """Lower the first letter of words used inside a sentence; names such as GP keep their capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _relations(ties: list[Row], children: dict[int, Row], among: int) -> str:
    """Return "Mother" if it holds for all children, otherwise "Father of Wren"."""
    by_words: dict[str, list[str]] = {}
    for tie in ties:
        by_words.setdefault(tie["words"], []).append(children[tie["child"]]["short_name"])
    if len(by_words) == 1 and len(ties) == among:
        return next(iter(by_words))
    return "; ".join(f"{said} of {words.listed(named)}" for said, named in by_words.items())
