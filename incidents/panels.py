"""Where an incident is recorded, on a family's page; what waits of one stands there among the time limits."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import user_of
from accounts.enums import CASE_ROLES
from families.models import Family


def family_panel(request: HttpRequest, family: Family) -> tuple[str, dict[str, Any]] | None:
    """Return where an incident is recorded, and those before are listed."""
    return ("incidents/panel.html", {"family": family}) if user_of(request).holds(*CASE_ROLES) else None
