"""Connects papers to the apps below, once, when the application starts."""

from __future__ import annotations

from accounts.audit.named import named_records
from accounts.constraint_errors import register_refusal
from accounts.signin.second_factor import register_open
from conferences import panels
from conferences.children_changed import before_child_joins
from conferences.guest_steps import guest_steps, invitation_rows, released_reasons
from conferences.tabs import register_tab
from core_groups.guest_steps import member_steps
from core_groups.meeting_panels import meeting_panels, minutes_released
from deadlines.clocks import preparations
from deadlines.first_page import first_page
from deadlines.notice_matters import notice_matters
from deadlines.timeline import case_events
from deadlines.to_decide import decision_kinds
from families.chronology import event_sources
from families.post_work import post_work
from meetings import reading_page
from meetings.events import decision_corrected, entry_moved, entry_put, released
from notifications.attachments import attachments
from notifications.may_send import checks
from notifications.not_sent import not_sent
from plans.events import holders_of_copies, paper_released, persons_with_copies
from reports import guest_member_urls, guest_urls
from reports.chronology import SOURCES
from reports.clocks import childs_letters, documents, objections, outline_plans, reports
from reports.history import register_history
from reports.notice_matters import MATTERS
from reports.read_log import NAMED
from reports.selectors.case_events import paper_events
from reports.selectors.guest_papers import reason_released
from reports.selectors.holders import holders_of, persons_holding
from reports.services.corrections import follow_correction, follow_move, has_gone_out
from reports.services.misfiled_entries import register_movables
from reports.services.moved_entries import minutes_were_given_out, plan_was_given_out, supersede_after_move
from reports.services.paper_mail import files_of, on_paper_not_sent, reason_to_withhold_paper, register_paper_link
from reports.services.posts import REPORT_IN_POST
from reports.services.progress import note_progress
from reports.services.reminders import reason_to_withhold_reminder
from reports.services.reports import name_in_drafts
from reports.to_decide import KINDS
from reports.views.core_group_minutes import minutes_panel
from reports.views.guest_advocates import clients_papers_step
from reports.views.guest_formats import formats_step
from reports.views.guest_minutes import minutes_step
from reports.views.guest_papers import own_report_step, papers_step
from reports.views.guest_plans import plan_step
from reports.views.guest_reading import reading_step
from reports.views.own_reading import reading_of_invitation
from reports.views.papers import own_conferences_panel, papers_panel, papers_waits
from reports.views.reading import disputed_section, reports_section


def connect() -> None:
    """Register tabs, panels of the overview, clocks, and the form fields of constraints."""
    for source in SOURCES:
        event_sources.connect(source)
    for named in NAMED:
        named_records.connect(named)
    for matter in MATTERS:
        notice_matters.connect(matter)
    register_tab("papers", "Papers", "reports:papers", 30)
    register_tab("minutes", "Letter and minutes", "reports:minutes", 60)
    for kind in KINDS:
        decision_kinds.connect(kind)
    panels.panels.connect(papers_panel, order=10)
    panels.waits.connect(papers_waits)
    first_page.connect(own_conferences_panel, order=-10)
    reading_page.sections.connect(reports_section, order=reading_page.REPORTS)
    reading_page.sections.connect(disputed_section, order=reading_page.DISPUTED)
    for step in (own_report_step, reading_step):
        guest_steps.connect(step)
    invitation_rows.connect(reading_of_invitation)
    for step in (papers_step, clients_papers_step):
        guest_steps.connect(step)
    released_reasons.connect(reason_released)
    meeting_panels.connect(minutes_panel)
    member_steps.connect(minutes_step)
    member_steps.connect(plan_step)
    member_steps.connect(formats_step)
    register_open(f"guest_core_group_papers:{page.name}" for page in guest_member_urls.urlpatterns)
    register_open(f"guest_papers:{page.name}" for page in guest_urls.urlpatterns)
    holders_of_copies.connect(holders_of)
    persons_with_copies.connect(persons_holding)
    preparations.connect(note_progress)
    checks.connect(reason_to_withhold_reminder)
    checks.connect(reason_to_withhold_paper)
    not_sent.connect(on_paper_not_sent)
    attachments.connect(files_of)
    register_paper_link()
    before_child_joins.connect(name_in_drafts)
    register_history()
    post_work.connect(REPORT_IN_POST, order=20)
    register_movables()
    decision_corrected.connect(follow_correction)
    entry_moved.connect(follow_move)
    entry_put.connect(supersede_after_move)
    paper_released.connect(plan_was_given_out)
    minutes_released.connect(minutes_were_given_out)
    released.connect(has_gone_out)
    for clocks in (childs_letters, outline_plans, objections, reports, documents):
        clocks.register_clocks()
    case_events.connect(paper_events)
    register_refusal("section_says_something", field="text")
    register_refusal("kept_back_only_by_the_chair", field="outcome")
    register_refusal("superseded_document_says_why", field="because")
