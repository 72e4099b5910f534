"""Minutes of a core group meeting: prepared, read and released, and each member's copy."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.enums import ReadKind
from core_groups.access import AS_MEMBER, CORE_GROUP_PLAN_RULE, access_core_group
from core_groups.enums import MeetingState
from core_groups.models import CoreGroupMeeting, CoreGroupMember
from govuk.forms import GovukForm
from govuk.generic import form_view
from reports.content.core_groups import content_of_core_group, key_workers_now
from reports.copies import compose_whole, entitlement_of, recipients_due
from reports.enums import DocumentKind, DocumentState
from reports.forms.documents import PrepareForm
from reports.models import Document
from reports.selectors.circulation import circulation_of, documents_of_meeting, on_page
from reports.selectors.copies_in_a_row import copies_in_a_row
from reports.selectors.formats import formats_of
from reports.selectors.kept_papers import is_kept
from reports.selectors.proofs import proofs_of, sentences_about
from reports.selectors.wording import PaperOf, worded
from reports.services.circulation import file_name
from reports.services.core_group_minutes import may_release, prepare_core_group_minutes, release_core_group_minutes
from reports.services.laying_out import give_out
from reports.services.refusals import CopyRefusedError
from reports.signs import signs_without_font, texts_in
from reports.views.parts import pdf_response, wants_large

KIND = DocumentKind.CORE_GROUP
FRAME = "reports/core_group/frame.html"


class ReleaseMinutesForm(GovukForm):
    """Nothing to fill in: the page shows what is released, and to whom."""

    button = "Release the minutes"


def held_meeting(
    request: HttpRequest, pk: int, meeting_pk: int, *, to: str, kind: ReadKind = ReadKind.PAGE
) -> CoreGroupMeeting:
    """Return a held meeting of a core group. A member of another agency reads their own copy, not these pages."""
    group = access_core_group(request, pk, to="read" if to == "read" else "plan", kind=kind)
    if group.right == AS_MEMBER:  # type: ignore[attr-defined]
        raise Http404
    meeting = get_object_or_404(
        CoreGroupMeeting.objects.select_related("recorded_by"), core_group=group, pk=meeting_pk, state=MeetingState.HELD
    )
    meeting.core_group = group
    return meeting


def _url(meeting: CoreGroupMeeting, name: str = "minutes", *args: int) -> str:
    return reverse(f"core_group_minutes:{name}", args=[meeting.core_group_id, meeting.pk, *args])


def around_meeting(meeting: CoreGroupMeeting, **context: Any) -> dict[str, Any]:
    """Return the context of the pages about a meeting's minutes."""
    return {"group": meeting.core_group, "meeting": meeting, "frame": FRAME, **context}


def minutes_panel(_request: HttpRequest, meeting: CoreGroupMeeting) -> tuple[str, dict[str, Any]] | None:
    """Lead from the record of a meeting to its minutes."""
    current = documents_of_meeting(meeting).exclude(state=DocumentState.SUPERSEDED).first()
    return "reports/core_group/panel.html", around_meeting(meeting, document=current)


