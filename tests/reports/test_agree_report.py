from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from notifications.models import Notice
from reports.models import PaperProgress, Report
from reports.services.manager_approval import agree_report, send_back_report
from reports.services.progress import note_progress
from reports.services.reports import begin_report, save_section, submit_report
from tests.factories import RoleAssignmentFactory, TeamFactory, user_with_role
from tests.reports.story import BEFORE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before")]

LATER = BEFORE + datetime.timedelta(hours=2)


def submitted(made: SimpleNamespace, name: str = "worker", *, by: object = None, because: str = "") -> Report:
    by = by or (made.worker if name == "worker" else made.coordinator)
    report = begin_report(author=getattr(made.of, name), by=by, now=BEFORE, new_because=because)
    if not because:
        save_section(report=report, heading="current-risks", text="Often late.", nature="fact", by=by, now=BEFORE)
    return submit_report(report=report, by=by, now=BEFORE, why_held="Worry")


def received(made: SimpleNamespace, name: str = "worker") -> datetime.datetime | None:
    note_progress(family_ids=[made.family.pk], now=LATER)
    return PaperProgress.objects.get(participant=getattr(made.of, name)).received_at


def page(made: SimpleNamespace, name: str = "agree-report", author: str = "worker") -> str:
    return reverse(f"reports:{name}", args=[made.conference.pk, getattr(made.of, author).pk])


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def refusal(call: object) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        call()  # type: ignore[operator]
    return refused.value.messages


def test_a_social_work_report_is_received_when_a_manager_has_agreed(ahead: SimpleNamespace) -> None:
    report = submitted(ahead)
    assert received(ahead) is None
    agree_report(report=report, by=ahead.manager, now=LATER)
    report.refresh_from_db()
    assert (report.agreed_by, report.agreed_at, received(ahead)) == (ahead.manager, LATER, LATER)


def test_an_agencys_report_is_received_when_it_is_submitted(ahead: SimpleNamespace) -> None:
    report = submitted(ahead, "tutor")
    assert (report.needs_agreement, received(ahead, "tutor")) == (False, BEFORE)
    assert refusal(lambda: agree_report(report=report, by=ahead.manager, now=LATER)) == [
        "This report is not waiting for a manager."
    ]


def test_agreeing_twice_keeps_who_agreed_first(ahead: SimpleNamespace) -> None:
    report = submitted(ahead)
    other = user_with_role(Role.TEAM_MANAGER, team=ahead.team)
    agree_report(report=report, by=ahead.manager, now=LATER)
    agree_report(report=report, by=other, now=LATER + datetime.timedelta(hours=1))
    report.refresh_from_db()
    assert (report.agreed_by, report.agreed_at) == (ahead.manager, LATER)


def test_managers_cannot_agree_to_a_report_they_submitted(ahead: SimpleNamespace) -> None:
    report = submitted(ahead, by=ahead.manager)
    assert refusal(lambda: agree_report(report=report, by=ahead.manager, now=LATER)) == [
        "You wrote or submitted this report. Another manager has to agree to it."
    ]


def test_a_worker_who_also_manages_the_team_cannot_agree_to_their_own(ahead: SimpleNamespace) -> None:
    RoleAssignmentFactory(user=ahead.worker, role=Role.TEAM_MANAGER, team=ahead.team)
    submitted(ahead)
    assert signed_in(ahead.worker).get(page(ahead)).status_code == 404


@pytest.mark.parametrize("role", [Role.TEAM_MANAGER, Role.CHAIR, Role.COORDINATOR, Role.SOCIAL_WORKER])
def test_only_managers_of_the_team_and_the_service_agree(ahead: SimpleNamespace, role: str) -> None:
    other_team = TeamFactory(authority=ahead.authority)
    places = {"team": other_team} if role in {Role.TEAM_MANAGER, Role.SOCIAL_WORKER} else {"authority": ahead.authority}
    user = user_with_role(role, **places)
    report = submitted(ahead)
    assert refusal(lambda: agree_report(report=report, by=user, now=LATER)) == [
        "Only a manager of the team, or of the service, can agree to this report."
    ]
    assert signed_in(user).get(page(ahead)).status_code == 404


