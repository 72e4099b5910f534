"""Links of invited people without an account: issued with the invitation, revoked by whatever ends it."""

from __future__ import annotations

import datetime
import re

from django.conf import settings
from django.urls import reverse

from accounts.guests.services import close_links, make_link, mint_token
from accounts.models import GuestLink, User
from conferences.enums import ParticipantStatus
from conferences.guest_access import INVITATION, comes_by_link
from conferences.models import Participant, Sitting
from notifications.models import Message
from notifications.services.at_sending import OWN_LINK, register_writer

# The minutes are due within weeks of the meeting (the council's limit `minutes-sent`), comments on them later.
OPEN_AFTER_THE_MEETING = datetime.timedelta(days=60)
KEY = re.compile(r"invitation:(?P<participant>\d+):.*")
STANDS_OUTSIDE = (ParticipantStatus.AWAITING_CHAIR, ParticipantStatus.KEPT_OUT)
NO_LINK = "[Your page can't be opened at the moment. Please ring us.]"


def issue_link(
    *, participant: Participant, sitting: Sitting, now: datetime.datetime, by: User | None = None, because: str = ""
) -> GuestLink | None:
    """Issue the link for the message to a locked, invited participant without an account.

    A usable one to the same mailbox stays, until the end that follows from the sitting. Returns None, and
    revokes what is open, where they don't come in by link. Raises ValueError for anyone who is not invited:
    those awaiting the chair, kept out or left out get nothing.
    """
    if participant.status != ParticipantStatus.INVITED:
        raise ValueError("Only people who are invited get a link.")
    if not comes_by_link(participant):
        revoke_link(participant, because="They are now told another way.", by=by, now=now)
        return None
    return make_link(
        authority=participant.conference.authority,
        purpose=INVITATION,
        subject_id=participant.pk,
        person_id=participant.person_id,
        sent_to=participant.email,
        expires_at=sitting.booked_until + OPEN_AFTER_THE_MEETING,
        by=by,
        because=because,
        now=now,
    )


def keep_link_open(participant: Participant, *, mailbox: str, now: datetime.datetime) -> GuestLink:
    """Keep the own page of a locked participant open for a paper that is sent to them now; it never ends sooner."""
    standing = GuestLink.objects.filter(purpose=INVITATION, subject_id=participant.pk, revoked_at__isnull=True).first()
    ends = now + OPEN_AFTER_THE_MEETING
    return make_link(
        authority=participant.conference.authority,
        purpose=INVITATION,
        subject_id=participant.pk,
        person_id=participant.person_id,
        sent_to=mailbox,
        expires_at=max(ends, standing.expires_at) if standing else ends,
        by=None,
        now=now,
    )


def revoke_link(
    participant: Participant, *, because: str, now: datetime.datetime, by: User | None = None, stays_go_on: bool = False
) -> int:
    """Revoke every link of a participant and end its sessions; return how many.

    With ``stays_go_on``, for what ends in the course of things, whoever is in stays for the rest of their page; never
    someone about whom the chair decides, or has decided that they stay away.
    """
    return close_links(
        purpose=INVITATION,
        subject_id=participant.pk,
        because=because,
        by=by,
        now=now,
        stays_go_on=stays_go_on and participant.status not in STANDS_OUTSIDE,
    )


def write_link(message: Message, now: datetime.datetime) -> str:
    """Return the URL for the e-mail leaving now, or words to ring instead where the link was revoked meanwhile.

    Likewise where the e-mail goes to another mailbox than the link: it was written before the address changed.
    """
    named = KEY.fullmatch(message.key)
    token = (
        mint_token(purpose=INVITATION, subject_id=int(named["participant"]), mailbox=message.to_email, now=now)
        if named
        else ""
    )
    return f"{settings.PUBLIC_URL}{reverse('guests:open-link', args=[token])}" if token else NO_LINK


def register_link_writer() -> None:
    """Register the writer of guest links. Called once from ``ConferencesConfig.ready``."""
    register_writer(OWN_LINK, write_link)
