"""The time limits of a policy, what each is for, and how a file states one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from deadlines.enums import Direction, Scope, Unit
from deadlines.policies.amounts import LONGEST_AMOUNT, Amount, Json
from deadlines.policies.value_types import LEFT_OUT, Model, Said


class Escalation(Model):
    """How long after its end a limit is escalated."""

    manager: Amount
    service_manager: Amount


class Figure(Model):
    amount: Annotated[int, Field(ge=1, le=LONGEST_AMOUNT)]
    unit: Annotated[Unit, Field(strict=False)]


class LimitEntry(Said, Figure):
    """One time limit as written in a file; what it omits comes from the baseline.

    ``runs_from`` names its event in words. ``warn`` is how long before the end people are warned, ``last_call``
    (hour limits only) how long before the end they are told that it is imminent. ``outer`` is a national limit
    that the council's own may not exceed. ``sooner_with`` names a limit that may end sooner and then counts
    instead; empty where nothing does.
    """

    direction: str
    warn: Amount
    runs_from: str = Field(LEFT_OUT, alias="from")
    escalate: Escalation = LEFT_OUT
    outer: Amount = LEFT_OUT
    last_call: Amount = LEFT_OUT
    sooner_with: Annotated[str, Field(strict=True)] = ""


class Limit(LimitEntry):
    """A time limit of one version, with what else counting needs to know.

    ``closures_count`` says that the council's closure days are not working days for it, ``day_zero_before``
    that day 0 is the previous working day where the day itself isn't worked.
    """

    key: str
    closures_count: bool
    day_zero_before: bool

    @property
    def words(self) -> str:
        return Amount(self.amount, self.unit).words

    @property
    def to_manager(self) -> Amount:
        return self.escalate.manager

    @property
    def to_service_manager(self) -> Amount:
        return self.escalate.service_manager

    @property
    def is_national(self) -> bool:
        return self.scope == Scope.NATIONAL

    def with_own(self, amount: int | None, unit: str) -> Limit:
        """Return the limit with a figure of its own, such as a plan's; itself without one."""
        return self if amount is None else self.model_copy(update={"amount": amount, "unit": Unit(unit)})


@dataclass(frozen=True)
class LimitKey:
    """What a time limit is for, the event it runs from, and in which direction.

    ``used`` says whether a policy with these values uses it at all; ``by_the_hour`` that the moment of its
    event is recorded, so that it may be counted in hours; ``foreseen`` that its day is known beforehand, so that
    people may be told of it before it comes. ``beside`` names a limit that always runs beside it, whatever a council
    writes; ``may_end_with`` those of which a council may choose one, or none: the sooner of the two counts.
    """

    meaning: str
    event: str
    direction: str = Direction.AFTER
    used: Callable[[dict[str, Json]], bool] = lambda _values: True
    by_the_hour: bool = False
    foreseen: bool = False
    beside: str = ""
    may_end_with: tuple[str, ...] = ()


def _before(meaning: str, event: str = "conference", *, beside: str = "") -> LimitKey:
    return LimitKey(meaning, event, Direction.BEFORE, by_the_hour=event == "conference", beside=beside)


def _where(key: str, wanted: Json) -> Callable[[dict[str, Json]], bool]:
    return lambda values: bool(values[key]["value"] == wanted)


