from __future__ import annotations

import datetime
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import record_read, require_roles
from accounts.audit.anomalies import Period, UnusualDay, unusual_days
from accounts.audit.forms import LookIntoForm, UnusualFilterForm
from accounts.audit.services import look_into_reads
from accounts.drafts.forms import kept_form
from accounts.enums import Role
from accounts.models import Authority, ReadsLookedInto, RoleAssignment, User
from govuk.generic import form_view
from govuk.lists import paginate

WHO = (Role.AUDITOR, Role.SERVICE_MANAGER)
# The default span: a little more than two weekly reviews.
DAYS_SHOWN = datetime.timedelta(days=14)
# A little more than a quarter; longer spans are viewed in pieces.
MOST_DAYS = datetime.timedelta(days=100)


@require_safe
def unusual_reads(request: HttpRequest) -> HttpResponse:
    """List unusual reads by person and day, with reasons."""
    user = require_roles(request, *WHO)
    form = UnusualFilterForm(request.GET)
    chosen: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    until = chosen.get("until") or timezone.localdate()
    since = max(chosen.get("since") or until - DAYS_SHOWN, until - MOST_DAYS)
    days = unusual_days(Period(user.authority_ids(*WHO), since, until))
    if chosen.get("state") == "open":
        days = [row for row in days if row.looked_into is None]
    record_read(request, page="accounts:unusual-reads", subject="AccessEvent", subject_id=None)
    context = {"form": form, "page": paginate(request, days), "since": since, "until": until}
    return render(request, "accounts/unusual_reads.html", context)


def look_into(request: HttpRequest, user_pk: int, day: str) -> HttpResponse:
    """Show what was unusual about one person's reading on one day, and record what came out."""
    user = require_roles(request, *WHO)
    authority, row = _found(user, user_pk, day)
    looked_into = ReadsLookedInto.objects.filter(authority=authority, user=row.user, day=row.day)
    response = form_view(
        request,
        kept_form(request, LookIntoForm),
        lambda data: look_into_reads(
            authority=authority, user=row.user, day=row.day, by=user, now=timezone.now(), **data
        ),
        success_url=reverse("accounts:unusual-reads"),
        success_message="The outcome is recorded.",
        template_name="accounts/look_into_reads.html",
        row=row,
        earlier=looked_into.select_related("by"),
        own=row.user == user,
    )
    if response.status_code == HTTPStatus.OK:
        record_read(request, page="accounts:look-into-reads", subject="User", subject_id=row.user.pk)
    return response


def _found(user: User, user_pk: int, day: str) -> tuple[Authority, UnusualDay]:
    """Return the council and the unusual day; Http404 where there is none."""
    try:
        on = datetime.date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    held = RoleAssignment.objects.filter(user=user_pk, authority__in=user.authority_ids(*WHO))
    authority = Authority.objects.filter(pk__in=held.values("authority")).first()
    rows = unusual_days(Period([authority.pk], on, on), user_id=user_pk) if authority else []
    if authority is None or not rows:
        raise Http404
    return authority, rows[0]
