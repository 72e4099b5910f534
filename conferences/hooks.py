"""Connects conferences to the other apps when the site starts."""

from __future__ import annotations

from accounts.signin.second_factor import register_open
from conferences import guest_urls
from conferences.access import families_chaired, families_coordinated, know_restricted
from conferences.chronology import SOURCES
from conferences.clocks.arranging import register_arranging_clocks
from conferences.clocks.asking import register_asking_clocks
from conferences.clocks.conferences import register_clocks
from conferences.clocks.losses import register_loss_clocks
from conferences.clocks.telling import register_telling_clock
from conferences.constraint_errors import register_refusals
from conferences.guest_access import register_guest_purpose
from conferences.history import register_history
from conferences.notice_matters import MATTERS
from conferences.panels import panels as conference_panels
from conferences.panels import waits
from conferences.request_panels import conference_requests, requests_of_conference, requests_of_family, what_was_asked
from conferences.selectors.case_context import booked_conferences
from conferences.selectors.case_events import conference_events
from conferences.selectors.family_panel import card_details, family_panel, missing_panel, next_step
from conferences.selectors.late_causes import lateness_causes
from conferences.selectors.met import met_around
from conferences.selectors.own_calendar import conferences_for_calendar
from conferences.selectors.paper_only import reason_to_withhold_online
from conferences.services.case_events import on_case_event
from conferences.services.chairs_words import on_answer_not_sent, reason_to_withhold_answer
from conferences.services.child_news import on_child_news_not_sent, reason_to_withhold_child_news
from conferences.services.guest_links import register_link_writer
from conferences.services.not_sent import on_not_sent
from conferences.services.posts import INVITED_IN_POST, follow_mailbox, tell_coordinator
from conferences.services.requests import on_request_answer_not_sent, reason_to_withhold_request_answer
from conferences.services.sending import coordinator_of, reason_to_withhold
from conferences.services.who_runs import on_news_not_sent, reason_to_withhold_news
from conferences.services.work_kinds import CHAIRED, COORDINATED
from conferences.tabs import register_tab
from conferences.to_decide import KINDS
from deadlines.cases import case_contexts
from deadlines.first_page import first_page
from deadlines.lateness import late_causes
from deadlines.notice_matters import notice_matters
from deadlines.own_meetings import own_meetings
from deadlines.timeline import case_events
from deadlines.to_decide import decision_kinds
from families import panels
from families.access import register_family_right, register_named
from families.chronology import event_sources
from families.events import case_changed
from families.handing_over import work_kinds
from families.post_work import left_open, mailbox_changed, post_work
from families.selectors.whereabouts import known_around
from notifications.answering import answering
from notifications.may_send import checks
from notifications.not_sent import not_sent


def connect() -> None:
    """Connect the hooks. Called once from ``ConferencesConfig.ready``."""
    for source in SOURCES:
        event_sources.connect(source)
    for matter in MATTERS:
        notice_matters.connect(matter)
    register_history()
    register_refusals()
    register_family_right("chair of a conference", families_chaired)
    register_family_right("coordinator of a conference", families_coordinated, may_change=True)
    register_named(know_restricted)
    work_kinds.connect(CHAIRED, order=20)
    work_kinds.connect(COORDINATED, order=30)
    post_work.connect(INVITED_IN_POST, order=10)
    for kind in KINDS:
        decision_kinds.connect(kind)
    mailbox_changed.connect(follow_mailbox)
    left_open.connect(tell_coordinator)
    case_changed.connect(on_case_event)
    checks.connect(reason_to_withhold_online)
    checks.connect(reason_to_withhold)
    known_around.connect(met_around)
    checks.connect(reason_to_withhold_answer)
    checks.connect(reason_to_withhold_news)
    checks.connect(reason_to_withhold_request_answer)
    checks.connect(reason_to_withhold_child_news)
    not_sent.connect(on_not_sent)
    not_sent.connect(on_news_not_sent)
    not_sent.connect(on_child_news_not_sent)
    not_sent.connect(on_answer_not_sent)
    not_sent.connect(on_request_answer_not_sent)
    answering.connect(coordinator_of)
    register_guest_purpose()
    # A guest has no account, even if a user is signed in in the same browser.
    register_open(f"guest_meeting:{page.name}" for page in guest_urls.urlpatterns)
    register_link_writer()
    register_clocks()
    register_arranging_clocks()
    register_asking_clocks()
    register_telling_clock()
    register_loss_clocks()
    case_contexts.connect(booked_conferences)
    first_page.connect(conference_requests)
    late_causes.connect(lateness_causes)
    case_events.connect(conference_events)
    own_meetings.connect(conferences_for_calendar)
    register_tab("overview", "Overview", "conferences:overview", 10)
    register_tab("people", "People", "conferences:people", 20)
    conference_panels.connect(requests_of_conference, order=60)
    waits.connect(what_was_asked, order=10)
    panels.panels.connect(requests_of_family, order=5)
    panels.panels.connect(missing_panel, order=3)
    panels.panels.connect(family_panel, order=10)
    panels.next_steps.connect(next_step, order=10)
    panels.card_details.connect(card_details)
