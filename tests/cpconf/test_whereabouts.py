"""Whereabouts never reach the wrong adult: marks are planted, and everything a person can reach is read.

``MUST_NOT`` lists what is kept from whom, and why. ``MAY`` lists who does read each mark: the same walk finds
it for them, so a walk that finds nothing has really looked.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from email.message import Message as Mail
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client, TestCase, override_settings
from django.urls import reverse

from conferences.enums import ParticipantStatus
from conferences.models import Participant
from meetings.services.projector import open_projection, start_projection
from meetings.views.projector import COOKIE as SCREEN
from notifications.models import Message
from notifications.services.outbox import send_due
from plans.enums import ListAnswerKind
from plans.models import ListCheck
from records.disclosure.bundle import Bundle
from records.disclosure.pieces import pieces_of
from records.enums import DisclosureKind
from records.models import Disclosure
from tests.access_table import may_come_in
from tests.crawler import Crawler, words_in
from tests.log_lines import LOGGERS, every_line
from tests.reports.story import HIDDEN_POSTCODE, HIDDEN_STREET, NOW
from tests.whereabouts import HER_MAILBOX, MARKERS, SENTENCE, tell_whereabouts
from tests.world import _come_in, address_names, address_of, is_about_the_family, visitor
from tests.written_at import tables_of_versions

HOME = ("street", "shortened", "postcode", "phone")
PLACES = ("school", "surgery", "worker's team", "refuge")
TIMES_AND_MAIL = ("her arrival", "his arrival", "her mailbox")
SAID = ("confidential part",)
EVERYTHING = tuple(MARKERS)
# Everyone who works for the council knows the names of its teams.
OF_THE_CASE = tuple(name for name in MARKERS if name != "own team")

# Who must not reach what, and why.
MUST_NOT: list[tuple[str, tuple[str, ...], str]] = [
    # Guests
    ("guest: Martin", (*HOME, "surgery", "worker's team"), "they are marked against him by name"),
    ("guest: Martin", ("school", "refuge"), "they are marked against the whole family outside the home"),
    ("guest: Martin", ("her arrival", "her mailbox"), "he could wait for her, or write to her"),
    ("guest: Martin", ("own team",), "the social worker's office says where they work with her"),
    ("guest: Martin", SAID, "he was not in that part"),
    ("guest: Dale", EVERYTHING, "a court order is recorded, and the chair has not decided about him"),
    ("guest: Olive", ("phone", "school", "refuge"), "marked against the whole family outside the home"),
    ("guest: Olive", (*TIMES_AND_MAIL, "own team", *SAID), "she is neither of them, and was not in that part"),
    ("guest: Hazel", ("his arrival", "own team", *SAID), "he comes at his own time; she was not in that part"),
    ("guest: GP", (*HOME, *TIMES_AND_MAIL, "own team"), "nobody's paper gives addresses or other people's times"),
    ("guest: GP", SAID, "the surgery sent nobody to that part"),
    ("guest: midwife", (*HOME, *TIMES_AND_MAIL, "own team"), "nobody's paper gives them"),
    ("guest: midwife", ("surgery", "worker's team", "refuge"), "they know Wren, she comes for the baby"),
    ("guest: midwife", SAID, "she was not in that part"),
    # With an account
    ("invited professional", (*HOME, *TIMES_AND_MAIL, "own team"), "nobody's paper gives them"),
    ("invited professional", ("surgery", "worker's team", "refuge"), "they know Wren, he comes for Robin"),
    ("invited professional", SAID, "he was not in that part"),
    ("social worker, same team, the grandmother", OF_THE_CASE, "nobody opens the case of their own family"),
    ("social worker, other team", OF_THE_CASE, "the case is not theirs"),
    ("custodian", OF_THE_CASE, "the list tells status, key worker and dangers, nothing else"),
    ("duty worker", OF_THE_CASE, "the list tells status, key worker and dangers, nothing else"),
    ("administrator", OF_THE_CASE, "an administrator sees no case"),
    ("auditor", OF_THE_CASE, "an auditor sees who looked, not at what"),
    ("coordinator elsewhere", EVERYTHING, "another council's case"),
    ("signed out", EVERYTHING, "nobody"),
]
# Who reads each mark, and by which channel: proof that the walk finds what is there.
MAY: list[tuple[str, tuple[str, ...]]] = [
    ("own social worker", EVERYTHING),
    ("guest: Hazel", ("school", "surgery", "her arrival", "refuge")),
    ("guest: Martin", ("his arrival",)),
    ("guest: police", SAID),
]
GUEST = "guest: "
SERVER_FAULT = 500
OWN = "own social worker"
# Where the family's own social worker reads them.
OWN_PAGES = frozenset(
    {"families:family", "conferences:people", "conferences:change-list", "meetings:board", "meetings:plan"}
)
# Other pages that show marks to people who may open them.
MARKED = frozenset(
    {
        "families:family",
        "families:person",
        "families:see-family-as-it-was",
        "families:who-looked-file",
        "deadlines:timeline",
        "conferences:people",
        "conferences:participant",
        "meetings:board",
        "conferences:see-history",
        "reports:read-version",
        "reports:minutes",
        "reports:minutes-pdf",
        "plans:plan",
        "core_groups:core-group",
    }
)
# For whom pages about the case are composed.
COMPOSED_FOR = "invited professional"
# Pages of the site and of accounts that show nothing of any case.
WITHOUT_CASES = (
    "govuk:", "demo:", "healthz", "deadlines:calculate", "mfa_", "account_", "openid_connect", "guests:", "users:", "deadlines:polic",
    "deadlines:change-policy", "deadlines:put-policy", "deadlines:set-policy", "deadlines:recount",
    "deadlines:count-again", "deadlines:working-days", "deadlines:close-day", "deadlines:take-back-day",
    "conferences:room", "deadlines:settings", "deadlines:revoke", "accounts:sign-", "accounts:session", "accounts:stay", "accounts:keep",
    "accounts:end-session", "accounts:save-draft", "accounts:set-up", "accounts:directory",
)  # fmt: skip
# What someone who has heard a word may search for, and a word that means nothing here.
TYPED = [
    ("Quince Orchard", "Quonce Archard"),
    ("EM4 7QX", "EM4 9ZV"),
    ("Meadow Lane", "Maedow Linne"),
    (HER_MAILBOX, "h.quackthurn@home.example"),
]
# Users whose families a search looks through.
TYPING = ("social worker, other team", "social worker, same team, the grandmother", "coordinator elsewhere")


class TestWhereabouts(TestCase):
    """One world for all tests: nothing a test does is kept."""

    world: SimpleNamespace

    @classmethod
    def setUpTestData(cls) -> None:
        with time_machine.travel(NOW, tick=False):
            cls.world = tell_whereabouts()

    @pytest.fixture(autouse=True)
    def _every_line_is_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        for name in LOGGERS:
            caplog.set_level(logging.INFO, logger=name or None)

    def setUp(self) -> None:
        clock = time_machine.travel(NOW, tick=False)
        clock.start()
        self.addCleanup(clock.stop)

    def test_guests_reach_nothing_they_must_not_see(self) -> None:
        reached = self.everything_reached(who for who in everybody() if who.startswith(GUEST))
        for who in ("guest: Hazel", "guest: Martin"):
            assert reached[who].kinds >= {"text/html", "application/pdf", "e-mail text/plain", "e-mail text/calendar"}

    def test_no_page_can_show_the_clock_on_the_wall_for_a_mark(self) -> None:
        with connection.cursor() as cursor:
            for table in tables_of_versions():
                cursor.execute(f'SELECT count(*) FROM "{table}" WHERE pgh_created_at <> %s', [NOW])  # noqa: S608
                assert (table, *cursor.fetchone()) == (table, 0)

    def test_users_reach_nothing_they_must_not_see(self) -> None:
        reached = self.everything_reached(who for who in everybody() if not who.startswith(GUEST))
        assert "text/csv" in reached["custodian"].kinds

    def everything_reached(self, people: Iterable[str]) -> dict[str, Crawler]:
        """Walk as each of these people, and compare what they find with the two tables."""
        with every_line() as lines:
            mails = sent()
            reached = {who: walked(self.world, who, mails) for who in people}
        leaks = {
            (who, name): sorted(reached[who].found[name])
            for who, names, _ in MUST_NOT
            if who in reached
            for name in names
            if name in reached[who].found
        }
        missed = [
            (who, name) for who, names in MAY if who in reached for name in names if name not in reached[who].found
        ]
        faults = {
            (who, address): code
            for who, crawler in reached.items()
            for address, code in crawler.opened.items()
            if code >= SERVER_FAULT
        }
        assert (leaks, missed, faults) == ({}, [], {})
        told = [line for line in lines.lines if any(pattern.search(line) for pattern in MARKERS.values())]
        assert (bool(lines.lines), told) == (True, [])
        return reached

    def test_a_search_for_something_hidden_answers_like_one_without_matches(self) -> None:
        address = reverse("families:search")
        for who in TYPING:
            crawler = Crawler(visitor(self.world, who), MARKERS)
            told = [
                words
                for words, nothing in TYPED
                if crawler.said_to(address, "q", words) != crawler.said_to(address, "q", nothing)
            ]
            assert (who, told) == (who, [])

    def test_a_search_finds_hidden_places_for_those_who_may_open_the_case(self) -> None:
        crawler = Crawler(visitor(self.world, OWN), MARKERS)
        address, nothing = reverse("families:search"), "Nobedy"
        assert crawler.said_to(address, "q", "Hazel") != crawler.said_to(address, "q", nothing)

    def test_the_list_does_not_reveal_who_lives_at_a_hidden_address(self) -> None:
        client = visitor(self.world, "duty worker")
        crawler = Crawler(client, MARKERS)
        asked = {
            "name": "", "birth_date": "", "address": f"{HIDDEN_STREET}, {HIDDEN_POSTCODE}", "caller_name": "A man",
            "caller_agency": "None", "known_by": "in_person", "caller_phone": "", "why": "He asks",
            "form_key": str(uuid.uuid4()),
        }  # fmt: skip
        answer = client.post(reverse("plans:check-list"), asked)
        check = ListCheck.objects.latest("pk")
        assert (answer.status_code, check.answers.last().kind) == (302, ListAnswerKind.NOT_ON_LIST)
        named = {
            **asked,
            "name": "Robin Brambley",
            "birth_date": "2014-03-04",
            "address": "",
            "form_key": str(uuid.uuid4()),
        }
        answer = client.post(reverse("plans:check-list"), named)
        assert ListCheck.objects.latest("pk").answers.last().kind == ListAnswerKind.ON_LIST
        crawler.open(answer["Location"])
        assert crawler.found == {}

    def test_the_room_screen_hides_what_anyone_present_must_not_read(self) -> None:
        _, code = start_projection(conference=self.world.review, by=self.world.chair, now=NOW)
        client = Client()
        client.cookies[SCREEN] = open_projection(code=code, now=NOW)
        crawler = Crawler(client, MARKERS)
        crawler.walk([reverse("projector:screen")])
        assert set(crawler.opened.values()) == {200}
        assert crawler.found == {}

    def test_a_fathers_copy_of_his_childs_record_reveals_nothing(self) -> None:
        kinds = {DisclosureKind.SUBJECT_ACCESS: False, DisclosureKind.COURT: True}
        crawlers = {}
        for kind, is_court in kinds.items():
            disclosure = Disclosure.objects.create(
                authority=self.world.authority, family=self.world.family, person=self.world.wren.person, kind=kind,
                recipient="Martin Alder", asked_on=NOW.date(), covers="Everything", basis="The law", prepared_at=NOW,
                prepared_by=self.world.coordinator, court_reference="FC-2" if is_court else "",
                identity="" if is_court else "Passport",
            )  # fmt: skip
            bundle = Bundle(disclosure=disclosure, pieces=pieces_of(disclosure), given={}, made_at=NOW)
            crawlers[kind] = Crawler(Client(), MARKERS)
            for piece in bundle.pieces:
                if bundle.gives(piece):
                    crawlers[kind].look("\n".join(said for _, said in piece.lines), piece.key)
        told = crawlers[DisclosureKind.SUBJECT_ACCESS].found
        assert {name: where for name, where in told.items() if name in (*HOME, *PLACES, *TIMES_AND_MAIL, *SAID)} == {}
        assert set(crawlers[DisclosureKind.COURT].found) >= {"street", "postcode", *PLACES, *SAID}

    @override_settings(ROOT_URLCONF="tests.cpconf.failing_urls")
    def test_an_error_reveals_nothing_on_the_page_or_in_the_log(self) -> None:
        client = Client(raise_request_exception=False)
        with every_line() as lines:
            answer = client.post("/fails/", {"name": f"{HIDDEN_STREET} {HIDDEN_POSTCODE} {SENTENCE}"})
        crawler = Crawler(client, MARKERS)
        crawler.look("\n".join([answer.content.decode(), *lines.lines]), "the page of a fault")
        assert (answer.status_code, bool(lines.lines), crawler.found) == (500, True, {})


def everybody() -> list[str]:
    """Return everyone in the two tables, each once."""
    return list(dict.fromkeys(who for who, *_ in (*MUST_NOT, *MAY)))


def places_of(world: SimpleNamespace, who: str) -> list[Participant]:
    """Return a guest's places in the past meeting and in the next one."""
    name = who.removeprefix(GUEST).lower()
    found = [getattr(around, name, None) for around in (world.of, world.at_review)]
    return [row for row in found if row is not None]


