"""A year in one case, through the pages: from a strategy discussion to the last of three children's plans."""

from __future__ import annotations

import re

from django.urls import reverse

from deadlines.selectors.my_notices import notices_for
from families.models import Family
from plans.enums import EndReason, PlanKind
from tests.journeys.calendar import at
from tests.walker import Walker
from tests.year.steps import (
    CHAIR,
    COORDINATOR,
    MANAGER,
    UNBORN,
    WORKER,
    add_a_note_on_a_phone,
    agree_dates,
    arrive,
    bring_views,
    by_services,
    choose_who_to_invite,
    close,
    conferences,
    core_group,
    day,
    decide_a_plan,
    draft,
    end_a_plan,
    family_page,
    go_to,
    hear_views,
    invite,
    let_a_plan_go_on,
    lower_a_plan,
    open_conference,
    papers,
    plan_of,
    send,
    send_copies,
    show_the_views,
    tell,
    the_day,
    user,
    visit,
)
from transfers.models import TransferOut


def live_a_year(page: Walker, clock) -> None:
    """Walk through the year, whatever the council's procedures ask for."""
    record_the_family(page)
    strategy_discussion_and_booking(page, clock)
    invitations(page, clock)
    initial_conference(page, clock)
    papers(page, clock, 1, "2026-12-22 15:00")
    send_copies(page, clock, 1, "2026-12-23 09:00")
    first_core_group(page, clock)
    first_visits(page, clock)
    core_group(page, clock, "2027-02-09 10:00", following="2027-03-24 10:00")
    invite(page, clock, 2, "2027-02-12 09:00")
    birth(page, clock)
    first_review(page, clock)
    papers(page, clock, 2, "2027-03-15 15:00")
    send_copies(page, clock, 2, "2027-03-16 09:00")
    core_group(page, clock, "2027-03-24 10:00", following="2027-05-04 10:00")
    visit(page, clock, "2027-03-29 16:00", "Robin", "Finn", "Ivy", others=("Wren",))
    review_child_in_need(page, clock)
    invite(page, clock, 3, "2027-05-06 09:00")
    second_review(page, clock)
    tell_that_it_ended(page, clock)
    move_away(page, clock)


def record_the_family(page: Walker) -> None:
    page.sign_in_as(WORKER)
    page.follow("Families")
    page.follow("Create a family")
    page.write("Family name", "Brambley")
    page.select("Team", "Assessment North")
    page.press("Create the family")
    page.follow("Add a child")
    for name, born, button in (
        ("Robin", day("2015-05-14"), "Save and add another child"),
        ("Wren", day("2020-03-02"), "Save the child"),
    ):
        page.write("First name", name)
        page.write("Last name", "Brambley")
        page.write_date("Date of birth", born)
        page.choose("How sure is this date?", "Exact")
        page.press(button)
    page.follow("Add an adult")
    page.write("First name", "Hazel")
    page.write("Last name", "Brambley")
    page.choose("Sex", "Female")
    for child in ("Robin Brambley", "Wren Brambley"):
        row = page.section(child)
        page.select("Relationship", "Mother", within=row)
        page.select("Parental responsibility", "Yes", within=row)
        page.select("How they have it", "Giving birth", within=row)
    page.write("E-mail address", "hazel@post.example")
    page.tick("Safe to write to: no one else reads it")
    page.write("How did you make sure that it is safe?", "Asked on the first visit")
    page.write_date("When did you make sure?", day("2026-12-01"))
    page.press("Save this person")
    page.follow("Add a pregnancy")
    page.choose("Who is pregnant?", "Hazel Brambley")
    page.write_date("When is the baby expected?", day("2027-02-20"))
    page.write("Who gave this date?", "The midwife after the scan of 12 November")
    page.press("Save the pregnancy")
    page.follow("Add an agency")
    for agency, given, family, title, children in (
        ("Harbour Academy", "Shazia", "Wing", "Designated safeguarding lead", ["Robin Brambley"]),
        ("Eastmere Health Visiting", "Ngozi", "Larkin", "Health visitor", ["Wren Brambley", UNBORN]),
        ("Eastmere Midwifery", "Sioned", "Teal", "Safeguarding midwife", [UNBORN]),
        (
            "Eastmere Police, Protecting Vulnerable People", "Beth", "Redstart", "Detective constable",
            ["Robin Brambley", "Wren Brambley", UNBORN],
        ),
    ):  # fmt: skip
        page.select("Agency", agency)
        page.write("First name", given)
        page.write("Last name", family)
        page.write("Job title", title)
        page.choose("Which children does it know?", *children)
        page.press("Save and add another agency")
        page.reads("The agency is recorded.")


