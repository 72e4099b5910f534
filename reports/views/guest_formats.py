"""What was made of a paper in another format or language, on the page of whoever asked for it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.enums import ReadKind
from accounts.guests.access import GuestRequired, guest_of, record_guest_read
from accounts.guests.pages import guest_page
from conferences.guest_access import place_of_guest, record_as_guest
from core_groups.guest_access import CORE_GROUP, place_of_member
from core_groups.models import CoreGroupMember
from govuk import words
from reports.models import FormatAsked
from reports.selectors.formats import formats_for
from reports.services.formats import file_given_out
from reports.services.refusals import CopyRefusedError
from reports.views.files import as_file


def formats_step(member: CoreGroupMember, _now: datetime.datetime) -> Iterable[dict[str, str]]:
    """Yield a row of the member's page for each paper that was made for them in another format."""
    for row in formats_for(member.person, participant=None, member=member):
        sent = timezone.localtime(row.sent_at) if row.sent_at else None
        yield {
            "title": f"{row.document.get_kind_display()}: {row.words}",
            "hint": f"Sent to you on {words.long_date(sent)}." if sent else "",
            "url": reverse("guest_core_group_papers:format", args=[row.pk]),
        }


@require_safe
def of_participant(request: HttpRequest, format_pk: int) -> HttpResponse:
    """Serve the guest's own paper in another format; any other answers as a closed link does."""
    participant = place_of_guest(request)
    rows = formats_for(participant.person, participant=participant, member=None)
    row = next((row for row in rows if row.pk == format_pk), None)
    kind = ReadKind.REFUSED if row is None else ReadKind.EXPORT
    record_as_guest(request, participant, kind=kind, subject="FormatAsked", subject_id=format_pk)
    if row is None:
        raise GuestRequired
    file = _file(row)
    if file is None:
        authority = participant.conference.authority
        return guest_page(request, "guest_papers/not_now.html", {}, authority=authority, status=409)
    return file


@require_safe
def of_member(request: HttpRequest, format_pk: int) -> HttpResponse:
    """Serve a core group member's own paper in another format; any other answers as a closed link does."""
    member = place_of_member(request)
    group = member.core_group
    rows = formats_for(member.person, participant=None, member=member)
    row = next((row for row in rows if row.pk == format_pk), None)
    record_guest_read(
        request,
        guest_of(request, purpose=CORE_GROUP),
        subject="FormatAsked",
        subject_id=format_pk,
        family_ids=[group.family_id],
        person_ids=[member.person_id],
        kind=ReadKind.REFUSED if row is None else ReadKind.EXPORT,
    )
    if row is None:
        raise GuestRequired
    file = _file(row)
    if file is None:
        back = {"back_url": reverse("guest_core_group:home")}
        return guest_page(request, "guest_papers/not_now.html", back, authority=group.authority, status=409)
    return file


def _file(row: FormatAsked) -> HttpResponse | None:
    """Return the file as a download, as it may go out today; None where it may not."""
    try:
        content = file_given_out(row, now=timezone.now())
    except CopyRefusedError:
        return None
    kind = row.file.file_kind  # type: ignore[union-attr]
    reference = row.document.conference.reference
    name = f"{reference}-{row.document.kind.replace('_', '-')}-v{row.document.number}-{row.format.replace('_', '-')}"
    return as_file(content, kind, name)
