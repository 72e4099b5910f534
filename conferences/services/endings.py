"""Takes a child who died, or whose pregnancy ended, out of conferences at once, without asking anyone."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from conferences.access import chairs_of
from conferences.enums import COMING, ParticipantStatus, WithdrawalGround
from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.recipients import managers_of, to_be_told
from conferences.services.exclusions import LIVE, lock_conferences, lock_participant
from conferences.services.guest_links import revoke_link
from conferences.services.sending import withdraw_unsent
from conferences.services.to_tell import take_off_list
from conferences.services.views_bearers import tell_whose_views_wait
from deadlines.working_days.arithmetic import civil_day
from families.events import CaseEvent
from families.selectors.people import current_allocations
from notifications.services.outbox import notify

BECAUSE = {
    WithdrawalGround.DIED: "The child died.",
    WithdrawalGround.PREGNANCY_ENDED: "The pregnancy ended.",
    WithdrawalGround.SEALED: "The record is sealed.",
}
CHANGED = "a child is no longer part of this. Check it before anything is sent."
NO_ONE_LEFT = "there is no child left for this meeting. Cancel it; someone who knows the family tells them."
BACK = "a child is part of this again: an entry was made in error. Invite those taken off."


def take_out_of_conferences(event: CaseEvent, *, ground: WithdrawalGround) -> None:
    """Withdraw the children of the event from every conference that is not over; a decision made stands.

    Whoever came for that child alone is taken off the list and hears nothing, not even a cancellation: someone who
    knows them tells them. Chair, coordinator, social workers and managers are told at once.
    """
    lock_conferences(Q(children__child__in=event.child_ids, status__in=LIVE))
    rows = ConferenceChild.objects.select_for_update(of=("self",), no_key=True).filter(
        child__in=event.child_ids, withdrawn_at__isnull=True, conference__status__in=LIVE
    )
    for row in rows.select_related("conference__chair", "conference__coordinator").order_by("pk"):
        row.withdrawn_at = event.now
        row.withdrawn_because = BECAUSE[ground]
        row.withdrawn_ground = ground
        row.version += 1
        row.save(update_fields=["withdrawn_at", "withdrawn_because", "withdrawn_ground", "version"])
        still_in = row.conference.children.filter(withdrawn_at__isnull=True)
        for_others = Participant.children.through.objects.filter(conferencechild__in=still_in)
        only_for_this_child = row.conference.participants.filter(children=row).exclude(
            pk__in=for_others.values("participant")
        )
        for participant in only_for_this_child.order_by("pk"):
            _stop(participant, event, because=BECAUSE[ground])
        words = CHANGED if still_in.exists() else NO_ONE_LEFT
        _tell(row.conference, event, f"{ground.value.replace('_', '-')}:{row.pk}:{row.version}", words)


def bring_back_into_conferences(event: CaseEvent) -> None:
    """Bring children back whose loss was entered in error, into the conferences that are not over.

    Those taken off for it stand as to be invited again: the coordinator sends what they need now.
    """
    lock_conferences(Q(children__child__in=event.child_ids, status__in=LIVE))
    rows = ConferenceChild.objects.select_for_update(of=("self",), no_key=True).filter(
        child__in=event.child_ids,
        withdrawn_ground__in=BECAUSE,
        withdrawn_because__in=BECAUSE.values(),
        conference__status__in=LIVE,
    )
    for row in rows.select_related("conference__chair", "conference__coordinator").order_by("pk"):
        row.withdrawn_at, row.withdrawn_because, row.withdrawn_ground = None, "", ""
        row.version += 1
        row.save(update_fields=["withdrawn_at", "withdrawn_because", "withdrawn_ground", "version"])
        taken_off = row.conference.participants.filter(
            children=row, status=ParticipantStatus.WITHDRAWN, change_reason__in=BECAUSE.values()
        )
        for participant in taken_off.order_by("pk"):
            locked = lock_participant(participant)
            locked.status, locked.change_reason, locked.invited_at = ParticipantStatus.TO_INVITE, "", None
            locked.version += 1
            locked.save(update_fields=["status", "change_reason", "invited_at", "version"])
        _tell(row.conference, event, f"loss-withdrawn:{row.pk}:{row.version}", BACK)


def _stop(participant: Participant, event: CaseEvent, *, because: str) -> None:
    """Send them nothing more, not even a cancellation.

    Whoever was not coming anyway stands as before: a correction must let in nobody whom the chair keeps out.
    """
    locked = lock_participant(participant)
    withdraw_unsent(locked, because=because, now=event.now)
    revoke_link(locked, because=because, by=event.by, now=event.now)
    take_off_list(locked, because=because, now=event.now)
    if locked.status not in COMING:
        return
    locked.status = ParticipantStatus.WITHDRAWN
    locked.change_reason = because
    locked.version += 1
    locked.save(update_fields=["status", "change_reason", "version"])
    tell_whose_views_wait(locked, now=event.now)


def _tell(conference: Conference, event: CaseEvent, key: str, words: str) -> None:
    today = civil_day(event.now)
    held = [row.user for row in current_allocations([conference.family_id], on=today)]
    people = [*chairs_of(conference, on=today), conference.coordinator, *held, *managers_of(conference, on=today)]
    for user in to_be_told(conference, people, on=today):
        notify(
            user=user,
            key=f"conference:{conference.pk}:{key}",
            text=f"{conference.reference}: {words}",
            url=reverse("conferences:overview", args=[conference.pk]),
            urgent=True,
            now=event.now,
        )
