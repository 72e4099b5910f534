from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from accounts.enums import Role
from conferences.enums import ConferenceKind, ConferenceStatus, ParticipantStatus
from conferences.models import Conference, ConferenceChild, Participant
from deadlines.models import Deadline
from deadlines.services import reconcile
from reports.enums import Channel, DocumentKind, SharingOutcome
from reports.selectors.circulation import current_document
from reports.services.circulation import record_copy
from reports.services.documents import prepare_document, release_document
from reports.services.going_on import go_on_without
from reports.services.manager_approval import agree_report, send_back_report
from reports.services.reports import begin_report, save_section, submit_report
from reports.services.sharing import record_sharing
from tests.factories import user_with_role
from tests.reports.story import BEFORE, ENDED, NOW, say

pytestmark = pytest.mark.django_db


def count(made: SimpleNamespace, now: datetime.datetime = BEFORE) -> None:
    reconcile(family_ids=[made.family.pk], now=now)


def deadline(kind: str, fact_id: int) -> Deadline:
    return Deadline.objects.get(kind=kind, fact_id=fact_id)


def submit(ahead: SimpleNamespace, name: str, *children: ConferenceChild) -> None:
    author = getattr(ahead.of, name)
    report = begin_report(author=author, by=ahead.coordinator, now=BEFORE)
    save_section(
        report=report, heading="current-risks", text="Often late.", nature="fact", children=children,
        by=ahead.coordinator, now=BEFORE,
    )  # fmt: skip
    submit_report(report=report, by=ahead.coordinator, now=BEFORE, why_held="Worry")


def agree(ahead: SimpleNamespace) -> None:
    agree_report(report=ahead.of.worker.written_reports.get(), by=ahead.manager, now=BEFORE)


# Before the conference


def test_each_report_is_due_two_working_days_before_the_conference(ahead: SimpleNamespace) -> None:
    count(ahead)
    rows = Deadline.objects.filter(kind="report-submitted", conference_id=ahead.conference.pk)
    assert sorted(row.fact_id for row in rows) == sorted(
        getattr(ahead.of, name).pk for name in ("worker", "teacher", "tutor", "gp", "visitor", "midwife", "police")
    )
    assert {row.due_on for row in rows} == {datetime.date(2026, 12, 18)}


def test_a_report_for_a_combined_conference_is_due_at_the_stricter_time(ahead: SimpleNamespace) -> None:
    ConferenceChild.objects.filter(pk=ahead.robin_row.pk).update(kind=ConferenceKind.REVIEW)
    count(ahead)
    row = deadline("report-submitted", ahead.of.tutor.pk)
    assert (row.limit_key, row.due_on) == ("report-submitted:review", datetime.date(2026, 12, 15))


def test_the_author_is_responsible_or_the_coordinator_for_one_without_account(ahead: SimpleNamespace) -> None:
    count(ahead)
    assert deadline("report-submitted", ahead.of.worker.pk).responsible_ids == [ahead.worker.pk]
    assert deadline("report-submitted", ahead.of.tutor.pk).responsible_ids == [ahead.coordinator.pk]


def test_a_report_clock_is_met_when_the_report_is_in(ahead: SimpleNamespace) -> None:
    count(ahead)
    submit(ahead, "tutor", ahead.robin_row)
    assert deadline("report-submitted", ahead.of.tutor.pk).met_at == BEFORE
    assert deadline("report-submitted", ahead.of.gp.pk).met_at is None


def test_the_social_work_report_meets_it_when_a_manager_has_agreed(ahead: SimpleNamespace) -> None:
    submit(ahead, "worker")
    row = deadline("report-submitted", ahead.of.worker.pk)
    assert (row.met_at, row.responsible_ids) == (None, [ahead.manager.pk])
    agree(ahead)
    assert deadline("report-submitted", ahead.of.worker.pk).met_at == BEFORE


def test_the_author_is_responsible_for_a_report_that_was_sent_back(ahead: SimpleNamespace) -> None:
    submit(ahead, "worker")
    send_back_report(report=ahead.of.worker.written_reports.get(), by=ahead.manager, now=BEFORE, what_to_change="More")
    row = deadline("report-submitted", ahead.of.worker.pk)
    assert (row.met_at, row.responsible_ids) == (None, [ahead.worker.pk])