def strategy_discussion_and_booking(page: Walker, clock) -> None:
    page.follow("Brambley")
    page.follow("Record a strategy discussion")
    page.choose("For which children were enquiries started?", "Robin Brambley", "Wren Brambley", UNBORN)
    page.write_date("When was it held?", day("2026-12-08"))
    page.write("At what time?", "11:30")
    page.write("Why were enquiries started?", "Police were called four times.")
    page.press("Save the strategy discussion")
    page.follow("Schedule the conference")
    page.write_date("Another date", day("2026-12-22"))
    page.press("Choose times and place")
    page.write("Why is the conference being held?", "We are worried that the children get hurt.")
    page.write("Start", "10:00")
    page.select("Expected length", "2 hours 30 minutes")
    page.choose("How will people meet?", "In person, with some people online")
    page.select("Room", re.compile("Garden room"))
    page.write("Link for those online", "https://meet.example/room-7")
    page.select("Chair", CHAIR)
    page.select("Coordinator", COORDINATOR)
    page.press("Book it and choose who to invite")
    page.reads("is booked. Nothing has been sent yet.")


def invitations(page: Walker, clock) -> None:
    choose_who_to_invite(page)
    page.sign_in_as(MANAGER)
    open_conference(page)
    page.follow("What was asked")
    page.choose("Do you agree that this conference is held?", "Yes, it is needed")
    page.press("Record my answer")
    send(page, clock, 1, "2026-12-09 09:00")


def initial_conference(page: Walker, clock) -> None:
    at_the_meeting = ("Hazel Brambley", WORKER, "Shazia Wing", "Ngozi Larkin", "Sioned Teal", "Beth Redstart")
    clock.move_to(at("2026-12-22 10:00"))
    page.sign_in_as(CHAIR)
    the_day(page)
    page.press("Open the meeting")
    arrive(page, 1, *at_the_meeting)
    bring_views(page, 1, "Robin Brambley", "Wren Brambley")
    go_to(page, "Plan")
    draft(page, "Safe Harbour meets Hazel each week", WORKER, day("2027-01-05"))
    hear_views(page, "Robin", "Wren", UNBORN)
    clock.move_to(at("2026-12-22 12:10"))
    page.sign_in_as(CHAIR)
    show_the_views(page, 1)
    for child in ("Robin", "Wren", "the unborn baby"):
        decide_a_plan(page, child)
    agree_dates(page, core_group="2026-12-30 10:00", review="2027-03-15 10:00", first=True)
    close(page, clock, "2026-12-22 12:30")


def first_core_group(page: Walker, clock) -> None:
    core_group(page, clock, "2026-12-30 10:00", following="2027-02-09 10:00")
    add_a_note_on_a_phone(page)


def first_visits(page: Walker, clock) -> None:
    visit(page, clock, "2027-01-04 16:00", "Robin", "Wren", others=(UNBORN,))


