"""How someone takes part in a core group in which there is a person they must not meet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from core_groups.access import CHAIR_AT_THE_CONFERENCE, access_core_group, conferences_now
from core_groups.forms.apart import ApartForm
from core_groups.selectors.apart import grounds_in_words
from core_groups.selectors.core_groups import members_of
from core_groups.services.apart import decide_apart
from govuk.generic import form_view


def decide_how_to_meet(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """Decide whether a member has a sitting or a call of their own, or meets the others after all."""
    found = access_core_group(request, pk, to="decide who meets")
    today = timezone.localdate()
    member = get_object_or_404(members_of(found, on=today), pk=member_pk)
    at_conference = found.right == CHAIR_AT_THE_CONFERENCE  # type: ignore[attr-defined]
    conference = conferences_now().filter(children__child__plans__core_groups=found.pk).first()
    back = (
        reverse("meetings:next-dates", args=[conference.pk])
        if at_conference and conference
        else reverse("core_groups:core-group", args=[pk])
    )
    return form_view(
        request,
        kept_form(request, ApartForm),
        lambda data: decide_apart(
            member=member,
            by=user_of(request),
            now=timezone.now(),
            conference=conference if at_conference else None,
            **data,
        ),
        success_url=back,
        success_message="The decision is recorded.",
        cancel_url=back,
        template_name="core_groups/decide_apart.html",
        group=found,
        member=member,
        known=grounds_in_words(found, member, on=today),
        decisions=found.apart_decisions.filter(person=member.person_id).select_related("decided_by"),
    )
