"""What happens to a guest's report otherwise: files, moved conferences, ended stays, earlier reports, sharing."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import GuestSession
from conferences.enums import ConferenceStatus, ParticipantStatus
from conferences.models import Deputy, Participant
from conferences.services.booking import Booking
from conferences.services.deputies import confirm_deputy
from conferences.services.guest_links import revoke_link
from conferences.services.scheduling import move_sitting
from reports.enums import ReportState
from reports.models import Attachment, Report, ReportSection, Sharing
from reports.services.reports import begin_report, save_section, submit_report
from tests.factories import ConferenceChildFactory, ConferenceFactory, ParticipantFactory
from tests.reports.story import BEFORE
from tests.reports.test_guest_reports import OWN, WRITE, browser, deputy_of_tutor, passage, shown, text, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("before")]


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def send_file(ahead, client, content=PDF, name="report.pdf"):
    return client.post(
        f"{OWN}files/add/",
        {"file": SimpleUploadedFile(name, content), "children": [str(ahead.robin_row.pk)], "proposal": "whole"},
    )


@pytest.mark.usefixtures("kept_files")
def test_a_file_is_sent_instead_and_taken_out_again(ahead):
    client = browser(ahead)
    answer = send_file(ahead, client)
    assert answer.status_code == 302, text(answer)
    attachment = Attachment.objects.select_related("file").get()
    assert (attachment.file.uploaded_by, attachment.file.guest_session_id) == (None, GuestSession.objects.get().pk)
    assert "report.pdf" in text(client.get(OWN))
    client.post(f"{OWN}files/{attachment.pk}/take-out/", {"because": "Another family"})
    attachment.refresh_from_db()
    assert (attachment.withdrawn_by, attachment.withdrawn_because) == (None, "Another family")
    assert attachment.withdrawn_guest_session_id == GuestSession.objects.get().pk


@pytest.mark.parametrize(
    ("content", "name"), [(b"MZ\x90 a program", "report.pdf"), (PDF, "report.docx"), (b"", "report.pdf")]
)
def test_a_file_that_is_not_what_it_says_is_refused(ahead, content, name):
    answer = send_file(ahead, browser(ahead), content, name)
    assert answer.status_code == 200
    assert not Attachment.objects.exists()
    assert not Report.objects.exists()


def test_a_report_is_still_handed_in_after_the_conference_was_moved(ahead):
    client, _ = written(ahead)
    sitting, day = ahead.sitting, datetime.timedelta(days=1)
    booking = Booking(
        starts_at=sitting.starts_at + day,
        family_arrives_at=sitting.family_arrives_at + day,
        professionals_arrive_at=sitting.professionals_arrive_at + day,
        until=sitting.booked_until + day,
        mode=ahead.conference.mode,
        chair=ahead.chair,
        coordinator=ahead.coordinator,
        room=sitting.room,
        short_notice_reason="The room is lost",
    )
    move_sitting(sitting=sitting, booking=booking, reason="Room lost", by=ahead.coordinator, now=BEFORE)
    assert client.post(f"{OWN}hand-in/", {}).status_code == 302
    assert Report.objects.get().state == ReportState.SUBMITTED


def test_a_submitted_report_entered_by_staff_is_shown_to_its_author(ahead):
    draft = begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE)
    save_section(
        report=draft, by=ahead.coordinator, now=BEFORE, heading="current-risks", text="Sent by post.", nature="fact",
        children=[ahead.robin_row],
    )  # fmt: skip
    submit_report(report=draft, by=ahead.coordinator, now=BEFORE, received_by="by post")
    page = text(browser(ahead).get(OWN))
    assert "Sent by post." in page
    assert "by Joan Plover" in page


def test_what_was_typed_when_the_stay_had_ended_is_there_after_a_fresh_code(ahead):
    client = browser(ahead)
    assert client.get(WRITE).status_code == 200
    GuestSession.objects.update(ended_at=BEFORE, ended_because="Away for too long")
    answer = client.post(WRITE, passage(text="Typed for twenty minutes."))
    assert answer.status_code == 404
    assert "What you typed is kept" in text(answer)
    assert not Report.objects.exists()
    page = text(browser(ahead).get(WRITE))
    assert "Typed for twenty minutes." in page
    assert "It has not been sent yet" in page
    # By a new link too, where the old one was closed.
    revoke_link(ahead.of.tutor, because="Sent again", by=ahead.coordinator, now=BEFORE)
    client = browser(ahead)
    assert "Typed for twenty minutes." in text(client.get(WRITE))
    client.post(WRITE, passage(text="Typed for twenty minutes."))
    assert "It has not been sent yet" not in text(client.get(WRITE))


def test_what_one_guest_typed_is_never_shown_to_another(ahead):
    client = browser(ahead)
    GuestSession.objects.update(ended_at=BEFORE, ended_because="Away for too long")
    client.post(WRITE, passage(text="MARKER"))
    assert "MARKER" not in text(browser(ahead, "gp").get(WRITE))


def earlier_report(ahead):
    """What the school and the police wrote half a year before."""
    spring = BEFORE - datetime.timedelta(days=180)
    old = ConferenceFactory(
        family=ahead.family, reference="EC26-0004", status=ConferenceStatus.CLOSED, opened_at=spring,
        ended_at=spring, closed_at=spring, requested_at=spring,
    )  # fmt: skip
    row = ConferenceChildFactory(conference=old, child=ahead.robin)
    for post, said in ((ahead.tutor, "Robin reads well."), (ahead.police, "MARKER of the police")):
        report = Report.objects.create(
            conference=old, author=ParticipantFactory(conference=old, post=post, children=[row]), kind="agency",
            begun_by=ahead.coordinator, begun_at=BEFORE, submitted_by=ahead.coordinator,
            submitted_at=spring, state=ReportState.SUBMITTED,
        )  # fmt: skip
        section = ReportSection.objects.create(report=report, heading="current-risks", text=said, nature="fact")
        section.children.set([row])


def test_the_agencys_last_report_is_copied_in_and_marked_until_changed(ahead):
    earlier_report(ahead)
    client = browser(ahead)
    assert "begin with your agency’s last report" in text(client.get(OWN))
    page = text(client.get(WRITE))
    assert "Your agency’s last report" in page
    assert "MARKER" not in page
    for _ in range(2):
        assert client.post(WRITE, {"then": "copy"}).url == WRITE
    section = ReportSection.objects.get(report__conference=ahead.conference)
    assert (section.text, section.report.begun_guest_session_id) == ("Robin reads well.", GuestSession.objects.get().pk)
    assert "As in the last report" in text(client.get(OWN))
    page = text(client.get(WRITE))
    assert "Copy in the last report" not in page
    client.post(WRITE, {**shown(client), f"s{section.pk}_text": "Robin reads less."})
    assert "Changed since the last report" in text(client.get(OWN))


def shared(ahead, client, name="dale", **changes):
    sent = {
        "outcome": "shared", "manner": "phone", "shared_at_date_day": "16", "shared_at_date_month": "12",
        "shared_at_date_year": "2026", "shared_at_time": "09:00", **changes,
    }  # fmt: skip
    return client.post(f"{OWN}shared/{getattr(ahead, name).pk}/", sent)


def test_the_author_says_how_it_went_with_each_parent(ahead):
    client, _ = written(ahead)
    client.post(f"{OWN}hand-in/", {})
    page = text(client.get(f"{OWN}shared/{ahead.dale.pk}/"))
    assert "What Dale may hear of your report" in page
    answer = shared(ahead, client, outcome="declined", reason="Would not come to the phone")
    assert answer.status_code == 302, text(answer)
    sharing = Sharing.objects.get()
    assert (sharing.person, sharing.outcome, sharing.recorded_by) == (ahead.dale, "declined", None)
    assert sharing.guest_session_id == GuestSession.objects.get().pk
    assert "1 of 2 told" in text(client.get(OWN))


def test_only_the_chair_keeps_a_report_back(ahead):
    client, _ = written(ahead)
    client.post(f"{OWN}hand-in/", {})
    for outcome in ("in_part", "not_to_be_shared"):
        answer = shared(ahead, client, outcome=outcome, reason="Police evidence")
        assert answer.status_code == 200
    assert not Sharing.objects.exists()


def test_who_is_not_due_it_or_waits_for_the_chair_is_not_asked_about(ahead):
    client, _ = written(ahead)
    client.post(f"{OWN}hand-in/", {})
    assert client.get(f"{OWN}shared/{ahead.martin.pk}/").status_code == 404
    Participant.objects.filter(pk=ahead.of.dale.pk).update(status=ParticipantStatus.AWAITING_CHAIR)
    assert client.get(f"{OWN}shared/{ahead.dale.pk}/").status_code == 404
    assert "Please do not talk to them about it yet" in text(client.get(OWN))


def test_one_deputy_does_not_come_for_two_agencies_by_one_mailbox(ahead):
    deputy_of_tutor(ahead)
    again = Deputy.objects.create(
        participant=ahead.of.gp, given_name="Ivy", family_name="Stork", title="Nurse", email="ivy@agency.example",
        named_at=BEFORE, named_by=ahead.coordinator,
    )  # fmt: skip
    with pytest.raises(ValidationError):
        confirm_deputy(deputy=again, how_confirmed="Rang the surgery", by=ahead.coordinator, now=BEFORE)
    again.refresh_from_db()
    assert again.state == "named"