def test_a_manager_who_did_not_submit_the_report_is_responsible(ahead: SimpleNamespace) -> None:
    other = user_with_role(Role.TEAM_MANAGER, team=ahead.team)
    report = begin_report(author=ahead.of.worker, by=ahead.manager, now=BEFORE)
    save_section(report=report, heading="current-risks", text="Late.", nature="fact", by=ahead.manager, now=BEFORE)
    submit_report(report=report, by=ahead.manager, now=BEFORE, why_held="Worry")
    assert deadline("report-submitted", ahead.of.worker.pk).responsible_ids == [other.pk]


def test_the_service_manager_is_responsible_for_a_report_the_only_manager_submitted(ahead: SimpleNamespace) -> None:
    senior = user_with_role(Role.SERVICE_MANAGER, authority=ahead.authority)
    report = begin_report(author=ahead.of.worker, by=ahead.manager, now=BEFORE)
    save_section(report=report, heading="current-risks", text="Late.", nature="fact", by=ahead.manager, now=BEFORE)
    submit_report(report=report, by=ahead.manager, now=BEFORE, why_held="Worry")
    assert deadline("report-submitted", ahead.of.worker.pk).responsible_ids == [senior.pk]


def test_sharing_is_met_when_everyone_due_has_an_outcome(ahead: SimpleNamespace) -> None:
    submit(ahead, "tutor", ahead.robin_row)
    report = ahead.of.tutor.written_reports.get()
    heard = BEFORE - datetime.timedelta(hours=1)
    record_sharing(
        report=report, person=ahead.hazel, outcome=SharingOutcome.SHARED, manner="phone", shared_at=heard,
        by=ahead.worker, now=BEFORE,
    )  # fmt: skip
    assert deadline("report-shared-with-family", ahead.of.tutor.pk).met_at is None
    record_sharing(
        report=report, person=ahead.dale, outcome=SharingOutcome.DECLINED, reason="Did not want to",
        by=ahead.worker, now=BEFORE,
    )  # fmt: skip
    assert deadline("report-shared-with-family", ahead.of.tutor.pk).met_at == BEFORE


def test_sharing_is_not_met_while_a_person_waits_for_the_chair(ahead: SimpleNamespace) -> None:
    submit(ahead, "tutor", ahead.robin_row)
    Participant.objects.filter(pk=ahead.of.dale.pk).update(status=ParticipantStatus.AWAITING_CHAIR)
    record_sharing(
        report=ahead.of.tutor.written_reports.get(), person=ahead.hazel, outcome=SharingOutcome.DECLINED,
        reason="Did not want to", by=ahead.worker, now=BEFORE,
    )  # fmt: skip
    assert deadline("report-shared-with-family", ahead.of.tutor.pk).is_open


def test_sharing_is_not_needed_if_no_one_is_due_the_report(ahead: SimpleNamespace) -> None:
    Participant.objects.filter(conference=ahead.conference, capacity="parent").update(status=ParticipantStatus.KEPT_OUT)
    count(ahead)
    row = deadline("report-shared-with-family", ahead.of.tutor.pk)
    assert row.not_needed == "No one in the family is due to hear this report."


def test_the_chairs_clock_is_met_when_the_last_report_is_in(ahead: SimpleNamespace) -> None:
    names = ("worker", "teacher", "tutor", "gp", "visitor", "midwife", "police")
    for name in names[:-1]:
        submit(ahead, name)
    assert deadline("chair-has-reports", ahead.conference.pk).is_open
    submit(ahead, names[-1])
    agree(ahead)
    row = deadline("chair-has-reports", ahead.conference.pk)
    assert (row.met_at, row.responsible_ids) == (BEFORE, sorted([ahead.chair.pk, ahead.coordinator.pk]))


def test_the_chairs_clock_is_met_by_going_on_without_the_rest(ahead: SimpleNamespace) -> None:
    submit(ahead, "tutor")
    go_on_without(conference=ahead.conference, reason="Heard by phone", by=ahead.chair, now=BEFORE)
    assert deadline("chair-has-reports", ahead.conference.pk).met_at == BEFORE
    assert deadline("report-submitted", ahead.of.gp.pk).is_open
    Conference.objects.filter(pk=ahead.conference.pk).update(status=ConferenceStatus.OPEN, opened_at=BEFORE)
    count(ahead)
    assert deadline("chair-has-reports", ahead.conference.pk).met_at == BEFORE


