"""The plan that was sent to a guest, on the page of whichever link they came by."""

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
from accounts.models import Authority
from conferences.guest_access import INVITATION, place_of_guest
from core_groups.guest_access import CORE_GROUP, place_of_member
from core_groups.models import CoreGroupMember
from families.models import Person
from govuk import words
from reports.copies import recipients_due
from reports.selectors.kept_papers import is_kept
from reports.selectors.plan_papers import plan_title, plans_given_to
from reports.services.circulation import file_name
from reports.services.copy_news import note_opened
from reports.services.laying_out import give_out
from reports.services.refusals import CopyRefusedError
from reports.views.guest_parts import session_of
from reports.views.parts import pdf_response, wants_large


def plan_step(member: CoreGroupMember, now: datetime.datetime) -> Iterable[dict[str, str]]:
    """Yield a row of the member's page for each plan they were sent and may still read."""
    for given in plans_given_to(member.person, on=timezone.localdate(now)):
        sent = f"Sent to you on {words.long_date(timezone.localtime(given.copy.sent_at))}."
        later = " It has been changed since. You will get the new one." if given.is_behind else ""
        yield {
            "title": plan_title(given, member.person),
            "hint": f"{sent}{later}",
            "url": reverse("guest_core_group_papers:read-plan", args=[given.copy.pk]),
        }


@require_safe
def plan_of_member(request: HttpRequest, copy_pk: int) -> HttpResponse:
    """Serve the plan to a core group member without an account."""
    member = place_of_member(request)
    group = member.core_group
    back = {"back_url": reverse("guest_core_group:home")}
    return _serve(
        request, copy_pk, member.person, group.authority, family=group.family_id, purpose=CORE_GROUP, back=back
    )


@require_safe
def plan_of_participant(request: HttpRequest, copy_pk: int) -> HttpResponse:
    """Serve the plan to someone who came by the link of their invitation."""
    participant = place_of_guest(request)
    conference = participant.conference
    return _serve(
        request,
        copy_pk,
        participant.person,
        conference.authority,
        family=conference.family_id,
        purpose=INVITATION,
        back={"back_url": reverse("guest_papers:papers")},
    )


def _serve(
    request: HttpRequest,
    copy_pk: int,
    person: Person,
    authority: Authority,
    *,
    family: int,
    purpose: str,
    back: dict[str, str],
) -> HttpResponse:
    """Serve the guest's own copy as it may go out at this moment; any other answers as a closed link does."""
    now = timezone.now()
    found = plans_given_to(person, on=timezone.localdate(now))
    given_plan = next((one for one in found if one.copy.pk == copy_pk), None)
    is_large = wants_large(request)
    kept = given_plan is not None and is_kept(given_plan.copy.document_id, person.pk, is_large=is_large)
    record_guest_read(
        request,
        guest_of(request, purpose=purpose),
        subject="Copy",
        subject_id=copy_pk,
        family_ids=[family],
        person_ids=[person.pk],
        kind=ReadKind.REFUSED if given_plan is None else ReadKind.PDF if kept else ReadKind.PAGE,
    )
    if given_plan is None:
        raise GuestRequired
    document = given_plan.copy.document
    try:
        given = give_out(document, person.pk, now=now, is_large=is_large)
    except CopyRefusedError:
        return guest_page(request, "guest_papers/not_now.html", back, authority=authority, status=409)
    if given.file is None or not kept:
        return guest_page(
            request, "guest_papers/paper_waits.html", {"given": given, **back}, authority=authority, status=given.status
        )
    note_opened(given_plan.copy, guest_session_id=session_of(request), now=now)
    due = recipients_due(document.content, document.kind)
    number = due.index(person.pk) + 1 if person.pk in due else 0
    return pdf_response(given.file, file_name(document, number, is_large=is_large))
