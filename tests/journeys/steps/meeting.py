"""The day of the meeting: from the board before opening to closing."""

from __future__ import annotations

import datetime
import re

from playwright.sync_api import Locator, expect

from tests.journeys.steps.arranging import open_conference_page
from tests.journeys.steps.family import HIDDEN
from tests.journeys.visitor import Visitor

CHAIR = "Tomasz Kestrel"
# Who comes: name, and the button beside it.
ATTENDANCE = (
    ("Hazel Brambley", "Here"),
    ("Dale Ashdown", "Online"),
    ("Martin Alder", "Apologies"),
    ("Robin Brambley", "Absent"),
    ("Amara Finch", "Here"),
    ("Ngozi Larkin", "Here"),
    ("Sioned Teal", "Here"),
    ("Shazia Wing", "Here"),
    ("Beth Redstart", "Online"),
)
# For each child: who is asked for a score, the number, and whether they differ enough to be explored.
SCORES = {
    "Robin": {"Hazel Brambley": 7, "Dale Ashdown": 8, "Amara Finch": 3, "Shazia Wing": 4, "Beth Redstart": 2},
    "Wren": {"Hazel Brambley": 3, "Ngozi Larkin": "Left before", "Beth Redstart": 0},
    "Unborn baby Brambley": {"Sioned Teal": 5},
}
VIEWS = {
    "Robin": ("Amara Finch", "Shazia Wing", "Beth Redstart"),
    "Wren": ("Amara Finch", "Ngozi Larkin", "Beth Redstart"),
    "Unborn baby Brambley": ("Amara Finch", "Sioned Teal"),
}
NO_VIEW = {
    "Sioned Teal": ("Abstained", "She has met the mother once."),
    "Ngozi Larkin": ("Left before", "She was called to a visit."),
}
ROBINS_MEDICINE = "Robin's asthma medicine ran out in October"
TELLS_THE_HOME = "They like the playground behind Lantern Court"


def open_the_day(page: Visitor) -> None:
    open_conference_page(page)
    page.follow("The day")


def go_to(page: Visitor, step: str) -> None:
    """Go to one of the meeting's steps, from any of its pages."""
    steps = page.page.locator(".cp-daysteps, .govuk-task-list")
    page.follow(re.compile(f"^{step}"), within=steps.first)


def fill_the_board_before(page: Visitor) -> None:
    """Write as the coordinator what is known before anyone comes in."""
    open_the_day(page)
    page.reads("Tomasz Kestrel will open it.")
    page.follow("Fill in the board")
    page.press("Add to the board")
    page.refused("Write what was said.")
    add_note(page, "Historic risks", "Police came to the home four times this year", about=())


def add_note(
    page: Visitor, heading: str, text: str, *, about: tuple[str, ...], who: str = "", based_on: str = ""
) -> None:
    page.choose("Heading", heading)
    if who:
        page.select("Who says it", re.compile(who))
    page.choose("It is", "Opinion" if based_on else "Fact")
    for box in page.page.get_by_role("group", name="About").get_by_role("checkbox").all():
        box.uncheck(force=True)
    for name in about:
        page.choose("About", name)
    page.write("What was said", text)
    if based_on:
        page.write("If it is an opinion, what is it based on?", based_on)
    page.press("Add to the board")
    page.reads(text)


def open_the_meeting(page: Visitor) -> None:
    open_the_day(page)
    page.press("Open the meeting")
    page.reads("Who is here")


def decide_too_early(page: Visitor) -> None:
    """Check that the chair is refused before plan and views, with the list of what is missing."""
    go_to(page, "Decisions")
    page.reads("Still missing before the decision:")
    page.follow("Decide for Robin")
    fill_in_decision(page)
    page.press("Check the decision for Robin")
    page.refused()
    page.reads("Still missing", re.compile("plan", re.IGNORECASE))


def record_who_is_here(page: Visitor) -> None:
    """Record attendance with one click each, a late arrival, and who brings absent people's views."""
    open_the_day(page)
    go_to(page, "People")
    for name, mark in ATTENDANCE:
        page.press(mark, within=page.page.get_by_role("group", name=name, exact=True))
    page.reads("Quorate")
    page.follow("Times and details of Ngozi Larkin")
    page.write("Came at", "10:05")
    page.write("Left at", "10:25")
    page.press("Save")
    page.reads("From 10:05 to 10:25")
    for name in ("Robin Brambley", "Wren Brambley", "Martin Alder"):
        page.press(re.compile(f"^Save.*{name}"), within=who_brings_the_views_of(page, name))
    page.reads("Heard through Amara Finch")


