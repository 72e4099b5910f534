"""Someone who comes with the family: what the check shows, and whether the chair accepts them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference, may
from conferences.enums import COME_WITH_SOMEBODY
from conferences.forms.agreements import YES, AcceptCompanionForm
from conferences.models import CompanionCheck
from conferences.selectors.companions import GONE, STILL_TO_ACCEPT, found_about, newest_check
from conferences.selectors.people import participants_of, role_of
from conferences.services.companions import answer_companion
from conferences.views.page_context import on_page_of
from govuk.generic import form_view


def accept(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Accept, as the chair, someone who comes with the family; others who may open the list read what was answered."""
    conference = access_conference(request, pk)
    row = participants_of(conference).filter(pk=participant_pk, capacity__in=COME_WITH_SOMEBODY).first()
    newest = newest_check(row) if row is not None else None
    if row is None or newest is None:
        raise Http404
    user = user_of(request)
    waits = newest.answered_at is None and conference.status in STILL_TO_ACCEPT and row.status not in GONE
    answers = waits and may(user, conference, to="chair")
    if request.method == "POST" and not answers:
        return redirect("conferences:accept-companion", pk, participant_pk)
    people = reverse("conferences:people", args=[pk])
    return form_view(
        request,
        kept_form(request, AcceptCompanionForm, initial={"check": newest.pk}),
        lambda data: _answer(newest, data["check"], data["answer"] == YES, data["reason"], request),
        success_url=people,
        success_message=_what_follows,
        cancel_url=people,
        template_name="conferences/accept_companion.html",
        draw=on_page_of(conference, tab="people"),
        row=row,
        role=role_of(row, None, on=timezone.localdate()),
        checks=list(row.companion_checks.select_related("asked_by", "answered_by")),
        found=found_about(row, on=timezone.localdate()) if waits else [],
        waits=waits,
        answers=answers,
    )


def _answer(newest: CompanionCheck, shown: int, accepted: bool, reason: str, request: HttpRequest) -> CompanionCheck:
    if shown != newest.pk:
        raise ValidationError("This was asked again since you opened the page. Look at it again.")
    return answer_companion(check=newest, accepted=accepted, reason=reason, by=user_of(request), now=timezone.now())


def _what_follows(check: CompanionCheck) -> str:
    if check.accepted:
        return "You accept them. Their invitation goes with the next ones that are sent."
    return "Your answer is recorded. Nothing will be sent to them."
