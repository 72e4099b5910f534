"""Views of one recipient's copy: its PDF, and the chair's later release of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.enums import ReadKind
from conferences.access import access_conference
from conferences.models import Conference, Participant
from govuk.forms import GovukForm
from govuk.generic import form_view
from reports.access import CHECK_RULES
from reports.content import content_for
from reports.copies import recipients_due
from reports.enums import DocumentKind, DocumentState
from reports.models import Document
from reports.selectors.circulation import circulation_of, documents_of, settled_ids
from reports.selectors.kept_papers import is_kept
from reports.services.circulation import file_name
from reports.services.later_recipients import release_to_later
from reports.services.laying_out import give_out
from reports.services.refusals import CopyRefusedError
from reports.views.parts import around_conference, pdf_response, wants_large


def decisions_letter_pdf(request: HttpRequest, pk: int, document_pk: int, recipient_pk: int) -> HttpResponse:
    """Serve one recipient's decisions letter as PDF; marked as a draft before its release."""
    return _pdf(request, pk, document_pk, recipient_pk, DocumentKind.DECISIONS_LETTER)


def minutes_pdf(request: HttpRequest, pk: int, document_pk: int, recipient_pk: int) -> HttpResponse:
    """Serve one recipient's minutes as PDF; marked as a draft before the chair has signed them off."""
    return _pdf(request, pk, document_pk, recipient_pk, DocumentKind.MINUTES)


def _pdf(request: HttpRequest, pk: int, document_pk: int, recipient_pk: int, kind: str) -> HttpResponse:
    # Checked before the read is logged: someone told that a paper is not ready has not read it.
    is_large = wants_large(request)
    kept = is_kept(document_pk, recipient_pk, is_large=is_large)
    conference = access_conference(request, pk, to=CHECK_RULES[kind], kind=ReadKind.PDF if kept else ReadKind.PAGE)
    document = _document(conference, document_pk, kind)
    recipient = _participant(conference, recipient_pk)
    try:
        given = give_out(document, recipient_pk, now=timezone.now(), is_large=is_large)
    except CopyRefusedError as refusal:
        context = {**around_conference(request, conference, tab="minutes"), "refusals": refusal.messages}
        return render(request, "reports/no_copy.html", context, status=409)
    number = _number(document, recipient_pk)
    if given.file is None or not kept:
        context = {
            **around_conference(request, conference, tab="minutes"),
            "given": given,
            "recipient": recipient,
            "number": number,
        }
        return render(request, "reports/paper_waits.html", context, status=given.status)
    return pdf_response(given.file, file_name(document, number, is_large=is_large))


def release_later(request: HttpRequest, pk: int, document_pk: int, recipient_pk: int) -> HttpResponse:
    """Let the chair release a version that is out already to someone about whom the chair decides."""
    conference = access_conference(request, pk, to="chair")
    document = get_object_or_404(documents_of(conference), pk=document_pk)
    row = next((row for row in circulation_of(document).not_due if row.participant_id == recipient_pk), None)
    recipient = _participant(conference, recipient_pk)
    back = reverse("reports:minutes", args=[pk])
    if row is None and recipient.pk in settled_ids(document):
        return redirect(back)
    if document.state != DocumentState.RELEASED or row is None or not row.chair_decides:
        raise Http404
    return form_view(
        request,
        kept_form(request, GovukForm),
        lambda _: release_to_later(document=document, recipient=recipient, by=user_of(request), now=timezone.now()),
        button="Release it to them",
        success_url=back,
        success_message="Released. The coordinator can now send the copy.",
        cancel_url=back,
        template_name="reports/release_later.html",
        document=document,
        row=row,
        **around_conference(request, conference, tab="minutes"),
    )


def _document(conference: Conference, document_pk: int, kind: str) -> Document:
    found: Document = get_object_or_404(documents_of(conference), pk=document_pk, kind=kind)
    return found


def _participant(conference: Conference, recipient_pk: int) -> Participant:
    rows = conference.participants.select_related("person")
    found: Participant = get_object_or_404(rows, pk=recipient_pk)
    return found


def _number(document: Document, recipient_pk: int) -> int:
    content = content_for(document, recipient_pk)
    due = recipients_due(content, document.kind, settled=settled_ids(document))
    return due.index(recipient_pk) + 1 if recipient_pk in due else 0
