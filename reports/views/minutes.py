"""Views after the meeting: letter and minutes, prepared by the coordinator, released by whom the procedures name."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.models import User
from conferences.access import access_conference, may
from conferences.agreed_by import named_rule, named_words
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from govuk.generic import form_view
from meetings.selectors.corrections import corrections_of, moves_of
from reports.access import RELEASED_UNDER, may_after, may_release_document
from reports.content import content_of, turn_to
from reports.copies import compose_whole, entitlement_of, recipients_due
from reports.enums import DocumentKind, DocumentState
from reports.forms.documents import PrepareForm, ReleaseForm
from reports.models import Document
from reports.selectors.circulation import (
    Circulation,
    circulation_of,
    current_document,
    documents_of,
    may_be_settled,
    on_page,
)
from reports.selectors.copies_in_a_row import copies_in_a_row
from reports.selectors.formats import formats_of
from reports.selectors.objections import accepted_comments, objections_of
from reports.selectors.proofs import Entries, proofs_of, sentences_about
from reports.selectors.wording import PaperOf, authors_at_length, worded
from reports.services.corrections import to_tell
from reports.services.documents import prepare_document, release_document
from reports.signs import signs_without_font, texts_in
from reports.views.childs_letters import letters_block
from reports.views.parts import around_conference
from reports.views.sending_back import recommends_legal_planning

SLUGS = {DocumentKind.DECISIONS_LETTER: "decisions-letter", DocumentKind.MINUTES: "minutes"}
TITLES = {DocumentKind.DECISIONS_LETTER: "Decisions letter", DocumentKind.MINUTES: "Minutes"}


def see_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the state of letter and minutes, and who each copy was sent to."""
    conference = access_conference(request, pk)
    documents = list(documents_of(conference))
    blocks = [_block(kind, documents, conference, user_of(request)) for kind in TITLES]
    context = {
        **around_conference(request, conference, tab="minutes"),
        "blocks": blocks,
        "is_closed": conference.status == ConferenceStatus.CLOSED,
        "letters": letters_block(conference, user_of(request)),
        "corrections": list(corrections_of(conference)),
        "moves": list(moves_of(conference)),
        "to_tell": to_tell(conference),
        "objections": objections_of(conference, user_of(request)),
        "may_follow": may_after(user_of(request), conference, to="follow"),
        "may_answer": may_after(user_of(request), conference, to="answer"),
    }
    return render(request, "reports/minutes.html", context)


def _block(kind: DocumentKind, documents: list[Document], conference: Conference, user: User) -> dict[str, object]:
    versions = [row for row in documents if row.kind == kind]
    current = next((row for row in versions if row.state != DocumentState.SUPERSEDED), None)
    circulation: Circulation | None = circulation_of(current) if current else None
    return {
        "kind": kind,
        "slug": "decisions-letter" if kind == DocumentKind.DECISIONS_LETTER else "minutes",
        "title": TITLES[kind],
        "document": current,
        "released_by": named_words(conference, RELEASED_UNDER[kind]),
        "may_release": current is not None
        and current.state == DocumentState.PREPARED
        and may_release_document(user, current),
        "circulation": circulation,
        "formats": formats_of(current, on=timezone.localdate()),
        "earlier": [row for row in versions if row.state == DocumentState.SUPERSEDED],
    }


def prepare_decisions_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the decisions into the letter that is then released."""
    return _prepare(request, pk, DocumentKind.DECISIONS_LETTER)


def prepare_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the conference into the minutes that are then signed off."""
    return _prepare(request, pk, DocumentKind.MINUTES)


