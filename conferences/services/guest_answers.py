"""What guests say themselves: whether they are coming, and what they need."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from conferences.access import chairs_of
from conferences.enums import Need, Reply, RequestGround, ToldHow
from conferences.models import ExclusionRequest, Participant, SaidByGuest
from conferences.selectors.named import whom_they_mean
from conferences.selectors.recipients import managers_of, to_be_told
from conferences.services.exclusions import HELD_FROM, lock_lists_of, lock_participant, open_request
from conferences.services.invitations import record_reply
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.selectors.people import current_allocations
from notifications.services.outbox import notify

TELLS_THE_CHAIR = frozenset({Need.APART})


@transaction.atomic
def answer_as_guest(
    *, participant: Participant, guest_session_id: int, reply: str, now: datetime.datetime
) -> SaidByGuest:
    """Record a guest's own answer, as sent and as the current one, and tell the coordinator.

    Idempotent. Raises ValidationError as ``record_reply`` does.
    """
    record_reply(participant=participant, reply=reply, by=None, now=now)
    newest = SaidByGuest.objects.filter(participant=participant).exclude(reply="").first()
    # The same words about another date are a new answer.
    asked_since = participant.earlier_answers.first()
    is_current = newest is not None and (asked_since is None or newest.said_at > asked_since.ended_at)
    if newest is not None and is_current and newest.reply == reply:
        return newest
    said = SaidByGuest.objects.create(
        participant=participant, guest_session_id=guest_session_id, said_at=now, reply=reply
    )
    _tell(participant, said, "someone has answered their invitation.", now=now)
    return said


@transaction.atomic
def ask_as_guest(
    *,
    participant: Participant,
    needs: Collection[str],
    text: str,
    now: datetime.datetime,
    guest_session_id: int | None = None,
    by: User | None = None,
    told_how: str = "",
) -> SaidByGuest:
    """Record what a guest asks for or says in their own words, and tell the coordinator.

    Entered by themselves, or as theirs by staff (``by``) whom they told by telephone, on paper or in person
    (``told_how``).

    A wish to be apart holds back at once everything that would tell the person meant (``whom_they_mean``) the day,
    the time, the place or who comes, and tells chair, social worker and manager. The chair decides within the
    council's limit (``guest-ask``). Asking again about someone the chair has decided about holds nothing more, so
    that nobody silences another by asking. Idempotent. Raises ValidationError where nothing is said, or where the
    person is no longer invited, or on ``told_how``.
    """
    if by is not None and told_how not in ToldHow.values:
        raise ValidationError({"told_how": "Choose how they told us."})
    if TELLS_THE_CHAIR & set(needs):
        # Whoever is meant is held on every list: all of them first, in one order.
        lock_lists_of(participant.conference, [row.person_id for row in whom_they_mean(participant, text.strip())])
    locked = lock_participant(participant)
    if not needs and not text.strip():
        raise ValidationError({"needs": "Choose what you need, or write it in your own words"})
    if set(needs) - set(Need.values):
        raise ValidationError({"needs": "Choose one of the answers shown"})
    wanted = sorted(needs)
    newest = SaidByGuest.objects.filter(participant=locked, reply="").first()
    if newest is not None and (newest.needs, newest.text) == (wanted, text.strip()):
        return newest
    said = SaidByGuest.objects.create(
        participant=locked, guest_session_id=guest_session_id, recorded_by=by, told_how=told_how, said_at=now,
        needs=wanted, text=text.strip(),
    )  # fmt: skip
    apart = bool(TELLS_THE_CHAIR & set(wanted))
    _tell(locked, said, "someone who is invited has asked for something.", urgent=apart, now=now)
    if apart:
        _hold_back(locked, said, now=now)
    reconcile(family_ids=[locked.conference.family_id], now=now)
    return said


def _hold_back(asker: Participant, said: SaidByGuest, *, now: datetime.datetime) -> None:
    for row in whom_they_mean(asker, said.text):
        decided = ExclusionRequest.objects.filter(
            participant=row, said__participant__person=asker.person_id, decided_at__isnull=False
        )
        if row.status not in HELD_FROM or decided.exists():
            continue
        open_request(
            participant=row,
            ground=RequestGround.ASKED,
            reason=said.text or "Asked on their own page not to be in the same room. They named nobody.",
            asked_for=asker.person,
            said=said,
            by=None,
            now=now,
        )


def _tell(
    participant: Participant, said: SaidByGuest, words: str, *, urgent: bool = False, now: datetime.datetime
) -> None:
    conference = participant.conference
    urgent = urgent or said.reply == Reply.NOT_COMING
    today = civil_day(now)
    others: list[User] = []
    if said.needs and urgent:
        workers = [row.user for row in current_allocations([conference.family_id], on=today)]
        others = [*chairs_of(conference, on=today), *workers, *managers_of(conference, on=today)]
    for user in to_be_told(conference, [conference.coordinator, *others], on=today):
        if user.pk == said.recorded_by_id:
            continue
        notify(
            user=user,
            key=f"said-by-guest:{said.pk}",
            text=f"{conference.reference}: {words}",
            url=reverse("conferences:participant", args=[conference.pk, participant.pk]),
            urgent=urgent,
            now=now,
        )
