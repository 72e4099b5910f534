"""The history pages of one child's plan."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from families.models import Family
from families.selectors.whereabouts import circle_of
from families.views.history_pages import Subject, show_as_it_was, show_history
from plans.access import access_plan
from plans.history import PLAN_RECORD


def _subject(request: HttpRequest, pk: int) -> Subject:
    plan = access_plan(request, pk)
    name = plan.child.person.full_name
    families = Family.objects.filter(members__person=plan.child.person_id).select_related("authority")
    family = families.filter(members__ends_on__isnull=True).order_by("pk").first() or families.first()
    if family is None:
        raise Http404
    return Subject(
        record=PLAN_RECORD,
        pk=plan.pk,
        right=plan.right,  # type: ignore[attr-defined]
        title=f"{plan.get_kind_display()} of {name}",
        caption=f"Child {plan.child.council_child_id}",
        family=family,
        people=circle_of([plan.child]),
        crumbs=[("Plans", reverse("plans:plans")), (name, reverse("plans:plan", args=[pk]))],
        history_url=reverse("plans:see-history", args=[pk]),
        past_url=reverse("plans:see-as-it-was", args=[pk]),
    )


def see_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who changed what about a plan, and when."""
    return show_history(request, _subject(request, pk))


def see_as_it_was(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a plan with its actions as on any day."""
    return show_as_it_was(request, _subject(request, pk))
