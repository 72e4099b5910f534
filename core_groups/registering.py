"""What core groups tell the apps below them; run once, when the application starts."""

from __future__ import annotations

from conferences.following import on_close, on_correction, on_decision
from core_groups.clocks import register_clocks
from core_groups.correcting import follow_correction
from core_groups.handing_over import MEMBERSHIPS
from core_groups.history import register_history
from core_groups.services import form_core_group, plan_first_meeting
from core_groups.timeline import core_group_events
from deadlines.timeline import register_events
from families.handing_over import register_work


def register_everything() -> None:
    """Clocks, and what follows a decision and the closing of a conference."""
    register_history()
    register_clocks()
    register_work(MEMBERSHIPS, order=50)
    register_events(core_group_events)
    on_decision(form_core_group)
    on_correction(follow_correction)
    on_close(plan_first_meeting)
