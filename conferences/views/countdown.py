from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import user_of
from conferences.selectors.countdown import countdown_of
from families.access import access_family, may_change_family


@require_safe
def countdown(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what has to happen by which day for the initial conference to be in time."""
    family = access_family(request, pk)
    may_change = may_change_family(user_of(request), family)
    found = countdown_of(family, now=timezone.now(), may_change=may_change)
    context = {"family": family, "countdown": found, "may_change": may_change}
    return render(request, "conferences/countdown.html", context)
