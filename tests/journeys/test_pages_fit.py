"""Very long names on the smallest phone, on a desktop, and at 400 % zoom: nothing overflows the window."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from accounts.enums import Role
from families.models import Agency, Person
from meetings.services.opening import open_conference
from tests.conferences.story import STARTS_AT, Story, invited, tell
from tests.factories import user_with_role
from tests.journeys.calendar import at
from tests.journeys.visitor import DESK, SMALLEST, Visitor

LONG = "Featherstonehaugh-Cholmondeley-Wolfeschlegelsteinhausenberger"
ZOOMED = (SMALLEST, 256)
BEFORE_SIGNING_IN = ["/account/sign-in/", "/account/password/forgotten/"]
FOR_EVERYBODY = ["/help/", "/accessibility/", "/privacy/", "/what-is-logged/", "/account/"]
LISTS = ["/", "/conferences/", "/conferences/run-by/", "/families/", "/families/workers/", "/plans/", "/outbox/"]
OF_THE_FAMILY = ["", "children/add/", "people/add/", "agencies/add/", "addresses/add/", "risks/add/"]
OF_THE_CONFERENCE = ["", "children/", "people/", "people/change/", "people/check/", "people/tell/", "hand-on/"]
OF_THE_CONFERENCE += ["people/room-and-screen/", "papers/", "minutes/", "move/"]
OF_THE_DAY = [
    *("", "people/", "agenda/", "board/", "screen/", "scores/", "plan/", "views/", "decisions/", "dates/", "close/")
]


@pytest.fixture
def story(council, clock) -> Story:
    """A conference whose family, children, agencies and address have long names."""
    clock.move_to(at("2026-12-10 10:00"))
    story = tell()
    Person.objects.filter(authority=story.authority).update(family_name=LONG)
    Agency.objects.filter(authority=story.authority).update(address=f"{LONG} House")
    for agency in Agency.objects.filter(authority=story.authority):
        agency.name = f"{LONG} {agency.pk}"
        agency.save()
    story.family.name = LONG
    story.family.save()
    story.conference = invited(story)
    return story


def sign_in(page: Visitor, user) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": page.base}])


def too_wide(page: Visitor, paths: list[str]) -> dict[str, list[tuple[int, int]]]:
    """Return the pages of ``paths`` that overflow the window, with window and width."""
    found = {}
    for path in paths:
        response = page.page.goto(page.base + path)
        assert response.status == 200, (path, response.status)
        found[path] = page.sideways(DESK, SMALLEST)
        page.page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
        found[path] += page.sideways(SMALLEST)
    return {path: wide for path, wide in found.items() if wide}


def test_every_main_page_fits(visit, story, clock):
    page = visit()
    assert too_wide(page, BEFORE_SIGNING_IN) == {}

    sign_in(page, story.coordinator)
    assert too_wide(page, [*FOR_EVERYBODY, *LISTS]) == {}
    conference = f"/conferences/{story.conference.pk}/"
    assert too_wide(page, [conference + part for part in OF_THE_CONFERENCE]) == {}

    clock.move_to(at("2026-12-22 10:30"))
    open_conference(conference=story.conference, by=story.chair, now=STARTS_AT)
    sign_in(page, story.chair)
    assert too_wide(page, [f"{conference}day/{part}" for part in OF_THE_DAY]) == {}

    sign_in(page, story.social_worker)
    family = f"/families/{story.family.pk}/"
    people = [f"{family}people/{person.pk}/" for person in (story.hazel, story.robin.person)]
    enquiries = f"/conferences/families/{story.family.pk}/enquiries/"
    assert too_wide(page, ["/", *(family + part for part in OF_THE_FAMILY), *people, enquiries]) == {}

    auditor = user_with_role(Role.AUDITOR, authority=story.authority)
    sign_in(page, auditor)
    assert too_wide(page, ["/account/read-log/"]) == {}


def test_refusal_pages_are_accessible_too(visit, story):
    page = visit()
    page.sign_in_as("Amara Finch")
    page.open("/no-such-page/", status=404)
    page.open(f"/families/{story.family.pk}/", status=404)
    page.open("/account/read-log/", status=404)
