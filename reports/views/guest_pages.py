"""The papers that someone was sent, as pages on a phone and not only as files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods

from accounts.enums import ReadKind
from accounts.guests.access import GuestRequired, guest_of, record_guest_read
from accounts.guests.pages import guest_page
from accounts.models import Authority
from conferences.guest_access import INVITATION, place_of_guest, record_as_guest
from conferences.models import Participant
from core_groups.guest_access import CORE_GROUP, place_of_member
from families.models import Person
from reports.enums import DocumentKind, NewsKind
from reports.models import Copy
from reports.pdf import TEMPLATES, context_of
from reports.row_by_row import part_without_tables
from reports.selectors.guest_papers import copies_for
from reports.selectors.own_objections import children_to_dissent_about
from reports.selectors.plan_papers import GivenPlan, plans_given_to
from reports.services.copy_news import note_opened, record_news
from reports.services.documents import composed_copy
from reports.services.laying_out import retire_refused, stamp_of
from reports.services.refusals import CopyRefusedError
from reports.views.guest_minutes import copies_of
from reports.views.guest_parts import session_of

# Minutes share one template with their file, and fill another frame with it.
BODIES = {
    DocumentKind.DECISIONS_LETTER: "reports/pdf/letter_body.html",
    DocumentKind.PLAN: "reports/pdf/plan_paper_body.html",
    DocumentKind.CHILDS_LETTER: "reports/pdf/childs_letter_body.html",
    DocumentKind.MINUTES: TEMPLATES[DocumentKind.MINUTES],
    DocumentKind.CORE_GROUP: TEMPLATES[DocumentKind.CORE_GROUP],
}


@require_http_methods(["GET", "HEAD", "POST"])
def copy_as_page(request: HttpRequest, copy_pk: int) -> HttpResponse:
    """Show the guest's own letter or minutes as they may go out today; any other answers as a closed link does."""
    participant = place_of_guest(request)
    row = next((row for row in copies_for(participant) if row.pk == copy_pk), None)
    kind = ReadKind.REFUSED if row is None else ReadKind.PAGE
    record_as_guest(request, participant, kind=kind, subject="Copy", subject_id=copy_pk)
    if row is None:
        raise GuestRequired
    frame = {
        "back_url": reverse("guest_papers:papers"),
        "file_url": reverse("guest_papers:copy", args=[copy_pk]),
        "wrong_url": _where_to_say_so(participant, row),
        "not_agree_url": reverse("guest_papers:not-agree") if children_to_dissent_about(participant) else "",
    }
    recipient = row.document.id_of(participant)
    return _shown(request, row, recipient, frame, authority=participant.conference.authority)


def _where_to_say_so(participant: Participant, row: Copy) -> str:
    """Return where a guest says what is wrong in their copy; of a letter, the family alone."""
    if row.document.kind == DocumentKind.MINUTES:
        return reverse("guest_papers:minutes-wrong", args=[row.pk])
    return reverse("guest_meeting:ask") if participant.is_family else ""


