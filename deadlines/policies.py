"""Policies: one council's procedures as dated data, and the only place that reads them.

A preset is a YAML file. Its two sections, ``limits`` and ``values``, hold entries that each say where
they come from (source, year, scope, owner). ``baseline`` is complete; every other preset names only
what differs from it. What a key means, and what shape its value has, stands in ``SCHEMA``; the same
validation reads a file and whatever an administrator types.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError

from accounts.models import Authority
from deadlines.enums import Direction, Scope, Unit
from deadlines.models import PolicyVersion

PRESETS = Path(__file__).parent / "presets"
BASELINE = "baseline"
BY_UNDERSTANDING = "by understanding"

CAPACITIES = frozenset(
    {
        "parent", "carer", "child", "relative", "professional", "social_worker", "team_manager", "chair",
        "coordinator", "supporter", "advocate", "solicitor", "interpreter", "observer",
    }
)  # fmt: skip
CATEGORY_CODES = frozenset({"NEG", "PHY", "SAB", "EMO"})

Json = Any
Resolved = dict[str, dict[str, dict[str, Json]]]


class PolicyMissing(ValidationError):
    """No policy of this council was in force on the day that counts."""


class PolicyInvalid(ValidationError):
    """A policy file can't be used; each message names file, key and reason."""


# What a policy gives


@dataclass(frozen=True)
class Amount:
    """A length of time as a policy writes it."""

    amount: int
    unit: str

    @property
    def words(self) -> str:
        """Such as "15 working days" or "1 month"."""
        unit = self.unit[:-1] if self.amount == 1 else self.unit
        return f"{self.amount} {unit}"


@dataclass(frozen=True)
class Limit:
    """A time limit: how long, in what, which way, who says so.

    ``warn`` is how long before its end people are told that it comes near, ``last_call`` (hour limits
    only) how long before its end they are told that it is now; ``outer`` is a national limit that the
    council's own may not pass.
    """

    key: str
    amount: int
    unit: str
    direction: str
    source: str
    year: int
    scope: str
    owner: str
    warn: Amount
    last_call: Amount | None = None
    outer: Amount | None = None

    @property
    def words(self) -> str:
        return Amount(self.amount, self.unit).words

    @property
    def is_national(self) -> bool:
        return self.scope == Scope.NATIONAL

    def with_own(self, amount: int | None, unit: str) -> Limit:
        """The same limit with a figure of its own, such as a plan's; itself without one."""
        return self if amount is None else replace(self, amount=amount, unit=unit)


@dataclass(frozen=True)
class Entry:
    """A value with where it comes from and who looks after it."""

    value: Json
    source: str
    year: int
    scope: str
    owner: str


@dataclass(frozen=True)
class Heading:
    key: str
    label: str
    prompt: str


@dataclass(frozen=True)
class Framework:
    """The headings under which reports and the board are written."""

    key: str
    name: str
    version: str
    headings: tuple[Heading, ...]


@dataclass(frozen=True)
class Scale:
    """The safety scale: its version, its two ends in words, and up to which score a plan is usual."""

    key: str
    version: str
    low_words: str
    high_words: str
    indicates_plan_up_to: int | None


@dataclass(frozen=True)
class Category:
    code: str
    label: str
    definition: str


@dataclass(frozen=True)
class Quorum:
    """Who has to be there: social care and so many other agencies in direct contact with the child."""

    agencies: int


