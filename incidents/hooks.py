"""Connects incidents to the apps below, once, when the application starts."""

from __future__ import annotations

from deadlines.notice_matters import notice_matters
from deadlines.to_decide import decision_kinds
from families.panels import panels as family_panels
from incidents.clocks import register_clocks
from incidents.history import register_history
from incidents.notice_matters import MATTERS
from incidents.panels import family_panel
from incidents.to_decide import KINDS


def connect() -> None:
    """Connect history, clocks, notices, what waits for a decision, and the family's panel."""
    for matter in MATTERS:
        notice_matters.connect(matter)
    for kind in KINDS:
        decision_kinds.connect(kind)
    register_history()
    register_clocks()
    family_panels.connect(family_panel, order=90)
