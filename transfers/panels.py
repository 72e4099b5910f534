"""What transfers show on the family's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import user_of
from families.access import may_change_family
from families.models import Family
from families.selectors.agency_names import name_on_page
from transfers.selectors.transfers import may_be_transferred, transfers_out


def transfers_panel(request: HttpRequest, family: Family) -> tuple[str, dict[str, Any]] | None:
    """Return the family's moves to other councils, and where one is recorded; None where no child has a plan."""
    found = list(transfers_out(family))
    may_record = may_change_family(user_of(request), family) and may_be_transferred(family).exists()
    if not found and not may_record:
        return None
    rows = [(transfer, name_on_page(transfer.agency, family.pk)) for transfer in found]
    return "transfers/panel.html", {"transfers": rows, "may_record": may_record}
