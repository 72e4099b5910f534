"""Who comes: propose people with reasons, change the list, send invitations, record answers."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import (
    COMING,
    FAMILY_CAPACITIES,
    Capacity,
    ConferenceStatus,
    Mode,
    Occasion,
    ParticipantStatus,
    Reply,
    RequestGround,
)
from conferences.models import Conference, ConferenceChild, Participant, Sitting
from conferences.selectors.companions import not_accepted
from conferences.selectors.heard import may_have_heard
from conferences.selectors.mailboxes import refusal, sharers
from conferences.selectors.online import link_for
from conferences.selectors.quorum import RUNS_THE_MEETING
from conferences.selectors.reach import REFUSED, Reach, reach_at, reach_of
from conferences.services.agreements import refuse_before_agreement
from conferences.services.companions import ask_about_companions, refuse_companion
from conferences.services.exclusions import hold_undecided, lock_participant, open_request
from conferences.services.first_round import settle_first_round
from conferences.services.guards import text_of
from conferences.services.mailboxes import shared_mailboxes
from conferences.services.online import follow_answer
from conferences.services.sending import booked_sitting, cancel_entry, send_invitation, send_next_version, tell_instead
from conferences.services.to_tell import open_for, put_on_list, take_off_list
from conferences.services.views_bearers import tell_whose_views_wait
from deadlines.policies import policy_of
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.models import Person, Post
from notifications.enums import Subject

ARRANGED = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)


@dataclass(frozen=True, kw_only=True)
class ListChange:
    """One person's entry on the list of people: whether and how they are asked, and why that changed.

    ``arrives_at`` None means at the usual time for their kind; ``version`` is that of the row shown on the
    page.
    """

    participant: Participant
    wanted: bool
    reason: str = ""
    arrives_at: datetime.datetime | None = None
    mode: str = Mode.IN_PERSON
    reports: bool = False
    email: str = ""
    invited_how: str = ""
    version: int | None = None


def only_the_chair_leaves_out(participant: Participant, *, on: datetime.date) -> bool:
    """Return whether only the chair leaves them out: parents, carers, and children old enough by the council's rule."""
    if participant.capacity in (Capacity.PARENT, Capacity.CARER):
        return True
    if participant.capacity == Capacity.CHILD:
        policy = policy_of(participant.conference.policy_version_id)
        return policy.child_is_invited(participant.person.age(on)) is not False
    return False


@transaction.atomic
def add_participant(
    *,
    conference: Conference,
    person: Person,
    capacity: str,
    children: Iterable[ConferenceChild],
    reason: str,
    by: User,
    now: datetime.datetime,
    post: Post | None = None,
    email: str = "",
    mode: str = Mode.IN_PERSON,
    reports: bool = False,
    acts_for: Participant | None = None,
    because: str = "",
    ties: str = "",
) -> Participant:
    """Add a person to the list who was not proposed, with the reason.

    In order: sets their status to be invited; holds anyone under a contact risk for the chair; asks the chair to accept
    whoever comes with someone in the family (``acts_for``), with how they know it (``ties``); counts the deadlines.
    Anyone previously left out or withdrawn is reinstated. Raises ValidationError without a reason, without a child,
    where the conference is over, where the person is on the list in this capacity, or by ``refuse_companion``.
    """
    _check_arranged(conference)
    said = text_of("reason", reason, "Say why you are adding this person.")
    chosen = list(children)
    if not chosen or any(row.conference_id != conference.pk for row in chosen):
        raise ValidationError({"children": "Choose which of the children this person comes for."})
    if capacity == Capacity.CHILD and person.pk not in {row.child.person_id for row in chosen}:
        raise ValidationError({"capacity": "Only a child the conference is about can come as the child."})
    if post is not None and (post.person_id != person.pk or not post.is_current(civil_day(now))):
        raise ValidationError({"post": "Choose a post that this person holds now."})
    refuse_companion(person=person, capacity=capacity, acts_for=acts_for, conference=conference, on=civil_day(now))
    before = conference.participants.filter(person=person, post=post, capacity=capacity).first()
    if before is not None and before.status in (ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN):
        participant = lock_participant(before)
    else:
        participant = Participant(conference=conference, person=person, post=post, capacity=capacity)
    participant.agency = post.agency if post else None
    participant.because = because or participant.because or said
    participant.change_reason = said
    participant.status, participant.email = ParticipantStatus.TO_INVITE, email
    participant.mode, participant.reports = mode, reports
    participant.acts_for, participant.is_deputy = acts_for, False
    with refused_by_database(participant_once="person"):
        participant.save()
    participant.children.set(chosen)
    hold_undecided(conference=conference, by=by, now=now)
    ask_about_companions(conference=conference, by=by, now=now, ties={participant.pk: ties.strip()})
    reconcile(family_ids=[conference.family_id], now=now)
    participant.refresh_from_db()
    return participant


