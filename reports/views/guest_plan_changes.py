"""Only what changed in a plan, for somebody who was sent it before."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guests.access import GuestRequired
from accounts.guests.pages import guest_page
from accounts.models import Authority
from conferences.guest_access import INVITATION, place_of_guest
from core_groups.guest_access import CORE_GROUP, place_of_member
from families.models import Person
from reports.selectors.plan_papers import GivenPlan, plan_title
from reports.services.laying_out import retire_refused
from reports.services.persons_copies import changes_for_person
from reports.services.refusals import CopyRefusedError
from reports.views.guest_pages import given_plan


@require_safe
def changes_for_participant(request: HttpRequest, copy_pk: int) -> HttpResponse:
    """Show what changed to someone who came by the link of their invitation."""
    participant = place_of_guest(request)
    conference = participant.conference
    given = given_plan(request, copy_pk, participant.person, family=conference.family_id, purpose=INVITATION)
    back = reverse("guest_papers:read-plan", args=[copy_pk])
    return _changes(request, given, participant.person, back, authority=conference.authority)


@require_safe
def changes_for_member(request: HttpRequest, copy_pk: int) -> HttpResponse:
    """Show what changed to a core group member without an account."""
    member = place_of_member(request)
    group = member.core_group
    given = given_plan(request, copy_pk, member.person, family=group.family_id, purpose=CORE_GROUP)
    back = reverse("guest_core_group_papers:read-plan", args=[copy_pk])
    return _changes(request, given, member.person, back, authority=group.authority)


def _changes(
    request: HttpRequest, given: GivenPlan, person: Person, back: str, *, authority: Authority
) -> HttpResponse:
    if given.before is None:
        raise GuestRequired
    now, document, before = timezone.now(), given.copy.document, given.before.document
    context = {"plan_url": back, "given": given, "title": plan_title(given, person)}
    try:
        context["changes"] = changes_for_person(document, before, person.pk, now=now)
    except CopyRefusedError:
        retire_refused(document, person.pk, now=now)
        return guest_page(request, "guest_papers/not_now.html", {"back_url": back}, authority=authority, status=409)
    return guest_page(request, "guest_papers/plan_changes.html", context, authority=authority)