@dataclass(frozen=True)
class Policy:
    """One version of one council's procedures, complete."""

    version_id: int
    number: int
    in_force_from: datetime.date
    authority_id: int
    preset: str
    data: Resolved

    def __hash__(self) -> int:
        return hash(self.version_id)

    def limit(self, key: str) -> Limit:
        """The time limit named ``key``; raises KeyError for a name no policy has."""
        return _limit(key, self.data["limits"][key])

    def entry(self, key: str) -> Entry:
        """A value with its source; raises KeyError for a name no policy has."""
        raw = self.data["values"][key]
        return Entry(**{name: raw[name] for name in ("value", *PROVENANCE)})

    def value(self, key: str) -> Any:
        return self.data["values"][key]["value"]

    @property
    def child_invited_from_age(self) -> int | None:
        """From which age a child is invited; None where understanding decides, not age."""
        value = self.value("child-invited-from-age")
        return None if value == BY_UNDERSTANDING else int(value)

    def child_is_invited(self, age: int | None) -> bool | None:
        """Whether a child of this age (None = unborn or not known) is invited; None = by understanding."""
        from_age = self.child_invited_from_age
        if from_age is None:
            return None
        return age is not None and age >= from_age

    @property
    def framework(self) -> Framework:
        raw = self.value("framework")
        return Framework(
            key=raw["key"],
            name=raw["name"],
            version=raw["version"],
            headings=tuple(Heading(**heading) for heading in raw["headings"]),
        )

    @property
    def agenda(self) -> tuple[str, ...]:
        return tuple(self.value("agenda"))

    @property
    def scale(self) -> Scale:
        raw = self.value("scale")
        return Scale(
            key=raw["key"],
            version=raw["version"],
            low_words=raw["low-words"],
            high_words=raw["high-words"],
            indicates_plan_up_to=raw["indicates-plan-up-to"],
        )

    def gives_view(self, capacity: str) -> bool:
        """Whether somebody there in this capacity is asked about harm, status and category."""
        return capacity in self.value("asked-for-view")

    def gives_score(self, capacity: str) -> bool:
        """Whether somebody there in this capacity is asked for a score."""
        return capacity in self.value("asked-for-score")

    @property
    def family_arrives_before(self) -> datetime.timedelta:
        return datetime.timedelta(minutes=self.value("family-arrives-before-minutes"))

    @property
    def professionals_arrive_before(self) -> datetime.timedelta:
        return datetime.timedelta(minutes=self.value("professionals-arrive-before-minutes"))

    @property
    def normal_length(self) -> datetime.timedelta:
        return datetime.timedelta(minutes=self.value("normal-length-minutes"))

    @property
    def visit_frequency(self) -> Limit:
        return self.limit("visit")

    @property
    def visit_ceiling(self) -> Limit:
        return self.limit("visit-ceiling")

    @property
    def spread_to_explore(self) -> int:
        """Scores further apart than this many points are explored before the status question."""
        return int(self.value("spread-to-explore"))

    @property
    def categories(self) -> tuple[Category, ...]:
        return tuple(Category(**category) for category in self.value("categories"))

    @property
    def quorum(self) -> Quorum:
        return Quorum(agencies=self.value("quorum-agencies"))

    @property
    def short_notice_days(self) -> int:
        """Calendar days of notice below which an invitation counts as short."""
        return int(self.value("short-notice-days"))

    @property
    def lateness_causes(self) -> tuple[tuple[str, str], ...]:
        return tuple((cause["key"], cause["label"]) for cause in self.value("lateness-causes"))

    def role_name(self, role: str) -> str:
        """What this council calls a role, such as ``key_worker``; raises KeyError for an unknown one."""
        return str(self.value("role-names")[role])


# Which policy


def policy_for(authority: Authority | int, *, on: datetime.date) -> Policy:
    """The version in force in an authority on a day.

    Raises PolicyMissing when the authority had none.
    """
    authority_id = authority if isinstance(authority, int) else authority.pk
    version_id = (
        PolicyVersion.objects.filter(authority_id=authority_id, in_force_from__lte=on)
        .order_by("-in_force_from", "-number")
        .values_list("pk", flat=True)
        .first()
    )
    if version_id is None:
        raise missing(on)
    return policy_of(version_id)


def missing(on: datetime.date) -> PolicyMissing:
    """The refusal that names the day but no case."""
    return PolicyMissing(
        f"This council has no procedures in force on {on:%-d %B %Y}, so nothing can be counted. "
        "An administrator has to put a policy in force from that day or earlier."
    )


def policy_of(version_id: int) -> Policy:
    """One version; versions never change, so each is read once per process.

    Raises PolicyMissing when there is none of that id.
    """
    found = _policies.get(version_id)
    return found if found is not None else policies_of([version_id])[version_id]


