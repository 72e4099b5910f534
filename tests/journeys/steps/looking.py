"""Looking around: waiting tasks, lists and search."""

from __future__ import annotations

import datetime
import re

from tests.journeys.visitor import Visitor


def see_my_work(page: Visitor, *things: str) -> None:
    page.follow(re.compile("^My work"))
    page.reads(*things)


def ask_why_this_date(page: Visitor, what: str) -> None:
    """Open the page that counts every day of a time limit."""
    page.follow(re.compile("^My work"))
    page.follow(what)
    page.reads("15 working days", "Working Together to Safeguard Children")


def acknowledge_notices(page: Visitor) -> None:
    """Check that each notice came once, however often deadlines were swept, and acknowledge it."""
    page.follow(re.compile("^My work"))
    folded = page.unfold(re.compile("new notices? for you"))
    notices = folded.get_by_role("listitem").all_inner_texts()
    assert len(notices) == len(set(notices)) > 0, notices
    page.press(re.compile("^I have seen"))
    page.does_not_read("new notice")


def find_the_family(page: Visitor) -> None:
    """Search by part of a name, another name, birth date and case number, from any page."""
    for words in ("bramb", "ashdown", "14 5 2014", "26-0001"):
        page.page.locator("#cp-search").fill(words)
        page.press("Search", within=page.page.get_by_role("search").first)
        page.reads("Brambley")
        page.does_not_read("Yarrow")


def filter_conferences(page: Visitor) -> None:
    page.follow("Conferences")
    page.select("Chair", "Ruth Avocet")
    page.press("Show")
    page.reads("CC26-0002")
    page.does_not_read("CC26-0001")
    page.select("Chair", "All chairs")
    page.select("State", "Closed")
    page.write_date("From", datetime.date(2026, 12, 1))
    page.write_date("To", datetime.date(2026, 12, 31))
    page.press("Show")
    page.reads("CC26-0001")
    page.does_not_read("CC26-0002")


def look_at_plans(page: Visitor) -> None:
    """Check one plan for each child as decided; the unborn baby's is a child in need plan."""
    page.follow("Plans")
    page.reads("Child protection plan", "Child in need plan")
    page.follow(re.compile("Robin"))
    page.reads("Safe Harbour meets Hazel each week", "Take Robin to the asthma clinic", "Amara Finch")


def see_how_far_it_is(page: Visitor, *words: str) -> None:
    """Check that the family's page shows the state of the case and the next step."""
    page.follow("Families")
    page.follow("Brambley")
    page.reads(*words)
