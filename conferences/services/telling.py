"""Tells people of an occasion, by e-mail or by the list, and records who told someone when and how."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import (
    NOBODY_DECIDES,
    NOT_ABOUT_THE_MEETING,
    ConferenceStatus,
    Occasion,
    ParticipantStatus,
    TellingHow,
    TellingOutcome,
)
from conferences.models import Conference, Participant, Sitting, Telling, ToTell
from conferences.models.telling import TellingEntry
from conferences.selectors.heard import SAYS_WHEN_AND_WHERE, may_have_heard
from conferences.selectors.mailboxes import refusal, sharers
from conferences.selectors.reach import Reach, reach_of
from conferences.selectors.telling import (
    BY_EMAIL,
    SUBJECTS,
    WAITS,
    held_for_the_chair,
    newest_sitting,
    still_to_tell,
    waiting_for_the_chair,
    waits_after_a_loss,
)
from conferences.services.exclusions import LIVE, lock_participant
from conferences.services.first_round import settle_first_round
from conferences.services.sending import cancel_entry, send_next_version, stands_as_to_invite, tell_instead, was_told
from conferences.services.to_tell import STILL_COMING, entry_to_tell, open_for, put_on_list, take_off_list
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.selectors.losses import TOLD_LATER, standing_losses
from notifications.enums import Subject

OUT = (ParticipantStatus.WITHDRAWN, ParticipantStatus.KEPT_OUT, ParticipantStatus.LEFT_OUT)


@dataclass(frozen=True)
class ToldOf:
    """How many get an e-mail, and whom someone has to tell."""

    mailed: int
    to_tell: int


@transaction.atomic
def tell_people(
    *,
    conference: Conference,
    people: Iterable[Participant],
    subject: Subject,
    sitting: Sitting,
    now: datetime.datetime,
    told: str = "",
) -> ToldOf:
    """Tell these people of the conference of one occasion, each as they can be told.

    The one way for a change to tell people; a caller names those concerned, whatever their status. For each in
    order: whoever is invited gets the next version of their entry by e-mail, or is put on the list of those to be
    told; whoever is on that list already, and knows nothing yet, is told as things are now; whoever was taken off,
    or is told that the meeting is cancelled, hears so if they knew; nobody else hears anything, least of all
    those awaiting the chair. ``told`` is written for them and stands in place of our own opening. The caller
    counts the deadlines afterwards.
    """
    mailed = listed = 0
    for row in sorted(people, key=lambda person: person.pk):
        participant = lock_participant(row)
        before = open_for(participant)
        facts = {"conference": conference, "sitting": sitting, "told": told, "now": now}
        if subject == Subject.CANCELLED and participant.status in (*OUT, ParticipantStatus.INVITED):
            mailed += cancel_entry(participant=participant, subject=subject, **facts)  # type: ignore[arg-type]
        elif participant.status in OUT:
            mailed += cancel_entry(participant=participant, subject=Subject.PLACE, **facts)  # type: ignore[arg-type]
        elif participant.status == ParticipantStatus.INVITED:
            mailed += send_next_version(participant=participant, subject=subject, **facts)  # type: ignore[arg-type]
        else:
            tell_instead(participant, told=told, now=now)
        after = open_for(participant)
        listed += after is not None and after != before
    return ToldOf(mailed=mailed, to_tell=listed)


@transaction.atomic
def record_telling(
    *,
    to_tell: ToTell,
    outcome: str,
    how: str,
    at: datetime.datetime,
    by: User,
    now: datetime.datetime,
    told_by: User | None = None,
    told_by_other: str = "",
    note: str = "",
) -> Telling:
    """Record that someone told a person, or tried and could not reach them.

    In order: records who, when and how; where they were told, the person stands as invited from then on, and the
    clock of the invitations is met once everyone has been; a row that something later had replaced before it was
    recorded is kept as told, and the later one is then a change to them. Could not be reached keeps it open. The
    same entry again changes nothing. Raises ValidationError by field: in the future, before there was anything to
    tell, without who, without what was tried; and where the chair has to decide first, where it has been recorded
    already, or where it need not be told any more.
    """
    conference = Conference.objects.select_for_update(of=("self",), no_key=True).get(pk=to_tell.conference_id)
    participant = lock_participant(Participant(pk=to_tell.participant_id))
    row = ToTell.objects.select_for_update(of=("self",), no_key=True).get(pk=to_tell.pk)
    row.participant = participant
    entry = Telling(
        to_tell=row,
        outcome=outcome,
        how=how,
        at=at,
        told_by=None if told_by_other.strip() else told_by or by,
        told_by_other=told_by_other.strip(),
        note=note.strip(),
        recorded_by=by,
        recorded_at=now,
    )
    same = row.tellings.filter(outcome=outcome, how=how, at=at, taken_back_at=None).first()
    if same is not None and same.told_by_words == entry.told_by_words and same.note == entry.note:
        return same
    check_entry(entry, arose_at=row.arose_at, now=now)
    _check_open(row, at=at, on=civil_day(now))
    knew = was_told(participant)
    with refused_by_database():
        entry.save()
    if entry.outcome == TellingOutcome.TOLD:
        row.told_at = at
        if row.ended_at is None and row.occasion in SAYS_WHEN_AND_WHERE:
            row.entry = entry_to_tell(participant)
        row.save(update_fields=["told_at", "entry"])
        _stands_as_told(row, participant, conference, at=at, now=now)
        if not knew:
            _told_before_they_were_off(row, participant, conference, now=now)
    reconcile(family_ids=[conference.family_id], now=now)
    return entry


def check_entry(entry: TellingEntry, *, arose_at: datetime.datetime, now: datetime.datetime) -> None:
    """Raise ValidationError by field where an entry of who was told can't be true."""
    errors: dict[str, str] = {}
    if entry.outcome not in TellingOutcome.values:
        errors["outcome"] = "Choose whether they were told."
    if entry.how not in TellingHow.values:
        errors["how"] = "Choose how."
    if entry.at > now:
        errors["at"] = "The time can’t be in the future."
    elif entry.at < arose_at.replace(second=0, microsecond=0):
        errors["at"] = "There was nothing to tell before it arose. Check the day and the time."
    if entry.outcome == TellingOutcome.NOT_REACHED and not entry.note:
        errors["note"] = "Say what was tried."
    if entry.how == TellingHow.THROUGH and not entry.note:
        errors.setdefault("note", "Say through whom.")
    if errors:
        raise ValidationError(errors)