def who_brings_the_views_of(page: Visitor, name: str) -> Locator:
    """Answer the question about someone who is not here."""
    row = page.page.locator("form.cp-brought").filter(has=page.page.locator("strong", has_text=name))
    page.select("Who brings their views?", re.compile("Amara Finch"), within=row)
    return row


def follow_the_agenda(page: Visitor) -> None:
    go_to(page, "Agenda")
    page.press("Start Introductions and apologies")
    page.press("Done with Introductions and apologies")
    page.follow("Add the note under Introductions and apologies")
    page.write("Note", "Everybody said who they are.")
    page.press("Save the note")
    page.reads("Everybody said who they are.")


def write_on_the_board(page: Visitor) -> None:
    go_to(page, "Board")
    add_note(page, "Current risks", f"{ROBINS_MEDICINE}.", about=("Robin",), who="Shazia Wing")
    add_note(
        page,
        "Current risks",
        "Robin feels that he has to look after everybody",
        about=("Robin",),
        who="Amara Finch",
        based_on="What he said on two visits",
    )
    add_note(page, "Current strengths", "Hazel rang the police herself", about=(), who="Beth Redstart")
    add_note(page, "Current strengths", f"{TELLS_THE_HOME}.", about=(), who="Hazel Brambley")
    add_note(page, "Current strengths", "The midwife sees the mother each month", about=("the unborn baby",))
    page.press(re.compile(r"^Show on the shared screen\s*: “The midwife"))
    page.reads("On the shared screen")
    board = page.path
    page.follow("Shared screen")
    page.follow("Current strengths")
    page.reads("The midwife sees the mother each month")
    page.does_not_read("Brambley", *HIDDEN)
    page.open(board)


def give_scores(page: Visitor) -> None:
    """Give scores unseen by others; a 0 is the chair's to settle, a wide spread is explored."""
    go_to(page, "Scores")
    for child, scores in SCORES.items():
        page.follow(child, within=page.page.get_by_role("navigation", name="Child"))
        for number, (name, value) in enumerate(scores.items()):
            page.follow(re.compile(f"^(Give|Replace) the score of {name}"))
            if child == "Robin" and number == 0:
                page.press("Give this score")
                page.refused("Choose a number from 0 to 10", "Write the reason.")
            give_score(page, value, f"As {name.split()[0]} sees {child.lower()} now.")
            if value == 0:
                settle_the_stop(page, child)
        if child == "Robin":
            page.reads("Robin: 5 scores, from 2 to 8", "6 points apart: explore it", "Dale Ashdown")
            expect(page.page.locator("svg[role=img]").first).to_be_visible()
            page.write("What explains the difference?", "The police know of the fourth call, the parents left it out.")
            page.press("Record it and continue")


def give_score(page: Visitor, value: int | str, reason: str) -> None:
    """Record a number, or why there is none."""
    if isinstance(value, str):
        page.tick(value)
    else:
        page.page.locator(f".cp-scale__item:has(input[value='{value}']) label").click()
    page.write("Why this number, and not one lower or higher?", reason)
    if page.page.get_by_role("group", name="May the others see this number").count():
        page.choose("May the others see this number and the reason?", "Yes, when all are in")
    page.press("Give this score")


def settle_the_stop(page: Visitor, child: str) -> None:
    """Read in private, as the chair, who says so and why, and record what is done now; no other page has changed."""
    coordinator, scores = page.who, page.path
    page.does_not_read("private message")
    page.sign_in_as(CHAIR)
    page.open(scores)
    page.reads("There is a private message for you.")
    page.follow("Read it where no one else can see")
    page.reads(f"{child} may not be safe tonight", "The team manager has been told.")
    page.press("Record it and continue")
    page.refused()
    page.write("What is being done now?", "Hazel and the children stay with Olive tonight.")
    page.write("By whom?", "Amara Finch drives them")
    page.write("When?", "by 15:00 today")
    page.press("Record it and continue")
    page.reads("Recorded. The meeting can go on.")
    page.sign_in_as(coordinator)
    page.open(scores)


def draft_the_plan(page: Visitor) -> None:
    go_to(page, "Plan")
    page.press("Add to the plan")
    page.refused()
    for why, what, who, by_when, children in (
        (
            "The children see the adults fight",
            "Safe Harbour meets Hazel each week",
            "Amara Finch",
            datetime.date(2027, 1, 5),
            (),
        ),
        (
            "Robin's asthma is not looked after",
            "Take Robin to the asthma clinic",
            "Shazia Wing",
            datetime.date(2027, 1, 12),
            ("Robin",),
        ),
    ):
        page.write("Why", why)
        page.write("What", what)
        page.select("Who", re.compile(who))
        page.write_date("By when", by_when)
        for child in children:
            page.choose("For", child)
        page.press("Add to the plan")
        page.reads(what)