def policies_of(version_ids: Iterable[int]) -> dict[int, Policy]:
    """Several versions with at most one query."""
    wanted = set(version_ids)
    unread = wanted - _policies.keys()
    if unread:
        for row in PolicyVersion.objects.filter(pk__in=unread):
            _policies[row.pk] = Policy(
                version_id=row.pk,
                number=row.number,
                in_force_from=row.in_force_from,
                authority_id=row.authority_id,
                preset=row.preset,
                data=row.data,
            )
    absent = wanted - _policies.keys()
    if absent:
        raise PolicyMissing("A deadline names procedures that are not in the system. Load the council's policy first.")
    return {version_id: _policies[version_id] for version_id in wanted}


_policies: dict[int, Policy] = {}


@lru_cache(maxsize=1)
def baseline() -> Resolved:
    """The complete preset that all others fill their gaps from."""
    return resolve(BASELINE)


# The shape of a policy


PROVENANCE = ("source", "year", "scope", "owner")
LIMIT_KEYS = ("amount", "unit", "direction", "warn")
FILE_KEYS = ("preset", "title", "note", "limits", "values")
LONGEST_AMOUNT = 1000

LIMITS = {
    "initial-conference": "from the strategy discussion to a sitting that decides for the child",
    "transfer-in-conference": "from being told of a move to the receiving council's conference",
    "pre-birth-conference": "before the expected date of delivery, where the pregnancy is known in time",
    "report-shared-with-family": "before an initial conference: everybody due a report has had it",
    "report-shared-with-family:review": "the same before a review",
    "report-submitted": "before an initial conference: the report is in, whole",
    "report-submitted:review": "the same before a review",
    "chair-has-reports": "before the conference: the chair has every report",
    "invitations-sent": "from the day the date was fixed to the last invitation",
    "decisions-sent": "from the end of the last part to decisions and plan with everybody due a copy",
    "record-sent": "from the end of the last part to the full record with everybody due a copy",
    "first-core-group": "from the conference that made the plan to the first core group",
    "next-core-group": "from one core group to the next",
    "first-review": "from the conference that made the plan to the first review",
    "next-review": "from one review to the next",
    "after-birth": "from the birth of a child with a pre-birth plan to a review",
    "cin-plan-review": "from the start or last review of a child in need plan to its next review",
    "visit": "from one visit at which the child was seen to the next, where the plan has no figure",
    "visit-ceiling": "the longest time between visits that needs no reason from the chair",
    "request-to-service": "from the decision to convene to the request to the conference service",
    "inquorate-again": "from an inquorate initial conference to the next attempt",
    "record-comments": "from receiving the record to the last day for comments on its accuracy",
    "exclusion-request": "before the conference: asking that somebody be kept out",
    "dissent": "from the conference to lodging a dissent",
    "dissent-answer": "from a dissent to its answer",
    "complaint-answer": "from a complaint about the conference to its answer",
}


def _is_whole(least: int = 0) -> Callable[[Json], str]:
    def problem(value: Json) -> str:
        if isinstance(value, bool) or not isinstance(value, int):
            return f"must be a whole number, not {value!r}"
        return f"must be {least} or more, not {value}" if value < least else ""

    return problem


def _is_text(value: Json) -> str:
    return "" if isinstance(value, str) and value.strip() else f"must be words, not {value!r}"


def _one_of(*words: str) -> Callable[[Json], str]:
    def problem(value: Json) -> str:
        if value in words:
            return ""
        return f"must be one of {', '.join(repr(word) for word in words)}, not {value!r}"

    return problem


def _is_age(value: Json) -> str:
    if value == BY_UNDERSTANDING:
        return ""
    whole = _is_whole()(value)
    if whole or value > 17:  # noqa: PLR2004 - a child is under 18
        return f"must be an age from 0 to 17 or {BY_UNDERSTANDING!r}, not {value!r}"
    return ""


