from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import ConferenceStatus, ParticipantStatus
from conferences.models import Participant
from conferences.services.guards import EditedMeanwhile
from reports.enums import ReportKind, ReportState
from reports.models import Report, ReportSection
from reports.services.reports import begin_report, remove_section, save_section, submit_report
from tests.factories import user_with_role
from tests.reports.story import BEFORE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before")]

RISK = {"heading": "current-risks", "text": "Robin missed 18 days.", "nature": "fact"}


def draft_of(ahead: SimpleNamespace, name: str = "tutor") -> Report:
    report = begin_report(author=getattr(ahead.of, name), by=ahead.coordinator, now=BEFORE)
    save_section(report=report, by=ahead.coordinator, now=BEFORE, children=[ahead.robin_row], **RISK)
    return report


def in_(ahead: SimpleNamespace, name: str = "tutor") -> Report:
    return submit_report(report=draft_of(ahead, name), by=ahead.coordinator, now=BEFORE, why_held="Worry")


def url(ahead: SimpleNamespace, name: str, author: str = "tutor", *more: int) -> str:
    return reverse(f"reports:{name}", args=[ahead.conference.pk, getattr(ahead.of, author).pk, *more])


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def as_visitor(ahead: SimpleNamespace) -> Client:
    """The health visitor, who has an account as a professional of another agency."""
    user = user_with_role(Role.PROFESSIONAL, authority=ahead.authority, name="Ngozi Larkin")
    ahead.visitor.person.user = user
    ahead.visitor.person.save()
    return signed_in(user)


# Services


def test_a_report_is_started_once(ahead: SimpleNamespace) -> None:
    first = begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE)
    assert begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE) == first
    assert (first.kind, first.number, first.state) == (ReportKind.AGENCY, 1, ReportState.DRAFT)


def test_the_social_workers_report_has_its_own_kind(ahead: SimpleNamespace) -> None:
    assert begin_report(author=ahead.of.worker, by=ahead.worker, now=BEFORE).kind == ReportKind.SOCIAL_WORK


def test_no_report_can_be_started_after_the_meeting(ahead: SimpleNamespace) -> None:
    ahead.conference.opened_at = ahead.conference.ended_at = BEFORE
    ahead.conference.status = ConferenceStatus.CLOSED
    ahead.conference.save()
    with pytest.raises(ValidationError, match="The meeting is over"):
        begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE)


def test_a_person_who_is_not_asked_cannot_report(ahead: SimpleNamespace) -> None:
    Participant.objects.filter(pk=ahead.of.tutor.pk).update(reports=False)
    with pytest.raises(ValidationError, match="not been asked for a report"):
        begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE)


def test_a_person_taken_off_the_list_cannot_report(ahead: SimpleNamespace) -> None:
    Participant.objects.filter(pk=ahead.of.tutor.pk).update(status=ParticipantStatus.WITHDRAWN)
    with pytest.raises(ValidationError, match="no longer on the list"):
        begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE)


def test_submitting_the_same_section_twice_makes_one(ahead: SimpleNamespace) -> None:
    report = draft_of(ahead)
    save_section(report=report, by=ahead.coordinator, now=BEFORE, children=[ahead.robin_row], **RISK)
    assert report.sections.count() == 1


def test_an_opinion_needs_its_evidence(ahead: SimpleNamespace) -> None:
    report = draft_of(ahead)
    with pytest.raises(ValidationError) as refusal:
        save_section(report=report, by=ahead.coordinator, now=BEFORE, **{**RISK, "nature": "opinion"})
    assert refusal.value.message_dict == {"evidence": ["Write what this opinion is based on."]}


def test_a_section_needs_a_heading_of_the_council(ahead: SimpleNamespace) -> None:
    report = draft_of(ahead)
    with pytest.raises(ValidationError) as refusal:
        save_section(report=report, by=ahead.coordinator, now=BEFORE, **{**RISK, "heading": "gossip"})
    assert refusal.value.message_dict == {"heading": ["Choose the heading this belongs under."]}


def test_a_second_writer_gets_the_first_ones_text(ahead: SimpleNamespace) -> None:
    report = draft_of(ahead)
    section = report.sections.get()
    same = {"report": report, "section": section, "by": ahead.coordinator, "now": BEFORE, "version": 1}
    save_section(**same, **{**RISK, "text": "Robin missed 20 days."})
    with pytest.raises(EditedMeanwhile) as refusal:
        save_section(**same, **{**RISK, "text": "Robin missed 22 days."})
    assert refusal.value.current.text == "Robin missed 20 days."


def test_a_removed_section_stays_in_the_database(ahead: SimpleNamespace) -> None:
    section = draft_of(ahead).sections.get()
    remove_section(section=section, by=ahead.coordinator, now=BEFORE)
    remove_section(section=section, by=ahead.coordinator, now=BEFORE + datetime.timedelta(hours=1))
    assert ReportSection.objects.get(pk=section.pk).removed_at == BEFORE


def test_an_empty_report_cannot_be_submitted(ahead: SimpleNamespace) -> None:
    report = begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE)
    with pytest.raises(ValidationError, match="The report is empty"):
        submit_report(report=report, by=ahead.coordinator, now=BEFORE)


def test_the_social_work_report_needs_why_the_conference_is_held(ahead: SimpleNamespace) -> None:
    with pytest.raises(ValidationError) as refusal:
        submit_report(report=draft_of(ahead, "worker"), by=ahead.worker, now=BEFORE)
    assert refusal.value.message_dict == {"why_held": ["Write why the conference is being held."]}


