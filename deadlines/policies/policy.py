"""A policy as other code reads it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from deadlines.enums import Scope, Unit
from deadlines.policies.amounts import BY_UNDERSTANDING, NOT_SET, NOT_USED, Resolved
from deadlines.policies.limits import LIMITS, Limit, LimitEntry
from deadlines.policies.presets import baseline
from deadlines.policies.question_types import Question
from deadlines.policies.value_types import Category, Framework, Heading, Hours, Scale
from deadlines.policies.values import ValueEntry

FULL_TERM = 40  # weeks of pregnancy at the expected date


@dataclass(frozen=True)
class Quorum:
    """Who has to be present: social care and a number of other agencies in direct contact with the child.

    ``exceptionally`` is the lower number with which the chair may still go on without a quorum, if there is one.
    ``groups`` gives the group of each kind of agency that counts together with others as one.
    """

    agencies: int
    social_care_needed: bool = True
    exceptionally: int | None = None
    groups: tuple[tuple[str, str], ...] = ()

    def group_of(self, kind: str) -> str:
        """Return what an agency of this kind counts as, if it counts with others; "" where it stands alone."""
        return dict(self.groups).get(kind, "")


@dataclass(frozen=True)
class BelowQuorum:
    """What a council asks before a meeting goes on without a quorum; it never ends or lowers a plan.

    ``conditions`` are key and label, ``needs`` what has to be written. ``agreed_by`` is in the policy's words.
    """

    conditions: tuple[tuple[str, str], ...]
    needs: tuple[str, ...]
    agreed_by: str
    twice_running: bool


@dataclass(frozen=True)
class Policy:
    """One complete version of one council's procedures."""

    version_id: int
    number: int
    in_force_from: datetime.date
    authority_id: int
    preset: str
    data: Resolved

    def __hash__(self) -> int:
        return hash(self.version_id)

    def limit(self, key: str) -> Limit:
        """Return the time limit named ``key``; raises KeyError for an unknown name."""
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
        """Cache the limits read so far: thousands of cases ask for the same ones."""
        return {}

    def uses(self, key: str) -> bool:
        """Return whether this council uses the limit ``key`` at all."""
        return LIMITS[key].used(self.data["values"])

    def _is_local(self, key: str) -> bool:
        """Return whether the council may loosen a limit: closure days never extend a national one."""
        return {entry["limits"][key]["scope"] for entry in (self.data, baseline())} == {Scope.LOCAL}

    def entry(self, key: str) -> ValueEntry:
        """Return a value with its source; raises KeyError for an unknown name."""
        return ValueEntry.model_validate(self.data["values"][key])

    def value(self, key: str) -> Any:
        return self.data["values"][key]["value"]

    @property
    def child_invited_from_age(self) -> int | None:
        """Return the age from which a child is invited; None where understanding decides, not age."""
        value = self.value("child-invited-from-age")
        return None if value == BY_UNDERSTANDING else int(value)

    def child_is_invited(self, age: int | None) -> bool | None:
        """Return whether a child of this age (None = unborn or unknown) is invited; None = by understanding."""
        from_age = self.child_invited_from_age
        if from_age is None:
            return None
        return age is not None and age >= from_age

    def offers_an_advocate(self, age: int | None) -> bool:
        """Return whether an invited child of this age (None = unknown) is offered an advocate."""
        from_age = self.value("advocate-offered")
        return not isinstance(from_age, int) or age is None or age >= from_age

    @property
    def usual_mode(self) -> str:
        """Return how people usually meet, in the policy's words; empty where it is set each time."""
        mode = str(self.value("mode"))
        return "" if mode == "set each time" else mode

    def earliest_plan_day(self, expected_on: datetime.date) -> datetime.date | None:
        """Return the day from which a plan is made before a birth expected on a day; None where the council sets none.

        The week begins so many weeks before the expected day as are missing from full term.
        """
        week = self.value("pre-birth-earliest-plan-week")
        if week == NOT_SET:
            return None
        return expected_on - (FULL_TERM - int(week)) * datetime.timedelta(weeks=1)

    def questions(self, form: str) -> tuple[Question, ...]:
        """Return the questions of a form of My Views: adult, young-person, child or young-child."""
        asked = {
            "adult": self.value("my-views-adult"),
            "young-person": self.value("my-views-young-person"),
            "child": self.value("my-views-child"),
            "young-child": self.value("my-views-young-child"),
        }
        return tuple(Question.model_validate(one) for one in asked[form])

    def my_views_of_child(self, age: int | None) -> str:
        """Return the form of My Views proposed for a child of this age (None = unknown), for ``questions``."""
        if age is None or age >= self.value("my-views-young-person-from"):
            return "young-person"
        return "child" if age >= self.value("my-views-child-from") else "young-child"

    @property
    def danger_words(self) -> tuple[str, ...]:
        """Return the words in a form of My Views of which staff are told at once."""
        return tuple(self.value("my-views-danger-words"))

    @property
    def framework(self) -> Framework:
        return Framework.model_validate(self.value("framework"))

    @property
    def social_work_headings(self) -> tuple[Heading, ...]:
        """Return the headings that only the social worker's report has."""
        return tuple(Heading.model_validate(row) for row in self.value("social-work-report-headings"))

    @property
    def report_in_short(self) -> Heading:
        """Return the heading under which another agency says its report in short."""
        return Heading.model_validate(self.value("report-in-short"))

    @property
    def prints_whole_reports(self) -> bool:
        """Return whether the minutes hold each report, and not only what it says in short."""
        return bool(self.value("reports-in-minutes") == "whole")

    @property
    def agenda(self) -> tuple[str, ...]:
        return tuple(self.value("agenda"))

    @property
    def scale(self) -> Scale:
        return Scale.model_validate(self.value("scale"))

    def gives_view(self, capacity: str) -> bool:
        """Return whether attendees in this capacity are asked about harm, status and category."""
        return capacity in self.value("asked-for-view")

    @property
    def asks_category(self) -> bool:
        """Return whether each professional is asked for the category of harm beside the status."""
        return "category" in self.value("decision-covers")

    @property
    def plan_before_decision(self) -> bool:
        """Return whether the plan is drafted before its status is decided."""
        return bool(self.value("plan-before-decision"))

    @property
    def hands_out_decisions(self) -> bool:
        """Return whether the decisions are handed out in the room before people leave."""
        return bool(self.value("decisions-handed-out-in-room"))

    @property
    def scaling(self) -> str:
        """Return how scores are used at conferences: "offered", "required" or "not used"."""
        return str(self.value("scaling"))

    def gives_score(self, capacity: str) -> bool:
        """Return whether attendees in this capacity are asked for a score."""
        return self.scaling != NOT_USED and capacity in self.value("asked-for-score")

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
    def usual_hours(self) -> Hours:
        return Hours.model_validate(self.value("usual-hours"))

    @property
    def visit_frequency(self) -> Limit:
        return self.limit("visit")

    @property
    def visit_ceiling(self) -> Limit:
        return self.limit("visit-ceiling")

    @property
    def visits_child_alone(self) -> int | None:
        """Return N where the child is seen alone at one visit in N at the least; None where not set."""
        return _one_in(self.value("visits-child-alone"))

    @property
    def visits_bedroom_seen(self) -> int | None:
        """Return N where the bedroom is seen at one visit in N at the least; None where not set."""
        return _one_in(self.value("visits-bedroom-seen"))

    @property
    def visits_alone_from_age(self) -> int:
        """Return the age in years from which "alone" and "bedroom" can't be "does not apply"."""
        return int(self.value("visits-alone-from-age"))

    @property
    def failed_visits_told_at(self) -> int:
        """Return the number of visits in a row without sight of the child at which managers are told."""
        return int(self.value("failed-visits-told-at"))

    @property
    def drift_marks(self) -> tuple[int, ...]:
        """Return the months after which a child protection plan is marked as lasting long, rising."""
        return tuple(self.value("drift-marks"))

    @property
    def second_plan_within(self) -> int:
        """Return the months after the last plan in which another follows soon."""
        return int(self.value("second-plan-within"))

    @property
    def spread_to_explore(self) -> int:
        """Return the spread in points above which scores are explored before the status question."""
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
            exceptionally=None if self.value("quorum-exceptionally") == NOT_SET else self.value("quorum-exceptionally"),
            groups=tuple((kind, group["key"]) for group in grouped for kind in group["kinds"]),
        )

    @property
    def below_quorum(self) -> BelowQuorum:
        return BelowQuorum(
            conditions=tuple((one["key"], one["label"]) for one in self.value("below-quorum-conditions")),
            needs=tuple(self.value("below-quorum-needs")),
            agreed_by=self.value("below-quorum-agreed-by"),
            twice_running=self.value("below-quorum-twice-running") == "allowed",
        )

    @property
    def agency_notice(self) -> dict[str, int]:
        """Return the working days of notice that a kind of agency asks for, by kind."""
        return {notice["kind"]: notice["working-days"] for notice in self.value("agency-notice")}

    @property
    def newborn_months(self) -> int:
        """Return the age in months below which a child has to be known to a health agency."""
        return int(self.value("newborn-months"))

    @property
    def school_from(self) -> int:
        """Return the age in years from which a child has to have a school or college."""
        return int(self.value("school-from-age"))

    @property
    def school_until(self) -> int:
        """Return the age in years from which a child need not have a school or college any more."""
        return int(self.value("school-until-age"))

    @property
    def short_notice_days(self) -> int:
        """Return the calendar days of notice below which an invitation counts as short."""
        return int(self.value("short-notice-days"))

    @property
    def lateness_causes(self) -> tuple[tuple[str, str], ...]:
        return tuple((cause["key"], cause["label"]) for cause in self.value("lateness-causes"))

    def role_name(self, role: str) -> str:
        """Return what this council calls a role, such as ``key_worker``; raises KeyError for an unknown one."""
        return str(self.value("role-names")[role])


def _one_in(value: Any) -> int | None:
    return None if value == NOT_SET else int(value)
