"""What follows for invitations when a worker's post changes: another mailbox, or the holder leaves."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.guests.mailboxes import mailbox_of
from accounts.guests.services import make_link
from accounts.models import GuestLink, User
from conferences.enums import COME_WITH_SOMEBODY, Capacity, ConferenceStatus, DeputyState, ParticipantStatus
from conferences.guest_access import INVITATION, comes_by_link
from conferences.models import Conference, Deputy, Participant
from conferences.selectors.companions import waits_for_acceptance
from conferences.selectors.mailboxes import sharers
from conferences.selectors.reach import reach_at
from conferences.selectors.recipients import to_be_told
from conferences.services.deputies import take_back_deputy
from conferences.services.exclusions import LIVE, lock_participant
from conferences.services.first_round import settle_first_round
from conferences.services.guest_links import revoke_link
from conferences.services.invitations import add_participant
from conferences.services.sending import (
    booked_sitting,
    cancel_entry,
    has_unsent,
    key_of,
    send_invitation,
    send_next_version,
    was_told,
    withdraw_unsent,
)
from conferences.services.views_bearers import tell_whose_views_wait
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.models import Post
from families.post_work import PostChange, PostItem, PostWork
from govuk import words
from notifications.enums import MessageKind, Subject
from notifications.services.at_sending import OWN_LINK
from notifications.services.outbox import notify, queue_message, reference_subject

STANDING = (
    ParticipantStatus.PROPOSED,
    ParticipantStatus.TO_INVITE,
    ParticipantStatus.INVITED,
    ParticipantStatus.AWAITING_CHAIR,
)
CONFERENCES = "conference"
NEW_ADDRESS = "Their e-mail address has changed."


def follow_mailbox(change: PostChange, before: str) -> None:
    """Let what stands go to the new mailbox of a post, and nothing more to the old one.

    For each conference on whose list the old address stands: what is unsent is withdrawn, the link at the old
    mailbox closed, and the address on the list replaced, so that minutes go to the new one too. Whoever is invited
    gets their invitation there, with a link of its own; after the meeting, the link to their papers. Nothing goes to
    the old mailbox, which may be read by someone else by now. Where the new one can't be used for this conference,
    or there is none, the address is taken off. The coordinator is told, at once where nothing can be sent.
    """
    rows = Participant.objects.filter(post=change.post.pk).exclude(email="").order_by("conference_id", "pk")
    for row in rows.exclude(conference__status=ConferenceStatus.CANCELLED):
        if mailbox_of(row.email) == mailbox_of(before):
            _move(lock_participant(row), change)


def _move(row: Participant, change: PostChange) -> None:
    conference, now, on = row.conference, change.now, civil_day(change.now)
    email = change.post.email
    page = GuestLink.objects.filter(
        purpose=INVITATION, subject_id=row.pk, revoked_at__isnull=True, expires_at__gt=now
    ).first()
    revoke_link(row, because=NEW_ADDRESS, by=change.by, now=now)
    usable = bool(email) and reach_at(row, email, "", on=on).is_open
    usable = usable and (row.status not in STANDING or row.pk not in sharers(conference, [(row, email)], on=on))
    row.email = email if usable else ""
    row.version += 1
    row.save(update_fields=["email", "version"])
    sitting = booked_sitting(conference)
    goes_on = row.status == ParticipantStatus.INVITED and conference.status in LIVE and sitting is not None
    if goes_on and sitting is not None and (usable or has_unsent(row) or not was_told(row)):
        # What did not leave, and can't go to the new one, has to be told to them another way.
        subject = Subject.INVITATION if usable else Subject.CHANGED
        send_next_version(participant=row, conference=conference, sitting=sitting, subject=subject, now=now)
    else:
        withdraw_unsent(row, because=NEW_ADDRESS, now=now)
        if usable and row.status == ParticipantStatus.INVITED and page is not None and comes_by_link(row):
            _send_page(row, page, change)
    said = (
        "has another e-mail address. What is sent goes there now."
        if usable
        else "has no e-mail address that can be used any more. Say how they are told."
    )
    _tell(row, f"someone on the list {said}", key=f"mailbox:{change.post.pk}", urgent=not usable, now=now)
    reconcile(family_ids=[conference.family_id], now=now)


def _send_page(row: Participant, before: GuestLink, change: PostChange) -> None:
    """Send the link to their own page, with their papers, to the new mailbox, once the meeting is over."""
    conference, now = row.conference, change.now
    make_link(
        authority=conference.authority,
        purpose=INVITATION,
        subject_id=row.pk,
        person_id=row.person_id,
        sent_to=row.email,
        expires_at=before.expires_at,
        by=change.by,
        because=NEW_ADDRESS,
        now=now,
    )
    row.invitation_sequence += 1
    row.save(update_fields=["invitation_sequence"])
    own_page = (
        f"This is the link to your own page from now on: {OWN_LINK}\nThe page asks for a code, which we send here."
    )
    queue_message(
        authority=conference.authority,
        key=key_of(row, "request"),
        kind=MessageKind.INVITATION,
        to_email=row.email,
        subject=reference_subject(subject=Subject.PAPERS, reference=conference.reference),
        body="\n\n".join(("Hello,", f"Reference: {conference.reference}", own_page, conference.authority.name)),
        person_id=row.person_id,
        family_id=conference.family_id,
        conference_id=conference.pk,
        now=now,
    )


def _items(post: Post, on: datetime.date) -> Sequence[PostItem]:
    rows = (
        Participant.objects.filter(post=post, status__in=STANDING, conference__status__in=LIVE)
        .select_related("conference")
        .order_by("conference__reference", "pk")
    )
    found = []
    for row in rows:
        sitting = booked_sitting(row.conference)
        day = timezone.localdate(sitting.starts_at) if sitting else None
        if day is None or day >= on:
            when = f" on {words.plain_date(day)}" if day else ", not booked yet"
            found.append(PostItem(row.conference.family_id, row.pk, f"Conference {row.conference.reference}{when}"))
    return found


def _leave(row_id: int, change: PostChange) -> None:
    """Take the holder off one list: calendar entry cancelled, link closed, the place open for a successor."""
    row = lock_participant(Participant.objects.get(pk=row_id))
    because = f"{row.person.full_name} leaves the post."
    deputy = Deputy.objects.filter(comes_as=row, state=DeputyState.CONFIRMED).first()
    if deputy is not None:
        take_back_deputy(deputy=deputy, because=because, by=change.by, now=change.now)
        return
    # Whoever was there stays on the list of a meeting that has begun.
    was_there = row.attendances.exists()
    was_invited = row.status == ParticipantStatus.INVITED
    sitting = booked_sitting(row.conference)
    if not was_there and row.status not in (ParticipantStatus.AWAITING_CHAIR, ParticipantStatus.KEPT_OUT):
        row.status = ParticipantStatus.WITHDRAWN if was_invited else ParticipantStatus.LEFT_OUT
        row.change_reason = because
        row.version += 1
        row.save(update_fields=["status", "change_reason", "version"])
        tell_whose_views_wait(row, now=change.now)
    if was_invited and not was_there and sitting is not None:
        cancel_entry(participant=row, conference=row.conference, sitting=sitting, subject=Subject.PLACE, now=change.now)
    else:
        withdraw_unsent(row, because="They have left the post.", now=change.now)
        revoke_link(row, because="They have left the post.", by=change.by, now=change.now)
    settle_first_round(row.conference, now=change.now)
    reconcile(family_ids=[row.conference.family_id], now=change.now)


def _give(row_id: int, to: Post, by: User, now: datetime.datetime) -> None:
    """Put the successor on the list in the same place; invite them at once where the one before was invited.

    Where someone else reads their mailbox, or they have none, they stay to be invited: the list says why.
    """
    left = Participant.objects.select_related("conference", "person").get(pk=row_id)
    conference = left.conference
    before = conference.participants.filter(person=to.person, post=to, capacity=left.capacity).first()
    if before is not None and before.status in STANDING:
        before.children.add(*left.children.all())
        return
    if left.capacity in COME_WITH_SOMEBODY and left.acts_for is None:
        text = "someone who comes with the family leaves their post. Add who comes now, and with whom."
        _tell(left, text, key="companion-left", urgent=True, now=now)
        return
    added = add_participant(
        conference=conference,
        person=to.person,
        post=to,
        capacity=left.capacity,
        children=list(left.children.all()) or list(conference.children.present()),
        reason=f"Takes over from {left.person.full_name}, who left the post.",
        because=left.because,
        email=to.email,
        mode=left.mode,
        acts_for=left.acts_for if left.capacity != Capacity.PROFESSIONAL else None,
        by=by,
        now=now,
    )
    sitting = booked_sitting(conference)
    row = lock_participant(added)
    # What they were to say for someone, their successor says.
    left.brings_views_of.select_for_update(no_key=True).update(views_brought_by=row)
    if waits_for_acceptance(row):
        return
    if left.invited_at is None or sitting is None or row.status != ParticipantStatus.TO_INVITE or not row.email:
        return
    if row.pk in sharers(conference, [(row, row.email)], on=civil_day(now)):
        return
    row.status, row.invited_at = ParticipantStatus.INVITED, now
    row.version += 1
    row.save(update_fields=["status", "invited_at", "version"])
    send_invitation(participant=row, conference=conference, sitting=sitting, subject=Subject.INVITATION, now=now)
    reconcile(family_ids=[conference.family_id], now=now)


def tell_coordinator(change: PostChange, kind: str, item: PostItem) -> None:
    """Tell the coordinator of a conference that nobody has taken the place of someone who left a post."""
    if kind == CONFERENCES:
        row = Participant.objects.select_related("conference").get(pk=item.row_id)
        text = "someone on the list leaves their post. Say who takes over."
        _tell(row, text, key=f"post-left:{change.post.pk}", urgent=True, now=change.now)


def _tell(row: Participant, text: str, *, key: str, urgent: bool, now: datetime.datetime) -> None:
    conference: Conference = row.conference
    for user in to_be_told(conference, [conference.coordinator], on=civil_day(now)):
        notify(
            user=user,
            key=f"{key}:{row.pk}:{now:%Y%m%d%H%M%S}",
            text=f"{conference.reference}: {text}",
            url=reverse("conferences:participant", args=[conference.pk, row.pk]),
            urgent=urgent,
            now=now,
        )


def report_wanted(row_id: int, to: Post) -> None:
    """Ask the successor of a participant for the report that the one before was asked for.

    Raises ValidationError where the successor isn't on the list.
    """
    left = Participant.objects.get(pk=row_id)
    row = left.conference.participants.filter(post=to, status__in=STANDING).first()
    if row is None:
        raise ValidationError("They are not on the list of this conference.")
    row.reports = True
    row.save(update_fields=["reports"])


INVITED_IN_POST = PostWork(key=CONFERENCES, title="Conferences", items=_items, leave=_leave, give=_give)
