"""Choosing the agencies that know a family's children, several at once, from the council's directory."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import hold, kept_form
from families import services
from families.access import access_family
from families.enums import AgencyKind, Answer
from families.forms.several_agencies import Offered, SeveralAgenciesForm
from families.models import Family
from families.selectors import agencies_in_directory, children_of, posts_in_directory
from families.selectors.agency_names import confidential_agencies
from families.views.parts import family_url
from govuk.generic import form_view


def add_agencies(request: HttpRequest, pk: int) -> HttpResponse:
    """Record which agencies of the directory know which children."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    children = list(children_of(family, on=today))
    if not children:
        return redirect(reverse("families:record-family", args=[family.pk]))
    form = kept_form(request, SeveralAgenciesForm, offered=offered_to(family, on=today), children=children)
    page = {"family": family, "title": "Which agencies know the children?"}
    template = "families/record.html"
    form.cancel_url, form.cancel_text = family_url(family), "Leave this for later"
    if form.only_finds:
        hold(request)
        form.hides_errors = True
        return render(request, template, {"form": form, **page})
    another = reverse("families:add-agency", args=[family.pk])
    return form_view(
        request,
        form,
        lambda _: _save(request, form),
        success_url=another if "another" in request.POST else family_url(family),
        success_message=lambda saved: "The agencies are recorded." if saved else "",
        cancel_url=family_url(family),
        template_name=template,
        **page,  # type: ignore[arg-type]
    )


def offered_to(family: Family, *, on: datetime.date) -> list[Offered]:
    """Return what the directory offers for this family, by kind and name; two queries and the confidential ones.

    An agency that is confidential for the family is not offered, nor are the council's own staff.
    """
    hidden = confidential_agencies(family.pk)
    posts = [
        post
        for post in posts_in_directory(family.authority, on=on, family=family)
        if post.agency_id not in hidden and post.agency.kind != AgencyKind.SOCIAL_CARE
    ]
    held = {post.agency_id for post in posts}
    alone = agencies_in_directory(family.authority, family=family).exclude(kind=AgencyKind.SOCIAL_CARE)
    rows = [Offered(post.agency, post) for post in posts]
    rows += [Offered(agency, None) for agency in alone if agency.pk not in held | set(hidden)]
    return sorted(rows, key=lambda row: (row.agency.kind, row.words))


@transaction.atomic
def _save(request: HttpRequest, form: SeveralAgenciesForm) -> int:
    """Record each chosen agency for its children; return how many."""
    chosen, by, now = form.chosen(), user_of(request), timezone.now()
    for one in chosen:
        services.record_involvement(
            children=one.children,
            agency=one.offered.agency,
            post=one.offered.post,
            confidential=one.hiding == Answer.YES,
            hiding_asked=one.hiding,
            by=by,
            now=now,
        )
    return len(chosen)
