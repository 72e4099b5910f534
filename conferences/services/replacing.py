"""What follows when someone else chairs or coordinates a conference: the record, the list, and who hears of it."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from conferences.enums import COMING, Capacity, ConferenceStatus, Job, Mode, ParticipantStatus, Presence, SittingState
from conferences.models import Attendance, Conference, Participant, Replacement, Sitting
from conferences.selectors.mailboxes import refusal, sharers
from conferences.selectors.runners import Runs
from conferences.services.exclusions import lock_participant
from conferences.services.passing_on import pass_on_notices, warn_of_known_link
from conferences.services.sending import booked_sitting, cancel_entry, send_next_version, withdraw_unsent
from deadlines.working_days.arithmetic import civil_day
from families.services.staff import staff_post
from govuk import words
from notifications.enums import Subject
from notifications.services.outbox import notify

CAPACITY = {Job.CHAIR: Capacity.CHAIR, Job.COORDINATOR: Capacity.COORDINATOR}
DOES = {Job.CHAIR: "chair", Job.COORDINATOR: "coordinate"}
BECAUSE = {Job.CHAIR: "Chairs the conference", Job.COORDINATOR: "Takes the notes"}
LISTED = (ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)


def carry_through(
    conference: Conference,
    before: Runs,
    *,
    reason: str,
    by: User,
    now: datetime.datetime,
    stays_for_earlier: bool = False,
) -> list[Replacement]:
    """Carry through what follows where chair or coordinator of a locked, saved conference are others than ``before``.

    For each, in order: records who took over from whom and why; takes the former one off the list of people, with
    their calendar entry cancelled, and puts the new one on it, with an entry where the former one had one; whoever
    was to bring someone's views is followed in that too; ends every stand-in for a former chair; tells the former
    one, passes on what they had not settled, and warns that they know the link for those online.
    ``stays_for_earlier``: see Replacement. Raises ValidationError as the list of people does.
    """
    made = []
    for job, was in ((Job.CHAIR, before.chair_id), (Job.COORDINATOR, before.coordinator_id)):
        now_held: User | None = conference.chair if job == Job.CHAIR else conference.coordinator
        if was is None or now_held is None or was == now_held.pk:
            continue
        former = User.objects.get(pk=was)
        made.append(
            Replacement.objects.create(
                conference=conference,
                job=job,
                before=former,
                after=now_held,
                reason=reason.strip(),
                stays_for_earlier=stays_for_earlier and job == Job.CHAIR,
                by=by,
                at=now,
            )
        )
        if conference.status in LISTED:
            _change_list(conference, job, former=former, new=now_held, by=by, now=now)
        if job == Job.CHAIR:
            _end_stand_ins(conference, by=by, now=now)
        _tell_former(conference, job, former, now=now)
        pass_on_notices(conference, former=former, new=now_held, now=now)
        warn_of_known_link(conference, former=former, now=now)
    return made


def _change_list(
    conference: Conference, job: Job, *, former: User, new: User, by: User, now: datetime.datetime
) -> None:
    """Take the former holder of a job off the list of people, and put the new one on it in the same state.

    Whoever has an entry in their calendar for a sitting ahead has it cancelled; the new one gets one. Raises
    ValidationError where someone else reads the new one's mailbox.
    """
    sitting = booked_sitting(conference)
    ahead = sitting if sitting is not None and sitting.state == SittingState.BOOKED else None
    old = conference.participants.filter(capacity=CAPACITY[job], person__user=former).order_by("pk").first()
    leaves = lock_participant(old) if old is not None else None
    enters = _entry_of(conference, job, new, now=now)
    if leaves is not None:
        if leaves.status in (*COMING, ParticipantStatus.PROPOSED):
            enters.status = leaves.status
        enters.mode = leaves.mode
    elif conference.invited_at is not None:
        enters.status = ParticipantStatus.INVITED
    enters.invited_at = now if enters.status == ParticipantStatus.INVITED else None
    enters.save()
    enters.children.set(conference.children.filter(withdrawn_at__isnull=True))
    shared = sharers(conference, [(enters, enters.email)], on=civil_day(now))
    if enters.pk in shared:
        raise ValidationError({str(job): refusal(new.name, shared[enters.pk])})
    if leaves is not None:
        # What they were to say for someone, their successor says.
        leaves.brings_views_of.select_for_update(no_key=True).update(views_brought_by=enters)
        _take_off(leaves, conference, ahead, job, now=now)
    if sitting is not None and sitting.state == SittingState.IN_SESSION:
        _change_seats(sitting, job, leaves=leaves, enters=enters, by=by, now=now)
    if enters.status == ParticipantStatus.INVITED and ahead is not None:
        send_next_version(participant=enters, conference=conference, sitting=ahead, subject=Subject.INVITATION, now=now)


def _entry_of(conference: Conference, job: Job, new: User, *, now: datetime.datetime) -> Participant:
    """Return the new holder's row, without saving it: the one they had before, or another."""
    known = conference.participants.filter(capacity=CAPACITY[job], person__user=new).order_by("pk").first()
    if known is not None:
        row = lock_participant(known)
        row.version += 1
    else:
        post = staff_post(user=new, today=civil_day(now))
        row = Participant(
            conference=conference, person=post.person, post=post, agency=post.agency, capacity=CAPACITY[job]
        )
        row.mode = Mode.ONLINE if conference.mode == Mode.ONLINE else Mode.IN_PERSON
    row.status = ParticipantStatus.PROPOSED
    row.email = new.email
    row.because = BECAUSE[job]
    row.change_reason = ""
    return row


