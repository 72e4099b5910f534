from __future__ import annotations

import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.models import Authority, User
from families import services
from families.access import access_family
from families.forms import AgencyForm
from families.models import Agency, Family, Post
from families.selectors import agencies_in_directory, born_members_of, children_of, directory_of, posts_in_directory
from families.views.parts import family_url
from govuk.generic import form_view


def add_agency(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an agency that knows children of the family, with the professional there."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    form = kept_form(
        request,
        AgencyForm,
        agencies=agencies_in_directory(family.authority, family=family),
        # Who is known to work at a confidential agency is asked about when typed in, and not offered.
        workers=[row for row in directory_of(family.authority, on=today, family=family) if not row.is_hidden],
        posts=posts_in_directory(family.authority, on=today, family=family),
        family_id=family.pk,
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
    data, by, now = form.cleaned_data, user_of(request), timezone.now()
    agency, post = enter_agency(form, family.authority, by=by, now=now)
    # A hidden agency of that name is not asked about.
    kept = {} if data["agency"] else services.not_in_directory(agency, address=data["address"], phone=data["phone"])
    services.record_involvement(
        children=list(data["children"]),
        agency=agency,
        post=post,
        direct_contact=data["direct_contact"],
        confidential=data["confidential"],
        hidden_from=list(data["hidden_from"]),
        address_given=kept.get("address_given", ""),
        phone_given=kept.get("phone_given", ""),
        by=by,
        now=now,
    )
    return agency


def enter_agency(
    form: AgencyForm, authority: Authority, *, by: User, now: datetime.datetime
) -> tuple[Agency, Post | None]:
    """Return the agency that was chosen or typed, added to the directory where new, and the post there."""
    data = form.cleaned_data
    post = form.take_staff(on=timezone.localdate(now))
    agency: Agency = data["agency"] or (
        post.agency
        if post
        else services.add_agency(
            authority=authority,
            kind=data["kind"],
            name=data["name"],
            address=data["address"],
            phone=data["phone"],
            by=by,
        )
    )
    if data["agency"] and (words := form.agency_words()):
        agency = services.change_agency(agency=agency, by=by, **words)
    if post is None and (data.get("worker") or form.entered.is_named):
        post = services.enter_worker(
            entered=form.entered, agency=agency, same_as=form.same_as, use=form.use, by=by, now=now
        )
    return agency, post
