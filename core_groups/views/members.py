"""Members of a core group join and leave."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.drafts.forms import kept_form
from core_groups.access import access_core_group
from core_groups.forms.members import JoinForm, LeaveForm
from core_groups.models import CoreGroup
from core_groups.selectors.core_groups import members_of
from core_groups.selectors.joining import candidates_for
from core_groups.services.members import join_core_group, leave_core_group
from govuk.generic import form_view
from plans.models import Plan


def _open_plans(group: CoreGroup) -> QuerySet[Plan]:
    return group.plans.filter(ends_on__isnull=True).select_related("child__person").order_by("pk")


def add_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Take someone of the family, or a professional who knows a child, into the core group."""
    found = access_core_group(request, pk, to="plan")
    today = timezone.localdate()
    form = kept_form(
        request,
        JoinForm,
        candidates=candidates_for(found, on=today),
        plans=_open_plans(found),
        initial={"starts_on": today},
    )
    back = reverse("core_groups:core-group", args=[pk])
    return form_view(
        request,
        form,
        lambda _: join_core_group(core_group=found, now=timezone.now(), **form.joining()),
        success_url=back,
        success_message="They are in the core group.",
        cancel_url=back,
        template_name="core_groups/form_page.html",
        group=found,
        title="Add someone to the core group",
    )


def remove_member(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """Record that a member leaves, for some children or all; what they could open closes at once."""
    found = access_core_group(request, pk, to="plan")
    today = timezone.localdate()
    member = get_object_or_404(members_of(found, on=today), pk=member_pk)
    own = member.plans.filter(ends_on__isnull=True).select_related("child__person").order_by("pk")
    form = kept_form(request, LeaveForm, plans=own if member.plans.exists() else _open_plans(found), on=today)
    back = reverse("core_groups:core-group", args=[pk])
    return form_view(
        request,
        form,
        lambda data: leave_core_group(member=member, now=timezone.now(), **{**data, "plans": list(data["plans"])}),
        success_url=back,
        success_message="It is recorded that they leave.",
        cancel_url=back,
        template_name="core_groups/form_page.html",
        group=found,
        title=f"{member.person.full_name} leaves the core group",
    )
