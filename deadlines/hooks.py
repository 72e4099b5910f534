"""Connects deadlines to the apps below it when the site starts."""

from __future__ import annotations

from accounts.people.staff_events import staff_changed
from accounts.signin.second_factor import register_open
from deadlines.chronology import SOURCES
from deadlines.notice_matters import register_matters
from deadlines.panels import dates_panel, timeline_page
from deadlines.selectors.decisions_below import register_kinds
from deadlines.services.feeds import end_of_leaver
from deadlines.services.mail_at_leaving import on_mail_not_sent, reason_to_withhold
from families.chronology import event_sources
from families.panels import case_pages, panels
from notifications.may_send import checks
from notifications.not_sent import not_sent


def connect() -> None:
    """Connect the hooks. Called once from ``DeadlinesConfig.ready``."""
    for source in SOURCES:
        event_sources.connect(source)
    panels.connect(dates_panel, order=7)
    case_pages.connect(timeline_page, order=20)
    register_kinds()
    register_matters()
    staff_changed.connect(end_of_leaver)
    checks.connect(reason_to_withhold)
    not_sent.connect(on_mail_not_sent)
    register_open(("deadlines:calculate-dates", "deadlines:read-calendar-feed"))
