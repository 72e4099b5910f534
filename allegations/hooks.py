"""Connects allegations to the apps below, once, when the application starts."""

from __future__ import annotations

from accounts.audit.apart import kept_apart
from allegations.notice_matters import MATTERS
from allegations.panels import conference_panel, family_panel
from allegations.selectors.bundles import pieces_in
from allegations.to_decide import KINDS
from conferences.panels import panels as conference_panels
from deadlines.notice_matters import notice_matters
from deadlines.to_decide import decision_kinds
from families.panels import panels as family_panels
from records.disclosure.pieces import more_pieces


def connect() -> None:
    """Connect the link to refer, what waits, bundles by decision, and keep the reads apart from the read log."""
    for matter in MATTERS:
        notice_matters.connect(matter)
    kept_apart.connect("allegations")
    family_panels.connect(family_panel, order=95)
    conference_panels.connect(conference_panel, order=95)
    more_pieces.connect(pieces_in)
    for kind in KINDS:
        decision_kinds.connect(kind)
