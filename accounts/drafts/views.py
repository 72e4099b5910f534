from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import drafts
from govuk.drafts import owner_of
from govuk.words import clock


@never_cache
@require_POST
def save_draft(request: HttpRequest) -> JsonResponse:
    """Save what is being typed; called by the script on the page."""
    owner = owner_of(request)
    if owner is None:
        return JsonResponse({"error": "This form does not save drafts."}, status=400)
    if not request.user.is_authenticated or request.user.pk != owner.user_id:
        return JsonResponse({"error": "You are no longer signed in."}, status=403)
    draft = drafts.keep(request, owner, unless_sent=True)
    if draft is None:
        return JsonResponse({"error": "This is too long to save, or has already been sent."}, status=409)
    return JsonResponse({"saved_at": clock(draft.saved_at)})


def explain_stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form from an out-of-date page, keeping its text for its author."""
    owner = owner_of(request)
    by_itself = request.path == reverse("accounts:save-draft")
    draft = drafts.keep(request, owner, unless_sent=by_itself) if owner else None
    theirs = owner is not None and request.user.is_authenticated and request.user.pk == owner.user_id
    context = {
        "kept": draft is not None,
        "theirs": theirs,
        "form_url": owner.path if owner else request.path,
        "no_cookie": "cookie" in reason.lower(),
    }
    return render(request, "accounts/stale_page.html", context, status=403)
