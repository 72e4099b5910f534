"""Whether the chair accepts who comes with someone in the family: asked when they are named, before any invitation."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.urls import reverse

from accounts.models import User
from conferences.access import chairs_of, may
from conferences.enums import COME_WITH_SOMEBODY, FAMILY_CAPACITIES, ParticipantStatus
from conferences.models import CompanionCheck, Conference, Participant
from conferences.selectors.companions import found_about, why_not_companion
from conferences.selectors.recipients import to_be_told
from conferences.services.exclusions import LIVE, lock_participant
from conferences.services.first_round import settle_first_round
from conferences.services.guards import text_of
from conferences.services.sending import withdraw_unsent
from conferences.services.to_tell import take_off_list
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.models import Person
from notifications.services.outbox import notify

REFUSED = "The chair did not accept them."
ASKED_ABOUT = (ParticipantStatus.TO_INVITE, ParticipantStatus.AWAITING_CHAIR)


def refuse_companion(
    *, person: Person, capacity: str, acts_for: Participant | None, conference: Conference, on: datetime.date
) -> None:
    """Raise ValidationError where someone can't come with the family like this: by field, with whom or as what.

    Whoever comes with someone is with a member of the family on this list, and never with themselves; who may not
    interpret is said by ``why_not_companion``.
    """
    if capacity not in COME_WITH_SOMEBODY:
        return
    if acts_for is None or acts_for.conference_id != conference.pk or acts_for.capacity not in FAMILY_CAPACITIES:
        raise ValidationError({"acts_for": "Choose who in the family they come with."})
    if acts_for.person_id == person.pk:
        raise ValidationError({"acts_for": "Choose someone else. Nobody can come with themselves."})
    if why_not := why_not_companion(person, capacity, conference, on=on):
        raise ValidationError({"capacity": why_not})


def ask_about_companions(
    *, conference: Conference, by: User, now: datetime.datetime, ties: dict[int, str] | None = None
) -> list[CompanionCheck]:
    """Ask the chair about everyone who is to come with the family and was not asked about; safe to repeat.

    Who was refused and is wanted after all is asked about again. ``ties`` says by participant id how they know the
    family. The caller holds the conference's lock.
    """
    newest = CompanionCheck.objects.filter(participant=OuterRef("pk")).order_by("-asked_at", "-pk")
    rows = (
        conference.participants.filter(capacity__in=COME_WITH_SOMEBODY, status__in=ASKED_ABOUT)
        .annotate(last_check=Subquery(newest.values("pk")[:1]), last_accepted=Subquery(newest.values("accepted")[:1]))
        .annotate(last_answer=Subquery(newest.values("answered_at")[:1]), last_ties=Subquery(newest.values("ties")[:1]))
        .order_by("pk")
    )
    made = []
    for row in rows:
        refused = row.last_accepted is False and row.status == ParticipantStatus.TO_INVITE
        if row.last_check is not None and not refused:
            continue
        said = (ties or {}).get(row.pk, "") or row.last_ties or ""
        made.append(CompanionCheck.objects.create(participant=row, ties=said, asked_by=by, asked_at=now))
    for check in made:
        _tell_chair(conference, check, now=now)
    return made


@transaction.atomic
def answer_companion(
    *, check: CompanionCheck, accepted: bool, reason: str = "", by: User, now: datetime.datetime
) -> CompanionCheck:
    """Accept, as the chair, someone who comes with the family, or refuse with a reason.

    In order: locks the participant and the question; keeps what the check showed; records who answered, when and why
    not; takes whoever is refused off the list, with nothing sent; tells who asked and the coordinator; counts the
    deadlines. The same answer again changes nothing. Raises ValidationError for anyone but the chair, on ``reason`` for
    a refusal without one, for another answer than the one given, for someone who may not interpret, and where the
    conference is over.
    """
    participant = lock_participant(check.participant)
    locked = (
        CompanionCheck.objects.select_for_update(of=("self",), no_key=True).select_related("asked_by").get(pk=check.pk)
    )
    conference, on = participant.conference, civil_day(now)
    if locked.answered_at is not None:
        if locked.accepted == accepted:
            return locked
        raise ValidationError("Someone has answered meanwhile. Look at their answer first.")
    if conference.status not in LIVE:
        raise ValidationError("This conference is over. There is nothing left to accept.")
    if not may(by, conference, to="chair"):
        raise ValidationError("Only the chair of this conference can answer this.")
    why_not = why_not_companion(participant.person, participant.capacity, conference, on=on)
    if accepted and why_not:
        raise ValidationError({"answer": why_not})
    locked.reason = "" if accepted else text_of("reason", reason, "Say why you do not accept them.")
    locked.found = "\n".join(found_about(participant, on=on))
    locked.answered_by, locked.answered_at, locked.accepted = by, now, accepted
    locked.save()
    if not accepted:
        _take_off(participant, now=now)
    settle_first_round(conference, now=now)
    _tell_answer(conference, locked, by=by, now=now)
    reconcile(family_ids=[conference.family_id], now=now)
    return locked


def _take_off(participant: Participant, *, now: datetime.datetime) -> None:
    withdraw_unsent(participant, because=REFUSED, now=now)
    take_off_list(participant, because=REFUSED, now=now)
    if participant.status == ParticipantStatus.TO_INVITE:
        participant.status, participant.change_reason = ParticipantStatus.LEFT_OUT, REFUSED
        participant.version += 1
        participant.save(update_fields=["status", "change_reason", "version"])


def _tell_chair(conference: Conference, check: CompanionCheck, *, now: datetime.datetime) -> None:
    for user in chairs_of(conference, on=civil_day(now)):
        notify(
            user=user,
            key=f"companion:{check.pk}",
            text=f"{conference.reference}: someone is to come with the family. Say whether you accept them.",
            url=reverse("conferences:accept-companion", args=[conference.pk, check.participant_id]),
            now=now,
        )


def _tell_answer(conference: Conference, check: CompanionCheck, *, by: User, now: datetime.datetime) -> None:
    said = "accepts someone who comes with the family. Their invitation can go."
    if not check.accepted:
        said = "does not accept someone who was to come with the family. Read why, and find someone else."
    for user in to_be_told(conference, [check.asked_by, conference.coordinator], on=civil_day(now)):
        if user.pk == by.pk:
            continue
        notify(
            user=user,
            key=f"companion-answered:{check.pk}",
            text=f"{conference.reference}: the chair {said}",
            url=reverse("conferences:accept-companion", args=[conference.pk, check.participant_id]),
            now=now,
        )
