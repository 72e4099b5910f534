"""What the author of a report reads before handing it in, in the words of their own council."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from reports.services.reports import begin_report, save_section
from tests.factories import procedures_with
from tests.reports.conftest import ahead, before, kept_files
from tests.reports.story import BEFORE

__all__ = ["ahead", "before", "kept_files"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before")]


@pytest.mark.value("social-work-report-goes-to")
def test_checking_a_report_says_who_has_it_beforehand(client, ahead):
    author = ahead.of.worker
    report = begin_report(author=author, by=ahead.worker, now=BEFORE, new_because="")
    save_section(report=report, heading="current-risks", text="Late.", nature="fact", by=ahead.worker, now=BEFORE)
    values = {"social-work-report-goes-to": "those due it"}
    made = procedures_with(ahead.conference.authority, since=datetime.date(2026, 1, 1), values=values)
    ahead.conference.policy_version_id = made.pk
    ahead.conference.save(update_fields=["policy_version_id"])
    client.force_login(ahead.worker)
    page = client.get(reverse("reports:submit-report", args=[ahead.conference.pk, author.pk])).content.decode()
    assert "those due it" in page
