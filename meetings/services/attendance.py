"""Who is in the meeting: present, absent or removed, and people who come without being on the list."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.guests.mailboxes import mailbox_of
from accounts.models import User
from conferences.enums import COME_WITH_SOMEBODY, FAMILY_CAPACITIES, Capacity, Mode, ParticipantStatus, Presence
from conferences.models import Attendance, Conference, ConferenceChild, Part, Participant, Sitting
from conferences.services.guards import EditedMeanwhile, lock_child, participant_in, require_chair, text_of
from conferences.services.guest_links import revoke_link
from conferences.services.invitations import add_participant
from conferences.services.known_links import warn_if_known
from deadlines.working_days.arithmetic import civil_day
from families.enums import Answer
from families.models import Family, Person, Post
from families.services import PersonFacts, add_person, enter_worker, staff_post
from families.services.posts import lock_post
from meetings.selectors.attendance import part_now
from meetings.selectors.newcomers import Newcomer
from meetings.services.guards import lock_in_session
from meetings.services.rounds import end_complete_rounds

OUT = (ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN)


@transaction.atomic
def add_attendee(
    *,
    conference: Conference,
    who: Newcomer,
    capacity: str,
    children: Iterable[ConferenceChild],
    reason: str,
    by: User,
    now: datetime.datetime,
    acts_for: Participant | None = None,
    mode: str = Mode.IN_PERSON,
) -> Participant:
    """Add someone who came to the list, with the reason, and to the part that is under way.

    In order:
    1. records a new person, with a post at their agency or as someone around the family;
    2. adds them to the list; under a contact risk they wait for the chair and are not in the meeting yet;
    3. records that they are present from now.

    If someone of that name is already on the list in that capacity, returns them, with the e-mail address where they
    had none. Raises ValidationError by
    field; MeetingClosed.
    """
    if who.same_as is not None:
        # A post before a conference, as where its mailbox changes: neither waits for the other.
        lock_post(who.same_as)
    locked, sitting = lock_in_session(conference)
    participant_in(locked, acts_for, "acts_for")
    if capacity in COME_WITH_SOMEBODY and acts_for is None:
        raise ValidationError({"acts_for": "Choose who they come with."})
    standing = _already_listed(locked, who, capacity=capacity)
    if standing is not None:
        return _with_mailbox(standing, who.entered.email.strip())
    person, post = person_of(locked.family, who, capacity=capacity, by=by, now=now)
    standing = locked.participants.filter(person=person, post=post, capacity=capacity).exclude(status__in=OUT).first()
    if standing is not None:
        return standing
    try:
        participant = add_participant(
            conference=locked,
            person=person,
            post=post,
            capacity=capacity,
            children=children,
            reason=reason,
            acts_for=acts_for,
            mode=mode,
            email=who.entered.email or (post.email if post else ""),
            by=by,
            now=now,
        )
    except ValidationError as refusal:
        if hasattr(refusal, "error_dict") and "person" in refusal.error_dict:
            raise ValidationError({"known": refusal.message_dict["person"]}) from refusal
        raise
    if participant.exclusion_requests.filter(decided_at__isnull=True).exists():
        return participant
    part = part_now(sitting)
    if part is not None and not Attendance.objects.filter(participant=participant, part=part).exists():
        record_attendance(participant=participant, part=part, presence=Presence.PRESENT, mode=mode, by=by, now=now)
    return participant


def _already_listed(conference: Conference, who: Newcomer, *, capacity: str) -> Participant | None:
    """Return whom the same form has put on the list: someone new, with the same name, agency and capacity."""
    if who.person is not None or who.same_as is not None or who.staff is not None:
        return None
    return (
        conference.participants.exclude(status__in=OUT)
        .filter(
            person__given_name__iexact=who.entered.given_name.strip(),
            person__family_name__iexact=who.entered.family_name.strip(),
            agency=who.agency,
            capacity=capacity,
        )
        .first()
    )


def _with_mailbox(standing: Participant, email: str) -> Participant:
    """Keep the address typed for someone on the list already; where it is another one, the list changes it."""
    if not email or mailbox_of(email) == mailbox_of(standing.email):
        return standing
    if standing.email:
        raise ValidationError(
            {
                "email": "Someone of this name is on the list with another e-mail address. Change it there. If this "
                "is someone else, add what tells them apart to the name."
            }
        )
    standing.email = email
    standing.version += 1
    standing.save(update_fields=["email", "version"])
    return standing


def person_of(
    family: Family, who: Newcomer, *, capacity: str, by: User, now: datetime.datetime
) -> tuple[Person, Post | None]:
    """Return who came, and the post in which they did; somebody new is recorded, at their agency or around the family.

    Raises ValidationError on ``capacity`` for someone from an agency who takes part as family.
    """
    if who.person is not None:
        return who.person, None
    if who.agency is not None or who.same_as is not None or who.staff is not None:
        if capacity in FAMILY_CAPACITIES:
            raise ValidationError({"capacity": "Someone from an agency can't take part as family."})
        post = (
            staff_post(user=who.staff, today=civil_day(now))
            if who.staff
            else enter_worker(entered=who.entered, agency=who.agency, same_as=who.same_as, use=who.use, by=by, now=now)
        )
        return post.person, post
    facts = PersonFacts(given_name=who.entered.given_name, family_name=who.entered.family_name)
    return add_person(family=family, facts=facts, by=by, now=now), None


# An arrival more than this before the first booked start is a typing error.
EARLIEST = datetime.timedelta(hours=12)


@transaction.atomic
def record_attendance(
    *,
    participant: Participant,
    part: Part,
    presence: str,
    by: User,
    now: datetime.datetime,
    mode: str = Mode.IN_PERSON,
    arrived_at: datetime.datetime | None = None,
    left_at: datetime.datetime | None = None,
    note: str = "",
    version: int = 0,
) -> Attendance:
    """Record whether a person was in one part of the meeting, how, and from when to when.

    Recording it again replaces the earlier record; the history keeps both. Without ``arrived_at``, a person who
    is present came when the sitting began, or now if that is later. ``version`` is the one the page was rendered
    from, 0 where nothing was recorded yet. Submitting what stands is a no-op.

    Raises EditedMeanwhile if someone recorded it in between; ValidationError if the chair has yet to decide about
    this person or keeps them out, if they are not on the list, on ``left_at`` if it is before the arrival, and on
    ``part``; MeetingClosed.
    """
    conference, sitting = lock_in_session(participant.conference)
    person = Participant.objects.select_for_update().get(pk=participant.pk)
    if part.sitting_id != sitting.pk:
        raise ValidationError({"part": "Choose a part of the sitting that is running."})
    if presence not in Presence.values or presence == Presence.REMOVED:
        raise ValidationError({"presence": "Choose whether this person is here."})
    if presence == Presence.PRESENT:
        _refuse_undecided(person)
        _refuse_kept_from(person, part)
        _refuse_unwanted(person)
    standing = Attendance.objects.filter(participant=person, part=part).first()
    attendance = standing or Attendance(participant=person, part=part)
    if standing is not None and standing.presence == Presence.REMOVED:
        raise ValidationError("The chair removed this person from the meeting. Only the chair can let them back in.")
    there = presence == Presence.PRESENT
    wanted = {
        "presence": presence,
        "mode": mode,
        "arrived_at": _arrival(attendance, arrived_at, sitting, now) if there else None,
        "left_at": left_at if there else None,
        "note": note.strip(),
    }
    if standing is not None and all(getattr(standing, name) == value for name, value in wanted.items()):
        return standing
    if standing is not None and standing.version != version:
        raise EditedMeanwhile(standing)
    for name, value in wanted.items():
        setattr(attendance, name, value)
    attendance.recorded_by = by
    attendance.version = standing.version + 1 if standing else 1
    _check_times(attendance, sitting, now=now)
    with refused_by_database(leaves_after_arriving="left_at"):
        attendance.save()
    if not there or attendance.left_at is not None:
        end_complete_rounds(conference, now=now)
    return attendance


def _arrival(
    attendance: Attendance, arrived_at: datetime.datetime | None, sitting: Sitting, now: datetime.datetime
) -> datetime.datetime:
    if arrived_at is not None:
        return arrived_at
    began = sitting.opened_at or sitting.starts_at
    if attendance.arrived_at is not None:
        return attendance.arrived_at
    return began if sitting.recorded_afterwards_reason else max(began, now)


def _check_times(attendance: Attendance, sitting: Sitting, *, now: datetime.datetime) -> None:
    arrived, left = attendance.arrived_at, attendance.left_at
    if arrived is not None and arrived > now:
        raise ValidationError({"arrived_at": "This time is in the future."})
    if left is not None and left > now:
        raise ValidationError({"left_at": "This time is in the future."})
    if arrived is not None and arrived < sitting.booked_from - EARLIEST:
        raise ValidationError({"arrived_at": "This is long before the meeting. Check the time."})


def _refuse_undecided(participant: Participant) -> None:
    if participant.status == ParticipantStatus.KEPT_OUT:
        raise ValidationError(
            "The chair decided that this person does not take part. They can be here only if the chair decides again."
        )
    open_request = participant.exclusion_requests.filter(decided_at__isnull=True).exists()
    if participant.status == ParticipantStatus.AWAITING_CHAIR or open_request:
        raise ValidationError(
            "The chair has not yet decided whether and how this person takes part. That has "
            "to be decided first, now if need be."
        )
    if participant.status in (ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN):
        raise ValidationError("This person is not on the list. Add them to the meeting first, with the reason.")


def _refuse_kept_from(participant: Participant, part: Part) -> None:
    """Refuse a part that the newest decision about someone leaves out."""
    newest = participant.exclusion_requests.filter(decided_at__isnull=False).order_by("-decided_at", "-pk").first()
    allowed = set(newest.parts.filter(sitting=part.sitting_id).values_list("pk", flat=True)) if newest else set()
    if allowed and part.pk not in allowed:
        raise ValidationError(
            "The chair decided that this person is not in this part of the meeting. They can be here only if the chair "
            "decides again."
        )


def _refuse_unwanted(participant: Participant) -> None:
    """Refuse an observer to whom somebody in the family does not agree."""
    if participant.capacity != Capacity.OBSERVER:
        return
    if participant.answers_about.filter(answer=Answer.NO).exists():
        raise ValidationError("Someone in the family does not agree to this observer.")


@transaction.atomic
def remove_attendee(
    *, participant: Participant, reason: str, by: User, now: datetime.datetime, left_at: datetime.datetime | None = None
) -> list[Attendance]:
    """Remove someone from the meeting, on behalf of the chair. Idempotent.

    They may not read what follows, and they fill no seat of the quorum. Every part of the sitting in which they
    are recorded as present is marked, and their link is revoked, whoever is using it; the coordinator is warned
    where they know the link for those online.

    Raises ValidationError on ``reason``, if ``by`` is not the chair, or if the person is not there.
    """
    conference, sitting = lock_in_session(participant.conference)
    require_chair(by, conference, "remove someone from the meeting")
    because = text_of("reason", reason, "Say why this person is removed.")
    rows = list(Attendance.objects.select_for_update().filter(participant=participant, part__sitting=sitting))
    if any(row.presence == Presence.REMOVED for row in rows):
        return [row for row in rows if row.presence == Presence.REMOVED]
    present = [row for row in rows if row.presence == Presence.PRESENT]
    if not present:
        raise ValidationError("This person is not recorded as being in the meeting.")
    for row in present:
        row.presence = Presence.REMOVED
        row.left_at = row.left_at or left_at or now
        row.note = because[:250]
        row.recorded_by = by
        row.version += 1
        with refused_by_database(leaves_after_arriving="left_at"):
            row.save()
    revoke_link(participant, because="The chair removed them from the meeting.", by=by, now=now)
    warn_if_known(participant, now=now)
    end_complete_rounds(conference, now=now)
    return present


@transaction.atomic
def readmit_attendee(*, participant: Participant, by: User, now: datetime.datetime) -> list[Attendance]:
    """Readmit someone the chair removed. Raises ValidationError if ``by`` is not the chair."""
    conference, sitting = lock_in_session(participant.conference)
    require_chair(by, conference, "let someone back in")
    _refuse_undecided(Participant.objects.select_for_update().get(pk=participant.pk))
    rows = Attendance.objects.select_for_update().filter(
        participant=participant, part__sitting=sitting, presence=Presence.REMOVED
    )
    let_in = []
    for row in rows:
        row.presence = Presence.PRESENT
        row.left_at = None
        row.recorded_by = by
        row.version += 1
        row.save()
        let_in.append(row)
    return let_in


@transaction.atomic
def say_who_brings_views(
    *, participant: Participant, brought_by: Participant, by: User, now: datetime.datetime
) -> Participant:
    """Record who brings the views of someone who is not in the meeting.

    Raises ValidationError on ``brought_by`` if that is the same person or someone from another conference.
    """
    conference, _ = lock_in_session(participant.conference)
    participant_in(conference, brought_by, "brought_by")
    row = Participant.objects.select_for_update().get(pk=participant.pk)
    if brought_by.person_id == row.person_id:
        raise ValidationError({"brought_by": "Choose someone else: this person is not here."})
    row.views_brought_by = brought_by
    row.save(update_fields=["views_brought_by"])
    return row


@transaction.atomic
def say_who_speaks_for_child(
    *, conference_child: ConferenceChild, brought_by: Participant, by: User, now: datetime.datetime
) -> Participant:
    """Record who brings the views of a child of the conference who was not invited.

    The child then appears on the list as left out, with that reason, so that their views have a place. Raises
    ValidationError as say_who_brings_views does, or if the child is not born.
    """
    conference, _ = lock_in_session(conference_child.conference)
    child = lock_child(conference, conference_child)
    participant_in(conference, brought_by, "brought_by")
    if child.child.is_unborn:
        raise ValidationError("An unborn baby has no views yet.")
    row = conference.participants.filter(person=child.child.person_id, capacity=Capacity.CHILD).first()
    if row is None:
        row = Participant.objects.create(
            conference=conference,
            person=child.child.person,
            capacity=Capacity.CHILD,
            status=ParticipantStatus.LEFT_OUT,
            change_reason="Not invited. Someone else speaks for this child.",
        )
        row.children.set([child])
    return say_who_brings_views(participant=row, brought_by=brought_by, by=by, now=now)