def _is_list_of_text(value: Json) -> str:
    if not isinstance(value, list) or not value:
        return f"must be a list with at least one item, not {value!r}"
    return next((f"item {i}: {found}" for i, item in enumerate(value, 1) if (found := _is_text(item))), "")


def _are_capacities(value: Json) -> str:
    if not isinstance(value, list):
        return f"must be a list of capacities, not {value!r}"
    unknown = [item for item in value if item not in CAPACITIES]
    return f"has the unknown capacity {unknown[0]!r}" if unknown else ""


def _mapping(
    value: Json, *, keys: tuple[str, ...], what: str = "must be a mapping", optional: tuple[str, ...] = ()
) -> str:
    if not isinstance(value, dict):
        return f"{what}, not {value!r}"
    for key in keys:
        if key not in value:
            return f"lacks {key!r}"
    extra = [key for key in value if key not in keys and key not in optional]
    return f"has the unknown key {extra[0]!r}" if extra else ""


def _texts(value: Json, keys: tuple[str, ...]) -> str:
    found = _mapping(value, keys=keys)
    return found or next((f"{key}: {bad}" for key in keys if (bad := _is_text(value[key]))), "")


def _keyed(*keys: str) -> Callable[[Json], str]:
    """A list of mappings with these texts; the first key tells them apart."""

    def problem(value: Json) -> str:
        if not isinstance(value, list) or not value:
            return f"must be a list with at least one item, not {value!r}"
        for i, item in enumerate(value, 1):
            if found := _texts(item, keys):
                return f"item {i}: {found}"
        seen = [item[keys[0]] for item in value]
        twice = [key for key in seen if seen.count(key) > 1]
        return f"has {twice[0]!r} twice" if twice else ""

    return problem


def _is_framework(value: Json) -> str:
    found = _mapping(value, keys=("key", "name", "version", "headings"))
    found = found or _texts({key: value[key] for key in ("key", "name", "version")}, ("key", "name", "version"))
    if found:
        return found
    headings = _keyed("key", "label", "prompt")(value["headings"])
    return f"headings: {headings}" if headings else ""


def _is_scale(value: Json) -> str:
    keys = ("key", "version", "low-words", "high-words", "indicates-plan-up-to")
    found = _mapping(value, keys=keys) or _texts({key: value[key] for key in keys[:4]}, keys[:4])
    if found:
        return found
    up_to = value["indicates-plan-up-to"]
    if up_to is not None and (_is_whole()(up_to) or up_to > 10):  # noqa: PLR2004 - the scale ends at 10
        return f"indicates-plan-up-to: must be a score from 0 to 10 or null, not {up_to!r}"
    return ""


def _are_categories(value: Json) -> str:
    found = _keyed("code", "label", "definition")(value)
    if found:
        return found
    codes = {item["code"] for item in value}
    wrong = codes ^ CATEGORY_CODES
    return f"must define each of {', '.join(sorted(CATEGORY_CODES))} once; see {sorted(wrong)[0]!r}" if wrong else ""


ROLES = ("social_worker", "key_worker", "team_manager", "chair", "coordinator")


def _are_roles(value: Json) -> str:
    return _texts(value, ROLES)


def _is_flag(value: Json) -> str:
    return "" if isinstance(value, bool) else f"must be true or false, not {value!r}"


@dataclass(frozen=True)
class Key:
    """What a value of a policy means and how to tell whether it is one."""

    meaning: str
    problem: Callable[[Json], str]


