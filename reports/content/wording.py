"""A frozen content in the words in which it goes out: mended notes, their order, and discussion under headings.

Pure: the texts, and nothing that decides who reads them, are put in the place of those recorded. So every rule and
every search for hidden words looks at the mended words as it looked at the recorded ones.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conferences.enums import FAMILY_CAPACITIES
from plans.enums import PlanEntryKind
from reports.content.shared import Json
from reports.enums import InMinutes
from reports.models import PaperWording


@dataclass(frozen=True)
class Editable:
    """A recorded text whose wording may be mended: its key, its place in words, and the row that holds it."""

    key: str
    where: str
    row: Json
    field: str
    heading: str = ""

    @property
    def recorded(self) -> str:
        return str(self.row[self.field])


def editable_in(content: Json) -> list[Editable]:
    """Return what may be mended: notes, agenda notes, actions, progress, lines of a plan, and reports too long.

    A report that nobody put in short is put in short paragraph by paragraph, so that each keeps its readers.

    Decisions and their reasons, scores, views, dissent, My Views, and what the family and children said are not.
    """
    return [one for one in _texts(content) if one.recorded.strip()]


def _texts(content: Json) -> Iterator[Editable]:
    family = {row["id"] for row in content["participants"] if row["capacity"] in FAMILY_CAPACITIES}
    labels = {row["key"]: row["label"] for row in content.get("headings", ())}
    for row in content["board"]:
        if row["speaker"] in family:
            continue
        label = labels.get(row["heading"], row["heading"])
        yield Editable(f"board:{row['id']}:text", label, row, "text", row["heading"])
        yield Editable(f"board:{row['id']}:evidence", f"{label}: what it is based on", row, "evidence")
    for row in content.get("agenda", ()):
        yield Editable(f"agenda:{row['id']}:note", f"Agenda, {row['title']}", row, "note")
    people = {row["id"]: row["name"] for row in content["participants"]}
    for report in long_reports(content):
        for row in report["passages"]:
            where = f"Report of {people[report['author']]}: {row['under']}"
            yield Editable(f"{row['entry']}:text", where, row, "text")
    for row in content["outline"]:
        yield Editable(f"action:{row['id']}:why", "The plan: what has to change", row, "why")
        yield Editable(f"action:{row['id']}:what", "The plan: what will be done", row, "what")
    yield from _agreed_texts(content)
    for action in content.get("actions", ()):
        for row in action["said"]:
            if row["member"] is None:
                yield Editable(f"progress:{row['id']}:text", f"Progress: {action['what']}", row, "text")
    for row in content.get("lines", ()):
        if row["kind"] != PlanEntryKind.WISHES:
            yield Editable(f"{row['entry']}:text", "The plan", row, "text")


def _agreed_texts(content: Json) -> Iterator[Editable]:
    for row in content.get("outcomes", ()):
        yield Editable(f"{row['entry']}:text", "The plan: what will be different", row, "text")
    for row in content.get("contingency", ()):
        if "entry" in row:
            yield Editable(f"{row['entry']}:if_this", "The plan: what might happen", row, "if_this")
            yield Editable(f"{row['entry']}:we_do", "The plan: what we do then", row, "we_do")


def long_reports(content: Json) -> list[Json]:
    """Return the reports that nobody has put in short yet, of minutes that want them so."""
    return [row for row in content.get("reports_in", ()) if row["form"] == InMinutes.LONG]


def about_in(content: Json, one: Editable) -> tuple[list[int], list[int]]:
    """Return the ids, as the content gives them, of the children a text is about and of whose private matter it is."""
    if "plan" in content:
        return [row["id"] for row in content["children"]], []
    row = one.row
    if one.key.startswith("progress:"):
        row = next(action for action in content["actions"] if one.row in action["said"])
    return list(row.get("children", ())), list(row.get("private_to", ()))


def with_wording(content: Json, rows: Iterable[PaperWording]) -> Json:
    """Return the content in the words of ``rows``, with what was recorded beside each."""
    rows = list(rows)
    if not rows:
        return content
    content = copy.deepcopy(content)
    wording = {row.entry: row for row in rows if not row.is_discussion}
    edited, places = [], {}
    for one in editable_in(content):
        row = wording.get(one.key)
        if row is None or row.recorded != one.recorded:
            continue
        if row.leaves_out:
            edited.append({"entry": one.key, "where": one.where, "recorded": row.recorded, "text": ""})
            one.row[one.field] = ""
        if row.place is not None and one.heading:
            places[one.row["id"]] = row.place
        if row.text.strip() and row.text != row.recorded:
            edited.append({"entry": one.key, "where": one.where, "recorded": row.recorded, "text": row.text})
            one.row[one.field] = row.text
    content["board"] = _in_order(content["board"], places)
    _put_in_short(content, {one["entry"] for one in edited})
    if edited:
        content["edited"] = edited
    if discussion := list(_discussion(content, [row for row in rows if row.is_discussion])):
        content["discussion"] = discussion
    return content


def _put_in_short(content: Json, edited: set[str]) -> None:
    """Drop the paragraphs that were left out, and mark as short the reports of which any was mended."""
    for report in long_reports(content):
        if any(f"{row['entry']}:text" in edited for row in report["passages"]):
            report["form"] = InMinutes.SHORT
            report["passages"] = [row for row in report["passages"] if row["text"]]


def _in_order(board: list[Json], places: dict[int, int]) -> list[Json]:
    """Return the notes with those that were given a place under their heading put there."""
    by_heading: dict[str, list[Json]] = {}
    for row in board:
        by_heading.setdefault(row["heading"], []).append(row)
    ordered = []
    for rows in by_heading.values():
        kept = [row for row in rows if row["id"] not in places]
        for row in sorted((row for row in rows if row["id"] in places), key=lambda row: (places[row["id"]], row["id"])):
            kept.insert(max(places[row["id"]] - 1, 0), row)
        ordered += kept
    return ordered if places else board


def _discussion(content: Json, rows: list[PaperWording]) -> Iterator[Json]:
    ids = {row["person"]: row["id"] for row in content["children"]}
    for row in rows:
        children = [child.person_id for child in row.children.all()]
        if not set(children) <= set(ids):
            # It is about a child who is not in the meeting any more: no one reads it as if it were about the others.
            continue
        yield {
            "id": row.pk,
            "heading": row.heading,
            "text": row.text,
            "part": row.part,
            "children": sorted(ids[pk] for pk in children),
            "private_to": sorted(person.pk for person in row.private_to.all()),
            "among": sorted(ids.values()),
        }
