"""Where an incident is recorded, and which are open, on a family's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import user_of
from accounts.enums import CASE_ROLES
from families.models import Family
from incidents.access import INCIDENT_RULE
from incidents.models import Incident


def family_panel(request: HttpRequest, family: Family) -> tuple[str, dict[str, Any]] | None:
    """Return the case's incidents, and where one is recorded."""
    user = user_of(request)
    if not user.holds(*CASE_ROLES):
        return None
    rows = INCIDENT_RULE.visible(Incident.objects.filter(family=family), user)
    return "incidents/panel.html", {"incidents": list(rows), "family": family}
