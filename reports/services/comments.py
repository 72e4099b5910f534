"""Comments on the minutes from their recipients, and the outcome of each."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.models import Conference, ConferenceChild, Participant
from conferences.services.answering_guests import tell_of_answer
from conferences.services.guards import family_ids_of, text_of
from conferences.services.scheduling import lock_conference
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from reports.enums import CommentOutcome, PrintedFor
from reports.models import MinutesComment
from reports.selectors.objections import first_copies_of_minutes
from reports.services.raised import check_answer, chosen_children, tell_who_answers


@transaction.atomic
def record_comment(
    *,
    conference: Conference,
    participant: Participant,
    received_on: datetime.date,
    text: str,
    now: datetime.datetime,
    quoted: str = "",
    by: User | None = None,
    guest_session_id: int | None = None,
) -> MinutesComment:
    """Record what one recipient says is wrong in the minutes: by themselves, or by staff (``by``) as theirs.

    ``quoted`` holds the words of the minutes it is about.

    In order:
    1. locks the conference and finds the first copy of the minutes that this person had;
    2. writes the comment on that version; one after the window is accepted all the same, and shown as late;
    3. tells chair and coordinator, except who entered it;
    4. recounts the deadlines: the comment is to be settled.

    The same words by the same person are kept once. Raises ValidationError on ``participant`` if they had no
    copy, ``received_on`` or ``text``.
    """
    locked = lock_conference(conference)
    copy = first_copies_of_minutes(locked).get(participant.pk)
    if copy is None:
        raise ValidationError({"participant": "This person has not had a copy of the minutes."})
    words = text_of("text", text, "Write what they say is wrong.")
    if received_on > civil_day(now):
        raise ValidationError({"received_on": "This day is in the future."})
    if received_on < civil_day(copy.sent_at):
        raise ValidationError({"received_on": "This is before they had the minutes. Check the date."})
    same = MinutesComment.objects.filter(
        document__conference=locked, participant=participant, text=words, quoted=quoted.strip()
    ).first()
    if same is not None:
        return same
    with refused_by_database(record_comment_says_something="text"):
        comment = MinutesComment.objects.create(
            document_id=copy.document_id, participant=participant, received_on=received_on, text=words,
            quoted=quoted.strip(), recorded_by=by, guest_session_id=guest_session_id, recorded_at=now,
        )  # fmt: skip
    tell_who_answers(
        locked,
        key=f"minutes-comment:{comment.pk}",
        text="somebody says that something in the minutes is wrong.",
        url=reverse("reports:settle-comment", args=[locked.pk, comment.pk]),
        by=by,
        now=now,
    )
    reconcile(family_ids=family_ids_of(locked), now=now)
    return comment


@transaction.atomic
def settle_comment(
    *,
    comment: MinutesComment,
    outcome: str,
    because: str,
    by: User,
    now: datetime.datetime,
    printed_for: str = PrintedFor.OWN,
    children: Iterable[ConferenceChild] = (),
) -> MinutesComment:
    """Accept a comment, so that a new version is prepared, or keep it beside the minutes and print it with them.

    In order: writes the outcome with its reason and, for a comment that is kept, who reads both with the minutes
    (``printed_for``) and which ``children`` it is about; tells its author that there is an answer on their own page,
    if they have one; recounts the deadlines. Settling twice returns the first outcome.
    Raises ValidationError on ``outcome``, ``because``, ``printed_for`` or ``children``.
    """
    locked = (
        MinutesComment.objects.select_for_update(of=("self",))
        .select_related("document__conference__authority", "participant__conference__authority", "participant__person")
        .get(pk=comment.pk)
    )
    if locked.is_settled:
        return locked
    if outcome not in CommentOutcome.values:
        raise ValidationError({"outcome": "Choose the outcome."})
    locked.outcome = outcome
    locked.settled_because = text_of("because", because, "Write why. The person who made the comment will read it.")
    conference = locked.document.conference
    is_kept = outcome == CommentOutcome.KEPT_BESIDE
    read_by = printed_for if is_kept else PrintedFor.OWN
    check_answer("because", locked.settled_because, locked.participant, conference, printed_for=read_by)
    about = chosen_children(conference, children, printed_for=read_by) if is_kept else []
    locked.settled_by, locked.settled_at, locked.printed_for = by, now, read_by
    with refused_by_database(settled_comment_says_why="because"):
        locked.save(update_fields=["outcome", "settled_because", "settled_by", "settled_at", "printed_for"])
    locked.children.set(about)
    tell_of_answer(locked.participant, key=f"comment-answer:{locked.pk}", now=now)
    reconcile(family_ids=family_ids_of(locked.document.conference), now=now)
    return locked
