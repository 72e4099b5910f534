"""The first page of a professional with an account: conferences and reports, never that there are no cases."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.enums import Role
from deadlines.services import reconcile
from reports.services.reports import begin_report, save_section, submit_report
from tests.factories import user_with_role
from tests.reports.story import BEFORE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before")]

FIRST = reverse("deadlines:my-work")


def as_tutor(ahead, client):
    user = user_with_role(Role.PROFESSIONAL, authority=ahead.authority)
    ahead.tutor.person.user = user
    ahead.tutor.person.save()
    reconcile(family_ids=[ahead.family.pk], now=BEFORE)
    client.force_login(user)
    return user


def text(response):
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def test_it_lists_conferences_and_the_report_that_is_due(ahead, client):
    as_tutor(ahead, client)
    page = text(client.get(FIRST))
    for words in ("My conferences and reports", "EC26-0031", "Friday 18 December 2026"):
        assert words in page
    draft = begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE)
    save_section(
        report=draft, by=ahead.coordinator, now=BEFORE, heading="current-risks", text="x", nature="fact",
        children=[ahead.robin_row],
    )  # fmt: skip
    submit_report(report=draft, by=ahead.coordinator, now=BEFORE, received_by="post")
    page = text(client.get(FIRST))
    assert "Handed in" in page
    assert "Friday 18 December 2026" not in page


def test_one_without_any_is_never_told_that_they_have_no_cases(ahead, client):
    client.force_login(user_with_role(Role.PROFESSIONAL, authority=ahead.authority))
    page = text(client.get(FIRST))
    assert "You are not invited to a conference now" in page
    assert "no cases" not in page


def test_nobody_else_sees_that_list(ahead, client):
    client.force_login(ahead.worker)
    assert "My conferences and reports" not in text(client.get(FIRST))
