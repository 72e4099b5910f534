"""What the council's pages and letters say of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.people.forms.council import CouncilForm
from accounts.people.services.council import DETAILS, change_council, token_of
from accounts.people.views.staff import council_of
from govuk.generic import form_view


def change_details(request: HttpRequest) -> HttpResponse:
    """Change the council's numbers, its return address, and the domains to which mail is secure."""
    council = council_of(request)
    shown = {name: getattr(council, name) for name in DETAILS}
    settings = reverse("deadlines:settings")
    return form_view(
        request,
        kept_form(request, CouncilForm, initial={**shown, "before": token_of(council)}),
        lambda data: change_council(authority=council, by=user_of(request), **data),
        success_url=settings,
        success_message="Saved.",
        cancel_url=settings,
        template_name="accounts/council_details.html",
        council=council,
    )
