"""A school and a GP's surgery by link, on the smallest phone: report, deputy, apologies, a file, the others' reports."""

from __future__ import annotations

import re

import pytest

from conferences.enums import ConferenceStatus, Reply
from conferences.models import Conference, Participant
from conferences.services.deputies import confirm_deputy
from reports.enums import ReportState
from reports.models import Report
from reports.services.reports import begin_report, save_section, submit_report
from tests.conferences.story import Story, invited, on_list, tell
from tests.journeys.calendar import at
from tests.journeys.test_apart_and_children import on_a_phone, press_by_keyboard
from tests.reports.uploads import made

NOON = "2026-12-10 12:00"
THE_DAY_BEFORE = "2026-12-21 12:00"
RISKS = "What are we worried about?"
LATE = "Robin was late nine times this term."
IN_SHORT = "Robin is often late, and tired in the first lesson."


@pytest.fixture
def story(council, clock) -> Story:
    clock.move_to(at("2026-12-10 10:00"))
    story = tell()
    story.conference = invited(story)
    clock.move_to(at(NOON))
    return story


def reported(story: Story, author: Participant, text: str) -> Report:
    """Another agency's report about Robin that is in."""
    report = begin_report(author=author, by=story.coordinator, now=at(NOON))
    save_section(
        report=report, heading="worries", text=text, nature="fact", by=story.coordinator, now=at(NOON),
        children=list(author.children.all()),
    )  # fmt: skip
    return submit_report(report=report, by=story.coordinator, now=at(NOON), received_by="e-mail")


def test_a_school_writes_its_report_and_its_deputy_reads_the_others(visit, story, clock):
    shazia = on_list(story.conference, story.posts["academy"].person)
    reported(story, on_list(story.conference, story.posts["gp"].person), "Robin coughs at night.")
    page = visit(album="agency-school")
    on_a_phone(page, shazia)
    page.follow("Write your report")
    page.reads("Robin Brambley", "Why the conference is held", "Talk it through with the parents")
    page.does_not_read("Wren", "Martin")
    page.follow("Write the report")
    page.write(f"{RISKS}, paragraph 1", LATE)
    page.write("Your report in short, paragraph 1", IN_SHORT)
    page.group("Fact or opinion?: Your report in short, paragraph 1").get_by_label("Fact").check()
    page.press("Save and check")
    page.refused("choose whether this is a fact or an opinion")
    page.reads(LATE)
    page.group(f"Fact or opinion?: {RISKS}, paragraph 1").get_by_label("Fact").check()
    press_by_keyboard(page, "Save and check")
    page.reads("is due to hear it from you")
    page.press("Hand in my report")
    page.reads("Your report is in, and the chair can read it", IN_SHORT)
    assert Report.objects.get(author=shazia).state == ReportState.SUBMITTED
    page.open("/guest/meeting/")
    page.follow("Say whether you are coming")
    page.page.get_by_label("No, a deputy is coming").check()
    page.press("Send my answer")
    for label, words in (
        ("First name", "Jo"),
        ("Last name", "Crake"),
        ("Job title", "Deputy head"),
        ("Their own work e-mail address", "jo@agency.example"),
    ):
        page.write(label, words)
    page.press("Name the deputy")
    page.reads("Jo Crake is coming in your place")

    confirm_deputy(deputy=shazia.deputies.get(), how_confirmed="Rang the school", by=story.coordinator, now=at(NOON))
    clock.move_to(at(THE_DAY_BEFORE))
    deputy = visit(scripted=False)
    on_a_phone(deputy, Participant.objects.get(person__given_name="Jo"))
    deputy.follow("Read the reports for the meeting")
    deputy.follow(re.compile("Anil Dunnock"))
    deputy.reads("Robin coughs at night.")
    over = {"status": ConferenceStatus.CLOSED, "opened_at": at(THE_DAY_BEFORE), "ended_at": at(THE_DAY_BEFORE)}
    Conference.objects.filter(pk=story.conference.pk).update(**over)
    deputy.open(deputy.path, status=404)


def test_a_surgery_sends_a_letter_as_a_file_and_its_apologies(visit, story, clock, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    anil = on_list(story.conference, story.posts["gp"].person)
    reported(story, on_list(story.conference, story.posts["academy"].person), LATE)
    clock.move_to(at(THE_DAY_BEFORE))
    page = visit(scripted=False)
    on_a_phone(page, anil)
    page.reads("Read the reports for the meeting")
    page.follow("Write your report")
    page.follow("It is already written: add a Word or PDF file")
    page.reads("nothing can be left out of a file")
    for content in (b"not a letter at all", made.pdf()):
        page.page.get_by_label("Which file?").set_input_files(
            {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        page.choose("Can the parents have this file?", "Ask me first")
        page.press("Add this file")
        if content.startswith(b"not"):
            page.refused("You can't add this kind of file")
    page.follow("Check it and hand it in")
    page.press("Hand in my report")
    page.reads("Your report is in")
    page.follow("Back to your page")
    page.follow("Say whether you are coming")
    page.page.get_by_label("No, but I’ll send a report").check()
    page.press("Send my answer")
    page.reads("Report only")
    anil.refresh_from_db()
    assert anil.reply == Reply.REPORT_ONLY
    # Who does not come reads nobody else's report.
    page.open("/guest/meeting/")
    page.does_not_read("Read the reports for the meeting")
