from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from families import services
from families.access import access_family
from families.forms import ContactPointForm, MarkForm, ResidenceForm, RevealForm
from families.models import AgencyInvolvement, ContactPoint, Family, Residence
from families.selectors import born_members_of, children_of, confidential_whereabouts
from families.views.parts import access_member, family_url, open_members, person_url
from families.words import about_row
from govuk.generic import form_view

Marked = Residence | ContactPoint | AgencyInvolvement
MARKED: dict[str, type[Marked]] = {"home": Residence, "contact": ContactPoint, "agency": AgencyInvolvement}


def record_residence(request: HttpRequest, pk: int) -> HttpResponse:
    """Record who lives at an address, and who must not learn of it."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    form = kept_form(request, ResidenceForm, people=born_members_of(family, on=today), on=today)
    return form_view(
        request,
        form,
        lambda data: services.record_residence(
            by=user_of(request),
            now=timezone.now(),
            **{**data, "persons": list(data["persons"]), "hidden_from": list(data["hidden_from"])},
        ),
        success_url=family_url(family),
        success_message="The address is recorded.",
        cancel_url=family_url(family),
        template_name="families/form_page.html",
        family=family,
        title="Record an address",
    )


def record_contact_point(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Record a way to reach a person, and whether it is safe."""
    family, person = access_member(request, pk, person_pk, to="change")
    today = timezone.localdate()
    others = born_members_of(family, on=today).exclude(pk=person.pk)
    form = kept_form(request, ContactPointForm, people=others, on=today)
    return form_view(
        request,
        form,
        lambda data: services.record_contact_point(
            person=person, by=user_of(request), now=timezone.now(), **{**data, "hidden_from": list(data["hidden_from"])}
        ),
        success_url=person_url(family, person),
        success_message="The way to reach them is recorded.",
        cancel_url=person_url(family, person),
        template_name="families/form_page.html",
        family=family,
        person=person,
        title=f"Add a way to reach {person.full_name}",
    )


def mark_whereabouts(request: HttpRequest, pk: int, kind: str, row_pk: int) -> HttpResponse:
    """Change who a home, contact detail or agency is hidden from."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    row = cast("Marked", get_object_or_404(MARKED[kind], pk=row_pk))
    owner_id = row.child.person_id if isinstance(row, AgencyInvolvement) else row.person_id
    if not open_members(family).filter(person=owner_id).exists():
        raise Http404
    people = born_members_of(family, on=today).exclude(pk=owner_id)
    initial = {"confidential": row.confidential, "hidden_from": row.hidden_from.all()}
    form = kept_form(request, MarkForm, people=people, on=today, initial=initial)
    return form_view(
        request,
        form,
        lambda data: services.mark_whereabouts(
            row=row,
            confidential=data["confidential"],
            hidden_from=list(data["hidden_from"]),
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=family_url(family),
        success_message="Saved. You have recorded who may know.",
        cancel_url=family_url(family),
        template_name="families/form_page.html",
        family=family,
        title="Who must not find this out?",
        lead=about_row(row),
    )


def reveal_form(family: Family) -> RevealForm:
    """Return the form, on the family's page, that asks why its confidential whereabouts are needed."""
    form = RevealForm()
    form.helper.form_action = reverse("families:reveal-whereabouts", args=[family.pk])
    return form


def _page_before(request: HttpRequest) -> str:
    """Return the address of the page, of this site, from which the names were asked for; empty for the family's."""
    came_from = request.GET.get("back", "")
    is_own = came_from.startswith("/") and url_has_allowed_host_and_scheme(came_from, allowed_hosts=None)
    return came_from if is_own else ""


@never_cache
def reveal_whereabouts(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a family's confidential whereabouts once, against a recorded reason; then lead back to the page before."""
    family = access_family(request, pk)
    before = _page_before(request)
    if request.method != "POST" and not before:
        return redirect("families:family", family.pk)
    form = RevealForm(request.POST if request.method == "POST" else None)
    form.cancel_url = before or family_url(family)
    page = {
        "family": family,
        "title": "Confidential whereabouts",
        "today": timezone.localdate(),
        "back_url": form.cancel_url,
    }
    if not form.is_valid() or not form.accepts(
        lambda: services.record_reveal(
            family=family, by=user_of(request), reason=form.cleaned_data["reason"], now=timezone.now()
        )
    ):
        return render(request, "families/reveal_whereabouts.html", {**page, "form": form})
    found = confidential_whereabouts(children_of(family, on=timezone.localdate()))
    return render(request, "families/reveal_whereabouts.html", {**page, "found": found})