def test_a_service_manager_agrees_if_the_team_has_no_other_manager(ahead: SimpleNamespace) -> None:
    user = user_with_role(Role.SERVICE_MANAGER, authority=ahead.authority)
    report = agree_report(report=submitted(ahead, by=ahead.manager), by=user, now=LATER)
    assert report.agreed_by == user


def test_a_report_that_was_sent_back_is_not_received(ahead: SimpleNamespace) -> None:
    report = submitted(ahead)
    send_back_report(report=report, by=ahead.manager, now=LATER, what_to_change="Say what Wren says.")
    send_back_report(report=report, by=ahead.manager, now=LATER, what_to_change="Something else.")
    report.refresh_from_db()
    assert (report.what_to_change, report.sent_back_by, received(ahead)) == (
        "Say what Wren says.", ahead.manager, None,
    )  # fmt: skip
    assert list(Notice.objects.filter(user=ahead.worker).values_list("text", flat=True)) == [
        "EC26-0031: your manager wants the report changed."
    ]


def test_sending_back_needs_what_has_to_change(ahead: SimpleNamespace) -> None:
    report = submitted(ahead)
    with pytest.raises(ValidationError) as refused:
        send_back_report(report=report, by=ahead.manager, now=LATER, what_to_change=" ")
    assert refused.value.message_dict == {"what_to_change": ["Write what has to change."]}


def test_an_agreed_report_cannot_be_sent_back(ahead: SimpleNamespace) -> None:
    report = agree_report(report=submitted(ahead), by=ahead.manager, now=LATER)
    assert refusal(lambda: send_back_report(report=report, by=ahead.manager, now=LATER, what_to_change="More")) == [
        "A manager has agreed to this report already."
    ]


def test_a_new_version_needs_its_own_agreement(ahead: SimpleNamespace) -> None:
    first = submitted(ahead)
    send_back_report(report=first, by=ahead.manager, now=LATER, what_to_change="More about Wren.")
    second = submitted(ahead, because="More about Wren.")
    assert (second.waits_for_manager, received(ahead)) == (True, None)
    assert refusal(lambda: agree_report(report=first, by=ahead.manager, now=LATER)) == [
        "There is a newer version of this report. Look at that one first."
    ]
    agree_report(report=second, by=ahead.manager, now=LATER)
    assert received(ahead) == LATER


def test_a_new_version_of_an_agreed_report_leaves_it_received(ahead: SimpleNamespace) -> None:
    agree_report(report=submitted(ahead), by=ahead.manager, now=LATER)
    second = submitted(ahead, because="Wren changed school.")
    assert (second.waits_for_manager, received(ahead)) == (True, LATER)


def test_the_overview_says_that_a_new_version_of_an_agreed_report_waits(ahead: SimpleNamespace) -> None:
    agree_report(report=submitted(ahead), by=ahead.manager, now=LATER)
    client = signed_in(ahead.manager)
    overview = reverse("conferences:overview", args=[ahead.conference.pk])
    waits = f'href="{page(ahead, "read-report")}">To agree to the report of'
    assert client.get(overview).content.decode().count(waits) == 0
    submitted(ahead, because="Wren changed school.")
    assert client.get(overview).content.decode().count(waits) == 1


def test_the_teams_managers_are_asked_for_each_version(ahead: SimpleNamespace) -> None:
    submitted(ahead)
    submitted(ahead, because="Wren changed school.")
    found = Notice.objects.filter(user=ahead.manager).values_list("text", "url")
    assert list(found) == [("EC26-0031: the social work report is in and needs your agreement.", page(ahead))] * 2


