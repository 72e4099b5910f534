"""What a child or parent lets their advocate read: agreed by them, recorded, and withdrawn."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import AdvocateReads, ConferenceStatus
from conferences.models import AdvocateAgreement, Participant
from conferences.selectors.advocate_agreements import agreements_with, has_client, matters_of, who_may_agree
from conferences.selectors.companions import GONE
from conferences.services.advocates import MEANWHILE
from conferences.services.exclusions import lock_participant
from deadlines.working_days.arithmetic import civil_day
from families.models import Person


def standing_token(advocate: Participant) -> str:
    """Return what tells a page on which the agreements were shown from one after somebody else changed them."""
    return ",".join(str(row.pk) for row in agreements_with(advocate))


@transaction.atomic
def record_what_advocate_reads(
    *,
    advocate: Participant,
    matters: Collection[str],
    said_by: Person,
    said_on: datetime.date,
    standing: str,
    now: datetime.datetime,
    by: User | None = None,
    guest_session_id: int | None = None,
) -> list[AdvocateAgreement]:
    """Record which kinds of paper an advocate may read from now on, as the person they speak for says.

    In order, with the participant locked: withdraws what is not among ``matters`` any more, from this moment; adds what
    is new; leaves the rest with its own day and name. Returns what stands. ``by`` is who wrote it down, or
    ``guest_session_id`` the stay in which the person said it on their own page. The same again changes nothing.

    Raises ValidationError for anyone who is not an advocate of someone on the list, or whose conference was cancelled;
    on ``matters`` for a kind that does not exist; on ``said_by`` for anyone who can't say it for them; on ``said_on``
    for a day to come; and where someone recorded something else meanwhile (``standing``, of ``standing_token``).
    """
    if (by is None) == (guest_session_id is None):
        raise ValueError("exactly one of them records it")
    locked, today = lock_participant(advocate), civil_day(now)
    client = locked.acts_for
    if client is not None:
        client.conference = locked.conference
    if client is None or not has_client(locked) or locked.status in GONE:
        raise ValidationError("Say on their page first whose advocate they are.")
    if locked.conference.status == ConferenceStatus.CANCELLED:
        raise ValidationError("This conference was cancelled. There is nothing to read.")
    wanted = set(matters)
    _refuse(client, wanted, said_by=said_by, said_on=said_on, today=today)
    held = {row.matter: row for row in agreements_with(locked)}
    if wanted == set(held):
        return list(held.values())
    if standing != standing_token(locked):
        raise ValidationError(MEANWHILE)
    for matter in set(held) - wanted:
        row = held[matter]
        row.withdrawn_by_person, row.withdrawn_on, row.withdrawn_at = said_by, said_on, now
        row.withdrawal_recorded_by, row.withdrawal_session_id = by, guest_session_id
        row.save()
    with refused_by_database():
        AdvocateAgreement.objects.bulk_create(
            AdvocateAgreement(
                advocate=locked,
                client=client,
                matter=matter,
                said_by=said_by,
                said_on=said_on,
                recorded_by=by,
                guest_session_id=guest_session_id,
                recorded_at=now,
            )
            for matter in AdvocateReads.values
            if matter in wanted - set(held)
        )
    return list(agreements_with(locked))


def _refuse(
    client: Participant, wanted: set[str], *, said_by: Person, said_on: datetime.date, today: datetime.date
) -> None:
    errors: dict[str, str] = {}
    if wanted - {matter.value for matter in matters_of(client)}:
        errors["matters"] = "Choose from the list."
    if said_by.pk not in {person.pk for person in who_may_agree(client, on=today)}:
        errors["said_by"] = "Choose who said this."
    if said_on > today:
        errors["said_on"] = "This day is still to come. Enter when they said it."
    if errors:
        raise ValidationError(errors)
