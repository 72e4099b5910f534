"""Connects core groups to the apps below, once, when the application starts."""

from __future__ import annotations

from accounts.signin.second_factor import register_open
from conferences.guest_steps import dates_ahead
from conferences.panels import panels as conference_panels
from conferences.panels import waits, waits_before_leaving
from conferences.score_line import scores_given
from conferences.selectors.askers import children_worked_with
from core_groups import guest_urls
from core_groups.chronology import SOURCES
from core_groups.clocks import first_held_after_birth, register_clocks
from core_groups.guest_access import register_guest_purpose
from core_groups.history import register_history
from core_groups.notice_matters import MATTERS
from core_groups.panels import my_core_groups, who_must_not_meet
from core_groups.selectors.askers import children_of_member
from core_groups.selectors.carrying import members_who_carry
from core_groups.selectors.case_events import core_group_events
from core_groups.selectors.changes import meetings_about, meetings_of_versions
from core_groups.selectors.following import FOLLOWABLE
from core_groups.selectors.guests import core_group_dates
from core_groups.selectors.met import met_around
from core_groups.selectors.own_calendar import core_groups_for_calendar
from core_groups.selectors.own_following import OWN_PAGES
from core_groups.selectors.score_line import scores_at_core_groups
from core_groups.services.changes import keep_meeting, propose_cin_members, tell_members, tell_members_of_version
from core_groups.services.core_groups import form_core_group
from core_groups.services.corrections import follow_correction
from core_groups.services.endings import follow_plans, follow_review
from core_groups.services.guest_links import register_link_writer
from core_groups.services.invitations import on_invitation_not_sent, reason_to_withhold
from core_groups.services.meetings import plan_first_meeting
from core_groups.services.misfiled_entries import register_movables
from core_groups.services.planning import why_place_gives_away
from core_groups.services.posts import MEMBER_IN_POST
from core_groups.services.work_kinds import MEMBERSHIPS
from core_groups.to_decide import APART, TO_CANCEL
from core_groups.views.own_answers import MEMBER_TURN
from core_groups.views.since_last import since_last_panel
from deadlines.first_page import first_page
from deadlines.notice_matters import notice_matters
from deadlines.own_meetings import own_meetings
from deadlines.timeline import case_events
from deadlines.to_decide import decision_kinds
from families.chronology import event_sources
from families.handing_over import work_kinds
from families.post_work import post_work
from families.selectors.whereabouts import known_around
from meetings.events import conference_closed, core_group_place, decision_corrected, decision_made
from meetings.selectors.changes import followables, own_pages
from meetings.turns import turn_kinds
from notifications.may_send import checks
from notifications.not_sent import not_sent
from plans.events import carried_out_by, key_worker_changed, plans_stopped, version_made
from plans.occasions import core_groups_after_birth, made_at_meeting, meeting_names, meetings_held


def connect() -> None:
    """Connect clocks, and what follows a decision and the closing of a conference."""
    for source in SOURCES:
        event_sources.connect(source)
    for matter in MATTERS:
        notice_matters.connect(matter)
    register_history()
    register_movables()
    register_guest_purpose()
    dates_ahead.connect(core_group_dates)
    register_link_writer()
    register_open(f"guest_core_group:{page.name}" for page in guest_urls.urlpatterns)
    register_clocks()
    work_kinds.connect(MEMBERSHIPS, order=50)
    post_work.connect(MEMBER_IN_POST, order=30)
    case_events.connect(core_group_events)
    own_meetings.connect(core_groups_for_calendar)
    conference_panels.connect(since_last_panel, order=5)
    known_around.connect(met_around)
    scores_given.connect(scores_at_core_groups)
    decision_made.connect(form_core_group)
    decision_made.connect(propose_cin_members)
    decision_corrected.connect(follow_correction)
    conference_closed.connect(plan_first_meeting)
    conference_closed.connect(follow_review)
    plans_stopped.connect(follow_plans)
    core_group_place.connect(why_place_gives_away)
    checks.connect(reason_to_withhold)
    not_sent.connect(on_invitation_not_sent)
    decision_kinds.connect(APART)
    decision_kinds.connect(TO_CANCEL)
    meetings_held.connect(meetings_about)
    meeting_names.connect(meetings_of_versions)
    made_at_meeting.connect(keep_meeting)
    core_groups_after_birth.connect(first_held_after_birth)
    carried_out_by.connect(members_who_carry)
    key_worker_changed.connect(tell_members)
    version_made.connect(tell_members_of_version)
    first_page.connect(my_core_groups)
    children_worked_with.connect(children_of_member)
    turn_kinds.connect(MEMBER_TURN)
    followables.connect(FOLLOWABLE)
    own_pages.connect(OWN_PAGES)
    waits.connect(who_must_not_meet)
    waits_before_leaving.connect(who_must_not_meet)
