"""Free text in one copy that names a child or an adult who is not the reader's.

The rules of who reads what follow the boxes that were ticked. This looks at the words themselves: a sister's name in
the chair's reasons, or the first name of someone whom the line before calls "someone in the family".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from entitlement import PLAIN_WORDS, SHORT_WORDS, TITLES, names_somebody
from reports.copies.copies import Composed, Passage
from reports.copies.levels import Content


def strangers_named(content: Content, copy: Composed) -> Iterator[tuple[Passage, list[str]]]:
    """Yield each passage of a family reader's copy that names someone not theirs, with those names.

    Not theirs are the children about whom they may not read, adults in the family with no tie to any child of
    theirs, and whoever this copy mentions without a name. A first or last name alone, or initials, count unless they
    are also those of someone about whom they may read.
    """
    if not copy.reader.is_family:
        return
    looked_for = dict(_strangers(content, copy))
    for passage in copy.passages:
        found = [name for name, names in looked_for.items() if names_somebody(passage.text, names)]
        if found:
            yield passage, found


def _strangers(content: Content, copy: Composed) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what to call each of them, and the names to look for."""
    reader = copy.reader
    for name in reader.names_of_others:
        yield name.replace("*", "…"), (name,)
    people = content["participants"]
    masked = {who["person"]: who["name"] for who in people if who["id"] in copy.masked}
    others = {
        adult["person"]: adult["name"]
        for adult in content.get("adults", ())
        if not set(adult["children"]) & reader.children and reader.person not in adult["known_to"]
    }
    strangers = {**others, **masked}
    strangers.pop(reader.person, None)
    known = _Known(_known_people(content, copy, strangers))
    for name in strangers.values():
        yield name, _names_of(name, known)
    for name in _children_not_theirs(content, copy):
        yield from ((initials, (initials,)) for initials in _initials(name) if known.by_none(initials))
        if initialled := _initialled(name, known):
            yield initialled, (initialled,)
    for name in strangers.values():
        yield from ((initials, (initials,)) for initials in _initials(name) if known.by_none(initials))


class _Known:
    """The names and initials of those about whom the reader may read."""

    def __init__(self, people: Collection[str]) -> None:
        self.names = {part.casefold() for name in people for part in name.split()}
        self.initials = {initials for name in people for initials in _initials(name)}

    def by_none(self, initials: str) -> bool:
        """Return whether none of them bears these initials, and no word of a case is written like them."""
        return initials not in self.initials and initials.replace(".", "") not in SHORT_WORDS


def _known_people(content: Content, copy: Composed, strangers: Collection[int]) -> list[str]:
    """Return the full names of those about whom the reader may read."""
    known = [who["name"] for who in content["participants"] if who["person"] not in strangers]
    return known + [row["full_name"] for row in content["children"] if row["id"] in copy.reader.children]


def _children_not_theirs(content: Content, copy: Composed) -> Iterable[str]:
    """Yield the full names of the children about whom they may not read."""
    yield from (row["full_name"] for row in content["children"] if row["id"] not in copy.reader.children)
    for row in content.get("outside", ()):
        if copy.reader.person not in row["read_by"]:
            yield row.get("full_name", "")


def _initials(full_name: str) -> Iterator[str]:
    """Yield initials as "R.B.": of all names, and of the first and the last."""
    letters = [part[0].upper() for part in full_name.split() if part[0].isalpha()]
    if len(letters) > 1:
        yield from dict.fromkeys(".".join(some) + "." for some in (letters, [letters[0], letters[-1]]))


def _names_of(full_name: str, known: _Known) -> tuple[str, ...]:
    first, *others = full_name.split() or [""]
    if not others:
        return (full_name,)
    last = others[-1]
    found = [full_name, _initialled(full_name, known)]
    if first.casefold() not in known.names:
        found.append(first)
    if last.casefold() not in known.names:
        found += [f"{title} {last}" for title in TITLES]
        found += [last] if last.casefold() not in PLAIN_WORDS else []
    return tuple(name for name in found if name)


def _initialled(full_name: str, known: _Known) -> str:
    """Return "M Alder"; nothing where someone about whom the reader may read can be meant."""
    parts = full_name.split()
    initials = f"{parts[0][0]}.{parts[-1][0]}.".upper() if len(parts) > 1 else ""
    return f"{parts[0][0]} {parts[-1]}" if initials and initials not in known.initials else ""