LIMITS: dict[str, LimitKey] = {
    "initial-conference": LimitKey(
        "to a sitting that decides for the child", "strategy discussion that started the s47"
    ),
    "transfer-in-conference": LimitKey("to the receiving council's conference", "notification of the move"),
    "pre-birth-conference": _before(
        "a sitting decides, where the pregnancy is known in time",
        "expected date of delivery",
        beside="initial-conference",
    ),
    "report-shared-with-family": _before("everyone due a report has had it (initial conference)"),
    "report-shared-with-family:review": _before("everyone due a report has had it (review)"),
    "report-submitted": _before("the report is in, whole (initial conference)"),
    "report-submitted:review": _before("the report is in, whole (review)"),
    "chair-has-reports": _before("the chair has every report"),
    "invitations-sent": LimitKey("to the last invitation", "day the date was fixed"),
    "invitations-sent:agreed-review": _before("the last invitation to a review agreed at the conference before it"),
    "agreed-review-booked": LimitKey(
        "to booking the review that was agreed, where chair or room were not free", "closing of the meeting"
    ),
    "decisions-sent": LimitKey(
        "to everyone due a copy having the decisions and the plan", "end of the last part", by_the_hour=True
    ),
    "minutes-sent": LimitKey("to everyone due a copy having the minutes", "end of the last part", by_the_hour=True),
    "child-told": LimitKey(
        "to telling each child, in words of their own, what was decided", "end of the last part", by_the_hour=True
    ),
    "outline-plan": LimitKey(
        "to the family having the outline plan, where the council asks for it",
        "conference that made the plan",
        used=_where("outline-plan-sent", "required"),
        may_end_with=("first-core-group",),
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
        beside="next-review",
    ),
    "after-birth": LimitKey("to a review of a plan made before the birth", "birth", beside="first-review"),
    "after-birth:mother-unwell": LimitKey(
        "to that review where the mother is not well enough to come earlier", "birth", beside="first-review"
    ),
    "cin-plan-review": LimitKey(
        "to the next review of a child in need plan", "start of the plan, then its last review"
    ),
    "mid-point-check": LimitKey(
        "to the chair's check before the next review, where the council asks for one",
        "last review",
        used=_where("chair-checks-mid-point", "required"),
    ),
    "mid-point-check:first": LimitKey(
        "to the chair's check before the first review, where the council asks for one",
        "conference that made the plan",
        used=_where("chair-checks-mid-point", "required"),
    ),
    "mid-point-decided": LimitKey(
        "to a manager's decision about what a chair found between conferences", "day on which it was taken to them"
    ),
    "consent-decided": LimitKey(
        "to a manager's decision after a disagreement, refusal or withdrawal of consent to a child in need plan",
        "day on which it was recorded",
    ),
    "visit": LimitKey("to the next, where the plan has no figure of its own", "last visit at which the child was seen"),
    "visit-ceiling": LimitKey(
        "to the next: the longest time that needs no reason", "last visit at which the child was seen"
    ),
    "visit-again": LimitKey("to the next try, where none was agreed", "visit at which the child was not seen"),
    "review-before-18": LimitKey(
        "a review of the plan of a young person who is about to turn 18", "18th birthday", Direction.BEFORE
    ),
    "plan-at-18": LimitKey(
        "to a manager's ending of the plan of someone who turns 18", "last day before the 18th birthday", foreseen=True
    ),
    "transfer-answered": LimitKey(
        "to the other council's answer about a child who moved there", "day on which it was told"
    ),
    "back-from-abroad": LimitKey("to seeing that a child is back from abroad", "last day away", foreseen=True),
    "adoption-sealed": LimitKey(
        "to sealing the record of a child whom others adopt", "day on which the order was recorded"
    ),
    "request-to-service": LimitKey("to the request to the conference service", "decision to convene", by_the_hour=True),
    "late-agreement": LimitKey(
        "to the agreement of those who have to agree", "request for a date past the limit", by_the_hour=True
    ),
    "inquorate-again": LimitKey("to the next attempt; the first limit runs on", "inquorate conference"),
    "minutes-comments": LimitKey("to the last day for comments on their accuracy", "receipt of the minutes"),
    "exclusion-request": _before(
        "someone asks that a person be kept out; later asking never stops the chair from deciding"
    ),
    "guest-ask": LimitKey(
        "to the chair's decision about the person held back", "asking on a guest's page", by_the_hour=True
    ),
    "guest-answer": LimitKey(
        "to the answer to what someone asked for",
        "asking on a guest's page, by telephone or on paper",
        by_the_hour=True,
    ),
    "agency-request": LimitKey(
        "to the manager's answer to another agency that asks for a conference", "asking", by_the_hour=True
    ),
    "tell-otherwise": LimitKey(
        "to telling someone who gets no e-mail of an invitation, change or cancellation",
        "day there was something to tell",
        beside="tell-before-meeting",
    ),
    "tell-before-meeting": LimitKey(
        "to telling them before the meeting; what arises later is told the same day", "conference", Direction.BEFORE
    ),
    "incident-told": LimitKey(
        "to telling somebody who is in danger because a paper reached the wrong hands",
        "moment they were named as in danger",
        by_the_hour=True,
    ),
    "incident-regulator": LimitKey(
        "to the decision whether the Information Commissioner is told of an incident",
        "moment the council became aware",
        by_the_hour=True,
    ),
    "subject-request": LimitKey("to answering whoever asks what is held about them", "request"),
    "siblings-safe": LimitKey(
        "to knowing whether the brothers and sisters of a child who died are safe",
        "recording of the death",
        by_the_hour=True,
    ),
    "discussion-after-death": LimitKey(
        "to deciding whether a strategy discussion about them is needed", "recording of the death", by_the_hour=True
    ),
    "serious-incident-notification": LimitKey(
        "to notifying the death as a serious incident, or saying why not", "recording of the death"
    ),
    "child-death-review": LimitKey("to telling the child death review", "recording of the death"),
    "held-message": LimitKey("to a manager's decision about a message to the family", "day it was held"),
    "keep-apart": LimitKey("to deciding how members of a core group who must not meet take part", "day it was known"),
    "dissent": LimitKey("to lodging a dissent", "end of the last part", by_the_hour=True),
    "dissent-answer": LimitKey("to its answer", "dissent", by_the_hour=True),
    "complaint-answer": LimitKey("to its answer", "complaint"),
    "complaint-review-answer": LimitKey("to the answer of a manager who had no part in it", "day it was taken further"),
    "complaint-panel-answer": LimitKey("to the answer of the panel of partner agencies", "day it was taken further"),
}
