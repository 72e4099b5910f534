"""Reacts to events in a family that affect its conferences, in the same transaction."""

from __future__ import annotations

from django.urls import reverse

from conferences.access import chairs_of
from conferences.enums import ConferenceKind, ConferenceStatus, ParticipantStatus, WithdrawalGround
from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.recipients import to_be_told
from conferences.services.exclusions import HELD_FROM, LIVE, hold_undecided, lock_participant
from conferences.services.guest_links import revoke_link
from conferences.services.sending import withdraw_unsent
from conferences.services.to_tell import take_off_list
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.events import CaseEvent, EventKind
from notifications.services.outbox import notify

ENDED = "The pregnancy ended."
NOT_BEGUN = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED)


def on_case_event(event: CaseEvent) -> None:
    """Act on a case event.

    A contact risk holds the person in every current conference. The end of a pregnancy takes the child out of
    them and stops unsent messages to those who came for that child alone. A birth before the pre-birth
    conference makes it an ordinary initial one. The deadlines are recounted after each.
    """
    if event.kind == EventKind.CONTACT_RISK_CHANGED:
        _hold(event)
    elif event.kind == EventKind.PREGNANCY_ENDED:
        _take_out(event)
    elif event.kind == EventKind.BORN:
        ConferenceChild.objects.filter(
            child__in=event.child_ids, kind=ConferenceKind.PRE_BIRTH, conference__status__in=NOT_BEGUN
        ).update(kind=ConferenceKind.INITIAL)
    if event.family_ids:
        reconcile(family_ids=list(event.family_ids), now=event.now)


def _hold(event: CaseEvent) -> None:
    affected = Participant.objects.filter(person__in=event.person_ids, status__in=HELD_FROM)
    conferences = Conference.objects.filter(pk__in=affected.values("conference"), status__in=LIVE)
    for conference in conferences.order_by("pk"):
        hold_undecided(conference=conference, by=event.by, now=event.now)


def _take_out(event: CaseEvent) -> None:
    rows = ConferenceChild.objects.select_for_update(of=("self",), no_key=True).filter(
        child__in=event.child_ids, withdrawn_at__isnull=True, conference__status__in=LIVE
    )
    for row in rows.select_related("conference__chair", "conference__coordinator").order_by("pk"):
        row.withdrawn_at = event.now
        row.withdrawn_because = ENDED
        row.withdrawn_ground = WithdrawalGround.PREGNANCY_ENDED
        row.version += 1
        row.save(update_fields=["withdrawn_at", "withdrawn_because", "withdrawn_ground", "version"])
        still_in = row.conference.children.filter(withdrawn_at__isnull=True)
        for_others = Participant.children.through.objects.filter(conferencechild__in=still_in)
        only_for_this_child = row.conference.participants.filter(children=row).exclude(
            pk__in=for_others.values("participant")
        )
        for participant in only_for_this_child.order_by("pk"):
            _stop(participant, event)
        _tell(row.conference, event)


def _stop(participant: Participant, event: CaseEvent) -> None:
    """Send them nothing more, not even a cancellation: someone who knows them tells them."""
    locked = lock_participant(participant)
    withdraw_unsent(locked, because=ENDED, now=event.now)
    revoke_link(locked, because=ENDED, by=event.by, now=event.now)
    take_off_list(locked, because=ENDED, now=event.now)
    locked.status = ParticipantStatus.WITHDRAWN
    locked.change_reason = ENDED
    locked.version += 1
    locked.save(update_fields=["status", "change_reason", "version"])


def _tell(conference: Conference, event: CaseEvent) -> None:
    today = civil_day(event.now)
    people = (*chairs_of(conference, on=today), conference.coordinator)
    for user in to_be_told(conference, people, on=today):
        notify(
            user=user,
            key=f"conference:{conference.pk}:pregnancy-ended:{'-'.join(map(str, event.child_ids))}",
            text=f"{conference.reference}: a child is no longer part of this. Check it before anything is sent.",
            url=reverse("conferences:overview", args=[conference.pk]),
            urgent=True,
            now=event.now,
        )
