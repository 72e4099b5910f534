"""The room's screen: a code that works once, the board of one part, and going dark within a minute of the end."""

from __future__ import annotations

import contextlib
import datetime
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import throttling
from accounts.enums import Role
from accounts.models import AccessEvent
from conferences.models import ConferenceChild
from meetings.enums import Nature, StopGround
from meetings.models import BoardEntry, Projection
from meetings.selectors.projector import projection_with
from meetings.services.board import add_entry, change_entry
from meetings.services.opening import add_part, adjourn
from meetings.services.projector import end_projection, open_projection, start_projection
from meetings.services.safety import call_break, raise_stop
from meetings.services.shown import show_entry, take_off_screen
from tests.conferences.conftest import NOW
from tests.factories import AgencyFactory, AgencyInvolvementFactory, ChildFactory, user_with_role

pytestmark = pytest.mark.django_db

TYPE = reverse("projector:type-code")
SCREEN = reverse("projector:screen")


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def url(name, meeting):
    return reverse(f"meetings:{name}", args=[meeting.conference.pk])


def said(meeting, text, **fields):
    """Put a note on the board, and on the shared screen if it may go there."""
    entry = typed(meeting, text, **fields)
    with contextlib.suppress(ValidationError):
        show_entry(entry=entry, version=entry.version, by=meeting.chair, now=timezone.now())
    return entry


def typed(meeting, text, **fields):
    return add_entry(
        conference=meeting.conference,
        heading="worries",
        nature=Nature.FACT,
        text=text,
        by=meeting.coordinator,
        now=timezone.now(),
        **fields,
    )


def code_for(meeting, **changes):
    facts = {"conference": meeting.conference, "by": meeting.chair, "now": timezone.now()}
    return start_projection(**{**facts, **changes})[1]


@pytest.fixture
def wall(meeting):
    """Return the computer in the room, with the screen on."""
    return switched_on(meeting)


def switched_on(meeting):
    wall = Client()
    answer = wall.post(TYPE, {"code": code_for(meeting)})
    assert answer["Location"] == SCREEN
    return wall


def page(answer):
    """Return a page as it is seen: its key is another one after each write about the meeting, whatever was written."""
    return re.sub(r'data-live-key="\w+"', "", answer.content.decode())


class TestAllowingIt:
    @pytest.mark.parametrize("who", ["chair", "coordinator"])
    def test_chair_and_coordinator_get_a_code_that_is_shown_once(self, client, meeting, who):
        client.force_login(getattr(meeting, who))
        assert "Make a code" in page(client.get(url("show-in-room", meeting)))
        first = page(client.post(url("show-in-room", meeting)))
        code = re.search(r"govuk-panel__title\">([A-Z2-9]{4} [A-Z2-9]{4})<", first).group(1)
        assert code not in page(client.get(url("show-in-room", meeting)))
        assert Client().post(TYPE, {"code": code.lower().replace(" ", "-")})["Location"] == SCREEN

    def test_the_database_keeps_no_code(self, meeting):
        code = code_for(meeting)
        row = Projection.objects.get()
        assert (len(row.code_hash), code in row.code_hash, row.token_hash) == (64, False, "")

    @pytest.mark.parametrize("name", ["show-in-room", "show-here", "end-showing"])
    def test_no_one_else_gets_a_code(self, client, meeting, name):
        address = url(name, meeting)
        assert client.post(address).status_code == 302
        others = [
            meeting.worker,
            user_with_role(Role.CHAIR, authority=meeting.conference.authority),
            user_with_role(Role.SERVICE_MANAGER, authority=meeting.conference.authority),
            user_with_role(Role.COORDINATOR),
        ]
        for other in others:
            client.force_login(other)
            assert client.post(address).status_code == 404
        assert Projection.objects.count() == 0

    def test_opens_in_a_second_window_of_the_same_computer(self, client, meeting):
        client.force_login(meeting.chair)
        answer = client.post(url("show-here", meeting), follow=True)
        assert answer.redirect_chain == [(SCREEN, 302)]
        assert "Wren" in page(answer)

    def test_a_new_code_turns_off_what_is_on(self, meeting, wall):
        code_for(meeting)
        assert wall.get(SCREEN).status_code == 403

    def test_screen_needs_a_sitting(self, meeting):
        adjourn(conference=meeting.conference, reason="The interpreter left", by=meeting.chair, now=NOW)
        with pytest.raises(ValidationError, match="no meeting to show"):
            code_for(meeting)

    def test_the_page_says_whether_it_is_on(self, client, meeting, wall):
        client.force_login(meeting.coordinator)
        assert "The screen has been on" in page(client.get(url("show-in-room", meeting)))