def sent() -> list[Mail]:
    """Return every e-mail as it was sent, with its files."""
    send_due(now=NOW, limit=500)
    return [one.message() for one in mail.outbox]


def walked(world: SimpleNamespace, who: str, mails: list[Mail]) -> Crawler:
    """Return everything a person reaches: pages and what they link to, files, e-mails."""
    if who.startswith(GUEST):
        return walked_as_guest(world, who, mails)
    crawler = Crawler(visitor(world, who), MARKERS)
    crawler.walk(addresses_for(world, who), deep=0 if who == OWN else 1, at_most=900)
    # The only way to an address, with a reason, for users with access; for others it answers not found.
    crawler.send(reverse("families:reveal-whereabouts", args=[world.family.pk]), {"reason": "To visit"})
    user = world.actors.get(who)
    if user is not None:
        read_mails(crawler, {user.email}, mails)
        for message in Message.objects.filter(user=user):
            crawler.look(f"{message.subject} {message.body} {message.calendar_file}", f"message {message.kind}")
    return crawler


def addresses_for(world: SimpleNamespace, who: str) -> set[str]:
    """Return the URLs a user tries: the family's pages, its conferences', and all of the council's.

    A user for whom pages are composed tries every URL of both conferences. For users to whom the case is
    closed, the access matrix test has tried them all; here they try those that show marks, and what opens for them.
    """
    found = set()
    for name in address_names():
        if who == OWN:
            is_tried = name in OWN_PAGES
        else:
            is_tried = not name.startswith(WITHOUT_CASES) and (
                who == COMPOSED_FOR or name in MARKED or (not is_about_the_family(name) and may_come_in(who, name))
            )
        if is_tried:
            found.add(address_of(world, name))
    if who in {OWN, COMPOSED_FOR}:
        before, after = (f"/conferences/{row.pk}/" for row in (world.conference, world.review))
        found |= {address.replace(before, after) for address in found}
    return found


