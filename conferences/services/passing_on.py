"""Passes on to whoever takes over what the one before was told and has not settled."""

from __future__ import annotations

import datetime
import re

from django.urls import reverse

from accounts.models import User
from conferences.access import may
from conferences.enums import Job
from conferences.models import Conference, ExclusionRequest
from conferences.selectors.online import MEETS
from conferences.selectors.recipients import to_be_told
from deadlines.working_days.arithmetic import civil_day
from notifications.models import Notice
from notifications.services.outbox import notify

REQUEST = re.compile(r"request:(?P<request>\d+)")


def pass_on_notices(conference: Conference, *, former: User, new: User, now: datetime.datetime) -> int:
    """Tell the new chair or coordinator what the former one was told of a conference and has not settled.

    Not who runs it, which each is told of their own, nor a request that is decided. Whoever may not open the
    conference any more is not asked about it any more. Returns how many were passed on.
    """
    unsettled = Notice.objects.filter(
        user=former, acknowledged_at__isnull=True, url__startswith=reverse("conferences:overview", args=[conference.pk])
    ).order_by("pk")
    about_running_it = ("sitting:", *(f"conference:{conference.pk}:{job}:" for job in Job))
    passed = 0
    for notice in unsettled:
        if notice.key.startswith(about_running_it) or _is_decided(notice):
            continue
        if may(new, conference, to="read"):
            notify(user=new, key=notice.key, text=notice.text, url=notice.url, urgent=notice.urgent, now=now)
            passed += 1
    if not may(former, conference, to="read"):
        unsettled.update(acknowledged_at=now)
    return passed


def _is_decided(notice: Notice) -> bool:
    named = REQUEST.fullmatch(notice.key)
    return named is not None and ExclusionRequest.objects.filter(pk=named["request"], decided_at__isnull=False).exists()


def warn_of_known_link(conference: Conference, *, former: User, now: datetime.datetime) -> None:
    """Tell the coordinator that someone who ran the conference knows the link for those online; it can be changed.

    Whoever runs it reads the link on its page. Does nothing for someone who is still to join on a screen, or once the
    conference is over.
    """
    if not conference.link or conference.status not in MEETS or may(former, conference, to="arrange"):
        return
    for user in to_be_told(conference, [conference.coordinator], on=civil_day(now)):
        notify(
            user=user,
            key=f"link-known:{conference.pk}:{former.pk}:{now:%Y%m%d%H%M%S}",
            text=f"{conference.reference}: someone who ran this conference knows the link for those online. "
            "You can change it.",
            url=reverse("conferences:room-and-screen", args=[conference.pk]),
            now=now,
        )
