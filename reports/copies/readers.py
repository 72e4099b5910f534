"""Readers and excerpts of a frozen content."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from conferences.enums import FAMILY_CAPACITIES, Capacity, ParticipantStatus, PartKind, Presence
from entitlement import NOTHING_CONCEALED, ChildOutside, Concealed, Excerpt, NamedChild, Reader, make_reader
from reports.copies.levels import RUNS_THE_MEETING, Content, Row, entitlement_of, participant_in, turns_to


def reader_of(content: Content, participant_id: int, *, settled: Collection[int] = ()) -> Reader:
    """Return everything about one recipient that decides what their copy contains."""
    who = participant_in(content, participant_id)
    runs_it = who["capacity"] in RUNS_THE_MEETING
    all_parts = _parts(content)
    return make_reader(
        id=participant_id,
        person=who["person"],
        name=who["name"],
        children=entitlement_of(content, participant_id, settled=settled).children,
        of=_children(content),
        outside=_outside(content),
        parts=_parts_read_by(content, who, all_parts=all_parts),
        all_parts=all_parts,
        is_separate=who["separate"],
        concealed=NOTHING_CONCEALED if runs_it else _concealed(content, participant_id),
        left_out=[row["entry"] for row in content.get("left_out", ()) if participant_id in row["recipients"]],
        is_adult_family=who["capacity"] in FAMILY_CAPACITIES and who["capacity"] != Capacity.CHILD,
        is_child=who["capacity"] == Capacity.CHILD,
        sees_everything=runs_it,
    )


def reader_of_all(content: Content) -> Reader:
    """Return a reader of everything: the chair, before anyone gets a copy."""
    reader = make_reader(
        id=0,
        person=0,
        name=turns_to(content, "chair"),
        children=[row["id"] for row in content["children"]],
        of=_children(content),
        parts=_parts(content),
        all_parts=_parts(content),
        concealed=NOTHING_CONCEALED,
        sees_everything=True,
    )
    return replace(reader, every_child=True, every_part=True)


def excerpt_of(row: Row, *texts: str) -> Excerpt:
    """Return the parts of a row, such as a note or action, that decide who may read it."""
    return Excerpt(
        texts=texts,
        children=frozenset(row["children"]),
        private_to=frozenset(row["private_to"]),
        part=row["part"],
        by=row.get("who"),
        among=frozenset(row.get("among", ())),
    )


def _children(content: Content) -> list[NamedChild]:
    return [NamedChild(row["id"], tuple(row["names"]), row["unborn"]) for row in content["children"]]


def _outside(content: Content) -> list[ChildOutside]:
    if "outside" not in content:
        # Frozen before it was known who may read about a withdrawn child.
        return [ChildOutside(None, tuple(content["names_of_withdrawn"]), is_unborn=False, read_by=frozenset())]
    return [
        ChildOutside(row["id"], tuple(row["names"]), row["unborn"], frozenset(row["read_by"]))
        for row in content["outside"]
    ]


def _parts(content: Content) -> frozenset[int]:
    return frozenset(part["id"] for part in content["parts"])


def _parts_read_by(content: Content, who: Row, *, all_parts: frozenset[int]) -> Collection[int]:
    """Return the parts whose words someone reads: those they were in; who takes the case over, all but the secret."""
    if who["capacity"] in RUNS_THE_MEETING:
        return all_parts
    if who["status"] == ParticipantStatus.AFTERWARDS:
        return {part["id"] for part in content["parts"] if part["kind"] != PartKind.CONFIDENTIAL}
    if "reads" in who:
        return frozenset(who["reads"])
    return {row["part"] for row in who["attendance"] if row["presence"] == Presence.PRESENT}


def _concealed(content: Content, participant_id: int) -> Concealed:
    hidden = content["hidden"].get(str(participant_id), {})
    return Concealed(
        agencies=frozenset(hidden.get("agencies", ())),
        persons=frozenset(hidden.get("persons", ())),
        words=frozenset(hidden.get("words", ())),
        council=content["authority"]["name"],
    )