class TestTheCode:
    def test_works_once(self, meeting):
        code = code_for(meeting)
        assert Client().post(TYPE, {"code": code}).status_code == 302
        assert "This code does not work" in page(Client().post(TYPE, {"code": code}))

    def test_works_for_ten_minutes(self, meeting, the_time):
        code = code_for(meeting)
        the_time.shift(datetime.timedelta(minutes=10))
        assert "This code does not work" in page(Client().post(TYPE, {"code": code}))

    def test_stops_working_once_it_has_ended(self, meeting):
        code = code_for(meeting)
        end_projection(conference=meeting.conference, by=meeting.chair, now=NOW)
        assert open_projection(code=code, now=NOW) == ""

    @pytest.mark.parametrize("typed", ["", "ABCD EFGH", "' OR 1=1 --", "x" * 300])
    def test_a_wrong_code_opens_nothing(self, meeting, typed):
        code_for(meeting)
        answer = Client().post(TYPE, {"code": typed})
        assert (answer.status_code, "govuk-error-summary" in page(answer)) == (200, True)

    def test_keeps_the_input(self, meeting):
        assert 'value="ABCD EFGH"' in page(Client().post(TYPE, {"code": "ABCD EFGH"}))

    def test_guessing_is_throttled(self, meeting):
        guesser = Client()
        tries = throttling.LIMITS["projector:address"].tries
        answers = [guesser.post(TYPE, {"code": f"ABCD {number:04}"}).status_code for number in range(tries + 2)]
        assert answers == [200] * tries + [429, 429]
        assert guesser.post(TYPE, {"code": code_for(meeting)}).status_code == 429

    def test_reading_the_page_is_not_counted_as_a_guess(self):
        visitor = Client()
        assert {visitor.get(TYPE).status_code for _ in range(30)} == {200}


class TestTheScreen:
    def test_shows_the_board_of_the_part_that_is_under_way(self, meeting, wall):
        said(meeting, "Said with Dale")
        second = add_part(conference=meeting.conference, kind="half", title="With Hazel", by=meeting.chair, now=NOW)
        said(meeting, "Said with Hazel", part=second, children=[meeting.wren])
        said(meeting, "Her illness", part=second, private_to=[meeting.people.hazel.person])
        first = meeting.conference.sittings.get().parts.first()
        shown = page(wall.get(f"{SCREEN}?part={first.pk}"))
        assert "Said with Hazel" in shown
        assert [
            word for word in ("Said with Dale", "Her illness", "Brambley", "<form", "sign-out") if word in shown
        ] == []

    def test_switches_to_another_heading(self, meeting, wall):
        said(meeting, "Under worries")
        shown = page(wall.get(f"{SCREEN}?heading=strengths"))
        assert ("Under worries" in shown, 'aria-current="true"' in shown) == (False, True)

    def test_links_only_to_its_own_headings(self, meeting, wall):
        main = page(wall.get(SCREEN)).split("<main")[1]
        links = re.findall(r'href="([^"]*)"', main)
        assert [link for link in links if not link.startswith("?heading=")] == []

    def test_its_cookie_is_only_for_these_pages_and_hidden_from_scripts(self, meeting):
        wall = switched_on(meeting)
        (cookie,) = [one for name, one in wall.cookies.items() if "projector" in name]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (TYPE, True, "Strict")
        assert cookie.value not in Projection.objects.get().token_hash

    def test_opens_nothing_else(self, meeting, wall):
        for name in ("day", "board", "shared-screen", "show-in-room"):
            assert wall.get(url(name, meeting))["Location"].startswith("/account/sign-in/")

    def test_changes_nothing(self, wall):
        assert wall.post(SCREEN).status_code == 405

    def test_is_logged_when_it_shows_something_new(self, meeting, wall):
        said(meeting, "First")
        wall.get(SCREEN)
        wall.get(SCREEN)
        said(meeting, "Second")
        wall.get(SCREEN)
        rows = AccessEvent.objects.filter(page="projector:screen")
        assert [(row.user, row.right, row.family_ids) for row in rows] == [
            (meeting.chair, "room’s screen", [meeting.conference.family_id])
        ] * 2

    def test_is_not_stored_by_the_browser(self, wall):
        assert "no-store" in wall.get(SCREEN)["Cache-Control"]

    def test_does_not_show_a_safety_stop(self, meeting, wall):
        before = page(wall.get(SCREEN))
        stop = raise_stop(
            conference_child=meeting.wren,
            ground=StopGround.SAID,
            said_by=meeting.people.beth,
            said="Not safe at home tonight",
            by=meeting.coordinator,
            now=NOW,
        )
        assert page(wall.get(SCREEN)) == before
        call_break(stop=stop, by=meeting.chair, now=NOW)
        shown = page(wall.get(SCREEN))
        assert ("is taking a break" in shown, "safe" in shown, "Wren" in shown) == (True, False, False)


