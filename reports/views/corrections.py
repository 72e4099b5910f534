"""Views of who had a copy of something later corrected, and how they were told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from govuk.generic import form_view
from reports.forms.corrections import ToldForm
from reports.models import CorrectionToTell
from reports.services.corrections import record_told
from reports.views.parts import around_conference


def tell_of_correction(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    """Record how someone was told without a new copy."""
    conference = access_conference(request, pk, to="minutes")
    row = get_object_or_404(
        CorrectionToTell.objects.select_related("document__conference", "recipient__person"),
        pk=row_pk,
        document__conference=conference,
    )
    if row.is_told:
        return redirect("reports:minutes", pk)
    back = reverse("reports:minutes", args=[pk])
    return form_view(
        request,
        kept_form(request, ToldForm),
        lambda data: record_told(row=row, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message=f"{row.recipient.person.full_name} is told.",
        cancel_url=back,
        template_name="reports/tell_of_correction.html",
        row=row,
        **around_conference(request, conference, tab="minutes"),
    )
