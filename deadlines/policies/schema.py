"""Which keys a policy has, what each means, and how to tell whether a value is one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from deadlines.policies.policy import BY_UNDERSTANDING, Json

CAPACITIES = frozenset(
    {
        "parent", "carer", "child", "relative", "professional", "social_worker", "team_manager", "chair",
        "coordinator", "supporter", "advocate", "solicitor", "interpreter", "observer",
    }
)  # fmt: skip
CATEGORY_CODES = frozenset({"NEG", "PHY", "SAB", "EMO"})

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


def is_whole(least: int = 0) -> Callable[[Json], str]:
    """A check for whole numbers from ``least`` on; like every check it gives the fault, or "" for none."""

    def problem(value: Json) -> str:
        if isinstance(value, bool) or not isinstance(value, int):
            return f"must be a whole number, not {value!r}"
        return f"must be {least} or more, not {value}" if value < least else ""

    return problem


def is_text(value: Json) -> str:
    """A check for words."""
    return "" if isinstance(value, str) and value.strip() else f"must be words, not {value!r}"


def one_of(*words: str) -> Callable[[Json], str]:
    """A check for one of these words."""

    def problem(value: Json) -> str:
        if value in words:
            return ""
        return f"must be one of {', '.join(repr(word) for word in words)}, not {value!r}"

    return problem


def _is_age(value: Json) -> str:
    if value == BY_UNDERSTANDING:
        return ""
    whole = is_whole()(value)
    if whole or value > 17:  # noqa: PLR2004 - a child is under 18
        return f"must be an age from 0 to 17 or {BY_UNDERSTANDING!r}, not {value!r}"
    return ""


def _is_list_of_text(value: Json) -> str:
    if not isinstance(value, list) or not value:
        return f"must be a list with at least one item, not {value!r}"
    return next((f"item {i}: {found}" for i, item in enumerate(value, 1) if (found := is_text(item))), "")


def _are_capacities(value: Json) -> str:
    if not isinstance(value, list):
        return f"must be a list of capacities, not {value!r}"
    unknown = [item for item in value if item not in CAPACITIES]
    return f"has the unknown capacity {unknown[0]!r}" if unknown else ""


def is_mapping(
    value: Json, *, keys: tuple[str, ...], what: str = "must be a mapping", optional: tuple[str, ...] = ()
) -> str:
    """A check for a mapping that has these keys and no others but the optional ones."""
    if not isinstance(value, dict):
        return f"{what}, not {value!r}"
    for key in keys:
        if key not in value:
            return f"lacks {key!r}"
    extra = [key for key in value if key not in keys and key not in optional]
    return f"has the unknown key {extra[0]!r}" if extra else ""


def _texts(value: Json, keys: tuple[str, ...]) -> str:
    found = is_mapping(value, keys=keys)
    return found or next((f"{key}: {bad}" for key in keys if (bad := is_text(value[key]))), "")


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
    found = is_mapping(value, keys=("key", "name", "version", "headings"))
    found = found or _texts(
        {key: value[key] for key in ("key", "name", "version")}, ("key", "name", "version")
    )
    if found:
        return found
    headings = _keyed("key", "label", "prompt")(value["headings"])
    return f"headings: {headings}" if headings else ""


def _is_scale(value: Json) -> str:
    keys = ("key", "version", "low-words", "high-words", "indicates-plan-up-to")
    found = is_mapping(value, keys=keys) or _texts({key: value[key] for key in keys[:4]}, keys[:4])
    if found:
        return found
    up_to = value["indicates-plan-up-to"]
    if up_to is not None and (is_whole()(up_to) or up_to > 10):  # noqa: PLR2004 - the scale ends at 10
        return f"indicates-plan-up-to: must be a score from 0 to 10 or null, not {up_to!r}"
    return ""


def _are_categories(value: Json) -> str:
    found = _keyed("code", "label", "definition")(value)
    if found:
        return found
    codes = {item["code"] for item in value}
    wrong = codes ^ CATEGORY_CODES
    return (
        f"must define each of {', '.join(sorted(CATEGORY_CODES))} once; see {min(wrong)!r}" if wrong else ""
    )


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
    "scaling": Key("how scaling is used", one_of("offered", "required", "not used")),
    "asked-for-view": Key(
        "capacities asked whether there is harm, which status, which category", _are_capacities
    ),
    "asked-for-score": Key("capacities asked for a score", _are_capacities),
    "spread-to-explore": Key("scores further apart than this many points are explored", is_whole()),
    "decision-by": Key(
        "how the decision is come to",
        one_of("chair after all views", "majority, chair may overrule", "conference"),
    ),
    "plan-before-decision": Key("the plan is drafted before its status is decided", _is_flag),
    "categories": Key("categories of harm with their definitions", _are_categories),
    "child-invited-from-age": Key(f"age from which a child is invited, or {BY_UNDERSTANDING!r}", _is_age),
    "advocate-offered": Key("to whom an advocate is offered", is_text),
    "family-arrives-before-minutes": Key(
        "minutes before the start at which the family meets the chair", is_whole()
    ),
    "family-meets-chair": Key("how the family meets the chair beforehand", is_text),
    "professionals-arrive-before-minutes": Key(
        "minutes of the professionals' pre-meeting; 0 = none", is_whole()
    ),
    "normal-length-minutes": Key("how long a conference is booked for", is_whole(1)),
    "mode": Key("how people meet", one_of("set each time", "in person", "online", "blended")),
    "parts": Key("how the conference may be divided", is_text),
    "quorum-agencies": Key("agencies in direct contact with the child needed beside social care", is_whole()),
    "below-quorum": Key("when the chair may go on without quorum", is_text),
    "short-notice-days": Key("calendar days of notice below which an invitation is short", is_whole()),
    "lateness-causes": Key("causes to choose from when a limit is passed", _keyed("key", "label")),
    "late-agreed-by": Key("who agrees to a conference past the limit", is_text),
    "starting-discussion": Key(
        "which of several strategy discussions starts the clock",
        one_of("the one that started the s47", "the last"),
    ),
    "second-review-anchor": Key(
        "what the second review is counted from", one_of("last review", "first conference")
    ),
    "record-form": Key("what is sent as the record", is_text),
    "decisions-form": Key("what is sent first", is_text),
    "birth-review-by-core-group": Key("a core group may serve as the review after a birth", _is_flag),
    "pre-birth-earliest-week": Key("week of pregnancy before which no conference is held", is_whole()),
    "closure-days-count": Key("days between Christmas and New Year count as working days", _is_flag),
    "review-date-moved-by": Key("who may move an agreed review date", is_text),
    "role-names": Key("what the council calls each role", _are_roles),
}

SECTIONS: dict[str, Collection[str]] = {"limits": LIMITS, "values": SCHEMA}