@transaction.atomic
def change_list(
    *, conference: Conference, changes: Sequence[ListChange], by: User, now: datetime.datetime
) -> list[Participant]:
    """Decide who to ask. Nothing is sent to anyone new; ``send_invitations`` does that.

    For each person in order: if wanted, their status becomes to be invited, with arrival, way of taking part,
    mailbox and report; a parent, carer, holder of parental responsibility or child over the age who is left out
    is put to the chair, and awaits the decision; anyone else left out needs a reason, and their calendar entry
    is cancelled if an invitation had gone; those awaiting the chair or kept out stay so. An invited person
    whose own time or place changed gets the next version. Then the deadlines are counted. Raises
    ValidationError by field ``<participant>-<name>``, all errors together: missing reasons, a mailbox that two
    people would share, a row changed by another user meanwhile.
    """
    _check_arranged(conference)
    locked = Conference.objects.select_for_update(of=("self",), no_key=True).get(pk=conference.pk)
    errors: dict[str, str] = {}
    rows: list[tuple[Participant, ListChange]] = []
    for change in changes:
        participant = lock_participant(change.participant)
        errors |= _errors_in(participant, change, conference, on=civil_day(now))
        rows.append((participant, change))
    errors |= shared_mailboxes(conference, rows, on=civil_day(now))
    if errors:
        raise ValidationError(errors)
    sitting = booked_sitting(conference)
    for participant, change in rows:
        _apply(participant, change, conference=conference, sitting=sitting, by=by, now=now)
    ask_about_companions(conference=locked, by=by, now=now)
    settle_first_round(locked, now=now)
    reconcile(family_ids=[conference.family_id], now=now)
    return [participant for participant, _ in rows]


def _errors_in(
    participant: Participant, change: ListChange, conference: Conference, *, on: datetime.date
) -> dict[str, str]:
    name = participant.person.full_name
    errors: dict[str, str] = {}

    def refuse(field: str, message: str) -> None:
        errors[f"{participant.pk}-{field}"] = message

    if participant.conference_id != conference.pk:
        refuse("wanted", "This person belongs to another conference.")
    if change.version is not None and change.version != participant.version:
        refuse("wanted", f"Someone else has changed {name}. Reload the page and look again.")
    leaves = not change.wanted and participant.status in (*COMING, ParticipantStatus.PROPOSED)
    returns = change.wanted and participant.status in (ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN)
    if participant.capacity in RUNS_THE_MEETING and participant.status == ParticipantStatus.WITHDRAWN:
        refuse("wanted", f"{name} does not run this meeting any more. Hand it over to them to change that.")
    elif participant.capacity in RUNS_THE_MEETING and not change.wanted:
        refuse("wanted", f"{name} runs the meeting. Hand it over to someone else first.")
    elif leaves and not change.reason.strip():
        asked = "The chair will be asked." if only_the_chair_leaves_out(participant, on=on) else ""
        refuse("reason", f"Say why you are leaving out {name}. {asked}".strip())
    elif returns and not change.reason.strip():
        refuse("reason", f"Say why you are asking {name} after all.")
    if change.wanted and change.email:
        try:
            validate_email(change.email)
        except ValidationError:
            refuse("email", f"Enter an e-mail address for {name}, like name@agency.example.")
    if change.wanted and participant.status == ParticipantStatus.INVITED and change.email.strip() != participant.email:
        # Whoever is invited is written to at once, not after the page that checks.
        reach = reach_at(participant, change.email.strip(), change.invited_how, on=on)
        if not reach.is_open:
            errors.setdefault(f"{participant.pk}-email", REFUSED[reach].format(name=name))
    return errors


