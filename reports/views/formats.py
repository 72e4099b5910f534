"""One paper in another format: who makes it, until when, and how it was sent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from conferences.services.guards import EditedMeanwhile
from core_groups.access import access_core_group
from govuk.generic import form_view
from plans.access import access_plan
from reports.forms.formats import FormatForm
from reports.models import FormatAsked
from reports.selectors.formats import formats_of
from reports.services.formats import follow_format


def see_format(request: HttpRequest, pk: int, format_pk: int) -> HttpResponse:
    """Record how far a paper in another format is; only for whoever sends that paper's copies."""
    user_of(request)
    rows = FormatAsked.objects.select_related("document__conference", "document__core_group_meeting", "file")
    row = get_object_or_404(rows, pk=format_pk, document__conference=pk)
    back = _back_to(request, row)
    today = timezone.localdate()
    shown = next(one for one in formats_of(row.document, on=today) if one.asked.pk == row.pk)
    typed = {name: getattr(row, name) for name in ("provider", "due_on", "sent_at", "sent_how", "version")}
    form = kept_form(request, FormatForm, row=row, initial=typed)

    try:
        return form_view(
            request,
            form,
            lambda _: follow_format(row=row, by=user_of(request), now=timezone.now(), **form.asked()),
            success_url=back,
            success_message="Saved.",
            cancel_url=back,
            template_name="reports/see_format.html",
            row=row,
            shown=shown,
            back_url=back,
        )
    except EditedMeanwhile:
        messages.error(request, "Someone else changed this while you were writing. Look at it again.")
        return redirect("reports:see-format", pk, format_pk)


def _back_to(request: HttpRequest, row: FormatAsked) -> str:
    """Return the page of the paper, after the gatekeeper of its copies has let the user in."""
    document = row.document
    if document.core_group_meeting is not None:
        meeting = document.core_group_meeting
        access_core_group(request, meeting.core_group_id, to="plan")
        return reverse("core_group_minutes:minutes", args=[meeting.core_group_id, meeting.pk])
    if document.plan_id is not None:
        access_plan(request, document.plan_id, to="carry")
        return reverse("plan_papers:paper", args=[document.plan_id])
    access_conference(request, document.conference_id, to="minutes")
    return reverse("reports:minutes", args=[document.conference_id])
