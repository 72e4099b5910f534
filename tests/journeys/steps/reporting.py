"""Reports: written in sections, submitted, and talked through with each parent due to hear them."""

from __future__ import annotations

import datetime
import re

from tests.journeys.steps.arranging import open_conference_page
from tests.journeys.visitor import Visitor

ROBINS_HEALTH = "Robin has asthma and missed two appointments at the clinic"
EVERYBODY = "All the children"


def add_section(page: Visitor, heading: str, text: str, *, about: tuple[str, ...], opinion_based_on: str = "") -> None:
    page.select("Under which heading?", heading)
    page.write("What do you want to say?", text)
    if opinion_based_on:
        page.choose("Is this a fact or an opinion?", "Opinion")
        page.write("What is the opinion based on?", opinion_based_on)
    else:
        page.choose("Is this a fact or an opinion?", "Fact")
    for name in about:
        page.choose("Which children is it about?", name)
    page.press("Add this section")
    page.reads("Added to the report.", text)


def write_social_work_report(page: Visitor) -> None:
    open_conference_page(page)
    page.follow("Papers")
    page.follow("Amara Finch")
    page.follow("Write the report")
    page.press("Add this section")
    page.refused("Choose a heading", "Choose whether this is a fact or an opinion")
    add_section(page, "Historic risks", "Police were called to the home four times this year.", about=(EVERYBODY,))
    add_section(page, "Current risks", f"{ROBINS_HEALTH}.", about=("Robin",))
    add_section(
        page,
        "Current risks",
        "The children are likely to be hurt when the adults fight.",
        about=(EVERYBODY,),
        opinion_based_on="What Robin told his teacher, and what the police saw",
    )
    add_section(page, "Current strengths", "Hazel rang the police herself.", about=(EVERYBODY,))
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
    page.follow("Check and submit")
    page.reads("What happens next")
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
    add_section(page, "Current risks", "Robin was late on nine mornings since October.", about=())
    add_section(page, "Current strengths", "Robin has a good friend in his class.", about=())
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