def _check_open(row: ToTell, *, at: datetime.datetime, on: datetime.date) -> None:
    if row.told_at is not None:
        raise ValidationError("Someone has recorded already that they were told. Reload the page.")
    if row.ended_at is not None:
        # They may have been told before there was something later, or before they were not to be told at all.
        if at > row.ended_at:
            raise ValidationError(f"{row.ended_because} If they were told before that, give the time at which.")
    elif ToTell.objects.filter(waits_after_a_loss(), pk=row.pk).exists():
        # Whoever told them before the loss was known may still say so.
        if standing_losses(row.conference.family).filter(recorded_at__lte=at).exists():
            raise ValidationError(TOLD_LATER)
    elif not ToTell.objects.filter(still_to_tell(on), pk=row.pk).exists():
        raise ValidationError("This need not be told to them any more. Reload the page.")
    if waiting_for_the_chair(row.conference, [row], on=on) and not _before_it_was_asked(row, at):
        raise ValidationError(WAITS)


def _before_it_was_asked(row: ToTell, at: datetime.datetime) -> bool:
    """Return whether they were told at a time when nothing about them was with the chair yet."""
    asked = row.participant.exclusion_requests.filter(decided_at__isnull=True).order_by("asked_at").first()
    return asked is not None and at < asked.asked_at


def _told_before_they_were_off(
    row: ToTell, participant: Participant, conference: Conference, *, now: datetime.datetime
) -> None:
    """Tell whoever turns out to know of the meeting that it is cancelled, or that they do not come.

    Nobody whose only children here have died is told anything: someone who knows them tells them.
    """
    sitting = newest_sitting(conference)
    if row.ended_at is None or row.occasion not in (Occasion.INVITATION, *STILL_COMING) or sitting is None:
        return
    if not participant.children.exclude(withdrawn_ground__in=NOBODY_DECIDES).exists():
        return
    cancelled = conference.status == ConferenceStatus.CANCELLED
    if cancelled or (participant.status in OUT and conference.status in LIVE):
        cancel_entry(
            participant=participant,
            conference=conference,
            sitting=sitting,
            subject=Subject.CANCELLED if cancelled else Subject.PLACE,
            now=now,
        )


def _stands_as_told(
    row: ToTell, participant: Participant, conference: Conference, *, at: datetime.datetime, now: datetime.datetime
) -> None:
    if row.occasion in NOT_ABOUT_THE_MEETING:
        return
    later = open_for(participant)
    if later is not None and later.occasion == Occasion.INVITATION:
        put_on_list_as_change(participant, later, now=now)
    if participant.status != ParticipantStatus.TO_INVITE or conference.status not in LIVE:
        return
    participant.status = ParticipantStatus.INVITED
    participant.invited_at = at
    participant.version += 1
    participant.save(update_fields=["status", "invited_at", "version"])
    told = conference.participants.filter(status=ParticipantStatus.INVITED).values_list("invited_at", flat=True)
    settle_first_round(conference, now=max((moment for moment in told if moment is not None), default=at))


def put_on_list_as_change(participant: Participant, later: ToTell, *, now: datetime.datetime) -> None:
    """Make a later invitation a change: they were told of the meeting before it moved."""
    words, because = later.words, later.because
    take_off_list(participant, because="They were told of the meeting as it was before.", now=now)
    put_on_list(participant, Occasion.CHANGED, because=because, words=words, now=now)


