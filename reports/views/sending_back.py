"""Views of what whoever releases a paper does before that: sending it back, and what it tells of legal planning."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from conferences.agreed_by import named_rule
from conferences.enums import AlsoAdvised
from govuk.generic import form_view
from plans.access import access_plan
from reports.access import RELEASED_UNDER, may_release_document
from reports.enums import DocumentKind, DocumentState
from reports.forms.wording import LegalPlanningForm, SendBackForm
from reports.models import Document
from reports.selectors.circulation import documents_of, documents_of_meeting, documents_of_plan
from reports.services.core_group_minutes import may_release
from reports.services.legal_planning import tell_legal_planning
from reports.services.plan_papers import may_release_plan
from reports.services.wording import send_back
from reports.views.core_group_minutes import around_meeting, held_meeting
from reports.views.parts import around_conference
from reports.views.plan_papers import around_plan


def send_paper_back(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Send a letter or minutes back to the coordinator, with what has to change."""
    user = user_of(request)
    kind = Document.objects.filter(pk=document_pk).values_list("kind", flat=True).first()
    if kind not in RELEASED_UNDER:
        raise Http404
    conference = access_conference(request, pk, to=named_rule(RELEASED_UNDER[kind]))
    document = get_object_or_404(documents_of(conference), pk=document_pk)
    return _send_back(
        request,
        document,
        may_release_document(user, document),
        back=reverse("reports:minutes", args=[pk]),
        wording_frame="reports/wording/conference_frame.html",
        **around_conference(request, conference, tab="minutes"),
    )


def send_core_group_minutes_back(request: HttpRequest, pk: int, meeting_pk: int, document_pk: int) -> HttpResponse:
    """Send minutes of a core group back to whoever prepared them."""
    meeting = held_meeting(request, pk, meeting_pk, to="change")
    document = get_object_or_404(documents_of_meeting(meeting), pk=document_pk)
    return _send_back(
        request,
        document,
        may_release(user_of(request), meeting.core_group),
        back=reverse("core_group_minutes:minutes", args=[pk, meeting_pk]),
        wording_frame="reports/core_group/frame.html",
        **around_meeting(meeting),
    )


def send_plan_paper_back(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Send the paper of a plan back to whoever prepared it."""
    plan = access_plan(request, pk)
    document = get_object_or_404(documents_of_plan(plan), pk=document_pk)
    return _send_back(
        request,
        document,
        may_release_plan(user_of(request), document),
        back=reverse("plan_papers:paper", args=[pk]),
        wording_frame="reports/plan/frame.html",
        **around_plan(plan),
    )


def send_childs_letter_back(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Send a letter to a child back to whoever prepared it."""
    conference = access_conference(request, pk, to="chair")
    letters = Document.objects.filter(conference=conference, kind=DocumentKind.CHILDS_LETTER)
    document = get_object_or_404(letters, pk=document_pk)
    return _send_back(
        request,
        document,
        is_allowed=True,
        back=reverse("reports:childs-letter", args=[pk, document.conference_child_id]),
        wording_frame="reports/wording/conference_frame.html",
        **around_conference(request, conference, tab="minutes"),
    )


def _send_back(
    request: HttpRequest, document: Document, is_allowed: bool, *, back: str, **context: Any
) -> HttpResponse:
    if not is_allowed or document.state != DocumentState.PREPARED:
        raise Http404
    form = kept_form(request, SendBackForm, initial={"because": document.sent_back_because})
    return form_view(
        request,
        form,
        lambda data: send_back(document=document, because=data["because"], by=user_of(request), now=timezone.now()),
        success_url=back,
        success_message="Sent back. A new version has to be prepared.",
        cancel_url=back,
        template_name="reports/wording/send_back.html",
        document=document,
        **context,
    )


def tell_of_legal_planning(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Let the chair say whether the copies tell that a legal planning meeting was recommended."""
    conference = access_conference(request, pk, to="chair")
    document = get_object_or_404(documents_of(conference), pk=document_pk)
    if document.state != DocumentState.PREPARED or not recommends_legal_planning(document):
        raise Http404
    back = reverse("reports:minutes", args=[pk])
    form = kept_form(request, LegalPlanningForm, initial={"tell": "yes" if document.tells_of_legal_planning else "no"})
    return form_view(
        request,
        form,
        lambda data: tell_legal_planning(
            document=document, tell=data["tell"] == "yes", by=user_of(request), now=timezone.now()
        ),
        success_url=back,
        success_message="Saved. Read the copies again before you release them.",
        cancel_url=back,
        template_name="reports/wording/legal_planning.html",
        document=document,
        **around_conference(request, conference, tab="minutes"),
    )


def recommends_legal_planning(document: Document) -> bool:
    """Return whether a decision in this version recommends a legal planning meeting."""
    decisions = document.content.get("decisions", ())
    return any(AlsoAdvised.LEGAL_PLANNING in row.get("also_advised", ()) for row in decisions)
