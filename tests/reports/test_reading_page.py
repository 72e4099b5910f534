"""What reports and plans add to the page from which the chair reads, which says no confidential place."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from plans.enums import PlanKind, Progress
from reports.enums import RemarkKind, SharingOutcome
from reports.models import Remark
from tests.factories import PlanActionFactory, PlanFactory
from tests.reports.story import BEFORE, HIDDEN_PHONE, HIDDEN_POSTCODE, HIDDEN_SCHOOL, HIDDEN_STREET
from tests.reports.test_record_sharing import report, share  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before")]


def read(client: Client, ahead: SimpleNamespace) -> str:
    client.force_login(ahead.chair)
    return client.get(reverse("meetings:reading", args=[ahead.conference.pk])).content.decode()


def section(html: str, key: str) -> str:
    found = html[html.index(f'id="{key}"') :]
    return found[: found.index("</section>")]


def test_it_says_which_reports_are_in_and_missing_and_who_was_told(client, ahead, report):  # noqa: F811
    share(report, ahead.hazel, ahead.worker)
    found = section(read(client, ahead), "reports")
    missing = found[found.index("Missing") : found.index("</p>", found.index("Missing"))]
    tutor = ahead.of.tutor.person.full_name
    assert (tutor in missing, ahead.of.gp.person.full_name in missing, "16 Dec" in found.replace("\xa0", " ")) == (
        False,
        True,
        True,
    )


def test_what_the_family_says_is_wrong_stands_with_whose_report_it_is(client, ahead, report):  # noqa: F811
    share(report, ahead.hazel, ahead.worker, disputed="He was never late.")
    share(report, ahead.dale, ahead.worker, SharingOutcome.DECLINED, reason="Did not want to")
    found = section(read(client, ahead), "disputed")
    assert ("He was never late." in found, ahead.of.tutor.person.full_name in found) == (True, True)


def test_a_sentence_that_someone_says_is_wrong_stands_with_their_words(client, ahead, report):  # noqa: F811
    Remark.objects.create(
        report=report, participant=ahead.of.hazel, kind=RemarkKind.WRONG, section=report.sections.first(),
        sentence="He was late twice.", text="Once, and I rang.", guest_session_id=1, said_at=BEFORE,
    )  # fmt: skip
    found = section(read(client, ahead), "disputed")
    assert [words in found for words in ("He was late twice.", "Once, and I rang.", ahead.hazel.full_name)] == [
        True
    ] * 3


def test_actions_of_the_plan_in_force_are_open_until_done(client, ahead):
    plan = PlanFactory(child=ahead.robin, kind=PlanKind.CP, starts_on=datetime.date(2026, 9, 1))
    PlanActionFactory(plan=plan, what="Kingfisher group", progress=Progress.UNDER_WAY)
    PlanActionFactory(plan=plan, what="Heron walk", progress=Progress.DONE)
    found = section(read(client, ahead), "open-actions")
    assert ("Kingfisher group" in found, "Heron walk" in found) == (True, False)


def test_no_confidential_place_stands_on_it_whoever_typed_it(client, ahead, report):  # noqa: F811
    share(report, ahead.hazel, ahead.worker, disputed=f"We moved to {HIDDEN_STREET}, ring {HIDDEN_PHONE}")
    share(report, ahead.dale, ahead.worker, disputed=f"Ask {HIDDEN_SCHOOL} or {HIDDEN_POSTCODE}")
    html = read(client, ahead)
    main = html[html.index("<main") : html.index("</main>")]
    assert [word for word in (HIDDEN_STREET, HIDDEN_PHONE, HIDDEN_SCHOOL, HIDDEN_POSTCODE) if word in main] == []
    assert section(html, "disputed").count("Left out here: confidential whereabouts") == 2
