"""Sends a version's copies in one go: each by the way confirmed for it, and what the program can't send into a pack."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.models import Participant
from conferences.services.guest_links import keep_link_open
from core_groups.models import CoreGroupMember
from core_groups.services.guest_links import issue_member_link
from deadlines.services import counting_once
from reports.copies import Composed
from reports.enums import Channel, DocumentState
from reports.models import Copy, Document, Envelope, PrintPack
from reports.selectors.circulation import circulation_of
from reports.selectors.ways import Reached, ways_of
from reports.services.circulation import record_copy
from reports.services.documents import composed_copy
from reports.services.laying_out import retire_refused
from reports.services.paper_mail import queue_paper_mail
from reports.services.print_packs import begin_pack
from reports.services.refusals import CopyRefusedError

CHANGED = "An address, or what was sent, has changed since you opened this page. Look at it again."
NOT_DUE = "They get no copy of this version."
REPLACED = "There is a newer version. Look at that one first."


@dataclass(frozen=True)
class Sending:
    """How one copy is to go, confirmed for this sending.

    ``seen`` stands for what the page showed (``Reached.seen``). ``given_at`` says when a copy was handed over already.
    """

    recipient_id: int
    channel: Channel
    confirmed: str
    seen: str
    given_at: datetime.datetime | None = None
    is_large: bool = False


@dataclass
class Sent:
    """What one submit did: copies that went, the pack for the rest, and why others did not go, by recipient."""

    copies: list[Copy] = field(default_factory=list)
    pack: PrintPack | None = None
    refused: dict[int, list[str]] = field(default_factory=dict)


ToPrint = tuple[Sending, Reached, uuid.UUID]


def key_of(form_key: uuid.UUID, recipient_id: int) -> uuid.UUID:
    """Return what makes one recipient's sending from one form harmless when the form is sent twice."""
    return uuid.uuid5(form_key, str(recipient_id))


def send_copies(
    *, document: Document, sendings: Iterable[Sending], form_key: uuid.UUID, by: User, now: datetime.datetime
) -> Sent:
    """Send these copies of a released version, each by the way that was confirmed for it.

    In order, with the document locked, so that two coordinators do not send the same copy:
    1. reads anew how each recipient can be reached;
    2. for each, with every check of whether the copy may go out now: refuses what has changed since the page was
       opened; keeps the own page open and queues its e-mail; queues the secure e-mail with the file; records what was
       handed over already; or puts the copy into the pack that is printed;
    3. counts the deadlines once, for all that went, and asks a worker to make the pack.

    What is refused for one recipient stops no other, and is returned with the reason. The same form again sends
    nothing twice. Raises ValidationError for a version that is not released, or was replaced.
    """
    sent = Sent()
    taken_away = []
    with transaction.atomic():
        locked = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if locked.state != DocumentState.RELEASED:
            replaced = locked.state == DocumentState.SUPERSEDED
            raise ValidationError(REPLACED if replaced else "No one has released this version yet.")
        wanted = list(sendings)
        reached = ways_of(locked, now=now)
        due = {row.participant_id for row in circulation_of(locked).due}
        to_print: list[ToPrint] = []
        with counting_once(now=now):
            for one in wanted:
                row = reached.get(one.recipient_id) if one.recipient_id in due else None
                key = key_of(form_key, one.recipient_id)
                try:
                    with transaction.atomic():
                        _send_or_print(locked, one, row, key, sent, to_print, by=by, now=now)
                except CopyRefusedError as refusal:
                    taken_away.append(one.recipient_id)
                    sent.refused[one.recipient_id] = list(refusal.messages)
                except ValidationError as refusal:
                    sent.refused[one.recipient_id] = list(refusal.messages)
        if to_print:
            sent.pack = begin_pack(locked, _envelopes(to_print), by=by, now=now)
        for recipient_id in taken_away:
            retire_refused(locked, recipient_id, now=now)
    return sent


