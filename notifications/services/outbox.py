"""Writes to the outbox and empties it (claim, send, record), and writes in-product notices."""

from __future__ import annotations

import datetime
import re
import smtplib
import time
from email.utils import parseaddr

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Authority, RoleAssignment, User
from notifications.access import OUTBOX_ROLES
from notifications.answering import who_answers_for
from notifications.attachments import attachments
from notifications.enums import MessageKind, MessageState, Subject
from notifications.may_send import reason_to_hold, reason_to_withhold
from notifications.models import Message, Notice
from notifications.not_sent import not_sent
from notifications.services.at_sending import as_it_leaves
from notifications.services.calendar_files import method_of
from notifications.services.wake import wake_sender_after_commit

logger = structlog.get_logger(__name__)

# Longer than any mail server may keep us waiting (settings.EMAIL_TIMEOUT, per step of the conversation).
LEASE = datetime.timedelta(minutes=10)
RETRY_AFTER = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
MAX_TRIES = len(RETRY_AFTER) + 1
PERMANENT_REFUSAL = 500

# Capitals, digits and a few signs, including a digit, so that a reference can't spell a name.
REFERENCE = re.compile(r"(?=[A-Z/.-]*[0-9])[A-Z0-9][A-Z0-9/.-]{0,39}")
SUBJECT = re.compile(rf"(?:{'|'.join(re.escape(label) for label in Subject.labels)}): {REFERENCE.pattern}")


def reference_subject(*, subject: Subject, reference: str) -> str:
    """Return a subject line of fixed words and a reference, the only form that ``queue_message`` takes.

    Raises ValueError when ``reference`` holds anything but capitals, digits, ``/``, ``.`` and ``-``.
    """
    if not REFERENCE.fullmatch(reference):
        raise ValueError("A reference is made of capitals and digits.")
    return f"{subject.label}: {reference}"


@transaction.atomic
def queue_message(
    *,
    authority: Authority,
    key: str,
    kind: MessageKind,
    to_email: str,
    subject: str,
    body: str,
    user: User | None = None,
    person_id: int | None = None,
    family_id: int | None = None,
    conference_id: int | None = None,
    calendar_file: str = "",
    send_after: datetime.datetime | None = None,
    now: datetime.datetime,
) -> Message:
    """Write one message to one address into the outbox.

    ``key`` identifies the message (for instance ``invitation:<participant>:<version>``): a second call with the
    same key changes nothing and returns the first message. In order: checks address and subject, writes the
    row, wakes the sender when the transaction commits. It leaves at ``send_after``, or at once. Raises
    ValidationError on ``to_email`` where the address is missing or invalid, ValueError where ``subject`` is not
    from ``reference_subject``.
    """
    if not SUBJECT.fullmatch(subject):
        raise ValueError("The subject of a message comes from reference_subject: it may not name anybody.")
    try:
        validate_email(to_email)
    except ValidationError as error:
        raise ValidationError(
            {"to_email": "Enter an e-mail address, such as name@council.example, before sending."}
        ) from error
    message, created = Message.objects.get_or_create(
        key=key,
        defaults={
            "authority": authority,
            "kind": kind,
            "to_email": to_email,
            "subject": subject,
            "body": body,
            "user": user,
            "person_id": person_id,
            "family_id": family_id,
            "conference_id": conference_id,
            "calendar_file": calendar_file,
            "created_at": now,
            "send_after": send_after or now,
        },
    )
    if created:
        wake_sender_after_commit()
    return message


@transaction.atomic
def withdraw_messages(
    *,
    because: str,
    now: datetime.datetime,
    key: str = "",
    key_prefix: str = "",
    person_id: int | None = None,
    family_id: int | None = None,
    conference_id: int | None = None,
) -> int:
    """Withdraw every unsent message that matches all the given filters, and return how many.

    Covers messages waiting, including for a retry or a manager, and those whose sender died on the way. One being
    sent at this moment is not stopped: its sender ran the checks of ``may_send`` when it began. Raises ValueError
    where there is no filter or no reason.
    """
    given = {
        "key": key,
        "key__startswith": key_prefix,
        "person_id": person_id,
        "family_id": family_id,
        "conference_id": conference_id,
    }
    narrowed = {name: value for name, value in given.items() if value not in {"", None}}
    if not narrowed or not because.strip():
        raise ValueError("Say which messages to withdraw, and why.")
    unsent = Q(state__in=[MessageState.WAITING, MessageState.HELD])
    unsent |= Q(state=MessageState.SENDING, claimed_until__lte=now)
    return Message.objects.filter(unsent, **narrowed).update(
        state=MessageState.WITHDRAWN, withdrawn_at=now, withdrawn_because=because[:300], claimed_until=None
    )


