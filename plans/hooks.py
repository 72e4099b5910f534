"""Connects plans to the apps below, once, when the application starts."""

from __future__ import annotations

from accounts.constraint_errors import register_refusal
from accounts.enums import Role
from accounts.people.landing_pages import register_home
from conferences.panels import panels as conference_panels
from conferences.plans_held import plans_held
from conferences.tabs import register_tab
from deadlines.notice_matters import notice_matters
from deadlines.sections import council_sections, team_sections
from deadlines.timeline import case_events
from deadlines.to_decide import decision_kinds
from families.access import register_family_right, register_named
from families.chronology import event_sources
from families.events import case_changed
from families.handing_over import work_kinds
from families.panels import panels as family_panels
from families.post_work import post_work
from families.sealing import obstacles
from meetings.events import conference_closed, decision_corrected, decision_made
from meetings.reading_page import OPEN_ACTIONS
from meetings.reading_page import sections as reading_sections
from plans.access import families_carried, know_restricted
from plans.chronology import SOURCES
from plans.clocks import register_clocks
from plans.history import register_history
from plans.notice_matters import MATTERS
from plans.panels import long_plans_of_council, long_plans_of_team, open_actions_section, stands_apart_panel
from plans.selectors.case_events import plan_events
from plans.selectors.panels import plans_panel
from plans.selectors.plans import own_cp_plans
from plans.services.adoptions import on_case_event as on_adoption
from plans.services.adoptions import open_plans_in_the_way
from plans.services.corrections import follow_correction
from plans.services.deaths import on_case_event
from plans.services.misfiled_entries import register_movables
from plans.services.plans import follow_decision
from plans.services.posts import ACTION_IN_POST
from plans.services.told_of_endings import tell_of_endings
from plans.services.work_kinds import CARRIED
from plans.to_decide import CONSENT, LONGER_VISITS, MID_POINT, MOVE, TURNED_18

ON_A_PLAN = "There is a child protection plan for this child, so the conference is a review."


def connect() -> None:
    """Connect clocks, what follows a decision, the family's panel, the conference's tab, and trigger messages."""
    for source in SOURCES:
        event_sources.connect(source)
    for matter in MATTERS:
        notice_matters.connect(matter)
    register_family_right("key worker", families_carried)
    register_named(know_restricted)
    work_kinds.connect(CARRIED, order=40)
    post_work.connect(ACTION_IN_POST, order=40)
    register_history()
    register_movables()
    register_clocks()
    case_events.connect(plan_events)
    case_changed.connect(on_case_event)
    case_changed.connect(on_adoption)
    obstacles.connect(open_plans_in_the_way)
    plans_held.connect(own_cp_plans)
    decision_kinds.connect(TURNED_18)
    decision_kinds.connect(CONSENT)
    decision_kinds.connect(MOVE)
    decision_kinds.connect(LONGER_VISITS)
    decision_kinds.connect(MID_POINT)
    conference_panels.connect(stands_apart_panel, order=2)
    reading_sections.connect(open_actions_section, order=OPEN_ACTIONS)
    team_sections.connect(long_plans_of_team)
    council_sections.connect(long_plans_of_council)
    decision_made.connect(follow_decision)
    conference_closed.connect(tell_of_endings)
    decision_corrected.connect(follow_correction)
    family_panels.connect(plans_panel, order=40)
    register_tab("plan", "Plan", "conference_plans:plan", 50)
    register_home(Role.DUTY_WORKER, "plans:check-list")
    register_refusal(
        "no_new_plan_over_18", "This person is 18 or older on that day. A new plan can't start. Use adult services."
    )
    register_refusal("child_on_a_plan_has_a_review", ON_A_PLAN, field="kind")
    register_refusal(
        "cp_plan_starts_when_decided", "A child protection plan starts on the day of the sitting that decided it."
    )
