"""What families tells the app below it and its own parts; run once, when the application starts."""

from __future__ import annotations

from accounts.audit.anomalies import register_unusual
from accounts.people.staff_events import register_staff_listener
from families.access import messages_of_closed_cases
from families.handing_over import CASES, NAMINGS, on_leaver, register_work
from families.panels import register as register_panel
from families.safety_panel import safety_panel
from families.unusual import own_name_or_address
from notifications.access import register_closed


def register_everything() -> None:
    """Called once from ``FamiliesConfig.ready``."""
    register_work(CASES, order=10)
    register_work(NAMINGS, order=60)
    register_staff_listener(on_leaver)
    register_unusual(own_name_or_address)
    register_panel(safety_panel, order=5)
    register_closed(messages_of_closed_cases)
