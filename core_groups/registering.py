"""What core groups tell the apps below them; run once, when the application starts."""

from __future__ import annotations

from conferences.following import on_close, on_decision
from core_groups.clocks import register_clocks
from core_groups.services import form_core_group, plan_first_meeting


def register_everything() -> None:
    """Clocks, and what follows a decision and the closing of a conference."""
    register_clocks()
    on_decision(form_core_group)
    on_close(plan_first_meeting)
