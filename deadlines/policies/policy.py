"""What a policy gives to those who ask it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

from deadlines.enums import Scope

BY_UNDERSTANDING = "by understanding"
PROVENANCE = ("source", "year", "scope", "owner")

Json = Any
Resolved = dict[str, dict[str, dict[str, Json]]]


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
