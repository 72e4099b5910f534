"""A reader, and what they may read of what was said, agreed and written."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from entitlement.concealed import Concealed
from entitlement.excerpts import Excerpt
from families.hidden_words import names_somebody

UNBORN_WORDS = ("unborn", "pregnan*", "the baby", "expecting")


@dataclass(frozen=True)
class NamedChild:
    """A child of the meeting: the id used in excerpts, and the names a text may use for the child."""

    id: int
    names: tuple[str, ...]
    is_unborn: bool


@dataclass(frozen=True)
class ChildOutside:
    """A child whom the meeting is not about: withdrawn from it, or a brother or sister in the family.

    ``id`` is the one used in excerpts for a withdrawn child, None for the others; ``read_by`` holds the ids of the
    people who may read about the child.
    """

    id: int | None
    names: tuple[str, ...]
    is_unborn: bool
    read_by: frozenset[int]
    full_name: str = ""


@dataclass(frozen=True)
class Reader:
    """A reader, with everything that decides what they may read; created by ``make_reader``.

    ``children`` are those whose papers they read and ``parts`` the parts of the meeting they attended, by id;
    ``children_outside`` are withdrawn children about whom they may read; ``every_child`` means that they read about
    all of the meeting's children, withdrawn ones too; ``is_separate`` that they were kept apart from others,
    ``sees_everything`` that they run the meeting.
    """

    id: int
    person: int
    name: str
    children: frozenset[int]
    children_outside: frozenset[int]
    parts: frozenset[int]
    every_child: bool
    every_part: bool
    is_separate: bool
    concealed: Concealed
    names_of_others: tuple[str, ...]
    left_out: frozenset[str]
    is_adult_family: bool
    is_child: bool
    sees_everything: bool

    @property
    def is_family(self) -> bool:
        return self.is_adult_family or self.is_child

    def is_hidden(self, *texts: str) -> bool:
        return self.concealed.is_in(*texts)

    def names_another_child(self, *texts: str) -> bool:
        return any(names_somebody(text, self.names_of_others) for text in texts)


def make_reader(
    *,
    id: int,  # noqa: A002 - the participant's
    person: int,
    name: str,
    children: Collection[int],
    of: Iterable[NamedChild],
    concealed: Concealed,
    outside: Iterable[ChildOutside] = (),
    parts: Collection[int] = (),
    all_parts: Collection[int] = (),
    is_separate: bool = False,
    left_out: Iterable[str] = (),
    is_adult_family: bool = False,
    is_child: bool = False,
    sees_everything: bool = False,
) -> Reader:
    """Create a reader of ``children`` among all children ``of`` a meeting or report.

    A text that names one of the other children, or a child ``outside`` about whom they may not read, is withheld
    from a family reader.
    """
    outside = list(outside)
    own_names = {name for child in of if child.id in children for name in child.names}
    others: list[NamedChild | ChildOutside] = [child for child in of if child.id not in children]
    others += [child for child in outside if person not in child.read_by]
    names = tuple(
        name
        for child in others
        for name in (*child.names, *(UNBORN_WORDS if child.is_unborn else ()))
        if name not in own_names
    )
    return Reader(
        id=id,
        person=person,
        name=name,
        children=frozenset(children),
        children_outside=frozenset(child.id for child in outside if child.id and person in child.read_by),
        parts=frozenset(parts),
        every_child=not any(child.id for child in others),
        every_part=bool(parts) and frozenset(parts) == frozenset(all_parts),
        is_separate=is_separate,
        concealed=concealed,
        names_of_others=names,
        left_out=frozenset(left_out),
        is_adult_family=is_adult_family,
        is_child=is_child,
        sees_everything=sees_everything,
    )


def may_read(excerpt: Excerpt, reader: Reader) -> bool:
    """Return whether they may read something said or agreed, by child and by adult; parts are checked separately."""
    if reader.sees_everything:
        return True
    if reader.person in excerpt.kept_from:
        return False
    about = excerpt.children or excerpt.among
    if not reader.is_family:
        return bool(reader.children & about) if about else bool(reader.children)
    if excerpt.private_to - {reader.person}:
        return False
    if about and not about & (reader.children | reader.children_outside):
        return False
    if excerpt.children and not excerpt.children <= reader.children | reader.children_outside:
        return False
    return not reader.names_another_child(*excerpt.texts)


def in_their_parts(part: int | None, reader: Reader) -> bool:
    """Return whether they were present when it was said; what names no part may have been said in any."""
    return part in reader.parts if part is not None else reader.every_part


def on_the_board_for(excerpt: Excerpt, reader: Reader) -> bool:
    """Return whether a note of the board was written where they could read it."""
    if excerpt.part is not None:
        return excerpt.part in reader.parts
    # Written before the meeting opened: all attendees saw it, except those who attend separately.
    return bool(reader.parts) and not (reader.is_separate and not reader.every_part)


def in_the_plan_for(action: Excerpt, reader: Reader, confidential: Collection[int]) -> bool:
    """Return whether they may know of an action: their own, or one not confined to a part they did not attend."""
    if reader.sees_everything or action.by == reader.id:
        return True
    if action.part in confidential or reader.is_separate:
        return in_their_parts(action.part, reader)
    if not reader.is_family and action.private_to:
        return in_their_parts(action.part, reader)
    return True


def may_be_shown_to_all(excerpt: Excerpt, concealed: Concealed) -> bool:
    """Return whether a whole room may see it: no one's private information, and nothing hidden from any of them."""
    return not excerpt.private_to and not concealed.is_in(*excerpt.texts)
