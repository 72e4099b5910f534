"""What a review begins with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import user_of
from conferences.access import access_conference
from conferences.models import Conference
from conferences.views.page_context import page_context
from core_groups.selectors.since_last import has_plans_under_review, since_last
from my_views.access import reads_forms
from my_views.selectors.reading import counted


def since_the_last_conference(request: HttpRequest, pk: int) -> HttpResponse:
    """Show, for each child with a plan, what became of it since the chair last decided."""
    conference = access_conference(request, pk)
    user = user_of(request)
    context = {
        **page_context(conference, user=user, tab="overview", today=timezone.localdate()),
        "rows": since_last(conference),
        "my_views": counted(conference) if reads_forms(user, conference) else None,
    }
    return render(request, "core_groups/since_last.html", context)


def since_last_panel(_request: HttpRequest, conference: Conference) -> tuple[str, dict[str, object]] | None:
    """Lead from the overview of a review to what it begins with."""
    return ("core_groups/since_last_panel.html", {}) if has_plans_under_review(conference) else None
