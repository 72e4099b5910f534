from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts import throttling
from accounts.access import record_read, require_roles
from accounts.enums import ReadKind, Role
from accounts.signin import second_factor
from families import services
from families.access import (
    FAMILY_RULE,
    GLASS_ROLES,
    GLASS_RULE,
    access_glass,
    access_to_break_glass,
    visible_families,
)
from families.forms.need_to_know import BreakGlassForm, FindCaseForm, ReviewGlassForm
from families.models import BreakGlass, Family
from families.selectors.need_to_know import glasses_to_see, named_to, read_under
from families.views.parts import back_to_family, posted, signed_in
from govuk.lists import paginate

TOO_OFTEN = "You have tried this too often. Wait, or ring the manager on duty."


def find_case(request: HttpRequest) -> HttpResponse:
    """Open a case that one is not allocated to, by its whole number."""
    user = require_roles(request, *sorted(GLASS_ROLES))
    form = FindCaseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if not throttling.allow("find-case:account", user.pk, now=timezone.now()):
            form.add_error(None, TOO_OFTEN)
        else:
            number = form.cleaned_data["case_number"].strip()
            found = GLASS_RULE.visible(Family.objects.filter(case_number__iexact=number), user).first()
            record_read(
                request,
                page="families:find-case",
                subject=Family.__name__,
                subject_id=found.pk if found else None,
                family_ids=[found.pk] if found else (),
                kind=ReadKind.SEARCH,
            )
            if found and visible_families(user).filter(pk=found.pk).exists():
                return redirect("families:family", found.pk)
            if found:
                return redirect("families:break-glass", found.pk)
            form.add_error("case_number", "There is no case of this number that you could open")
    return render(request, "families/find_case.html", {"form": form})


def break_glass(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a case for a day, for a reason, with the second factor; service managers are told at once."""
    family = access_to_break_glass(request, pk)
    user, now = signed_in(request), timezone.now()
    if FAMILY_RULE.right_of(user, family) is not None:
        return redirect("families:family", family.pk)
    if not second_factor.confirmed(request, now=now):
        return second_factor.ask_again(request)
    form = BreakGlassForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if not throttling.allow("break-glass:account", user.pk, now=now):
            form.add_error(None, TOO_OFTEN)
        elif form.accepts(lambda: services.break_glass(user=user, family=family, reason=reason, now=now)):
            return back_to_family(
                request, family, "The case is open to you for 24 hours. Your service managers are told."
            )
    return render(request, "families/break_glass.html", {"form": form, "council": family.authority})


def glass_reviews(request: HttpRequest) -> HttpResponse:
    """Every case that was opened by break-glass, those to review first."""
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
    """Say whether somebody was right to open a case, after everything that they read there."""
    glass = access_glass(request, pk)
    user, now = signed_in(request), timezone.now()
    may_review = glass.reviewed_at is None and user in services.reviewers_of(glass, on=timezone.localdate())
    if request.method == "POST" and not may_review:
        raise Http404
    form = ReviewGlassForm(posted(request), is_open=glass.closes_at > now)
    if request.method == "POST" and form.is_valid():
        data = {"close": False, **form.cleaned_data}
        if form.accepts(lambda: services.review_glass(glass=glass, by=user, now=now, **data)):
            messages.success(request, "Your review is recorded.")
            return redirect("families:glass-reviews")
    context = {
        "glass": glass,
        "form": form,
        "may_review": may_review,
        "named": glass.family_id in named_to(user, [glass]),
        "events": paginate(request, read_under(glass)),
        "now": now,
    }
    return render(request, "families/review_glass.html", context)
