"""Professionals read each other's reports before the conference: what is theirs, and only until it is over."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from conferences.enums import ConferenceStatus, HowToAttend, Reply
from conferences.models import Participant
from reports.enums import SharingOutcome
from reports.services.reports import begin_report, save_section, submit_report
from reports.services.sharing import record_sharing
from tests.conferences import guests
from tests.factories import procedures_with, user_with_role
from tests.reports.story import BEFORE, HIDDEN_PHONE, HIDDEN_STREET

pytestmark = pytest.mark.django_db

READING = "/guest/papers/reading/"
# Friday, two working days before Tuesday 22 December.
OPEN = datetime.datetime(2026, 12, 18, 9, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(OPEN, tick=False) as traveller:
        yield traveller


def browser(story, name="tutor"):
    client = Client()
    guests.let_in(client, getattr(story.of, name), sitting=story.conference.sittings.first())
    return client


def text(response):
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def report_by(story, name, *sections, why_held="Worry"):
    draft = begin_report(author=getattr(story.of, name), by=story.coordinator, now=BEFORE)
    for said, children, fields in sections:
        save_section(
            report=draft, by=story.coordinator, now=BEFORE, heading="current-risks", text=said, nature="fact",
            children=children, **fields,
        )  # fmt: skip
    return submit_report(report=draft, by=story.coordinator, now=BEFORE, why_held=why_held)


def gp_report(story):
    """What the GP says, each passage with a marker: only the first is for somebody who comes for Robin alone."""
    robin, wren = story.robin_row, story.wren_row
    return report_by(
        story,
        "gp",
        ("OWN Robin comes to every appointment.", [robin], {}),
        ("OTHER about the little one.", [wren], {}),
        ("BOTH about two.", [robin, wren], {}),
        ("NAMING Wren beside the brother.", [robin], {}),
        ("PRIVATE her medicine.", [robin], {"private_to": [story.hazel]}),
        (f"PLACE lives at {HIDDEN_STREET}.", [robin], {}),
        (f"NUMBER {HIDDEN_PHONE}.", [robin], {}),
    )


def test_it_shows_what_is_about_their_children_and_nothing_else(ahead):
    report = gp_report(ahead)
    client = browser(ahead)
    assert "Read the reports for the meeting" in text(client.get("/guest/meeting/"))
    assert "Eastmere Surgery: Anil Dunnock" in text(client.get(READING))
    page = text(client.get(f"{READING}{report.pk}/"))
    assert "OWN Robin comes to every appointment." in page
    for marker in ("OTHER", "BOTH", "NAMING", "PRIVATE", "PLACE", "NUMBER", HIDDEN_STREET, HIDDEN_PHONE, "Wren"):
        assert marker not in page
    assert "Something is left out here" in page
    row = AccessEvent.objects.order_by("pk").last()
    assert (row.kind, row.subject, row.subject_id) == (ReadKind.PAGE, "Report", report.pk)


def test_it_opens_when_the_procedures_say_and_not_before(ahead, clock):
    report = gp_report(ahead)
    clock.move_to(OPEN - datetime.timedelta(days=1))
    client = browser(ahead)
    assert "From Fri 18 Dec" in text(client.get("/guest/meeting/"))
    assert client.get(READING).status_code == 404
    assert client.get(f"{READING}{report.pk}/").status_code == 404


def over(ahead):
    ahead.conference.opened_at = ahead.conference.ended_at = OPEN
    ahead.conference.status = ConferenceStatus.CLOSED
    ahead.conference.save()


def withdrawn(ahead):
    Participant.objects.filter(pk=ahead.of.tutor.pk).update(status="withdrawn")


def does_not_come(ahead):
    Participant.objects.filter(pk=ahead.of.tutor.pk).update(reply=Reply.REPORT_ONLY)


def has_a_part_only(ahead):
    Participant.objects.filter(pk=ahead.of.tutor.pk).update(how=HowToAttend.PART)


@pytest.mark.parametrize("ending", [over, withdrawn, does_not_come, has_a_part_only])
def test_it_ends_at_once(ahead, ending):
    report = gp_report(ahead)
    client = browser(ahead)
    assert client.get(f"{READING}{report.pk}/").status_code == 200
    ending(ahead)
    assert client.get(READING).status_code == 404
    assert client.get(f"{READING}{report.pk}/").status_code == 404


def test_who_asks_too_late_is_in_the_read_log_as_refused(ahead):
    report = gp_report(ahead)
    client = browser(ahead)
    over(ahead)
    client.get(f"{READING}{report.pk}/")
    row = AccessEvent.objects.order_by("pk").last()
    assert (row.kind, row.subject, row.subject_id) == (ReadKind.REFUSED, "Report", report.pk)


@pytest.mark.parametrize("name", ["hazel", "dale"])
def test_the_family_never_reads_there(ahead, name):
    report = gp_report(ahead)
    row = getattr(ahead.of, name)
    Participant.objects.filter(pk=row.pk).update(email=f"{name}@home.example")
    row.refresh_from_db()
    client = browser(ahead, name)
    assert client.get(READING).status_code == 404
    assert client.get(f"{READING}{report.pk}/").status_code == 404


def test_a_report_that_the_chair_keeps_back_is_not_there(ahead):
    report = report_by(ahead, "police", ("EVIDENCE", [ahead.robin_row], {}))
    client = browser(ahead)
    assert "EVIDENCE" in text(client.get(f"{READING}{report.pk}/"))
    record_sharing(
        report=report, person=ahead.dale, outcome=SharingOutcome.NOT_TO_BE_SHARED, by=ahead.chair, now=OPEN,
        reason="Police ask",
    )  # fmt: skip
    assert client.get(f"{READING}{report.pk}/").status_code == 404
    assert "Siskin" not in text(client.get(READING))


def test_a_draft_and_a_report_about_another_child_are_not_there(ahead):
    begin_report(author=ahead.of.police, by=ahead.coordinator, now=BEFORE)
    report_by(ahead, "midwife", ("SCAN", [ahead.baby_row], {}))
    page = text(browser(ahead).get(READING))
    assert "No report is in yet that you can read" in page
    assert "Teal" not in page


def test_their_own_report_is_not_among_the_others(ahead):
    report = report_by(ahead, "tutor", ("Mine.", [ahead.robin_row], {}))
    assert browser(ahead).get(f"{READING}{report.pk}/").status_code == 404


@pytest.mark.value("professionals-read-reports-days")
def test_the_procedures_say_whether_and_from_when(ahead):
    report = gp_report(ahead)
    address = f"{READING}{report.pk}/"
    assert browser(ahead).get(address).status_code == 200
    for days, status in ((0, 404), (1, 404), (3, 200)):
        version = procedures_with(
            ahead.authority, since=datetime.date(2026, 1, 1), values={"professionals-read-reports-days": days}
        )
        ahead.conference.policy_version_id = version.pk
        ahead.conference.save()
        assert browser(ahead).get(address).status_code == status


@pytest.mark.value("online-rules")
def test_who_joins_on_a_screen_reads_the_councils_rules(ahead):
    told = ["Our own rule about screens."]
    version = procedures_with(ahead.authority, since=datetime.date(2026, 1, 1), values={"online-rules": told})
    ahead.conference.policy_version_id = version.pk
    ahead.conference.save()
    client = browser(ahead)
    assert told[0] not in text(client.get("/guest/meeting/"))
    Participant.objects.filter(pk=ahead.of.tutor.pk).update(reply=Reply.ONLINE)
    assert told[0] in text(client.get("/guest/meeting/"))


# With an account


@pytest.fixture
def tutor(ahead, client):
    """The school's tutor with an account of their own."""
    user = user_with_role(Role.PROFESSIONAL, authority=ahead.authority)
    ahead.tutor.person.user = user
    ahead.tutor.person.save()
    client.force_login(user)
    return user


