"""E-mails that bring a copy: that it is on the recipient's own page, or secure mail with the file."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.guests.services import mint_token
from conferences.selectors.recipients import to_be_told
from deadlines.working_days.arithmetic import civil_day
from families.models import Person
from notifications.enums import MessageKind, Subject
from notifications.models import Message
from notifications.services.at_sending import register_writer
from notifications.services.outbox import notify, queue_message, reference_subject
from reports.enums import Channel, NewsKind
from reports.models import Copy
from reports.selectors.papers_around import circulation_url, reference_of
from reports.selectors.ways import ways_of
from reports.services.circulation import file_name
from reports.services.copy_news import record_news
from reports.services.documents import composed_copy
from reports.services.laying_out import give_out
from reports.services.refusals import CopyRefusedError

PAPER_LINK = "[the link to your own page, where the paper is]"
NO_LINK = "[Your page can't be opened at the moment. Please ring us.]"
KEY = re.compile(r"paper-copy:(?P<copy>\d+)")


class NotLaidOutYet(Exception):
    """The file is still being made: the message is tried again."""


def queue_paper_mail(copy: Copy, person: Person, *, now: datetime.datetime) -> Message:
    """Queue the e-mail of one copy. It says a reference and nothing of what the paper says, nor of anybody else."""
    document = copy.document
    conference = document.conference
    authority, reference = conference.authority, reference_of(document)
    ring = f"Ring us on {authority.day_phone}" if authority.day_phone else "Get in touch"
    if copy.channel == Channel.OWN_PAGE:
        where = (
            f"There is a paper for you on your own page: {PAPER_LINK}\nThe page asks for a code. We send it to this "
            "address. The link is only for you. Please do not pass it on."
        )
    else:
        where = "Your copy of a paper is attached. It is only for you. Please do not pass it on."
    body = "\n\n".join(
        (
            "Hello,",
            where,
            f"Reference: {reference}",
            f"{ring} if you have questions, if you can't open it, or if it is not for you.",
            authority.name,
        )
    )
    return queue_message(
        authority=authority,
        key=f"paper-copy:{copy.pk}",
        kind=MessageKind.PAPER,
        to_email=copy.sent_to,
        subject=reference_subject(subject=Subject.PAPERS, reference=reference),
        body=body,
        person_id=person.pk,
        family_id=conference.family_id,
        conference_id=conference.pk,
        now=now,
    )


def copy_of(message: Message) -> Copy | None:
    """Return the copy that a message brings; None for any other message."""
    named = KEY.fullmatch(message.key)
    rows = Copy.objects.select_related("document__conference__authority", "document__conference__coordinator")
    return rows.filter(pk=named["copy"]).first() if named else None


def reason_to_withhold_paper(message: Message) -> str:
    """Return why a copy may not leave at this moment: everything is asked again as when it was sent."""
    copy = copy_of(message)
    if copy is None:
        return ""
    if copy.is_undone:
        return "It was recalled, or recorded as not sent. Send it again from its own page."
    if not copy.document.is_released:
        return "There is a newer version of this paper."
    now = timezone.now()
    row = ways_of(copy.document, now=now, only=[copy.for_whom]).get(copy.for_whom)
    if row is None:
        return "They get no copy any more."
    way = row.ways[Channel(copy.channel)]
    if not way.is_open:
        return way.because
    if way.address.strip().lower() != message.to_email.strip().lower():
        return "Their address has changed since."
    try:
        composed_copy(copy.document, copy.for_whom, now=now)
    except CopyRefusedError as refusal:
        return " ".join(refusal.messages)
    return ""


def write_paper_link(message: Message, now: datetime.datetime) -> str:
    """Return the address of the recipient's own page, for the e-mail that leaves now."""
    copy = copy_of(message)
    row = ways_of(copy.document, now=now, only=[copy.for_whom]).get(copy.for_whom) if copy else None
    page = row.page if row else None
    token = (
        mint_token(purpose=page.purpose, subject_id=page.subject_id, mailbox=message.to_email, now=now) if page else ""
    )
    return f"{settings.PUBLIC_URL}{reverse('guests:open-link', args=[token])}" if token else NO_LINK


def files_of(message: Message, now: datetime.datetime) -> Iterable[tuple[str, bytes, str]]:
    """Yield the file that goes with secure mail. Raises NotLaidOutYet while it is made: then it is tried again."""
    copy = copy_of(message)
    if copy is None or copy.channel != Channel.SECURE_EMAIL:
        return
    given = give_out(copy.document, copy.for_whom, now=now, is_large=copy.is_large)
    if given.file is None:
        raise NotLaidOutYet
    yield file_name(copy.document, copy.pk, is_large=copy.is_large), given.file, "application/pdf"


def on_paper_not_sent(message: Message, because: str, now: datetime.datetime) -> None:
    """Record that a copy did not leave, which starts its clock again, and tell the coordinator at once."""
    copy = copy_of(message)
    if copy is None or copy.is_undone:
        return
    record_news(copy=copy, kind=NewsKind.NOT_SENT, note=because[:250], by=None, now=now)
    conference = copy.document.conference
    for user in to_be_told(conference, [conference.coordinator, copy.sent_by], on=civil_day(now)):
        notify(
            user=user,
            key=f"paper-not-sent:{copy.pk}",
            text=f"{reference_of(copy.document)}: a copy did not leave. Send it another way.",
            url=circulation_url(copy.document),
            urgent=True,
            now=now,
        )


def register_paper_link() -> None:
    """Register the writer of the link to a paper. Called once from ``connect``."""
    register_writer(PAPER_LINK, write_paper_link)
