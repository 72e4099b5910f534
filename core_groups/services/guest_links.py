"""Links of members without an account to their own page: issued with an invitation, revoked when they leave."""

from __future__ import annotations

import datetime
import re

from django.conf import settings
from django.urls import reverse

from accounts.guests.services import close_links, make_link, mint_token
from accounts.models import GuestLink
from core_groups.guest_access import CORE_GROUP, open_to_members
from core_groups.models import CoreGroupMember
from notifications.models import Message
from notifications.services.at_sending import register_writer

MEMBER_LINK = "[the link to your own core group page]"
KEY = re.compile(r"core-group:\d+:(?P<member>\d+):.*")
NO_LINK = "[Your page can't be opened at the moment. Please ring us.]"
# Long enough to read the minutes.
OPEN_AFTER_THE_MEETING = datetime.timedelta(days=60)


def issue_member_link(member: CoreGroupMember, *, until: datetime.datetime, now: datetime.datetime) -> GuestLink | None:
    """Issue a member's link, open until two months after a meeting; a usable one to the same mailbox stays.

    None where they have an account, or may not come in at the moment.
    """
    row = open_to_members(now).select_related("core_group__authority").filter(pk=member.pk).first()
    if row is None:
        return None
    standing = GuestLink.objects.filter(purpose=CORE_GROUP, subject_id=member.pk, revoked_at__isnull=True).first()
    ends = until + OPEN_AFTER_THE_MEETING
    return make_link(
        authority=row.core_group.authority,
        purpose=CORE_GROUP,
        subject_id=row.pk,
        person_id=row.person_id,
        sent_to=row.mailbox,  # type: ignore[attr-defined]
        expires_at=max(ends, standing.expires_at) if standing else ends,
        by=None,
        now=now,
    )


def revoke_member_link(
    member: CoreGroupMember, *, because: str, now: datetime.datetime, stays_go_on: bool = False
) -> int:
    """Revoke a member's links and end their stays, unless these go on for the rest of their page; return how many."""
    return close_links(
        purpose=CORE_GROUP, subject_id=member.pk, because=because, by=None, now=now, stays_go_on=stays_go_on
    )


def write_member_link(message: Message, now: datetime.datetime) -> str:
    """Return the address for the e-mail leaving now; words to ring instead where there is no link to this mailbox."""
    named = KEY.fullmatch(message.key)
    token = (
        mint_token(purpose=CORE_GROUP, subject_id=int(named["member"]), mailbox=message.to_email, now=now)
        if named
        else ""
    )
    return f"{settings.PUBLIC_URL}{reverse('guests:open-link', args=[token])}" if token else NO_LINK


def register_link_writer() -> None:
    """Register the writer of members' links. Called once from ``connect``."""
    register_writer(MEMBER_LINK, write_member_link)
