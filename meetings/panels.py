"""What a conference's overview says of its meeting: who still has to book the next sitting."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from accounts.access import user_of
from conferences.access import may
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from conferences.panels import Wait
from conferences.selectors.broken_off import waits_for_next_sitting
from govuk import words


def next_sitting_waits(request: HttpRequest, conference: Conference) -> Iterator[Wait]:
    """Yield that a broken-off conference has no next sitting yet, with the time that was agreed."""
    if conference.status != ConferenceStatus.SCHEDULED:
        return
    waits = waits_for_next_sitting(Conference.objects.filter(pk=conference.pk)).first()
    if waits is None:
        return
    agreed = waits.goes_on_at  # type: ignore[attr-defined]
    said = f": people agreed on {words.long_date(agreed)}, {words.clock(agreed)}" if agreed else ""
    url = reverse("meetings:book-next-sitting", args=[conference.pk])
    may_book = may(user_of(request), conference, to="arrange")
    yield Wait("Coordinator", f"Book the next sitting{said}", url if may_book else "")
