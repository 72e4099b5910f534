"""The end of asking for scores and views: when the last answer is in, or when the chair ends it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from conferences.models import Conference, ConferenceChild, Decision, Part, Participant
from conferences.services.guards import lock_child, participant_in, require_chair, text_of
from meetings.enums import AnswerKind
from meetings.models import AnswerRound, AskedChild, Score, View
from meetings.selectors.attendance import Attendee, attendees_of, part_of, sitting_of
from meetings.selectors.rounds import rounds_ended
from meetings.selectors.scores import ScoreSheet, may_be_shown, scores_in, scores_of
from meetings.selectors.views_given import ViewSheet, views_in, views_of
from meetings.services.guards import is_stopped, lock_in_session

ANSWERS_IN: dict[str, Callable[[Conference, Sequence[Attendee]], Mapping[int, Sequence[Any]]]] = {
    AnswerKind.SCORE: scores_in,
    AnswerKind.VIEW: views_in,
}


class RoundOver(ValidationError):
    """The answers about this child are shown: none can be given or changed any more."""


def refuse_over(kind: str, child: ConferenceChild, part: Part | None, standing: Score | View | None) -> None:
    """Raise RoundOver where the round of this part is over, or the one in which the answer that stands was given."""
    parts = {one for one in (part.pk if part else None, standing.part_id if standing else None) if one is not None}
    if AnswerRound.objects.filter(kind=kind, conference_child=child, part__in=parts).exists():
        raise RoundOver(f"The {kind}s for this child have been shown. They stay as they were given.")


def end_complete_rounds(conference: Conference, *, now: datetime.datetime) -> None:
    """End each round in which the last answer is in, and show the scores of a sitting that has one part.

    The caller holds the conference's lock. Nothing ends while a child is not safe tonight, nor while it is not
    recorded who is here. In a sitting of several parts the chair chooses what is shown (``show_in_part``).
    """
    open_kinds = _with_answers(conference)
    if not open_kinds or is_stopped(conference):
        return
    sitting = sitting_of(conference)
    parts = list(sitting.standing_parts.all()) if sitting else []
    attendees, ended = attendees_of(conference, sitting=sitting), rounds_ended(conference)
    part = part_of(attendees, parts)
    if part is None:
        return
    given: dict[str, Mapping[int, Sequence[Any]]] = {
        kind: read(conference, attendees) for kind, read in ANSWERS_IN.items() if kind in open_kinds
    }
    asked: dict[str, Any] = {"attendees": attendees, "ended": ended, "parts": parts}
    decided = Decision.objects.filter(conference_child=OuterRef("pk"), superseded_by__isnull=True)
    for child in conference.children.present().annotate(is_decided=Exists(decided)):
        child.conference = conference
        for kind, answers in given.items():
            mine = {"given": answers[child.pk], **asked}
            sheet: ScoreSheet | ViewSheet = (
                scores_of(child, **mine)
                if kind == AnswerKind.SCORE
                else views_of(child, is_decided=child.is_decided, **mine)
            )
            if not sheet.is_over and sheet.is_complete:
                _end(kind, child, part, has_parts=len(parts) > 1, now=now)


def _with_answers(conference: Conference) -> set[str]:
    found: set[str] = set()
    if conference.children.filter(scores__isnull=False).exists():
        found.add(AnswerKind.SCORE)
    if conference.children.filter(views__isnull=False).exists():
        found.add(AnswerKind.VIEW)
    return found


def _end(
    kind: str,
    child: ConferenceChild,
    part: Part,
    *,
    has_parts: bool,
    now: datetime.datetime,
    by: User | None = None,
    because: str = "",
) -> None:
    AnswerRound.objects.get_or_create(
        kind=kind,
        conference_child=child,
        part=part,
        defaults={"ended_at": now, "ended_by": by, "ended_because": because},
    )
    if kind == AnswerKind.SCORE and not has_parts:
        given = Score.objects.filter(conference_child=child).select_related("participant")
        _show(child, part, [score for score in given if may_be_shown(score)], now=now)


def _show(child: ConferenceChild, part: Part, scores: Collection[Score], *, now: datetime.datetime) -> None:
    for score in scores:
        score.shown_in.add(part)
    if child.scores_shown_at is None:
        child.scores_shown_at = now
        child.save(update_fields=["scores_shown_at"])


@transaction.atomic
def end_round(
    *, kind: str, conference_child: ConferenceChild, by: User, now: datetime.datetime, reason: str = ""
) -> ConferenceChild:
    """End the round of the part under way before everyone has answered, as the chair, with the reason. Idempotent.

    What somebody is typing then is not taken any more; their page keeps it and says so. Raises ValidationError on
    ``reason`` while someone has not answered, if ``by`` is not the chair, or if no answer is in; MeetingClosed,
    StoppedForSafety.
    """
    conference, _ = lock_in_session(conference_child.conference, waits_for_safety=True)
    what = "scores" if kind == AnswerKind.SCORE else "views"
    require_chair(by, conference, f"show the {what} before everyone has answered")
    child = lock_child(conference, conference_child)
    child.conference = conference
    attendees = attendees_of(conference)
    sitting = sitting_of(conference)
    parts = list(sitting.standing_parts.all()) if sitting else []
    part = part_of(attendees, parts)
    if kind == AnswerKind.SCORE:
        scores = scores_of(child, attendees=attendees, parts=parts)
        is_over, is_in, waits = scores.is_over, bool(scores.count_in), bool(scores.waiting)
    else:
        views = views_of(child, attendees=attendees, parts=parts)
        is_over, is_in, waits = views.is_over, any(row.is_in for row in views.rows), bool(views.waited_for)
    if is_over or part is None:
        return child
    if not is_in:
        raise ValidationError(f"No one has given a {kind} for this child yet.")
    because = reason.strip()
    if waits:
        because = text_of("reason", reason, f"Say why you are showing the {what} before everyone has answered.")
    if kind == AnswerKind.SCORE and because:
        child.scores_shown_reason = because
        child.save(update_fields=["scores_shown_reason"])
    _end(kind, child, part, has_parts=len(parts) > 1, by=by, because=because, now=now)
    return child


@transaction.atomic
def show_in_part(
    *, conference_child: ConferenceChild, participants: Collection[int], by: User, now: datetime.datetime
) -> ConferenceChild:
    """Show the scores of these participants, by id, in the part under way, as the chair. What is shown stays shown.

    Raises ValidationError if ``by`` is not the chair, or on ``participants`` where one of them is still asked or is
    of the family and did not agree; MeetingClosed, StoppedForSafety.
    """
    conference, _ = lock_in_session(conference_child.conference, waits_for_safety=True)
    require_chair(by, conference, "choose which scores are shown")
    child = lock_child(conference, conference_child)
    child.conference = conference
    sheet = scores_of(child)
    wanted = set(participants)
    possible = {row.participant.pk for row in sheet.choices} | {
        row.participant.pk for row in sheet.rows if row.is_shown
    }
    if sheet.part is None or wanted - possible:
        raise ValidationError({"participants": "One of these scores can’t be shown. Reload the page and choose again."})
    given = Score.objects.filter(conference_child=child, participant__in=wanted).select_related("participant")
    _show(child, sheet.part, list(given), now=now)
    return child


@transaction.atomic
def ask_child(*, participant: Participant, reason: str, by: User, now: datetime.datetime) -> AskedChild:
    """Decide, as the chair, that a child who takes part is asked for a score. Idempotent.

    Raises ValidationError on ``reason``, or if ``by`` is not the chair; MeetingClosed.
    """
    conference, _ = lock_in_session(participant.conference)
    participant_in(conference, participant, "participant")
    require_chair(by, conference, "decide that a child is asked for a score")
    standing = AskedChild.objects.filter(participant=participant, ended_at__isnull=True).first()
    if standing is not None:
        return standing
    return AskedChild.objects.create(
        participant=participant, reason=text_of("reason", reason, "Say why."), decided_by=by, decided_at=now
    )


@transaction.atomic
def stop_asking_child(*, participant: Participant, by: User, now: datetime.datetime) -> None:
    """Take back, as the chair, that a child is asked for a score. Idempotent. Raises ValidationError, MeetingClosed."""
    conference, _ = lock_in_session(participant.conference)
    require_chair(by, conference, "decide that a child is asked for a score")
    for row in AskedChild.objects.filter(participant=participant, ended_at__isnull=True):
        row.ended_at = now
        row.save(update_fields=["ended_at"])
    end_complete_rounds(conference, now=now)
