"""YAML without its traps: what is read is what a person sees on the page."""

from __future__ import annotations

import re
from copy import deepcopy
from functools import lru_cache
from typing import Any

import yaml

from govuk.cleaning import clean_text

LONGEST_TEXT = 200_000
DEEPEST = 12


class NotStrict(ValueError):
    """The text is not YAML, or uses features that a policy doesn't need."""


class _StrictLoader(yaml.SafeLoader):
    """Refuses duplicate keys, aliases, tags and merging; numbers are decimal, and words stay words.

    ``yes`` and ``on`` stay words, as do ``010``, ``1:30`` and dates. Texts are cleaned like those of a form.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise NotStrict("aliases (*name) are not allowed; write the value out")
        return super().compose_node(parent, index)

    def construct_scalar(self, node: Any) -> Any:
        value = super().construct_scalar(node)
        return clean_text(value) if isinstance(value, str) else value

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise NotStrict(f"a key must be a word, see line {key_node.start_mark.line + 1}")
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise NotStrict(f"{key!r} stands twice, see line {key_node.start_mark.line + 1}")
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


_StrictLoader.yaml_implicit_resolvers = {}
_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))
_StrictLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$"), list("-0123456789")
)


def read_strict(text: str) -> Any:
    """Parse ``text``.

    Raises NotStrict, with the line where there is one.
    """
    if len(text) > LONGEST_TEXT:
        raise NotStrict(f"it is longer than {LONGEST_TEXT:,} characters")
    try:
        return deepcopy(_parsed(text))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise NotStrict(" ".join(str(error).split())) from error


# A page about a draft reads its text several times over, and reading takes longer than the rest of the page.
@lru_cache(maxsize=8)
def _parsed(text: str) -> Any:
    _refuse_tricks(text)
    return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a subclass of the safe loader


def _refuse_tricks(text: str) -> None:
    """Walk the text without building anything, refusing deep nesting and tags."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.events.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise NotStrict(f"it is nested deeper than {DEEPEST} levels, see line {line}")
        elif isinstance(event, yaml.events.CollectionEndEvent):
            depth -= 1
        if tag := getattr(event, "tag", None):
            raise NotStrict(f"tags ({tag}) are not allowed, see line {line}")


class _StrictDumper(yaml.SafeDumper):
    """Writes no aliases, and lengths of time on one line, as people do."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _mapping(dumper: _StrictDumper, value: dict[str, Any]) -> yaml.Node:
    in_one_line = bool(value) and value.keys() <= {"amount", "unit", "manager", "service-manager"}
    return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=in_one_line or None)


_StrictDumper.add_representer(dict, _mapping)


def write_strict(raw: Any) -> str:
    """Return ``raw`` as text that :func:`read_strict` parses back."""
    return yaml.dump(
        raw, Dumper=_StrictDumper, sort_keys=False, allow_unicode=True, width=110, default_flow_style=False
    )
