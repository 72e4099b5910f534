"""A letter to a child: what they were told, the letter, its release by the chair, and how it was handed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.enums import ReadKind
from accounts.models import User
from accounts.rules import Rule
from conferences.access import access_conference, may
from conferences.enums import ConferenceStatus
from conferences.models import Conference, ConferenceChild
from conferences.selectors.children import children_in
from conferences.selectors.understanding import written_to
from govuk.generic import form_view
from reports.access import CHILDS_LETTER_RULE, LETTER_STATE_RULE
from reports.content.childs_letter import content_of_letter
from reports.copies import compose
from reports.enums import DocumentKind, DocumentState, ToldState
from reports.forms.childs_letters import HandoverForm, ReleaseLetterForm, ToldForm
from reports.forms.documents import PrepareForm
from reports.models import Document
from reports.selectors.childs_letters import (
    LetterRow,
    is_written_to,
    letters_of,
    letters_to_children,
    tellable,
    told_to,
)
from reports.selectors.copies_in_a_row import copies_in_a_row
from reports.selectors.formats import formats_of
from reports.selectors.kept_papers import is_kept
from reports.selectors.proofs import proofs_of, sentences_about
from reports.services.childs_letters import prepare_letter, record_handover, record_told, release_letter
from reports.services.circulation import file_name
from reports.services.documents import composed_copy
from reports.services.laying_out import give_out
from reports.services.refusals import CopyRefusedError
from reports.signs import signs_without_font, texts_in
from reports.views.parts import around_conference, pdf_response, wants_large

KIND = DocumentKind.CHILDS_LETTER


@dataclass(frozen=True)
class LettersBlock:
    """The letters to the children on the page of letter and minutes; ``may_open`` for those who work with them."""

    rows: list[LetterRow]
    may_open: bool


def letters_block(conference: Conference, user: User) -> LettersBlock:
    """Return the letters to the children of a conference, once the meeting is closed."""
    closed = conference.status == ConferenceStatus.CLOSED
    rows = letters_to_children(conference, on=timezone.localdate()) if closed else []
    return LettersBlock(rows, LETTER_STATE_RULE.right_of(user, conference) is not None)


def _child(
    request: HttpRequest, pk: int, child_pk: int, *, to: Any, kind: ReadKind = ReadKind.PAGE
) -> tuple[Conference, ConferenceChild]:
    """Return a child of a closed conference to whom somebody writes. Raises SignInRequired or Http404."""
    conference = access_conference(request, pk, to=to, kind=kind)
    row = children_in(conference).filter(pk=child_pk).first()
    if row is None or conference.status != ConferenceStatus.CLOSED or not is_written_to(row):
        raise Http404
    row.conference = conference
    return conference, row


def _letter(
    request: HttpRequest, pk: int, document_pk: int, *, to: Any, kind: ReadKind = ReadKind.PAGE
) -> tuple[Conference, ConferenceChild, Document]:
    """Return one version of a letter with its child, as ``_child`` does."""
    child_pk = Document.objects.filter(conference=pk, pk=document_pk).values_list("conference_child", flat=True).first()
    conference, row = _child(request, pk, child_pk or 0, to=to, kind=kind)
    return conference, row, get_object_or_404(letters_of(row), pk=document_pk)


def _url(row: ConferenceChild, name: str = "childs-letter") -> str:
    return reverse(f"reports:{name}", args=[row.conference_id, row.pk])


def _around(request: HttpRequest, conference: Conference, row: ConferenceChild) -> dict[str, Any]:
    return {
        **around_conference(request, conference, tab="minutes"),
        "row": row,
        "name": row.child.person.full_name,
        "how": written_to([row], on=timezone.localdate())[row.pk],
    }


def _current(row: ConferenceChild) -> Document | None:
    return letters_of(row).exclude(state=DocumentState.SUPERSEDED).first()


def _has(user: User, rule: Rule, conference: Conference) -> bool:
    return rule.right_of(user, conference) is not None


def see_letter(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Show where a child's letter stands: told, prepared, released, handed over."""
    conference, row = _child(request, pk, child_pk, to=LETTER_STATE_RULE)
    user, now = user_of(request), timezone.now()
    may_write = _has(user, CHILDS_LETTER_RULE, conference)
    versions = list(letters_of(row).defer("content"))
    current = next((one for one in versions if one.state != DocumentState.SUPERSEDED), None)
    told = told_to(row)
    passages = list(told.passages.all()) if told and may_write else []
    stands = {one.entry: one.recorded for one in tellable(row, now=now)} if passages else {}
    context = {
        **_around(request, conference, row),
        "told": told,
        "said": [one for one in passages if one.state == ToldState.TOLD],
        "kept_back": [one for one in passages if one.state == ToldState.NOT_YET],
        "changed": [one for one in passages if stands.get(one.entry) != one.recorded],
        "document": current,
        "handover": getattr(current, "handover", None),
        "earlier": [one for one in versions if one.state == DocumentState.SUPERSEDED],
        "refusals": _refusals(current, row) if current else [],
        "formats": formats_of(current, on=timezone.localdate()),
        "may_write": may_write,
        "may_release": may(user, conference, to="chair"),
    }
    return render(request, "reports/childs_letter/letter.html", context)


def _refusals(document: Document, row: ConferenceChild) -> list[str]:
    """Return why the letter may not reach the child today; empty if it may."""
    try:
        composed_copy(document, row.child.person_id, now=timezone.now())
    except CopyRefusedError as refusal:
        return list(refusal.messages)
    return []


