"""Makes the fields of a value from its type, so that a value declared in the schema can be entered at once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from deadlines.forms.value_lists import CODE, KEY, Rows
from deadlines.forms.value_parts import (
    Fixed,
    Hidden,
    LongWords,
    Number,
    OneOf,
    Part,
    SeveralOf,
    Together,
    Words,
    YesOrNo,
)
from deadlines.policies import SCHEMA
from deadlines.policies.amounts import Json
from deadlines.policies.values import Group

LONG_WORDS = {"prompt", "definition", "low-words", "high-words"}
LABELS = {
    "label": "Words",
    "prompt": "What to ask under it",
    "definition": "Definition",
    "kinds": "Kinds of agencies",
    "low-words": "What the lowest score means",
    "high-words": "What the highest score means",
    "indicates-plan-up-to": "Score up to which a plan is usual",
    "kind": "Kind of agency",
    "name": "Name",
    "version": "Version, such as a year",
    "from": "From",
}


@lru_cache(maxsize=32)
def _schema_of(group: type[Group]) -> dict[str, Any]:
    return group.model_json_schema()


def part_of(key: str, name: str, label: str, hint: str) -> Part:
    """Return the part for one value of a policy."""
    known = SCHEMA[key]
    schema = _schema_of(known.group)
    return part_for(_resolved(schema["properties"][known.name], schema.get("$defs", {})), name, label, hint)


def _resolved(schema: Json, known: dict[str, Json]) -> Json:
    """Return a schema with every reference written out."""
    if isinstance(schema, list):
        return [_resolved(one, known) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _resolved(known[schema["$ref"].rpartition("/")[2]], known)
    return {key: _resolved(value, known) for key, value in schema.items()}


def part_for(schema: Json, name: str, label: str, hint: str = "", *, key: str = "") -> Part:
    """Return the part for a value of this type, as JSON Schema describes it."""
    types = schema.get("anyOf", [schema])
    words = [str(word) for one in types for word in one.get("enum", [one.get("const")]) if word is not None]
    kinds = {one.get("type") for one in types}
    required = "null" not in kinds
    if key in {KEY, CODE}:
        return Hidden(name, label)
    if words:
        takes_number = any(one.get("type") == "integer" for one in types)
        if len(words) == 1 and not takes_number:
            return Fixed(name, label, words[0])
        return OneOf(name, label, hint, words=words, number=takes_number)
    if "boolean" in kinds:
        return YesOrNo(name, label, hint)
    if "integer" in kinds:
        return Number(name, label, hint, required=required)
    if "array" in kinds:
        return _list_for(schema, name, label, hint)
    if "object" in kinds:
        return _mapping_for(schema, name, label, hint)
    return (LongWords if not key or key in LONG_WORDS else Words)(name, label, hint, required=required)


def _list_for(schema: Json, name: str, label: str, hint: str) -> Part:
    items = schema["items"]
    if "enum" in items:
        return SeveralOf(name, label, hint, words=list(items["enum"]))
    return Rows(
        name,
        label,
        hint,
        part_for_row=lambda name, label: part_for(items, name, label),
        fixed=CODE in items.get("properties", {}),
    )


def _mapping_for(schema: Json, name: str, label: str, hint: str) -> Part:
    parts = {
        key: part_for(one, f"{name}-{key}", LABELS.get(key) or _title(one, key), key=key)
        for key, one in schema["properties"].items()
    }
    return Together(name, label, hint, parts=parts)


def _title(schema: Json, key: str) -> str:
    title = str(schema.get("title") or "")
    plain = key.replace("-", " ").replace("_", " ")
    words = title if title and title.lower() != plain.lower() and " " in title else plain
    return words[:1].upper() + words[1:]
