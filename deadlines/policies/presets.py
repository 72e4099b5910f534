"""Reading policies from files, complete and checked."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError

from deadlines.policies.checking import faults_of, loose_limits
from deadlines.policies.policy import Json, Resolved
from deadlines.policies.schema import SECTIONS

PRESETS = Path(__file__).parent.parent / "presets"
BASELINE = "baseline"


class PolicyInvalid(ValidationError):
    """A policy file can't be used; each message names file, key and reason."""


@lru_cache(maxsize=1)
def baseline() -> Resolved:
    """The complete preset that all others fill their gaps from."""
    return resolve(BASELINE)


class _PlainLoader(yaml.SafeLoader):
    """YAML without its tricks: a key once, no aliases, no merging, no dates made from text."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not allowed; write the value out")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise yaml.YAMLError(f"{twice[0]!r} stands twice, see line {node.start_mark.line + 1}")
        return super().construct_mapping(node, deep=deep)


_PlainLoader.yaml_implicit_resolvers = {
    first: [
        (tag, regexp)
        for tag, regexp in resolvers
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def preset_names() -> list[str]:
    """The presets that come with the product."""
    return sorted(path.stem for path in PRESETS.glob("*.yaml"))


def resolve(preset: str | Path) -> Resolved:
    """A preset or a file of that form, complete: its own entries over those of the baseline.

    Raises PolicyInvalid with a message for every fault, each naming file, key and reason.
    """
    path = preset if isinstance(preset, Path) else PRESETS / f"{preset}.yaml"
    return complete(_read(path), file=path.name)


def complete(raw: Json, *, file: str) -> Resolved:
    """Check one policy as typed and fill its gaps from the baseline.

    Raises PolicyInvalid with a message for every fault, each naming file, key and reason.
    """
    if faults := list(faults_of(raw)):
        raise PolicyInvalid([f"{file}: {fault}" for fault in faults])
    own: Resolved = {section: raw.get(section) or {} for section in SECTIONS}
    if raw["preset"] == BASELINE:
        whole, national = own, own["limits"]
        faults = [
            f"{section}.{key}: is missing; the baseline must be complete"
            for section, known in SECTIONS.items()
            for key in known
            if key not in own[section]
        ]
    else:
        base = baseline()
        whole, national = {section: {**base[section], **own[section]} for section in SECTIONS}, base["limits"]
    faults += loose_limits(whole["limits"], national)
    if faults:
        raise PolicyInvalid([f"{file}: {fault}" for fault in faults])
    return whole


def _read(path: Path) -> Json:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PolicyInvalid(f"{path.name}: can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise PolicyInvalid(f"{path.name}: is not UTF-8 text") from error
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a subclass of the safe loader
    except (yaml.YAMLError, RecursionError) as error:
        raise PolicyInvalid(f"{path.name}: is not plain YAML: {' '.join(str(error).split())}") from error
