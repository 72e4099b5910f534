"""Dissent after the meeting: lodged or left at that, and answered."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import ConferenceStatus
from conferences.models import Conference, ConferenceChild, Participant
from conferences.services.answering_guests import tell_of_answer
from conferences.services.guards import children_in_conference, family_ids_of, text_of
from conferences.services.scheduling import lock_conference
from deadlines.services import reconcile
from reports.access import may_after
from reports.enums import DissentChoice, PrintedFor
from reports.models import LodgedDissent
from reports.selectors.objections import people_who_may_dissent
from reports.services.raised import check_answer, tell_who_answers


@transaction.atomic
def lodge_dissent(
    *,
    conference: Conference,
    participant: Participant,
    children: Iterable[ConferenceChild],
    text: str,
    lodged_at: datetime.datetime,
    now: datetime.datetime,
    by: User | None = None,
    guest_session_id: int | None = None,
) -> LodgedDissent:
    """Record that someone lodges their dissent from the decision for these children: themselves, or staff for them.

    In order:
    1. locks the conference, which must be closed, and checks that this person may dissent from it;
    2. writes the dissent with the true time at which it was received; one after the window is accepted all the
      same, and shown as late;
    3. tells the chair, unless they entered it;
    4. recounts the deadlines: the answer is due from then on.

    The same words by the same person are kept once. Raises ValidationError on ``participant``, ``children``,
    ``text`` or ``lodged_at``.
    """
    locked = _lock_closed(conference, participant)
    chosen = children_in_conference(locked, children)
    if not chosen:
        raise ValidationError({"children": "Choose the children whose decision it is about."})
    words = text_of("text", text, "Write what this person disagrees with.")
    if lodged_at > now:
        raise ValidationError({"lodged_at": "This time is in the future."})
    if locked.opened_at is not None and lodged_at < locked.opened_at:
        raise ValidationError({"lodged_at": "This is before the meeting. Check the day and the time."})
    same = LodgedDissent.objects.filter(
        conference=locked, participant=participant, choice=DissentChoice.LODGED, text=words
    ).first()
    if same is not None:
        return same
    with refused_by_database(lodged_dissent_says_why="text"):
        dissent = LodgedDissent.objects.create(
            conference=locked, participant=participant, text=words, lodged_at=lodged_at, recorded_by=by,
            guest_session_id=guest_session_id, recorded_at=now,
        )  # fmt: skip
    dissent.children.set(chosen)
    tell_who_answers(
        locked,
        key=f"dissent-lodged:{dissent.pk}",
        text="somebody does not agree with the decision. The chair answers.",
        url=reverse("reports:answer-dissent", args=[locked.pk, dissent.pk]),
        by=by,
        coordinator=False,
        now=now,
    )
    reconcile(family_ids=family_ids_of(locked), now=now)
    return dissent


@transaction.atomic
def leave_dissent(
    *, conference: Conference, participant: Participant, by: User, now: datetime.datetime
) -> LodgedDissent:
    """Record that someone who dissented in the meeting is content with what the minutes say.

    Their clock stops; they can still lodge it later. Idempotent. Raises ValidationError on ``participant``.
    """
    locked = _lock_closed(conference, participant)
    standing = LodgedDissent.objects.filter(
        conference=locked, participant=participant, choice=DissentChoice.LEFT
    ).first()
    if standing is not None:
        return standing
    dissent = LodgedDissent.objects.create(
        conference=locked, participant=participant, choice=DissentChoice.LEFT, lodged_at=now, recorded_by=by,
        recorded_at=now,
    )  # fmt: skip
    reconcile(family_ids=family_ids_of(locked), now=now)
    return dissent


@transaction.atomic
def answer_dissent(
    *, dissent: LodgedDissent, answer: str, by: User, now: datetime.datetime, printed_for: str = PrintedFor.OWN
) -> LodgedDissent:
    """Answer a dissent as the chair or a service manager. The decision does not change.

    In order: writes the answer with who and when, and who reads both with the minutes (``printed_for``); tells the
    person that there is an answer on their own page, if they have one; recounts the deadlines. Answering twice returns
    the first answer. Raises ValidationError on ``answer`` or ``printed_for``, and for anyone else.
    """
    rows = LodgedDissent.objects.select_for_update(of=("self",)).select_related(
        "conference__authority", "participant__conference__authority", "participant__person"
    )
    locked = rows.get(pk=dissent.pk)
    if not may_after(by, locked.conference, to="answer"):
        raise ValidationError("Only the chair of this conference or a service manager can answer it.")
    if locked.choice != DissentChoice.LODGED:
        raise ValidationError("This dissent was not lodged, so there is nothing to answer.")
    if locked.answered_at is not None:
        return locked
    locked.answer = text_of("answer", answer, "Write the answer.")
    check_answer("answer", locked.answer, locked.participant, locked.conference, printed_for=printed_for)
    locked.answered_by, locked.answered_at, locked.printed_for = by, now, printed_for
    locked.save(update_fields=["answer", "answered_by", "answered_at", "printed_for"])
    tell_of_answer(locked.participant, key=f"dissent-answer:{locked.pk}", now=now)
    reconcile(family_ids=family_ids_of(locked.conference), now=now)
    return locked


def _lock_closed(conference: Conference, participant: Participant) -> Conference:
    locked = lock_conference(conference)
    if locked.status != ConferenceStatus.CLOSED:
        raise ValidationError("The meeting is not closed yet. Until then dissent is recorded with the decision.")
    if not people_who_may_dissent(locked).filter(pk=participant.pk).exists():
        raise ValidationError({"participant": "Choose someone who was invited to this conference."})
    return locked
