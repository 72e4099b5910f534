"""The letter in which someone reads how they take part, to print: the chair's own words, and nothing else."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import user_of
from conferences.access import access_conference
from conferences.models import ExclusionRequest
from conferences.services.chairs_words import how_to_disagree
from conferences.views.page_context import page_context


def decision_letter(request: HttpRequest, pk: int, request_pk: int) -> HttpResponse:
    """Show the letter about a decision: never who asked, the evidence, or the chair's reason."""
    conference = access_conference(request, pk, to="plan parts")
    asked = (
        ExclusionRequest.objects.filter(pk=request_pk, conference=conference, decided_at__isnull=False)
        .exclude(told_text="")
        .select_related("participant__person", "views_through__person")
        .first()
    )
    if asked is None:
        raise Http404
    disagree = how_to_disagree(conference)
    context = {
        **page_context(conference, user=user_of(request), tab="people", today=timezone.localdate()),
        "asked": asked,
        "disagree": "" if disagree in asked.told_text else disagree,
    }
    return render(request, "conferences/decision_letter.html", context)
