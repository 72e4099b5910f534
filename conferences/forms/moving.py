"""The forms that give a conference another day: to move it, or to go on with it after it was adjourned."""

from __future__ import annotations

import datetime
from typing import Any

from django.forms import BoundField

from accounts.models import User
from conferences.forms.booking import BOOKING, REASONS, WHEN_AND_WHERE, BookingForm
from conferences.models import Sitting
from deadlines.policies import Policy
from deadlines.working_days.arithmetic import LONDON
from govuk.forms import Include, Layout, LongTextField, VersionField

RUNS_IT_STILL = Include("conferences/runs_it_still.html", draws=("chair", "coordinator"))


class AnotherDayForm(BookingForm):
    """A booking as it is and as it shall be; who runs it stays for those who may not hand it on."""

    drawn_on_demand = frozenset(REASONS)
    # What is asked before and after the booking itself.
    _before: tuple[str, ...] = ()
    _after: tuple[str, ...] = ()

    def __init__(self, *args: Any, may_hand_on: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layout = Layout(
            *self._before, *(BOOKING if may_hand_on else (*WHEN_AND_WHERE, RUNS_IT_STILL)), *self._after
        )
        if may_hand_on:
            return
        self.drawn_on_demand = frozenset((*REASONS, *RUNS_IT_STILL.draws))  # type: ignore[misc]
        for name in RUNS_IT_STILL.draws:
            field = self.fields[name]
            field.disabled = True
            field.queryset = User.objects.filter(pk=self.initial.get(name) or 0)

    @property
    def who_runs_it(self) -> list[tuple[BoundField, User | None]]:
        """Return who stays, beside the field that says what is wrong with it."""
        return [(self[name], self.fields[name].queryset.first()) for name in RUNS_IT_STILL.draws]


class NextSittingForm(AnotherDayForm):
    """The day on which an adjourned meeting goes on, checked on a page of its own."""

    button = "See who is told"
    answers_with_a_page = True


class MoveForm(AnotherDayForm):
    """Another day, time or place before the conference begins, checked on a page of its own."""

    button = "See what this changes"
    answers_with_a_page = True
    form_id = "booking"
    marks_optional = False
    _before = ("reason",)
    _after = ("version",)
    version = VersionField()
    reason = LongTextField(
        label="Why are you moving it?",
        error_messages={"required": "Say why you are moving it"},
        help_text="Kept on record. People who are invited do not see it.",
        rows=3,
    )


def initial_booking(sitting: Sitting, policy: Policy) -> dict[str, Any]:
    """Return the values of a booking form that change nothing; an arrival at the usual time follows the start."""
    local = sitting.starts_at.astimezone(LONDON)
    conference = sitting.conference

    def unless_usual(arrives_at: datetime.datetime, before: datetime.timedelta) -> datetime.time | None:
        usual = arrives_at == sitting.starts_at - before
        return None if usual else arrives_at.astimezone(LONDON).time()

    return {
        "day": local.date(),
        "start": local.time(),
        "length": int((sitting.booked_until - sitting.starts_at).total_seconds() // 60),
        "family_arrives_at": unless_usual(sitting.family_arrives_at, policy.family_arrives_before),
        "professionals_arrive_at": unless_usual(sitting.professionals_arrive_at, policy.professionals_arrive_before),
        "mode": conference.mode,
        "room": sitting.room_id,
        "link": conference.link,
        "chair": sitting.chair_id,
        "coordinator": conference.coordinator_id,
        "short_notice_reason": conference.short_notice_reason,
        "late_cause": conference.late_cause,
        "late_reason": conference.late_reason,
    }