def hear_views(page: Visitor) -> None:
    """Record the views of everyone the council asks, child by child; one person left earlier."""
    go_to(page, "Views")
    for child, people in VIEWS.items():
        page.follow(child, within=page.page.get_by_role("navigation", name="Child"))
        for name in people:
            page.follow(re.compile(f"^Record the view of {name} about"))
            if name in NO_VIEW:
                given, why = NO_VIEW[name]
                page.choose("Did they give a view?", given)
                page.write("Why, in their own words", why)
            else:
                give_view(page, child)
            page.press("Save the view")
        page.reads("Everyone due to give a view has been asked.")


def give_view(page: Visitor, child: str) -> None:
    in_need = child == "Unborn baby Brambley"
    page.choose("Significant harm", "Neither" if in_need else "Is likely to suffer significant harm")
    page.choose("What do they recommend?", "Child in need plan" if in_need else "Child protection plan")
    if not in_need:
        page.choose("Category of harm", "Emotional")
    page.write("Why, in their own words", "The fights go on, and nobody has stopped them yet.")


def fill_in_decision(page: Visitor) -> None:
    """Fill in a child protection plan, accepting what the form proposes for the rest."""
    page.choose("The chair’s decision", "Child protection plan")
    page.choose("Main category of harm", "Emotional abuse")
    page.write("Why do you decide this?", "The children have seen fights for a year and are afraid at home.")


def show_the_views(page: Visitor) -> None:
    """Show what is in about each child: of two people nobody has recorded whether they came, so the round goes on."""
    for child in VIEWS:
        go_to(page, "Views")
        page.follow(child, within=page.page.get_by_role("navigation", name="Child"))
        if not page.page.get_by_role("link", name="Show the views now").count():
            continue
        page.does_not_read("The fights go on, and nobody has stopped them yet.")
        page.follow("Show the views now")
        page.write("Why are you showing the views before everyone has answered?", "We wait for nobody else.")
        page.press(re.compile("^Show the views about"))


def decide_for_each_child(page: Visitor) -> None:
    open_the_day(page)
    show_the_views(page)
    for child in ("Robin", "Wren"):
        go_to(page, "Decisions")
        page.follow(f"Decide for {child}")
        page.press(f"Check the decision for {child}")
        page.refused("Choose what you decide.")
        fill_in_decision(page)
        page.press(f"Check the decision for {child}")
        page.reads("Read it out.", "Emotional", "Every 10 working days", "Amara Finch")
        page.press(f"Decide: child protection plan for {child}")
        page.reads(f"Decided for {child}.")
    page.reads(re.compile("Decide for .*unborn baby"))
    page.choose("The chair’s decision", "Child in need plan, with consent")
    page.write("Why do you decide this?", "The pregnancy goes well and both parents want help.")
    page.press(re.compile("^Check the decision for"))
    page.refused()
    page.select("What Hazel Brambley said", "Yes")
    page.press(re.compile("^Check the decision for"))
    page.press(re.compile("^Decide: child in need plan"))
    page.reads("Decided for the unborn baby.")


def agree_next_dates(page: Visitor) -> None:
    go_to(page, "Next dates")
    page.press("Save the dates")
    page.refused()
    page.write_date("First core group", datetime.date(2026, 12, 30))
    page.page.get_by_label("At what time?").first.fill("10:00")
    page.write("Where?", "Mulberry House")
    page.write_date("First review conference", datetime.date(2027, 3, 16))
    page.page.get_by_label("At what time?").last.fill("10:00")
    page.press("Save the dates")


def close_the_meeting(page: Visitor) -> None:
    """Close the meeting; a note still being typed elsewhere comes too late but keeps its words."""
    other = page.another_tab()
    other.open(page.path)
    go_to(other, "Board")
    other.write("What was said", "One more thing about the school run")
    other.choose("It is", "Fact")

    go_to(page, "Close")
    page.write_date("The meeting ended on", datetime.date(2026, 12, 22))
    page.write("At what time?", "12:35")
    page.press("Close the meeting")
    page.reads("The meeting is closed")

    other.press("Add to the board", status=409)
    other.reads("closed", "One more thing about the school run")
    other.page.close()
