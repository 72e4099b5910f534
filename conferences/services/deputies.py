"""Deputies who come in a professional's place: named, confirmed, and only then let in."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from accounts.constraint_errors import refused_by_database
from accounts.guests.mailboxes import mailbox_of
from accounts.models import User
from conferences.enums import Capacity, ConferenceStatus, DeputyState, ParticipantStatus, Reply
from conferences.models import Deputy, Participant
from conferences.selectors.mailboxes import refusal, sharers
from conferences.selectors.recipients import to_be_told
from conferences.services.exclusions import lock_participant
from conferences.services.guest_links import revoke_link
from conferences.services.invitations import add_participant, record_reply
from conferences.services.sending import booked_sitting, cancel_entry, send_invitation
from conferences.services.views_bearers import tell_whose_views_wait
from deadlines.working_days.arithmetic import civil_day
from families.models import Agency, Person, Post
from families.services import RECORDED, EnteredWorker, differences, enter_worker
from families.services.posts import lock_post
from govuk.words import NO_BREAK
from notifications.enums import Subject
from notifications.services.outbox import notify

AHEAD = (ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)


@transaction.atomic
def name_deputy(
    *,
    participant: Participant,
    given_name: str,
    family_name: str,
    title: str,
    email: str,
    now: datetime.datetime,
    by: User | None = None,
    guest_session_id: int | None = None,
) -> Deputy:
    """Name a deputy for an invited professional. Nothing goes to the deputy until a coordinator confirms them.

    In order: replaces a previously named, unconfirmed deputy; records the deputy as named by the professional
    (``guest_session_id``) or a user; sets the answer to "sends a deputy"; tells the coordinator. Naming the
    same person again changes nothing. Raises ValidationError by field, for the professional's own mailbox, or
    for anyone who is not an invited professional of an agency. A mailbox read by someone else is refused here
    only to users, because the message names that person; one typed by a guest is refused when the deputy is
    confirmed.
    """
    locked = lock_participant(participant)
    if locked.capacity != Capacity.PROFESSIONAL or locked.agency is None:
        raise ValidationError("Only someone who comes for an agency can send a deputy.")
    if locked.is_deputy:
        raise ValidationError("A deputy can't send someone else. The person they come for can name another deputy.")
    _refuse_when_over(locked)
    said = {
        "given_name": given_name.strip(),
        "family_name": family_name.strip(),
        "title": title.strip(),
        "email": email.strip().lower(),
    }
    _check_named(locked, said, told_to_user=by is not None, on=civil_day(now))
    record_reply(participant=locked, reply=Reply.DEPUTY, by=by, now=now)
    standing = locked.deputies.filter(state=DeputyState.NAMED).first()
    if standing is not None and all(getattr(standing, name) == value for name, value in said.items()):
        return standing
    if standing is not None:
        _end(standing, state=DeputyState.REFUSED, because="Someone else was named.", by=by, now=now)
    with refused_by_database():
        deputy = Deputy.objects.create(
            participant=locked, named_at=now, named_by=by, guest_session_id=guest_session_id, **said
        )
    _tell(locked, deputy, "a deputy is named. Check who this is before you let them in.", now=now)
    return deputy


def _check_named(participant: Participant, said: dict[str, str], *, told_to_user: bool, on: datetime.date) -> None:
    messages = {
        "given_name": "Enter the deputy's first name",
        "family_name": "Enter the deputy's last name",
        "title": "Enter the deputy's job title",
    }
    errors = {name: message for name, message in messages.items() if not said[name]}
    try:
        validate_email(said["email"])
    except ValidationError:
        errors["email"] = "Enter the deputy's own work e-mail address, like name@agency.example"
    else:
        others = _other_readers(participant, said, on=on) if told_to_user else []
        if mailbox_of(said["email"]) == mailbox_of(participant.email):
            errors["email"] = "The invitation went to this address. Enter the deputy's own address"
        elif others:
            errors["email"] = refusal(f"{said['given_name']} {said['family_name']}".strip(), others)
    if errors:
        raise ValidationError(errors)


def _other_readers(participant: Participant, said: dict[str, str], *, on: datetime.date) -> list[str]:
    # A stand-in row for the deputy, who has none yet.
    nobody_yet = Person(pk=0, given_name=said["given_name"], family_name=said["family_name"])
    stand_in = Participant(pk=0, conference=participant.conference, person=nobody_yet)
    shared = sharers(participant.conference, [(stand_in, said["email"])], on=on)
    wanted = f"{said['given_name']} {said['family_name']}"
    return [name for name in shared.get(0, []) if name.strip() and name != wanted]


@transaction.atomic
def confirm_deputy(
    *,
    deputy: Deputy,
    how_confirmed: str,
    by: User,
    now: datetime.datetime,
    same_as: Post | None = None,
    use: Mapping[str, str] | None = None,
) -> Participant:
    """Let in a deputy whose identity the coordinator has established.

    In order:
    1. locks the professional and the deputy, who has to be awaiting confirmation;
    2. withdraws any earlier deputy in the same place, with their link;
    3. records the deputy in the agency's directory, as the one they are known as (``same_as``; ``use`` says which
      word counts, see ``enter_worker``), and puts them on the list for the same children; under a contact risk
      they wait for the chair, and nothing goes to them;
    4. invites them, with a link of their own;
    5. sets the professional's answer to "sends a deputy": day, place and answer are no longer theirs.
    Confirming again returns the deputy's row. Raises ValidationError on ``how_confirmed``, where nothing is
    booked, where the professional is no longer invited, or where the mailbox has another reader.
    """
    if same_as is not None:
        # A post before a conference, as where its mailbox changes: neither waits for the other.
        lock_post(same_as)
    locked = lock_participant(deputy.participant)
    waiting = Deputy.objects.select_for_update(of=("self",), no_key=True).get(pk=deputy.pk)
    if waiting.state == DeputyState.CONFIRMED and waiting.comes_as is not None:
        return waiting.comes_as
    _refuse_when_over(locked)
    if waiting.state != DeputyState.NAMED or locked.agency is None:
        raise ValidationError("Someone else has already decided about this deputy. Reload the page to see how.")
    if not how_confirmed.strip():
        raise ValidationError({"how_confirmed": "Say how you checked who this is."})
    for before in locked.deputies.filter(state=DeputyState.CONFIRMED):
        take_back_deputy(deputy=before, because="Someone else is coming in their place.", by=by, now=now)
    post = _post_of(waiting, locked.agency, same_as=same_as, use=use, by=by, now=now)
    if post.person_id == locked.person_id:
        raise ValidationError("This is the person they would come for. Choose someone else.")
    comes_as = add_participant(
        conference=locked.conference,
        person=post.person,
        post=post,
        capacity=locked.capacity,
        children=list(locked.children.all()) or list(locked.conference.children.present()),
        reason=f"Deputy for {locked.person.full_name}. {how_confirmed.strip()}",
        because=f"Comes in place of {locked.person.full_name}",
        email=post.email or waiting.email,
        mode=locked.mode,
        acts_for=locked,
        by=by,
        now=now,
    )
    comes_as.is_deputy = True
    comes_as.arrives_at, comes_as.leaves_at = locked.arrives_at, locked.leaves_at
    parts = list(locked.parts.all())
    if parts:
        comes_as.how = locked.how
    comes_as.save(update_fields=["is_deputy", "arrives_at", "leaves_at", "how"])
    comes_as.parts.set(parts)
    waiting.state = DeputyState.CONFIRMED
    waiting.how_confirmed = how_confirmed.strip()
    waiting.settled_by, waiting.settled_at = by, now
    waiting.comes_as = comes_as
    with refused_by_database():
        waiting.save()
    record_reply(participant=locked, reply=Reply.DEPUTY, by=by, now=now)
    if comes_as.status == ParticipantStatus.TO_INVITE:
        _invite(comes_as, now=now)
    return comes_as


def _post_of(
    deputy: Deputy,
    agency: Agency,
    *,
    same_as: Post | None,
    use: Mapping[str, str] | None,
    by: User,
    now: datetime.datetime,
) -> Post:
    """Return the deputy's post in the directory, adding one if none is known.

    One with this name and mailbox is theirs, whatever its title.
    """
    entered = EnteredWorker(
        given_name=deputy.given_name, family_name=deputy.family_name, title=deputy.title, email=deputy.email
    )
    if same_as is not None:
        return enter_worker(entered=entered, agency=agency, same_as=same_as, use=use, by=by, now=now)
    known: Post | None = (
        Post.objects.current(on=civil_day(now))
        .filter(
            agency=agency,
            email__iexact=deputy.email,
            person__given_name__iexact=deputy.given_name,
            person__family_name__iexact=deputy.family_name,
        )
        .select_related("person")
        .first()
    )
    if known is not None:
        # What was typed for this post and not asked about, its title, is kept on the deputy's row.
        use = dict.fromkeys(differences(known, entered), RECORDED)
    return enter_worker(entered=entered, agency=agency, same_as=known, use=use, by=by, now=now)


def _invite(participant: Participant, *, now: datetime.datetime) -> None:
    locked = lock_participant(participant)
    sitting = booked_sitting(locked.conference)
    if sitting is None:
        raise ValidationError("Book the date before you confirm a deputy.")
    shared = sharers(locked.conference, [(locked, locked.email)], on=civil_day(now))
    if locked.pk in shared:
        raise ValidationError(refusal(locked.person.full_name, shared[locked.pk]))
    locked.status = ParticipantStatus.INVITED
    if locked.invited_at is not None:
        # They were invited before and withdrawn since: this is the next version of their entry.
        locked.invitation_sequence += 1
    locked.invited_at = now
    locked.version += 1
    locked.save(update_fields=["status", "invited_at", "invitation_sequence", "version"])
    send_invitation(
        participant=locked, conference=locked.conference, sitting=sitting, subject=Subject.INVITATION, now=now
    )


@transaction.atomic
def refuse_deputy(*, deputy: Deputy, because: str, by: User, now: datetime.datetime) -> Deputy:
    """Refuse a named deputy, with the reason.

    Raises ValidationError on ``because``, or once settled.
    """
    locked = Deputy.objects.select_for_update(of=("self",), no_key=True).get(pk=deputy.pk)
    if locked.state == DeputyState.REFUSED:
        return locked
    if locked.state != DeputyState.NAMED:
        raise ValidationError("Someone else has already decided about this deputy. Reload the page to see how.")
    return _end(locked, state=DeputyState.REFUSED, because=because, by=by, now=now)


@transaction.atomic
def take_back_deputy(*, deputy: Deputy, because: str, by: User, now: datetime.datetime) -> Deputy:
    """Withdraw a confirmed deputy, ending their link and session and cancelling their calendar entry.

    In order: ends the deputy with the reason; withdraws their row on the list; reopens the professional's
    answer and own page. Idempotent. Raises ValidationError on ``because``.
    """
    professional = lock_participant(deputy.participant)
    locked = (
        Deputy.objects.select_for_update(of=("self",), no_key=True)
        .select_related("comes_as", "participant")
        .get(pk=deputy.pk)
    )
    if locked.state == DeputyState.ENDED:
        return locked
    if locked.state != DeputyState.CONFIRMED or locked.comes_as is None:
        raise ValidationError("Only a confirmed deputy can be withdrawn.")
    _end(locked, state=DeputyState.ENDED, because=because, by=by, now=now)
    row = lock_participant(locked.comes_as)
    was_invited = row.status == ParticipantStatus.INVITED
    revoke_link(row, because="They are no longer coming as a deputy.", by=by, now=now, stays_go_on=True)
    if row.status in (ParticipantStatus.INVITED, ParticipantStatus.TO_INVITE, ParticipantStatus.PROPOSED):
        row.status = ParticipantStatus.WITHDRAWN
        row.change_reason = because.strip()
        row.reply, row.replied_at = Reply.NONE, None
        row.version += 1
        row.save(update_fields=["status", "change_reason", "reply", "replied_at", "version"])
        tell_whose_views_wait(row, now=now)
    sitting = booked_sitting(row.conference)
    if was_invited and sitting is not None:
        cancel_entry(participant=row, conference=row.conference, sitting=sitting, subject=Subject.PLACE, now=now)
    professional.refresh_from_db(fields=["status", "reply"])
    if professional.status == ParticipantStatus.INVITED and professional.reply == Reply.DEPUTY:
        record_reply(participant=professional, reply=Reply.NONE, by=by, now=now)
    return locked


def _end(deputy: Deputy, *, state: DeputyState, because: str, by: User | None, now: datetime.datetime) -> Deputy:
    if not because.strip():
        raise ValidationError({"because": "Say why."})
    deputy.state = state
    deputy.ended_by, deputy.ended_at, deputy.ended_because = by, now, because.strip()
    deputy.save(update_fields=["state", "ended_by", "ended_at", "ended_because"])
    return deputy


def _refuse_when_over(participant: Participant) -> None:
    if participant.conference.status not in AHEAD:
        raise ValidationError("This conference is over, or not booked.")
    if participant.status != ParticipantStatus.INVITED:
        raise ValidationError("This person is not invited, so no one can come in their place.")


def _tell(participant: Participant, deputy: Deputy, words: str, *, now: datetime.datetime) -> None:
    conference = participant.conference
    for user in to_be_told(conference, [conference.coordinator], on=civil_day(now)):
        notify(
            user=user,
            key=f"deputy:{deputy.pk}",
            text=f"{conference.reference}: {words}".replace(NO_BREAK, " "),
            url=reverse("conferences:guest-link", args=[conference.pk, participant.pk]),
            now=now,
        )
