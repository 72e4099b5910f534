"""A paper that reached the wrong hands: links closed at once, who is in danger told, the regulator, and its end."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import GuestLink
from conferences.services.guest_links import issue_link
from deadlines.models import Deadline
from deadlines.to_decide import to_decide
from incidents.enums import IncidentKind, StepKind, Telling
from incidents.models import Incident, PersonConcerned
from incidents.selectors.incidents import figures, links_of
from incidents.services.incidents import (
    WhatHappened,
    add_person_concerned,
    close_incident,
    close_more_links,
    decide_about_regulator,
    record_incident,
    record_step,
    what_is_missing,
    withdraw_incident,
    withdraw_step,
)
from incidents.services.telling import decide_about_telling, record_told
from notifications.models import Notice
from tests.factories import FamilyFactory, user_with_role
from tests.reports.story import tell
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
# Friday evening: the 72 hours go through a weekend.
NOW = datetime.datetime(2026, 12, 18, 18, 30, tzinfo=datetime.UTC)
LETTER = WhatHappened(
    kind=IncidentKind.WRONG_PERSON,
    paper="Invitation to the conference",
    happened="Her invitation went to his mailbox. It says where she is at ten.",
    who_has_it="Dale Ashdown",
    aware_at=NOW - datetime.timedelta(hours=1),
)
DANGER = "He has threatened her, and now knows where she will be"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def told():
    story = tell(held=False)
    story.officer = user_with_role(Role.DATA_PROTECTION, authority=story.authority)
    story.service = user_with_role(Role.SERVICE_MANAGER, authority=story.authority)
    story.auditor = user_with_role(Role.AUDITOR, authority=story.authority)
    sitting = story.conference.sittings.get()
    story.links = [issue_link(participant=row, sitting=sitting, now=NOW) for row in (story.of.hazel, story.of.dale)]
    return story


def recorded(told, **changes):
    given = {"at_risk": [told.hazel], "danger": DANGER, "links": told.links[:1], "by": told.worker} | changes
    return record_incident(family=told.family, what=given.pop("what", LETTER), now=NOW, **given)


def kinds(user):
    return {key for _, key, *_ in to_decide(user) if key.startswith("incident")}


def test_the_links_close_the_same_moment_and_the_others_stay(told):
    made = recorded(told)
    closed, other = (GuestLink.objects.get(pk=link.pk) for link in told.links)
    assert (closed.revoked_at, closed.revoked_because) == (NOW, f"Incident {made.reference}")
    assert other.revoked_at is None
    assert [row.link for row in links_of(told.family, now=NOW)] == [other]
    assert close_more_links(incident=made, links=[other], by=told.worker, now=NOW) == 1
    with pytest.raises(ValidationError, match="Choose the links"):
        close_more_links(incident=made, links=[], by=told.worker, now=NOW)


def test_who_handles_incidents_and_who_has_the_case_are_told_by_a_reference(told):
    made = recorded(told)
    notices = Notice.objects.filter(key=f"incident:{made.pk}")
    assert {row.user for row in notices} == {told.officer, told.service, told.manager}
    assert all(row.urgent and "Hazel" not in row.text and "Brambley" not in row.text for row in notices)


def test_the_person_in_danger_is_told_within_hours_and_the_regulator_within_72_weekends_too(told):
    made = recorded(told)
    row = made.people.get()
    telling, regulator = (Deadline.objects.get(kind=f"incident-{kind}") for kind in ("told", "regulator"))
    assert telling.due_at == NOW + datetime.timedelta(hours=4)
    assert regulator.due_at == datetime.datetime(2026, 12, 21, 17, 30, tzinfo=datetime.UTC)
    assert telling.responsible_ids == sorted([told.worker.pk, told.manager.pk])
    assert regulator.responsible_ids == sorted([told.officer.pk, told.service.pk])
    record_told(concerned=row, told_at=NOW, how="At her sister's, by me. She stays there", by=told.worker, now=NOW)
    decide_about_regulator(
        incident=made, reported=True, reported_at=NOW, reference="IC-1", because="He is a danger", by=told.officer,
        now=NOW,
    )  # fmt: skip
    for deadline in (telling, regulator):
        deadline.refresh_from_db()
        assert deadline.met_at == NOW


def test_a_later_decision_takes_the_place_of_the_first_and_the_clock_stays_met(told):
    made = recorded(told)
    decide_about_regulator(incident=made, reported=False, because="He never read it", by=told.officer, now=NOW)
    later = NOW + datetime.timedelta(days=5)
    second = decide_about_regulator(
        incident=made, reported=True, reported_at=later, because="He had", by=told.service, now=later
    )
    assert list(made.decisions.filter(superseded_at__isnull=True)) == [second]
    assert made.decisions.count() == 2
    assert Deadline.objects.get(kind="incident-regulator").met_at == NOW
    again = decide_about_regulator(
        incident=made, reported=True, reported_at=later, because="He had", by=told.service, now=later
    )
    assert again == second


def test_it_closes_only_when_all_is_settled_and_says_what_was_learned(told):
    made = recorded(told)
    other = add_person_concerned(
        incident=made, person=told.martin, at_risk=False, because="His illness is in it", by=told.worker, now=NOW
    )
    assert len(what_is_missing(made)) == 3
    with pytest.raises(ValidationError, match="has not been told"):
        close_incident(incident=made, learned="x", by=told.officer, now=NOW)
    record_told(concerned=made.people.get(person=told.hazel), told_at=NOW, how="By me", by=told.worker, now=NOW)
    with pytest.raises(ValidationError, match="Decide first"):
        record_told(concerned=other, told_at=NOW, how="By me", by=told.worker, now=NOW)
    decide_about_telling(concerned=other, tell=False, because="It was not read", by=told.officer, now=NOW)
    decide_about_regulator(incident=made, reported=False, because="No harm", by=told.officer, now=NOW)
    with pytest.raises(ValidationError, match="happen again"):
        close_incident(incident=made, learned=" ", by=told.officer, now=NOW)
    done = close_incident(incident=made, learned="Mailboxes are read aloud", by=told.officer, now=NOW)
    assert not done.is_open
    with pytest.raises(ValidationError, match="closed"):
        record_step(incident=made, kind=StepKind.BACK, on=NOW.date(), note="x", by=told.worker, now=NOW)


def test_no_incident_stops_the_clocks_and_leaves_the_links_closed(told):
    made = recorded(told)
    withdraw_incident(incident=made, because="It was his own letter", by=told.officer, now=NOW)
    assert {row.not_needed for row in Deadline.objects.filter(kind__startswith="incident-")} == {"It was no incident."}
    assert GuestLink.objects.get(pk=told.links[0].pk).revoked_at == NOW
    assert figures(told.auditor) == []


def test_steps_stay_when_taken_back_and_are_written_once(told):
    made = recorded(told)
    step = {"kind": StepKind.ASKED_BACK, "on": NOW.date(), "note": "Rang him", "by": told.worker, "now": NOW}
    first = record_step(incident=made, **step)
    assert record_step(incident=made, **step) == first
    with pytest.raises(ValidationError, match="error"):
        withdraw_step(step=first, because="", by=told.worker, now=NOW)
    assert withdraw_step(step=first, because="It was his brother", by=told.worker, now=NOW).withdrawn_at == NOW
    assert made.steps.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": WhatHappened(**{**LETTER.__dict__, "paper": " "})}, "paper"),
        ({"what": WhatHappened(**{**LETTER.__dict__, "happened": ""})}, "happened"),
        ({"what": WhatHappened(**{**LETTER.__dict__, "who_has_it": ""})}, "who_has_it"),
        ({"what": WhatHappened(**{**LETTER.__dict__, "kind": "x"})}, "kind"),
        ({"what": WhatHappened(**{**LETTER.__dict__, "aware_at": NOW + datetime.timedelta(minutes=1)})}, "aware_at"),
        ({"danger": ""}, "danger"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_written(told, changes, field):
    with pytest.raises(ValidationError) as refused:
        recorded(told, **changes)
    assert list(refused.value.message_dict) == [field]
    assert not Incident.objects.exists()
    assert GuestLink.objects.get(pk=told.links[0].pk).revoked_at is None


def test_somebody_of_another_case_cannot_be_named(told):
    other = FamilyFactory(team=told.team)
    with pytest.raises(ValidationError) as refused:
        record_incident(
            family=other, what=LETTER, at_risk=[told.dale], danger="x", by=told.worker, now=NOW, links=told.links
        )
    assert set(refused.value.message_dict) == {"at_risk", "links"}


class TestWhoReads:
    def test_the_list_names_no_one_and_the_page_opens_to_who_handles_it(self, told):
        made = recorded(told)
        page = reverse("incidents:incident", args=[made.pk])
        for user in (told.officer, told.auditor):
            client = Client()
            client.force_login(user)
            shown = client.get(reverse("incidents:incidents")).content.decode()
            assert made.reference in shown
            assert not [word for word in ("Hazel", "Brambley", "26-0417", "mailbox") if word in shown]
            assert (client.get(page).status_code, page in shown) == (
                (200, True) if user == told.officer else (404, False)
            )

    def test_they_wait_for_who_handles_them_until_settled(self, told):
        made = recorded(told)
        add_person_concerned(incident=made, person=told.martin, at_risk=False, because="x", by=told.worker, now=NOW)
        assert kinds(told.officer) == kinds(told.service) == {"incident", "incident-person"}
        assert kinds(told.worker) == kinds(told.manager) == set()
        withdraw_incident(incident=made, because="x", by=told.officer, now=NOW)
        assert kinds(told.officer) == set()

    def test_a_worker_of_the_case_reads_it_and_decides_nothing(self, told):
        made = recorded(told)
        with pytest.raises(ValidationError, match="not yours"):
            decide_about_regulator(incident=made, reported=False, because="x", by=told.worker, now=NOW)
        client = Client()
        client.force_login(told.worker)
        assert client.get(reverse("incidents:incident", args=[made.pk])).status_code == 200
        assert client.get(reverse("incidents:decide-regulator", args=[made.pk])).status_code == 404

    def test_who_handles_it_without_the_case_does_not_look_at_everyone_in_it(self, told):
        made = recorded(told)
        pages = [reverse(f"incidents:{name}", args=[made.pk]) for name in ("add-person", "close-links")]
        for user, status in ((told.officer, 404), (told.worker, 200)):
            client = Client()
            client.force_login(user)
            assert [client.get(page).status_code for page in pages] == [status, status]
            shown = client.get(reverse("incidents:incident", args=[made.pk])).content.decode()
            assert [page in shown for page in pages] == [status == 200] * 2
        for act in (
            lambda: add_person_concerned(
                incident=made, person=told.martin, at_risk=False, because="x", by=told.officer, now=NOW
            ),
            lambda: close_more_links(incident=made, links=told.links[1:], by=told.officer, now=NOW),
        ):
            with pytest.raises(ValidationError, match="not yours"):
                act()

    def test_no_page_tells_the_mailbox_of_a_link(self, told):
        made = recorded(told, links=[])
        client = Client()
        client.force_login(told.worker)
        for page in (
            reverse("incidents:record", args=[told.family.pk]), reverse("incidents:close-links", args=[made.pk])
        ):  # fmt: skip
            shown = client.get(page).content.decode()
            assert "Dale Ashdown, link of 18 December 2026" in shown.replace("\xa0", " ")
            assert not [link.sent_to for link in told.links if link.sent_to in shown]

    def test_the_list_asks_the_same_number_of_queries_for_thirty(self, told):
        client = Client()
        client.force_login(told.officer)
        first = recorded(told)

        def ask():
            with CaptureQueriesContext(connection) as sent:
                client.get(reverse("incidents:incidents"))
            return len(sent)

        ask()
        before = ask()
        Incident.objects.bulk_create(
            Incident(
                authority=first.authority, family=first.family, kind=first.kind, paper="x", happened="x",
                who_has_it="x", aware_at=NOW, recorded_at=NOW, recorded_by=told.worker, policy_version_id=1,
            )
            for _ in range(30)
        )  # fmt: skip
        assert ask() == before


def test_the_form_keeps_what_was_typed_and_sent_twice_makes_one(told, client):
    client.force_login(told.worker)
    page = reverse("incidents:record", args=[told.family.pk])
    sent = {
        "kind": "opened", "copy": "", "paper": "A letter", "happened": "It came back opened", "who_has_it": "",
        "aware_on": "2026-12-18", "aware_time": "17:00", "at_risk": [str(told.hazel.pk)], "danger": DANGER,
        "links": [str(told.links[0].pk)], "form_key": "7f0c1d3a-8f43-4f0e-9f5f-3f8a6b1f9d11",
    }  # fmt: skip
    shown = client.post(page, sent).content.decode()
    assert "It came back opened" in shown
    assert not Incident.objects.exists()
    sent["who_has_it"] = "Nobody knows"
    first = client.post(page, sent)
    assert f'href="{first.url}"' in client.get(page).content.decode()
    assert first.status_code == 302
    assert client.post(page, sent).url == first.url
    assert PersonConcerned.objects.get().telling == Telling.TELL
    assert Incident.objects.count() == 1
