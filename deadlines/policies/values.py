"""The values of a policy: what each means, and the type that checks it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic.fields import FieldInfo

from deadlines.policies import value_types as types
from deadlines.policies.family_values import WordsForFamilies
from deadlines.policies.my_views_values import MyViews
from deadlines.policies.paper_values import PapersSent
from deadlines.policies.value_groups import Group, followed, shown_only
from deadlines.policies.value_types import Keeping, Labelled, Model, Said, Shape

M = TypeVar("M", bound=Model)


class ValueEntry(Said):
    """One value as written in a file; its type is given by its key."""

    value: Any


class BeforeTheConference(Group):
    title = "Before the conference"

    starting_discussion: Literal["the one that started the s47", "the last"] = followed(
        "which of several strategy discussions starts the clock"
    )
    starting_discussion_agreed_by: types.Agrees = followed(
        "who decides, with a reason, that another discussion is the starting one; nobody = whoever works the case"
    )
    conference_agreed_by: types.Agrees = followed(
        "who agrees that a first or pre-birth conference is held; nothing is sent before, and a refusal says why"
    )
    late_agreed_by: types.AgreesToLate = followed("who agrees to a conference past the limit")
    late_conference_needs: types.LateNeeds = followed(
        "what is asked for where a conference is past the limit; it never stops one from being held"
    )
    lateness_causes: types.Choices = followed("causes to choose from when a limit is passed")
    pre_birth_earliest_week: types.EarliestWeek = followed(
        "week of pregnancy before which no conference is held; 0 = no such week"
    )
    pre_birth_by_week: types.Week = followed(
        "week by which a pre-birth conference is held; `pre-birth-conference` has to say the same"
    )
    pre_birth_earliest_plan_week: types.Week = followed("week of pregnancy before which no plan is made")
    child_invited_from_age: types.InvitedFrom = followed("age from which a child is invited")
    child_attends: types.Text = shown_only(
        "how much of the conference an invited child attends", on="choosing who to invite"
    )
    advocate_offered: types.AdvocateFrom = followed("to whom an advocate is offered: by age from, or all")
    kept_out_decided_by: types.KeepsOut = followed("who decides who is kept out, and how each attends")
    short_notice_days: Annotated[types.Whole, Shape("calendar days")] = followed(
        "notice below which an invitation is short"
    )
    agency_notice: types.AgencyNotices = followed("working days of notice that a kind of agency asks for")
    newborn_months: Annotated[types.Whole, Shape("months")] = followed(
        "age in months below which a child has to be known to a health agency; 0 = no such age"
    )
    school_from_age: Annotated[types.Whole, Shape("years")] = followed(
        "age from which a child has to have a school or college"
    )
    school_until_age: Annotated[types.Whole, Shape("years")] = followed(
        "age from which a child need not have a school or college any more"
    )
    child_told_from_age: Annotated[types.Whole, Shape("years")] = followed(
        "age from which a child has to be told after the meeting what was decided; 0 = every child who is born"
    )
    report_agreed_by: types.Agrees = followed("who agrees to the social worker's report before it is in")
    social_work_report_goes_to: Literal["those due it", "everyone attending"] = followed(
        "who has the social work report beforehand"
    )
    online_rules: types.Texts = followed("what whoever joins on a screen is asked to keep to")
    social_work_report_headings: types.Headings = followed(
        "headings that the social worker’s report has beside those of the framework, such as the assessment’s analysis"
    )
    report_in_short: Annotated[types.Heading, Shape("key, label, prompt")] = followed(
        "heading under which another agency says its report in short, at the end of it; the minutes print that"
    )
    professionals_read_reports_days: Annotated[types.Whole, Shape("working days")] = followed(
        "from how many working days before the conference professionals read each other's reports on their own pages, "
        "until it is over; 0 = not at all"
    )
    papers_in_formats_days: Annotated[types.Whole, Shape("working days")] = followed(
        "within how many working days of its release somebody has a paper in the format or language they asked for"
    )


class TheDay(Group):
    title = "The day"

    framework: Annotated[types.Framework, Shape("key, name, version, and a list of headings: key, label, prompt")] = (
        followed("headings of reports and board, with what to ask under each")
    )
    agenda: types.Texts = followed("items of the conference in their order")
    fairness_statement: types.Texts = followed("what is read out about equal opportunities, in each part")
    confidentiality_statement: types.Texts = followed("what is read out about keeping things private, in each part")
    mode: Literal["set each time", "in person", "online", "blended"] = followed(
        "how people meet, proposed when a conference is booked"
    )
    parts: types.Text = shown_only("how the conference may be divided", on="the agenda of the day")
    normal_length_minutes: Annotated[types.AtLeastOne, Shape("minutes")] = followed(
        "how long a conference is booked for"
    )
    usual_hours: types.UsualHours = followed(
        "hours in which meetings usually are: free times are looked for in them, and a start outside is asked about"
    )
    family_arrives_before_minutes: types.Minutes = followed("how long before the start the family meets the chair")
    family_meets_chair: types.Text = shown_only(
        "how the family meets the chair beforehand", on="checking the invitations"
    )
    professionals_arrive_before_minutes: types.Minutes = followed("length of the professionals' pre-meeting; 0 = none")


class QuorumRules(Group):
    title = "Quorum"

    quorum_agencies: Annotated[types.Whole, Shape("agencies")] = followed(
        "agencies (or groups) in direct contact with the child needed beside social care"
    )
    quorum_exceptionally: types.FewerAgencies = followed(
        "fewer, with whom the chair may exceptionally go on; never less"
    )
    quorum_social_care_needed: bool = followed("social care has to be there")
    quorum_counts: Literal["agencies", "groupings"] = followed("what counts as one towards the quorum")
    quorum_groupings: types.AgencyGroups = followed(
        "kinds of agencies that count as one together, where groupings count; a kind in none stands alone"
    )
    below_quorum: types.Text = shown_only("when the chair may go on without quorum", on="who is here, on the day")
    below_quorum_conditions: types.Choices = followed("the same as conditions to choose from")
    below_quorum_needs: types.Texts = followed("what has to be written when going on without quorum")
    below_quorum_agreed_by: types.Agrees = followed(
        "who decides to go on without quorum; whoever is not the chair agrees before the chair decides"
    )
    below_quorum_twice_running: Literal["allowed", "never"] = followed(
        "two conferences in a row without quorum, for each child"
    )
    below_quorum_ends_or_lowers_a_plan: Literal["never"] = shown_only(
        "without quorum a plan is ended or lowered: a bar that no procedure loosens", on="who is here, on the day"
    )


class ScalingAndDecision(Group):
    title = "Scaling, views and decision"

    scale: Annotated[
        types.Scale, Shape("key, version, low-words, high-words, indicates-plan-up-to (a score, or null)")
    ] = followed("safety scale: version, words at its ends, score up to which a plan is usual")
    scaling: types.Scaling = followed("how scaling is used at conferences; a score is never required to decide")
    scaling_at_core_groups: types.Scaling = followed("how scaling is used at core groups")
    asked_for_view: types.Capacities = followed("who is asked whether there is harm, which status, which category")
    asked_for_score: types.Capacities = followed("who is asked for a score")
    spread_to_explore: Annotated[types.Whole, Shape("points of the scale")] = followed(
        "scores further apart than this are explored"
    )
    plan_before_decision: bool = followed("the plan is drafted before its status is decided")
    decision_by: Literal["chair after all views", "majority, chair may overrule", "conference"] = followed(
        "how the decision is come to: whose views it is laid beside; the chair records it and says why it differs"
    )
    decision_covers: types.Decides = followed("what each professional gives a view on for each child")
    coming_off_when: Literal["as other decisions", "everyone agrees"] = followed(
        "when a child comes off a plan; it bars nothing, and where it differs the chair says why"
    )
    categories: types.Categories = followed("categories of harm with their definitions")


class PlansAndReviews(Group):
    title = "Plans, core groups and reviews"

    second_review_anchor: Literal["last review", "first conference"] = followed(
        "what the second review is counted from; never later than the next review's limit after the last one"
    )
    review_date_moved_by: types.Agrees = followed("who may move an agreed review date")
    birth_review_by_core_group: bool = followed("a core group may serve as the review after a birth")
    core_group_others_needed: Annotated[types.AtLeastOne, Shape("members")] = followed(
        "members needed at a core group beside the key worker or their stand-in"
    )
    core_group_straight_after_conference: Literal["allowed", "never"] = followed(
        "the first core group straight after the conference"
    )
    outline_plan_sent: Literal["not required", "required"] = followed(
        "the family has the outline plan by the limit `outline-plan`, or at the first core group where that is sooner"
    )
    last_core_group_before_review: Literal["not required", "required"] = followed(
        "a last core group in good time before each review, by the limit `last-core-group`"
    )
    one_consent_enough: bool = followed(
        "one person with parental responsibility is enough to consent to a child in need plan"
    )
    visits_child_alone: types.OneVisitIn = followed(
        "at which visits the child is seen alone at the least; a gap is marked on the plan and told"
    )
    visits_bedroom_seen: types.OneVisitIn = followed(
        "at which visits the child's bedroom is seen at the least; a gap is marked on the plan and told"
    )
    visits_alone_from_age: types.AloneFrom = followed(
        "age from which being seen alone, and the bedroom, always apply; below it and before birth they may not"
    )
    failed_visits_told_at: Annotated[types.AtLeastOne, Shape("visits in a row")] = followed(
        "visits without sight of the child after which the managers are told at once"
    )
    longer_visits_agreed_by: types.Agrees = followed(
        "who agrees when the chair allows longer between visits than `visit-ceiling`; until they do, that limit counts"
    )
    looked_after_child: Literal["prompt a decision and a joint review", "plan may be ended outside a conference"] = (
        followed("a child with a plan who is looked after: whether the plan ends only at a review conference")
    )
    ended_outside_agreed_by: types.Agrees = followed(
        "who ends a plan without a conference, where the law lets it end so"
    )
    travel_abroad_told: types.Agrees = followed(
        "who is told, besides the key worker, when a child with a plan is taken abroad"
    )
    drift_marks: types.Marks = followed("months after which a child protection plan is marked as lasting long")
    second_plan_within: Annotated[types.AtLeastOne, Shape("months")] = followed(
        "months after the last child protection plan in which another is marked as one that follows soon"
    )
    chair_checks_mid_point: Literal["not required", "required"] = followed(
        "the chair checks between two conferences, by the limits `mid-point-check`"
    )


class Allegations(Group):
    title = "Allegations against people who work with children"

    allegation_referred_within: types.UpToOneDay = followed(
        "working days from the day on which an allegation became known until the designated officer has it"
    )
    allegations_handled_by: Literal["designated officer", "designated officer or service manager"] = followed(
        "who reads and handles allegations; never the person an allegation is about, nor anyone of their agency"
    )


class CountingAndWords(Group):
    title = "Counting and words"

    closure_days_count: bool = followed(
        "the council's closure days are working days; where not, local limits alone are counted without them"
    )
    day_zero_on_closed_day: Literal["that day", "the working day before"] = followed(
        "day 0 where an event falls on a day on which no one works"
    )
    role_names: types.Roles = followed("what the council calls each role")


class KeepingRecords(Group):
    title = "Keeping records"

    keep_child_looked_after: Keeping[types.CaseEvent] = followed(
        "records of a child who was ever looked after; of several rules for a child the longest counts"
    )
    keep_sealed_child: Keeping[types.CaseEvent] = followed("records sealed because of an adoption or a new identity")
    keep_child_sexual_harm: Keeping[types.CaseEvent] = followed(
        "records of a child for whom sexual abuse was ever a category of harm"
    )
    keep_child_with_cp_plan: Keeping[types.CaseEvent] = followed(
        "records of a child who ever had a child protection plan"
    )
    keep_child_with_cin_plan: Keeping[types.CaseEvent] = followed(
        "records of a child who ever had a child in need plan"
    )
    keep_child_with_conference: Keeping[types.CaseEvent] = followed(
        "records of a child about whom a conference was held or asked for, whatever came of it"
    )
    keep_child_other: Keeping[types.CaseEvent] = followed("records of any other child of a case")
    keep_child_who_died: Keeping[types.CaseEvent] = followed("records of a child who died")
    keep_pregnancy_without_birth: Keeping[types.CaseEvent] = followed(
        "records of a pregnancy that ended without a living child"
    )
    keep_messages: Keeping[Literal["sending"]] = followed("text of messages that were sent")
    keep_drafts: Keeping[Literal["last change"]] = followed("what was typed and never sent")
    keep_list_checks: Keeping[Literal["check"]] = followed("who checked the list, why, and what was told")
    keep_read_log: Keeping[Literal["look"]] = followed("who looked at what; it goes by whole sealed pieces")
    keep_disclosures: Keeping[Literal["making of the bundle"]] = followed(
        "who was given records for a court or on request"
    )
    keep_certificates: Keeping[Literal["disposal"]] = followed("certificates of disposal, which name no one")


GROUPS: tuple[type[Group], ...] = (
    BeforeTheConference, TheDay, QuorumRules, ScalingAndDecision, PapersSent, PlansAndReviews, Allegations,
    CountingAndWords, KeepingRecords, MyViews, WordsForFamilies,
)  # fmt: skip


@dataclass(frozen=True)
class Key:
    """A value of a policy, and what its type says about it for forms, pages and the documentation."""

    name: str
    group: type[Group]
    field: FieldInfo

    @property
    def meaning(self) -> str:
        return self.field.description or ""

    @property
    def acted_on(self) -> bool:
        """Return whether the program acts on it; otherwise it is only shown to people."""
        return not self.shown_on

    @property
    def shown_on(self) -> str:
        """Return the page on which people read it who keep to it themselves; empty where the program acts on it."""
        extra = self.field.json_schema_extra
        return str(extra["shown_on"]) if isinstance(extra, dict) else ""

    @cached_property
    def _types(self) -> list[dict[str, Any]]:
        """Return the JSON Schema of each type the value may have."""
        schema = self.group.model_json_schema()["properties"][self.name]
        return list(schema.get("anyOf", [schema]))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return the words to choose from."""
        return tuple(word for one in self._types for word in one.get("enum", [one.get("const")]) if word)

    @cached_property
    def takes_number(self) -> bool:
        return any(one.get("type") == "integer" for one in self._types)

    @property
    def is_written_out(self) -> bool:
        """Return whether it is edited as text, because neither choices nor a single field suit it."""
        return not (self.words or self.takes_number or self.field.annotation in {bool, str})

    @property
    def shape(self) -> Shape | None:
        return next((part for part in self.field.metadata if isinstance(part, Shape)), None)

    @property
    def unit(self) -> str:
        """Return its unit or shape in words."""
        if self.shape:
            return self.shape.unit
        if keeping := self._model(Keeping):
            events = get_args(keeping.model_fields["from_"].annotation)
            return f"amount, unit (months or years), from: one of {', '.join(events)}"
        if self.words:
            return f"one of: {', '.join(self.words)}"
        return "true or false" if self.field.annotation is bool else "words"

    @property
    def labels(self) -> dict[str, str]:
        """Return the label of each part, where the parts have labels."""
        labelled = self._model(Labelled)
        return labelled.labels() if labelled else {}

    @property
    def is_keeping(self) -> bool:
        return self._model(Keeping) is not None

    def _model(self, kind: type[M]) -> type[M] | None:
        annotation = self.field.annotation
        return annotation if isinstance(annotation, type) and issubclass(annotation, kind) else None


SCHEMA: dict[str, Key] = {
    key: Key(key, group, field)
    for group in GROUPS
    for name, field in group.model_fields.items()
    if (key := field.alias or name)
}
