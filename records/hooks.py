"""Connects records to the apps below, once, when the application starts."""

from __future__ import annotations

from accounts.constraint_errors import register_refusal
from deadlines.notice_matters import notice_matters
from deadlines.to_decide import decision_kinds
from families.events import case_changed
from families.panels import panels
from records.clocks import register_clocks
from records.notice_matters import MATTERS
from records.retention import legal_holds
from records.retention.panel import records_panel
from records.to_decide import KINDS


def connect() -> None:
    """Connect automatic legal holds, the family's panel, and the messages for database refusals."""
    register_clocks()
    for matter in MATTERS:
        notice_matters.connect(matter)
    for kind in KINDS:
        decision_kinds.connect(kind)
    case_changed.connect(legal_holds.on_case_event)
    panels.connect(records_panel, order=90)
    register_refusal("disposal_agreed_by_two", "Two different people have to agree to a disposal.")
    register_refusal("disposal_of_a_closed_case", "This case is open, or its records are already gone.")
    register_refusal("disposal_after_its_time", "The time this case has to be kept has not ended.")
    register_refusal("disposal_under_no_hold", "There is a legal hold. Nothing in this case can be disposed of.")
    register_refusal("disposal_without_open_plans", "A child in this case has an open plan.")
