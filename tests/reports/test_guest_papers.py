"""The papers a guest may open: released to them, in their version, and nothing else."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client

from accounts.enums import ReadKind
from accounts.models import AccessEvent
from conferences.models import ExclusionRequest, Participant
from families.models import AgencyInvolvement
from reports.enums import Channel, DocumentKind, NewsKind, SharingManner, SharingOutcome
from reports.services.circulation import record_copy
from reports.services.copy_news import record_news
from reports.services.documents import prepare_document, release_document
from reports.services.laying_out import give_out
from reports.services.reports import begin_report, save_section, submit_report
from reports.services.sharing import record_sharing
from tests.conferences import guests
from tests.layout import lay_out_papers
from tests.reports.story import BEFORE, NOW
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

PAPERS = "/guest/papers/"


def report_about(story, name, *sections):
    draft = begin_report(author=getattr(story.of, name), by=story.coordinator, now=BEFORE)
    for text, children in sections:
        save_section(
            report=draft, by=story.coordinator, now=BEFORE, children=children, heading="current-risks", text=text,
            nature="fact",
        )  # fmt: skip
    return submit_report(report=draft, by=story.coordinator, now=BEFORE, why_held="Worry")


def share(story, report, person, outcome=SharingOutcome.SHARED, by=None, **fields):
    if outcome == SharingOutcome.SHARED:
        fields = {"manner": SharingManner.TALKED_THROUGH, "shared_at": BEFORE - datetime.timedelta(hours=2)}
    return record_sharing(report=report, person=person, outcome=outcome, by=by or story.worker, now=BEFORE, **fields)


def browser(story, name):
    client = Client()
    row = getattr(story.of, name)
    if not row.email:
        Participant.objects.filter(pk=row.pk).update(email=f"{name}@home.example")
        row.refresh_from_db()
    guests.let_in(client, row, sitting=story.conference.sittings.first())
    return client


def text(response):
    return response.content.decode()


@pytest.mark.usefixtures("before")
class TestReports:
    def test_the_list_is_empty_before_a_release(self, ahead):
        report_about(ahead, "tutor", ("Often late.", [ahead.robin_row]))
        dale = browser(ahead, "dale")
        assert "There is nothing to read yet" in text(dale.get(PAPERS))
        assert "Read your papers" not in text(dale.get("/guest/meeting/"))

    def test_a_report_opens_once_it_was_shared_with_this_person(self, ahead):
        report = report_about(ahead, "tutor", ("Often late.", [ahead.robin_row]))
        dale, hazel = browser(ahead, "dale"), browser(ahead, "hazel")
        share(ahead, report, ahead.dale)
        assert "Read your papers" in text(dale.get("/guest/meeting/"))
        assert "Often late." in text(dale.get(f"{PAPERS}reports/{report.pk}/"))
        assert hazel.get(f"{PAPERS}reports/{report.pk}/").status_code == 404
        assert "There is nothing to read yet" in text(hazel.get(PAPERS))

    def test_the_other_child_is_not_in_a_fathers_version(self, ahead):
        report = report_about(ahead, "tutor", ("Often late.", [ahead.robin_row]), ("Draws all day.", [ahead.wren_row]))
        share(ahead, report, ahead.dale)
        page = text(browser(ahead, "dale").get(f"{PAPERS}reports/{report.pk}/"))
        assert "Often late." in page
        assert "Draws all day." not in page

    def test_a_declined_or_withheld_report_does_not_open(self, ahead):
        report = report_about(ahead, "tutor", ("Often late.", [ahead.robin_row]))
        share(ahead, report, ahead.dale)
        dale = browser(ahead, "dale")
        share(ahead, report, ahead.dale, SharingOutcome.NOT_TO_BE_SHARED, by=ahead.chair, reason="Police ask")
        assert dale.get(f"{PAPERS}reports/{report.pk}/").status_code == 404

    def test_a_place_marked_confidential_afterwards_closes_the_report(self, ahead):
        report = report_about(ahead, "tutor", ("Often late.", [ahead.robin_row]))
        share(ahead, report, ahead.dale)
        dale = browser(ahead, "dale")
        school = AgencyInvolvement.objects.filter(agency=ahead.of.tutor.agency).first()
        school.confidential = True
        school.save()
        school.hidden_from.add(ahead.dale)
        assert dale.get(f"{PAPERS}reports/{report.pk}/").status_code == 404
        assert "Report:" not in text(dale.get(PAPERS))

    def test_a_refused_report_is_in_the_read_log_as_refused(self, ahead):
        report = report_about(ahead, "tutor", ("Often late.", [ahead.robin_row]))
        browser(ahead, "hazel").get(f"{PAPERS}reports/{report.pk}/")
        row = AccessEvent.objects.order_by("pk").last()
        assert (row.kind, row.subject, row.subject_id, row.guest_person_id) == (
            ReadKind.REFUSED,
            "Report",
            report.pk,
            ahead.hazel.pk,
        )


@once_per_module(at=NOW)
def minutes(story):
    """The minutes, signed off."""
    document = prepare_document(conference=story.conference, kind=DocumentKind.MINUTES, by=story.coordinator, now=NOW)
    return release_document(document=document, by=story.chair, now=NOW)


@pytest.mark.usefixtures("after")
class TestCopies:
    def sent(self, story, document, name):
        return record_copy(
            document=document,
            recipient=getattr(story.of, name),
            by=story.coordinator,
            now=NOW,
            channel=Channel.BY_HAND,
            channel_confirmed="Came to the office with a photo card",
            sent_at=NOW,
        )

    def test_a_copy_opens_once_it_was_sent_and_is_the_same_file(self, story, minutes):
        martin = browser(story, "martin")
        assert "There is nothing to read yet" in text(martin.get(PAPERS))
        copy = self.sent(story, minutes, "martin")
        assert "Minutes of the meeting" in text(martin.get(PAPERS))
        answer = martin.get(f"{PAPERS}copies/{copy.pk}/")
        assert answer.status_code == 202
        assert "Your paper is being made ready" in text(answer)
        assert '<meta http-equiv="refresh" content="5">' in answer.content.decode()
        assert answer["Cache-Control"] == "private, no-store"
        assert AccessEvent.objects.order_by("pk").last().kind == ReadKind.PAGE
        lay_out_papers()
        answer = martin.get(f"{PAPERS}copies/{copy.pk}/")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer.content == give_out(minutes, story.of.martin.pk, now=NOW).file
        assert answer["Cache-Control"] == "private, no-store"
        assert "Martin" not in answer["Content-Disposition"]
        row = AccessEvent.objects.order_by("pk").last()
        assert (row.kind, row.subject, row.subject_id) == (ReadKind.PDF, "Copy", copy.pk)

    def test_another_persons_copy_answers_like_a_closed_link(self, story, minutes):
        copy = self.sent(story, minutes, "martin")
        assert browser(story, "hazel").get(f"{PAPERS}copies/{copy.pk}/").status_code == 404

    def test_a_replaced_version_no_longer_opens(self, story, minutes):
        copy = self.sent(story, minutes, "martin")
        martin = browser(story, "martin")
        prepare_document(
            conference=story.conference,
            kind=DocumentKind.MINUTES,
            by=story.coordinator,
            because="A name was wrong",
            now=NOW,
        )
        assert martin.get(f"{PAPERS}copies/{copy.pk}/").status_code == 404

    def test_a_request_to_the_chair_also_closes_the_papers(self, story, minutes):
        copy = self.sent(story, minutes, "martin")
        martin = browser(story, "martin")
        ExclusionRequest.objects.create(
            conference=story.conference, participant=story.of.martin, ground="asked", reason="Threats",
            asked_by=story.coordinator, asked_at=NOW,
        )  # fmt: skip
        assert martin.get(f"{PAPERS}copies/{copy.pk}/").status_code == 404
        assert martin.get(PAPERS).status_code == 404


@once_per_module(at=NOW)
def letter(story):
    """The decisions letter, released."""
    document = prepare_document(
        conference=story.conference, kind=DocumentKind.DECISIONS_LETTER, by=story.coordinator, now=NOW
    )
    return release_document(document=document, by=story.chair, now=NOW)


@pytest.mark.usefixtures("after")
class TestAsAPage:
    def sent(self, story, document, name):
        return TestCopies.sent(self, story, document, name)

    def test_the_letter_is_read_as_a_page_that_says_what_the_file_says(self, story, letter):
        copy = self.sent(story, letter, "hazel")
        hazel = browser(story, "hazel")
        page = text(hazel.get(f"{PAPERS}copies/{copy.pk}/read/"))
        for said in (
            "What was decided, and the plan",
            "Dear Hazel",
            "What happens next",
            "999",
            "Tell us what is wrong",
        ):
            assert said in page, said
        assert f"{PAPERS}copies/{copy.pk}/read/" in text(hazel.get(PAPERS))

    def test_another_persons_letter_and_minutes_answer_like_a_closed_link(self, story, letter, minutes):
        hazel = browser(story, "hazel")
        for copy in (self.sent(story, letter, "dale"), self.sent(story, minutes, "dale")):
            assert hazel.get(f"{PAPERS}copies/{copy.pk}/read/").status_code == 404

    def test_a_request_to_the_chair_closes_the_page_too(self, story, letter):
        copy = self.sent(story, letter, "hazel")
        hazel = browser(story, "hazel")
        ExclusionRequest.objects.create(
            conference=story.conference, participant=story.of.hazel, ground="asked", reason="Asked",
            asked_by=story.coordinator, asked_at=NOW,
        )  # fmt: skip
        assert hazel.get(f"{PAPERS}copies/{copy.pk}/read/").status_code == 404

    def test_the_page_after_the_meeting_says_what_comes_next(self, story, letter):
        self.sent(story, letter, "hazel")
        page = text(browser(story, "hazel").get("/guest/meeting/"))
        for said in ("After your meeting", "Your next dates", "Read your papers", "Say how the meeting was for you"):
            assert said in page, said


@pytest.mark.usefixtures("after")
def test_the_first_look_and_the_word_of_the_reader_are_noted_with_the_copy(story):
    document = prepare_document(
        conference=story.conference, kind=DocumentKind.DECISIONS_LETTER, by=story.coordinator, now=NOW
    )
    document = release_document(document=document, by=story.chair, now=NOW)
    copy = record_copy(
        document=document, recipient=story.of.hazel, channel=Channel.BY_HAND, channel_confirmed="In person",
        sent_at=NOW, by=story.coordinator, now=NOW,
    )  # fmt: skip
    hazel = browser(story, "hazel")
    page = f"{PAPERS}copies/{copy.pk}/read/"
    assert "Tell us that you have it" in text(hazel.get(page))
    hazel.get(page)
    assert [row.kind for row in copy.news.all()] == [NewsKind.OPENED]
    assert hazel.post(page).status_code == 302
    assert hazel.post(page).status_code == 302
    assert "You have told us that you have it" in text(hazel.get(page))
    assert [row.kind for row in copy.news.all()] == [NewsKind.OPENED, NewsKind.ACKNOWLEDGED]
    assert browser(story, "dale").post(page).status_code == 404
    record_news(copy=copy, kind=NewsKind.RECALLED, note="Wrong version", by=story.coordinator, now=NOW)
    assert browser(story, "hazel").get(page).status_code == 404
