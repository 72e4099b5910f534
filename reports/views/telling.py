"""Who had a copy of what was corrected since, and how they were told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.access import user_of
from conferences.access import access_conference
from reports.forms.correcting import ToldForm
from reports.models import CorrectionToTell
from reports.services.correcting import record_told
from reports.views.parts import around_conference


def tell_of_correction(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    """Record how somebody was told without a new copy."""
    conference = access_conference(request, pk, to="minutes")
    row = get_object_or_404(
        CorrectionToTell.objects.select_related("document__conference", "recipient__person"),
        pk=row_pk,
        document__conference=conference,
    )
    if row.is_told:
        return redirect("reports:record", pk)
    form = ToldForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: record_told(
                row=row, how=form.cleaned_data["how"], by=user_of(request), now=timezone.now()
            )
        )
    ):
        messages.success(request, f"{row.recipient.person.full_name} is told.")
        return redirect("reports:record", pk)
    around = around_conference(request, conference, tab="record")
    return render(request, "reports/tell_of_correction.html", {**around, "form": form, "row": row})