def tell(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Record what a child was told, in which words, and what must not be said yet."""
    conference, row = _child(request, pk, child_pk, to=CHILDS_LETTER_RULE)
    user, before = user_of(request), told_to(row)
    shown: dict[str, Any] = {"standing": 0, "told_by": user.name, "told_on": timezone.localdate()}
    if before is not None:
        shown = {name: getattr(before, name) for name in ("told_by", "told_on", "how_it_went", "not_yet")}
        shown["standing"] = before.pk
    form = kept_form(request, ToldForm, offered=tellable(row, now=timezone.now()), before=before, initial=shown)
    return form_view(
        request,
        form,
        lambda data: record_told(
            row=row,
            said=form.said(),
            by=user,
            now=timezone.now(),
            **{name: data[name] for name in ("told_by", "told_on", "how_it_went", "not_yet", "standing")},
        ),
        success_url=_url(row),
        success_message="Saved.",
        cancel_url=_url(row),
        template_name="reports/childs_letter/tell.html",
        **_around(request, conference, row),
    )


def prepare(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Make the letter from what the child was told; the chair then reads and releases it."""
    conference, row = _child(request, pk, child_pk, to=CHILDS_LETTER_RULE)
    told, current = told_to(row), _current(row)
    if told is None:
        return redirect(_url(row, "tell-child"))
    content = content_of_letter(row, told, now=timezone.now())
    proofs = proofs_of(content, KIND)
    found = sentences_about(proofs.hidden)
    form = kept_form(
        request,
        PrepareForm,
        replaces=current is not None and current.sent_back_at is None,
        found=[],
        unnamed={},
        strangers=proofs.strangers,
        names={row.child.person_id: row.child.person.full_name},
    )
    return form_view(
        request,
        form,
        lambda data: prepare_letter(
            row=row,
            by=user_of(request),
            now=timezone.now(),
            because=data.get("because") or "",
            may_be_read=data.get("may_be_read") or (),
        ),
        button="Prepare the letter",
        success_url=_url(row),
        success_message="Prepared. The chair reads and releases it.",
        cancel_url=_url(row),
        template_name="reports/childs_letter/prepare.html",
        found=found,
        signs=signs_without_font(texts_in(content["told"])),
        copies=copies_in_a_row(content, KIND),
        letter=compose(content, row.child.person_id, KIND),
        **_around(request, conference, row),
    )


def release(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Let the chair read the very letter, say how, where and by whom it is handed over, and release it."""
    conference, row, document = _letter(request, pk, document_pk, to="chair")
    if document.state != DocumentState.PREPARED:
        return redirect(_url(row))
    told = told_to(row)
    return form_view(
        request,
        kept_form(request, ReleaseLetterForm),
        lambda data: release_letter(document=document, by=user_of(request), now=timezone.now(), **data),
        success_url=_url(row),
        success_message="Released. Once it is handed over, record here how it went.",
        cancel_url=_url(row),
        template_name="reports/childs_letter/release.html",
        document=document,
        told=told,
        copies=copies_in_a_row(document.content, KIND, document=document),
        refusals=_refusals(document, row),
        letter=compose(document.content, row.child.person_id, KIND),
        send_back_url=reverse("reports:send-back-childs-letter", args=[pk, document_pk]),
        **_around(request, conference, row),
    )


def hand_over(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Record that a child got their letter: who, when, where, how it went."""
    conference, row, document = _letter(request, pk, document_pk, to=LETTER_STATE_RULE)
    handover = getattr(document, "handover", None)
    if document.state != DocumentState.RELEASED or handover is None or handover.handed_at is not None:
        return redirect(_url(row))
    shown = {
        "handed_how": handover.how,
        "handed_by": handover.by_whom,
        "handed_where": handover.where,
        "handed_at": timezone.localtime().replace(second=0, microsecond=0),
    }
    return form_view(
        request,
        kept_form(request, HandoverForm, initial=shown),
        lambda data: record_handover(document=document, by=user_of(request), now=timezone.now(), **data),
        success_url=_url(row),
        success_message="Recorded.",
        cancel_url=_url(row),
        template_name="reports/childs_letter/hand_over.html",
        document=document,
        handover=handover,
        refusals=_refusals(document, row),
        **_around(request, conference, row),
    )


def letter_pdf(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Serve a child's letter as PDF, in either print; marked as a draft before its release."""
    is_large = wants_large(request)
    letters = Document.objects.filter(conference=pk, pk=document_pk, kind=KIND)
    person_pk = letters.values_list("conference_child__child__person", flat=True).first() or 0
    kept = is_kept(document_pk, person_pk, is_large=is_large)
    conference, row, document = _letter(
        request, pk, document_pk, to=LETTER_STATE_RULE, kind=ReadKind.PDF if kept else ReadKind.PAGE
    )
    if document.state == DocumentState.PREPARED and not _has(user_of(request), CHILDS_LETTER_RULE, conference):
        raise Http404
    frame = around_conference(request, conference, tab="minutes")
    try:
        given = give_out(document, person_pk, now=timezone.now(), is_large=is_large)
    except CopyRefusedError as refusal:
        return render(request, "reports/no_copy.html", {**frame, "refusals": refusal.messages}, status=409)
    if given.file is None or not kept:
        context = {**frame, "given": given, "for_whom": row.child.person.full_name}
        return render(request, "reports/childs_letter/waits.html", context, status=given.status)
    return pdf_response(given.file, file_name(document, 1, is_large=is_large))
