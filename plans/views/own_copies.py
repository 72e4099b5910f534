"""Who may have a plan today, and each person's own composition of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import record_read
from plans.access import access_plan
from plans.models import Plan
from plans.selectors.own_copies import own_copy
from plans.selectors.plan_readers import readers_of


def copies(request: HttpRequest, pk: int) -> HttpResponse:
    """List who may have the plan today, and who may not, with the reason."""
    plan = access_plan(request, pk, to="carry")
    rows = readers_of(plan, on=timezone.localdate())
    record_read(
        request,
        page="plans:copies",
        subject=Plan.__name__,
        subject_id=plan.pk,
        person_ids=[row.person.pk for row in rows],
        right=plan.right,  # type: ignore[attr-defined]
    )
    return render(request, "plans/copies.html", {"plan": plan, "rows": rows})


def copy_for(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Show the plan as one person may read it today: the family in plain words."""
    plan = access_plan(request, pk, to="carry")
    today = timezone.localdate()
    row = next((one for one in readers_of(plan, on=today) if one.person.pk == person_pk), None)
    if row is None:
        raise Http404
    record_read(
        request,
        page="plans:copy",
        subject=Plan.__name__,
        subject_id=plan.pk,
        person_ids=[plan.child.person_id, row.person.pk],
        right=plan.right,  # type: ignore[attr-defined]
    )
    copy = None if row.because else own_copy(row, plan, on=today)
    return render(request, "plans/copy.html", {"plan": plan, "row": row, "copy": copy})
