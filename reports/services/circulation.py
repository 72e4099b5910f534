"""Recording copies that are sent: to whom, over which channel, confirmed for this sending."""

from __future__ import annotations

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.models import Participant
from conferences.services.guards import family_ids_of, text_of
from core_groups.models import CoreGroup, CoreGroupMember
from deadlines.services import reconcile
from families.models import Person
from plans.services.news_of_plans import told_by_copy
from reports.copies import Composed
from reports.enums import Channel, DocumentState
from reports.models import Copy, Document
from reports.services.corrections import note_told
from reports.services.formats import note_sent_in_large_print
from reports.services.laying_out import paper_for, retire_refused
from reports.services.refusals import CopyRefusedError

ADDRESSED = frozenset({Channel.OWN_PAGE, Channel.SECURE_EMAIL, Channel.POST})
MAILED = frozenset({Channel.OWN_PAGE, Channel.SECURE_EMAIL})


def file_name(document: Document, number: int, *, is_large: bool = False) -> str:
    """Return a file name that gives the reference and names no one."""
    return f"{_stem(document, number)}{'-large-print' if is_large else ''}.pdf"


def _stem(document: Document, number: int) -> str:
    kind = document.kind.replace("_", "-")
    if document.core_group_meeting is not None:
        meeting = document.core_group_meeting
        case = meeting.core_group.family.case_number
        return f"{case}-{kind}-{meeting.number}-v{document.number}-copy-{number}"
    if document.plan_id is not None:
        case, version = document.content["case_number"], document.content["plan_version"]
        return f"{case}-{kind}-{document.plan_id}-v{version}-copy-{number}"
    if document.conference_child_id is not None:
        return f"{document.conference.reference}-{kind}-{document.conference_child_id}-v{document.number}"
    return f"{document.conference.reference}-{kind}-v{document.number}-copy-{number}"


def record_copy(
    *,
    document: Document,
    recipient: Participant | CoreGroupMember | Person,
    channel: str,
    channel_confirmed: str,
    sent_at: datetime.datetime,
    by: User,
    now: datetime.datetime,
    sent_to: str = "",
    note: str = "",
    is_large: bool = False,
    sending_key: uuid.UUID | None = None,
    composed: Composed | None = None,
) -> Copy:
    """Record that one recipient's copy of a released version was sent.

    In order:
    1. locks the document and composes the copy as it may go out now, so that nothing is recorded as sent that
      may not be sent; ``composed`` is that copy where the caller, who holds the lock, has just composed it;
    2. checks that the channel was confirmed for this sending, and that the mailbox belongs to this person
      alone;
    3. writes the copy, in ordinary or in large print, with the checksum of its file; if that is not laid out yet,
      the worker adds it later;
    4. notes that large print was sent to who asked for it, and marks who was to be told of a correction as told;
    5. recounts the deadlines: the clock is met when the last person due a copy has one.

    Recording the same sending twice keeps one row. Raises ValidationError on ``channel``,
    ``channel_confirmed``, ``sent_to``, ``sent_at``, or for a version that is not released.
    """
    try:
        return _recorded(
            document,
            recipient,
            channel,
            channel_confirmed,
            sent_at,
            by,
            sent_to=sent_to,
            note=note,
            is_large=is_large,
            sending_key=sending_key,
            composed=composed,
            now=now,
        )
    except CopyRefusedError:
        # Retired again, because the rollback of the sending undid it.
        retire_refused(document, recipient.pk, now=now)
        raise


@transaction.atomic
def _recorded(
    document: Document,
    recipient: Participant | CoreGroupMember | Person,
    channel: str,
    channel_confirmed: str,
    sent_at: datetime.datetime,
    by: User,
    *,
    sent_to: str,
    note: str,
    is_large: bool,
    sending_key: uuid.UUID | None,
    composed: Composed | None,
    now: datetime.datetime,
) -> Copy:
    locked = (
        Document.objects.select_for_update(of=("self",))
        .select_related("conference", "released_by", "standing_in_for")
        .get(pk=document.pk)
    )
    if locked.state != DocumentState.RELEASED:
        raise ValidationError("No one has released this version yet, so no copy of it can go out.")
    paper = paper_for(locked, recipient.pk, now=now, is_large=is_large, composed=composed)
    faults: dict[str, str] = {}
    if channel not in Channel.values:
        faults["channel"] = "Choose how you sent it."
    if sent_at > now:
        faults["sent_at"] = "This time is in the future."
    elif locked.released_at and sent_at < locked.released_at.replace(second=0, microsecond=0):
        faults["sent_at"] = "This is before it was released. Check the day and the time."
    if channel in ADDRESSED and not sent_to.strip():
        faults["sent_to"] = "Enter the address or mailbox it went to."
    elif channel in MAILED and _is_shared(locked, recipient, sent_to):
        faults["sent_to"] = "Another recipient has this mailbox. Each copy must go to a separate mailbox."
    if faults:
        raise ValidationError(faults)
    confirmed = text_of("channel_confirmed", channel_confirmed, "Say how you checked that this is safe this time.")
    standing = Copy.objects.filter(document=locked, channel=channel, sent_at=sent_at, **locked.to(recipient.pk)).first()
    if standing is not None:
        return standing
    with refused_by_database(copy_recorded_once="sent_at", persons_copy_recorded_once="sent_at"):
        copy = Copy.objects.create(
            document=locked,
            **locked.to(recipient.pk),
            channel=channel,
            sent_to=sent_to.strip() if channel in ADDRESSED else "",
            channel_confirmed=confirmed,
            sent_at=sent_at,
            sent_by=by,
            checksum=paper.sha256,
            note=note.strip(),
            is_large=is_large,
            sending_key=sending_key,
        )
    if is_large:
        note_sent_in_large_print(locked, recipient.pk, sent_at=sent_at, how=copy.get_channel_display())
    if locked.plan is not None:
        told_by_copy(locked.plan, recipient.pk, now=now)
    elif locked.is_of_a_conference:
        note_told(copy)
    reconcile(family_ids=family_ids_of(locked.conference), now=now)
    return copy


def _is_shared(document: Document, recipient: Participant | CoreGroupMember | Person, mailbox: str) -> bool:
    """Return whether someone else at the conference, in the core group, or around the plan uses this mailbox."""
    box, person = mailbox.strip(), recipient.pk if isinstance(recipient, Person) else recipient.person_id
    groups = CoreGroup.objects.filter(Q(meetings__documents=document) | Q(plans__documents=document))
    others_in_it = CoreGroupMember.objects.filter(core_group__in=groups).exclude(person=person)
    if others_in_it.filter(post__email__iexact=box).exists():
        return True
    others = Participant.objects.filter(conference=document.conference_id).exclude(person=person)
    if others.filter(email__iexact=box).exists():
        return True
    sent = Copy.objects.filter(document__conference=document.conference_id, sent_to__iexact=box)
    return sent.exclude(recipient__person=person).exclude(member__person=person).exclude(person=person).exists()