SCHEMA: dict[str, Key] = {
    "framework": Key("headings of reports and board, with what to ask under each", _is_framework),
    "agenda": Key("items of the conference in their order", _is_list_of_text),
    "scale": Key("safety scale: version, words at its ends, score up to which a plan is usual", _is_scale),
    "scaling": Key("how scaling is used", _one_of("offered", "required", "not used")),
    "asked-for-view": Key("capacities asked whether there is harm, which status, which category", _are_capacities),
    "asked-for-score": Key("capacities asked for a score", _are_capacities),
    "spread-to-explore": Key("scores further apart than this many points are explored", _is_whole()),
    "decision-by": Key(
        "how the decision is come to", _one_of("chair after all views", "majority, chair may overrule", "conference")
    ),
    "plan-before-decision": Key("the plan is drafted before its status is decided", _is_flag),
    "categories": Key("categories of harm with their definitions", _are_categories),
    "child-invited-from-age": Key(f"age from which a child is invited, or {BY_UNDERSTANDING!r}", _is_age),
    "advocate-offered": Key("to whom an advocate is offered", _is_text),
    "family-arrives-before-minutes": Key("minutes before the start at which the family meets the chair", _is_whole()),
    "family-meets-chair": Key("how the family meets the chair beforehand", _is_text),
    "professionals-arrive-before-minutes": Key("minutes of the professionals' pre-meeting; 0 = none", _is_whole()),
    "normal-length-minutes": Key("how long a conference is booked for", _is_whole(1)),
    "mode": Key("how people meet", _one_of("set each time", "in person", "online", "blended")),
    "parts": Key("how the conference may be divided", _is_text),
    "quorum-agencies": Key("agencies in direct contact with the child needed beside social care", _is_whole()),
    "below-quorum": Key("when the chair may go on without quorum", _is_text),
    "short-notice-days": Key("calendar days of notice below which an invitation is short", _is_whole()),
    "lateness-causes": Key("causes to choose from when a limit is passed", _keyed("key", "label")),
    "late-agreed-by": Key("who agrees to a conference past the limit", _is_text),
    "starting-discussion": Key(
        "which of several strategy discussions starts the clock", _one_of("the one that started the s47", "the last")
    ),
    "second-review-anchor": Key("what the second review is counted from", _one_of("last review", "first conference")),
    "record-form": Key("what is sent as the record", _is_text),
    "decisions-form": Key("what is sent first", _is_text),
    "birth-review-by-core-group": Key("a core group may serve as the review after a birth", _is_flag),
    "pre-birth-earliest-week": Key("week of pregnancy before which no conference is held", _is_whole()),
    "closure-days-count": Key("days between Christmas and New Year count as working days", _is_flag),
    "review-date-moved-by": Key("who may move an agreed review date", _is_text),
    "role-names": Key("what the council calls each role", _are_roles),
}

SECTIONS: dict[str, Collection[str]] = {"limits": LIMITS, "values": SCHEMA}


# Reading and checking files


