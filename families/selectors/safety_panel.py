"""The panel of dangers to staff on the family's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.access import user_of
from families.access import may_change_family
from families.models import Family
from families.selectors.safety import alerts_of


def safety_panel(request: HttpRequest, family: Family) -> tuple[str, dict[str, Any]]:
    """Return what to beware of in the household, with links to record and end it for those who may."""
    alerts = list(alerts_of(family, on=timezone.localdate()).select_related(None).select_related("person"))
    return "families/safety_panel.html", {"alerts": alerts, "may_change": may_change_family(user_of(request), family)}
