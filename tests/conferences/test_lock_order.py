"""Every act locks the conference before anything on its list, so that two of them never wait for each other."""

from __future__ import annotations

import re
import threading

import pytest
import time_machine
from django.db import OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from conferences.enums import Reply, RequestGround, WithdrawalGround
from conferences.models import Conference, Participant
from conferences.services.deputies import confirm_deputy, name_deputy, take_back_deputy
from conferences.services.endings import bring_back_into_conferences, take_out_of_conferences
from conferences.services.exclusions import open_request
from conferences.services.invitations import record_reply
from conferences.services.new_links import close_guest_link, send_new_link
from families.events import CaseEvent, EventKind
from families.services.posts import change_post, end_post
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.conferences import test_told_in_the_chairs_words as chair
from tests.conferences import test_told_otherwise as hand
from tests.conferences.story import NOW
from tests.conferences.test_told_otherwise import LATER
from tests.factories import PostFactory
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
LOCKS = re.compile(r'FROM "(conferences_\w+)".* FOR (?:NO KEY )?UPDATE')
ANY_LOCK = re.compile(r'FROM "(\w+)".* FOR (?:NO KEY )?UPDATE')
FIRST = "conferences_conference"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


@once_per_module(at=NOW)
def knowing(told):
    """All are invited by e-mail, and it has left."""
    conference = story.invited(told)
    send_due(now=NOW, limit=200)
    return conference


def dale(told, conference):
    return story.on_list(conference, told.dale)


def shazia(told, conference):
    return story.on_list(conference, told.posts["academy"].person)


def asked(told, conference):
    return open_request(
        participant=dale(told, conference), ground=RequestGround.ASKED, reason="Afraid", by=told.coordinator, now=LATER
    )


def decided(told, conference):
    request = asked(told, conference)
    return lambda: chair.decide(told, request)


def told_of_it(told, conference):
    story.without_mail(told, conference)
    hand.move(told, conference)
    row = hand.open_rows(conference)[0]
    return lambda: hand.tick(told, row)


def taken_back(told, conference):
    tick = told_of_it(told, conference)()
    return lambda: hand.take_back_telling(telling=tick, because="Wrong", by=told.coordinator, now=LATER)


def new_mailbox(told, conference):
    post = told.posts["academy"]
    return lambda: change_post(
        post=post, title=post.title, email="other@agency.example", phone="", because="x", by=told.coordinator, now=LATER
    )


def left_post(told, conference):
    post = told.posts["academy"]
    return lambda: end_post(post=post, on=LATER.date(), because="Left", by=told.coordinator, now=LATER)


def named(told, conference):
    return name_deputy(
        participant=shazia(told, conference), given_name="Ada", family_name="Wren", title="Deputy head",
        email="ada@agency.example", by=told.coordinator, now=LATER,
    )  # fmt: skip


def confirmed(told, conference):
    deputy = named(told, conference)
    return lambda: confirm_deputy(deputy=deputy, how_confirmed="Rang", by=told.coordinator, now=LATER)


def deputy_back(told, conference):
    deputy = named(told, conference)
    confirm_deputy(deputy=deputy, how_confirmed="Rang", by=told.coordinator, now=LATER)
    return lambda: take_back_deputy(deputy=deputy, because="Comes herself", by=told.coordinator, now=LATER)


def died(told, conference):
    event = death(told)
    return lambda: take_out_of_conferences(event, ground=WithdrawalGround.DIED)


def lived(told, conference):
    event = death(told)
    take_out_of_conferences(event, ground=WithdrawalGround.DIED)
    return lambda: bring_back_into_conferences(event)


def death(told):
    return CaseEvent(
        kind=EventKind.PERSON_DIED, family_ids=(told.family.pk,), by=told.social_worker, now=LATER,
        child_ids=(told.robin.pk,),
    )  # fmt: skip


def not_left(told, conference):
    hand.move(told, conference)
    hand.ContactPoint.objects.filter(person=told.dale).update(is_safe=False)
    return lambda: send_due(now=LATER, limit=200)


ACTS = {
    "a request": lambda told, conference: lambda: asked(told, conference),
    "a decision": decided,
    "a tick": told_of_it,
    "a tick taken back": taken_back,
    "another mailbox": new_mailbox,
    "a post left": left_post,
    "an answer": lambda told, conference: (
        lambda: record_reply(participant=dale(told, conference), reply=Reply.COMING, by=told.coordinator, now=LATER)
    ),
    "a deputy named": lambda told, conference: lambda: named(told, conference),
    "a deputy confirmed": confirmed,
    "a deputy taken back": deputy_back,
    "a link closed": lambda told, conference: (
        lambda: close_guest_link(participant=dale(told, conference), because="Lost", by=told.coordinator, now=LATER)
    ),
    "a new link": lambda told, conference: (
        lambda: send_new_link(participant=dale(told, conference), because="Lost", by=told.coordinator, now=LATER)
    ),
    "a death": died,
    "a death in error": lived,
    "a message that does not leave": not_left,
}


@pytest.mark.parametrize("act", ACTS)
def test_the_conference_is_locked_before_its_list(told, knowing, act):
    go = ACTS[act](told, knowing)
    with CaptureQueriesContext(connection) as sent:
        go()
    order = [found[1] for query in sent if (found := LOCKS.search(query["sql"]))]
    assert order[0] == FIRST, order


def test_a_known_deputys_post_is_locked_before_the_conference(told, knowing):
    deputy, post = named(told, knowing), PostFactory(agency=told.posts["academy"].agency)
    with CaptureQueriesContext(connection) as sent:
        confirm_deputy(
            deputy=deputy, how_confirmed="Rang", same_as=post, use=dict.fromkeys(("name", "title", "email"), "recorded"),
            by=told.coordinator, now=LATER,
        )  # fmt: skip
    order = [found[1] for query in sent if (found := ANY_LOCK.search(query["sql"]))]
    assert order.index("families_post") < order.index(FIRST), order


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["a request", "a decision"])
def test_two_acts_on_one_person_never_wait_for_each_other(act):
    told = story.tell()
    conference = story.invited(told)
    send_due(now=NOW, limit=200)
    go = ACTS[act](told, conference)
    # The clock of the invitations runs again, as after a message that did not leave: the act meets it.
    Conference.objects.update(invited_at=None)
    holds, failed = threading.Event(), []

    def first_the_conference():
        try:
            with transaction.atomic():
                Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
                holds.set()
                other.join(timeout=1)
                Participant.objects.select_for_update(no_key=True).get(pk=dale(told, conference).pk)
        except OperationalError as error:
            failed.append(error)
        finally:
            connections["default"].close()

    def then_the_act():
        holds.wait()
        try:
            go()
        except OperationalError as error:
            failed.append(error)
        finally:
            connections["default"].close()

    other = threading.Thread(target=then_the_act)
    one = threading.Thread(target=first_the_conference)
    for thread in (other, one):
        thread.start()
    for thread in (one, other):
        thread.join()
    assert failed == []
