from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from families import services
from families.access import access_family
from families.forms import ContactRiskForm, EndContactRiskForm
from families.selectors import born_members_of, children_of, family_page
from families.views.parts import family_url
from govuk.generic import form_view


def record_contact_risk(request: HttpRequest, pk: int) -> HttpResponse:
    """Record why contact with a person may be dangerous; nothing reaches them until the chair decides."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    people, children = born_members_of(family, on=today), children_of(family, on=today)
    form = kept_form(request, ContactRiskForm, people=people, children=children, on=today)
    return form_view(
        request,
        form,
        lambda data: services.record_contact_risk(
            by=user_of(request),
            now=timezone.now(),
            **{**data, "children": list(data["children"]), "protects": list(data["protects"])},
        ),
        success_url=family_url(family),
        success_message="The risk is recorded. Nothing goes to this person until the chair has decided.",
        cancel_url=family_url(family),
        template_name="families/form_page.html",
        family=family,
        title="Record a contact risk",
        lead="From now on, no conference invitation, paper or list goes to this person until the "
        "chair has decided how they take part.",
    )


def end_contact_risk(request: HttpRequest, pk: int, risk_pk: int) -> HttpResponse:
    """End a contact risk, with the reason."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    risk = next((risk for risk in family_page(family, on=today).risks if risk.pk == risk_pk), None)
    if risk is None:
        raise Http404
    form = kept_form(request, EndContactRiskForm, initial={"on": today})
    return form_view(
        request,
        form,
        lambda data: services.end_contact_risk(risk=risk, by=user_of(request), now=timezone.now(), **data),
        success_url=family_url(family),
        success_message="The end of the risk is recorded.",
        cancel_url=family_url(family),
        template_name="families/form_page.html",
        family=family,
        title=f"End the contact risk for {risk.person.full_name}",
        lead=risk.detail,
    )
