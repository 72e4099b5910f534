"""Whether a list of people would send two of them to one mailbox."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from conferences.enums import ParticipantStatus
from conferences.models import Conference, Participant
from conferences.selectors.mailboxes import refusal, sharers

if TYPE_CHECKING:
    from conferences.services.invitations import ListChange

ALREADY_OUT = (ParticipantStatus.LEFT_OUT, ParticipantStatus.KEPT_OUT, ParticipantStatus.WITHDRAWN)


def shared_mailboxes(
    conference: Conference, rows: Sequence[tuple[Participant, ListChange]], *, on: datetime.date
) -> dict[str, str]:
    """Return errors for shared mailboxes, which could carry one person's time and place to another."""
    changed = {participant.pk for participant, _ in rows}
    taken: dict[str, tuple[int, str]] = {
        row.email.strip().lower(): (row.person_id, row.person.full_name)
        for row in conference.participants.exclude(pk__in=changed)
        .exclude(status__in=ALREADY_OUT)
        .exclude(email="")
        .select_related("person")
    }
    errors: dict[str, str] = {}
    for participant, change in rows:
        mailbox = change.email.strip().lower()
        if not mailbox or not change.wanted:
            continue
        person_id, name = taken.setdefault(mailbox, (participant.person_id, participant.person.full_name))
        if person_id != participant.person_id:
            errors[f"{participant.pk}-email"] = (
                f"{name} has the same e-mail address. Each person needs their own address, or must be told another way."
            )
    meant = [(row, change.email) for row, change in rows if change.wanted]
    for pk, others in sharers(conference, meant, on=on).items():
        name = next(row.person.full_name for row, _ in meant if row.pk == pk)
        errors.setdefault(f"{pk}-email", refusal(name, others))
    return errors