def birth(page: Walker, clock) -> None:
    """A boy and, unexpectedly, a girl, eleven days after the expected date."""
    clock.move_to(at("2027-03-03 15:00"))
    page.sign_in_as(WORKER)
    family_page(page)
    page.follow(UNBORN)
    page.follow(re.compile("^Record the birth"))
    page.write_date("Date of birth", day("2027-03-03"))
    boy, girl = page.section(f"{UNBORN}, reference"), page.section("An unexpected baby")
    page.tick("This baby was born", within=boy)
    page.write("First name", "Finn", within=boy)
    page.tick("Male", within=boy)
    page.tick("There was one more baby than expected", within=girl)
    page.write("First name", "Ivy", within=girl)
    page.write("Last name", "Brambley", within=girl)
    page.tick("Female", within=girl)
    page.press("Record the birth")
    page.reads("The birth is recorded.")
    news = "A baby was born who was not expected. No plan covers this baby."
    for name in (CHAIR, WORKER, MANAGER):
        if by_services(page, "reading the news"):
            assert any(news in line.text for line in notices_for(user(name)))
            continue
        page.sign_in_as(name)
        page.reads(news)


def first_review(page: Walker, clock) -> None:
    """Robin's plan goes on, Wren's is lowered to a child in need plan, the baby's goes on."""
    clock.move_to(at("2027-03-15 10:00"))
    page.sign_in_as(CHAIR)
    the_day(page, 2)
    page.press("Open the meeting")
    arrive(page, 2, "Hazel Brambley", WORKER, "Shazia Wing", "Ngozi Larkin", "Sioned Teal", "Beth Redstart")
    bring_views(page, 2, "Robin Brambley", "Wren Brambley", "Finn Brambley", "Ivy Brambley")
    go_to(page, "Plan")
    draft(page, "The school meets Hazel each month", "Shazia Wing", day("2027-04-05"))
    hear_views(page, "Robin", "Wren", "Finn", "Ivy")
    clock.move_to(at("2027-03-15 12:10"))
    page.sign_in_as(CHAIR)
    show_the_views(page, 2)
    for child in ("Robin", "Finn"):
        let_a_plan_go_on(page, 2, child)
    lower_a_plan(page, 2, "Wren")
    decide_a_plan(page, "Ivy", 2)
    agree_dates(page, core_group="2027-03-24 10:00", review="2027-06-07 10:00")
    close(page, clock, "2027-03-15 12:30")


def review_child_in_need(page: Walker, clock) -> None:
    clock.move_to(at("2027-06-04 12:00"))
    page.sign_in_as(WORKER)
    page.open(reverse("plans:plan", args=[plan_of("Wren", PlanKind.CIN).pk]))
    page.reads("Carried on from the child protection plan", "Safe Harbour meets Hazel each week")
    page.follow("Record a review")
    page.write_date("When was the review held?", day("2027-06-04"))
    page.choose("Who came?", "Hazel Brambley")
    page.write("How far has the plan come?", "Hazel has met Safe Harbour every week.")
    page.write("What was agreed?", "Wren goes to the nursery each day.")
    page.write_date("When is the next review?", day("2027-08-20"))
    page.press("Record the review")


def second_review(page: Walker, clock) -> None:
    """Robin's and Ivy's plans go on, Finn's ends."""
    clock.move_to(at("2027-06-07 10:00"))
    page.sign_in_as(CHAIR)
    the_day(page, 3)
    page.press("Open the meeting")
    arrive(page, 3, "Hazel Brambley", WORKER, "Shazia Wing", "Ngozi Larkin", "Beth Redstart")
    bring_views(page, 3, "Robin Brambley", "Finn Brambley", "Ivy Brambley")
    go_to(page, "Plan")
    draft(page, "Hazel goes to the group on Thursdays", WORKER, day("2027-07-01"))
    hear_views(page, "Robin", "Finn", "Ivy")
    clock.move_to(at("2027-06-07 12:10"))
    page.sign_in_as(CHAIR)
    show_the_views(page, 3)
    for child in ("Robin", "Ivy"):
        let_a_plan_go_on(page, 3, child)
    end_a_plan(page, 3, "Finn")
    agree_dates(page, core_group="2027-06-15 10:00", review="2027-12-06 10:00")
    close(page, clock, "2027-06-07 12:30")


