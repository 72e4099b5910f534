"""Connects meetings to the apps below, once, when the application starts."""

from __future__ import annotations

from accounts.signin.second_factor import register_open
from accounts.signin.sessions import register_keeps_alive
from conferences import panels
from conferences.guest_steps import first_page_follows, guest_steps
from conferences.score_line import scores_given
from conferences.tabs import register_tab
from deadlines.notice_matters import notice_matters
from deadlines.to_decide import decision_kinds
from meetings import guest_urls, turn_urls
from meetings.guest_steps import answers_step
from meetings.history import register_history
from meetings.notice_matters import MATTERS
from meetings.panels import next_sitting_waits
from meetings.selectors.chairs_reading import connect_sections
from meetings.selectors.changes import own_pages
from meetings.selectors.own_following import OWN_PAGES, guests_following
from meetings.selectors.recording import records_now
from meetings.selectors.score_line import scores_at_conferences
from meetings.services.misfiled_entries import register_movables
from meetings.to_decide import KINDS
from meetings.turns import turn_kinds
from meetings.urls import day_urls
from meetings.views.preparation import chairs_panel
from meetings.views.turns import CONFERENCE_TURN


def connect() -> None:
    """Connect the hooks. Called once from ``MeetingsConfig.ready``."""
    for matter in MATTERS:
        notice_matters.connect(matter)
    register_history()
    register_movables()
    connect_sections()
    panels.panels.connect(chairs_panel, order=-10)
    scores_given.connect(scores_at_conferences)
    register_open(("projector:type-code", "projector:screen", "projector:changed"))
    register_open(f"guest_answers:{page.name}" for page in guest_urls.urlpatterns)
    register_open(f"turn:{page.name}" for page in turn_urls.urlpatterns)
    guest_steps.connect(answers_step, order=-20)
    first_page_follows.connect(guests_following)
    own_pages.connect(OWN_PAGES)
    turn_kinds.connect(CONFERENCE_TURN)
    register_keeps_alive([f"meetings:{page.name}" for page in day_urls], records_now)
    for kind in KINDS:
        decision_kinds.connect(kind)
    panels.waits.connect(next_sitting_waits)
    register_tab("day", "The day", "meetings:day", 40)
