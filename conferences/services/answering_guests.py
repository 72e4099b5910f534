"""Answers what someone asked for on their own page; the answer stands there."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.guest_access import comes_by_link, open_to_guests
from conferences.models import AnswerToGuest, Participant, SaidByGuest
from conferences.services.chairs_words import GIVES_AWAY, gives_away
from conferences.services.exclusions import lock_participant
from conferences.services.guards import text_of
from deadlines.services import reconcile
from notifications.enums import MessageKind, Subject
from notifications.services.outbox import queue_message, reference_subject

ON_THE_PAGE = (
    "There is an answer to what you asked us. Open your own page to read it. "
    "Use the link in the e-mail that invites you."
)


@transaction.atomic
def answer_guest(*, said: SaidByGuest, text: str, by: User, now: datetime.datetime) -> AnswerToGuest:
    """Answer what a guest asked for, in place of an earlier answer.

    In order: locks the guest's row on the list; writes the answer; sends an e-mail that says only that there is one,
    where their page is open to them. The same words again change nothing. Raises ValidationError on ``text`` where
    it is empty, or gives away something hidden from the reader.
    """
    participant = lock_participant(said.participant)
    words = text_of("text", text, "Write the answer.")
    if said.reply:
        raise ValidationError("This is an answer to the invitation. There is nothing to settle.")
    if gives_away(words, [participant.person], participant.conference):
        raise ValidationError({"text": GIVES_AWAY})
    current = AnswerToGuest.objects.filter(said=said, superseded_at__isnull=True).first()
    if current is not None:
        if current.text == words:
            return current
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    with refused_by_database():
        answer = AnswerToGuest.objects.create(said=said, text=words, answered_by=by, answered_at=now)
    tell_of_answer(participant, key=f"guest-answer:{answer.pk}", now=now)
    reconcile(family_ids=[participant.conference.family_id], now=now)
    return answer


def tell_of_answer(participant: Participant, *, key: str, now: datetime.datetime) -> bool:
    """Send an e-mail that says only that there is an answer, where their own page is open to them; return whether."""
    if not opens_own_page(participant, now=now):
        return False
    conference = participant.conference
    queue_message(
        authority=conference.authority,
        key=key,
        kind=MessageKind.INVITATION,
        to_email=participant.email,
        subject=reference_subject(subject=Subject.ANSWER, reference=conference.reference),
        body=f"Hello,\n\n{ON_THE_PAGE}\n\n{conference.authority.name}",
        person_id=participant.person_id,
        family_id=conference.family_id,
        conference_id=conference.pk,
        now=now,
    )
    return True


def reads_own_page(said: SaidByGuest, *, now: datetime.datetime) -> bool:
    """Return whether the guest can open their own page now; who can't has to be told the answer otherwise."""
    return opens_own_page(said.participant, now=now)


def opens_own_page(participant: Participant, *, now: datetime.datetime) -> bool:
    """Return whether someone who was invited comes in by link, and can today."""
    return comes_by_link(participant) and open_to_guests(now).filter(pk=participant.pk).exists()