@transaction.atomic
def send_again(*, message: Message, now: datetime.datetime) -> Message:
    """Put a failed message back in the queue, with all its attempts ahead of it.

    Raises ValidationError unless it has failed or is already waiting, or where it would be withheld as things are.
    """
    locked = Message.objects.select_for_update().get(pk=message.pk)
    if locked.state == MessageState.WAITING:
        return locked
    if locked.state != MessageState.FAILED:
        raise ValidationError("Only a message that could not be sent can be sent again.")
    if withheld := reason_to_withhold(locked):
        raise ValidationError(f"It would not be sent. {withheld}")
    locked.state = MessageState.WAITING
    locked.tries = 0
    locked.send_after = now
    locked.save(update_fields=["state", "tries", "send_after"])
    wake_sender_after_commit()
    return locked


def send_due(*, now: datetime.datetime, limit: int) -> int:
    """Send what is due, oldest first and at most ``limit`` messages; return how many were settled.

    Any number of workers may run this: each message is claimed by one of them for ``LEASE``, sent, and then
    marked sent. One whose sender died is retried when its lease has expired. It may then leave a second time,
    with the same Message-ID, rather than not at all. Runs outside any transaction: each claim must be visible
    to the other workers before sending starts.
    """
    started = time.monotonic()
    settled = 0
    while settled < limit:
        # The lease of the last message counts from its own claim, not from the start of the round.
        moment = now + datetime.timedelta(seconds=time.monotonic() - started)
        message = _claim_next(now=moment)
        if message is None:
            break
        _settle(message, now=moment)
        settled += 1
    return settled


@transaction.atomic(durable=True)
def _claim_next(*, now: datetime.datetime) -> Message | None:
    """Claim the oldest message that is due and unclaimed; a claim ends with its lease."""
    waiting = Q(state=MessageState.WAITING, send_after__lte=now)
    left_behind = Q(state=MessageState.SENDING, claimed_until__lte=now)
    message: Message | None = (
        Message.objects.select_for_update(skip_locked=True)
        .filter(waiting | left_behind)
        .order_by("send_after", "pk")
        .first()
    )
    if message is None:
        return None
    message.state = MessageState.SENDING
    message.claimed_until = now + LEASE
    message.tries += 1
    message.save(update_fields=["state", "claimed_until", "tries"])
    return message


def _settle(message: Message, *, now: datetime.datetime) -> None:
    """Send a claimed message and record the outcome, if the claim is still ours then."""
    outcome: dict[str, object]
    try:
        if message.tries > MAX_TRIES:
            outcome = {"state": MessageState.FAILED, "failure": "The sender stopped while sending it."}
        elif withheld := reason_to_withhold(message):
            outcome = {"state": MessageState.WITHDRAWN, "withdrawn_at": now, "withdrawn_because": withheld[:300]}
        elif held := reason_to_hold(message):
            outcome = {"state": MessageState.HELD, "held_at": now, "held_because": held[:300]}
        else:
            _as_it_leaves(message, now=now).send()
            outcome = {"state": MessageState.SENT, "sent_at": now, "failure": ""}
    except Exception as error:  # noqa: BLE001 - one message must not hold up the others
        logger.warning("message_not_sent", message=message.pk, error=type(error).__name__)
        outcome = _after_failure(message, error, now=now)
    try:
        _record(message, outcome, now=now)
    except Exception as error:  # noqa: BLE001 - the claim ends, and the message is settled again
        logger.warning("outcome_not_recorded", message=message.pk, error=type(error).__name__)


