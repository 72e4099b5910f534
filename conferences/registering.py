"""What conferences tells the other apps about itself when the site starts."""

from __future__ import annotations

from accounts.signin.second_factor import register_open
from accounts.signin.sessions import register_keeps_alive
from conferences import guest_urls
from conferences.access import families_chaired, families_coordinated, know_restricted
from conferences.arranging_clocks import register_arranging_clocks
from conferences.case_context import booked_conferences
from conferences.clocks import register_clocks
from conferences.day_urls import urlpatterns as day_pages
from conferences.family_panel import card_details, family_panel, next_step
from conferences.guest_access import register_guest_purpose
from conferences.handing_over import CHAIRED, COORDINATED
from conferences.history import register_history
from conferences.lateness import lateness_causes
from conferences.refusals import register_refusals
from conferences.selectors.recording import records_now
from conferences.services.guest_links import register_link_writer
from conferences.services.happenings import on_case_event
from conferences.services.moving import register_movables
from conferences.services.sending import coordinator_of, reason_to_withhold
from conferences.tabs import register_tab
from conferences.timeline import conference_events
from deadlines.cases import register_case_context
from deadlines.lateness import register_causes
from deadlines.timeline import register_events
from families import panels
from families.access import register_family_right, register_named
from families.events import register_listener
from families.handing_over import register_work
from notifications.answering import register_answering
from notifications.may_send import register_check


def register_everything() -> None:
    """Called once from ``ConferencesConfig.ready``."""
    register_history()
    register_movables()
    register_refusals()
    register_open(("projector:type-code", "projector:screen"))
    register_keeps_alive([f"conferences:{page.name}" for page in day_pages], records_now)
    register_family_right("chair of a conference", families_chaired)
    register_family_right("coordinator of a conference", families_coordinated, may_change=True)
    register_named(know_restricted)
    register_work(CHAIRED, order=20)
    register_work(COORDINATED, order=30)
    register_listener(on_case_event)
    register_check(reason_to_withhold)
    register_answering(coordinator_of)
    register_guest_purpose()
    # A guest is nobody's account, whoever else is signed in in the same browser.
    register_open(f"guest_meeting:{page.name}" for page in guest_urls.urlpatterns)
    register_link_writer()
    register_clocks()
    register_arranging_clocks()
    register_case_context(booked_conferences)
    register_causes(lateness_causes)
    register_events(conference_events)
    register_tab("overview", "Overview", "conferences:overview", 10)
    register_tab("people", "People", "conferences:people", 20)
    register_tab("day", "The day", "conferences:day", 40)
    panels.register(family_panel, order=10)
    panels.register_next_step(next_step, order=10)
    panels.register_card_details(card_details)