@transaction.atomic
def send_by_email_instead(*, to_tell: ToTell, now: datetime.datetime) -> Participant:
    """Let an e-mail say what someone had to tell a person who has a safe address by now.

    In order: queues the message, which takes the place of the row on the list; counts the deadlines. Where it does
    not leave, the person is on the list again. Raises ValidationError where the row is not open, where the chair has
    to decide first, where no e-mail may go to the person or another reads their mailbox, for the invitation itself,
    which is sent with the others, and for the chair's answer.
    """
    conference = (
        Conference.objects.select_for_update(of=("self",), no_key=True)
        .select_related("authority")
        .get(pk=to_tell.conference_id)
    )
    participant = lock_participant(Participant(pk=to_tell.participant_id))
    row = ToTell.objects.select_for_update(of=("self",), no_key=True).get(pk=to_tell.pk)
    row.participant = participant
    on = civil_day(now)
    _check_open(row, at=now, on=on)
    sitting = newest_sitting(conference)
    if row.occasion not in BY_EMAIL or sitting is None or row.ended_at is not None:
        raise ValidationError("This is not sent by e-mail from here. Reload the page.")
    if held_for_the_chair(conference, [row], on=on):
        raise ValidationError("The chair has not decided about them, so nothing is sent. Someone tells them.")
    if reach_of([participant], on=on)[participant.pk] != Reach.BY_MAIL:
        raise ValidationError("They have no e-mail address that is marked safe.")
    shared = sharers(conference, [(participant, participant.email)], on=on)
    if participant.pk in shared:
        raise ValidationError(refusal(participant.person.full_name, shared[participant.pk]))
    send = cancel_entry if row.occasion in (Occasion.CANCELLED, Occasion.TAKEN_OFF) else send_next_version
    send(
        participant=participant,
        conference=conference,
        sitting=sitting,
        subject=SUBJECTS[Occasion(row.occasion)],
        told=row.words,
        now=now,
    )
    reconcile(family_ids=[conference.family_id], now=now)
    return participant


@transaction.atomic
def take_back_telling(*, telling: Telling, because: str, by: User, now: datetime.datetime) -> Telling:
    """Take back a wrong entry, with the reason; it stays in the record.

    In order: ends the entry; the person has to be told again, as things are now; whoever knows of the meeting
    from nothing else does not stand as invited any more, and the clock of the invitations runs again. Idempotent.
    Raises ValidationError on ``because``.
    """
    row = ToTell.objects.get(pk=telling.to_tell_id)
    conference = Conference.objects.select_for_update(of=("self",), no_key=True).get(pk=row.conference_id)
    participant = lock_participant(Participant(pk=row.participant_id))
    row = ToTell.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    locked = Telling.objects.select_for_update(of=("self",), no_key=True).get(pk=telling.pk)
    if locked.taken_back_at is not None:
        return locked
    if not because.strip():
        raise ValidationError({"because": "Say why this entry is wrong."})
    locked.taken_back_at, locked.taken_back_by, locked.taken_back_because = now, by, because.strip()
    locked.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_because"])
    if locked.outcome == TellingOutcome.TOLD:
        _has_to_be_told_again(row, participant, conference, now=now)
    else:
        _was_not_tried(participant, now=now)
    reconcile(family_ids=[conference.family_id], now=now)
    return locked


def _was_not_tried(participant: Participant, *, now: datetime.datetime) -> None:
    """Ask nobody to tell a person that a meeting is off whom no one has tried to tell of it after all."""
    waiting = open_for(participant)
    is_off = waiting is not None and waiting.occasion in (Occasion.CANCELLED, Occasion.TAKEN_OFF)
    if is_off and not was_told(participant) and not may_have_heard(participant):
        take_off_list(participant, because="They did not know of the meeting.", now=now)


def _has_to_be_told_again(
    row: ToTell, participant: Participant, conference: Conference, *, now: datetime.datetime
) -> None:
    row.told_at = None
    later = None if row.occasion in NOT_ABOUT_THE_MEETING else _later(row, participant)
    if later is not None and row.ended_at is None:
        row.ended_at, row.ended_because, row.superseded_by = now, "Something later is told in its place.", later
    row.save(update_fields=["told_at", "ended_at", "ended_because", "superseded_by"])
    if row.occasion in NOT_ABOUT_THE_MEETING or was_told(participant):
        return
    waiting = open_for(participant)
    if participant.status == ParticipantStatus.INVITED and conference.status in LIVE:
        stands_as_to_invite(participant, because="They were not told after all.", now=now)
        if waiting is not None and waiting.occasion != Occasion.INVITATION:
            take_off_list(participant, because="They were not told of the meeting after all.", now=now)
            put_on_list(participant, Occasion.INVITATION, because=waiting.because, words=waiting.words, now=now)
    elif waiting is not None and waiting != row and not may_have_heard(participant):
        take_off_list(participant, because="They did not know of the meeting.", now=now)


def _later(row: ToTell, participant: Participant) -> ToTell | None:
    rows = participant.to_tell.filter(pk__gt=row.pk).exclude(occasion__in=NOT_ABOUT_THE_MEETING)
    found: ToTell | None = rows.order_by("pk").first()
    return found
