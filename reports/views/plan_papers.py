"""The paper of a plan: prepared, read and released, and each person's copy."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import record_read, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import ReadKind
from families.models import Person
from govuk.forms import GovukForm
from govuk.generic import form_view
from plans.access import PLAN_CARRY_RULE, access_plan
from plans.models import Plan
from plans.selectors.managers import family_of
from plans.services.versions import current_version
from reports.content.plans import content_of_plan, key_worker_of
from reports.copies import compose_whole, recipients_due
from reports.enums import DocumentKind, DocumentState
from reports.forms.documents import PrepareForm
from reports.models import Document
from reports.selectors.circulation import RecipientRow, documents_of_plan, on_page
from reports.selectors.copies_in_a_row import copies_in_a_row
from reports.selectors.formats import formats_of
from reports.selectors.kept_papers import is_kept
from reports.selectors.plan_papers import circulation_today
from reports.selectors.proofs import proofs_of, sentences_about
from reports.selectors.wording import PaperOf, worded
from reports.services.circulation import file_name
from reports.services.laying_out import give_out
from reports.services.plan_papers import conference_of, may_release_plan, prepare_plan_paper, release_plan_paper
from reports.services.refusals import CopyRefusedError
from reports.signs import signs_without_font, texts_in
from reports.views.parts import pdf_response, wants_large

KIND = DocumentKind.PLAN
FRAME = "reports/plan/frame.html"


class ReleasePlanForm(GovukForm):
    """Nothing to fill in: the page shows what is released, and to whom."""

    button = "Release the plan"


def _url(plan: Plan, name: str = "paper", *args: int) -> str:
    return reverse(f"plan_papers:{name}", args=[plan.pk, *args])


def around_plan(plan: Plan, **context: Any) -> dict[str, Any]:
    """Return the context of the pages about a plan's paper."""
    family = family_of(plan.child)
    return {"plan": plan, "family_id": family.pk if family else None, "frame": FRAME, **context}


def _log(request: HttpRequest, plan: Plan, rows: list[RecipientRow]) -> None:
    record_read(
        request,
        page=request.resolver_match.view_name if request.resolver_match else "",
        subject=Plan.__name__,
        subject_id=plan.pk,
        person_ids=[row.participant_id for row in rows],
        right=plan.right,  # type: ignore[attr-defined]
    )


def see_plan_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the versions of a plan's paper, and who each copy was sent to, or is not told and why."""
    plan = access_plan(request, pk)
    user, today = user_of(request), timezone.localdate()
    versions = list(documents_of_plan(plan))
    current = next((row for row in versions if row.state != DocumentState.SUPERSEDED), None)
    newest = current_version(plan)
    circulation = circulation_today(current, plan, on=today) if current else None
    if circulation is not None:
        _log(request, plan, circulation.rows)
    context = around_plan(
        plan,
        document=current,
        circulation=circulation,
        earlier=[row for row in versions if row.state == DocumentState.SUPERSEDED],
        is_behind=current is not None and newest is not None and current.plan_version_id != newest.pk,
        newest=newest,
        may_prepare=plan.is_open and conference_of(plan) is not None and newest is not None,
        may_carry=PLAN_CARRY_RULE.right_of(user, plan) is not None,
        formats=formats_of(current, on=today),
        may_release=current is not None and may_release_plan(user, current),
    )
    return render(request, "reports/plan/paper.html", context)