def tell_that_it_ended(page: Walker, clock) -> None:
    """Tell the midwife, who was asked to the first conference and was not there when Finn's plan ended."""
    clock.move_to(at("2027-06-07 16:00"))
    page.sign_in_as(WORKER)
    page.open(reverse("conferences:to-tell", args=[conferences()[1].pk]))
    page.reads(
        "Sioned Teal: that a child’s plan has ended",
        "The child protection plan for Finn Brambley ended on 7 June 2027.",
    )
    tell(page, 2)


def move_away(page: Walker, clock) -> None:
    """Robin moves to his father; the other council takes over, and only then does his plan end here."""
    clock.move_to(at("2027-08-09 12:00"))
    page.sign_in_as(WORKER)
    family_page(page)
    page.follow("Record a move to another council")
    page.follow("Add the other council")
    page.select("What kind of agency is it?", re.compile("ocial care"))
    page.write("Name of the agency", "Westmere Council")
    page.write("First name", "Idris")
    page.write("Last name", "Petrel")
    page.write("Job title", "Social worker")
    page.write("Work e-mail address", "idris.petrel@westmere.example")
    page.choose("Which children does it know?", "Robin Brambley")
    page.press("Save the agency", refused=True)
    page.tick(re.compile("another|None of these|different"))
    page.press("Save the agency")
    page.follow("Record a move to another council")
    page.choose("Which children move?", "Robin Brambley")
    page.choose("Which council was told?", re.compile("Westmere"))
    page.write_date("When was it told?", day("2027-08-09"))
    page.write_date("When did they move?", day("2027-08-07"))
    page.choose("Have they moved for good?", "For good")
    page.choose(re.compile("Who "), "Our social worker")
    page.write(re.compile("greed"), "Amara goes on seeing Robin every ten working days.")
    page.press(re.compile("^Record|^Save"))
    page.reads("Its conference is due by Tuesday 31 August 2027")

    clock.move_to(at("2027-09-02 12:00"))
    page.sign_in_as(WORKER)
    page.open(reverse("transfers:transfer", args=[Family.objects.get().pk, TransferOut.objects.get().pk]))
    page.follow("Record an answer")
    page.choose("About which children?", "Robin")
    page.choose("What did it answer, or what became of the move?", re.compile("has taken responsibility in writing"))
    page.write("What was said, by whom, and when?", "Idris Petrel, 1 September: they take over.")
    page.choose("Have they moved for good?", "For good")
    page.write_date("When did it hold its conference?", day("2027-08-27"))
    page.write_date("From which day did it take responsibility, in writing?", day("2027-08-31"))
    page.write("Where is its letter kept?", "File 26-0417")
    page.press("Save the answer")
    assert plan_of("Robin").is_open

    page.sign_in_as(MANAGER)
    for agency in ("Harbour Academy", "Eastmere Police, Protecting Vulnerable People"):
        page.open(reverse("plans:ask-agency", args=[plan_of("Robin").pk]))
        page.select("Which agency?", agency)
        page.write("Whom did you ask?", "The worker there")
        page.write_date("When?", day("2027-09-01"))
        page.choose("What do they think of ending the plan?", "Agrees that the plan ends")
        page.write("What did they say?", "Westmere looks after him.")
        page.press(re.compile("^Record|^Save"))
    page.open(reverse("plans:end-moved", args=[plan_of("Robin").pk]))
    page.press("Continue")
    page.reads("Robin Brambley", "14 May 2015", "Westmere Council")
    page.press(re.compile("^End the plan"))
    plan = plan_of("Robin")
    assert (plan.ends_on, plan.end_reason) == (day("2027-08-31"), EndReason.MOVED)
