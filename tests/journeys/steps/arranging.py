"""From the strategy discussion to the invitations."""

from __future__ import annotations

import datetime
import re

from django.conf import settings
from icalendar import Calendar
from playwright.sync_api import expect

from tests.journeys.steps.family import HIDDEN
from tests.journeys.visitor import Visitor

FAMILY_NAMES = ("Hazel", "Dale", "Martin", "Olive", "Robin", "Wren", "Brambley", "Ashdown", "Alder")
STAFF_NAMES = ("Finch", "Kestrel", "Plover", "Wing", "Teal", "Larkin", "Redstart", "Dunnock")
NAMES = (*FAMILY_NAMES, *STAFF_NAMES, *HIDDEN)


def record_strategy_discussion(page: Visitor) -> None:
    page.follow("Record a strategy discussion")
    page.press("Save the strategy discussion")
    page.refused("Choose at least one child")
    page.tick("For all the children of the family")
    page.write_date("When was it held?", datetime.date(2026, 12, 8))
    page.write("At what time?", "11:30")
    page.write("Who took part?", "Police\nHealth visiting\nHarbour Academy")
    page.write("Why were enquiries started?", "Police were called to Hazel's home. Robin hid Wren in the bathroom.")
    page.press("Save the strategy discussion")
    page.reads(
        "Conference by Thursday 31\u00a0December\u00a02026",
        "within 15 working days",
        "How it was counted",
        "day 1 is the next working day",
        "Christmas Day",
    )


def schedule_conference(page: Visitor) -> None:
    """Book Tuesday 22 December at the usual hour and length, with the unborn child as pre-birth."""
    page.follow("Schedule the conference")
    page.reads("Choose the date", "Today is day 0")
    page.tick_day("2026-12-22")
    page.press("Choose times and place")
    book(page)
    page.press("Book it and choose who to invite")
    page.reads("is booked. Nothing has been sent yet.")


def book(page: Visitor) -> None:
    """Fill in everything about the booking except its day."""
    page.write(
        "Why is the conference being held?", "Police were called four times. We are worried that the children get hurt."
    )
    page.choose("How will people meet?", "In person, with some people online")
    page.select("Room", re.compile("Garden room"))
    page.write("Link for those online", "https://meet.example/room-7")
    page.select("Chair", "Tomasz Kestrel")
    page.select("Coordinator", "Joan Plover")


def refuse_the_same_room_twice(page: Visitor) -> None:
    """Check that a conference is on no Saturday, and has no chair and room that are taken at that hour."""
    page.follow("Families")
    page.follow("Create a family")
    page.write("Family name", "Yarrow")
    page.select("Team", "Assessment North")
    page.press("Create the family")
    page.follow("Add a child")
    page.write("First name", "Sorrel")
    page.write("Last name", "Yarrow")
    page.write_date("Date of birth", datetime.date(2018, 6, 4))
    page.choose("How sure is this date?", "Exact")
    page.press("Save the child")
    page.follow("Record a strategy discussion")
    page.choose("For which children were enquiries started?", "Sorrel Yarrow")
    page.write_date("When was it held?", datetime.date(2026, 12, 8))
    page.write("At what time?", "9:00")
    page.write("Why were enquiries started?", "A bruise that the explanation does not fit.")
    page.press("Save the strategy discussion")
    page.follow("Schedule the conference")
    page.unfold("Another date")
    page.write_date("Another date", datetime.date(2026, 12, 19))
    page.press("Choose times and place")
    page.reads("Choose the date", "is a weekend")
    page.unfold("Another date")
    page.write_date("Another date", datetime.date(2026, 12, 22))
    page.press("Choose times and place")
    book(page)
    page.write("Start", "12:00")
    page.press("Book it and choose who to invite")
    page.refused()
    page.reads(re.compile("taken|already booked|not free", re.IGNORECASE))
    page.select("Room", re.compile("Orchard room"))
    page.select("Chair", "Ruth Avocet")
    page.press("Book it and choose who to invite")
    page.reads("is booked. Nothing has been sent yet.")


def open_conference_page(page: Visitor) -> None:
    """Open the page from the list of conferences, by the heading that names the children."""
    page.follow("Conferences")
    page.follow("R.B., W.B. and unborn baby")


def agree_that_it_is_held(page: Visitor) -> None:
    """Agree, from the manager's own list of what to decide, that the conference is held."""
    page.follow(re.compile("^My work"))
    page.follow(re.compile("^Agree that a conference is held"))
    page.choose("Do you agree that this conference is held?", "Yes, it is needed")
    page.press("Record my answer")
    page.reads("Your answer is recorded.")


