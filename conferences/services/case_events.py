"""Reacts to events in a family that affect its conferences, in the same transaction."""

from __future__ import annotations

from conferences.enums import ConferenceKind, ConferenceStatus, WithdrawalGround
from conferences.models import Conference, ConferenceChild, Participant
from conferences.services.births import on_unexpected_birth
from conferences.services.endings import bring_back_into_conferences, take_out_of_conferences
from conferences.services.exclusions import HELD_FROM, LIVE, hold_undecided
from deadlines.services import reconcile, reconcile_as_far_as_possible
from families.events import CaseEvent, EventKind

NOT_BEGUN = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED)

NEVER_REFUSED = frozenset(
    {
        EventKind.PERSON_DIED,
        EventKind.PREGNANCY_ENDED,
        EventKind.LOSS_WITHDRAWN,
        EventKind.RECORD_SEALED,
        EventKind.RECORD_UNSEALED,
    }
)


def on_case_event(event: CaseEvent) -> None:
    """Act on a case event.

    A contact risk holds the person in every current conference. The death of a child, or the end of a pregnancy,
    takes the child out of them and stops unsent messages to those who came for that child alone, as the sealing of a
    record does; one entered in error brings the child back. A birth before the pre-birth conference makes it an
    ordinary initial one; an unexpected baby gets a conference prepared. The deadlines are recounted after each.
    """
    if event.kind == EventKind.CONTACT_RISK_CHANGED:
        _hold(event)
    elif event.kind == EventKind.PREGNANCY_ENDED:
        take_out_of_conferences(event, ground=WithdrawalGround.PREGNANCY_ENDED)
    elif event.kind == EventKind.PERSON_DIED:
        take_out_of_conferences(event, ground=WithdrawalGround.DIED)
    elif event.kind == EventKind.RECORD_SEALED:
        take_out_of_conferences(event, ground=WithdrawalGround.SEALED)
    elif event.kind in (EventKind.LOSS_WITHDRAWN, EventKind.RECORD_UNSEALED):
        bring_back_into_conferences(event)
    elif event.kind == EventKind.BORN:
        ConferenceChild.objects.filter(
            child__in=event.child_ids, kind=ConferenceKind.PRE_BIRTH, conference__status__in=NOT_BEGUN
        ).update(kind=ConferenceKind.INITIAL)
    elif event.kind == EventKind.UNEXPECTED_CHILD_BORN:
        on_unexpected_birth(event)
    if event.family_ids:
        count = reconcile_as_far_as_possible if event.kind in NEVER_REFUSED else reconcile
        count(family_ids=list(event.family_ids), now=event.now)


def _hold(event: CaseEvent) -> None:
    affected = Participant.objects.filter(person__in=event.person_ids, status__in=HELD_FROM)
    conferences = Conference.objects.filter(pk__in=affected.values("conference"), status__in=LIVE)
    for conference in conferences.order_by("pk"):
        hold_undecided(conference=conference, by=event.by, now=event.now)
