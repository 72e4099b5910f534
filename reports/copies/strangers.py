"""Free text in one copy that names a child or an adult who is not the reader's.

The rules of who reads what follow the boxes that were ticked. This looks at the words themselves: a sister's name in
the chair's reasons, or the first name of someone whom the line before calls "someone in the family".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from entitlement import TITLES, names_somebody
from reports.copies.copies import Composed, Passage
from reports.copies.levels import Content


def strangers_named(content: Content, copy: Composed) -> Iterator[tuple[Passage, list[str]]]:
    """Yield each passage of a family reader's copy that names someone not theirs, with those names.

    Not theirs are the children about whom they may not read, adults in the family with no tie to any child of
    theirs, and whoever this copy mentions without a name. A first or last name alone counts unless it is also that
    of someone about whom they may read.
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
    known = _known_names(content, copy, strangers)
    for name in strangers.values():
        yield name, _names_of(name, known)


def _known_names(content: Content, copy: Composed, strangers: Collection[int]) -> set[str]:
    """Return the single names of those about whom the reader may read, in lower case."""
    known = [who["name"] for who in content["participants"] if who["person"] not in strangers]
    known += [row["full_name"] for row in content["children"] if row["id"] in copy.reader.children]
    return {part.casefold() for name in known for part in name.split()}


def _names_of(full_name: str, known: set[str]) -> tuple[str, ...]:
    parts = full_name.split()
    alone = [parts[0]] if len(parts) > 1 and parts[0].casefold() not in known else []
    with_title = [f"{title} {parts[-1]}" for title in TITLES] if parts and parts[-1].casefold() not in known else []
    return (full_name, *alone, *with_title)
