"""The minutes that were sent to a core group member, on their own page."""

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
from core_groups.guest_access import CORE_GROUP, place_of_member
from core_groups.models import CoreGroupMember
from govuk import words
from reports.copies import recipients_due
from reports.enums import TAKEN_BACK
from reports.models import Copy
from reports.selectors.kept_papers import is_kept
from reports.selectors.standing import standing_documents
from reports.services.circulation import file_name
from reports.services.copy_news import note_opened
from reports.services.laying_out import give_out
from reports.services.refusals import CopyRefusedError
from reports.views.guest_parts import session_of
from reports.views.parts import pdf_response, wants_large


def copies_of(member: CoreGroupMember) -> list[Copy]:
    """Return the newest copy of each version in force that was sent to a member, the oldest meeting first."""
    rows = (
        Copy.objects.filter(
            member=member,
            document__in=standing_documents().filter(core_group_meeting__core_group=member.core_group_id).values("pk"),
        )
        .exclude(news__kind__in=TAKEN_BACK)
        .select_related("document__core_group_meeting__core_group__family", "document__released_by")
        .order_by("document__core_group_meeting__number", "document", "-sent_at", "-pk")
    )
    newest: dict[int, Copy] = {}
    for copy in rows:
        newest.setdefault(copy.document_id, copy)
    return list(newest.values())


def minutes_step(member: CoreGroupMember, _now: datetime.datetime) -> Iterable[dict[str, str]]:
    """Yield a row of the member's page for each of the minutes they were sent."""
    for row in copies_of(member):
        number = row.document.content["core_group"]
        yield {
            "title": f"Minutes of core group {number}",
            "hint": f"Sent to you on {words.long_date(timezone.localtime(row.sent_at))}.",
            "url": reverse("guest_core_group_papers:read-minutes", args=[row.pk]),
        }


@require_safe
def copy(request: HttpRequest, copy_pk: int) -> HttpResponse:
    """Serve the member's own copy as PDF, in either print, as it may go out today; any other as a closed link."""
    member = place_of_member(request)
    row = next((row for row in copies_of(member) if row.pk == copy_pk), None)
    is_large = wants_large(request)
    kept = row is not None and is_kept(row.document_id, member.pk, is_large=is_large)
    record_guest_read(
        request,
        guest_of(request, purpose=CORE_GROUP),
        subject="Copy",
        subject_id=copy_pk,
        family_ids=[member.core_group.family_id],
        person_ids=[member.person_id],
        kind=ReadKind.REFUSED if row is None else ReadKind.PDF if kept else ReadKind.PAGE,
    )
    if row is None:
        raise GuestRequired
    authority, back = member.core_group.authority, {"back_url": reverse("guest_core_group:home")}
    try:
        given = give_out(row.document, member.pk, now=timezone.now(), is_large=is_large)
    except CopyRefusedError:
        return guest_page(request, "guest_papers/not_now.html", back, authority=authority, status=409)
    if given.file is None or not kept:
        return guest_page(
            request, "guest_papers/paper_waits.html", {"given": given, **back}, authority=authority, status=given.status
        )
    note_opened(row, guest_session_id=session_of(request), now=timezone.now())
    due = recipients_due(row.document.content, row.document.kind)
    number = due.index(member.pk) + 1 if member.pk in due else 0
    return pdf_response(given.file, file_name(row.document, number, is_large=is_large))
