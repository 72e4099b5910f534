"""Moving by page: the day, then time and place, then a look at what that changes, before anything is sent."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import RoleAssignment
from conferences.enums import ConferenceKind, Mode, ParticipantStatus, Reply
from conferences.models import EarlierAnswer
from conferences.services.invitations import record_reply
from conferences.services.scheduling import cancel_conference, move_sitting
from families.models import ContactPoint
from notifications.models import Message
from notifications.services.outbox import send_due
from tests.conferences import guests, story
from tests.conferences.story import NOW, STARTS_AT
from tests.factories import ParticipantFactory, PersonFactory, PostFactory, RoomFactory, UserFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(hours=2)
NEXT_DAY = STARTS_AT + datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False) as traveller:
        yield traveller


@once_per_module(at=NOW)
def heard(told, invited):
    """Everyone has their invitation, and Hazel and the GP have said yes."""
    send_due(now=NOW, limit=200)
    for person in (told.hazel, told.posts["gp"].person):
        record_reply(participant=story.on_list(invited, person), reply=Reply.COMING, by=told.coordinator, now=NOW)
    return invited


@pytest.fixture
def url(told, heard, client):
    client.force_login(told.coordinator)
    return reverse("conferences:move", args=[heard.pk])


def typed(told, conference, **changes):
    return {
        "reason": "The room is lost",
        "day": "2026-12-23",
        "start": "10:00",
        "length": "150",
        "family_arrives_at": "",
        "professionals_arrive_at": "",
        "mode": "in_person",
        "room": told.room.pk,
        "link": "",
        "chair": told.chair.pk,
        "coordinator": told.coordinator.pk,
        "version": conference.version,
        **changes,
    }


def text(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).replace("\xa0", " ").split())


def cell(page, name):
    """Return what the check page says of one person or thing, cell by cell."""
    rows = re.findall(r'(?s)<tr class="govuk-table__row">(.*?)</tr>', page.content.decode())
    found = next(row for row in rows if name in row)
    return [
        " ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in re.findall(r"(?s)<t[dh][^>]*>(.*?)</t[dh]>", found)
    ]


def test_the_calendar_of_days_is_the_one_for_booking_with_the_last_day_and_today_s_booking(told, heard, client, url):
    page = client.get(url)
    days = {day.day: day for week in page.context["weeks"] for day in week.days}
    assert [day for day, shown in days.items() if shown.is_last] == [story.LAST_DAY]
    assert [day for day, shown in days.items() if shown.is_booked] == [STARTS_AT.date()]
    own = days[STARTS_AT.date()]
    assert (own.chairs_free, own.rooms_free) == (1, 1)
    said = text(page)
    assert ("booked now" in said, "last day, 1" in said, "Thursday 31 December 2026" in said) == (True, True, True)
    assert 'name="day"' in page.content.decode()


def test_the_last_day_of_a_review_is_marked_too(told, heard, client, url):
    from tests.factories import DeadlineFactory  # noqa: PLC0415

    heard.children.update(kind=ConferenceKind.REVIEW)
    DeadlineFactory(
        kind="first-review",
        authority_id=told.authority.pk,
        family_id=told.family.pk,
        child_id=told.wren.pk,
        due_on=datetime.date(2026, 12, 29),
        plan_for_on=datetime.date(2026, 12, 29),
        limit_key="first-review",
        policy_version_id=heard.policy_version_id,
    )
    page = client.get(url)
    assert page.context["last"] == datetime.date(2026, 12, 29)
    late = client.post(url, typed(told, heard, day="2026-12-30"))
    [limit] = late.context["limits"]
    assert (limit.is_late, "1\xa0working day after" in limit.words) == (True, True)


def test_the_form_begins_with_the_booking_as_it_is_and_free_slots_of_the_day(told, heard, client, url):
    page = client.get(url, {"day": "2026-12-22"})
    form, slots = page.context["form"], page.context["slots"]
    values = [form[name].value() for name in ("start", "family_arrives_at", "room", "chair", "version")]
    assert values == ["10:00", None, told.room.pk, told.chair.pk, heard.version]
    assert slots[0].start - datetime.timedelta(minutes=30) == datetime.datetime.combine(
        STARTS_AT.date(), datetime.time(9), tzinfo=story.LONDON
    )


def test_a_free_slot_keeps_what_was_typed(told, heard, client, url):
    [slot, *_] = client.get(url, {"day": "2026-12-23"}).context["slots"]
    page = client.post(
        f"{url}?day=2026-12-23",
        typed(told, heard, reason="Words worth keeping", start="3pm", link="https://meet.example/x", slot=slot.query),
    )
    form = page.context["form"]
    assert (form.errors, form["start"].value(), form["reason"].value(), form["link"].value()) == (
        {},
        f"{slot.start:%H:%M}",
        "Words worth keeping",
        "https://meet.example/x",
    )


def test_nothing_moves_before_the_check_and_what_was_typed_comes_back(told, heard, client, url):
    page = client.post(url, typed(told, heard, reason="Two\nlines"))
    sent = Message.objects.count()
    assert (page.status_code, heard.sittings.get().starts_at) == (200, STARTS_AT)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    assert (hidden["reason"], hidden["day"], hidden["version"]) == ("Two\nlines", "2026-12-23", str(heard.version))
    back = client.post(url, {**hidden, "change": "yes"})
    assert back.context["form"]["reason"].value() == "Two\nlines"
    assert (heard.sittings.get().starts_at, Message.objects.count()) == (STARTS_AT, sent)
    done = client.post(url, {**hidden, "confirm": "yes"})
    assert done.url == reverse("conferences:overview", args=[heard.pk])
    assert heard.sittings.get().starts_at == NEXT_DAY


def test_the_check_says_what_changes_who_is_told_how_and_whose_answer_is_asked_again(told, heard, client, url):
    ContactPoint.objects.filter(person=told.dale).update(is_safe=False)
    post = story.on_list(heard, told.martin)
    post.email, post.invited_how = "", "A letter, by the social worker"
    post.save()
    held = story.on_list(heard, told.robin.person)
    held.status = ParticipantStatus.AWAITING_CHAIR
    held.save()
    page = client.post(url, typed(told, heard, start="14:00"))
    assert cell(page, ">Day<") == ["Day", "Tuesday 22 December 2026", "Wednesday 23 December 2026"]
    assert cell(page, ">Time<") == ["Time", "10:00 to 12:30", "14:00 to 16:30"]
    assert cell(page, ">Room<")[2] == "The same"
    assert cell(page, "Hazel Brambley")[1:] == ["By e-mail, with a new calendar entry", "Coming: asked again"]
    assert cell(page, "Martin Alder")[1:] == ["Tell them another way: A letter, by the social worker", "None"]
    assert cell(page, "Dale Ashdown")[1] == "Tell them another way: not marked safe"
    assert cell(page, "Robin Brambley")[1] == "Nothing goes to them: waiting for the chair"
    assert "2 answers are asked again" in text(page)
    [limit, *_] = page.context["limits"]
    assert (limit.is_late, "Thursday\xa031\xa0December\xa02026: 4\xa0working days in hand" in limit.words) == (
        False,
        True,
    )


def test_the_check_says_what_a_day_after_the_limit_leads_to(told, heard, client, url):
    page = client.post(url, typed(told, heard, day="2027-01-05"))
    late = [limit for limit in page.context["limits"] if limit.is_late]
    said = " ".join([late[0].words, *late[0].follows])
    assert "2\xa0working days after the limit, which ends on Thursday" in said
    assert "counts as late" in said
    assert "team manager and chair will be asked to agree" in said
    assert "manager hears of it after 1 working day" in said


def test_an_earlier_day_shows_what_would_have_been_due_before_today(told, heard, client, url):
    page = client.post(url, typed(told, heard, day="2026-12-11", short_notice_reason="She is about to give birth"))
    assert [effect.what for effect, passed in page.context["effects"] if passed] == [
        "Usual last day to ask for someone to stay away",
        "Reports shared with the family and sent in",
    ]


def test_another_room_on_the_same_day_asks_for_no_reasons_again_and_keeps_the_answers(told, heard, client, url, clock):
    clock.move_to(STARTS_AT - datetime.timedelta(days=2))
    client.force_login(told.coordinator)
    another = RoomFactory(authority=told.authority, name="Heron Room")
    page = client.post(url, typed(told, heard, day="2026-12-22", room=another.pk))
    assert "everyone’s answer stays" in text(page)
    assert cell(page, "Hazel Brambley")[2] == "Coming: stays"
    client.post(url, typed(told, heard, day="2026-12-22", room=another.pk, confirm="yes"))
    assert (heard.sittings.get().room, EarlierAnswer.objects.count()) == (another, 0)


def test_a_room_can_change_while_people_arrive(told, heard, client, url, clock):
    clock.move_to(STARTS_AT + datetime.timedelta(minutes=5))
    client.force_login(told.coordinator)
    another = RoomFactory(authority=told.authority, name="Heron Room")
    client.post(url, typed(told, heard, day="2026-12-22", room=another.pk, confirm="yes"))
    assert heard.sittings.get().room == another


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start": "2am"}, "hours_confirmed"),
        ({"day": "2026-12-25"}, "closed_day_confirmed"),
        ({"day": "2026-12-19"}, "day"),
        ({"day": "2026-12-09"}, "recorded_afterwards_reason"),
        ({"day": "2026-12-11"}, "short_notice_reason"),
        ({"reason": " "}, "reason"),
        ({"day": "2026-12-22"}, "__all__"),
        ({"version": 0}, "__all__"),
    ],
)
def test_what_is_wrong_is_said_before_the_check(told, heard, client, url, changes, field):
    for confirm in ({}, {"confirm": "yes"}):
        page = client.post(url, typed(told, heard, **changes, **confirm))
        assert list(page.context["form"].errors) == [field]
    assert heard.sittings.get().starts_at == STARTS_AT


def test_an_hour_that_the_clocks_leave_out_is_refused(told, heard, client, url):
    heard.children.update(kind=ConferenceKind.REVIEW, enquiry=None)
    page = client.post(
        url, typed(told, heard, day="2027-03-28", start="1:30", hours_confirmed="on", closed_day_confirmed="on")
    )
    assert list(page.context["form"].errors) == ["start"]


def test_of_two_tabs_the_second_is_told_that_the_first_moved_it(told, heard, client, url):
    data = typed(told, heard, confirm="yes")
    assert client.post(url, data).status_code == 302
    page = client.post(url, {**data, "day": "2026-12-24"})
    assert "Someone else has changed this conference" in text(page)
    assert heard.sittings.get().starts_at == NEXT_DAY


def test_sent_twice_it_moves_once(told, heard, client, url):
    data = typed(told, heard, confirm="yes")
    assert client.post(url, data).url == client.post(url, data).url
    assert Message.objects.filter(person_id=told.hazel.pk).count() == 2


def test_the_queries_of_the_check_do_not_grow_with_the_people(told, heard, client, url):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.post(url, typed(told, heard))
        return len(found)

    before = queries()
    for number in range(12):
        person = PersonFactory(authority=told.authority)
        ParticipantFactory(
            conference=heard,
            person=person,
            post=PostFactory(person=person),
            email=f"p{number}@agency.example",
            reply=Reply.COMING,
        )
    assert queries() == before


def moved(told, conference, starts_at=NEXT_DAY):
    sitting = conference.sittings.get()
    booking = story.booking(told, starts_at=starts_at)
    move_sitting(sitting=sitting, booking=booking, reason="Ill", by=told.coordinator, now=LATER)


def test_a_guest_reads_on_their_own_page_that_they_are_asked_again(told, heard, client):
    hazel = story.on_list(heard, told.hazel)
    moved(told, heard)
    guests.let_in(client, hazel, sitting=heard.sittings.get())
    page = client.get("/guest/meeting/")
    assert "You had said yes to Tuesday 22 December. Please tell us whether you can come on the new day." in text(page)
    assert [task["status"] for task in page.context["tasks"][:1]] == ["To do"]
    assert "You had said yes to Tuesday 22 December." in text(client.get("/guest/meeting/answer/"))
    client.post("/guest/meeting/answer/", {"reply": Reply.NOT_COMING})
    assert "You had said" not in text(client.get("/guest/meeting/"))


def test_a_worker_reads_on_their_own_invitation_that_they_are_asked_again(told, heard, client):
    gp = told.posts["gp"].person
    gp.user = user_with_role(Role.PROFESSIONAL, authority=told.authority)
    gp.save()
    moved(told, heard)
    client.force_login(gp.user)
    page = client.get(reverse("conferences:my-invitation", args=[story.on_list(heard, gp).pk]))
    assert "You had said yes to Tuesday 22 December. Please tell us whether you can come on the new day." in text(page)
    assert page.context["form"]["reply"].value() is None
    assert "You had said yes to Tuesday 22 December." in text(client.get(reverse("conferences:my-invitations")))


def test_staff_see_who_is_asked_again_and_what_they_had_said(told, heard, client):
    moved(told, heard)
    client.force_login(told.coordinator)
    row = story.on_list(heard, told.hazel)
    shown = client.get(reverse("conferences:people", args=[heard.pk]))
    assert '<span class="cp-whole">from 9:30</span>' in shown.content.decode()
    people = text(shown)
    assert people.count("Had answered for Tuesday 22 December: Coming") == 2
    person = text(client.get(reverse("conferences:participant", args=[heard.pk, row.pk])))
    assert "Had answered for Tuesday 22 December: Coming" in person
    assert "You had said yes to Tuesday 22 December." in person
    overview = client.get(reverse("conferences:overview", args=[heard.pk]))
    [wait] = [wait for wait in overview.context["waits"] if wait.what == "Whether they come"]
    assert "Anil Dunnock" in wait.who


def test_a_cancelled_conference_can_t_be_cancelled_again_and_says_so(told, heard, client):
    cancel_conference(conference=heard, reason="Ill", by=told.coordinator, now=LATER)
    client.force_login(told.coordinator)
    page = client.get(reverse("conferences:cancel", args=[heard.pk]), follow=True)
    assert "is cancelled already" in text(page)


def test_only_those_who_arrange_may_move(told, heard, client):
    for user in (told.chair, user_with_role(Role.ADMINISTRATOR, authority=told.authority), UserFactory()):
        client.force_login(user)
        assert client.get(reverse("conferences:move", args=[heard.pk])).status_code == 404


def test_only_those_who_may_hand_it_on_choose_who_runs_it(told, heard, client, url):
    erin = user_with_role(Role.CHAIR, authority=told.authority, name="Erin Martlet")
    nora = user_with_role(Role.COORDINATOR, authority=told.authority, name="Nora Teal")
    data = typed(told, heard, chair=erin.pk, coordinator=nora.pk)
    assert cell(client.post(url, data), ">Chair<")[1:] == [told.chair.name, "Erin Martlet"]
    client.force_login(told.social_worker)
    shown = client.get(url, {"day": "2026-12-23"}).content.decode()
    assert not re.findall(r'<select name="(?:chair|coordinator)"', shown)
    slots = shown.split('id="slots-heading"')[1].split("</section>")[0]
    assert (slots.count("<li>") > 1, "Erin Martlet" in slots) == (True, False)
    page = client.post(url, data)
    assert cell(page, ">Chair<")[1:] == [told.chair.name, "The same"]
    assert cell(page, ">Coordinator<")[1:] == [told.coordinator.name, "The same"]
    client.post(url, {**data, "confirm": "yes"})
    heard.refresh_from_db()
    sitting = heard.sittings.get()
    assert (heard.chair, heard.coordinator, sitting.chair) == (told.chair, told.coordinator, told.chair)
    assert sitting.starts_at == NEXT_DAY


def test_a_social_worker_reads_why_the_move_waits_for_another_chair(told, heard, client, url):
    RoleAssignment.objects.filter(user=told.chair, role=Role.CHAIR).update(ends_on=LATER.date())
    client.force_login(told.social_worker)
    page = client.post(url, typed(told, heard))
    assert list(page.context["form"].errors) == ["chair"]
    assert text(page).count("Choose someone who is a conference chair of this council today.") == 2


def test_the_check_says_who_hears_only_that_someone_else_runs_it(told, heard, client, url):
    erin = user_with_role(Role.CHAIR, authority=told.authority, name="Erin Martlet")
    data = typed(told, heard, day="2026-12-22", chair=erin.pk)
    page = client.post(url, data)
    assert cell(page, "Hazel Brambley")[1:] == ["By e-mail: who runs it now", "Coming: stays"]
    before = Message.objects.count()
    client.post(url, {**data, "confirm": "yes"})
    sent = Message.objects.order_by("pk")[before:]
    assert {row.key.split(":")[0] for row in sent if row.person_id == told.hazel.pk} == {"who-runs"}


def test_everyone_online_needs_no_room_and_keeps_the_answers(told, heard, client, url):
    data = typed(told, heard, day="2026-12-22", mode=Mode.ONLINE, room="", link="https://meet.example/x")
    page = client.post(url, data)
    assert cell(page, ">Room<")[1:] == [told.room.name, "No room"]
    assert cell(page, "Hazel Brambley")[1:] == ["By e-mail, with a new calendar entry", "Coming: stays"]
