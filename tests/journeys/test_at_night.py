"""A night on duty: a list check by telephone, a case opened by break-glass, and both reviewed in the morning."""

from __future__ import annotations

import datetime
import re

import pytest

from demo.families import build_brambleys
from families.enums import SafetyAlertKind
from families.models import SafetyAlert
from notifications.models import Message
from plans.models import KeyWorker
from tests.factories import PlanFactory
from tests.journeys.calendar import at
from tests.journeys.steps import signing_in

NIGHT, MORNING = "2026-12-09 23:10", "2026-12-10 08:30"
# Longer than a second factor stays fresh, shorter than a session lasts without activity.
A_WHILE = datetime.timedelta(minutes=20)
DUTY, MANAGER, TEAM_MANAGER, CUSTODIAN = "Femi Nightjar", "Beatrice Crane", "Dilys Heron", "Edith Stork"
WARD = "The children's ward of Eastmere Hospital"
WHY = "A boy was brought in with a broken arm, and nobody can say how it happened."
REASON = "A child of this case is on a hospital ward and the consultant wants to send him home tonight."
BEWARE = "A large dog is loose in the yard."


@pytest.fixture
def family(council, clock):
    """The Brambleys, with Robin on the list and a danger to visitors."""
    demo = build_brambleys(council, now=at("2026-12-08 12:30"))
    since = datetime.date(2026, 12, 8)
    robin = demo.children[0]
    plan = PlanFactory(child=robin, starts_on=since, created_at=at("2026-12-08 16:00"))
    KeyWorker.objects.create(plan=plan, user=demo.social_worker, starts_on=since)
    SafetyAlert.objects.create(
        person=robin.person,
        kind=SafetyAlertKind.DOG,
        words=BEWARE,
        starts_on=since,
        recorded_by=demo.social_worker,
        recorded_at=at("2026-12-08 16:00"),
    )
    clock.move_to(at(NIGHT))
    return demo.family


def come_to_duty(page) -> str:
    """Sign in as the duty worker with a new second factor, landing on the list check."""
    user = signing_in.with_password(DUTY)
    page.open("/")
    signing_in.give_password(page, user.email)
    key = signing_in.set_up_app(page)
    page.reads("Check the list")
    return key


def ask(page, name: str) -> None:
    page.write("Who is asking?", "Dr Thrush")
    page.write("Which agency are they from?", WARD)
    page.choose("How do you know who they are?", "Called back on the number of their agency")
    page.write("Which number did you call back?", "01632 960 200")
    page.write("Why are they asking?", WHY)
    page.write("Name of the child", name)
    page.press("Check the list")


def check_the_list(page) -> None:
    """Find a name by its sound over the telephone, once the caller adds the address."""
    page.write("Name of the child", "Robyn Bramly")
    page.press("Check the list")
    page.refused("Enter who is asking", "Choose how you know who is asking. Call back before you tell them anything")

    ask(page, "Sorrel Nettle")
    page.reads("Not on the list", "treat the call as a referral")

    page.follow("Check again")
    ask(page, "Robyn Bramly")
    page.reads("This could mean one child", "Robin Brambley, 12")
    page.does_not_read("Hazel", "Lantern Court", BEWARE)
    page.choose("Which child do they mean?", "Robin Brambley, 12")
    page.press("Tell them about this child")
    page.reads("On the list", "Amara Finch", "01632 960 199", BEWARE)
    page.does_not_read("Hazel", "Dale", "Lantern Court", "Wren", "Emotional")


def review(page) -> None:
    """Review it as the service manager: found on My work, with the reason and every page."""
    page.follow(re.compile("^Review why a case was opened by break-glass"))
    page.reads(DUTY, REASON, "What was opened", "Families: family")
    page.press("Record the review")
    page.refused("Choose what you found", "Say what you found")
    page.choose("What did you find?", "It was needed")
    page.write("In your own words", "The ward confirmed the call, and only the family's page was opened.")
    page.press("Record the review")
    page.reads("Your review is recorded.", "It was needed")


def see_who_looked(page, family) -> None:
    """Check that the case manager finds the night on its own page, and by the right used."""
    page.open(f"/families/{family.pk}/")
    page.follow("Who looked")
    page.select("Right", "break-glass")
    page.press("Show")
    page.reads(DUTY, "Break-glass", "Wed 9 Dec, 23:3")
    page.does_not_read("Amara Finch")


def see_what_was_told(page) -> None:
    """Check that the custodian can read each check: who asked, why, and what was said."""
    page.follow("Check the list")
    page.follow("Earlier checks")
    page.reads("Robyn Bramly", "Sorrel Nettle", DUTY)
    page.follow(re.compile("9 Dec"))
    page.reads(WARD, WHY, "Amara Finch", BEWARE, DUTY)


def test_the_list_is_checked_and_a_case_opened_at_night(visit, family, clock, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    page = visit(album="at night")
    key = come_to_duty(page)
    check_the_list(page)

    page.open(f"/families/{family.pk}/", status=404)
    page.page.go_back()
    clock.shift(A_WHILE)
    page.follow("Open the record in an emergency")
    page.reads("Confirm your second step again")
    signing_in.give_code(page, key, clock)
    page.reads("Open this case by break-glass", "All the council’s service managers are told now")
    page.does_not_read("Brambley")
    page.press("Open the case")
    page.refused("Say why you need to open this case now")
    page.write("Why do you need to open this case now?", REASON)
    page.press("Open the case")
    page.reads("Brambley", "You can open the case for 24 hours")
    page.open(f"/families/{family.pk}/change/", status=404)

    settings.REQUIRE_SECOND_FACTOR = False
    [told] = Message.objects.filter(to_email="beatrice.crane@demo.example")
    assert "Brambley" not in f"{told.subject} {told.body}"
    clock.move_to(at(MORNING))
    page.sign_in_as(MANAGER)
    review(page)
    page.sign_in_as(TEAM_MANAGER)
    see_who_looked(page, family)
    page.sign_in_as(CUSTODIAN)
    see_what_was_told(page)

    clock.move_to(at("2026-12-10 23:59"))
    page.sign_in_as(DUTY)
    page.open(f"/families/{family.pk}/", status=404)
