from __future__ import annotations

import datetime
from datetime import date

import pytest

from accounts.enums import Role
from deadlines.enums import Stage
from deadlines.models import Deadline, DeadlineNotice, ReconcileRun, SweepRun
from deadlines.services import reconcile, sweep
from deadlines.tasks import reconcile_all, write_digests
from deadlines.tasks import sweep as sweep_task
from families.models import Family
from notifications.enums import MessageKind
from notifications.models import Message, Notice
from tests.deadlines.conftest import Facts, a_clock, moment
from tests.factories import user_with_role

pytestmark = pytest.mark.django_db

STARTED = moment("2026-12-08 10:00")


@pytest.fixture
def running(case, initial):
    """The initial conference of the story: warned from 18 December, due on the 31st."""
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=STARTED)
    return initial


def told():
    return list(DeadlineNotice.objects.order_by("pk").values_list("stage", "user_id"))


def test_no_one_is_told_before_the_first_stage(case, running):
    result = sweep(now=moment("2026-12-17 23:59"))
    assert (result.raised, result.told, told()) == (0, 0, [])


def test_each_stage_is_told_when_it_begins(case, running):
    for text in ("2026-12-18 00:00", "2026-12-30 12:00", "2026-12-31 00:00", "2026-12-31 23:55", "2027-01-01 00:00"):
        sweep(now=moment(text))
    assert told() == [(Stage.DUE_SOON, case.worker.pk), (Stage.DUE, case.worker.pk), (Stage.LATE, case.worker.pk)]


def test_ten_sweeps_tell_once(case, running):
    for _ in range(10):
        sweep(now=moment("2027-01-01 08:00"))
    assert told() == [(Stage.LATE, case.worker.pk)]
    assert (Notice.objects.count(), Message.objects.count(), SweepRun.objects.count()) == (1, 1, 10)


def test_what_stays_late_is_escalated(case, running):
    service_manager = user_with_role(Role.SERVICE_MANAGER, authority=case.authority)
    row = Deadline.objects.get()
    for moment_of_stage in (row.late_from, row.manager_from, row.service_manager_from):
        sweep(now=moment_of_stage - datetime.timedelta(seconds=1))
        sweep(now=moment_of_stage)
    row.refresh_from_db()
    assert told() == [
        (Stage.DUE, case.worker.pk),
        (Stage.LATE, case.worker.pk),
        (Stage.TO_MANAGER, case.manager.pk),
        (Stage.TO_SERVICE_MANAGER, service_manager.pk),
    ]
    assert row.next_stage_at is None


def test_after_three_missed_days_each_person_is_told_their_own_stage_once(case, running):
    row = Deadline.objects.get()
    sweep(now=row.late_from - datetime.timedelta(days=1))
    for _ in range(3):
        sweep(now=row.manager_from + datetime.timedelta(hours=8))
    assert sorted(told()) == [
        (Stage.DUE, case.worker.pk),
        (Stage.LATE, case.worker.pk),
        (Stage.TO_MANAGER, case.manager.pk),
    ]


def test_everyone_responsible_is_told_once(case, initial):
    initial.rows = [case.fact(responsible_ids=(case.worker.pk, case.manager.pk, case.worker.pk))]
    reconcile(family_ids=[case.family.pk], now=STARTED)
    result = sweep(now=moment("2026-12-18 08:00"))
    assert (result.raised, result.told) == (2, 2)
    assert sorted(told()) == sorted([(Stage.DUE_SOON, case.worker.pk), (Stage.DUE_SOON, case.manager.pk)])


def test_a_notice_carries_the_reference_and_no_name(case, running):
    sweep(now=moment("2027-01-01 08:00"))
    notice = Notice.objects.get()
    assert notice.text == "Late: Hold the initial conference, case 26-0417. Last day Thu 31 Dec 2026."
    assert notice.url == f"/deadlines/{Deadline.objects.get().pk}/"
    assert notice.urgent is True


def test_what_is_not_late_yet_waits_for_the_morning(case, running):
    sweep(now=moment("2026-12-18 08:00"))
    sweep(now=moment("2026-12-31 08:00"))
    assert (Notice.objects.count(), Message.objects.count()) == (2, 0)


def test_the_e_mail_carries_the_reference_and_no_name(case, running):
    sweep(now=moment("2027-01-01 08:00"))
    message = Message.objects.get()
    assert message.subject == "Something is late: 26-0417"
    assert (message.to_email, message.user_id, message.kind, message.person_id) == (
        case.worker.email,
        case.worker.pk,
        MessageKind.ALERT,
        None,
    )
    assert message.body == (
        "Late: Hold the initial conference, case 26-0417. Last day Thu 31 Dec 2026.\n"
        f"http://localhost:8000/deadlines/{Deadline.objects.get().pk}/\n\n"
        "All your work: http://localhost:8000/"
    )


