"""Every text for a family can be read at eleven: pages, letters and e-mails."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
import time_machine
from django.template.loader import render_to_string

from accounts.models import Authority
from conferences.enums import ConferenceStatus, HowToAttend
from conferences.models import Conference, Participant
from conferences.selectors.letters import LINK_CHANGED, LINK_GIVEN, LINK_TAKEN, letter
from conferences.services.answering_guests import answer_guest
from conferences.services.child_news import JOINS, LEAVES
from conferences.services.guest_answers import ask_as_guest
from core_groups.selectors.letters import letter as letter_of_group
from core_groups.selectors.letters import no_more
from core_groups.services.guest_links import MEMBER_LINK
from deadlines.policies.presets import baseline
from notifications.enums import Subject
from notifications.services.guest_codes import WORDS
from tests.conferences import guests
from tests.conferences.story import NOW, invited, on_list, tell
from tests.reading_age import EXCEPTIONS, grade_of, paragraphs_of_mail, paragraphs_of_page, too_hard
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NAMES = (
    "Hazel", "Robin", "Wren", "Dale Ashdown", "Martin Alder", "Tomasz Kestrel", "Tomasz", "Amara Finch", "Joan Plover",
    "Council", "Mulberry House", "Room", "Tuesday", "December", "BBC Weather", "safeguarding lead", "Joan", "Midwifery",
    "academy", "primary",
)  # fmt: skip
PAGES = ("", "answer/", "about/", "coming/", "people/", "ask/", "disagree/", "talk/", "paper/")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def story():
    told = tell()
    Authority.objects.filter(pk=told.authority.pk).update(day_phone="01632 960 001", night_phone="01632 960 002")
    told.authority.refresh_from_db()
    return told


@once_per_module(at=NOW)
def conference(story):
    return invited(story)


@pytest.fixture
def hazel(story, conference):
    return on_list(conference, story.hazel)


@pytest.fixture
def inside(client, hazel, conference):
    guests.let_in(client, hazel, sitting=conference.sittings.get())
    return client


def test_the_measure_knows_a_hard_text_from_an_easy_one():
    hard = [
        "The multi-agency partnership will subsequently communicate its determination regarding statutory intervention."
    ]
    easy = ["We will tell you what we think. You can say what you think too."]
    assert grade_of(hard) > 12
    assert grade_of(easy) < 3


def test_each_exception_has_its_reason_and_there_are_twenty_at_most():
    assert len(EXCEPTIONS) <= 20
    assert all(why.strip() for why in EXCEPTIONS.values())


def test_every_page_of_the_family_before_the_meeting(inside, hazel):
    found = []
    for page in PAGES:
        answer = inside.get(f"/guest/meeting/{page}")
        assert answer.status_code == 200, page
        found += too_hard(page or "home", paragraphs_of_page(answer.content.decode()), NAMES)
        if page in ("answer/", "ask/"):
            refused = inside.post(f"/guest/meeting/{page}", {})
            found += too_hard(f"{page} refused", paragraphs_of_page(refused.content.decode()), NAMES)
    for how in (HowToAttend.VIDEO, HowToAttend.SEPARATE_PLACE, HowToAttend.SEPARATE_TIME):
        Participant.objects.filter(pk=hazel.pk).update(how=how, arrives_at=NOW + datetime.timedelta(days=12))
        for page in ("", "coming/"):
            html = inside.get(f"/guest/meeting/{page}").content.decode()
            found += too_hard(f"{page} {how}", paragraphs_of_page(html), NAMES)
    assert found == []


def test_every_page_of_the_family_after_the_meeting(inside, hazel, conference, story):
    said = ask_as_guest(participant=hazel, guest_session_id=1, needs=["hearing"], text="", now=NOW)
    answer_guest(said=said, text="We bring a loop.", by=story.coordinator, now=NOW)
    Conference.objects.filter(pk=conference.pk).update(
        status=ConferenceStatus.CLOSED, opened_at=NOW, ended_at=NOW, closed_at=NOW
    )
    found = []
    for page in ("", "ask/", "disagree/", "talk/", "paper/", "feedback/"):
        html = inside.get(f"/guest/meeting/{page}").content.decode()
        found += too_hard(f"after: {page or 'home'}", paragraphs_of_page(html), NAMES)
    chosen = inside.post("/guest/meeting/paper/").content.decode()
    found += too_hard("after: paper chosen", paragraphs_of_page(chosen), NAMES)
    assert found == []


@pytest.mark.parametrize(
    "template",
    [
        "guests/open_link.html", "guests/dead_code.html", "guests/too_many_codes.html",
        "guests/closed_door.html", "guests/gone.html", "guest_papers/papers.html", "guest_papers/not_now.html",
        "guest_papers/paper_waits.html", "guest_core_group/home.html",
    ],
)  # fmt: skip
def test_the_pages_around_it(template, rf, story):
    request = rf.get("/")
    context = {
        "authority": story.authority, "elsewhere": {"url": "/", "title": "BBC Weather"}, "ending": "example",
        "again_at": NOW, "given": {"look_again_seconds": 0}, "rows": [], "children": "Robin",
    }  # fmt: skip
    page = render_to_string(template, context, request=request)
    assert too_hard(template, paragraphs_of_page(page), NAMES) == []


def test_every_letter_and_mail_to_the_family(hazel, conference):
    sitting = conference.sittings.get()
    found = []
    for subject in (Subject.INVITATION, Subject.CHANGED, Subject.CANCELLED, Subject.PLACE):
        for on_paper in (False, True):
            body = letter(participant=hazel, conference=conference, sitting=sitting, subject=subject, on_paper=on_paper)
            found += too_hard(f"{subject} {'paper' if on_paper else 'mail'}", paragraphs_of_mail(body), NAMES)
    group = SimpleNamespace(authority=conference.authority, family=conference.family)
    meeting = SimpleNamespace(core_group=group)
    at = {"at": NOW, "place": "Mulberry House"}
    texts = {
        "group, invited": letter_of_group(meeting, **at, changed=False, page=MEMBER_LINK),
        "group, changed": letter_of_group(meeting, **at, changed=True),
        "group, no more": no_more(meeting),
    }
    for name, text in {
        **texts,
        "code": WORDS, "joins": JOINS, "leaves": LEAVES, "given": LINK_GIVEN, "taken": LINK_TAKEN,
        "changed": LINK_CHANGED,
    }.items():  # fmt: skip
        found += too_hard(name, paragraphs_of_mail(text), (*NAMES, "reference"))
    assert found == []


def test_the_plain_defaults_of_a_councils_texts():
    texts = {key: entry["value"] for key, entry in baseline()["values"].items() if key.startswith("family-")}
    lines = {key: value for key, value in texts.items() if isinstance(value, list)}
    assert len(lines) >= 7
    assert [fault for key, value in lines.items() for fault in too_hard(key, value, NAMES)] == []
