"""Generates docs/policies.md from the schema and the baseline."""

from __future__ import annotations

from deadlines.enums import Scope, Unit
from deadlines.policies.acting import ACTS
from deadlines.policies.amounts import LONGEST_AMOUNT, Json
from deadlines.policies.limits import LIMITS
from deadlines.policies.presets import baseline, preset_names
from deadlines.policies.strict_yaml import DEEPEST, LONGEST_TEXT
from deadlines.policies.value_types import FIRST_YEAR, LAST_YEAR
from deadlines.policies.values import GROUPS, SCHEMA
from deadlines.policies.wording import amount_words, value_lines

_HEAD = """\
# Policies: a council's procedures as a file

<!-- Written by `python manage.py describe_policies > docs/policies.md`; a test compares. -->

One YAML file holds one council's procedures. `baseline` is complete; every other file names only what
differs from it. No council's name and no statutory number stands in the code: **another council is one more file**.

## Adding a council

1. Write a file such as this one. A key that it leaves out is the baseline's.
2. `python manage.py load_policies eastmere.yaml --check` names every fault with file, key and reason.
3. `python manage.py load_policies eastmere.yaml --authority eastmere --since 2027-01-01` puts it in force.
   An administrator enters the same under Settings, Procedures, by forms; a second person puts it in force, with a
   preview.

```yaml
preset: eastmere            # its name, in small letters
title: Eastmere
note: As agreed by the partnership on 1 December 2026.

limits:
  minutes-sent:
    amount: 20              # a whole number
    unit: working days
    direction: after
    warn: {amount: 5, unit: working days}
    source: Eastmere procedures, section 7
    year: 2026
    scope: local
    owner: conference service manager

values:
  child-invited-from-age:
    value: by understanding
    source: Eastmere procedures, section 3
    year: 2026
    scope: local
    owner: conference service manager
```

Presets that come with the product: PRESETS. Those of councils are marked "As published in the guide; check
with the council before use".

## Which version counts

A deadline is counted under the version in force on the day its clock started. A later version may begin today
or later, never on a day that is over; only a council's first may begin in the past. To count open deadlines
again under a newer version is an act of its own: previewed deadline by deadline, with a reason, and logged.
A stored version that lacks a key, because the key is younger, reads as the baseline's.

`load_policies` without `--authority` also gives every council that follows a loaded file, unchanged by hand, a
new version from today where the file says something new. Doing it again changes nothing.

## What every entry says

| part | meaning |
| --- | --- |
| `source` | where the figure comes from, in words |
| `year` | of that source, from FIRST to LAST |
| `scope` | SCOPES. Only national limits are called statutory |
| `owner` | who looks after the figure in the council |

## Limits

| part | meaning | may be left out |
| --- | --- | --- |
| `amount` | a whole number from 1 to LONGEST | no |
| `unit` | UNITS. Days and weeks are calendar days and weeks; a month keeps the day of the month, else takes its last; hours are elapsed hours, for limits that run from a moment: HOURLY | no |
| `direction` | `after` its event or `before`: fixed for each limit, see below | no |
| `from` | the event it runs from, in the words below; the day of the event is day 0 | yes |
| `warn` | how long before its end people are told; in hours for a limit in hours, else in working days | no |
| `last-call` | for limits in hours, which need it: when people are told again | for others |
| `escalate` | `manager` and `service-manager`: how long after its end it goes up the line; in hours or working days like `warn`, the manager first | yes |
| `outer` | a national limit that the council's own may not pass | yes |
| `sooner-with` | the name of a limit that may end sooner and then counts instead. Councils choose for CHOSEN (`""` where nothing ends it sooner); for ALWAYS it is as below, whatever a file says | yes |

What may be left out is then the baseline's. A limit that could end later than a national one is refused.
"""  # noqa: E501 - a row of a table is one line

_VALUES = """## Values

“What acts on it” names the work, and the page or the run of the night. Where a value is “shown”, people read it on
that page and keep to it themselves.

To add a value, give it a field in its group in `deadlines/policies/values.py` (a shape of its own in
`value_types.py`), an entry in `presets/baseline.yaml` and a line in `acting.py`. What acts on it reads it through
`policy.py`. A test that sets another value and asserts what differs carries the mark `value` with its key; without
one a walk over the schema fails. Then write this page anew:
`python manage.py describe_policies > docs/policies.md`.
"""

_TAIL = f"""
## What is refused

Every fault is named at once, as `file: key: reason`: an unknown key, an amount that is no whole number or is
negative, a unit that is none, a missing source, a limit looser than a national outer limit, escalation out of
order, people told before a limit begins, a limit for handing a report in that ends after the one for sharing it,
a second limit that the clock does not know. Of YAML only its plain part is read: no aliases, tags or merging, no
key twice, at most {LONGEST_TEXT:,} characters and {DEEPEST} levels. `yes`, `010`, `1:30` and dates stay the words
that were typed.
"""


def described() -> str:
    """Return the whole document."""
    chosen = [
        f"`{key}`: {' or '.join(map(_code, known.may_end_with))}" for key, known in LIMITS.items() if known.may_end_with
    ]
    head = (
        _HEAD.replace("PRESETS", ", ".join(f"`{name}`" for name in preset_names()))
        .replace("FIRST", str(FIRST_YEAR))
        .replace("LAST", str(LAST_YEAR))
        .replace("SCOPES", " or ".join(f"`{scope}`" for scope in Scope.values))
        .replace("UNITS", ", ".join(f"`{unit}`" for unit in Unit.values))
        .replace("LONGEST", str(LONGEST_AMOUNT))
        .replace("CHOSEN", ", ".join(chosen))
        .replace("ALWAYS", ", ".join(_code(key) for key in LIMITS if LIMITS[key].beside))
        .replace("HOURLY", ", ".join(f"`{key}`" for key in LIMITS if LIMITS[key].by_the_hour))
    )
    return f"{head}\n{_limits()}\n{_VALUES}{_values()}{_TAIL}"


def _limits() -> str:
    rows = [
        "| limit | runs | meaning | default | people are told | up the line | source |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for key in LIMITS:
        entry = baseline()["limits"][key]
        default = amount_words(entry)
        if "outer" in entry:
            default += f"; at most {amount_words(entry['outer'])}"
        if entry.get("sooner-with"):
            default += f"; or `{entry['sooner-with']}` where that is sooner"
        told = " and ".join(amount_words(entry[part]) for part in ("warn", "last-call") if part in entry)
        steps = ", ".join(amount_words(entry["escalate"][step]) for step in ("manager", "service-manager"))
        runs = f"{entry['direction']} the {entry['from']}"
        rows.append(_row(f"`{key}`", runs, LIMITS[key].meaning, default, told, steps, _source(entry)))
    return "\n".join(rows) + "\n"


def _values() -> str:
    parts = []
    for group in GROUPS:
        rows = [
            "| key | meaning | unit or shape | default | what acts on it | source |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for key in (key for key, known in SCHEMA.items() if known.group is group):
            entry = baseline()["values"][key]
            default = "; ".join(value_lines(key, entry["value"]))
            known = SCHEMA[key]
            does = f"shown to those who keep to it: {known.shown_on}" if known.shown_on else ACTS[key]
            rows.append(_row(f"`{key}`", known.meaning, known.unit, default, does, _source(entry)))
        parts.append(f"\n### {group.title}\n\n" + "\n".join(rows) + "\n")
    return "".join(parts)


def _code(key: str) -> str:
    return f"`{key}`"


def _source(entry: dict[str, Json]) -> str:
    return f"{entry['source']}, {entry['year']}; {entry['scope']}; {entry['owner']}"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