@transaction.atomic
def _record(message: Message, outcome: dict[str, object], *, now: datetime.datetime) -> None:
    """Record the outcome if the claim is still ours; where it did not leave, act on that and tell of a failure."""
    ours = Message.objects.filter(pk=message.pk, state=MessageState.SENDING, claimed_until=message.claimed_until)
    if not ours.update(claimed_until=None, **outcome):
        return
    if outcome["state"] == MessageState.FAILED:
        _tell_of_failure(message, now=now)
    if outcome["state"] in (MessageState.FAILED, MessageState.WITHDRAWN):
        for listener in not_sent:
            listener(message, str(outcome.get("withdrawn_because") or outcome.get("failure")), now)


def _tell_of_failure(message: Message, *, now: datetime.datetime) -> None:
    """Send a notice in the product, because e-mail is what failed."""
    today = timezone.localdate(now)
    people = who_answers_for(message, on=today)
    readers = RoleAssignment.objects.current(on=today).filter(
        authority=message.authority_id, role__in=OUTBOX_ROLES, user__in=people
    )
    opens_it = set(readers.values_list("user", flat=True))
    page = reverse("notifications:see-message", args=[message.pk])
    for user_id in people:
        Notice.objects.get_or_create(
            user_id=user_id,
            # A failure after a manual retry is announced again.
            key=f"message-failed:{message.pk}:{now:%Y%m%d%H%M%S}",
            defaults={
                "text": f"An e-mail could not be sent. {message.subject}"[:250],
                "url": page if user_id in opens_it else "",
                "urgent": True,
                "created_at": now,
            },
        )
    if not people:
        logger.error("failed_message_told_to_nobody", message=message.pk)


def _after_failure(message: Message, error: Exception, *, now: datetime.datetime) -> dict[str, object]:
    refused = isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= PERMANENT_REFUSAL for code, _ in error.recipients.values()
    )
    # The class only: an exception's text may repeat addresses.
    failure = "The recipient's mail server refused the address." if refused else f"{type(error).__name__}."
    if refused or message.tries >= MAX_TRIES:
        return {"state": MessageState.FAILED, "failure": failure}
    return {"state": MessageState.WAITING, "failure": failure, "send_after": now + RETRY_AFTER[message.tries - 1]}


def _as_it_leaves(message: Message, *, now: datetime.datetime) -> EmailMessage:
    email = as_email(message, body=as_it_leaves(message, now=now))
    for source in attachments:
        for name, content, kind in source(message, now):
            email.attach(name, content, kind)
    return email


def as_email(message: Message, *, body: str | None = None) -> EmailMessage:
    """Return the message with its calendar file; its Message-ID is the same on every attempt.

    ``body`` is the text to send where it says more than the outbox knows.
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
    email = EmailMessage(
        subject=message.subject,
        body=message.body if body is None else body,
        to=[message.to_email],
        headers={"Message-ID": f"<message-{message.pk}@{domain}>"},
    )
    if message.calendar_file:
        method = method_of(message.calendar_file)
        email.attach("meeting.ics", message.calendar_file, f"text/calendar; method={method}")
    return email


@transaction.atomic
def notify(*, user: User, key: str, text: str, url: str = "", urgent: bool = False, now: datetime.datetime) -> Notice:
    """Tell ``user`` something inside the product, once for each ``key``; a repeat returns the first notice.

    ``text`` carries references, no names; ``url`` is a path on this site. Raises ValueError where ``url`` leads
    anywhere else.
    """
    if url and (not url.startswith("/") or url.startswith("//")):
        raise ValueError("A notice links to a page of this site.")
    notice, _ = Notice.objects.get_or_create(
        user=user, key=key, defaults={"text": text, "url": url, "urgent": urgent, "created_at": now}
    )
    return notice


@transaction.atomic
def acknowledge_notice(*, notice: Notice, now: datetime.datetime) -> Notice:
    """Record that the user has seen a notice; the first time counts."""
    Notice.objects.filter(pk=notice.pk, acknowledged_at__isnull=True).update(acknowledged_at=now)
    notice.refresh_from_db()
    return notice