def walked_as_guest(world: SimpleNamespace, who: str, mails: list[Mail]) -> Crawler:
    """Walk the guest's pages of each meeting through their own links, their papers, and their e-mails."""
    whole = Crawler(Client(), MARKERS)
    pages = [
        name for name in address_names() if name.startswith(("guest_meeting:", "guest_papers:", "guest_core_group"))
    ]
    for place in places_of(world, who):
        crawler = Crawler(Client(), MARKERS)
        if place.status == ParticipantStatus.INVITED:
            _come_in(crawler.client, place)
        addresses = {address_of(world, name) for name in pages}
        crawler.walk(addresses, deep=2)
        for name, where in crawler.found.items():
            whole.found.setdefault(name, set()).update(where)
        whole.kinds |= crawler.kinds
        whole.opened |= {f"{place.conference.reference} {address}": code for address, code in crawler.opened.items()}
        read_mails(whole, {place.email}, mails)
        for message in Message.objects.filter(person_id=place.person_id):
            whole.look(f"{message.subject} {message.body} {message.calendar_file}", f"message {message.kind}")
    return whole


def read_mails(crawler: Crawler, addresses: set[str], mails: list[Mail]) -> None:
    for one in mails:
        if one["To"] in addresses:
            for part in one.walk():
                if part.is_multipart():
                    continue
                body = part.get_payload(decode=True)
                crawler.look(
                    words_in(body, part.get_content_type()), f"e-mail {one['Subject']}: {part.get_content_type()}"
                )
                crawler.kinds.add(f"e-mail {part.get_content_type()}")
            crawler.look(str(one["Subject"]), "e-mail")