@require_http_methods(["GET", "HEAD", "POST"])
def plan_of_participant(request: HttpRequest, copy_pk: int) -> HttpResponse:
    """Show the plan to someone who came by the link of their invitation."""
    participant = place_of_guest(request)
    frame = {
        "back_url": reverse("guest_papers:papers"),
        "file_url": reverse("guest_papers:plan", args=[copy_pk]),
        "changes_url": reverse("guest_papers:plan-changes", args=[copy_pk]),
        "wrong_url": reverse("guest_meeting:ask") if participant.is_family else "",
    }
    conference = participant.conference
    return _plan(
        request, copy_pk, participant.person, frame, family=conference.family_id, purpose=INVITATION,
        authority=conference.authority,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def plan_of_member(request: HttpRequest, copy_pk: int) -> HttpResponse:
    """Show the plan to a core group member without an account."""
    member = place_of_member(request)
    frame = {
        "back_url": reverse("guest_core_group:home"),
        "file_url": reverse("guest_core_group_papers:plan", args=[copy_pk]),
        "changes_url": reverse("guest_core_group_papers:plan-changes", args=[copy_pk]),
    }
    group = member.core_group
    return _plan(
        request, copy_pk, member.person, frame, family=group.family_id, purpose=CORE_GROUP, authority=group.authority
    )


@require_http_methods(["GET", "HEAD", "POST"])
def minutes_of_member(request: HttpRequest, copy_pk: int) -> HttpResponse:
    """Show a core group member's own minutes as they may go out today; any other answers as a closed link does."""
    member = place_of_member(request)
    row = next((row for row in copies_of(member) if row.pk == copy_pk), None)
    group = member.core_group
    record_guest_read(
        request,
        guest_of(request, purpose=CORE_GROUP),
        subject="Copy",
        subject_id=copy_pk,
        family_ids=[group.family_id],
        person_ids=[member.person_id],
        kind=ReadKind.REFUSED if row is None else ReadKind.PAGE,
    )
    if row is None:
        raise GuestRequired
    frame = {
        "back_url": reverse("guest_core_group:home"),
        "file_url": reverse("guest_core_group_papers:copy", args=[copy_pk]),
    }
    return _shown(request, row, member.pk, frame, authority=group.authority)


def _plan(
    request: HttpRequest,
    copy_pk: int,
    person: Person,
    frame: dict[str, str],
    *,
    family: int,
    purpose: str,
    authority: Authority,
) -> HttpResponse:
    given = given_plan(request, copy_pk, person, family=family, purpose=purpose)
    if given.before is None:
        frame = {name: text for name, text in frame.items() if name != "changes_url"}
    return _shown(request, given.copy, person.pk, frame, authority=authority)


def given_plan(request: HttpRequest, copy_pk: int, person: Person, *, family: int, purpose: str) -> GivenPlan:
    """Return the guest's own copy of a plan, and log that they read it; any other answers as a closed link does."""
    found = plans_given_to(person, on=timezone.localdate())
    given = next((one for one in found if one.copy.pk == copy_pk), None)
    record_guest_read(
        request,
        guest_of(request, purpose=purpose),
        subject="Copy",
        subject_id=copy_pk,
        family_ids=[family],
        person_ids=[person.pk],
        kind=ReadKind.REFUSED if given is None else ReadKind.PAGE,
    )
    if given is None:
        raise GuestRequired
    return given


def _shown(
    request: HttpRequest, row: Copy, recipient_id: int, frame: dict[str, str], *, authority: Authority
) -> HttpResponse:
    """Show one recipient's copy with every check of the file; where it may not go out now, neither does the page.

    That it was opened is noted the first time, and that its reader says so (a POST) as well.
    """
    now, document = timezone.now(), row.document
    try:
        copy = composed_copy(document, recipient_id, now=now)
    except CopyRefusedError:
        retire_refused(document, recipient_id, now=now)
        return guest_page(request, "guest_papers/not_now.html", frame, authority=authority, status=409)
    note_opened(row, guest_session_id=session_of(request), now=now)
    if request.method == "POST":
        record_news(
            copy=row, kind=NewsKind.ACKNOWLEDGED, note="", by=None, guest_session_id=session_of(request), now=now
        )
        return redirect(request.path)
    body = BODIES[DocumentKind(document.kind)]
    context = {**context_of(copy, stamp_of(document), on_page=True), "paper_frame": "reports/pdf/bare.html"}
    # The templates have escaped what somebody typed, and the same is written again.
    said = mark_safe(part_without_tables(render_to_string(body, context)))
    has_it = row.news.filter(kind=NewsKind.ACKNOWLEDGED).exists()
    context = {"title": copy.title, "said": said, "has_it": has_it, **frame}
    return guest_page(request, "guest_papers/paper_as_page.html", context, authority=authority)
