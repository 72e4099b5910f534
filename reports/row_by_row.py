"""Papers in large print and on a phone: a table has no room for its columns there, so each row becomes a block."""

from __future__ import annotations

import copy
from xml.etree import ElementTree as ET

import tinyhtml5

DOCTYPE = "<!DOCTYPE html>"


def without_tables(html: str) -> str:
    """Return a whole page with each row of its tables as a block, and each cell in it as a line that says its column.

    Nothing is left out: what a row is about stands first, and the head of a column before what stands in it.
    """
    return DOCTYPE + _written(_rebuilt(html))


def part_without_tables(html: str) -> str:
    """Return the same of what stands within a page."""
    body = _rebuilt(html).find("body")
    return "" if body is None else (body.text or "") + "".join(_written(part) for part in body)


def _rebuilt(html: str) -> ET.Element:
    root: ET.Element = tinyhtml5.parse(html, namespace_html_elements=False)
    for drawn in root.iter():
        if isinstance(drawn.tag, str):
            drawn.tag = drawn.tag.rpartition("}")[2]
    parents = {child: parent for parent in root.iter() for child in parent}
    for table in list(root.iter("table")):
        parent = parents[table]
        place = list(parent).index(table)
        rows = _rows(table)
        rows[-1].tail = table.tail
        parent.remove(table)
        for number, row in enumerate(rows):
            parent.insert(place + number, row)
            parents[row] = parent
    return root


def _written(part: ET.Element) -> str:
    return ET.tostring(part, encoding="unicode", method="html")


def _rows(table: ET.Element) -> list[ET.Element]:
    head = table.find("thead")
    labels = [] if head is None else [_words(cell) for cell in head.iter("th")]
    body = [row for part in table if part.tag != "thead" for row in part.iter("tr")]
    return [_row(row, labels) for row in body] or [ET.Element("div")]


def _row(row: ET.Element, labels: list[str]) -> ET.Element:
    block = ET.Element("div", {"class": "row"})
    for place, cell in enumerate(row):
        line = ET.SubElement(block, "p")
        if cell.tag == "th":
            line.set("class", "about")
        elif place < len(labels) and labels[place]:
            label = ET.SubElement(line, "strong")
            label.text = f"{labels[place]}:"
            label.tail = " "
        _move(cell, line)
    return block


def _move(cell: ET.Element, line: ET.Element) -> None:
    """Put what stands in a cell behind what stands in a line."""
    if len(line):
        line[-1].tail = (line[-1].tail or "") + (cell.text or "").lstrip()
    else:
        line.text = cell.text
    line.extend(copy.copy(child) for child in cell)


def _words(cell: ET.Element) -> str:
    return " ".join("".join(cell.itertext()).split())
