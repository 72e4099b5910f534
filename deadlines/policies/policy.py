"""What a policy gives to those who ask it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from deadlines.enums import Scope, Unit
from deadlines.policies.amounts import BY_UNDERSTANDING, Resolved
from deadlines.policies.limits import LIMITS, Limit, LimitEntry
from deadlines.policies.presets import baseline
from deadlines.policies.value_types import Category, Framework, Scale
from deadlines.policies.values import ValueEntry


@dataclass(frozen=True)
class Quorum:
    """Who has to be there: social care and so many other agencies in direct contact with the child.

    ``groups`` gives the group of each kind of agency that counts as one together with others.
    """

    agencies: int
    social_care_needed: bool = True
    groups: tuple[tuple[str, str], ...] = ()

    def group_of(self, kind: str) -> str:
        """What an agency of this kind counts as, if it counts with others; "" where it stands alone."""
        return dict(self.groups).get(kind, "")


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
        if key not in self._limits:
            raw = self.data["limits"][key]
            moves = raw["unit"] != Unit.HOURS and self.value("day-zero-on-closed-day") != "that day"
            closures = not self.value("closure-days-count") and self._is_local(key)
            self._limits[key] = Limit.model_construct(
                **dict(LimitEntry.model_validate(raw, extra="ignore")),
                key=key,
                closures_count=closures,
                day_zero_before=moves,
            )
        return self._limits[key]

    @cached_property
    def _limits(self) -> dict[str, Limit]:
        """The limits that were asked for: thousands of cases ask for the same ones."""
        return {}

    def uses(self, key: str) -> bool:
        """Whether this council counts by the limit ``key`` at all."""
        return LIMITS[key].used(self.data["values"])

    def _is_local(self, key: str) -> bool:
        """Whether a limit is the council's own to loosen: closure days never push a national one."""
        return {entry["limits"][key]["scope"] for entry in (self.data, baseline())} == {Scope.LOCAL}

    def entry(self, key: str) -> ValueEntry:
        """A value with its source; raises KeyError for a name no policy has."""
        return ValueEntry.model_validate(self.data["values"][key])

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
        return Framework.model_validate(self.value("framework"))

    @property
    def agenda(self) -> tuple[str, ...]:
        return tuple(self.value("agenda"))

    @property
    def scale(self) -> Scale:
        return Scale.model_validate(self.value("scale"))

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
        return tuple(Category.model_validate(category) for category in self.value("categories"))

    @property
    def quorum(self) -> Quorum:
        grouped = self.value("quorum-groupings") if self.value("quorum-counts") == "groupings" else []
        return Quorum(
            agencies=self.value("quorum-agencies"),
            social_care_needed=self.value("quorum-social-care-needed"),
            groups=tuple((kind, group["key"]) for group in grouped for kind in group["kinds"]),
        )

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