class _PlainLoader(yaml.SafeLoader):
    """YAML without its tricks: a key once, no aliases, no merging, no dates made from text."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):  # type: ignore[no-untyped-call]
            raise yaml.YAMLError("aliases (*name) are not allowed; write the value out")
        return super().compose_node(parent, index)  # type: ignore[no-untyped-call]

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]  # type: ignore[no-untyped-call]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise yaml.YAMLError(f"{twice[0]!r} stands twice, see line {node.start_mark.line + 1}")
        return super().construct_mapping(node, deep=deep)


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge")]
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
    if faults := list(_faults(raw)):
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
    faults += _loose_limits(whole["limits"], national)
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


def _faults(raw: Json) -> Iterable[str]:
    found = _mapping(raw, keys=("preset", "title"), what="must hold preset, title, limits and values", optional=FILE_KEYS)
    if found:
        yield found
        return
    for key in ("preset", "title", "note"):
        if key in raw and (found := _is_text(raw[key])):
            yield f"{key}: {found}"
    for section, known, check in (("limits", LIMITS, _limit_faults), ("values", SCHEMA, _value_faults)):
        entries = raw.get(section) or {}
        if not isinstance(entries, dict):
            yield f"{section}: must be a mapping, not {entries!r}"
            continue
        for key, entry in entries.items():
            if key not in known:
                yield f"{section}.{key}: no such key is known"
                continue
            for fault in check(key, entry):
                yield f"{section}.{key}: {fault}"


def _provenance_faults(entry: dict[str, Json]) -> Iterable[str]:
    for key in ("source", "owner"):
        if found := _is_text(entry[key]):
            yield f"{key}: {found}"
    if _is_whole(1989)(entry["year"]) or entry["year"] > 2100:  # noqa: PLR2004 - the Children Act, and a typing slip
        yield f"year: must be a year from 1989 on, not {entry['year']!r}"
    if found := _one_of(*Scope.values)(entry["scope"]):
        yield f"scope: {found}"


def _limit_faults(key: str, entry: Json) -> Iterable[str]:  # noqa: ARG001
    found = _mapping(entry, keys=LIMIT_KEYS + PROVENANCE, optional=("outer", "last-call"))
    if found:
        yield found
        return
    yield from _amount_faults(entry, "")
    if found := _one_of(*Direction.values)(entry["direction"]):
        yield f"direction: {found}"
    for part in ("warn", "outer", "last-call"):
        if part not in entry:
            continue
        if found := _mapping(entry[part], keys=("amount", "unit")):
            yield f"{part}: {found}"
            continue
        yield from _amount_faults(entry[part], f"{part}.", least=0 if part == "warn" else 1)
    if ("last-call" in entry) != (entry["unit"] == Unit.HOURS):
        yield "last-call: belongs to limits in hours, and each of them needs it"
    if isinstance(entry["warn"], dict):
        warn_unit = Unit.HOURS if entry["unit"] == Unit.HOURS else Unit.WORKING_DAYS
        if entry["warn"].get("unit") != warn_unit:
            yield f"warn.unit: must be {warn_unit.value!r} for a limit in {entry['unit']}"
    yield from _provenance_faults(entry)


def _amount_faults(entry: dict[str, Json], where: str, *, least: int = 1) -> Iterable[str]:
    if found := _is_whole(least)(entry["amount"]):
        yield f"{where}amount: {found}"
    elif entry["amount"] > LONGEST_AMOUNT:
        yield f"{where}amount: must be {LONGEST_AMOUNT} or less, not {entry['amount']}"
    if found := _one_of(*Unit.values)(entry["unit"]):
        yield f"{where}unit: {found}"


def _value_faults(key: str, entry: Json) -> Iterable[str]:
    found = _mapping(entry, keys=("value", *PROVENANCE))
    if found:
        yield found
        return
    if found := SCHEMA[key].problem(entry["value"]):
        yield f"value: {found}"
    yield from _provenance_faults(entry)


# The longest that a unit can be in days on the wall: a week holds five working days, less bank holidays,
# which push both limits alike and are left out.
_LONGEST = {
    Unit.HOURS: lambda n: -(-n // 24),
    Unit.DAYS: lambda n: n,
    Unit.WORKING_DAYS: lambda n: n + 2 * -(-n // 5),
    Unit.WEEKS: lambda n: n * 7,
    Unit.MONTHS: lambda n: n * 31,
}


def _loose_limits(limits: dict[str, dict[str, Json]], national: dict[str, dict[str, Json]]) -> list[str]:
    """Faults for limits that could end after the national one, or after the outer limit kept beside it."""
    faults = []
    for key, entry in limits.items():
        of_baseline = national.get(key, entry)
        outer = entry.get("outer") or of_baseline.get("outer")
        if outer is None and of_baseline["scope"] == Scope.NATIONAL:
            outer = of_baseline
        if outer is not None and _longest(entry) > _longest(outer):
            own, most = Amount(entry["amount"], entry["unit"]), Amount(outer["amount"], outer["unit"])
            faults.append(f"limits.{key}: {own.words} is looser than the national outer limit of {most.words}")
    return faults


def _longest(entry: dict[str, Json]) -> int:
    return int(_LONGEST[Unit(entry["unit"])](entry["amount"]))


def _limit(key: str, raw: dict[str, Json]) -> Limit:
    def amount(part: str) -> Amount | None:
        return Amount(raw[part]["amount"], raw[part]["unit"]) if part in raw else None

    return Limit(
        key=key,
        amount=raw["amount"],
        unit=raw["unit"],
        direction=raw["direction"],
        warn=Amount(raw["warn"]["amount"], raw["warn"]["unit"]),
        last_call=amount("last-call"),
        outer=amount("outer"),
        **{name: raw[name] for name in PROVENANCE},
    )