def test_a_submitted_report_cannot_be_changed(ahead: SimpleNamespace) -> None:
    report = in_(ahead)
    assert submit_report(report=report, by=ahead.chair, now=BEFORE).submitted_by == ahead.coordinator
    with pytest.raises(ValidationError, match="This report is in and can't be changed"):
        save_section(report=report, by=ahead.coordinator, now=BEFORE, **{**RISK, "text": "More"})
    with pytest.raises(ValidationError, match="This report is in and can't be changed"):
        remove_section(section=report.sections.get(), by=ahead.coordinator, now=BEFORE)


def test_a_new_version_needs_a_reason(ahead: SimpleNamespace) -> None:
    in_(ahead)
    with pytest.raises(ValidationError) as refusal:
        begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE)
    assert refusal.value.message_dict == {"new_because": ["Say why a new version is needed."]}


def test_a_new_version_replaces_the_old_one_only_when_it_is_submitted(ahead: SimpleNamespace) -> None:
    old = in_(ahead)
    new = begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE, new_because="A wrong number")
    old.refresh_from_db()
    assert (old.state, new.number, [row.text for row in new.sections.all()]) == (
        ReportState.SUBMITTED, 2, ["Robin missed 18 days."],
    )  # fmt: skip
    submit_report(report=new, by=ahead.coordinator, now=BEFORE)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == (ReportState.SUPERSEDED, ReportState.SUBMITTED)


# Pages


def typed(**changes: object) -> dict[str, object]:
    """One new paragraph under the first heading of the page."""
    return {f"new_current-risks_0_{part}": value for part, value in {**RISK, "children": ["all"], **changes}.items()}


def test_the_report_is_checked_and_submitted_in_the_browser(ahead: SimpleNamespace) -> None:
    draft_of(ahead)
    client = signed_in(ahead.coordinator)
    page = client.get(url(ahead, "submit-report"))
    assert [row.person for row in page.context["due"]] == [ahead.hazel, ahead.dale]
    empty = client.post(url(ahead, "submit-report"), {"received_by": ""})
    assert empty.context["form"].errors == {"received_by": ["Say how the report came in"]}
    client.post(url(ahead, "submit-report"), {"received_by": "by post"})
    report = Report.objects.get()
    assert (report.state, report.received_by) == (ReportState.SUBMITTED, "by post")


def test_the_check_page_warns_of_passages_that_must_not_be_told(ahead: SimpleNamespace) -> None:
    report = begin_report(author=ahead.of.teacher, by=ahead.coordinator, now=BEFORE)
    save_section(
        report=report, by=ahead.coordinator, now=BEFORE, children=[ahead.wren_row],
        **{**RISK, "text": "Wren came to Meadow Lane in September."},
    )  # fmt: skip
    page = signed_in(ahead.coordinator).get(url(ahead, "submit-report", "teacher"))
    blocked = [version for version in page.context["versions"] if version.blocked]
    assert [(version.due.person, len(version.blocked)) for version in blocked] == [(ahead.martin, 1)]


def test_the_social_worker_writes_the_social_work_report(ahead: SimpleNamespace) -> None:
    client = signed_in(ahead.worker)
    assert client.post(url(ahead, "write-report", "worker"), typed()).status_code == 302
    answer = client.post(url(ahead, "submit-report", "worker"), {"why_held": "Because of the third call."})
    assert answer.status_code == 302
    assert Report.objects.get().why_held == "Because of the third call."
    assert client.get(url(ahead, "write-report", "tutor")).status_code == 404


def test_a_professional_writes_and_sees_only_their_own_report(ahead: SimpleNamespace) -> None:
    client = as_visitor(ahead)
    assert client.get(url(ahead, "read-report", "visitor")).status_code == 200
    assert client.post(url(ahead, "write-report", "visitor"), typed()).status_code == 302
    assert client.post(url(ahead, "submit-report", "visitor")).status_code == 302
    assert Report.objects.get().submitted_by == ahead.visitor.person.user
    for name in ("read-report", "write-report", "submit-report"):
        assert client.get(url(ahead, name, "tutor")).status_code == 404
    assert client.get(reverse("reports:papers", args=[ahead.conference.pk])).status_code == 404


def test_a_professional_who_is_not_yet_invited_cannot_open_the_report(ahead: SimpleNamespace) -> None:
    client = as_visitor(ahead)
    Participant.objects.filter(pk=ahead.of.visitor.pk).update(status=ParticipantStatus.TO_INVITE)
    assert client.get(url(ahead, "write-report", "visitor")).status_code == 404


def test_a_professional_who_left_the_post_cannot_open_the_report(ahead: SimpleNamespace) -> None:
    client = as_visitor(ahead)
    ahead.visitor.ends_on = BEFORE.date()
    ahead.visitor.save()
    assert client.get(url(ahead, "write-report", "visitor")).status_code == 404


def test_a_draft_is_shown_only_to_its_writers(ahead: SimpleNamespace) -> None:
    draft_of(ahead)
    assert signed_in(ahead.coordinator).get(url(ahead, "read-report")).context["report"] is not None
    assert signed_in(ahead.chair).get(url(ahead, "read-report")).context["report"] is None


def test_a_new_version_is_started_in_the_browser(ahead: SimpleNamespace) -> None:
    in_(ahead)
    client = signed_in(ahead.coordinator)
    assert client.get(url(ahead, "write-report")).url == url(ahead, "read-report")
    empty = client.post(url(ahead, "new-version"), {"new_because": ""})
    assert empty.context["form"].errors == {"new_because": ["Say why a new version is needed"]}
    assert client.post(url(ahead, "new-version"), {"new_because": "A wrong number"}).url == url(ahead, "write-report")
    assert Report.objects.get(state=ReportState.DRAFT).new_because == "A wrong number"
