from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import user_of
from deadlines.selectors.timeline import timeline_of
from families.access import access_family

WHOLE = "everything"


@require_safe
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every deadline and event of a family on one timeline."""
    family = access_family(request, pk)
    whole = request.GET.get("show") == WHOLE
    line = timeline_of(family, user=user_of(request), now=timezone.now(), whole=whole)
    return render(request, "deadlines/timeline.html", {"family": family, "line": line})
