"""Ask whoever the procedures name whether a conference is held, answer, and take a refusal further."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from conferences.agreed_by import is_named
from conferences.models import Conference, ConferenceAgreement
from conferences.selectors.agreements import (
    KEY,
    STILL_AHEAD,
    answers_in_words,
    may_answer,
    needs_agreement,
    newest_agreement,
    who_answers,
    why_not_agreed,
)
from conferences.selectors.recipients import to_be_told
from conferences.services.guards import text_of
from conferences.services.requests import agree_with_requests, join_requests
from deadlines.working_days.arithmetic import civil_day
from notifications.services.outbox import notify


def ask_for_agreement(*, conference: Conference, by: User, now: datetime.datetime) -> ConferenceAgreement | None:
    """Ask, within a transaction, whether a conference that was just asked for is held (`conference-agreed-by`).

    Whoever the procedures name agrees by asking, or agreed when another agency asked for it: its requests about the
    children are joined to the conference first. None where the procedures name nobody, or the conference follows from
    a plan or a move. Nobody is told yet (``tell_who_agrees``), but agencies whose open request this answers.
    """
    agreed = join_requests(conference=conference, by=by, now=now)
    if not needs_agreement(conference):
        agree_with_requests(conference=conference, by=by, now=now)
        return None
    asked = ConferenceAgreement(conference=conference, asked_by=by, asked_at=now)
    if is_named(by, conference, KEY):
        asked.answered_by, asked.answered_at, asked.agreed = by, now, True
        agree_with_requests(conference=conference, by=by, now=now)
    elif agreed is not None:
        asked.answered_by, asked.answered_at, asked.agreed = agreed.answered_by, agreed.answered_at, True
    asked.save()
    return asked


def tell_who_agrees(conference: Conference, *, now: datetime.datetime) -> None:
    """Tell those who may answer, once each, that a conference waits for their agreement; safe to repeat."""
    asked = newest_agreement(conference)
    if asked is None or asked.answered_at is not None:
        return
    for user in who_answers(asked, on=civil_day(now)):
        notify(
            user=user,
            key=f"conference-agreement:{asked.pk}",
            text=f"{conference.reference}: you are asked whether this conference is held. Nothing goes out before.",
            url=reverse("conferences:agree", args=[conference.pk]),
            now=now,
        )


def refuse_before_agreement(conference: Conference) -> None:
    """Raise ValidationError while whoever the procedures name has not agreed that the conference is held."""
    if why_not := why_not_agreed(newest_agreement(conference)):
        raise ValidationError(why_not)


@transaction.atomic
def answer_agreement(
    *, agreement: ConferenceAgreement, agreed: bool, reason: str = "", by: User, now: datetime.datetime
) -> ConferenceAgreement:
    """Agree that a conference is held, or refuse with a reason.

    In order: locks the question; records who answered, when and why; answers agencies that asked for the conference
    too, where it is held; tells who asked, and the coordinator, with the way to take a refusal further. The same answer
    again changes nothing. Raises ValidationError for anyone whom the procedures do not name, for who asked or refused
    before, on ``reason`` for a refusal without one, for another answer than the one given, and where the meeting has
    begun or was cancelled.
    """
    locked = (
        ConferenceAgreement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("conference__family", "conference__authority", "conference__coordinator", "asked_by")
        .get(pk=agreement.pk)
    )
    conference = locked.conference
    if locked.answered_at is not None:
        if locked.agreed == agreed:
            return locked
        raise ValidationError("Someone has answered meanwhile. Look at their answer first.")
    if conference.status not in STILL_AHEAD:
        raise ValidationError("This conference has begun, or is over. There is nothing left to agree to.")
    if not may_answer(by, locked):
        raise ValidationError(
            f"Only {answers_in_words(locked)} can answer this, and no one who asked for it or refused it before."
        )
    locked.reason = "" if agreed else text_of("reason", reason, "Say why you do not agree.")
    locked.answered_by, locked.answered_at, locked.agreed = by, now, agreed
    locked.save()
    if agreed:
        agree_with_requests(conference=conference, by=by, now=now)
    said = "The invitations can go." if agreed else "Read why, and what you can do."
    for user in to_be_told(conference, [locked.asked_by, conference.coordinator], on=civil_day(now)):
        notify(
            user=user,
            key=f"conference-agreement-answered:{locked.pk}",
            text=f"{conference.reference}: {by.name} {'agrees' if agreed else 'does not agree'} to it. {said}",
            url=reverse("conferences:agree", args=[conference.pk]),
            now=now,
        )
    return locked


@transaction.atomic
def take_further(
    *, agreement: ConferenceAgreement, because: str, by: User, now: datetime.datetime
) -> ConferenceAgreement:
    """Take the refusal of a conference to a service manager, who did not refuse it; returns the new question.

    The caller has checked that ``by`` may arrange the conference. Repeating it returns the open question. Raises
    ValidationError on ``because`` without a reason, and where the refusal is not the last word, or was taken further.
    """
    locked = Conference.objects.select_for_update(of=("self",), no_key=True).get(pk=agreement.conference_id)
    newest = newest_agreement(locked)
    if newest is not None and newest.taken_further and newest.answered_at is None:
        return newest
    if newest is None or newest.pk != agreement.pk or newest.agreed is not False or locked.status not in STILL_AHEAD:
        raise ValidationError("This has changed since you opened the page. Look at it again.")
    if newest.taken_further:
        raise ValidationError("A service manager has decided. It can't be taken further here.")
    words = text_of("because", because, "Say why the conference is needed.")
    asked = ConferenceAgreement.objects.create(
        conference=locked, asked_by=by, asked_at=now, taken_further=True, because=words
    )
    tell_who_agrees(locked, now=now)
    return asked
