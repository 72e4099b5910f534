from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from accounts.models import RoleAssignment


class Command(BaseCommand):
    help = "Shows who can be signed in as, in demo mode."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("There are no demo sign-ins outside demo mode.")
        held = (
            RoleAssignment.objects.current(on=timezone.localdate())
            .filter(user__is_active=True)
            .select_related("user", "authority", "team")
            .order_by("authority__name", "pk")
        )
        first_roles: dict[int, RoleAssignment] = {}
        for assignment in held:
            first_roles.setdefault(assignment.user_id, assignment)
        width = max((len(assignment.get_role_display()) for assignment in first_roles.values()), default=0)
        self.stdout.write(
            f"  Sign in with one click as any of these at {settings.PUBLIC_URL}{reverse('account_login')}"
        )
        for assignment in first_roles.values():
            self.stdout.write(
                f"    {assignment.get_role_display():<{width}}  {assignment.user.name:<20}  {assignment.user.email}"
            )
