"""Views of circulation: all recipients of a version on one page, the packs that are printed, what became of copies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import record_read, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import ReadKind
from conferences.access import access_conference
from conferences.selectors.procedures import policy_of_conference
from govuk import words
from govuk.generic import form_view
from plans.access import access_plan
from reports.enums import DocumentKind, DocumentState, NewsKind, PackState
from reports.forms.circulation import CirculationForm, GoneForm, NewsForm, TakeOutForm
from reports.models import Copy, Document, PrintPack
from reports.selectors.circulating import circulation_page
from reports.selectors.circulation import documents_of, documents_of_meeting, documents_of_plan
from reports.selectors.papers_around import TITLES, address_of, reference_of
from reports.services.copy_news import record_news
from reports.services.print_packs import Gone, NotReadyError, give_out_pack, record_gone, take_out
from reports.services.sending_copies import Sent, send_copies
from reports.views.core_group_minutes import around_meeting, held_meeting
from reports.views.parts import around_conference, pdf_response
from reports.views.plan_papers import around_plan

MOST_DIGITS = 18
FILES: dict[str, str] = {DocumentKind.DECISIONS_LETTER: "decisions-letter-pdf", DocumentKind.MINUTES: "minutes-pdf"}


@dataclass(frozen=True)
class Desk:
    """One version whose copies are sent, and the pages around it."""

    document: Document
    frame: str
    context: dict[str, Any]
    back: str

    def address(self, name: str, *args: int) -> str:
        return address_of(self.document, name, *args)

    def pdf_url(self, recipient_id: int) -> str:
        """Return the address of one recipient's file."""
        slug = FILES.get(self.document.kind, "copy-pdf")
        return self.address(slug, recipient_id)

    @property
    def title(self) -> str:
        return TITLES[self.document.kind]  # type: ignore[index]


Opens = Callable[..., Desk]


def _of_conference(request: HttpRequest, kind: ReadKind, pk: int, document_pk: int) -> Desk:
    conference = access_conference(request, pk, to="minutes", kind=kind)
    return Desk(
        document=get_object_or_404(documents_of(conference), pk=document_pk),
        frame="reports/wording/conference_frame.html",
        context={**around_conference(request, conference, tab="minutes"), "family_id": conference.family_id},
        back=reverse("reports:minutes", args=[pk]),
    )


def _of_core_group(request: HttpRequest, kind: ReadKind, pk: int, meeting_pk: int, document_pk: int) -> Desk:
    meeting = held_meeting(request, pk, meeting_pk, to="change", kind=kind)
    return Desk(
        document=get_object_or_404(documents_of_meeting(meeting), pk=document_pk),
        frame="reports/core_group/frame.html",
        context={**around_meeting(meeting), "family_id": meeting.core_group.family_id},
        back=reverse("core_group_minutes:minutes", args=[pk, meeting_pk]),
    )


def _of_plan(request: HttpRequest, kind: ReadKind, pk: int, document_pk: int) -> Desk:
    plan = access_plan(request, pk, to="carry")
    document = get_object_or_404(documents_of_plan(plan), pk=document_pk)
    record_read(
        request,
        page=request.resolver_match.view_name if request.resolver_match else "",
        subject=Document.__name__,
        subject_id=document.pk,
        person_ids=[plan.child.person_id, *(row["id"] for row in document.content["participants"])],
        right=plan.right,  # type: ignore[attr-defined]
        kind=kind,
    )
    return Desk(
        document=document,
        frame="reports/plan/frame.html",
        context=around_plan(plan),
        back=reverse("plan_papers:paper", args=[pk]),
    )


def _pages(opens: Opens) -> dict[str, Callable[..., HttpResponse]]:
    """Return the pages of circulation for one kind of paper: each opens the version by that kind's own gatekeeper."""

    def circulate(request: HttpRequest, **numbers: int) -> HttpResponse:
        return _circulate(request, opens(request, ReadKind.PAGE, **numbers))

    def see_pack(request: HttpRequest, pack_pk: int, **numbers: int) -> HttpResponse:
        return _see_pack(request, opens(request, ReadKind.PAGE, **numbers), pack_pk)

    @require_safe
    def pack_file(request: HttpRequest, pack_pk: int, **numbers: int) -> HttpResponse:
        return _pack_file(request, opens(request, ReadKind.PDF, **numbers), pack_pk, only_envelopes=False)

    @require_safe
    def envelopes_file(request: HttpRequest, pack_pk: int, **numbers: int) -> HttpResponse:
        return _pack_file(request, opens(request, ReadKind.PDF, **numbers), pack_pk, only_envelopes=True)

    def take_envelope_out(request: HttpRequest, pack_pk: int, envelope_pk: int, **numbers: int) -> HttpResponse:
        return _take_out(request, opens(request, ReadKind.PAGE, **numbers), pack_pk, envelope_pk)

    def became(request: HttpRequest, copy_pk: int, **numbers: int) -> HttpResponse:
        return _became(request, opens(request, ReadKind.PAGE, **numbers), copy_pk)

    return {
        "circulation": circulate,
        "print-pack": see_pack,
        "print-pack-file": pack_file,
        "envelopes-file": envelopes_file,
        "take-envelope-out": take_envelope_out,
        "copy-became": became,
    }


