"""Connects transfers to the apps below, once, when the application starts."""

from __future__ import annotations

from deadlines.notice_matters import notice_matters
from families.panels import panels as family_panels
from plans.moves import moves_recorded
from reports.data_map import files_of
from transfers.clocks import register_clocks
from transfers.history import register_history
from transfers.notice_matters import MATTERS
from transfers.panels import transfers_panel
from transfers.selectors.letters import files_of_letters
from transfers.selectors.transfers import recorded_move


def connect() -> None:
    """Connect history, clocks, the family's panel, and what is recorded of a move before a plan ends."""
    for matter in MATTERS:
        notice_matters.connect(matter)
    register_history()
    register_clocks()
    family_panels.connect(transfers_panel, order=45)
    moves_recorded.connect(recorded_move)
    files_of.connect(files_of_letters)