def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze what the plan says now into a paper, which the key worker then releases."""
    plan = access_plan(request, pk, to="carry")
    version = current_version(plan)
    if version is None or not plan.is_open:
        raise Http404
    current = documents_of_plan(plan).exclude(state=DocumentState.SUPERSEDED).first()
    conference = conference_of(plan)
    content = content_of_plan(plan, version, now=timezone.now())
    if conference is not None:
        content = worded(content, PaperOf(conference, KIND, plan=plan))
    proofs = proofs_of(content, KIND)
    found = sentences_about(proofs.hidden)
    names = {row["id"]: row["name"] for row in content["participants"]}
    form = kept_form(
        request,
        PrepareForm,
        replaces=current is not None and current.plan_version_id == version.pk and current.sent_back_at is None,
        found=found,
        unnamed=proofs.unnamed,
        strangers=proofs.strangers,
        names=names,
    )

    def save(data: dict[str, Any]) -> Document:
        return prepare_plan_paper(
            plan=plan,
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
        button="Prepare the plan",
        success_url=_url(plan),
        success_message="Prepared. The key worker reads and releases it.",
        cancel_url=_url(plan),
        template_name="reports/plan/prepare.html",
        found=found,
        version=version,
        signs=signs_without_font(texts_in(content["lines"])),
        due=[names[pk] for pk in recipients_due(content, KIND)],
        copies=copies_in_a_row(content, KIND),
        current=current,
        wording_url=_url(plan, "wording") if conference is not None else "",
        not_due=[(row["name"], row["because"]) for row in content["participants"] if row["because"]],
        **around_plan(plan),
    )


def release(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Let the key worker read the plan as it goes out, and release it."""
    plan = access_plan(request, pk)
    document = _document(plan, document_pk)
    if not may_release_plan(user_of(request), document):
        raise Http404
    if document.state != DocumentState.PREPARED:
        return redirect(_url(plan))
    circulation = circulation_today(document, plan, on=timezone.localdate())
    _log(request, plan, circulation.rows)
    return form_view(
        request,
        kept_form(request, ReleasePlanForm),
        lambda _: release_plan_paper(document=document, by=user_of(request), now=timezone.now()),
        success_url=_url(plan),
        success_message="Released. Now send each person their copy.",
        cancel_url=_url(plan),
        template_name="reports/plan/release.html",
        document=document,
        circulation=circulation,
        copies=copies_in_a_row(document.content, KIND, document=document),
        edited=document.content.get("edited", ()),
        send_back_url=_url(plan, "send-back", document_pk),
        copy=compose_whole(on_page(document) | key_worker_of(plan), KIND),
        **around_plan(plan),
    )


def copy_pdf(request: HttpRequest, pk: int, document_pk: int, person_pk: int) -> HttpResponse:
    """Serve one person's copy as PDF; marked as a draft before its release."""
    # Checked before the read is logged: someone told that a paper is not ready has not read it.
    is_large = wants_large(request)
    kept = is_kept(document_pk, person_pk, is_large=is_large)
    plan = access_plan(request, pk)
    document = _document(plan, document_pk)
    may_carry = PLAN_CARRY_RULE.right_of(user_of(request), plan) is not None
    if not may_carry and not may_release_plan(user_of(request), document):
        raise Http404
    person = _person(document, person_pk)
    record_read(
        request,
        page="plan_papers:copy-pdf",
        subject=Document.__name__,
        subject_id=document.pk,
        person_ids=[plan.child.person_id, person.pk],
        right=plan.right,  # type: ignore[attr-defined]
        kind=ReadKind.PDF if kept else ReadKind.PAGE,
    )
    try:
        given = give_out(document, person.pk, now=timezone.now(), is_large=is_large)
    except CopyRefusedError as refusal:
        context = around_plan(plan, refusals=refusal.messages)
        return render(request, "reports/core_group/no_copy.html", context, status=409)
    if given.file is None or not kept:
        context = around_plan(plan, given=given, for_whom=person.full_name)
        return render(request, "reports/core_group/paper_waits.html", context, status=given.status)
    return pdf_response(given.file, file_name(document, _number(document, person.pk), is_large=is_large))


def _document(plan: Plan, document_pk: int) -> Document:
    found: Document = get_object_or_404(documents_of_plan(plan), pk=document_pk)
    return found


def _person(document: Document, person_pk: int) -> Person:
    """Return someone who was around the plan when the version was prepared; anyone else is not found."""
    if not any(row["id"] == person_pk for row in document.content["participants"]):
        raise Http404
    found: Person = get_object_or_404(Person, pk=person_pk)
    return found


def _number(document: Document, person_pk: int) -> int:
    due = recipients_due(document.content, document.kind)
    return due.index(person_pk) + 1 if person_pk in due else 0