def _apply(
    participant: Participant,
    change: ListChange,
    *,
    conference: Conference,
    sitting: Sitting | None,
    by: User,
    now: datetime.datetime,
) -> None:
    if participant.status in (ParticipantStatus.AWAITING_CHAIR, ParticipantStatus.KEPT_OUT):
        if change.wanted:
            _take_details(participant, change)
            participant.save()
        return
    if change.wanted:
        _ask(participant, change, conference=conference, sitting=sitting, now=now)
    elif participant.status in (*COMING, ParticipantStatus.PROPOSED):
        _leave_out(participant, change, conference=conference, sitting=sitting, by=by, now=now)


def _ask(
    participant: Participant,
    change: ListChange,
    *,
    conference: Conference,
    sitting: Sitting | None,
    now: datetime.datetime,
) -> None:
    moved = _take_details(participant, change)
    if change.reason.strip():
        participant.change_reason = change.reason.strip()
    if participant.status == ParticipantStatus.INVITED:
        participant.version += 1
        participant.save()
        if moved and sitting is not None:
            send_next_version(participant=participant, conference=conference, sitting=sitting, subject=moved, now=now)
        return
    participant.status = ParticipantStatus.TO_INVITE
    participant.version += 1
    participant.save()
    if moved == Subject.CHANGED:
        tell_instead(participant, now=now)


def _take_details(participant: Participant, change: ListChange) -> Subject | None:
    """Write how the person takes part; return what to send where their calendar entry would now be wrong.

    At another address it is the invitation: nothing about the meeting has changed.
    """
    before, mailbox = (participant.arrives_at, participant.mode), participant.email
    participant.arrives_at = change.arrives_at
    participant.mode = change.mode
    participant.reports = change.reports
    participant.email = change.email.strip()
    participant.invited_how = change.invited_how.strip()
    if before != (participant.arrives_at, participant.mode):
        return Subject.CHANGED
    return Subject.INVITATION if mailbox != participant.email else None


def _leave_out(
    participant: Participant,
    change: ListChange,
    *,
    conference: Conference,
    sitting: Sitting | None,
    by: User,
    now: datetime.datetime,
) -> None:
    if only_the_chair_leaves_out(participant, on=civil_day(now)):
        open_request(participant=participant, ground=RequestGround.LEFT_OUT, reason=change.reason, by=by, now=now)
        return
    was_invited = participant.status == ParticipantStatus.INVITED
    participant.change_reason = change.reason.strip()
    participant.status = ParticipantStatus.WITHDRAWN if was_invited else ParticipantStatus.LEFT_OUT
    # Asked again one day, they have not answered yet.
    participant.reply, participant.replied_at = Reply.NONE, None
    participant.version += 1
    participant.save()
    tell_whose_views_wait(participant, now=now)
    if not was_invited and not may_have_heard(participant):
        take_off_list(participant, because="They are left off the list of people.", now=now)
    elif sitting is not None:
        cancel_entry(participant=participant, conference=conference, sitting=sitting, subject=Subject.PLACE, now=now)


def _check_arranged(conference: Conference) -> None:
    if conference.status not in ARRANGED:
        raise ValidationError("This conference is over, so its list of people can't be changed.")


def to_be_sent(conference: Conference) -> list[Participant]:
    """Return those to be invited next, the family first; not whom the chair has still to accept."""
    rows = conference.participants.filter(~not_accepted(), status=ParticipantStatus.TO_INVITE)
    rows = rows.select_related("person", "post", "agency")
    return sorted(rows, key=lambda row: (row.capacity not in FAMILY_CAPACITIES, row.pk))


