from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from families import services
from families.access import access_family
from families.forms import AgencyForm
from families.models import Agency, Family
from families.selectors import agencies_of, born_members_of, children_of
from families.views.parts import family_url
from govuk.generic import form_view


def add_agency(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an agency that knows children of the family, with the professional there."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    form = kept_form(
        request,
        AgencyForm,
        agencies=agencies_of(family.authority),
        children=children_of(family, on=today),
        people=born_members_of(family, on=today),
        on=today,
    )
    back = family_url(family)
    return form_view(
        request,
        form,
        lambda _: _add(request, family, form),
        success_url=reverse("families:add-agency", args=[family.pk]) if "another" in request.POST else back,
        success_message="The agency is recorded.",
        cancel_url=back,
        template_name="families/form_page.html",
        family=family,
        title="Add an agency",
    )


@transaction.atomic
def _add(request: HttpRequest, family: Family, form: AgencyForm) -> Agency:
    data, by = form.cleaned_data, user_of(request)
    agency: Agency = data["agency"] or services.add_agency(
        authority=family.authority,
        kind=data["kind"],
        name=data["name"],
        address=data["address"],
        phone=data["phone"],
        by=by,
    )
    post = data.get("known_post") or (
        services.add_post(
            agency=agency,
            given_name=data["given_name"],
            family_name=data["family_name"],
            title=data["title"],
            email=data["email"],
            phone=data["work_phone"],
            by=by,
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
        by=by,
        now=timezone.now(),
    )
    return agency