def choose_whom_to_invite(page: Visitor) -> None:
    """Invite those proposed, drop an agency with a reason, and leave a parent to the chair."""
    page.follow("Choose who to invite")
    page.reads(
        "Parents are always asked, even if they live apart",
        "Aged 10 or over",
        "Under 10: someone brings the child’s views",
        "Midwifery is always asked for an unborn child",
        "Relative. Ask the parent first whether they may hear it",
        "School or college: knows Wren",
    )
    invitee(page, "Dale Ashdown").get_by_text("Awaiting the chair").wait_for()
    for name, asked in (
        ("Hazel Brambley", True),
        ("Robin Brambley", True),
        ("Martin Alder", True),
        ("Sioned Teal", True),
        ("Callum Reedling", True),
    ):
        expect(invitee(page, name).get_by_role("checkbox").first).to_be_checked(checked=asked)
    for name in ("Wren Brambley", "Olive Brambley"):
        expect(invitee(page, name).get_by_role("checkbox")).to_have_count(0)

    drop(page, "Anil Dunnock")
    drop(page, "Martin Alder")
    page.press("Check the invitations")
    page.refused(
        "Say why you are leaving out Anil Dunnock", "Say why you are leaving out Martin Alder. The chair will be asked."
    )
    reason = "Reason, if you leave them out or ask them after all"
    page.write(reason, "The health visitor brings what the surgery knows.", within=more(page, "Anil Dunnock"))
    page.write(reason, "He has not seen Wren for two years.", within=more(page, "Martin Alder"))
    page.write("Or how they are told instead", "By Amara, at home", within=more(page, "Robin Brambley"))
    page.press("Check the invitations")
    page.reads("Check the invitations", "waiting for the chair")


def invitee(page: Visitor, name: str):
    return page.page.locator(".cp-invitee", has_text=name).first


def more(page: Visitor, name: str):
    """Unfold and return one person's details."""
    return page.unfold("Time, mailbox, report", within=invitee(page, name))


def drop(page: Visitor, name: str) -> None:
    page.fields += 1
    invitee(page, name).get_by_role("checkbox").first.uncheck()


def send_invitations(page: Visitor, *, awaiting: tuple[str, ...] = ()) -> None:
    """Check once more and send; nothing goes to those who await the chair."""
    open_conference_page(page)
    page.follow("People")
    page.follow("Check the invitations")
    page.reads(*awaiting, *(["Nothing goes to them"] if awaiting else []))
    page.press(re.compile(r"^Send \d+ invitations$"))
    page.reads("on the way.")


OF_THE_HIDDEN_SCHOOL = "head@lanternhill.example"


def read_the_outbox(page: Visitor, *, without: tuple[str, ...], to: tuple[str, ...]) -> None:
    """Check each message and calendar file: no one else's name or address."""
    page.follow("Outbox")
    recipients = page.page.locator("td[data-label='To']").all_inner_texts()
    assert len(recipients) == len(set(recipients))
    assert set(to) <= set(recipients)
    assert not set(without) & set(recipients)
    links = page.page.locator("td[data-label='Message'] a").all()
    paths = [link.get_attribute("href") for link in links]
    page.open(paths[0])
    body = page.page.locator(".cp-typed").inner_text()
    assert [word for word in NAMES if word in body] == []
    files = [page.page.request.get(f"{page.base}{path}calendar-file/") for path in paths]
    entries = [file.text() for file in files if file.ok]
    assert len(entries) >= len(to)
    for text in entries:
        (event,) = Calendar.from_ical(text).walk("VEVENT")
        assert event.pop("ATTENDEE").removeprefix("mailto:") in {*recipients, OF_THE_HIDDEN_SCHOOL}
        assert event["ORGANIZER"] == f"mailto:{settings.DEFAULT_FROM_EMAIL}"
        assert [word for word in NAMES if word in event.to_ical().decode()] == []


def decide_who_takes_part(page: Visitor) -> None:
    """Decide as the chair: Dale by video, Martin in full after all."""
    open_conference_page(page)
    page.follow("People")
    page.follow("Decide about Dale Ashdown")
    page.reads("Bail: not to contact Hazel")
    page.press("Record the decision")
    page.refused()
    page.choose("How should they take part?", "By video")
    page.write("Why did you decide this?", "Bail keeps him away from Hazel. By video he is heard and nobody meets.")
    page.press("Record the decision")
    page.reads("Your decision is recorded.")
    page.follow("Decide about Martin Alder")
    page.choose("How should they take part?", "The whole meeting")
    page.write("Why did you decide this?", "A father with parental responsibility is asked, however seldom he visits.")
    page.press("Record the decision")
    page.reads("Your decision is recorded.")


def answer_invitation(page: Visitor) -> None:
    """Answer as a professional, who sees only their own invitation."""
    page.follow("Conferences")
    if page.page.get_by_role("link", name=re.compile("CC26-0001")).count() == 0:
        page.follow(re.compile("invitation", re.IGNORECASE))
    page.follow(re.compile("CC26-0001"))
    page.reads("Arrive at")
    page.does_not_read(*FAMILY_NAMES, *HIDDEN)
    page.press("Send my answer")
    page.refused()
    page.choose("Are you coming?", "Yes, in the room")
    page.press("Send my answer")
    page.reads("Thank you. Your answer is recorded.")


def record_an_answer(page: Visitor) -> None:
    """Record as the coordinator the answer of someone who rang."""
    open_conference_page(page)
    page.follow("People")
    page.follow("Sioned Teal")
    page.select("Answer", "Coming")
    page.press("Record the answer")
    page.reads("The answer is recorded.")