@transaction.atomic
def send_invitations(*, conference: Conference, by: User, now: datetime.datetime) -> list[Participant]:
    """Invite everyone whose status is to be invited, and no one else.

    In order: holds anyone under a contact risk recorded meanwhile; passes over whoever comes with the family until the
    chair has accepted them; checks that each has a mailbox of their own,
    current, safe and read by no one else, or another way of being told; marks each invited who is told by e-mail,
    issues links to those without an account, and queues one message with one calendar file for each; puts the
    others on the list of those to be told, who stand as invited once someone has told them (``telling``); notes
    when everyone was invited; counts the deadlines. Whoever's message then does not leave is on that list too
    (``not_sent``). A repeat sends only to those added since, or given a safe address. Raises ValidationError where
    nothing is booked, before whoever has to agree has agreed, or where anyone can't be reached: no one is invited then.
    """
    locked = (
        Conference.objects.select_for_update(of=("self",), no_key=True)
        .select_related("authority")
        .get(pk=conference.pk)
    )
    sitting = booked_sitting(locked)
    if locked.status not in (ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN) or sitting is None:
        raise ValidationError("Book the date before you invite anyone.")
    refuse_before_agreement(locked)
    hold_undecided(conference=locked, by=by, now=now)
    ask_about_companions(conference=locked, by=by, now=now)
    waiting = list(
        locked.participants.select_for_update(of=("self",), no_key=True)
        .filter(~not_accepted(), status=ParticipantStatus.TO_INVITE)
        .select_related("person", "post", "agency")
        .order_by("pk")
    )
    shared = sharers(locked, [(row, row.email) for row in waiting], on=civil_day(now))
    if shared:
        raise ValidationError([refusal(row.person.full_name, shared[row.pk]) for row in waiting if row.pk in shared])
    reach = reach_of(waiting, on=civil_day(now))
    listed = {row.pk for row in waiting if (told := open_for(row)) and told.occasion == Occasion.INVITATION}
    unreachable = [row for row in waiting if not reach[row.pk].is_open and row.pk not in listed]
    if unreachable:
        raise ValidationError([REFUSED[reach[row.pk]].format(name=row.person.full_name) for row in unreachable])
    for participant in waiting:
        if reach[participant.pk] != Reach.BY_MAIL:
            if participant.pk not in listed:
                put_on_list(participant, Occasion.INVITATION, now=now)
            continue
        participant.status = ParticipantStatus.INVITED
        participant.invited_at = now
        participant.version += 1
        participant.save(update_fields=["status", "invited_at", "version"])
        send_invitation(
            participant=participant, conference=locked, sitting=sitting, subject=Subject.INVITATION, now=now
        )
    settle_first_round(locked, now=now)
    reconcile(family_ids=[locked.family_id], now=now)
    return waiting


@transaction.atomic
def record_reply(*, participant: Participant, reply: str, by: User | None, now: datetime.datetime) -> Participant:
    """Record whether a person is coming; the last answer counts. ``by`` is None where guests answer themselves.

    Whoever may now have the link for those online gets it at once; whoever may not any more loses it.
    Raises ValidationError for anyone who is not invited, an invalid answer, or when the conference is over.
    """
    locked = lock_participant(participant)
    if locked.status != ParticipantStatus.INVITED:
        raise ValidationError("This person is not invited, so there is no answer to record.")
    if locked.conference.status not in ARRANGED:
        raise ValidationError("This conference is over.")
    if reply not in Reply.values:
        raise ValidationError({"reply": "Choose an answer."})
    if locked.reply != reply:
        had_link = link_for(locked, locked.conference)
        locked.reply = reply
        locked.replied_at = now if reply != Reply.NONE else None
        locked.save(update_fields=["reply", "replied_at"])
        follow_answer(locked, had_link=had_link, has_link=link_for(locked, locked.conference), now=now)
    return locked
