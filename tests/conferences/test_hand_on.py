"""Someone else takes over as chair or coordinator: list, diary, calendar and what people were told follow at once."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from accounts.enums import Role
from conferences.access import CONFERENCE_RULE, RULES, chairs_of
from conferences.enums import Capacity, HowToAttend, ParticipantStatus, RequestGround
from conferences.models import Conference, Participant, StandIn
from conferences.selectors.guests import who_comes
from conferences.selectors.telling import words_to_say
from conferences.selectors.windows import diaries_on
from conferences.services.deputies import name_deputy
from conferences.services.exclusions import decide_request, open_request
from conferences.services.handing_over import hand_on
from conferences.services.stand_ins import name_stand_in
from conferences.services.telling import send_by_email_instead
from conferences.services.to_tell import open_for
from deadlines.models import Deadline
from deadlines.services import reconcile
from notifications.enums import Subject
from notifications.models import Message, Notice
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.conferences.story import on_list
from tests.factories import user_with_role

pytestmark = pytest.mark.django_db
NOW = story.NOW
MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW + MINUTE, tick=False):
        yield


def hand(told, conference, *, minutes=1, reason="On leave until January", by=None, **who):
    return hand_on(conference=conference, reason=reason, by=by or told.coordinator, now=NOW + minutes * MINUTE, **who)


def empty_outbox(minutes):
    with time_machine.travel(NOW + minutes * MINUTE, tick=False):
        send_due(now=NOW + minutes * MINUTE, limit=100)


def fresh(row):
    return type(row)._default_manager.get(pk=row.pk)


def told_by(subject, *, to=None):
    return [one for one in mail.outbox if one.subject.startswith(subject.label) and to in (None, *one.to)]


def runners(conference):
    rows = conference.participants.filter(capacity__in=[Capacity.CHAIR, Capacity.COORDINATOR])
    return {(row.person.user.name, row.status) for row in rows.select_related("person__user")}


# List, diary, calendar and access


def test_the_old_chair_leaves_list_diary_and_calendar_and_the_new_one_enters_them(told, invited, erin):
    empty_outbox(1)
    mail.outbox.clear()
    hand(told, invited, minutes=2, chair=erin)
    empty_outbox(3)
    assert runners(invited) == {
        ("Tomasz Kestrel", ParticipantStatus.WITHDRAWN), ("Erin Martlet", ParticipantStatus.INVITED),
        ("Joan Plover", ParticipantStatus.INVITED),
    }  # fmt: skip
    diaries = diaries_on(told.authority, story.STARTS_AT.date(), today=NOW.date())
    assert [(user.name, len(busy)) for user, busy in diaries.chairs] == [("Erin Martlet", 1), ("Tomasz Kestrel", 0)]
    (over,) = [one for one in mail.outbox if told.chair.email in one.to]
    (begun,) = [one for one in mail.outbox if erin.email in one.to]
    assert "METHOD:CANCEL" in over.attachments[0][1].replace("\r\n ", "")
    assert "METHOD:REQUEST" in begun.attachments[0][1].replace("\r\n ", "")
    assert over.subject == f"{Subject.PLACE.label}: {invited.reference}"
    assert "You do not chair the meeting" in over.body
    for text in (over.body, over.attachments[0][1], begun.body, begun.attachments[0][1]):
        assert not any(name in text for name in ("Brambley", "Hazel", "Robin", "Erin Martlet", "Kestrel"))


def test_the_old_chair_can_open_nothing_from_then_on(told, invited, erin):
    hand(told, invited, chair=erin)
    found = {}
    for user in (told.chair, erin):
        one, conference = fresh(user), fresh(invited)
        found[user.name] = (
            CONFERENCE_RULE.right_of(one, conference) is not None, RULES["chair"].right_of(one, conference) is not None,
        )  # fmt: skip
    assert found == {"Tomasz Kestrel": (False, False), "Erin Martlet": (True, True)}
    assert chairs_of(fresh(invited), on=NOW.date()) == [erin]


def test_whoever_is_not_invited_yet_is_replaced_by_someone_in_the_same_state(told, booked, erin):
    hand(told, booked, chair=erin)
    assert runners(booked) == {
        ("Tomasz Kestrel", ParticipantStatus.WITHDRAWN), ("Erin Martlet", ParticipantStatus.PROPOSED),
        ("Joan Plover", ParticipantStatus.PROPOSED),
    }  # fmt: skip
    assert not Message.objects.exists()


def test_every_clock_of_the_old_one_goes_to_the_new_one(told, invited, erin, nora):
    dale = on_list(invited, told.dale)
    open_request(participant=dale, ground=RequestGround.ASKED, reason="Afraid", by=told.coordinator, now=NOW)
    reconcile(family_ids=[told.family.pk], now=NOW)
    open_ones = Deadline.objects.filter(met_at=None, not_needed="")
    assert open_ones.filter(responsible_ids__contains=[told.chair.pk]).exists()
    hand(told, invited, chair=erin, coordinator=nora)
    for old, new in ((told.chair, erin), (told.coordinator, nora)):
        assert not open_ones.filter(responsible_ids__contains=[old.pk]).exists()
        assert open_ones.filter(responsible_ids__contains=[new.pk]).exists()
    said = f"{invited.reference}: you chair this conference now. 1 request about who comes waits for you."
    assert Notice.objects.get(user=erin, text=said).urgent


def test_stand_ins_for_the_old_chair_end(told, invited, erin):
    deputy = user_with_role(Role.CHAIR, authority=told.authority, name="Wilf Dunlin")
    first = NOW.date() + 3 * DAY
    name_stand_in(
        conference=invited, user=deputy, starts_on=first, last_day=first + DAY, why="Leave", by=told.chair, now=NOW
    )
    hand(told, invited, chair=erin)
    row = StandIn.objects.get()
    assert (row.ended_by, row.ended_because) == (told.coordinator, "Someone else chairs the conference now.")
    assert not StandIn.objects.current(on=NOW.date() + 4 * DAY).exists()
    with time_machine.travel(NOW + 4 * DAY, tick=False):
        assert CONFERENCE_RULE.right_of(fresh(deputy), invited) is None


def notices(user):
    rows = Notice.objects.filter(user=user, acknowledged_at=None).order_by("pk")
    return [(row.key.split(":")[0], row.urgent) for row in rows if "conference" not in row.key]


def test_what_waits_for_the_old_ones_waits_for_the_new_ones(told, invited, erin, nora):
    open_request(
        participant=on_list(invited, told.dale), ground=RequestGround.ASKED, reason="x", by=told.coordinator, now=NOW
    )
    with time_machine.travel(NOW, tick=False):
        name_deputy(
            participant=on_list(invited, told.posts["academy"].person), given_name="Ada", family_name="Wren",
            title="Deputy head", email="ada@agency.example", by=told.social_worker, now=NOW,
        )  # fmt: skip
    assert (("request", True) in notices(told.chair), notices(erin), notices(nora)) == (True, [], [])
    hand(told, invited, chair=erin, coordinator=nora)
    assert (notices(erin), notices(told.chair)) == ([("request", True)], [])
    assert ("deputy", False) in notices(nora)


def test_what_the_old_chair_had_settled_or_seen_is_not_passed_on(told, invited, erin):
    request = open_request(
        participant=on_list(invited, told.dale), ground=RequestGround.ASKED, reason="x", by=told.coordinator, now=NOW
    )
    decide_request(
        request=request, by=told.chair, how=HowToAttend.WHOLE, reason="He is safe.", views_through=None, now=NOW
    )
    hand(told, invited, chair=erin)
    assert notices(erin) == []


def test_that_the_old_chair_knows_the_link_is_said_to_the_coordinator(told, invited, erin, nora):
    Conference.objects.update(link="https://video.example/room", mode="blended")
    hand(told, invited, chair=erin, coordinator=nora)
    known = Notice.objects.filter(key__startswith="link-known:")
    assert [(row.user, row.url) for row in known] == [(nora, reverse("conferences:room-and-screen", args=[invited.pk]))]
    assert "https" not in known.get().text


def test_whose_views_the_old_chair_was_to_bring_the_new_one_brings(told, invited, erin):
    dale = on_list(invited, told.dale)
    ask = open_request(participant=dale, ground=RequestGround.ASKED, reason="Afraid", by=told.coordinator, now=NOW)
    chair_row = invited.participants.get(capacity=Capacity.CHAIR)
    decide_request(
        request=ask, by=told.chair, how=HowToAttend.NOT_AT_ALL, reason="Bail", views_through=chair_row, now=NOW,
        told_text="You are not asked to come.",
    )  # fmt: skip
    hand(told, invited, chair=erin)
    assert fresh(dale).views_brought_by.person.user == erin
    ask.refresh_from_db()
    assert ask.views_through == chair_row


# What the others hear


def others(conference):
    rows = conference.participants.filter(status=ParticipantStatus.INVITED)
    return rows.exclude(capacity__in=[Capacity.CHAIR, Capacity.COORDINATOR]).exclude(email="")


def test_everyone_who_knew_the_old_name_is_told_once_with_both_new_ones(told, invited, erin, nora):
    empty_outbox(1)
    mail.outbox.clear()
    hand(told, invited, minutes=2, chair=erin, coordinator=nora)
    empty_outbox(3)
    letters = told_by(Subject.WHO_RUNS)
    assert sorted(one.to[0] for one in letters) == sorted(others(invited).values_list("email", flat=True))
    for one in letters:
        assert "Erin Martlet now leads this meeting. Nora Teal now arranges it and takes the notes." in one.body
        assert "The day, time and place are the same." in one.body
        assert not any(name in one.body for name in ("Kestrel", "Plover", "Brambley", "Robin", "leave until"))
        assert not one.attachments


def test_whoever_was_not_told_the_old_name_hears_nothing_of_it(told, invited, erin):
    hand(told, invited, chair=erin)
    empty_outbox(2)
    assert told_by(Subject.WHO_RUNS) == []
    assert told_by(Subject.INVITATION) != []


def test_replaced_twice_before_anything_left_only_the_last_is_told(told, invited, erin):
    wilf = user_with_role(Role.CHAIR, authority=told.authority, name="Wilf Dunlin")
    empty_outbox(1)
    mail.outbox.clear()
    hand(told, invited, minutes=2, chair=erin)
    hand(told, invited, minutes=3, chair=wilf)
    empty_outbox(4)
    letters = told_by(Subject.WHO_RUNS)
    assert len(letters) == others(invited).count()
    assert all("Wilf Dunlin" in one.body and "Erin" not in one.body for one in letters)
    assert told_by(Subject.INVITATION, to=erin.email) + told_by(Subject.PLACE, to=erin.email) == []
    assert len([one for one in mail.outbox if wilf.email in one.to]) == 1


def test_replaced_back_before_anything_left_nobody_hears_of_it(told, invited, erin):
    empty_outbox(1)
    mail.outbox.clear()
    hand(told, invited, minutes=2, chair=erin)
    hand(told, invited, minutes=3, chair=told.chair)
    empty_outbox(4)
    assert told_by(Subject.WHO_RUNS) == []
    assert {one.to[0] for one in mail.outbox} == {told.chair.email}
    assert all("METHOD:REQUEST" in one.attachments[0][1] for one in mail.outbox)
    assert runners(invited) >= {
        ("Tomasz Kestrel", ParticipantStatus.INVITED), ("Erin Martlet", ParticipantStatus.WITHDRAWN),
    }  # fmt: skip


def test_replaced_back_after_it_left_everyone_hears_the_first_name_again(told, invited, erin):
    empty_outbox(1)
    hand(told, invited, minutes=2, chair=erin)
    empty_outbox(3)
    mail.outbox.clear()
    hand(told, invited, minutes=4, chair=told.chair)
    empty_outbox(5)
    assert all("Tomasz Kestrel now leads this meeting." in one.body for one in told_by(Subject.WHO_RUNS))
    assert len(told_by(Subject.WHO_RUNS)) == others(invited).count()


def test_nothing_leaves_to_someone_held_or_kept_out_meanwhile(told, invited, erin):
    empty_outbox(1)
    mail.outbox.clear()
    hand(told, invited, minutes=2, chair=erin)
    open_request(
        participant=on_list(invited, told.dale), ground=RequestGround.ASKED, reason="Afraid", by=told.coordinator,
        now=NOW + 2 * MINUTE,
    )  # fmt: skip
    empty_outbox(3)
    assert told_by(Subject.WHO_RUNS, to="dale@home.example") == []
    assert Message.objects.get(key__startswith="who-runs:", to_email="dale@home.example").state == "withdrawn"


def test_those_told_another_way_are_on_the_list_with_the_name_of_the_day(told, invited, erin):
    wilf = user_with_role(Role.CHAIR, authority=told.authority, name="Wilf Dunlin")
    empty_outbox(1)
    Participant.objects.filter(person=told.hazel).update(email="", invited_how="By hand")
    hand(told, invited, minutes=2, chair=erin)
    hand(told, invited, minutes=3, chair=wilf)
    row = open_for(on_list(invited, told.hazel))
    said = words_to_say(row, fresh(invited), invited.sittings.get())
    assert "The meeting is now led by Wilf Dunlin, and Joan Plover arranges it." in said
    assert "Erin" not in said
    hand(told, invited, minutes=4, chair=told.chair)
    assert open_for(on_list(invited, told.hazel)) is None


def test_an_e_mail_in_place_of_a_call_says_the_names(told, invited, erin):
    empty_outbox(1)
    hazel = on_list(invited, told.hazel)
    Participant.objects.filter(pk=hazel.pk).update(email="", invited_how="By hand")
    hand(told, invited, minutes=2, chair=erin)
    Participant.objects.filter(pk=hazel.pk).update(email=hazel.email, invited_how="")
    send_by_email_instead(to_tell=open_for(hazel), now=NOW + 3 * MINUTE)
    body = Message.objects.order_by("pk").last().body
    assert "The meeting is now led by Erin Martlet, and Joan Plover arranges it." in body
    assert "now leads" not in body


def test_the_page_of_a_guest_names_the_new_one(told, invited, erin):
    hand(told, invited, chair=erin)
    names = {one.name for one in who_comes(on_list(fresh(invited), told.hazel), now=NOW)}
    assert "Erin Martlet" in names
    assert "Tomasz Kestrel" not in names
