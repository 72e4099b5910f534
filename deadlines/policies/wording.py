"""Puts a policy into words, for pages and for its documentation."""

from __future__ import annotations

import re

from deadlines.enums import Direction
from deadlines.policies.amounts import Amount, Json
from deadlines.policies.limits import LIMITS
from deadlines.policies.presets import baseline
from deadlines.policies.value_types import one_of
from deadlines.policies.values import SCHEMA, Key
from families.enums import AgencyKind

Entry = dict[str, Json]


_HYPHENED = {"Cin ": "Child in need ", "Pre birth": "Pre-birth", "Transfer in": "Transfer-in"}


def label_of(key: str) -> str:
    """Return a key as people read it: "report-submitted:review" is "Report submitted, review"."""
    label = key.replace("-", " ").replace(":", ", ").capitalize()
    for plain, written in _HYPHENED.items():
        label = label.replace(plain, written)
    return label


def in_words(text: str) -> str:
    """Return a text with the keys that it names as people read them: "`visit-ceiling`" is "“Visit ceiling”"."""
    return re.sub(r"`([a-z0-9:-]+)`", lambda found: f"“{label_of(found[1])}”", text)


def limit_words(entry: Entry) -> str:
    """Return for example "15 working days after the strategy discussion that started the s47"."""
    return f"{amount_words(entry)} {entry['direction']} the {entry['from']}"


def amount_words(part: Entry) -> str:
    """Return for example "15 working days"."""
    return Amount(part["amount"], part["unit"]).words


def limit_lines(key: str, entry: Entry) -> list[str]:
    """Return what else a limit says: outer limit, the sooner of two, when people are told."""
    lines = []
    if "outer" in entry:
        whose = "national" if entry["outer"] == baseline()["limits"][key].get("outer") else "the council's own"
        lines.append(f"Never more than {amount_words(entry['outer'])} ({whose} outer limit)")
    if entry.get("sooner-with"):
        other = label_of(entry["sooner-with"])
        arranged = ", or the day arranged for it" if entry["sooner-with"] in LIMITS[key].may_end_with else ""
        lines.append(f"The sooner counts: this or “{other}”{arranged}")
    told = f"People are told {amount_words(entry['warn'])} before its end"
    if "last-call" in entry:
        told += f" and again {amount_words(entry['last-call'])} before it"
    lines.append(told if entry["warn"]["amount"] else "People are told on its last day")
    steps = entry["escalate"]
    lines.append(
        f"Late, it goes to the manager after {amount_words(steps['manager'])} and to the service manager after "
        f"{amount_words(steps['service-manager'])}"
    )
    return lines


def value_lines(key: str, value: Json) -> list[str]:
    """Return a value in words, one line for each item it holds."""
    known = SCHEMA[key]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, int):
        return [_counted(known, value)]
    if isinstance(value, str):
        return [value]
    if known.is_keeping:
        return ["{amount} {unit} from the {from}".format_map(value)]
    if labels := known.labels:
        return [f"{label}: {_joined(value[part])}" for part, label in labels.items() if part in value]
    if isinstance(value, dict):
        return _mapping_lines(value)
    return [_item(item) for item in value] or ["none"]


def _counted(known: Key, number: int) -> str:
    if known.shape and known.shape.saying:
        return known.shape.saying.format(number)
    first, *rest = known.unit.split()
    return " ".join((str(number), one_of(first) if number == 1 else first, *rest))


def _joined(value: Json) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _item(item: Json) -> str:
    """Return one item of a list in words: a word, or its label and details."""
    if not isinstance(item, dict):
        return str(item).replace("_", " ")
    name = str(item.get("label") or next(iter(item.values())))
    if "working-days" in item:
        return f"{AgencyKind(item['kind']).label}: {item['working-days']} working days"
    rest = item.get("prompt") or item.get("definition") or item.get("kinds")
    return f"{name}: {_joined(rest).replace('_', ' ') if isinstance(rest, list) else rest}" if rest else name


def _mapping_lines(value: dict[str, Json]) -> list[str]:
    """Return a framework or a scale in words: its own facts, then its headings."""
    lines = [
        f"{label_of(part)}: {'none' if text is None else text}"
        for part, text in value.items()
        if part != "key" and not isinstance(text, list)
    ]
    return lines + [_item(item) for items in value.values() if isinstance(items, list) for item in items]


def limit_meaning(key: str) -> str:
    """Return what a limit is about, such as "From the birth to a review of a plan made before the birth"."""
    known = LIMITS[key]
    if known.direction == Direction.AFTER:
        return f"From the {known.event} {known.meaning}"
    return f"Before the {known.event}: {known.meaning}"
