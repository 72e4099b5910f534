"""How safe each person thinks each child is: scored unseen, shown together, and discussed if far apart."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.enums import NEVER_ASKED, Capacity, Presence
from conferences.models import ConferenceChild, Part, Participant, Sitting
from conferences.models.recorded import LOWEST_SCORE
from conferences.selectors.procedures import policy_of_conference
from conferences.services.guards import EditedMeanwhile, lock_child, participant_in, text_of
from conferences.services.scores import number_of
from deadlines.policies.amounts import NOT_USED
from meetings.enums import AnswerKind, Given, StopGround
from meetings.models import Score, TabletTurn
from meetings.selectors.attendance import part_now
from meetings.services.guards import lock_in_session, part_in
from meetings.services.rounds import end_complete_rounds, end_round, refuse_over
from meetings.services.safety import raise_stop


@transaction.atomic
def record_score(
    *,
    conference_child: ConferenceChild,
    participant: Participant,
    reason: str,
    now: datetime.datetime,
    by: User | None = None,
    guest_session_id: int | None = None,
    turn: TabletTurn | None = None,
    value: int | None = None,
    given: str = Given.GIVEN,
    may_be_shown: bool | None = None,
    version: int | None = 0,
    part: Part | None = None,
) -> Score:
    """Record one person's score for one child, 0 to 10, or why there is none.

    In order:
    1. locks conference and child; a score may be replaced until the round in which it was given is over;
    2. writes the score on the council's scale in force, with who entered it: ``by``, or a guest during a stay, or the
      person themselves in a ``turn`` that ``by`` opened at the tablet;
    3. raises a safety stop for a score of 0, which chair, social worker and managers are told of, and nobody else;
    4. ends the round if this was the last one missing.

    ``may_be_shown`` is whether someone of the family lets the others see it; without their yes it is never shown.
    ``version`` is the one the page was rendered from, 0 for a first score, None where someone enters their own: then
    what they say last stands. Submitting what stands is a no-op.

    Raises ValidationError on ``value`` or ``reason``, if this person is not asked or they are not
    here; RoundOver after the round; EditedMeanwhile if someone changed it in between; MeetingClosed.
    """
    conference, sitting = lock_in_session(conference_child.conference)
    child = lock_child(conference, conference_child)
    participant_in(conference, participant, "participant")
    _refuse_unasked(child, participant, sitting, given=given)
    number = number_of(value, given)
    because = text_of("reason", reason, "Write the reason.")
    standing = Score.objects.select_for_update().filter(conference_child=child, participant=participant).first()
    agreed = may_be_shown if participant.is_family else None
    same = (number, given, because, agreed)
    if standing is not None and (standing.value, standing.given, standing.reason, standing.may_be_shown) == same:
        return standing
    where = part_in(sitting, part) if part else part_now(sitting)
    refuse_over(AnswerKind.SCORE, child, where, standing)
    if standing is not None and version is not None and standing.version != version:
        raise EditedMeanwhile(standing)
    scale = policy_of_conference(conference).scale
    score = standing or Score(conference_child=child, participant=participant)
    score.part = where
    score.scale = f"{scale.key} {scale.version}"
    score.given = given
    score.value = number
    score.reason = because
    score.may_be_shown = agreed
    score.recorded_by = by
    score.guest_session_id = guest_session_id
    score.turn = turn
    score.recorded_at = now
    score.version = standing.version + 1 if standing else 1
    score.save()
    if number == LOWEST_SCORE:
        raise_stop(
            conference_child=child,
            ground=StopGround.SCORE,
            said_by=participant,
            said=because,
            by=by,
            guest_session_id=guest_session_id,
            part=score.part,
            now=now,
        )
    end_complete_rounds(conference, now=now)
    return score


def _refuse_unasked(child: ConferenceChild, participant: Participant, sitting: Sitting, *, given: str) -> None:
    policy = policy_of_conference(child.conference)
    if participant.capacity == Capacity.CHILD:
        if policy.scaling == NOT_USED or not participant.asked_as_child.filter(ended_at__isnull=True).exists():
            raise ValidationError("A child is asked for a score only where the chair decided so.")
    elif participant.capacity in NEVER_ASKED or not policy.gives_score(participant.capacity):
        raise ValidationError("The council's procedures do not ask this person for a score.")
    named = set(participant.children.values_list("pk", flat=True))
    if named and child.pk not in named:
        raise ValidationError("This person takes part for another child and is not asked about this one.")
    here = participant.attendances.filter(
        part__sitting=sitting, presence__in=[Presence.PRESENT, Presence.REMOVED]
    ).exists()
    if given == Given.GIVEN and not here:
        raise ValidationError("This person is not recorded as being in the meeting. Record that first.")


def show_scores(
    *, conference_child: ConferenceChild, by: User, now: datetime.datetime, reason: str = ""
) -> ConferenceChild:
    """Show one child's scores before all are in, as the chair, with the reason; see ``end_round``."""
    return end_round(kind=AnswerKind.SCORE, conference_child=conference_child, by=by, now=now, reason=reason)


@transaction.atomic
def explore_spread(
    *, conference_child: ConferenceChild, text: str, by: User, now: datetime.datetime
) -> ConferenceChild:
    """Record the explanation of scores that are far apart.

    Recording it again replaces it; the history keeps both. Raises ValidationError on ``text``, or before the
    scores are shown; MeetingClosed.
    """
    conference, _ = lock_in_session(conference_child.conference)
    child = lock_child(conference, conference_child)
    if child.scores_shown_at is None:
        raise ValidationError("The scores for this child have not been shown yet.")
    child.spread_explored = text_of("text", text, "Write what explains the difference.")
    child.save(update_fields=["spread_explored"])
    return child
