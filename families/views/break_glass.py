from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import throttling
from accounts.access import record_read, require_roles, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import ReadKind, Role
from accounts.models import User
from accounts.signin import second_factor
from families import services
from families.access import (
    FAMILY_RULE,
    GLASS_ROLES,
    GLASS_RULE,
    access_glass,
    access_to_break_glass,
    reviewers_of,
    visible_families,
)
from families.forms.need_to_know import BreakGlassForm, FindCaseForm, ReviewGlassForm
from families.models import BreakGlass, Family
from families.selectors.need_to_know import glasses_to_see, named_to, read_under
from families.views.parts import family_url
from govuk.generic import form_view
from govuk.lists import paginate
from govuk.search_terms import plain_dashes

TOO_OFTEN = "You have tried this too many times. Wait, or ring the duty manager."


def find_case(request: HttpRequest) -> HttpResponse:
    """Find a case that isn't allocated to the user, by its full case number."""
    user = require_roles(request, *sorted(GLASS_ROLES))
    return form_view(
        request,
        kept_form(request, FindCaseForm),
        lambda data: _found(request, user, plain_dashes("".join(data["case_number"].split()))),
        success_url=lambda found: (
            family_url(found)
            if visible_families(user).filter(pk=found.pk).exists()
            else reverse("families:break-glass", args=[found.pk])
        ),
        cancel_url=reverse("deadlines:my-work"),
        template_name="families/find_case.html",
    )


def _found(request: HttpRequest, user: User, number: str) -> Family:
    if not throttling.allow("find-case:account", user.pk, now=timezone.now()):
        raise ValidationError(TOO_OFTEN)
    found = GLASS_RULE.visible(Family.objects.filter(case_number__iexact=number), user).first()
    record_read(
        request,
        page="families:find-case",
        subject=Family.__name__,
        subject_id=found.pk if found else None,
        family_ids=[found.pk] if found else (),
        kind=ReadKind.SEARCH,
    )
    if found is None:
        raise ValidationError({"case_number": "There is no case with this number that you could open"})
    return found


def break_glass(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a case for a day, with a reason and the second factor; service managers are told at once."""
    family = access_to_break_glass(request, pk)
    user, now = user_of(request), timezone.now()
    if FAMILY_RULE.right_of(user, family) is not None:
        return redirect("families:family", family.pk)
    if not second_factor.confirmed(request, now=now):
        return second_factor.ask_again(request)
    return form_view(
        request,
        kept_form(request, BreakGlassForm),
        lambda data: _break(user, family, data["reason"], now),
        success_url=family_url(family),
        success_message="You can open the case for 24 hours. Your service managers have been told.",
        cancel_url=reverse("deadlines:my-work"),
        template_name="families/break_glass.html",
        council=family.authority,
    )


def _break(user: User, family: Family, reason: str, now: datetime.datetime) -> BreakGlass:
    if not throttling.allow("break-glass:account", user.pk, now=now):
        raise ValidationError(TOO_OFTEN)
    return services.break_glass(user=user, family=family, reason=reason, now=now)


def glass_reviews(request: HttpRequest) -> HttpResponse:
    """List every case opened by break-glass, those to review first."""
    user = require_roles(request, Role.SERVICE_MANAGER)
    glasses = glasses_to_see(user, authority_ids=user.authority_ids(Role.SERVICE_MANAGER))
    page = paginate(request, glasses)
    record_read(
        request,
        page="families:glass-reviews",
        subject=BreakGlass.__name__,
        subject_id=None,
        family_ids=[glass.family_id for glass in page],
    )
    context = {"page": page, "named": named_to(user, list(page)), "now": timezone.now()}
    return render(request, "families/glass_reviews.html", context)


def review_glass(request: HttpRequest, pk: int) -> HttpResponse:
    """Review whether a case was rightly opened, showing everything that was read."""
    glass = access_glass(request, pk)
    user, now = user_of(request), timezone.now()
    reviewers = [] if glass.reviewed_at else reviewers_of(glass, on=timezone.localdate())
    may_review = user in reviewers
    manages_service = glass.family.authority_id in user.authority_ids(Role.SERVICE_MANAGER)
    back = reverse("families:glass-reviews") if manages_service else reverse("deadlines:my-work")
    if request.method == "POST" and not may_review:
        raise Http404
    form = kept_form(request, ReviewGlassForm, is_open=glass.closes_at > now)
    return form_view(
        request,
        form,
        lambda data: services.review_glass(glass=glass, by=user, now=now, **{"close": False, **data}),
        success_url=back,
        success_message="Your review is recorded.",
        cancel_url=back,
        template_name="families/review_glass.html",
        glass=glass,
        may_review=may_review,
        reviewers=reviewers,
        manages_service=manages_service,
        named=glass.family_id in named_to(user, [glass]),
        events=paginate(request, read_under(glass)),
        now=now,
    )