def test_opening_without_the_missing_reports_stops_the_chairs_clock(ahead: SimpleNamespace) -> None:
    Conference.objects.filter(pk=ahead.conference.pk).update(status=ConferenceStatus.OPEN, opened_at=BEFORE)
    count(ahead)
    assert deadline("chair-has-reports", ahead.conference.pk).not_needed == (
        "The chair opened the meeting without the missing reports."
    )
    assert deadline("report-submitted", ahead.of.gp.pk).is_open


def test_cancelling_stops_every_report_clock(ahead: SimpleNamespace) -> None:
    Conference.objects.filter(pk=ahead.conference.pk).update(
        status=ConferenceStatus.CANCELLED, cancelled_because="The family moved"
    )
    count(ahead)
    rows = Deadline.objects.filter(conference_id=ahead.conference.pk, kind__contains="report")
    assert {row.not_needed for row in rows} == {"The conference was cancelled."}


# After the conference


def send(story: SimpleNamespace, kind: str, sent_at: datetime.datetime, *names: str) -> None:
    document = current_document(story.conference, kind) or prepare_document(
        conference=story.conference, kind=kind, by=story.coordinator, now=NOW
    )
    release_document(document=document, by=story.chair, now=NOW)
    for name in names:
        record_copy(
            document=document, recipient=getattr(story.of, name), channel=Channel.BY_HAND,
            channel_confirmed="In person", sent_at=sent_at, by=story.coordinator, now=sent_at,
        )  # fmt: skip


def test_decisions_are_due_a_day_after_the_end_and_minutes_after_four_weeks(story: SimpleNamespace) -> None:
    count(story, NOW)
    assert deadline("decisions-sent", story.conference.pk).due_at == ENDED + datetime.timedelta(hours=24)
    assert deadline("minutes-sent", story.conference.pk).due_on == datetime.date(2027, 1, 19)


def test_the_clock_is_met_when_the_last_person_due_a_copy_has_one(story: SimpleNamespace) -> None:
    everybody = ("hazel", "dale", "martin", "worker", "teacher", "tutor", "visitor", "midwife", "police")
    send(story, DocumentKind.MINUTES, NOW, *everybody[:-1])
    assert deadline("minutes-sent", story.conference.pk).is_open
    later = NOW + datetime.timedelta(minutes=5)
    send(story, DocumentKind.MINUTES, later, everybody[-1])
    assert deadline("minutes-sent", story.conference.pk).met_at == later


def test_the_letter_of_the_grown_ups_does_not_wait_for_a_childs_own(story: SimpleNamespace) -> None:
    send(
        story, DocumentKind.DECISIONS_LETTER, NOW,
        "hazel", "dale", "martin", "worker", "teacher", "tutor", "visitor", "midwife", "police",
    )  # fmt: skip
    assert deadline("decisions-sent", story.conference.pk).met_at == NOW


def test_corrected_minutes_do_not_make_the_first_ones_late(story: SimpleNamespace) -> None:
    everybody = ("hazel", "dale", "martin", "worker", "teacher", "tutor", "visitor", "midwife", "police")
    send(story, DocumentKind.MINUTES, NOW, *everybody)
    say(story, "Robin slept well.", story.robin_row)
    prepare_document(
        conference=story.conference, kind=DocumentKind.MINUTES, by=story.coordinator, now=NOW, because="A note"
    )
    assert deadline("minutes-sent", story.conference.pk).met_at == NOW


def test_the_chair_is_responsible_until_the_release_and_then_the_coordinator(story: SimpleNamespace) -> None:
    count(story, NOW)
    both = sorted([story.chair.pk, story.coordinator.pk])
    assert deadline("minutes-sent", story.conference.pk).responsible_ids == both
    send(story, DocumentKind.MINUTES, NOW)
    assert deadline("minutes-sent", story.conference.pk).responsible_ids == [story.coordinator.pk]


def test_recounting_every_family_gives_the_same_rows(ahead: SimpleNamespace) -> None:
    count(ahead)
    before = list(Deadline.objects.order_by("pk").values())
    assert reconcile(now=BEFORE).written == 0
    assert list(Deadline.objects.order_by("pk").values()) == before
