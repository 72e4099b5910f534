"""A professional writes their report on their own page, without an account."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client

from accounts.models import GuestSession
from conferences.enums import ConferenceStatus, ParticipantStatus
from conferences.models import Deputy, Participant
from conferences.services.deputies import confirm_deputy, take_back_deputy
from families.models import Post
from reports.enums import ReportState
from reports.models import Report, ReportSection
from reports.services.reports import begin_report, save_section
from tests.conferences import guests
from tests.reports.story import BEFORE, HIDDEN_STREET

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before")]

OWN = "/guest/papers/report/"
WRITE = f"{OWN}write/"


def browser(story, name="tutor"):
    client = Client()
    guests.let_in(client, getattr(story.of, name), sitting=story.conference.sittings.first())
    return client


def text(response):
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def passage(**changes):
    """One new paragraph; the tutor comes for Robin alone and is not asked whom it is about."""
    said = {"text": "Robin missed 18 days.", "nature": "fact", **changes}
    return {f"new_current-risks_0_{part}": value for part, value in said.items()}


def shown(client):
    """What the page of the report would send if nothing were touched."""
    form = client.get(WRITE).context["form"]
    return {field.html_name: value for field in form if (value := field.value()) not in (None, "", [], False)}


def written(story, client=None):
    """A passage written by the tutor on their own page; returns the browser and the draft."""
    client = client or browser(story)
    answer = client.post(WRITE, passage())
    assert (answer.status_code, answer.url) == (302, f"{OWN}?said=saved"), text(answer)
    return client, Report.objects.get(author=story.of.tutor)


def test_the_page_says_about_whom_why_and_by_when(ahead):
    page = text(browser(ahead).get(OWN))
    assert "Robin Brambley</strong>, born 4 March 2014" in page
    assert "Wren" not in page
    assert "Police came to the home again on 3 December" in page
    assert "Hand it in" in page
    assert "The chair reads it" in page


def test_the_home_page_leads_to_the_report(ahead):
    page = text(browser(ahead).get("/guest/meeting/"))
    assert "Write your report" in page
    assert "securely to the coordinator" not in page


def test_why_is_not_shown_where_it_names_another_child_or_a_hidden_place(ahead):
    for reason in ("Wren hid under the table.", f"Seen at {HIDDEN_STREET}."):
        ahead.conference.reason = reason
        ahead.conference.save()
        assert reason not in text(browser(ahead).get(OWN))


def test_a_report_is_written_and_handed_in_and_says_by_whom(ahead):
    client, draft = written(ahead)
    stay = GuestSession.objects.get()
    assert (draft.begun_by, draft.begun_guest_session_id, draft.state) == (None, stay.pk, ReportState.DRAFT)
    assert "Robin missed 18 days." in text(client.get(OWN))
    assert "is due to hear it from you" in text(client.get(f"{OWN}hand-in/"))
    assert client.post(f"{OWN}hand-in/", {}).status_code == 302
    report = Report.objects.get()
    assert (report.state, report.submitted_by, report.submitted_guest_session_id) == ("submitted", None, stay.pk)
    page = text(client.get(f"{OWN}?said=handed-in"))
    assert "Your report is in, and the chair can read it" in page
    assert "by Shazia Wing, on their own page" in page
    staff = Client()
    staff.force_login(ahead.chair)
    address = f"/conferences/{ahead.conference.pk}/papers/{ahead.of.tutor.pk}/"
    assert "by Shazia Wing, on their own page" in text(staff.get(address))
    assert "Read Wed 16 Dec" in text(client.get(OWN))


def test_handing_in_twice_hands_in_once(ahead):
    client, _ = written(ahead)
    client.post(f"{OWN}hand-in/", {})
    client.post(f"{OWN}hand-in/", {})
    assert Report.objects.count() == 1
    assert client.get(WRITE).url == OWN


def test_an_opinion_says_what_it_rests_on_and_keeps_what_was_typed(ahead):
    answer = browser(ahead).post(WRITE, passage(nature="opinion", text="I am worried about sleep."))
    page = text(answer)
    assert "write what this opinion is based on" in page
    assert "I am worried about sleep." in page
    assert not Report.objects.exists()


def test_a_child_whom_they_do_not_come_for_is_neither_named_nor_chosen(ahead):
    client = browser(ahead)
    page = text(client.get(WRITE))
    assert "Wren" not in page
    assert "Martin" not in page
    client.post(WRITE, passage(children=[str(ahead.wren_row.pk)]))
    assert list(ReportSection.objects.get().children.all()) == [ahead.robin_row]


def test_of_two_windows_the_second_sees_both_texts(ahead):
    client, draft = written(ahead)
    section = draft.sections.get()
    first, second = shown(client), shown(client)
    client.post(WRITE, {**first, f"s{section.pk}_text": "Robin missed 20 days."})
    page = text(client.post(WRITE, {**second, f"s{section.pk}_text": "Robin missed 22 days."}))
    assert "Robin missed 20 days." in page
    assert "Robin missed 22 days." in page
    assert draft.sections.get().text == "Robin missed 20 days."


def test_a_passage_is_taken_out(ahead):
    client, draft = written(ahead)
    client.post(WRITE, {**shown(client), f"s{draft.sections.get().pk}_takes_out": "on"})
    assert not draft.sections.filter(removed_at__isnull=True).exists()


def test_a_new_version_says_why(ahead):
    client, _ = written(ahead)
    client.post(f"{OWN}hand-in/", {})
    client.post(f"{OWN}new-version/", {"new_because": "Robin came back to school"})
    assert Report.objects.get(number=2).new_because == "Robin came back to school"
    assert "Robin missed 18 days." in text(client.get(OWN))


def test_what_another_agency_writes_does_not_open(ahead):
    theirs = begin_report(author=ahead.of.gp, by=ahead.coordinator, now=BEFORE)
    section = save_section(
        report=theirs, by=ahead.coordinator, now=BEFORE, heading="current-risks", text="MARKER", nature="fact"
    )
    client = browser(ahead)
    client.post(WRITE, {**passage(), f"s{section.pk}_takes_out": "on", f"s{section.pk}_text": "Changed"})
    section.refresh_from_db()
    assert (section.text, section.removed_at) == ("MARKER", None)
    assert "MARKER" not in text(client.get(OWN)) + text(client.get(WRITE))


@pytest.mark.parametrize("name", ["hazel", "dale"])
def test_the_family_writes_no_report(ahead, name):
    row = getattr(ahead.of, name)
    Participant.objects.filter(pk=row.pk).update(email=f"{name}@home.example")
    row.refresh_from_db()
    client = browser(ahead, name)
    assert client.get(OWN).status_code == 404
    assert "Write your report" not in text(client.get("/guest/meeting/"))


def test_who_is_asked_for_none_has_no_page(ahead):
    Participant.objects.filter(pk=ahead.of.tutor.pk).update(reports=False)
    assert browser(ahead).get(OWN).status_code == 404


def close(ahead):
    ahead.conference.opened_at = ahead.conference.ended_at = BEFORE
    ahead.conference.status = ConferenceStatus.CLOSED
    ahead.conference.save()


def withdraw(ahead):
    Participant.objects.filter(pk=ahead.of.tutor.pk).update(status=ParticipantStatus.WITHDRAWN)


def leave_post(ahead):
    Post.objects.filter(pk=ahead.tutor.pk).update(ends_on=BEFORE.date() - datetime.timedelta(days=1))


@pytest.mark.parametrize("ending", [close, withdraw, leave_post])
def test_it_closes_at_once_when_the_conference_is_over_or_they_no_longer_come(ahead, ending):
    client, draft = written(ahead)
    assert client.get(OWN).status_code == 200
    ending(ahead)
    assert client.get(OWN).status_code == 404
    assert client.post(WRITE, passage(text="Too late.")).status_code == 404
    assert draft.sections.count() == 1


def deputy_of_tutor(ahead):
    named = Deputy.objects.create(
        participant=ahead.of.tutor,
        given_name="Ivy",
        family_name="Stork",
        title="Teacher",
        email="ivy@agency.example",
        named_at=BEFORE,
        named_by=ahead.coordinator,
    )
    return named, confirm_deputy(deputy=named, how_confirmed="Rang the school", by=ahead.coordinator, now=BEFORE)


def test_a_deputy_goes_on_with_their_agencys_report(ahead):
    first, draft = written(ahead)
    named, row = deputy_of_tutor(ahead)
    row.refresh_from_db()
    ahead.of.ivy = row
    client = browser(ahead, "ivy")
    assert "Robin missed 18 days." in text(client.get(OWN))
    client.post(WRITE, passage(text="Robin was back on Monday."))
    assert draft.sections.count() == 2
    # Who stands aside goes on writing, and is no longer told the dates, which count back from the day.
    assert "Hand it in" not in text(first.get(OWN))
    take_back_deputy(deputy=named, because="Cannot come", by=ahead.coordinator, now=BEFORE)
    assert client.get(OWN).status_code == 404
