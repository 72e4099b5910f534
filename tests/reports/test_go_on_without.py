from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from reports.models import GoneOnWithout
from reports.services.going_on import go_on_without
from reports.services.manager_approval import agree_report
from reports.services.reports import begin_report, save_section, submit_report
from tests.factories import user_with_role
from tests.reports.story import BEFORE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before")]

AUTHORS = ("worker", "teacher", "tutor", "gp", "visitor", "midwife", "police")
REASON = "The police rang and told me what they know."


def submitted(made: SimpleNamespace, name: str) -> None:
    report = begin_report(author=getattr(made.of, name), by=made.coordinator, now=BEFORE)
    save_section(
        report=report, heading="current-risks", text="Often late.", nature="fact", by=made.coordinator,
        now=BEFORE,
    )  # fmt: skip
    submit_report(report=report, by=made.coordinator, now=BEFORE, why_held="Worry")


def went_on(made: SimpleNamespace, **fields: object) -> GoneOnWithout:
    wanted = {"reason": REASON, "by": made.chair, "now": BEFORE, **fields}
    return go_on_without(conference=made.conference, **wanted)


def refusal(made: SimpleNamespace, **fields: object) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        went_on(made, **fields)
    return refused.value.messages


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_chair_goes_on_without_what_is_missing(ahead: SimpleNamespace) -> None:
    for name in AUTHORS[1:-1]:
        submitted(ahead, name)
    row = went_on(ahead)
    assert (row.by, row.at, row.reason) == (ahead.chair, BEFORE, REASON)
    assert set(row.missing.all()) == {ahead.of.worker, ahead.of.police}


def test_a_social_work_report_without_agreement_is_missing(ahead: SimpleNamespace) -> None:
    for name in AUTHORS:
        submitted(ahead, name)
    assert list(went_on(ahead).missing.all()) == [ahead.of.worker]


def test_going_on_twice_keeps_the_first_decision(ahead: SimpleNamespace) -> None:
    first = went_on(ahead)
    assert went_on(ahead, reason="Another", now=BEFORE + datetime.timedelta(hours=1)) == first
    assert GoneOnWithout.objects.get().reason == REASON


def test_only_the_chair_goes_on(ahead: SimpleNamespace) -> None:
    other = user_with_role(Role.CHAIR, authority=ahead.authority)
    for user in (ahead.coordinator, ahead.manager, other):
        assert refusal(ahead, by=user) == ["Only the chair of this conference can decide to go ahead without a report."]


def test_going_on_needs_a_reason(ahead: SimpleNamespace) -> None:
    assert refusal(ahead, reason="  ") == ["Say why the conference can go ahead without these reports."]


def test_going_on_is_refused_when_every_report_is_in(ahead: SimpleNamespace) -> None:
    for name in AUTHORS:
        submitted(ahead, name)
    agree_report(report=ahead.of.worker.written_reports.get(), by=ahead.manager, now=BEFORE)
    assert refusal(ahead) == ["Every report is in, so nothing is missing."]


def test_the_decision_appears_on_the_papers_page(ahead: SimpleNamespace) -> None:
    client = signed_in(ahead.chair)
    papers = reverse("reports:papers", args=[ahead.conference.pk])
    page = reverse("reports:go-on-without", args=[ahead.conference.pk])
    assert page in client.get(papers).content.decode()
    assert "Not received" in client.get(page).content.decode()
    answer = client.post(page, {"reason": REASON})
    assert (answer.status_code, answer.url) == (302, papers)
    shown = client.get(papers).content.decode()
    assert (REASON in shown, page in shown) == (True, False)
    assert client.get(page).url == papers


def test_an_empty_reason_is_refused_on_the_page(ahead: SimpleNamespace) -> None:
    page = reverse("reports:go-on-without", args=[ahead.conference.pk])
    shown = signed_in(ahead.chair).post(page, {"reason": ""})
    assert "Say why the conference can go ahead without these reports" in shown.content.decode()
    assert GoneOnWithout.objects.count() == 0


def test_going_on_is_not_offered_to_others(ahead: SimpleNamespace) -> None:
    papers = reverse("reports:papers", args=[ahead.conference.pk])
    page = reverse("reports:go-on-without", args=[ahead.conference.pk])
    assert page not in signed_in(ahead.coordinator).get(papers).content.decode()
    assert signed_in(ahead.coordinator).get(page).status_code == 404
