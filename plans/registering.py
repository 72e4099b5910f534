"""What plans tell the apps below them; run once, when the application starts."""

from __future__ import annotations

from accounts.constraint_errors import register_refusal
from accounts.enums import Role
from accounts.people.landing_pages import register_home
from conferences.following import on_correction, on_decision
from conferences.tabs import register_tab
from deadlines.timeline import register_events
from families.access import register_family_right, register_named
from families.handing_over import register_work
from families.panels import register as register_panel
from plans.access import families_carried, know_restricted
from plans.clocks import register_clocks
from plans.correcting import follow_correction
from plans.handing_over import CARRIED
from plans.history import register_history
from plans.moving import register_movables
from plans.panels import plans_panel
from plans.services import follow_decision
from plans.timeline import plan_events


def register_everything() -> None:
    """Clocks, what follows a decision, the family's panel, the conference's tab, and the words of the triggers."""
    register_family_right("key worker", families_carried)
    register_named(know_restricted)
    register_work(CARRIED, order=40)
    register_history()
    register_movables()
    register_clocks()
    register_events(plan_events)
    on_decision(follow_decision)
    on_correction(follow_correction)
    register_panel(plans_panel, order=40)
    register_tab("plan", "Plan", "conference_plans:plan", 50)
    register_home(Role.DUTY_WORKER, "plans:check-list")
    register_refusal(
        "no_new_plan_over_18",
        "This person is 18 or older on that day. A new plan can't begin; use adult services.",
    )
    register_refusal(
        "cp_plan_starts_when_decided",
        "A child protection plan starts on the day of the sitting that decided it.",
    )