def test_a_manager_is_told_in_an_e_mail_with_its_own_subject(case, running):
    sweep(now=Deadline.objects.get().manager_from)
    message = Message.objects.get(user=case.manager)
    assert message.subject == "Something late needs a manager: 26-0417"
    assert message.body.startswith("Late, passed to the manager: Hold the initial conference, case 26-0417.")


def test_an_e_mail_lists_fifty_and_counts_the_rest(case, initial):
    initial.rows = [case.fact(fact_id=n) for n in range(53)]
    reconcile(family_ids=[case.family.pk], now=STARTED)
    sweep(now=moment("2027-01-01 08:00"))
    body = Message.objects.get().body
    assert (body.count("Late: "), "\n\nAnd 3 more.\n\n" in body) == (50, True)


def test_a_case_number_that_could_be_a_name_stays_out_of_the_subject(case, running):
    Family.objects.update(case_number="Smith")
    sweep(now=moment("2027-01-01 08:00"))
    assert Message.objects.get().subject == "Something is late: 2027-01-01"


def test_one_run_sends_one_e_mail(case, initial):
    other = case.another_family("26-0418")
    initial.rows = [case.fact(), case.fact(fact_id=2, family_id=other.pk)]
    reconcile(now=STARTED)
    sweep(now=moment("2027-01-01 08:00"))
    message = Message.objects.get()
    assert message.subject == "Something is late: 2027-01-01"
    assert message.kind == MessageKind.ALERT
    assert ("case 26-0417" in message.body, "case 26-0418" in message.body) == (True, True)
    assert Notice.objects.count() == 2


def test_what_was_met_or_stopped_is_not_told(case, running):
    running.rows = [case.fact(met_at=moment("2026-12-17 12:00"))]
    reconcile(family_ids=[case.family.pk], now=STARTED)
    sweep(now=moment("2027-01-04 08:00"))
    running.rows = [case.fact(not_needed="The enquiry ended.")]
    reconcile(family_ids=[case.family.pk], now=STARTED)
    sweep(now=moment("2027-01-04 08:00"))
    assert told() == []


def test_a_new_worker_is_told_of_the_current_stage(case, running):
    sweep(now=moment("2026-12-31 08:00"))
    running.rows = [case.fact(responsible_ids=(case.worker.pk, case.manager.pk))]
    reconcile(family_ids=[case.family.pk], now=moment("2026-12-31 09:00"))
    sweep(now=moment("2026-12-31 09:05"))
    assert told() == [(Stage.DUE, case.worker.pk), (Stage.DUE, case.manager.pk)]


def test_a_date_that_moves_away_is_told_again_when_it_comes(case, running):
    sweep(now=moment("2026-12-18 08:00"))
    running.rows = [case.fact(starts=date(2027, 1, 11))]
    reconcile(family_ids=[case.family.pk], now=moment("2026-12-18 09:00"))
    sweep(now=moment("2026-12-18 09:05"))
    assert told() == [(Stage.DUE_SOON, case.worker.pk)]
    sweep(now=moment("2027-01-21 08:00"))
    assert told() == [(Stage.DUE_SOON, case.worker.pk)] * 2


def test_a_date_that_moves_and_comes_back_is_not_told_again(case, running):
    sweep(now=moment("2026-12-18 08:00"))
    for start in (date(2027, 1, 11), date(2026, 12, 8)):
        running.rows = [case.fact(starts=start)]
        reconcile(family_ids=[case.family.pk], now=moment("2026-12-18 09:00"))
        sweep(now=moment("2026-12-18 09:05"))
    assert told() == [(Stage.DUE_SOON, case.worker.pk)]


def test_a_holiday_proclaimed_late_silences_no_one(case, running):
    sweep(now=moment("2026-12-31 08:00"))
    Deadline.objects.update(late_from=moment("2027-01-05 00:00"), next_stage_at=moment("2026-12-31 00:00"))
    sweep(now=moment("2026-12-31 08:05"))
    assert told() == [(Stage.DUE, case.worker.pk)] * 2


def test_without_an_account_it_goes_to_the_manager_of_the_team(case, running):
    case.worker.is_active = False
    case.worker.save()
    sweep(now=moment("2026-12-18 08:00"))
    assert told() == [(Stage.DUE_SOON, case.manager.pk)]


def test_if_no_one_is_responsible_it_goes_to_the_teams_manager(case, running):
    running.rows = [case.fact(responsible_ids=())]
    reconcile(family_ids=[case.family.pk], now=STARTED)
    sweep(now=moment("2026-12-18 08:00"))
    assert told() == [(Stage.DUE_SOON, case.manager.pk)]


