"""One conference about two children in two halves, recorded by six people at once.

Chair, coordinator and social worker on laptops, the police and a school by their links on phones, the mother on hers.
One of them loses the network for a minute, and one says that a child is not safe.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from playwright.sync_api import Locator, expect

from accounts.people.services.devices import make_device, take_up_device
from conferences.models import Attendance, Conference
from demo.families import build_brambleys
from demo.meeting import book, invite, start_enquiries
from meetings.models import BoardEntry, LateEntry, SafetyStop
from tests import live_service
from tests.journeys.calendar import at
from tests.journeys.steps.meeting import agree_next_dates, fill_in_decision, give_view, go_to
from tests.journeys.test_guest_answers import come_in
from tests.journeys.visitor import Visitor

CHAIR, COORDINATOR, WORKER = "Tomasz Kestrel", "Joan Plover", "Amara Finch"
POLICE, SCHOOL, MOTHER, FATHER = "Beth Redstart", "Callum Reedling", "Hazel Brambley", "Dale Ashdown"
ON_PHONES = (POLICE, SCHOOL, MOTHER)
TWO_SECONDS = 2000
FIRST_WORDS = "The school rang twice on Monday."
OFFLINE_WORDS = ("He did not come to the last two visits.", "The lock was changed in November.")
OF_DALE = "Dale says that he moved out in October."
WHY = "KINGFISHER is why I say this"


# The most acts that each may cost whoever enters it: boxes filled in, ticked or chosen from, and buttons.
MOST = {
    "ten attendances": 2,
    "the next note": 1,
    "scores about 2 children": 6,
    "scores about 1 children": 3,
    "an action for two children": 7,
    "views about 2 children": 9,
    "views about 1 children": 5,
    "a decision": 5,
}


class Costs(dict[str, list[tuple[int, float]]]):
    """What each thing costs whoever enters it: acts and seconds."""

    @contextmanager
    def of(self, what: str, visitor: Visitor) -> Iterator[None]:
        began, before = time.perf_counter(), visitor.fields + visitor.pages
        yield
        acts = visitor.fields + visitor.pages - before
        self.setdefault(what, []).append((acts, round(time.perf_counter() - began, 1)))


@pytest.fixture
def conference(council, clock) -> Conference:
    clock.move_to(at("2026-12-08 14:00"))
    demo = build_brambleys(council, now=at("2026-12-08 12:30"))
    start_enquiries(demo, held_at=at("2026-12-08 10:00"), reason="The police were called.")
    robin_and_wren = dataclasses.replace(demo, children=demo.children[:2])
    booked = book(
        council, robin_and_wren, day=datetime.date(2026, 12, 22), now=at("2026-12-08 14:00"), reason="Hurt again."
    )
    clock.move_to(at("2026-12-09 09:00"))
    invite(council, booked, now=at("2026-12-09 09:00"))
    clock.move_to(booked.sittings.get().starts_at)
    return booked


@pytest.fixture
def room(visit, conference, council) -> SimpleNamespace:
    """Six devices, each signed in."""
    people = {row.person.full_name: row for row in conference.participants.select_related("person")}
    six = {}
    for name in (CHAIR, COORDINATOR, WORKER):
        six[name] = visit()
        six[name].sign_in_as(name)
    now, coordinator = conference.sittings.get().starts_at, council.user(COORDINATOR)
    _, code = make_device(authority=conference.authority, name="Laptop 3", by=coordinator, now=now)
    _, token = take_up_device(code=code, by=coordinator, now=now)
    laptop = six[COORDINATOR]
    laptop.page.context.add_cookies([{"name": "device", "value": token, "url": laptop.base}])
    for name in ON_PHONES:
        six[name] = visit()
        come_in(six[name], people[name])
    return SimpleNamespace(six=six, people=people, day=f"/conferences/{conference.pk}/day/", conference=conference)


def test_six_people_hold_one_conference(room, settings, clock, record_property):
    costs = Costs()
    with live_service.running(settings):
        open_with_everybody(room, costs)
        write_and_see_at_once(room, costs)
        with without_a_network(room, costs):
            give_scores(room, costs)
        late_notes_are_marked(room)
        hear_the_father_apart(room, costs)
        plan_and_views(room, costs)
        decide(room, costs)
        clock.move_to(at("2026-12-22 10:20"))
        close(room)
    for what, each in costs.items():
        record_property(what, each)
    assert {what: max(acts for acts, _ in each) for what, each in costs.items()} == MOST


def open_with_everybody(room, costs: Costs) -> None:
    chair, coordinator = room.six[CHAIR], room.six[COORDINATOR]
    chair.open(room.day)
    chair.press("Open the meeting")
    coordinator.open(f"{room.day}people/")
    with costs.of("ten attendances", coordinator):
        coordinator.press(re.compile("^Everybody is here"))
        mark(coordinator, "Martin Alder", "Apologies")
    mark(coordinator, "Anil Dunnock", "Apologies")
    # The mother must not meet him: no click puts him into her part of the meeting.
    assert not Attendance.objects.filter(participant=room.people[FATHER]).exists()
    for name in ("Robin Brambley", "Wren Brambley", "Martin Alder"):
        row = coordinator.page.locator("form.cp-brought").filter(has=coordinator.page.locator("strong", has_text=name))
        if row.count():
            coordinator.select("Who brings their views?", re.compile(WORKER), within=row)
            coordinator.press(re.compile("^Save"), within=row)


def mark(visitor: Visitor, name: str, how: str) -> None:
    visitor.press(how, within=visitor.page.get_by_role("group", name=name, exact=True))


def note(visitor: Visitor, text: str) -> None:
    """Write the next note: what was chosen for the last one stays, the words have the focus, and the keys send it."""
    visitor.write("What was said", text)
    visitor.page.keyboard.press("Control+Enter")


def write_and_see_at_once(room, costs: Costs) -> None:
    boards = [room.six[name] for name in (CHAIR, COORDINATOR, WORKER)]
    for board in boards:
        board.open(f"{room.day}board/")
    writer = room.six[COORDINATOR]
    writer.page.get_by_label("Fact", exact=True).check()
    with costs.of("the next note", writer):
        note(writer, FIRST_WORDS)
        expect(writer.page.locator("#id_text")).to_have_value("")
    for other in (room.six[CHAIR], room.six[WORKER]):
        expect(other.page.get_by_text(FIRST_WORDS, exact=True)).to_be_visible(timeout=TWO_SECONDS)
    for name in ON_PHONES:
        room.six[name].open("/guest/meeting/")
        room.six[name].does_not_read(FIRST_WORDS)


@contextmanager
def without_a_network(room, costs: Costs) -> Iterator[None]:
    """Cut the coordinator off for a minute, in which two notes are typed; the others go on."""
    laptop = room.six[COORDINATOR].page
    laptop.context.set_offline(True)
    cut = time.monotonic()
    for number, text in enumerate(OFFLINE_WORDS, start=1):
        note(room.six[COORDINATOR], text)
        expect(laptop.locator("[data-waiting-list]")).to_contain_text(f"Waiting to be sent: {number}")
    assert BoardEntry.objects.count() == 1
    yield
    assert BoardEntry.objects.count() == 1
    time.sleep(max(0, 60 - (time.monotonic() - cut)))
    laptop.context.set_offline(False)


def give_scores(room, costs: Costs) -> None:
    """Each gives their own scores; one of them is a 0, which the chair settles before anything else goes on."""
    for name, scores in (
        (POLICE, {"Robin": 3, "Wren": 2}),
        (MOTHER, {"Robin": 7, "Wren": 6}),
        (SCHOOL, {"Wren": 0}),
        (WORKER, {"Robin": 4, "Wren": 4}),
    ):
        own = room.six[name]
        own.open("/guest/answers/" if name in ON_PHONES else f"{room.day}own/")
        if name == SCHOOL:
            room.six[CHAIR].open(f"{room.day}scores/")
            room.six[WORKER].open(room.day)
        with costs.of(f"scores about {len(scores)} children", own):
            for child, value in scores.items():
                box = own.group(child)
                choose_number(own, value, within=box)
                own.write("Why this number, and not one lower or higher?", f"{WHY}, {value}", within=box)
            if name == MOTHER:
                own.choose("May the others see your numbers and your reasons for them?", "Yes, when all are in")
            own.press("Send my answers")
        own.reads("Sent. No one sees it before everyone has answered.")
        if name == SCHOOL:
            settle_the_stop(room)


def choose_number(visitor: Visitor, value: int, *, within: Locator | None = None) -> None:
    visitor.fields += 1
    (within or visitor.page).locator(f".cp-scale__item:has(input[value='{value}']) label").click()


def settle_the_stop(room) -> None:
    """Only chair and social worker are told; the chair calls the break and records what is done now."""
    chair, told = room.six[CHAIR], "There is a private message for you."
    for name in (CHAIR, WORKER):
        expect(room.six[name].page.get_by_text(told)).to_be_visible(timeout=TWO_SECONDS)
    for name in (POLICE, MOTHER, SCHOOL):
        room.six[name].open("/guest/answers/")
        room.six[name].does_not_read(told, "0 of", "private message")
    expect(room.six[COORDINATOR].page.get_by_text(told)).to_have_count(0)
    chair.follow("Read it where no one else can see")
    chair.reads("Wren may not be safe tonight", SCHOOL, WHY)
    chair.press("Call a break now")
    chair.reads("A break was called at")
    chair.write("What is being done now?", "Wren stays with Olive tonight.")
    chair.write("By whom?", "Amara Finch drives them")
    chair.write("When?", "by 15:00 today")
    chair.press("Record it and continue")
    chair.reads("Recorded. The meeting can go on.")
    assert SafetyStop.objects.get().settled_at is not None


def late_notes_are_marked(room) -> None:
    laptop, chair = room.six[COORDINATOR].page, room.six[CHAIR]
    expect(laptop.locator("[data-waiting-list]")).to_be_hidden(timeout=20_000)
    assert list(BoardEntry.objects.order_by("pk").values_list("text", flat=True)) == [FIRST_WORDS, *OFFLINE_WORDS]
    assert LateEntry.objects.count() == 2
    chair.open(f"{room.day}board/")
    chair.reads(*OFFLINE_WORDS, "Arrived late")


def hear_the_father_apart(room, costs: Costs) -> None:
    """The last score is entered by the coordinator; then the mother leaves and the father comes."""
    coordinator, chair = room.six[COORDINATOR], room.six[CHAIR]
    coordinator.open(f"{room.day}scores/")
    coordinator.does_not_read(WHY)
    coordinator.follow("Give the score of Shazia Wing")
    choose_number(coordinator, 5)
    coordinator.write("Why this number, and not one lower or higher?", f"{WHY}, 5")
    coordinator.press("Give this score")
    for child in ("Robin", "Wren"):
        chair.open(f"{room.day}scores/")
        chair.follow(child, within=chair.page.get_by_role("navigation", name="Child"))
        if child == "Robin":
            chair.reads("Robin: 4 scores, from 3 to 7", "Entered by Joan Plover")
        else:
            chair.reads("Wren: 4 scores, from 0 to 6")
        chair.write("What explains the difference?", "The school saw her on Monday, the mother at home.")
        chair.press("Record it and continue")
    coordinator.open(f"{room.day}people/")
    mark(coordinator, MOTHER, "Left now")
    coordinator.follow("Another part")
    coordinator.choose("What is this part?", "Half with one side of the family")
    coordinator.write("Its name", "With Dale")
    coordinator.press("Start this part")
    coordinator.press(re.compile("^Everybody is here"))
    mark(coordinator, FATHER, "Here")
    room.six[MOTHER].open("/guest/answers/")
    room.six[MOTHER].reads("You are not written down as being in this part of the meeting")
    coordinator.open(f"{room.day}board/")
    note(coordinator, OF_DALE)
    room.six[MOTHER].open("/guest/meeting/")
    room.six[MOTHER].does_not_read(OF_DALE)


def plan_and_views(room, costs: Costs) -> None:
    """One action for both children, then everybody's view about both on one page."""
    coordinator = room.six[COORDINATOR]
    coordinator.open(f"{room.day}plan/")
    with costs.of("an action for two children", coordinator):
        coordinator.write("Why", "The children see the adults fight")
        coordinator.write("What", "Safe Harbour meets Hazel each week")
        coordinator.select("Who", re.compile(WORKER))
        coordinator.write_date("By when", datetime.date(2027, 1, 5))
        coordinator.press("Add to the plan")
    for name, children in ((POLICE, ("Robin", "Wren")), (SCHOOL, ("Wren",)), (WORKER, ("Robin", "Wren"))):
        own = room.six[name]
        own.open("/guest/answers/" if name in ON_PHONES else f"{room.day}own/")
        with costs.of(f"views about {len(children)} children", own):
            for child in children:
                box = own.group(child)
                own.choose("Significant harm", "Is likely to suffer significant harm", within=box)
                own.choose(f"What do you recommend for {child}?", "Child protection plan", within=box)
                own.choose("Category of harm, if you recommend a child protection plan", "Emotional", within=box)
                own.write("Why do you think so?", WHY, within=box)
            own.press("Send my answers")
    go_to(coordinator, "Views")
    coordinator.follow("Record the view of Shazia Wing about Robin")
    coordinator.does_not_read(WHY)
    give_view(coordinator, "Robin")
    coordinator.press("Save the view")
    coordinator.reads("Everyone due to give a view has been asked.", WHY)


def decide(room, costs: Costs) -> None:
    chair = room.six[CHAIR]
    chair.open(f"{room.day}decisions/")
    chair.follow("Decide for Robin")
    with costs.of("a decision", chair):
        fill_in_decision(chair)
        chair.press("Check the decision for Robin")
        chair.press("Decide: child protection plan for Robin")
    with costs.of("a decision", chair):
        fill_in_decision(chair)
        chair.press("Check the decision for Wren")
        chair.press("Decide: child protection plan for Wren")


def close(room) -> None:
    chair = room.six[CHAIR]
    agree_next_dates(chair)
    go_to(chair, "Close")
    chair.write_date("The meeting ended on", datetime.date(2026, 12, 22))
    chair.write("At what time?", "10:15")
    chair.press("Close the meeting")
    chair.reads("The meeting is closed")
