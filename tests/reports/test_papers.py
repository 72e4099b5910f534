from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from conferences.enums import Reply
from conferences.models import Participant
from reports.services.reports import begin_report, save_section, submit_report
from tests.factories import ParticipantFactory
from tests.reports.story import BEFORE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before")]


def submit(ahead: SimpleNamespace, author: Participant) -> None:
    report = begin_report(author=author, by=ahead.coordinator, now=BEFORE)
    save_section(
        report=report, heading="current-risks", text="Often late.", nature="fact", by=ahead.coordinator, now=BEFORE
    )
    submit_report(report=report, by=ahead.coordinator, now=BEFORE, why_held="Worry")


def page(ahead: SimpleNamespace, user=None, name: str = "reports:papers"):
    client = Client()
    client.force_login(user or ahead.chair)
    return client.get(reverse(name, args=[ahead.conference.pk]))


def test_the_chair_sees_who_is_missing(ahead: SimpleNamespace) -> None:
    submit(ahead, ahead.of.tutor)
    papers = page(ahead).context["papers"]
    assert [row.author for row in papers.missing] == [
        getattr(ahead.of, name) for name in ("worker", "teacher", "gp", "visitor", "midwife", "police")
    ]
    assert papers.headline == "1 of 7\u00a0reports are in"


def test_the_social_worker_is_listed_first(ahead: SimpleNamespace) -> None:
    assert page(ahead).context["papers"].rows[0].author == ahead.of.worker


def test_a_person_who_is_not_asked_has_no_row(ahead: SimpleNamespace) -> None:
    Participant.objects.filter(pk=ahead.of.police.pk).update(reports=False)
    assert ahead.of.police not in [row.author for row in page(ahead).context["papers"].rows]


def test_the_answer_to_the_invitation_appears_beside_the_report(ahead: SimpleNamespace) -> None:
    Participant.objects.filter(pk=ahead.of.gp.pk).update(reply=Reply.REPORT_ONLY)
    row = next(row for row in page(ahead).context["papers"].rows if row.author == ahead.of.gp)
    assert row.reply_words == "Report only"


def test_the_overview_shows_the_same_table_and_the_missing_authors(ahead: SimpleNamespace) -> None:
    submit(ahead, ahead.of.tutor)
    text = page(ahead, name="conferences:overview").content.decode()
    assert "Who has reported, and who has been told" in text
    assert "Report of County Police" in text
    assert "To hear the report of Harbour Academy" in text


def test_the_overview_of_a_closed_conference_has_no_such_table(story: SimpleNamespace) -> None:
    assert "Who has reported" not in page(story, name="conferences:overview").content.decode()


def test_takes_the_same_number_of_queries_for_thirty_reports_as_for_one(
    ahead: SimpleNamespace, django_assert_num_queries
) -> None:
    Participant.objects.filter(conference=ahead.conference).exclude(pk=ahead.of.tutor.pk).update(reports=False)
    submit(ahead, ahead.of.tutor)
    client = Client()
    client.force_login(ahead.chair)
    url = reverse("reports:papers", args=[ahead.conference.pk])
    client.get(url)
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(url)
    for _ in range(29):
        submit(ahead, ParticipantFactory(conference=ahead.conference, children=[ahead.robin_row]))
    with django_assert_num_queries(PAGE_QUERIES):
        assert len(client.get(url).context["papers"].rows) == 30


PAGE_QUERIES = 26
