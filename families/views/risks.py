from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts import drafts
from families import services
from families.access import access_family
from families.forms import ContactRiskForm, EndContactRiskForm
from families.selectors import born_members_of, children_of, family_page
from families.views.parts import back_to_family, form_page, signed_in


def record_contact_risk(request: HttpRequest, pk: int) -> HttpResponse:
    """Record why contact with somebody may be dangerous; nothing goes to them until the chair has decided."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    people, children = born_members_of(family, on=today), children_of(family, on=today)
    form = drafts.kept_form(request, ContactRiskForm, people=people, children=children, on=today)
    if request.method == "POST" and form.is_valid():
        data = {**form.cleaned_data}
        data["children"], data["protects"] = list(data["children"]), list(data["protects"])
        if form.accepts(
            lambda: services.record_contact_risk(by=signed_in(request), now=timezone.now(), **data)
        ):
            return back_to_family(
                request,
                family,
                "The risk is recorded. Nothing goes to this person until the chair has decided.",
            )
    return form_page(
        request,
        family,
        form,
        title="Record a contact risk",
        button="Record the risk",
        lead="From this moment no invitation, paper or list about a conference goes to this person "
        "until the chair has decided how they take part.",
    )


def end_contact_risk(request: HttpRequest, pk: int, risk_pk: int) -> HttpResponse:
    """End a contact risk, with the reason."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    risk = next((risk for risk in family_page(family, on=today).risks if risk.pk == risk_pk), None)
    if risk is None:
        raise Http404
    form = drafts.kept_form(request, EndContactRiskForm, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if form.accepts(
            lambda: services.end_contact_risk(risk=risk, by=signed_in(request), now=timezone.now(), **data)
        ):
            return back_to_family(request, family, "The end of the risk is recorded.")
    title = f"End the contact risk of {risk.person.full_name}"
    return form_page(request, family, form, title=title, button="End the risk", lead=risk.detail)
