"""The link for those online reaches those who confirmed and nothing holds, and no one else, by any way."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from icalendar import Calendar

from accounts.enums import Role
from conferences.enums import Capacity, HowToAttend, Mode, Occasion, ParticipantStatus, Presence, Reply, RequestGround
from conferences.models import Attendance, LinkGiven, Participant
from conferences.selectors.letters import LINK_GIVEN
from conferences.selectors.online import link_for, may_have_link
from conferences.selectors.people import participants_of
from conferences.selectors.seating import seating_of
from conferences.services.deputies import confirm_deputy, name_deputy, take_back_deputy
from conferences.services.exclusions import decide_request, open_request
from conferences.services.guest_answers import answer_as_guest
from conferences.services.invitations import change_list, record_reply
from conferences.services.online import change_link
from conferences.services.scheduling import move_sitting
from conferences.services.sending import letter
from conferences.services.to_tell import open_for
from notifications.enums import MessageState
from notifications.models import Message, Notice
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.conferences.story import NOW
from tests.factories import user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
LINK = "https://video.example/room-417"
NEW_LINK = "https://video.example/room-938"
LATER = NOW + datetime.timedelta(hours=2)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


@once_per_module(at=NOW)
def online(told):
    """The conference held online, its invitations sent."""
    conference = story.invited(told, mode=Mode.ONLINE, room=None, link=LINK)
    send_due(now=NOW, limit=100)
    return conference


def said(message):
    return f"{message.body}\n{message.calendar_file.replace(chr(13) + chr(10) + ' ', '')}"


def messages_to(participant):
    return list(Message.objects.filter(key__startswith=f"invitation:{participant.pk}:").order_by("pk"))


def says_yes(participant, reply=Reply.ONLINE):
    record_reply(participant=participant, reply=reply, by=None, now=LATER)
    participant.refresh_from_db()
    return participant


def warnings(conference):
    return list(Notice.objects.filter(key__startswith="link-known:", text__startswith=conference.reference))


def test_no_first_message_says_the_link_whoever_it_goes_to(online):
    first = list(Message.objects.filter(conference_id=online.pk))
    assert len(first) > 8
    assert [message.key for message in first if LINK in said(message)] == []


@pytest.mark.parametrize("reply", [Reply.COMING, Reply.ONLINE])
def test_whoever_confirms_gets_it_at_once_in_a_message_and_in_the_calendar(told, online, reply):
    hazel = says_yes(story.on_list(online, told.hazel), reply)
    second = messages_to(hazel)[-1]
    (entry,) = Calendar.from_ical(second.calendar_file).walk("VEVENT")
    assert (LINK in second.body, str(entry["location"])) == (True, LINK)
    assert (second.subject, second.to_email) == (f"About your place at a meeting: {online.reference}", hazel.email)
    assert [message.key for message in Message.objects.filter(conference_id=online.pk) if LINK in said(message)] == [
        second.key
    ]


@pytest.mark.parametrize("reply", [Reply.NOT_COMING, Reply.REPORT_ONLY, Reply.DEPUTY, Reply.NONE])
def test_whoever_takes_back_the_yes_loses_it_and_the_coordinator_is_told(told, online, reply):
    gp = says_yes(story.on_list(online, told.posts["gp"].person))
    record_reply(participant=gp, reply=reply, by=None, now=LATER + datetime.timedelta(hours=1))
    gp.refresh_from_db()
    newest = messages_to(gp)[-1]
    assert LINK not in said(newest)
    assert link_for(gp, online) == ""
    assert [(notice.user, notice.url) for notice in warnings(online)] == [
        (told.coordinator, reverse("conferences:room-and-screen", args=[online.pk]))
    ]


def test_an_answer_that_changes_nothing_sends_nothing(told, online):
    hazel = says_yes(story.on_list(online, told.hazel))
    says_yes(hazel)
    says_yes(hazel, Reply.COMING)
    dale = story.on_list(online, told.dale)
    record_reply(participant=dale, reply=Reply.NOT_COMING, by=None, now=LATER)
    assert (len(messages_to(hazel)), len(messages_to(dale)), warnings(online)) == (2, 1, [])


def test_in_a_meeting_in_a_room_only_who_comes_on_a_screen_gets_it(told):
    conference = story.invited(told, mode=Mode.BLENDED, link=LINK)
    send_due(now=NOW, limit=100)
    hazel, martin = story.on_list(conference, told.hazel), story.on_list(conference, told.martin)
    says_yes(hazel, Reply.COMING)
    says_yes(martin, Reply.ONLINE)
    holders = [m.person_id for m in Message.objects.filter(conference_id=conference.pk) if LINK in said(m)]
    assert holders == [told.martin.pk]


def hold(told, row):
    open_request(
        participant=row, ground=RequestGround.ASKED, reason="He frightens her", by=told.social_worker, now=LATER
    )


def un_invite(told, row):
    change_list(
        conference=row.conference,
        changes=[story.as_listed(row, wanted=False, reason="Not needed after all")],
        by=told.coordinator,
        now=LATER,
    )


def keep_out(told, row):
    hold(told, row)
    decide_request(
        request=row.exclusion_requests.get(),
        by=told.chair,
        how=HowToAttend.NOT_AT_ALL,
        reason="Not safe",
        views_through=row.conference.participants.get(capacity=Capacity.SOCIAL_WORKER),
        told_text="You are not asked to come.",
        now=LATER,
    )


LOSES = {"held for the chair": hold, "kept out": keep_out, "taken off the list": un_invite}


@pytest.mark.parametrize("by", LOSES)
def test_whoever_is_taken_off_loses_it_and_the_coordinator_is_told_once(told, online, by):
    row = says_yes(story.on_list(online, told.posts["gp"].person))
    send_due(now=LATER, limit=100)
    LOSES[by](told, row)
    row.refresh_from_db()
    assert link_for(row, online) == ""
    assert [LINK in said(message) for message in messages_to(row)[2:]] in ([], [False])
    assert [notice.user for notice in warnings(online)] == [told.coordinator]


@pytest.mark.parametrize("by", LOSES)
def test_one_who_never_confirmed_gives_no_warning(told, online, by):
    LOSES[by](told, story.on_list(online, told.posts["gp"].person))
    assert warnings(online) == []


def test_someone_asked_again_has_to_answer_again(told, online):
    row = says_yes(story.on_list(online, told.posts["gp"].person))
    un_invite(told, row)
    row.refresh_from_db()
    change_list(
        conference=online, changes=[story.as_listed(row, reason="Needed after all")], by=told.coordinator, now=LATER
    )
    row.refresh_from_db()
    assert (row.status, row.reply) == (ParticipantStatus.TO_INVITE, Reply.NONE)


def test_a_message_that_says_it_is_withheld_when_they_may_not_have_it_as_it_leaves(told, online):
    row = says_yes(story.on_list(online, told.posts["gp"].person))
    type(row).objects.filter(pk=row.pk).update(reply=Reply.NOT_COMING)
    send_due(now=LATER, limit=100)
    newest = messages_to(row)[-1]
    assert (newest.state, newest.withdrawn_because) == ("withdrawn", "They may not have the link for those online now.")


def test_removed_from_the_meeting_they_may_not_have_it(told, online):
    row = says_yes(story.on_list(online, told.posts["gp"].person))
    part = online.sittings.get().parts.get()
    Attendance.objects.create(
        participant=row, part=part, presence=Presence.REMOVED, recorded_by=told.chair, arrived_at=LATER
    )
    assert link_for(row, online) == ""


def test_a_deputy_has_to_confirm_too_and_the_one_replaced_loses_it(told, online):
    row = says_yes(story.on_list(online, told.posts["academy"].person))
    deputy = name_deputy(
        participant=row, given_name="Jo", family_name="Crake", title="Teacher", email="jo@agency.example",
        now=LATER, by=told.coordinator,
    )  # fmt: skip
    comes = confirm_deputy(deputy=deputy, how_confirmed="Rang the school", by=told.coordinator, now=LATER)
    row.refresh_from_db()
    assert [link_for(one, online) for one in (row, comes)] == ["", ""]
    assert LINK not in said(messages_to(comes)[0])
    assert link_for(says_yes(comes), online) == LINK
    take_back_deputy(deputy=deputy, because="Ill", by=told.coordinator, now=LATER)
    comes.refresh_from_db()
    assert link_for(comes, online) == ""


def test_moving_tells_the_link_only_to_those_who_may_have_it(told, online):
    hazel = says_yes(story.on_list(online, told.hazel))
    before = set(Message.objects.values_list("pk", flat=True))
    sitting = online.sittings.get()
    later = story.booking(
        told, mode=Mode.ONLINE, room=None, link=NEW_LINK, starts_at=sitting.starts_at + datetime.timedelta(days=1)
    )
    move_sitting(sitting=sitting, booking=later, reason="The chair is ill", by=told.coordinator, now=LATER)
    online.refresh_from_db()
    new = Message.objects.exclude(pk__in=before)
    allowed = may_have_link(online, online.participants.all())
    assert new.count() > 8
    assert {m.person_id for m in new if NEW_LINK in said(m)} == {
        row.person_id for row in online.participants.all() if row.pk in allowed
    }
    assert hazel.pk in allowed or hazel.conference.participants.get(pk=hazel.pk).reply == Reply.NONE


def moved(told, online, *, days, minutes):
    sitting = online.sittings.get()
    starts_at = story.STARTS_AT + datetime.timedelta(days=days)
    booking = story.booking(told, mode=Mode.ONLINE, room=None, link=LINK, starts_at=starts_at)
    then = LATER + datetime.timedelta(minutes=minutes)
    move_sitting(sitting=sitting, booking=booking, reason="The chair is ill", by=told.coordinator, now=then)


def test_moved_back_before_anything_left_whoever_has_the_link_keeps_it_and_hears_nothing(told, online):
    hazel = says_yes(story.on_list(online, told.hazel))
    send_due(now=LATER, limit=100)
    moved(told, online, days=1, minutes=1)
    assert LINK not in said(messages_to(hazel)[-1])
    moved(told, online, days=0, minutes=2)
    hazel.refresh_from_db()
    online.refresh_from_db()
    assert (hazel.reply, link_for(hazel, online)) == (Reply.ONLINE, LINK)
    assert not Message.objects.filter(state=MessageState.WAITING).exists()


@pytest.mark.parametrize("reply", [Reply.NOT_COMING, Reply.DEPUTY])
def test_whoever_has_it_and_says_no_to_the_new_day_is_told_to_the_coordinator(told, online, reply):
    gp = says_yes(story.on_list(online, told.posts["gp"].person))
    moved(told, online, days=1, minutes=1)
    assert warnings(online) == []
    record_reply(participant=gp, reply=reply, by=None, now=LATER + datetime.timedelta(minutes=2))
    assert [notice.user for notice in warnings(online)] == [told.coordinator]


def test_nobody_reads_out_the_link_of_the_day_before_the_move(told, online):
    row = story.on_list(online, told.dale)
    Participant.objects.filter(pk=row.pk).update(email="", invited_how="By telephone")
    says_yes(row)
    assert open_for(row).words == LINK_GIVEN
    moved(told, online, days=1, minutes=1)
    waits = open_for(row)
    assert (waits.occasion, waits.words) == (Occasion.CHANGED, "")


def test_the_guest_page_says_it_once_they_have_said_yes(told, online):
    hazel = story.on_list(online, told.hazel)
    sitting = online.sittings.get()
    assert LINK not in letter(participant=hazel, conference=online, sitting=sitting)
    answer_as_guest(participant=hazel, guest_session_id=1, reply=Reply.ONLINE, now=LATER)
    hazel.refresh_from_db()
    assert LINK in letter(participant=hazel, conference=online, sitting=sitting)


def test_changing_it_sends_the_new_one_to_those_who_may_have_it_and_ends_the_warning(told, online):
    hazel = says_yes(story.on_list(online, told.hazel))
    gp = says_yes(story.on_list(online, told.posts["gp"].person))
    send_due(now=LATER, limit=100)
    hold(told, gp)
    before = set(Message.objects.values_list("pk", flat=True))
    online.refresh_from_db()
    version = online.version
    assert change_link(conference=online, link=NEW_LINK, version=version, by=told.coordinator, now=LATER) == 1
    assert change_link(conference=online, link=NEW_LINK, version=version, by=told.coordinator, now=LATER) == 0
    (new,) = Message.objects.exclude(pk__in=before)
    assert (new.person_id, NEW_LINK in said(new), LINK in said(new)) == (hazel.person_id, True, False)
    assert seats(told, online).not_to_use_link == []
    assert set(LinkGiven.objects.values_list("participant_id", "link")) == {
        (hazel.pk, LINK), (gp.pk, LINK), (hazel.pk, NEW_LINK)
    }  # fmt: skip


def test_two_people_do_not_change_it_over_each_other(told, online):
    with pytest.raises(ValidationError, match="Someone else has changed"):
        change_link(conference=online, link=NEW_LINK, version=online.version - 1, by=told.chair, now=LATER)
    with pytest.raises(ValidationError, match="Enter the new link"):
        change_link(conference=online, link="javascript:alert(1)", version=online.version, by=told.chair, now=LATER)


def seats(told, conference):
    sitting = conference.sittings.get()
    children = list(conference.children.all())
    return seating_of(
        conference, list(participants_of(conference)), children=children, sitting=sitting, on=LATER.date()
    )


def test_the_page_says_who_is_in_the_room_and_who_on_the_screen(told):
    conference = story.invited(told, mode=Mode.BLENDED, link=LINK)
    send_due(now=NOW, limit=100)
    says_yes(story.on_list(conference, told.hazel), Reply.COMING)
    says_yes(story.on_list(conference, told.martin), Reply.ONLINE)
    record_reply(
        participant=story.on_list(conference, told.posts["gp"].person), reply=Reply.REPORT_ONLY, by=None, now=LATER
    )
    hold(told, story.on_list(conference, told.dale))
    seating = seats(told, conference)

    def names(seats):
        return [seat.participant.person.given_name for seat in seats]

    family, professionals = seating.slots
    assert (names(family.in_room), names(family.on_screen)) == (["Hazel", "Robin"], ["Martin"])
    assert names(professionals.in_room) == ["Sioned", "Shazia", "Callum", "Amara", "Tomasz", "Joan"]
    assert (names(seating.not_coming), names(seating.waiting)) == (["Anil"], ["Dale"])
    assert (seating.in_room, seating.on_screen) == (3, 1)


def test_only_chair_and_coordinator_open_the_page_and_it_warns(told, online, client):
    gp = says_yes(story.on_list(online, told.posts["gp"].person))
    hold(told, gp)
    page = reverse("conferences:room-and-screen", args=[online.pk])
    for user in (told.social_worker, told.manager, user_with_role(Role.SOCIAL_WORKER, authority=told.authority)):
        client.force_login(user)
        assert client.get(page).status_code == 404
    client.force_login(told.coordinator)
    text = client.get(page).content.decode()
    assert "They know the link and are not to use it" in text
    assert LINK in text


def test_the_page_changes_the_link(told, online, client):
    client.force_login(told.chair)
    page = reverse("conferences:new-meeting-link", args=[online.pk])
    form = client.get(page).context["form"]
    typed = {"link": NEW_LINK, "version": form["version"].value()}
    assert client.post(page, typed).status_code == 302
    online.refresh_from_db()
    assert online.link == NEW_LINK


@pytest.mark.parametrize("answers", [1, 9])
def test_the_number_of_queries_of_the_page_does_not_grow(told, online, client, answers, django_assert_max_num_queries):
    for row in list(online.participants.filter(status=ParticipantStatus.INVITED))[:answers]:
        says_yes(row)
    client.force_login(told.coordinator)
    with django_assert_max_num_queries(45):
        client.get(reverse("conferences:room-and-screen", args=[online.pk]))