OF_CONFERENCE = _pages(_of_conference)
OF_CORE_GROUP = _pages(_of_core_group)
OF_PLAN = _pages(_of_plan)


def _circulate(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show everyone due a copy, and send to those who were confirmed; a problem of one stands beside that one."""
    document = desk.document
    if document.state != DocumentState.RELEASED:
        return redirect(desk.back)
    again = {int(pk) for pk in request.GET.getlist("again") if pk.isdecimal() and len(pk) <= MOST_DIGITS}
    page = circulation_page(document, now=timezone.now(), again=again)
    form = kept_form(request, CirculationForm, rows=page.to_send)
    sent: Sent | None = None
    if request.method == "POST":
        form.is_valid()
        sendings = form.sendings() if "form_key" not in form.errors else []
        if sendings:
            try:
                sent = send_copies(
                    document=document,
                    sendings=sendings,
                    form_key=form.cleaned_data["form_key"],
                    by=user_of(request),
                    now=timezone.now(),
                )
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                for pk, sentences in sent.refused.items():
                    form.add_error(f"{pk}-channel", sentences)
        elif not form.errors:
            form.add_error(None, "Choose for at least one person how they get it, and tick that you have checked it.")
        if sent is not None and (told := _told(sent)):
            messages.success(request, told)
        if sent is not None and not form.errors:
            leads_on = desk.address("print-pack", sent.pack.pk) if sent.pack else desk.address("circulation")
            return redirect(leads_on)
        # What went is no longer asked about.
        page = circulation_page(_again(desk), now=timezone.now(), again=again if sent is None else ())
        form.look_again(page.to_send)
    context = {
        "form": form,
        "desk": desk,
        "document": document,
        "page": page,
        "rows": [{**row, "pdf_url": desk.pdf_url(row["one"].pk)} for row in form.drawn()],
        "became": [
            {
                "one": one,
                "pdf_url": "" if one.is_superseded else desk.pdf_url(one.recipient_id),
                "became_url": "" if one.is_superseded else desk.address("copy-became", one.copy.pk),
            }
            for one in page.became
        ],
        "not_well": sum(one.is_to_be_looked_at for one in page.became),
        "packs": [
            {
                "url": desk.address("print-pack", pack.pk),
                "pack": pack,
                "waiting": [row for row in page.waiting_in.values() if row.pack_id == pack.pk],
            }
            for pack in page.packs
        ],
        "handed_out": document.kind == DocumentKind.DECISIONS_LETTER
        and policy_of_conference(document.conference).hands_out_decisions,
        "again_url": desk.address("circulation"),
        "circulation_frame": desk.frame,
        **desk.context,
    }
    return render(request, "reports/circulation/circulate.html", context)


def _again(desk: Desk) -> Document:
    """Return the version with its copies as they are now."""
    desk.document._prefetched_objects_cache = {}  # type: ignore[attr-defined] # noqa: SLF001
    return desk.document


def _told(sent: Sent) -> str:
    parts = []
    if sent.copies:
        parts.append(f"{words.count(len(sent.copies), 'copy', 'copies')} sent.")
    if sent.pack is not None:
        number = len([row for row in sent.pack.envelopes.all() if row.waits])
        parts.append(f"{words.count(number, 'envelope is', 'envelopes are')} being made ready to print.")
    return " ".join(parts)


def _pack(desk: Desk, pack_pk: int) -> PrintPack:
    rows = PrintPack.objects.select_related(
        "document__conference__authority", "document__conference__family", "made_by"
    )
    found: PrintPack = get_object_or_404(rows.prefetch_related("envelopes__copy"), pk=pack_pk, document=desk.document)
    return found


def _see_pack(request: HttpRequest, desk: Desk, pack_pk: int) -> HttpResponse:
    """Show a pack, and record which of its envelopes went; a problem of one stands beside that one."""
    pack = _pack(desk, pack_pk)
    envelopes = list(pack.envelopes.all())
    waiting = [row for row in envelopes if row.waits] if pack.is_ready else []
    now = timezone.localtime().replace(second=0, microsecond=0)
    form = kept_form(request, GoneForm, envelopes=waiting, initial={"at": now})
    if request.method == "POST" and waiting and form.is_valid():
        gone: Gone | None = None
        try:
            gone = record_gone(pack=pack, marks=form.marks(), at=form.at, by=user_of(request), now=timezone.now())
        except ValidationError as refusal:
            form.add_error("at" if "at" in refusal.message_dict else None, refusal.messages)
        if gone is not None:
            if gone.copies:
                messages.success(request, f"{words.count(len(gone.copies), 'copy is', 'copies are')} recorded as sent.")
            if not gone.refused:
                left = len(waiting) - len(gone.copies)
                return redirect(desk.address("print-pack", pack.pk) if left else desk.address("circulation"))
            for pk, sentences in gone.refused.items():
                form.add_error(f"{pk}-mark", sentences)
            pack = _pack(desk, pack_pk)
            envelopes = list(pack.envelopes.all())
            form.envelopes = [row for row in envelopes if row.waits or row.pk in gone.refused]
    context = {
        "pack": pack,
        "desk": desk,
        "document": desk.document,
        "form": form,
        "rows": [
            {
                "envelope": row,
                "mark": form.draw(f"{row.pk}-mark", size="s", css_class="govuk-input--width-5")
                if row in form.envelopes
                else "",
                "take_out_url": desk.address("take-envelope-out", pack.pk, row.pk),
            }
            for row in envelopes
        ],
        "may_record": bool(form.envelopes),
        "at": form.draw("at"),
        "is_being_made": pack.state == PackState.WAITING,
        "has_post": any(row.channel == "post" and row.waits for row in envelopes),
        "file_url": desk.address("print-pack-file", pack.pk),
        "envelopes_url": desk.address("envelopes-file", pack.pk),
        "circulation_url": desk.address("circulation"),
        "circulation_frame": desk.frame,
        **desk.context,
    }
    return render(request, "reports/circulation/pack.html", context)


def _pack_file(request: HttpRequest, desk: Desk, pack_pk: int, *, only_envelopes: bool) -> HttpResponse:
    """Serve the pages, or the envelopes, to print, after every check of each copy among them."""
    pack = _pack(desk, pack_pk)
    try:
        file = give_out_pack(pack, by=user_of(request), now=timezone.now(), only_envelopes=only_envelopes)
    except NotReadyError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(desk.address("print-pack", pack.pk))
    what = "envelopes" if only_envelopes else "pack"
    return pdf_response(file, f"{reference_of(desk.document).replace('/', '-')}-{what}-{pack.pk}.pdf")


def _take_out(request: HttpRequest, desk: Desk, pack_pk: int, envelope_pk: int) -> HttpResponse:
    pack = _pack(desk, pack_pk)
    envelope = next((row for row in pack.envelopes.all() if row.pk == envelope_pk), None)
    if envelope is None:
        raise Http404
    back = desk.address("print-pack", pack.pk)
    return form_view(
        request,
        kept_form(request, TakeOutForm),
        lambda data: take_out(envelope=envelope, because=data["because"], now=timezone.now()),
        success_url=back,
        success_message="Recorded. Destroy what was printed for them.",
        cancel_url=back,
        template_name="reports/circulation/take_out.html",
        envelope=envelope,
        desk=desk,
        circulation_frame=desk.frame,
        **desk.context,
    )


def _became(request: HttpRequest, desk: Desk, copy_pk: int) -> HttpResponse:
    """Record what became of one copy; where it came back opened, what happened is recorded next."""
    rows = Copy.objects.select_related("document__conference", "recipient__person", "member__person", "person")
    copy = get_object_or_404(rows.prefetch_related("news__recorded_by"), pk=copy_pk, document=desk.document)
    holder = copy.recipient or copy.member
    person = holder.person if holder is not None else copy.person
    back = desk.address("circulation")

    def leads_to(row: Any) -> str:
        family_id = desk.context.get("family_id")
        if row.kind == NewsKind.RETURNED_OPENED and family_id:
            return f"{reverse('incidents:record', args=[family_id])}?copy={copy.pk}"
        return back if desk.document.is_released else desk.back

    return form_view(
        request,
        kept_form(request, NewsForm),
        lambda data: record_news(copy=copy, by=user_of(request), now=timezone.now(), **data),
        success_url=leads_to,
        success_message="Recorded.",
        cancel_url=back,
        template_name="reports/circulation/became.html",
        copy=copy,
        name=person.full_name if person else "",
        desk=desk,
        circulation_frame=desk.frame,
        **desk.context,
    )
