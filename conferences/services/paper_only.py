"""Paper only, nothing online: chosen by a person on their own page or told to staff, and taken back."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.guests.services import close_links
from accounts.models import GuestLink, User
from conferences.enums import ConferenceStatus, Occasion, ParticipantStatus
from conferences.models import PaperOnly, Participant
from conferences.selectors.paper_only import WANTS_PAPER, choice_of
from conferences.selectors.recipients import to_be_told
from conferences.services.exclusions import LIVE, lock_lists_of, lock_participant
from conferences.services.guards import text_of
from conferences.services.sending import booked_sitting, stands_as_to_invite, was_told, withdraw_unsent
from conferences.services.to_tell import put_on_list
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.selectors.people import current_allocations
from notifications.services.outbox import notify

BY_HAND = "On paper, by post or by hand"


@transaction.atomic
def choose_paper_only(
    *, participant: Participant, now: datetime.datetime, by: User | None = None, guest_session_id: int | None = None
) -> PaperOnly:
    """Record that a member of the family wants everything on paper, and nothing online.

    In order: writes the choice; for each conference of theirs that was not cancelled takes the e-mail address off the
    list, withdraws what has not left, and asks for the invitation by post where the meeting is still to come; closes
    every link of theirs and ends its sessions; tells coordinator and social worker; counts the deadlines. What is
    written to them later is withheld as it would leave. Idempotent. Raises ValidationError for anyone not of the
    family.
    """
    if not participant.is_family:
        raise ValidationError("Paper only is for people of the family.")
    person = participant.person
    lock_lists_of(participant.conference, [person.pk])
    standing = choice_of(person.pk)
    if standing is not None:
        return standing
    choice = PaperOnly.objects.create(person=person, chosen_at=now, recorded_by=by, guest_session_id=guest_session_id)
    rows = Participant.objects.filter(person=person).exclude(conference__status=ConferenceStatus.CANCELLED)
    for row in rows.order_by("conference_id", "pk"):
        _on_paper(lock_participant(row), now=now)
    for link in GuestLink.objects.filter(person_id=person.pk, revoked_at__isnull=True).order_by("pk"):
        close_links(purpose=link.purpose, subject_id=link.subject_id, because=WANTS_PAPER, by=by, now=now)
    _tell(participant, choice, now=now)
    return choice


def _on_paper(row: Participant, *, now: datetime.datetime) -> None:
    withdraw_unsent(row, because=WANTS_PAPER, now=now)
    row.email, row.invited_how = "", BY_HAND
    row.version += 1
    row.save(update_fields=["email", "invited_how", "version"])
    invited = row.status == ParticipantStatus.INVITED and row.conference.status in LIVE
    if invited and booked_sitting(row.conference) is not None:
        if not was_told(row):
            stands_as_to_invite(row, because="They are now told on paper.", now=now)
        put_on_list(row, Occasion.INVITATION, because=WANTS_PAPER, now=now)
    reconcile(family_ids=[row.conference.family_id], now=now)


def _tell(participant: Participant, choice: PaperOnly, *, now: datetime.datetime) -> None:
    conference, today = participant.conference, civil_day(now)
    workers = [row.user for row in current_allocations([conference.family_id], on=today)]
    for user in to_be_told(conference, [conference.coordinator, *workers], on=today):
        notify(
            user=user,
            key=f"paper-only:{choice.pk}",
            text=f"{conference.reference}: someone in the family wants paper only. Send them a letter by post.",
            url=reverse("conferences:participant", args=[conference.pk, participant.pk]),
            urgent=True,
            now=now,
        )


@transaction.atomic
def end_paper_only(*, choice: PaperOnly, because: str, by: User, now: datetime.datetime) -> PaperOnly:
    """Record that someone may be written to online again; their address has to be entered on the list anew.

    Idempotent. Raises ValidationError on ``because`` where it is empty.
    """
    locked = PaperOnly.objects.select_for_update(no_key=True).get(pk=choice.pk)
    if locked.ended_at is not None:
        return locked
    locked.ended_because = text_of("because", because, "Say how you know that they want this.")
    locked.ended_at, locked.ended_by = now, by
    locked.save(update_fields=["ended_at", "ended_by", "ended_because"])
    return locked
