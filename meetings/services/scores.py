"""How safe each person thinks each child is: scored unseen, shown together, and discussed if far apart."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.enums import Presence
from conferences.models import ConferenceChild, Part, Participant, Sitting
from conferences.selectors.procedures import policy_of_conference
from conferences.services.guards import EditedMeanwhile, lock_child, participant_in, require_chair, text_of
from meetings.enums import Given, StopGround
from meetings.models import Score
from meetings.selectors.attendance import attendees_of
from meetings.selectors.scores import scores_of
from meetings.services.guards import lock_in_session, part_in
from meetings.services.safety import raise_stop

LOWEST, HIGHEST = 0, 10
NOT_A_SCORE = f"A score is a whole number from {LOWEST} to {HIGHEST}."


@transaction.atomic
def record_score(
    *,
    conference_child: ConferenceChild,
    participant: Participant,
    reason: str,
    by: User,
    now: datetime.datetime,
    value: int | None = None,
    given: str = Given.GIVEN,
    version: int = 0,
    part: Part | None = None,
) -> Score:
    """Record one person's score for one child, 0 to 10, or why there is none.

    In order:
    1. locks conference and child; a score may be replaced until the child's scores are shown;
    2. writes the score on the council's scale in force;
    3. raises a safety stop for a score of 0: nothing else goes on until what is done now is recorded;
    4. shows the child's scores if this was the last one missing.

    ``version`` is the one the page was rendered from, 0 for a first score. Submitting what stands is a no-op.

    Raises ValidationError on ``value`` or ``reason``, if the policy does not ask this person or they are not
    here, or after the scores were shown; EditedMeanwhile if someone changed it in between; MeetingClosed,
    StoppedForSafety.
    """
    conference, sitting = lock_in_session(conference_child.conference)
    child = lock_child(conference, conference_child)
    participant_in(conference, participant, "participant")
    _refuse_unasked(child, participant, sitting, given=given)
    number = _value(value, given)
    because = text_of("reason", reason, "Write the reason.")
    standing = Score.objects.select_for_update().filter(conference_child=child, participant=participant).first()
    if standing is not None and (standing.value, standing.given, standing.reason) == (number, given, because):
        return standing
    if child.scores_shown_at is not None:
        raise ValidationError("The scores for this child have been shown. They stay as they were given.")
    if standing is not None and standing.version != version:
        raise EditedMeanwhile(standing)
    scale = policy_of_conference(conference).scale
    score = standing or Score(conference_child=child, participant=participant)
    score.part = part_in(sitting, part)
    score.scale = f"{scale.key} {scale.version}"
    score.given = given
    score.value = number
    score.reason = because
    score.recorded_by = by
    score.recorded_at = now
    score.version = standing.version + 1 if standing else 1
    score.save()
    if number == LOWEST:
        raise_stop(
            conference_child=child,
            ground=StopGround.SCORE,
            said_by=participant,
            said=because,
            by=by,
            part=score.part,
            now=now,
        )
    _show_when_complete(child, now=now)
    return score


def _value(value: int | None, given: str) -> int | None:
    if given not in Given.values:
        raise ValidationError({"given": "Choose whether a score was given, and if not, why not."})
    if given != Given.GIVEN:
        if value is not None:
            raise ValidationError({"value": "Leave the number empty if no score was given."})
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not LOWEST <= value <= HIGHEST:
        raise ValidationError({"value": NOT_A_SCORE})
    return value


def _refuse_unasked(child: ConferenceChild, participant: Participant, sitting: Sitting, *, given: str) -> None:
    if not policy_of_conference(child.conference).gives_score(participant.capacity):
        raise ValidationError("The council's procedures do not ask this person for a score.")
    named = set(participant.children.values_list("pk", flat=True))
    if named and child.pk not in named:
        raise ValidationError("This person takes part for another child and is not asked about this one.")
    here = participant.attendances.filter(
        part__sitting=sitting, presence__in=[Presence.PRESENT, Presence.REMOVED]
    ).exists()
    if given == Given.GIVEN and not here:
        raise ValidationError("This person is not recorded as being in the meeting. Record that first.")


def _show_when_complete(child: ConferenceChild, *, now: datetime.datetime) -> None:
    sheet = scores_of(child, attendees=attendees_of(child.conference))
    if sheet.rows and not sheet.waiting:
        child.scores_shown_at = now
        child.save(update_fields=["scores_shown_at"])


@transaction.atomic
def show_scores(
    *, conference_child: ConferenceChild, by: User, now: datetime.datetime, reason: str = ""
) -> ConferenceChild:
    """Show one child's scores before all are in, as the chair, with the reason. Idempotent.

    Raises ValidationError on ``reason`` while someone has not answered, if ``by`` is not the chair, or if no
    score is in; MeetingClosed, StoppedForSafety.
    """
    conference, _ = lock_in_session(conference_child.conference)
    require_chair(by, conference, "show the scores before everyone has answered")
    child = lock_child(conference, conference_child)
    if child.scores_shown_at is not None:
        return child
    sheet = scores_of(child)
    if not sheet.count_in:
        raise ValidationError("No one has given a score for this child yet.")
    if sheet.waiting:
        child.scores_shown_reason = text_of(
            "reason", reason, "Say why you are showing the scores before everyone has answered."
        )
    child.scores_shown_at = now
    child.save(update_fields=["scores_shown_at", "scores_shown_reason"])
    return child


@transaction.atomic
def explore_spread(
    *, conference_child: ConferenceChild, text: str, by: User, now: datetime.datetime
) -> ConferenceChild:
    """Record the explanation of scores that are far apart.

    Recording it again replaces it; the history keeps both. Raises ValidationError on ``text``, or before the
    scores are shown; MeetingClosed, StoppedForSafety.
    """
    conference, _ = lock_in_session(conference_child.conference)
    child = lock_child(conference, conference_child)
    if child.scores_shown_at is None:
        raise ValidationError("The scores for this child have not been shown yet.")
    child.spread_explored = text_of("text", text, "Write what explains the difference.")
    child.save(update_fields=["spread_explored"])
    return child