def _send_or_print(
    document: Document,
    one: Sending,
    row: Reached | None,
    key: uuid.UUID,
    sent: Sent,
    to_print: list[ToPrint],
    *,
    by: User,
    now: datetime.datetime,
) -> None:
    if row is None:
        raise ValidationError(NOT_DUE)
    if _went(key, sent):
        return
    # What forbids the copy is said before anything about addresses.
    composed = composed_copy(document, one.recipient_id, now=now)
    if one.seen != row.seen:
        raise ValidationError(CHANGED)
    if _is_printed(one):
        _check(document, one, row, now=now)
        to_print.append((one, row, key))
    else:
        sent.copies.append(_send(document, one, row, key, composed, by=by, now=now))


def _went(key: uuid.UUID, sent: Sent) -> bool:
    """Return whether the same form has sent this copy, or put it into a pack, before."""
    copy = Copy.objects.filter(sending_key=key).first()
    if copy is not None:
        sent.copies.append(copy)
        return True
    envelope = Envelope.objects.filter(sending_key=key).select_related("pack").first()
    if envelope is not None:
        sent.pack = envelope.pack
    return envelope is not None


def _is_printed(one: Sending) -> bool:
    return one.channel == Channel.POST or (one.channel == Channel.BY_HAND and one.given_at is None)


def _check(document: Document, one: Sending, row: Reached, *, now: datetime.datetime) -> None:
    """Raise ValidationError where this way is closed, or the copy is printed already and waits."""
    way = row.ways.get(one.channel)
    if way is None or not way.is_open:
        raise ValidationError(way.because if way else "Choose how it goes.")
    waiting = Envelope.objects.filter(
        pack__document=document, copy__isnull=True, stopped_at__isnull=True, **document.to(one.recipient_id)
    )
    if waiting.exists():
        raise ValidationError("It is printed and waits to go. Say there that it went, or take it out.")


def _send(
    document: Document,
    one: Sending,
    row: Reached,
    key: uuid.UUID,
    composed: Composed,
    *,
    by: User,
    now: datetime.datetime,
) -> Copy:
    _check(document, one, row, now=now)
    if one.channel == Channel.OWN_PAGE and row.page is not None:
        _keep_page_open(row, now=now)
    copy = record_copy(
        document=document,
        recipient=row.recipient,
        channel=one.channel,
        channel_confirmed=one.confirmed,
        sent_to=row.ways[one.channel].address,
        sent_at=one.given_at or now,
        is_large=one.is_large,
        sending_key=key,
        composed=composed,
        by=by,
        now=now,
    )
    if one.channel in (Channel.OWN_PAGE, Channel.SECURE_EMAIL):
        queue_paper_mail(copy, row.person, now=now)
    return copy


def _keep_page_open(row: Reached, *, now: datetime.datetime) -> None:
    page = row.page
    if page is None:
        return
    participant = Participant.objects.filter(pk=page.subject_id, person=row.person).select_related(
        "conference__authority"
    )
    if page.is_of_a_conference:
        keep_link_open(participant.get(), mailbox=page.mailbox, now=now)
    else:
        issue_member_link(CoreGroupMember.objects.get(pk=page.subject_id), until=now, now=now)


def _envelopes(rows: list[ToPrint]) -> list[Envelope]:
    """Return the envelopes in the order in which the recipients stand on the page."""
    return [
        Envelope(
            name=row.person.full_name,
            channel=one.channel,
            address=row.ways[one.channel].address,
            channel_confirmed=one.confirmed,
            is_large=one.is_large,
            sending_key=key,
            recipient=row.recipient if isinstance(row.recipient, Participant) else None,
            member=row.recipient if isinstance(row.recipient, CoreGroupMember) else None,
            person=None if isinstance(row.recipient, Participant | CoreGroupMember) else row.recipient,
        )
        for one, row, key in rows
    ]
