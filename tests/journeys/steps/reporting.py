"""Reports: written on one page, submitted, and talked through with each parent due to hear them."""

from __future__ import annotations

import datetime
import re

from tests.journeys.steps.arranging import open_conference_page
from tests.journeys.visitor import Visitor

ROBINS_HEALTH = "Robin has asthma and missed two appointments at the clinic"
EVERYBODY = "All the children"


def write_paragraph(
    page: Visitor, heading: str, number: int, text: str, *, about: tuple[str, ...] = (), opinion_based_on: str = ""
) -> None:
    """Fill in one paragraph of the page; a second one under the same heading needs its room first."""
    name = f"{heading}, paragraph {number}"
    if number > 1:
        page.press(f"Add another paragraph: {heading}")
    page.write(name, text)
    question = f"Fact or opinion?: {name}"
    page.choose(question, "Opinion" if opinion_based_on else "Fact")
    if opinion_based_on:
        page.write(f"What is the opinion based on?: {name}", opinion_based_on)
    for child in about:
        page.choose(f"Which children is it about?: {name}", child)


def write_social_work_report(page: Visitor) -> None:
    open_conference_page(page)
    page.follow("Papers")
    page.follow("Amara Finch")
    page.follow("Write the report")
    page.write("Historic risks, paragraph 1", "Police were called to the home four times this year.")
    page.press("Save and check")
    page.refused("Historic risks, paragraph 1: choose whether this is a fact or an opinion")
    write_paragraph(
        page, "Historic risks", 1, "Police were called to the home four times this year.", about=(EVERYBODY,)
    )
    write_paragraph(page, "Current risks", 1, f"{ROBINS_HEALTH}.", about=("Robin",))
    write_paragraph(
        page,
        "Current risks",
        2,
        "The children are likely to be hurt when the adults fight.",
        about=(EVERYBODY,),
        opinion_based_on="What Robin told his teacher, and what the police saw",
    )
    write_paragraph(page, "Current strengths", 1, "Hazel rang the police herself.", about=(EVERYBODY,))
    page.press("Save")
    page.reads("Saved. It is a draft until you submit it.", "Hazel rang the police herself.")
    submit(page)
    for name, how in (
        ("Hazel Brambley", "Talked through in person"),
        ("Martin Alder", "Talked through by phone or video"),
    ):
        record_sharing(page, name, how)
    page.follow("Record how it was shared with Dale Ashdown")
    page.choose("What was the outcome?", "They could not be reached")
    page.write("Reason, or what was tried", "Rang on 15 and 16 December, no answer.")
    page.press("Record it")
    page.reads("Could not be reached")


def submit(page: Visitor) -> None:
    page.press("Save and check")
    page.reads("What happens next", "What each person may hear")
    page.press("Submit the report")
    page.reads("The report is in, and the chair can read it.")


def record_sharing(page: Visitor, name: str, how: str) -> None:
    """Record sharing with one parent: on which day and how."""
    page.follow(f"Record how it was shared with {name}")
    page.press("Record it")
    page.refused("Choose the outcome")
    page.choose("What was the outcome?", "Shared")
    page.select("How?", how)
    page.write_date("Which day?", datetime.date(2026, 12, 16))
    page.write("At what time?", "9:30")
    page.press("Record it")
    page.reads("Recorded.")


def read_what_martin_may_hear(page: Visitor) -> None:
    """Check that Wren's father hears what is about her and about all, not Robin's health."""
    page.follow(re.compile("What they may hear.*Martin Alder"))
    page.reads("Police were called to the home four times")
    page.does_not_read("asthma")


def write_school_report(page: Visitor) -> None:
    """Write the school's report from its own account and invitation."""
    page.follow("Conferences")
    if page.page.get_by_role("link", name=re.compile("CC26-0001")).count() == 0:
        page.follow(re.compile("invitation", re.IGNORECASE))
    page.follow(re.compile("CC26-0001"))
    page.follow(re.compile("^Open"))
    page.follow("Write the report")
    write_paragraph(page, "Current risks", 1, "Robin was late on nine mornings since October.")
    write_paragraph(page, "Current strengths", 1, "Robin has a good friend in his class.")
    submit(page)
    record_sharing(page, "Hazel Brambley", "Talked through by phone or video")


def see_who_is_missing(page: Visitor) -> None:
    """Check as the chair who is missing, two working days before."""
    open_conference_page(page)
    page.reads("2 of 6 reports are in", "Not reached")
    page.follow("Papers")
    page.reads(re.compile(r"Not in:.*Ngozi Larkin"))
    page.does_not_read("Anil Dunnock")
    page.follow("Shazia Wing")
    page.reads("Robin was late on nine mornings")
