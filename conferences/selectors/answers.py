"""Answers to a day or time that the conference no longer has, in words for the person and for staff."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.utils import timezone

from conferences.enums import AnswerEnded, Reply
from conferences.models import EarlierAnswer, Participant, Sitting
from conferences.selectors.arrivals import own_arrival
from govuk import words

# What a person is reminded of; {} is the day, and the time where only that has changed.
HAD_SAID: dict[str, str] = {
    Reply.COMING: "yes to {}",
    Reply.ONLINE: "that you would come online {on}",
    Reply.DEPUTY: "that a deputy would come {on}",
    Reply.REPORT_ONLY: "that you would send a report for {}",
    Reply.NOT_COMING: "no to {}",
}


def asked_again(participants: Iterable[Participant]) -> dict[int, EarlierAnswer]:
    """Return by participant id the newest answer to an earlier date of those who have not answered since. One query."""
    silent = [row.pk for row in participants if row.reply == Reply.NONE]
    rows = (
        EarlierAnswer.objects.filter(participant__in=silent, stands_again_at__isnull=True)
        .exclude(ended_because=AnswerEnded.CANCELLED)
        .order_by("ended_at", "pk")
    )
    return {row.participant_id: row for row in rows}


def asked_again_of(participant: Participant) -> EarlierAnswer | None:
    """Return a participant's newest answer to an earlier date, unless they have answered since; prefetched or not."""
    if participant.reply != Reply.NONE:
        return None
    rows = participant.earlier_answers.all()
    ended = (row for row in rows if row.stands_again_at is None and row.ended_because != AnswerEnded.CANCELLED)
    return next(ended, None)


def answer_to_stand_again(
    participant: Participant, sitting: Sitting, *, since: datetime.datetime | None
) -> EarlierAnswer | None:
    """Return the answer to this very time that ended after they last heard of one (``since``); prefetched or not.

    They know of no other time, so there is nothing to ask them again.
    """
    if since is None or participant.reply != Reply.NONE:
        return None
    expected_at = own_arrival(participant, sitting)
    for row in participant.earlier_answers.all():
        if row.stands_again_at is None and row.ended_at >= since and row.expected_at == expected_at:
            return row
    return None


def reminder_of(answer: EarlierAnswer, participant: Participant, sitting: Sitting) -> str:
    """Return what a person is reminded of and asked: "You had said yes to Tuesday 22 December. Please tell us …"."""
    expected_at = own_arrival(participant, sitting)
    day, question = day_of(answer), "whether you can come on the new day"
    at, on = day, f"on {day}"
    if answer.expected_at == expected_at:
        question = "whether you can still come"
    elif timezone.localdate(answer.expected_at) == timezone.localdate(expected_at):
        at = f"{words.clock(answer.expected_at)} on {day}"
        on, question = f"at {at}", "whether you can come at the new time"
    return f"You had said {HAD_SAID[answer.reply].format(at, on=on)}. Please tell us {question}."


def had_answered(answer: EarlierAnswer) -> str:
    """Return the same for staff: "Had answered for Tuesday 22 December: Coming"."""
    return f"Had answered for {day_of(answer)}: {answer.get_reply_display()}"


def day_of(answer: EarlierAnswer) -> str:
    """Return the day they had answered for, such as "Tuesday 22 December"; their messages break lines anywhere."""
    return " ".join(words.long_date(answer.expected_at).split(words.NO_BREAK)[:3])
