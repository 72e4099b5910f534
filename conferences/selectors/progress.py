"""The progress of a conference: its seven steps with their dates."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conferences.enums import ConferenceStatus, SittingState
from conferences.models import Conference, ConferenceChild, Decision, Sitting
from conferences.models.conference import BROKEN_OFF
from deadlines.models import Deadline
from govuk import words


@dataclass(frozen=True)
class Step:
    """``state`` is done, now, next or stopped."""

    name: str
    state: str
    date_text: str


def current_sitting(conference: Conference) -> Sitting | None:
    """Return the newest sitting that was not cancelled, with room and chair."""
    sittings = conference.sittings.exclude(state=SittingState.CANCELLED)
    found: Sitting | None = sittings.select_related("room", "chair").order_by("-number").first()
    return found


def why_not_moved(conference: Conference, sitting: Sitting | None) -> str:
    """Return in words why a conference can't be moved, given its newest sitting; empty where it can."""
    if conference.status == ConferenceStatus.REQUESTED:
        return "This conference has no date yet. Choose its date first."
    if conference.status == ConferenceStatus.OPEN:
        return "This conference is in session, so it can’t be moved."
    if conference.status == ConferenceStatus.CLOSED:
        return "This conference is over, so it can’t be moved."
    if conference.status == ConferenceStatus.CANCELLED:
        return "This conference is cancelled, so it can’t be moved. Book another date."
    if sitting is None or sitting.state != SittingState.BOOKED:
        return "This meeting was adjourned, so it can’t be moved. Book its next sitting."
    return ""


def why_not_cancelled(conference: Conference) -> str:
    """Return in words why a conference can't be cancelled; empty where it can."""
    if conference.status == ConferenceStatus.OPEN:
        return "This conference is in session, so it can’t be cancelled."
    if conference.status == ConferenceStatus.CLOSED:
        return "This conference is over, so it can’t be cancelled."
    if conference.status == ConferenceStatus.CANCELLED:
        return "This conference is cancelled already."
    return ""


def deadlines_of_conference(conference: Conference) -> list[Deadline]:
    """Return the conference's deadlines, first due first."""
    return list(Deadline.objects.filter(conference_id=conference.pk))


def steps_of(
    conference: Conference,
    *,
    children: Iterable[ConferenceChild],
    sitting: Sitting | None,
    deadlines: Sequence[Deadline],
    today: datetime.date,
) -> list[Step]:
    """Return the steps from Requested to Minutes sent. Done steps carry their date, open ones their last day.

    ``children`` are those who were not withdrawn.
    """

    def met(kind: str) -> datetime.datetime | None:
        rows = [row for row in deadlines if row.kind == kind and not row.not_needed]
        if not rows or any(row.met_at is None for row in rows):
            return None
        return max(row.met_at for row in rows if row.met_at)

    def by(kind: str) -> str:
        days = [row.plan_for_on for row in deadlines if row.kind == kind and row.is_open]
        return f"by {words.short_date(min(days), today=today)}" if days else ""

    decided_at = _decided_at(conference, {row.pk for row in children})
    held_text = ""
    if sitting and conference.ended_at is None:
        held_text = f"{words.short_date(sitting.starts_at, today=today)}, {words.clock(sitting.starts_at)}"
    done: list[tuple[str, datetime.datetime | None, str]] = [
        ("Requested", conference.requested_at, ""),
        ("Scheduled", conference.scheduled_at, by("initial-conference")),
        ("Invited", conference.invited_at, by("invitations-sent")),
        ("Papers in", met("chair-has-reports"), by("chair-has-reports")),
        ("Held", conference.ended_at, held_text),
        ("Decided", decided_at, ""),
        ("Minutes sent", met("minutes-sent"), by("minutes-sent")),
    ]
    return _drawn(conference, sitting, done, today=today)


def _drawn(
    conference: Conference,
    sitting: Sitting | None,
    done: list[tuple[str, datetime.datetime | None, str]],
    *,
    today: datetime.date,
) -> list[Step]:
    stopped = conference.status == ConferenceStatus.CANCELLED
    broken_off = sitting is not None and sitting.state in BROKEN_OFF
    steps: list[Step] = []
    reached = False
    for name, at, otherwise in done:
        if at is not None:
            steps.append(Step(name, "done", words.short_date(at, today=today)))
        elif stopped and not reached:
            steps.append(Step("Cancelled", "stopped", ""))
            reached = True
        elif broken_off and sitting is not None and name == "Held":
            steps.append(Step(sitting.get_state_display(), "stopped", words.short_date(sitting.starts_at, today=today)))
            reached = True
        else:
            steps.append(Step(name, "next" if reached else "now", "" if stopped else otherwise))
            reached = True
    return steps


def _decided_at(conference: Conference, children: set[int]) -> datetime.datetime | None:
    """Return when the last of the children was decided; None while one is undecided."""
    decisions = dict(
        Decision.objects.filter(conference_child__conference=conference, superseded_by__isnull=True).values_list(
            "conference_child_id", "decided_at"
        )
    )
    if not children or children - decisions.keys():
        return None
    return max(decisions[pk] for pk in children)
