"""What an auditor sees of what was done: by number, without a word of any case, and nothing of a sealed record."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pghistory.models import Context

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from families.models import BreakGlass, FamilyMember
from plans.models import ListCheck
from records.models import Disclosure
from tests.factories import PersonFactory, user_with_role
from tests.reports.story import NOW

pytestmark = pytest.mark.django_db
MARKER = "MARKER"
HERE = reverse("records:audit")


@pytest.fixture
def log(told_world: SimpleNamespace, client: Client) -> SimpleNamespace:
    told_world.auditor = user_with_role(Role.AUDITOR, authority=told_world.authority, name="Colin Barnowl")
    told_world.client = client
    client.force_login(told_world.auditor)
    return told_world


def shown(log: SimpleNamespace, kind: str) -> str:
    return log.client.get(f"{HERE}?show={kind}").content.decode()


def glass(log: SimpleNamespace) -> BreakGlass:
    return BreakGlass.objects.create(
        family=log.family, user=log.worker, reason=MARKER, opened_at=NOW, closes_at=NOW.replace(hour=23)
    )


def list_check(log: SimpleNamespace) -> ListCheck:
    return ListCheck.objects.create(
        authority=log.authority, checked_by=log.worker, at=NOW, caller_name=MARKER, caller_agency=MARKER,
        known_by="called_back", caller_phone="01632", why=MARKER, name=MARKER, birth_date=NOW.date(),
        form_key=uuid.uuid4(),
    )  # fmt: skip


def bundle(log: SimpleNamespace) -> Disclosure:
    return Disclosure.objects.create(
        authority=log.authority, family=log.family, person=log.robin.person, kind="access", recipient=MARKER,
        asked_on=NOW.date(), covers=MARKER, identity=MARKER, prepared_by=log.worker, prepared_at=NOW,
    )  # fmt: skip


def change(log: SimpleNamespace, url: str) -> Context:
    return Context.objects.create(metadata={"user": log.worker.pk, "url": url})


def test_an_auditor_sees_who_when_and_which_case_and_no_word_of_it(log: SimpleNamespace) -> None:
    glass(log)
    list_check(log)
    row = bundle(log)
    change(log, f"/conferences/{log.conference.pk}/people/")
    for kind, there in (
        ("glasses", log.family.case_number), ("checks", log.worker.name), ("bundles", row.reference),
        ("changes", log.worker.name),
    ):  # fmt: skip
        page = shown(log, kind)
        assert there in page, kind
        for word in (MARKER, "Brambley", "Robin", log.family.name):
            assert word not in page, (kind, word)


def test_nothing_of_a_sealed_record_or_an_allegation_is_seen(log: SimpleNamespace) -> None:
    glass(log)
    row = bundle(log)
    change(log, f"/conferences/{log.conference.pk}/people/")
    FamilyMember.objects.create(
        family=log.family, person=PersonFactory(sealed_at=NOW, sealed_because="Order"), starts_on=NOW.date()
    )
    assert log.family.case_number not in shown(log, "glasses")
    assert row.reference not in shown(log, "bundles")
    assert "Conferences: people" not in shown(log, "changes")
    change(log, "/allegations/1/steps/")
    assert "Allegations" not in shown(log, "changes").partition("<tbody>")[2]


def test_nobody_else_opens_it_and_another_councils_auditor_sees_nothing(log: SimpleNamespace) -> None:
    glass(log)
    for role in (Role.SERVICE_MANAGER, Role.COORDINATOR, Role.ADMINISTRATOR, Role.CUSTODIAN):
        log.client.force_login(user_with_role(role, authority=log.authority))
        assert log.client.get(HERE).status_code == 404
    log.client.force_login(user_with_role(Role.AUDITOR))
    assert log.family.case_number not in shown(log, "glasses")


def test_thirty_rows_take_as_many_queries_as_one(log: SimpleNamespace, django_assert_max_num_queries: Any) -> None:
    for kind, make in (
        ("glasses", glass), ("checks", list_check), ("bundles", bundle),
        ("changes", lambda log: change(log, f"/conferences/{log.conference.pk}/people/")),
    ):  # fmt: skip
        make(log)
        shown(log, kind)
        with django_assert_max_num_queries(60) as one:
            shown(log, kind)
        for _ in range(29):
            make(log)
        with django_assert_max_num_queries(len(one)):
            shown(log, kind)


def test_the_read_log_names_the_paper_and_its_version(log: SimpleNamespace) -> None:
    minutes = log.documents["minutes"]
    AccessEvent.objects.create(
        user=log.worker, authority=log.authority, page="reports:minutes", subject="Document", subject_id=minutes.pk,
        kind=ReadKind.PAGE,
    )  # fmt: skip
    page = log.client.get(reverse("accounts:read-log")).content.decode()
    assert f"Minutes, version {minutes.number}" in page
