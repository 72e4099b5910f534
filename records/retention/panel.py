"""The panel on a family's page about keeping and disclosing its records."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import user_of
from accounts.enums import Role
from families.models import Family
from records.retention.legal_holds import holds_on


def records_panel(request: HttpRequest, family: Family) -> tuple[str, dict[str, Any]] | None:
    """Return legal holds, for everyone who opens the family, and links for those who keep and disclose records."""
    user = user_of(request)
    may_keep = family.authority_id in user.authority_ids(Role.SERVICE_MANAGER)
    may_give = family.authority_id in user.authority_ids(Role.SERVICE_MANAGER, Role.COORDINATOR)
    holds = list(holds_on(family.pk))
    if not (holds or may_give):
        return None
    return "records/records_panel.html", {"holds": holds, "may_keep": may_keep, "may_give": may_give}