def _take_off(
    row: Participant, conference: Conference, ahead: Sitting | None, job: Job, *, now: datetime.datetime
) -> None:
    row.status = ParticipantStatus.WITHDRAWN
    row.change_reason = f"Does not {DOES[job]} this conference any more."
    row.version += 1
    row.save(update_fields=["status", "change_reason", "version"])
    has_left = row.person.user is None or not row.person.user.is_active
    if ahead is None or has_left:
        withdraw_unsent(row, because="Someone else has taken over.", now=now)
        return
    told = (
        f"You do not {DOES[job]} the meeting with the reference {conference.reference} any more. Please take it out "
        "of your diary."
    )
    cancel_entry(participant=row, conference=conference, sitting=ahead, subject=Subject.PLACE, told=told, now=now)


def _change_seats(
    sitting: Sitting, job: Job, *, leaves: Participant | None, enters: Participant, by: User, now: datetime.datetime
) -> None:
    """In a running meeting, record when the former one left it and, of a new chair, that they are there."""
    seats = Attendance.objects.select_for_update(no_key=True).filter(part__sitting=sitting)
    if leaves is not None:
        for seat in seats.filter(participant=leaves, presence=Presence.PRESENT, left_at=None):
            seat.left_at, seat.recorded_by = max(now, seat.arrived_at or now), by
            seat.save(update_fields=["left_at", "recorded_by"])
    part = sitting.standing_parts.order_by("-number").first()
    if job == Job.CHAIR and part is not None and not seats.filter(participant=enters, part=part).exists():
        Attendance.objects.create(
            participant=enters, part=part, presence=Presence.PRESENT, mode=enters.mode, arrived_at=now, recorded_by=by
        )


def _end_stand_ins(conference: Conference, *, by: User, now: datetime.datetime) -> None:
    """End every stand-in for the former chair, whoever named them: the new one names their own."""
    today = civil_day(now)
    rows = conference.stand_ins.select_for_update(of=("self",), no_key=True).filter(ended_at=None, ends_on__gt=today)
    for row in rows.select_related("user").order_by("pk"):
        row.ends_on = max(today, row.starts_on)
        row.ended_by, row.ended_at = by, now
        row.ended_because = "Someone else chairs the conference now."
        row.save(update_fields=["ends_on", "ended_by", "ended_at", "ended_because"])
        if row.user_id != conference.chair_id:
            notify(
                user=row.user,
                key=f"stand-in:{row.pk}:ended",
                text=f"{conference.reference}: you no longer stand in for the chair.",
                now=now,
            )


def _tell_former(conference: Conference, job: Job, former: User, *, now: datetime.datetime) -> None:
    notify(
        user=former,
        key=f"conference:{conference.pk}:{job}:over:{now:%Y%m%d%H%M%S%f}",
        text=f"{conference.reference}: you do not {DOES[job]} this conference any more.",
        now=now,
    )


def tell_new(conference: Conference, job: Job, new: User, *, now: datetime.datetime) -> None:
    """Tell whoever took over, and that someone's place waits for their decision as chair, where it does."""
    waiting = 0
    if job == Job.CHAIR:
        waiting = conference.exclusion_requests.filter(decided_at__isnull=True).count()
    waits = f" {words.count(waiting, 'request')} about who comes waits for you." if waiting == 1 else ""
    if waiting > 1:
        waits = f" {words.count(waiting, 'request')} about who comes wait for you."
    page = "conferences:people" if waiting else "conferences:overview"
    notify(
        user=new,
        key=f"conference:{conference.pk}:{job}:{now:%Y%m%d%H%M%S%f}",
        text=f"{conference.reference}: you {DOES[job]} this conference now.{waits}".replace(words.NO_BREAK, " "),
        url=reverse(page, args=[conference.pk]),
        urgent=bool(waiting),
        now=now,
    )