def test_no_one_can_agree_after_the_meeting(ahead: SimpleNamespace) -> None:
    report = submitted(ahead)
    Conference.objects.filter(pk=ahead.conference.pk).update(
        status=ConferenceStatus.CLOSED, opened_at=BEFORE, ended_at=BEFORE
    )
    assert refusal(lambda: agree_report(report=report, by=ahead.manager, now=LATER)) == [
        "The meeting is over. No one needs to agree any more."
    ]


def test_the_manager_agrees_on_the_page(ahead: SimpleNamespace) -> None:
    report = submitted(ahead)
    client = signed_in(ahead.manager)
    assert "Often late." in client.get(page(ahead)).content.decode()
    assert "Agree or send it back" in client.get(page(ahead, "read-report")).content.decode()
    answer = client.post(page(ahead), {"answer": "agreed", "report": report.pk})
    assert (answer.status_code, answer.url) == (302, page(ahead, "read-report"))
    report.refresh_from_db()
    assert report.agreed_by == ahead.manager
    assert "Grace Heron agreed to it" in client.get(page(ahead, "read-report")).content.decode()
    assert client.get(page(ahead)).url == page(ahead, "read-report")


def test_the_manager_sends_it_back_on_the_page(ahead: SimpleNamespace) -> None:
    report = submitted(ahead)
    client = signed_in(ahead.manager)
    empty = client.post(page(ahead), {"answer": "sent_back", "what_to_change": ""})
    assert "Write what has to change" in empty.content.decode()
    client.post(page(ahead), {"answer": "sent_back", "what_to_change": "Say what Wren says.", "report": report.pk})
    report.refresh_from_db()
    assert report.what_to_change == "Say what Wren says."
    shown = signed_in(ahead.worker).get(page(ahead, "read-report")).content.decode()
    assert "Say what Wren says." in shown
    new = signed_in(ahead.worker).get(page(ahead, "new-version")).content.decode()
    assert "Say what Wren says." in new


def test_a_form_without_an_answer_keeps_the_input(ahead: SimpleNamespace) -> None:
    submitted(ahead)
    shown = signed_in(ahead.manager).post(page(ahead), {"what_to_change": "Say what Wren says."})
    assert "Choose whether you agree" in shown.content.decode()
    assert "Say what Wren says." in shown.content.decode()


@pytest.mark.parametrize("answer", ["agreed", "sent_back", ""])
def test_an_answer_to_a_replaced_version_is_refused(ahead: SimpleNamespace, answer: str) -> None:
    first = submitted(ahead)
    second = submitted(ahead, because="Wren changed school.")
    words = {"answer": answer, "what_to_change": "Say what Wren says."}
    client = signed_in(ahead.manager)
    refused = client.post(page(ahead), {**words, "report": first.pk})
    shown = refused.content.decode()
    assert "A newer version of this report has come in." in shown
    assert "Say what Wren says." in shown
    assert f'name="report" value="{second.pk}"' in shown
    first.refresh_from_db()
    second.refresh_from_db()
    assert [(row.agreed_at, row.sent_back_at) for row in (first, second)] == [(None, None)] * 2
    assert "A newer version" in client.post(page(ahead), words).content.decode()


def test_having_seen_the_newer_version_the_manager_answers(ahead: SimpleNamespace) -> None:
    first = submitted(ahead)
    second = submitted(ahead, because="Wren changed school.")
    client = signed_in(ahead.manager)
    client.post(page(ahead), {"answer": "agreed", "report": first.pk})
    client.post(page(ahead), {"answer": "agreed", "report": second.pk})
    second.refresh_from_db()
    assert second.agreed_by == ahead.manager


def test_the_papers_say_that_a_report_waits_for_the_manager(ahead: SimpleNamespace) -> None:
    report = submitted(ahead)
    papers = reverse("reports:papers", args=[ahead.conference.pk])
    assert "Waiting for the manager" in signed_in(ahead.coordinator).get(papers).content.decode()
    agree_report(report=report, by=ahead.manager, now=LATER)
    assert "Waiting for the manager" not in signed_in(ahead.coordinator).get(papers).content.decode()