def own(ahead, report=None):
    args = [ahead.of.tutor.pk, *([report.pk] if report else [])]
    return reverse("reports:others-report" if report else "reports:own-reading", args=args)


def test_with_an_account_they_read_the_same_from_their_invitation(ahead, client, tutor):
    report = gp_report(ahead)
    invitation = text(client.get(reverse("conferences:my-invitation", args=[ahead.of.tutor.pk])))
    assert own(ahead) in invitation
    assert "1 report so far" in invitation
    assert "Eastmere Surgery: Anil Dunnock" in text(client.get(own(ahead)))
    page = text(client.get(own(ahead, report)))
    assert "OWN Robin comes to every appointment." in page
    for marker in ("OTHER", "BOTH", "NAMING", "PRIVATE", "PLACE", "NUMBER", HIDDEN_STREET, HIDDEN_PHONE, "Wren"):
        assert marker not in page
    row = AccessEvent.objects.order_by("pk").last()
    assert (row.user, row.subject, row.subject_id) == (tutor, "Report", report.pk)


@pytest.mark.parametrize("ending", [over, withdrawn, does_not_come, has_a_part_only])
def test_with_an_account_it_ends_at_once_too(ahead, client, tutor, ending):
    report = gp_report(ahead)
    assert client.get(own(ahead, report)).status_code == 200
    ending(ahead)
    assert [client.get(own(ahead)).status_code, client.get(own(ahead, report)).status_code] == [404, 404]


@pytest.mark.usefixtures("tutor")
def test_with_an_account_it_opens_no_sooner_and_never_on_anothers_invitation(ahead, client, clock):
    report = gp_report(ahead)
    others = reverse("reports:own-reading", args=[ahead.of.gp.pk])
    assert client.get(others).status_code == 404
    clock.move_to(OPEN - datetime.timedelta(days=1))
    invitation = text(client.get(reverse("conferences:my-invitation", args=[ahead.of.tutor.pk])))
    assert "From Fri 18 Dec" in invitation
    assert client.get(own(ahead, report)).status_code == 404
