"""Which keys a policy has, what each means, and how to tell whether a value is one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from deadlines.enums import Direction
from deadlines.policies.amounts import BY_UNDERSTANDING, NOT_SET, Json
from deadlines.policies.value_types import (
    CATEGORIES,
    FLAG,
    FRAMEWORK,
    SCALE,
    TEXT,
    Kind,
    chosen,
    groupings,
    keeping,
    keyed,
    lists_for,
    named_words,
    number_or_word,
    texts,
    whole,
    word,
)
from families.enums import AgencyKind

LIMIT_KEYS = ("amount", "unit", "direction", "warn")
LIMIT_PARTS = ("from", "escalate", "outer", "last-call", "sooner-with")
FILE_KEYS = ("preset", "title", "note", "limits", "values")
LONGEST_AMOUNT = 1000
FIRST_YEAR = 1989  # the Children Act
LAST_YEAR = 2100

CAPACITIES = frozenset(
    {
        "parent", "carer", "child", "relative", "professional", "social_worker", "team_manager", "chair",
        "coordinator", "supporter", "advocate", "solicitor", "interpreter", "observer",
    }
)  # fmt: skip
ROLES = ("social_worker", "key_worker", "team_manager", "chair", "coordinator")
RECIPIENTS = {
    "parent": "parent, or carer with parental responsibility",
    "child": "child",
    "professional_attended": "professional who attended",
    "invited_absent": "invited, absent, reported",
    "core_group_member": "member of the core group",
    "no_view": "supporter, solicitor, interpreter, observer, person removed",
    "kept_out": "person kept out",
    "court": "court with an order",
}
PAPERS = frozenset(
    {
        "own version of the decisions and plan", "own version of the record", "decisions and plan",
        "record of own children and parts", "plan", "own actions", "own meetings", "own My Views", "own letter",
        "plan in plain words", "who will be there", "papers released one by one", "as the chair settles", "everything",
        "nothing",
    }
)  # fmt: skip
WHO_AGREES = (
    "team manager and chair", "team manager", "chair", "chair or a named stand-in", "chair or their manager",
    "coordinator", "service manager", "senior manager", "nobody",
)  # fmt: skip
LATE_AGREED_BY = (
    "team manager and chair", "team manager", "chair", "senior manager", "service manager", "nobody",
)  # fmt: skip
LAST_WEEK = 42
# What the keeping of a child's records may be counted from.
CASE_EVENTS = (
    "birth of the child", "death of the child", "end of the pregnancy", "sealing of the record", "closing of the case",
)  # fmt: skip

# What people read and follow themselves: nothing in the program asks for it.
ONLY_SHOWN = frozenset(
    {
        "starting-discussion-agreed-by", "conference-agreed-by", "late-conference-needs",
        "pre-birth-earliest-plan-week", "child-attends", "advocate-offered", "kept-out-decided-by",
        "social-work-report-goes-to", "mode", "parts", "family-meets-chair", "below-quorum",
        "below-quorum-conditions", "below-quorum-needs", "below-quorum-agreed-by", "below-quorum-twice-running",
        "below-quorum-ends-or-lowers-a-plan", "scaling", "scaling-at-core-groups", "plan-before-decision",
        "decision-by", "decision-covers", "coming-off-when", "decisions-form", "decisions-sent-by",
        "decisions-handed-out-in-room", "decisions-released-by", "record-form", "record-released-by",
        "record-comments-wanted", "dissent-wanted", "complaint-answered-by",
        "review-date-moved-by", "birth-review-by-core-group", "core-group-others-needed",
        "core-group-straight-after-conference", "visits-child-alone", "visits-bedroom-seen",
        "longer-visits-agreed-by", "looked-after-child", "ended-outside-agreed-by",
        "keep-messages", "keep-drafts", "keep-list-checks", "keep-read-log", "keep-disclosures",
        "keep-certificates",
    }
)  # fmt: skip


@dataclass(frozen=True)
class LimitKey:
    """What a time limit is for, the event it runs from, and which way.

    ``used`` says whether a policy with these values counts by it at all; ``by_the_hour`` that the moment of its
    event is kept, so that it may be counted in hours.
    """

    meaning: str
    event: str
    direction: str = Direction.AFTER
    used: Callable[[dict[str, Json]], bool] = lambda _values: True
    by_the_hour: bool = False


def _before(meaning: str, event: str = "conference") -> LimitKey:
    return LimitKey(meaning, event, Direction.BEFORE, by_the_hour=event == "conference")


def _where(key: str, wanted: Json) -> Callable[[dict[str, Json]], bool]:
    return lambda values: bool(values[key]["value"] == wanted)


LIMITS: dict[str, LimitKey] = {
    "initial-conference": LimitKey(
        "to a sitting that decides for the child", "strategy discussion that started the s47"
    ),
    "transfer-in-conference": LimitKey("to the receiving council's conference", "notification of the move"),
    "pre-birth-conference": _before(
        "a sitting decides, where the pregnancy is known in time", "expected date of delivery"
    ),
    "report-shared-with-family": _before("everybody due a report has had it (initial conference)"),
    "report-shared-with-family:review": _before("everybody due a report has had it (review)"),
    "report-submitted": _before("the report is in, whole (initial conference)"),
    "report-submitted:review": _before("the report is in, whole (review)"),
    "chair-has-reports": _before("the chair has every report"),
    "invitations-sent": LimitKey("to the last invitation", "day the date was fixed"),
    "decisions-sent": LimitKey(
        "to decisions and plan with everybody due a copy", "end of the last part", by_the_hour=True
    ),
    "record-sent": LimitKey(
        "to the record with everybody due a copy", "end of the last part", by_the_hour=True
    ),
    "first-core-group": LimitKey("to the first core group", "conference that made the plan"),
    "next-core-group": LimitKey("to the next core group", "last core group"),
    "last-core-group": LimitKey(
        "the last core group is held, where the council asks for one",
        "review conference",
        Direction.BEFORE,
        used=_where("last-core-group-before-review", "required"),
    ),
    "first-review": LimitKey("to the first review", "conference that made the plan"),
    "next-review": LimitKey("to the next review", "last review"),
    "second-review": LimitKey(
        "to the second review, where the council counts it from the first conference",
        "conference that made the plan",
        used=_where("second-review-anchor", "first conference"),
    ),
    "after-birth": LimitKey("to a review of a plan made before the birth", "birth"),
    "after-birth:mother-unwell": LimitKey(
        "to that review where the mother is not well enough to come earlier", "birth"
    ),
    "cin-plan-review": LimitKey(
        "to the next review of a child in need plan", "start of the plan, then its last review"
    ),
    "visit": LimitKey(
        "to the next, where the plan has no figure of its own", "last visit at which the child was seen"
    ),
    "visit-ceiling": LimitKey(
        "to the next: the longest time that needs no reason", "last visit at which the child was seen"
    ),
    "request-to-service": LimitKey(
        "to the request to the conference service", "decision to convene", by_the_hour=True
    ),
    "late-agreement": LimitKey(
        "to the agreement of those who have to agree", "request for a date past the limit", by_the_hour=True
    ),
    "inquorate-again": LimitKey("to the next attempt; the first limit runs on", "inquorate conference"),
    "record-comments": LimitKey("to the last day for comments on its accuracy", "receipt of the record"),
    "exclusion-request": _before(
        "somebody asks that a person be kept out; later asking never stops the chair from deciding"
    ),
    "dissent": LimitKey("to lodging a dissent", "end of the last part", by_the_hour=True),
    "dissent-answer": LimitKey("to its answer", "dissent", by_the_hour=True),
    "complaint-answer": LimitKey("to its answer", "complaint"),
}


@dataclass(frozen=True)
class Key:
    """What a value of a policy means and what kind it is of.

    ``acted_on`` says whether the program goes by it; else it only shows it to people.
    """

    meaning: str
    kind: Kind
    group: str
    acted_on: bool

    def problem(self, value: Json) -> str:
        """The fault of a value in words; "" for none."""
        return self.kind.problem(value)


def _week(earliest: int) -> Kind:
    return number_or_word("a week of pregnancy", NOT_SET, least=earliest, most=LAST_WEEK, saying="week {}")


def _every_nth() -> Kind:
    return number_or_word(
        "a number (1 = every visit, 2 = every second)", NOT_SET, least=1, most=12, saying="one visit in {}"
    )


def _group(name: str, **keys: tuple[str, Kind]) -> dict[str, Key]:
    written = {key.replace("_", "-"): entry for key, entry in keys.items()}
    return {
        key: Key(meaning, kind, name, acted_on=key not in ONLY_SHOWN)
        for key, (meaning, kind) in written.items()
    }


SCHEMA: dict[str, Key] = {
    **_group(
        "Before the conference",
        starting_discussion=(
            "which of several strategy discussions starts the clock",
            word("the one that started the s47", "the last"),
        ),
        starting_discussion_agreed_by=(
            "who agrees, with a reason, that another strategy discussion is the starting one",
            word(*WHO_AGREES),
        ),
        conference_agreed_by=("who agrees that a conference is asked for", word(*WHO_AGREES)),
        late_agreed_by=("who agrees to a conference past the limit", word(*LATE_AGREED_BY)),
        late_conference_needs=(
            "what is asked for where a conference is past the limit; it never stops one from being held",
            chosen(("reason", "cause", "interim safety plan"), "things"),
        ),
        lateness_causes=("causes to choose from when a limit is passed", keyed("key", "label")),
        pre_birth_earliest_week=(
            "week of pregnancy before which no conference is held; 0 = no such week",
            whole("week of pregnancy", most=LAST_WEEK, saying="week {}"),
        ),
        pre_birth_by_week=(
            "week by which a pre-birth conference is held; `pre-birth-conference` has to say the same",
            _week(1),
        ),
        pre_birth_earliest_plan_week=("week of pregnancy before which no plan is made", _week(1)),
        child_invited_from_age=(
            "age from which a child is invited",
            number_or_word("an age", BY_UNDERSTANDING, least=0, most=17, saying="from age {}"),
        ),
        child_attends=("how much of the conference an invited child attends", TEXT),
        advocate_offered=(
            "to whom an advocate is offered: by age from, or all",
            number_or_word("an age", "every invited child", least=0, most=17, saying="from age {}"),
        ),
        kept_out_decided_by=("who decides who is kept out, and how each attends", word(*WHO_AGREES)),
        short_notice_days=("notice below which an invitation is short", whole("calendar days")),
        report_agreed_by=("who agrees to the social worker's report before it is in", word(*WHO_AGREES)),
        social_work_report_goes_to=(
            "who has the social work report beforehand",
            word("those due it", "everybody attending"),
        ),
    ),
    **_group(
        "The day",
        framework=("headings of reports and board, with what to ask under each", FRAMEWORK),
        agenda=("items of the conference in their order", texts("list of words")),
        mode=("how people meet", word("set each time", "in person", "online", "blended")),
        parts=("how the conference may be divided", TEXT),
        normal_length_minutes=("how long a conference is booked for", whole("minutes", least=1)),
        family_arrives_before_minutes=(
            "how long before the start the family meets the chair",
            whole("minutes"),
        ),
        family_meets_chair=("how the family meets the chair beforehand", TEXT),
        professionals_arrive_before_minutes=(
            "length of the professionals' pre-meeting; 0 = none",
            whole("minutes"),
        ),
    ),
    **_group(
        "Quorum",
        quorum_agencies=(
            "agencies (or groups) in direct contact with the child needed beside social care",
            whole("agencies"),
        ),
        quorum_social_care_needed=("social care has to be there", FLAG),
        quorum_counts=("what counts as one towards the quorum", word("agencies", "groupings")),
        quorum_groupings=(
            "kinds of agencies that count as one together, where groupings count; a kind in none stands alone",
            groupings(AgencyKind.values),
        ),
        below_quorum=("when the chair may go on without quorum", TEXT),
        below_quorum_conditions=("the same as conditions to choose from", keyed("key", "label")),
        below_quorum_needs=("what has to be written when going on without quorum", texts("list of words")),
        below_quorum_agreed_by=("who decides to go on without quorum", word(*WHO_AGREES)),
        below_quorum_twice_running=("two conferences in a row without quorum", word("allowed", "never")),
        below_quorum_ends_or_lowers_a_plan=("without quorum a plan is ended or lowered", word("never")),
    ),
    **_group(
        "Scaling, views and decision",
        scale=("safety scale: version, words at its ends, score up to which a plan is usual", SCALE),
        scaling=("how scaling is used", word("offered", "required", "not used")),
        scaling_at_core_groups=(
            "how scaling is used at core groups",
            word("offered", "required", "not used"),
        ),
        asked_for_view=(
            "who is asked whether there is harm, which status, which category",
            chosen(CAPACITIES, "capacities", may_be_empty=True),
        ),
        asked_for_score=("who is asked for a score", chosen(CAPACITIES, "capacities", may_be_empty=True)),
        spread_to_explore=("scores further apart than this are explored", whole("points of the scale")),
        plan_before_decision=("the plan is drafted before its status is decided", FLAG),
        decision_by=(
            "how the decision is come to",
            word("chair after all views", "majority, chair may overrule", "conference"),
        ),
        decision_covers=("what is decided for each child", chosen(("status", "category"), "things")),
        coming_off_when=("when a child comes off a plan", word("as other decisions", "everyone agrees")),
        categories=("categories of harm with their definitions", CATEGORIES),
    ),
    **_group(
        "Papers",
        decisions_form=("what is sent first", TEXT),
        decisions_sent_by=("how it is sent", TEXT),
        decisions_handed_out_in_room=("decisions are handed out before people leave", FLAG),
        decisions_released_by=("who releases decisions and plan", word(*WHO_AGREES)),
        record_form=("what is sent as the record", TEXT),
        record_released_by=("who releases the record", word(*WHO_AGREES)),
        record_comments_wanted=(
            "when comments on the record are wanted",
            word("within the limit", "at once"),
        ),
        who_gets_what=(
            "which papers each recipient has by default, for their own children and parts only",
            lists_for(RECIPIENTS, PAPERS, "papers"),
        ),
        dissent_wanted=("when a dissent is wanted", word("within the limit", "at once")),
        complaint_answered_by=("who answers a complaint", word("complaints manager", "chair")),
    ),
    **_group(
        "Plans, core groups and reviews",
        second_review_anchor=(
            "what the second review is counted from; never later than the next review's limit after the last one",
            word("last review", "first conference"),
        ),
        review_date_moved_by=("who may move an agreed review date", word(*WHO_AGREES)),
        birth_review_by_core_group=("a core group may serve as the review after a birth", FLAG),
        core_group_others_needed=(
            "members needed at a core group beside the key worker or their stand-in",
            whole("members", least=1),
        ),
        core_group_straight_after_conference=(
            "the first core group straight after the conference",
            word("allowed", "never"),
        ),
        last_core_group_before_review=(
            "a last core group in good time before each review, by the limit `last-core-group`",
            word("not required", "required"),
        ),
        visits_child_alone=("at which visits the child is seen alone at the least", _every_nth()),
        visits_bedroom_seen=("at which visits the child's bedroom is seen at the least", _every_nth()),
        longer_visits_agreed_by=(
            "who agrees, with a reason, to visits further apart than `visit-ceiling`",
            word(*WHO_AGREES),
        ),
        looked_after_child=(
            "a child with a plan who is looked after",
            word("prompt a decision and a joint review", "plan may be ended outside a conference"),
        ),
        ended_outside_agreed_by=(
            "who ends a plan without a conference, where the law lets it end so",
            word(*WHO_AGREES),
        ),
    ),
    **_group(
        "Counting and words",
        closure_days_count=(
            "the council's closure days are working days; where not, local limits alone are counted without them",
            FLAG,
        ),
        day_zero_on_closed_day=(
            "day 0 where an event falls on a day on which nobody works",
            word("that day", "the working day before"),
        ),
        role_names=("what the council calls each role", named_words(ROLES, "words for " + ", ".join(ROLES))),
    ),
    **_group(
        "Keeping records",
        keep_child_looked_after=(
            "records of a child who was ever looked after; of several rules for a child the longest counts",
            keeping(*CASE_EVENTS),
        ),
        keep_sealed_child=("records sealed because of an adoption or a new identity", keeping(*CASE_EVENTS)),
        keep_child_sexual_harm=(
            "records of a child for whom sexual abuse was ever a category of harm",
            keeping(*CASE_EVENTS),
        ),
        keep_child_with_cp_plan=(
            "records of a child who ever had a child protection plan",
            keeping(*CASE_EVENTS),
        ),
        keep_child_with_cin_plan=(
            "records of a child who ever had a child in need plan",
            keeping(*CASE_EVENTS),
        ),
        keep_child_with_conference=(
            "records of a child about whom a conference was held or asked for, whatever came of it",
            keeping(*CASE_EVENTS),
        ),
        keep_child_other=("records of any other child of a case", keeping(*CASE_EVENTS)),
        keep_child_who_died=("records of a child who died", keeping(*CASE_EVENTS)),
        keep_pregnancy_without_birth=(
            "records of a pregnancy that ended without a living child",
            keeping(*CASE_EVENTS),
        ),
        keep_messages=("text of messages that were sent", keeping("sending")),
        keep_drafts=("what was typed and never sent", keeping("last change")),
        keep_list_checks=("who checked the list, why, and what was told", keeping("check")),
        keep_read_log=("who looked at what", keeping("look")),
        keep_disclosures=("who was given records for a court or on request", keeping("making of the bundle")),
        keep_certificates=("certificates of disposal, which name nobody", keeping("disposal")),
    ),
}

SECTIONS: dict[str, Collection[str]] = {"limits": LIMITS, "values": SCHEMA}