def see_core_group_minutes(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Show the versions of a meeting's minutes, and who each copy was sent to."""
    meeting = held_meeting(request, pk, meeting_pk, to="read")
    versions = list(documents_of_meeting(meeting))
    current = next((row for row in versions if row.state != DocumentState.SUPERSEDED), None)
    context = around_meeting(
        meeting,
        document=current,
        circulation=circulation_of(current) if current else None,
        earlier=[row for row in versions if row.state == DocumentState.SUPERSEDED],
        may_release=may_release(user_of(request), meeting.core_group),
        formats=formats_of(current, on=timezone.localdate()),
        may_follow_formats=CORE_GROUP_PLAN_RULE.right_of(user_of(request), meeting.core_group) is not None,
    )
    return render(request, "reports/core_group/minutes.html", context)


def prepare(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Freeze the record of the meeting into minutes, which the key worker then releases."""
    meeting = held_meeting(request, pk, meeting_pk, to="change")
    current = documents_of_meeting(meeting).exclude(state=DocumentState.SUPERSEDED).first()
    content = content_of_core_group(meeting, now=timezone.now())
    if meeting.core_group.conference is not None:
        content = worded(content, PaperOf(meeting.core_group.conference, KIND, meeting=meeting))
    proofs = proofs_of(content, KIND)
    found = sentences_about(proofs.hidden)
    names = {row["id"]: row["name"] for row in content["participants"]}
    form = kept_form(
        request,
        PrepareForm,
        replaces=current is not None and current.sent_back_at is None,
        found=found,
        unnamed=proofs.unnamed,
        strangers=proofs.strangers,
        names=names,
    )

    def save(data: dict[str, Any]) -> Document:
        return prepare_core_group_minutes(
            meeting=meeting,
            by=user_of(request),
            now=timezone.now(),
            because=data.get("because") or "",
            leave_out=bool(data.get("leave_out")),
            not_about_all=data.get("not_about_all") or (),
            may_be_read=data.get("may_be_read") or (),
        )

    return form_view(
        request,
        form,
        save,
        button="Prepare the minutes",
        success_url=_url(meeting),
        success_message="Prepared. The key worker reads and releases them.",
        cancel_url=_url(meeting),
        template_name="reports/core_group/prepare.html",
        found=found,
        signs=signs_without_font(texts_in(content)),
        due=[names[pk] for pk in recipients_due(content, KIND)],
        copies=copies_in_a_row(content, KIND),
        current=current,
        wording_url=_url(meeting, "wording"),
        not_due=[
            (row["name"], because)
            for row in content["participants"]
            if not (entitled := entitlement_of(content, row["id"])).covers(KIND) and (because := entitled.because)
        ],
        **around_meeting(meeting),
    )


def release(request: HttpRequest, pk: int, meeting_pk: int, document_pk: int) -> HttpResponse:
    """Let the key worker read the minutes and release them."""
    meeting = held_meeting(request, pk, meeting_pk, to="change")
    document = _document(meeting, document_pk)
    if not may_release(user_of(request), meeting.core_group):
        raise Http404
    if document.state != DocumentState.PREPARED:
        return redirect(_url(meeting))
    return form_view(
        request,
        kept_form(request, ReleaseMinutesForm),
        lambda _: release_core_group_minutes(document=document, by=user_of(request), now=timezone.now()),
        success_url=_url(meeting),
        success_message="Released. Now send each member their copy.",
        cancel_url=_url(meeting),
        template_name="reports/core_group/release.html",
        document=document,
        circulation=circulation_of(document),
        copies=copies_in_a_row(document.content, KIND, document=document),
        edited=document.content.get("edited", ()),
        send_back_url=_url(meeting, "send-back", document_pk),
        copy=compose_whole(on_page(document) | key_workers_now(meeting), KIND),
        **around_meeting(meeting),
    )


def copy_pdf(request: HttpRequest, pk: int, meeting_pk: int, document_pk: int, member_pk: int) -> HttpResponse:
    """Serve one member's copy as PDF; marked as a draft before its release."""
    # Checked before the read is logged: someone told that a paper is not ready has not read it.
    is_large = wants_large(request)
    kept = is_kept(document_pk, member_pk, is_large=is_large)
    meeting = held_meeting(request, pk, meeting_pk, to="change", kind=ReadKind.PDF if kept else ReadKind.PAGE)
    document = _document(meeting, document_pk)
    member = _member(meeting, member_pk)
    try:
        given = give_out(document, member.pk, now=timezone.now(), is_large=is_large)
    except CopyRefusedError as refusal:
        context = around_meeting(meeting, refusals=refusal.messages)
        return render(request, "reports/core_group/no_copy.html", context, status=409)
    if given.file is None or not kept:
        context = around_meeting(meeting, given=given, for_whom=member.person.full_name)
        return render(request, "reports/core_group/paper_waits.html", context, status=given.status)
    return pdf_response(given.file, file_name(document, _number(document, member.pk), is_large=is_large))


def _document(meeting: CoreGroupMeeting, document_pk: int) -> Document:
    found: Document = get_object_or_404(documents_of_meeting(meeting), pk=document_pk)
    return found


def _member(meeting: CoreGroupMeeting, member_pk: int) -> CoreGroupMember:
    rows = CoreGroupMember.objects.filter(core_group=meeting.core_group_id).select_related("person", "post")
    found: CoreGroupMember = get_object_or_404(rows, pk=member_pk)
    return found


def _number(document: Document, member_pk: int) -> int:
    due = recipients_due(document.content, document.kind)
    return due.index(member_pk) + 1 if member_pk in due else 0