def _prepare(request: HttpRequest, pk: int, kind: DocumentKind) -> HttpResponse:
    conference = access_conference(request, pk, to="minutes")
    if conference.status != ConferenceStatus.CLOSED:
        return redirect("reports:minutes", pk)
    current = current_document(conference, kind)
    content = worded(content_of(conference, now=timezone.now()), PaperOf(conference, kind))
    proofs = proofs_of(content, kind)
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
        initial={"may_be_read": _read_before(current, proofs.strangers), "because": _why_again(conference, kind)},
    )
    back = reverse("reports:minutes", args=[pk])
    return form_view(
        request,
        form,
        lambda _: _make(request, conference, kind, form),
        button="Prepare the minutes" if kind == DocumentKind.MINUTES else "Prepare the decisions letter",
        success_url=back,
        success_message=f"Prepared. It is now with {named_words(conference, RELEASED_UNDER[kind])}.",
        cancel_url=back,
        template_name="reports/prepare.html",
        kind=kind,
        title=TITLES[kind],
        found=found,
        signs=signs_without_font(texts_in(content)),
        current=current,
        due=[names[pk] for pk in recipients_due(content, kind)],
        copies=copies_in_a_row(content, kind),
        at_length=authors_at_length(content) if kind == DocumentKind.MINUTES else [],
        wording_url=reverse("reports:wording", args=[pk, SLUGS[kind]]),
        not_due=[
            (row["name"], because)
            for row in content["participants"]
            if not (entitlement := entitlement_of(content, row["id"])).covers(kind) and (because := entitlement.because)
        ],
        **around_conference(request, conference, tab="minutes"),
    )


def _why_again(conference: Conference, kind: str) -> str:
    """Return words to start from where a comment on the minutes was right and no version says so yet."""
    waits = kind == DocumentKind.MINUTES and accepted_comments().filter(document__conference=conference).exists()
    return "A comment on the minutes was right." if waits else ""


def _read_before(current: Document | None, strangers: Entries) -> list[str]:
    """Return the entries that the version before let the same people read in the same words."""
    agreed = current.content.get("may_be_read", ()) if current else ()
    return [
        row["entry"]
        for row in agreed
        if (now := strangers.get(row["entry"])) and now.text == row["text"] and now.recipients <= set(row["recipients"])
    ]


def _make(request: HttpRequest, conference: Conference, kind: str, form: PrepareForm) -> None:
    prepare_document(
        conference=conference,
        kind=kind,
        by=user_of(request),
        now=timezone.now(),
        because=form.cleaned_data.get("because") or "",
        leave_out=bool(form.cleaned_data.get("leave_out")),
        not_about_all=form.cleaned_data.get("not_about_all") or (),
        may_be_read=form.cleaned_data.get("may_be_read") or (),
    )


def release(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Let whoever the procedures name read the letter and release it."""
    return _release(request, pk, document_pk, DocumentKind.DECISIONS_LETTER)


def sign_off(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Let whoever the procedures name read the minutes and sign them off."""
    return _release(request, pk, document_pk, DocumentKind.MINUTES)


def _release(request: HttpRequest, pk: int, document_pk: int, kind: DocumentKind) -> HttpResponse:
    conference = access_conference(request, pk, to=named_rule(RELEASED_UNDER[kind]))
    document, user = _document(conference, document_pk, kind), user_of(request)
    if document.state == DocumentState.PREPARED and not may_release_document(user, document):
        raise Http404
    if document.state != DocumentState.PREPARED:
        return redirect("reports:minutes", pk)
    choices = may_be_settled(document.content, kind) if may(user, conference, to="chair") else []
    form = kept_form(request, ReleaseForm, choices=choices)
    is_decisions_letter = kind == DocumentKind.DECISIONS_LETTER
    circulation = circulation_of(document)
    return form_view(
        request,
        form,
        lambda _: release_document(document=document, by=user, now=timezone.now(), settled=form.settled_ids()),
        button="Release the decisions letter" if is_decisions_letter else "Sign off the minutes",
        success_url=reverse("reports:minutes", args=[pk]),
        success_message="Released. The coordinator can now send the copies.",
        template_name="reports/release.html",
        document=document,
        kind=kind,
        title=TITLES[kind],
        circulation=circulation,
        copies=copies_in_a_row(on_page(document), kind, document=document),
        edited=document.content.get("edited", ()),
        send_back_url=reverse("reports:send-back", args=[pk, document_pk]),
        legal_planning_url=reverse("reports:legal-planning", args=[pk, document_pk])
        if recommends_legal_planning(document) and may(user, conference, to="chair")
        else "",
        copy=compose_whole(on_page(document) | turn_to(conference), kind),
        is_decisions_letter=is_decisions_letter,
        may_be_settled=choices,
        no_copy=[
            row
            for row in circulation.not_due
            if row.participant_id not in {participant_pk for participant_pk, _, _ in choices}
        ],
        **around_conference(request, conference, tab="minutes"),
    )


def _document(conference: Conference, document_pk: int, kind: str) -> Document:
    return get_object_or_404(documents_of(conference), pk=document_pk, kind=kind)