def test_without_a_manager_it_goes_to_the_service_manager_of_that_council_only(case, running):
    service_manager = user_with_role(Role.SERVICE_MANAGER, authority=case.authority)
    user_with_role(Role.SERVICE_MANAGER)
    for user in (case.worker, case.manager):
        user.is_active = False
        user.save()
    sweep(now=moment("2026-12-18 08:00"))
    assert told() == [(Stage.DUE_SOON, service_manager.pk)]


def test_an_hour_clock_is_told_by_the_hour(case, decisions):
    decisions.rows = [case.fact(starts=moment("2026-12-22 12:31"))]
    reconcile(family_ids=[case.family.pk], now=STARTED)
    for text in ("2026-12-23 04:30", "2026-12-23 04:31", "2026-12-23 09:31", "2026-12-23 12:30", "2026-12-23 12:31"):
        sweep(now=moment(text))
    assert [stage for stage, _ in told()] == [Stage.DUE_SOON, Stage.DUE, Stage.LATE]
    assert list(Message.objects.order_by("pk").values_list("subject", flat=True)) == [
        "Something is due today: 26-0417",
        "Something is late: 26-0417",
    ]
    assert Notice.objects.order_by("-pk").first().text.endswith("Last day Wed 23 Dec, 12:31.")


@pytest.mark.parametrize("clock_change", ["2026-10-25", "2027-03-28"])
def test_people_are_told_once_on_the_night_of_a_clock_change(case, decisions, clock_change):
    before = datetime.datetime.fromisoformat(f"{clock_change} 00:00+00:00") - datetime.timedelta(hours=12)
    decisions.rows = [case.fact(starts=before)]
    reconcile(family_ids=[case.family.pk], now=before)
    for minutes in range(0, 60 * 26, 15):
        sweep(now=before + datetime.timedelta(minutes=minutes))
    assert [stage for stage, _ in told()] == [Stage.DUE_SOON, Stage.DUE, Stage.LATE]
    late = DeadlineNotice.objects.get(stage=Stage.LATE)
    assert late.raised_at == before + datetime.timedelta(hours=24)


def test_the_heartbeat_says_what_ran_and_how_far_behind_it_was(case, running):
    sweep(now=moment("2026-12-18 06:00"))
    run = SweepRun.objects.get()
    assert (run.raised, run.behind) == (1, datetime.timedelta(hours=6))
    assert run.ended_at is not None


def test_a_sweep_with_nothing_to_tell_leaves_a_heartbeat_too(db):
    sweep(now=moment("2026-12-18 06:00"))
    run = SweepRun.objects.get()
    assert (run.raised, run.behind) == (0, datetime.timedelta())


def test_more_than_one_batch_is_told_in_one_run(case, initial, monkeypatch):
    monkeypatch.setattr("deadlines.services.escalation.BATCH", 3)
    initial.rows = [case.fact(fact_id=n) for n in range(10)]
    reconcile(family_ids=[case.family.pk], now=STARTED)
    assert sweep(now=moment("2026-12-18 06:00")).raised == 10
    assert Deadline.objects.filter(next_stage_at__lte=moment("2026-12-18 06:00")).count() == 0


def test_the_tasks_do_what_they_say(case, initial):
    initial.rows = [case.fact(starts=date(2020, 1, 6))]
    reconcile_all()
    sweep_task()
    write_digests()
    assert sorted(told()) == [(Stage.LATE, case.worker.pk), (Stage.TO_MANAGER, case.manager.pk)]
    assert ReconcileRun.objects.get().written == 1


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2027-01-01 00:00", "2027-01-04 08:00"),  # New Year's Day, a Friday
        ("2027-01-05 07:59", "2027-01-05 08:00"),
        ("2027-01-05 08:00", "2027-01-05 08:00"),
        ("2027-01-05 17:59", "2027-01-05 17:59"),
        ("2027-01-05 18:00", "2027-01-06 08:00"),
        ("2027-03-29 09:00", "2027-03-30 08:00"),  # Easter Monday; the clocks went forward the day before
    ],
)
def test_mail_about_what_became_late_leaves_in_working_hours(case, running, now, leaves):
    sweep(now=moment(now))
    assert Message.objects.filter(user=case.worker).get().send_after == moment(leaves)


def test_mail_about_danger_does_not_wait_and_takes_nothing_else_along(case, initial):
    urgent = Facts("visit-again")
    a_clock("visit-again", urgent, is_urgent=True)
    initial.rows, urgent.rows = [case.fact()], [case.fact(fact_id=2)]
    reconcile(family_ids=[case.family.pk], now=STARTED)
    sweep(now=moment("2027-01-01 02:00"))
    assert set(Message.objects.filter(user=case.worker).values_list("send_after", flat=True)) == {
        moment("2027-01-01 02:00"),
        moment("2027-01-04 08:00"),
    }
