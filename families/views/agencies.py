from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from families import services
from families.access import access_family
from families.forms import AgencyForm
from families.models import Agency, Family
from families.selectors import agencies_of, born_members_of, children_of
from families.views.parts import form_page, posted, signed_in


def add_agency(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an agency that knows children of the family, with the professional there."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    form = AgencyForm(
        posted(request),
        agencies=agencies_of(family.authority),
        children=children_of(family, on=today),
        people=born_members_of(family, on=today),
        on=today,
    )
    if request.method == "POST" and form.is_valid() and form.accepts(lambda: _add(request, family, form)):
        messages.success(request, "The agency is recorded.")
        return redirect("families:add-agency" if "another" in request.POST else "families:family", family.pk)
    return form_page(
        request,
        family,
        form,
        title="Add an agency",
        button="Save the agency",
        template="families/add_agency.html",
    )


@transaction.atomic
def _add(request: HttpRequest, family: Family, form: AgencyForm) -> Agency:
    data, now = form.cleaned_data, timezone.now()
    agency: Agency = data["agency"] or services.add_agency(
        authority=family.authority,
        kind=data["kind"],
        name=data["name"],
        address=data["address"],
        phone=data["phone"],
        by=signed_in(request),
    )
    post = (
        services.add_post(
            agency=agency,
            given_name=data["given_name"],
            family_name=data["family_name"],
            title=data["title"],
            email=data["email"],
            phone=data["work_phone"],
            by=signed_in(request),
        )
        if form.names_somebody
        else None
    )
    services.record_involvement(
        children=list(data["children"]),
        agency=agency,
        post=post,
        direct_contact=data["direct_contact"],
        confidential=data["confidential"],
        hidden_from=list(data["hidden_from"]),
        by=signed_in(request),
        now=now,
    )
    return agency