class TestItEnds:
    def dark(self, wall):
        answer = wall.get(SCREEN)
        assert "The screen is off" in page(answer)
        return answer.status_code == 403 and "Wren" not in page(answer)

    def test_when_the_chair_or_coordinator_ends_it(self, client, meeting, wall):
        client.force_login(meeting.coordinator)
        client.post(url("end-showing", meeting))
        assert self.dark(wall)
        assert Projection.objects.get().ended_by == meeting.coordinator

    def test_when_the_sitting_ends(self, meeting, wall):
        adjourn(conference=meeting.conference, reason="The interpreter left", by=meeting.chair, now=NOW)
        assert self.dark(wall)

    def test_after_twelve_hours(self, wall, the_time):
        the_time.shift(datetime.timedelta(hours=11, minutes=59))
        assert wall.get(SCREEN).status_code == 200
        the_time.shift(datetime.timedelta(minutes=1))
        assert self.dark(wall)

    def test_when_the_user_who_started_it_may_no_longer_record(self, meeting, wall):
        meeting.chair.roles.update(ends_on=NOW.date())
        assert self.dark(wall)

    def test_when_their_account_is_closed(self, meeting, wall):
        meeting.chair.is_active = False
        meeting.chair.save()
        assert self.dark(wall)

    def test_for_an_unknown_cookie(self, meeting):
        wall = Client()
        assert wall.get(SCREEN).status_code == 403
        wall.cookies["projector"] = "x" * 43
        assert self.dark(wall)

    def test_the_script_removes_what_was_shown(self, wall):
        """The page asks again three times a minute, with scripts and without."""
        shown = page(wall.get(SCREEN))
        assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in shown
        assert "js/shared.js" in shown


@pytest.mark.parametrize("who", ["withdrawn", "sister", "in it"])
def test_no_hidden_place_of_any_child_of_the_family_is_on_the_screen(meeting, wall, who):
    child = meeting.robin.child
    if who == "sister":
        child = ChildFactory(authority=meeting.conference.authority, family=meeting.family)
    agency = AgencyFactory(authority=meeting.conference.authority, name="Harbour Lane School")
    knows = AgencyInvolvementFactory(child=child, agency=agency, confidential=True)
    knows.hidden_from.add(meeting.people.dale.person)
    if who == "withdrawn":
        ConferenceChild.objects.filter(pk=meeting.robin.pk).update(withdrawn_at=NOW, withdrawn_because="x")
    said(meeting, "Wren waits at Harbour Lane School.", children=[meeting.wren])
    said(meeting, "Wren likes maths.", children=[meeting.wren])
    # Hidden after somebody had put it there.
    BoardEntry.objects.update(shown_version=F("version"))
    shown = page(wall.get(SCREEN))
    assert ("Wren likes maths" in shown, "Harbour Lane" in shown) == (True, False)


class TestNothingTypedIsThereByItself:
    def test_until_a_recorder_shows_that_note(self, client, meeting, wall):
        entry = typed(meeting, "He shouted at night")
        assert "He shouted" not in page(wall.get(SCREEN + "?heading=worries"))
        client.force_login(meeting.coordinator)
        client.post(screen_of(meeting, entry), {"version": entry.version})
        assert "He shouted" in page(wall.get(SCREEN + "?heading=worries"))
        client.post(screen_of(meeting, entry), {"off": "1"})
        assert "He shouted" not in page(wall.get(SCREEN + "?heading=worries"))

    def test_nor_in_the_window_that_the_chair_turns_round(self, client, meeting):
        typed(meeting, "He shouted at night")
        client.force_login(meeting.chair)
        assert "He shouted" not in page(client.get(url("shared-screen", meeting) + "?heading=worries"))

    def test_what_is_changed_is_shown_anew(self, meeting, wall):
        entry = said(meeting, "He shouted at night")
        change_entry(
            entry=entry,
            version=1,
            heading="worries",
            text="He shouted at Hazel",
            nature=Nature.FACT,
            by=meeting.coordinator,
            now=timezone.now(),
        )
        assert "He shouted" not in page(wall.get(SCREEN + "?heading=worries"))
        with pytest.raises(ValidationError, match="just changed"):
            show_entry(entry=entry, version=1, by=meeting.chair, now=timezone.now())

    def test_a_private_note_and_a_hidden_place_are_refused(self, meeting):
        entry = typed(meeting, "Her illness", private_to=[meeting.people.hazel.person])
        with pytest.raises(ValidationError, match="private"):
            show_entry(entry=entry, version=1, by=meeting.chair, now=timezone.now())

    def test_taking_it_off_twice_is_harmless(self, meeting):
        entry = said(meeting, "He shouted at night")
        for _ in range(2):
            assert take_off_screen(entry=entry, by=meeting.chair, now=timezone.now()).shown_version is None


def screen_of(meeting, entry):
    return reverse("meetings:put-on-screen", args=[meeting.conference.pk, entry.pk])


def test_takes_the_same_number_of_queries_for_thirty_notes_as_for_one(meeting, wall):
    def queries():
        wall.get(SCREEN)
        with CaptureQueriesContext(connection) as captured:
            wall.get(SCREEN)
        return len(captured)

    said(meeting, "Note", children=[meeting.wren])
    one = queries()
    for number in range(29):
        said(meeting, f"Note {number}", children=[meeting.wren])
    assert queries() == one


@pytest.mark.django_db(transaction=True)
def test_two_screens_typing_one_code_at_once_open_only_one(meeting):
    code = code_for(meeting)

    def typed(_):
        try:
            return open_projection(code=code, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        tokens = [token for token in threads.map(typed, range(16)) if token]
    assert len(tokens) == 1
    assert projection_with(tokens[0], now=NOW).conference == meeting.conference
