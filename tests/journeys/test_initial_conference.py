"""One initial conference, from a new family to the copies of its minutes, as its users walk through it."""

from __future__ import annotations

import pytest
import time_machine

from deadlines.tasks import sweep
from tests.journeys.calendar import at
from tests.journeys.steps import arranging, family, looking, meeting, recording, reporting
from tests.journeys.visitor import Visitor

SOCIAL_WORKER = "Amara Finch"
MANAGER = "Dilys Heron"
CHAIR = "Tomasz Kestrel"
COORDINATOR = "Joan Plover"
SCHOOL = "Shazia Wing"


@pytest.mark.lays_out
def test_one_council_runs_one_initial_conference(visit, clock):
    """The coordinator and the school walk through it without scripts, everybody else with them."""
    page, plain = visit(album="with-scripts"), visit(scripted=False, album="without-scripts")
    record_the_family(page, plain, clock)
    arrange_the_conference(page, plain, clock)
    collect_reports(page, plain, clock)
    hold_the_meeting(page, plain, clock)
    send_the_minutes(page, plain, clock)


# What it may cost to bring a family from an empty page to checked invitations: pages looked at, boxes filled in.
PAGES, FIELDS = 25, 80


def record_the_family(page: Visitor, plain: Visitor, clock: time_machine.Coordinates) -> None:
    clock.move_to(at("2026-12-08 12:30"))
    plain.sign_in_as(COORDINATOR)
    family.keep_the_directory(plain)

    page.start_counting()
    page.sign_in_as(SOCIAL_WORKER)
    family.create_family(page)
    family.record_everyone(page)
    family.choose_agencies(page)


def arrange_the_conference(page: Visitor, plain: Visitor, clock: time_machine.Coordinates) -> None:
    family_page = page.path
    clock.move_to(at("2026-12-08 13:00"))
    arranging.record_strategy_discussion(page)
    arranging.schedule_conference(page)
    arranging.choose_whom_to_invite(page)
    assert (page.pages <= PAGES, page.fields <= FIELDS) == (True, True), (page.pages, page.fields)

    page.open(family_page)
    family.see_confidential_whereabouts(page)
    arranging.refuse_the_same_room_twice(page)

    page.sign_in_as(MANAGER)
    arranging.agree_that_it_is_held(page)

    clock.move_to(at("2026-12-09 09:00"))
    plain.sign_in_as(COORDINATOR)
    looking.see_my_work(plain, "Send the invitations")
    arranging.send_invitations(plain, awaiting=("Dale Ashdown", "Martin Alder"))
    held_back = ("dale@post.example", "martin@post.example")
    others = ("hazel@post.example", "E-mail address confidential", "sioned.teal@demo.example")
    arranging.read_the_outbox(plain, to=others, without=held_back)

    clock.move_to(at("2026-12-09 11:00"))
    page.sign_in_as(CHAIR)
    arranging.decide_who_takes_part(page)

    clock.move_to(at("2026-12-09 13:00"))
    plain.sign_in_as(COORDINATOR)
    arranging.send_invitations(plain)
    arranging.read_the_outbox(plain, to=(*others, *held_back), without=())
    arranging.record_an_answer(plain)

    plain.sign_in_as(SCHOOL)
    arranging.answer_invitation(plain)


def collect_reports(page: Visitor, plain: Visitor, clock: time_machine.Coordinates) -> None:
    clock.move_to(at("2026-12-16 10:00"))
    for _ in range(2):
        sweep()
    page.sign_in_as(SOCIAL_WORKER)
    looking.see_my_work(page, "Submit the report", "Hold the initial conference", "Day 6 of 15")
    looking.acknowledge_notices(page)
    looking.ask_why_this_date(page, "Thu 31 Dec")
    reporting.write_social_work_report(page)
    reporting.read_what_martin_may_hear(page)
    plain.sign_in_as(SCHOOL)
    reporting.write_school_report(plain)

    clock.move_to(at("2026-12-18 15:00"))
    page.sign_in_as(CHAIR)
    reporting.see_who_is_missing(page)


def hold_the_meeting(page: Visitor, plain: Visitor, clock: time_machine.Coordinates) -> None:
    clock.move_to(at("2026-12-22 09:20"))
    plain.sign_in_as(COORDINATOR)
    meeting.fill_the_board_before(plain)

    clock.move_to(at("2026-12-22 10:00"))
    page.sign_in_as(CHAIR)
    meeting.open_the_meeting(page)
    meeting.decide_too_early(page)

    clock.move_to(at("2026-12-22 10:30"))
    plain.sign_in_as(COORDINATOR)
    meeting.record_who_is_here(plain)
    meeting.follow_the_agenda(plain)
    meeting.write_on_the_board(plain)
    clock.move_to(at("2026-12-22 10:55"))
    meeting.give_scores(plain)
    meeting.draft_the_plan(plain)
    meeting.hear_views(plain)

    clock.move_to(at("2026-12-22 12:10"))
    page.sign_in_as(CHAIR)
    meeting.decide_for_each_child(page)
    meeting.agree_next_dates(page)
    clock.move_to(at("2026-12-22 12:36"))
    meeting.close_the_meeting(page)


def send_the_minutes(page: Visitor, plain: Visitor, clock: time_machine.Coordinates) -> None:
    clock.move_to(at("2026-12-22 15:00"))
    plain.sign_in_as(COORDINATOR)
    looking.see_my_work(plain, "Send the decisions letter", "Wed 23 Dec, 12:35", "Send the minutes")
    recording.prepare_the_decisions_letter(plain)
    recording.prepare_the_minutes(plain)
    page.sign_in_as(CHAIR)
    recording.release_the_decisions_letter(page)
    recording.sign_off_the_minutes(page)
    plain.sign_in_as(COORDINATOR)
    recording.read_copies(plain)

    clock.move_to(at("2026-12-23 09:00"))
    plain.sign_in_as(COORDINATOR)
    recording.open_the_minutes(plain)
    recording.record_sending_the_decisions_letter(plain)
    recording.record_sending_the_minutes(plain)

    page.sign_in_as(SOCIAL_WORKER)
    looking.see_my_work(page, "first core group", "first review")
    looking.find_the_family(page)
    looking.filter_conferences(page)
    looking.look_at_plans(page)
    looking.see_how_far_it_is(page, "CC26-0001", "Child protection plan")
