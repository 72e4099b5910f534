"""One recipient, and what they may read of what was said, agreed and written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from conferences.enums import FAMILY_CAPACITIES, Capacity, Presence
from families.hidden_words import mentions, names_somebody
from reports.entitlement.levels import RUNS_THE_MEETING, Content, Row, entitlement_of, participant_in

UNBORN_WORDS = ("unborn", "pregnan*", "the baby", "expecting")


@dataclass(frozen=True)
class Reader:
    """A recipient, with everything that decides what their copy holds."""

    id: int
    person: int
    name: str
    capacity: str
    children: frozenset[int]
    parts: frozenset[int]
    every_child: bool
    every_part: bool
    is_separate: bool
    hidden_agencies: frozenset[int]
    hidden_persons: frozenset[int]
    hidden_words: frozenset[str]
    council: str
    other_children: tuple[str, ...]
    left_out: frozenset[str]
    is_adult_family: bool
    is_child: bool
    sees_everything: bool

    @property
    def is_family(self) -> bool:
        return self.is_adult_family or self.is_child

    def is_hidden(self, text: str) -> bool:
        return mentions(text, self.hidden_words, self.council)

    def names_another_child(self, *texts: str) -> bool:
        return any(names_somebody(text, self.other_children) for text in texts)


def reader_of(content: Content, participant_id: int, *, settled: Collection[int] = ()) -> Reader:
    """Everything about one recipient that decides what their copy holds."""
    who = participant_in(content, participant_id)
    children = entitlement_of(content, participant_id, settled=settled).children
    runs_it = who["capacity"] in RUNS_THE_MEETING
    all_parts = frozenset(part["id"] for part in content["parts"])
    parts = (
        all_parts
        if runs_it
        else frozenset(row["part"] for row in who["attendance"] if row["presence"] == Presence.PRESENT)
    )
    others = [row for row in content["children"] if row["id"] not in children]
    hidden = {} if runs_it else content["hidden"].get(str(participant_id), {})
    return Reader(
        id=participant_id,
        person=who["person"],
        name=who["name"],
        capacity=who["capacity"],
        children=children,
        parts=parts,
        every_child=not others and not content["names_of_withdrawn"],
        every_part=parts == all_parts and bool(parts),
        is_separate=who["separate"],
        hidden_agencies=frozenset(hidden.get("agencies", ())),
        hidden_persons=frozenset(hidden.get("persons", ())),
        hidden_words=frozenset(hidden.get("words", ())),
        council=content["authority"]["name"],
        other_children=(
            *(name for row in others for name in (*row["names"], *(UNBORN_WORDS if row["unborn"] else ()))),
            *content["names_of_withdrawn"],
        ),
        left_out=frozenset(
            row["entry"] for row in content.get("left_out", ()) if participant_id in row["recipients"]
        ),
        is_adult_family=who["capacity"] in FAMILY_CAPACITIES and who["capacity"] != Capacity.CHILD,
        is_child=who["capacity"] == Capacity.CHILD,
        sees_everything=runs_it,
    )


def reader_of_all(content: Content) -> Reader:
    """Somebody who reads everything: the chair, before anybody gets a copy."""
    return Reader(
        id=0,
        person=0,
        name=content["chair"],
        capacity=Capacity.CHAIR,
        children=frozenset(row["id"] for row in content["children"]),
        parts=frozenset(part["id"] for part in content["parts"]),
        every_child=True,
        every_part=True,
        is_separate=False,
        hidden_agencies=frozenset(),
        hidden_persons=frozenset(),
        hidden_words=frozenset(),
        council=content["authority"]["name"],
        other_children=(),
        left_out=frozenset(),
        is_adult_family=False,
        is_child=False,
        sees_everything=True,
    )


def may_read(item: Row, reader: Reader, *texts: str) -> bool:
    """Whether something said or agreed is theirs by child and by adult; parts are asked for apart.

    ``item`` has ``children`` (none named: all of them) and ``private_to``.
    """
    named = frozenset(item["children"])
    if reader.sees_everything:
        return True
    if not reader.is_family:
        return bool(reader.children & named) if named else bool(reader.children)
    if set(item["private_to"]) - {reader.person}:
        return False
    if named and not named <= reader.children:
        return False
    return reader.every_child or not reader.names_another_child(*texts)


def in_their_parts(part: int | None, reader: Reader) -> bool:
    """Whether it was said where they were; what names no part may have been said in any."""
    return part in reader.parts if part is not None else reader.every_part


def on_the_board_for(entry: Row, reader: Reader) -> bool:
    """Whether a board entry was written where they could read it."""
    if entry["part"] is not None:
        return entry["part"] in reader.parts
    # Written before the meeting opened: everybody who came saw it, but for those who attend apart.
    return bool(reader.parts) and not (reader.is_separate and not reader.every_part)


def in_the_plan_for(action: Row, reader: Reader, confidential: frozenset[int]) -> bool:
    """Whether an action is theirs to know: their own, or one not kept to a part they were not in."""
    if reader.sees_everything or action["who"] == reader.id:
        return True
    if action["part"] in confidential or reader.is_separate:
        return in_their_parts(action["part"], reader)
    if not reader.is_family and action["private_to"]:
        return in_their_parts(action["part"], reader)
    return True
