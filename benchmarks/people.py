"""The users and pages that are measured."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from conferences.access import visible_conferences
from conferences.enums import ConferenceStatus
from families.access import visible_families

HELP = "help"
LISTS = {
    "my work": "deadlines:my-work",
    "families": "families:families",
    "conferences": "conferences:conferences",
    "plans": "plans:plans",
}
ROLES = (Role.SOCIAL_WORKER, Role.CHAIR, Role.SERVICE_MANAGER)


def everybody() -> list[User]:
    """Return people who work with cases, those in the roles whose pages are measured."""
    held = RoleAssignment.objects.current(on=timezone.localdate()).filter(role__in=ROLES)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def somebody(role: Role) -> User | None:
    """Return the first user who holds a role today."""
    held = RoleAssignment.objects.current(on=timezone.localdate()).filter(role=role).select_related("user")
    first = held.order_by("pk").first()
    return first.user if first else None


def addresses_for(user: User) -> dict[str, str]:
    """Return the measured pages, as far as the user may open one of each."""
    found = {HELP: reverse("govuk:read-help"), **{name: reverse(url) for name, url in LISTS.items()}}
    family = visible_families(user).order_by("pk").first()
    held = visible_conferences(user).exclude(status=ConferenceStatus.CANCELLED).order_by("pk").first()
    if family:
        found["family"] = reverse("families:family", args=[family.pk])
    if held:
        found["overview"] = reverse("conferences:overview", args=[held.pk])
        found["board"] = reverse("meetings:board", args=[held.pk])
    return found
