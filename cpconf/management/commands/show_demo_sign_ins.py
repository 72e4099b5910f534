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
        self.stdout.write(
            f"  Sign in with one click as any of these at {settings.PUBLIC_URL}{reverse('account_login')}"
        )
        shown: set[int] = set()
        for assignment in held:
            if assignment.user_id in shown:
                continue
            shown.add(assignment.user_id)
            self.stdout.write(
                f"    {assignment.get_role_display():<22} {assignment.user.name:<24} {assignment.user.email}",
            )
