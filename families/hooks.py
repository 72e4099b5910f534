"""Connects families to the app below and its own parts, once, when the application starts."""

from __future__ import annotations

from accounts.audit.anomalies import anomalies_found
from accounts.people.staff_events import staff_changed
from families.access import messages_of_closed_cases
from families.chronology import event_sources
from families.handing_over import CASES, NAMINGS, on_leaver, work_kinds
from families.panels import next_steps
from families.panels import panels as family_panels
from families.post_work import left_open, post_work
from families.selectors.agency_names import messages_to_confidential_agencies
from families.selectors.anomalies import own_name_or_address
from families.selectors.chronology import SOURCES
from families.selectors.losses import reason_to_hold, reason_to_withhold
from families.selectors.safety_panel import safety_panel
from families.selectors.work_of_posts import take_over_panel, take_over_step
from families.services.agency_contacts import AGENCY_CONTACT, tell_social_worker
from notifications.access import closed_messages, confidential_addresses
from notifications.may_send import checks, holds


def connect() -> None:
    """Connect the hooks. Called once from ``FamiliesConfig.ready``."""
    work_kinds.connect(CASES, order=10)
    work_kinds.connect(NAMINGS, order=60)
    staff_changed.connect(on_leaver)
    anomalies_found.connect(own_name_or_address)
    family_panels.connect(safety_panel, order=5)
    post_work.connect(AGENCY_CONTACT, order=50)
    left_open.connect(tell_social_worker)
    family_panels.connect(take_over_panel, order=1)
    next_steps.connect(take_over_step, order=20)
    for source in SOURCES:
        event_sources.connect(source)
    holds.connect(reason_to_hold)
    checks.connect(reason_to_withhold)
    closed_messages.connect(messages_of_closed_cases)
    confidential_addresses.connect(messages_to_confidential_agencies)
