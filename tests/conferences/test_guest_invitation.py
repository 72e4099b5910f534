"""What a guest of a conference can open, and everything that ends their access while they are inside."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import ReadKind
from accounts.guests.purposes import open_links
from accounts.models import AccessEvent, GuestLink
from conferences.enums import (
    Capacity,
    ConferenceStatus,
    HowToAttend,
    Need,
    ParticipantStatus,
    Presence,
    Reply,
    RequestGround,
)
from conferences.guest_access import open_to_guests
from conferences.models import Attendance, ListShown, Participant, SaidByGuest
from conferences.selectors.guests import link_state
from conferences.services.exclusions import decide_request, open_request
from conferences.services.guest_links import NO_LINK, issue_link, write_link
from conferences.services.invitations import change_list, send_invitations
from conferences.services.new_links import close_guest_link, send_new_link, show_list, stop_showing_list
from conferences.services.scheduling import cancel_conference
from conferences.services.sending import _reason, booked_sitting
from families.enums import AgencyKind
from families.models import AgencyInvolvement, ContactPoint, ContactRisk
from notifications.models import Message, Notice
from tests.conferences import guests
from tests.conferences.story import NOW, as_listed, booked, invited, on_list, settled, tell
from tests.factories import AgencyFactory, PersonFactory, PostFactory, UserFactory
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

HOME = "/guest/meeting/"
PAGES = [HOME, f"{HOME}answer/", f"{HOME}ask/", "/guest/papers/"]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@once_per_module(at=NOW)
def story():
    return tell()


@once_per_module(at=NOW)
def conference(story):
    return invited(story)


@once_per_module(at=NOW)
def shazia(story, conference):
    return on_list(conference, story.posts["academy"].person)


@once_per_module(at=NOW)
def hazel(story, conference):
    return on_list(conference, story.hazel)


@once_per_module(at=NOW)
def shazias_way(shazia):
    return guests.way_in(shazia)


@once_per_module(at=NOW)
def hazels_way(hazel):
    return guests.way_in(hazel)


@once_per_module(at=NOW)
def as_far_as_the_code(shazia):
    return guests.way_in(shazia, go=guests.ask_for_code)


@pytest.fixture
def inside(client, shazias_way):
    """Shazia's browser, after entering the code."""
    guests.go_on(client, shazias_way)
    assert client.get(HOME).status_code == 200
    return client


@pytest.fixture
def hazel_inside(client, hazel, hazels_way):
    """Hazel's browser, after entering the code."""
    return guests.go_on(client, hazels_way)


def text(response):
    return response.content.decode()


# What is open


def test_only_people_invited_without_an_account_get_a_link(story, conference):
    linked = set(GuestLink.objects.values_list("subject_id", flat=True))
    expected = {
        row.pk
        for row in conference.participants.all()
        if row.status == ParticipantStatus.INVITED and row.email and row.capacity in ("parent", "professional")
    }  # no child: nobody has recorded who can open their device
    assert linked == expected
    assert expected != set()


def test_a_professional_with_an_account_gets_no_link(story):
    user = UserFactory(name="Shazia Wing")
    person = story.posts["academy"].person
    person.user = user
    person.save()
    row = on_list(invited(story), person)
    assert not GuestLink.objects.filter(subject_id=row.pk).exists()
    assert guests.token_of(row) is None


def test_a_new_mailbox_revokes_the_link_and_gets_a_new_one(inside, shazia, story):
    old = guests.token_of(shazia)
    change_list(
        conference=shazia.conference,
        changes=[as_listed(shazia, email="wing@agency.example")],
        by=story.coordinator,
        now=NOW,
    )
    assert shut_out(inside)
    shazia.refresh_from_db()
    new = guests.token_of(shazia)
    assert [inside.get(f"/guest/open/{token}/").status_code for token in (old, new)] == [404, 200]
    assert list(GuestLink.objects.filter(subject_id=shazia.pk).values_list("sent_to", "revoked_because")) == [
        ("wing@agency.example", ""),
        ("shazia@agency.example", "The next one goes to another mailbox."),
    ]


def test_a_queued_e_mail_to_the_former_mailbox_leaves_without_a_link(shazia, story):
    message = Message.objects.get(key__startswith=f"invitation:{shazia.pk}:")
    assert "/guest/open/" in write_link(message, NOW)
    change_list(
        conference=shazia.conference,
        changes=[as_listed(shazia, email="wing@agency.example")],
        by=story.coordinator,
        now=NOW,
    )
    assert write_link(message, NOW) == NO_LINK


def test_a_mailbox_that_ended_once_and_is_in_use_again_keeps_its_link(inside, shazia):
    own_mailbox(shazia, is_safe=True, ends_on=NOW.date())
    own_mailbox(shazia, is_safe=True)
    assert inside.get(HOME).status_code == 200


def test_a_meeting_that_moves_keeps_the_link_with_a_later_end(inside, shazia, story):
    before = GuestLink.objects.get(subject_id=shazia.pk)
    sitting = booked_sitting(shazia.conference)
    sitting.booked_until += datetime.timedelta(days=7)
    issue_link(participant=shazia, sitting=sitting, now=NOW)
    after = GuestLink.objects.get(subject_id=shazia.pk)
    assert after.expires_at - before.expires_at == datetime.timedelta(days=7)
    assert inside.get(HOME).status_code == 200


def test_the_e_mail_has_the_link_and_the_outbox_a_placeholder(shazia):
    assert guests.token_of(shazia)
    body = Message.objects.get(to_email=shazia.email).body
    assert "[the link for you alone]" in body


def test_a_professional_sees_date_arrival_time_and_place(inside, conference):
    page = text(inside.get(HOME))
    for words in ("Tuesday 22 December 2026", "10:00", "Mulberry House", conference.reference):
        assert words in page.replace("\xa0", " "), words


def test_a_guests_pages_show_nothing_of_the_case(inside, story):
    hidden = [
        "Robin", "Wren", "Hazel", "Dale", "Brambley", "Bruises", story.family.case_number, "@", "9:30",
        story.social_worker.name, "Midwife",
    ]  # fmt: skip
    for path in PAGES:
        page = text(inside.get(path))
        assert [words for words in hidden if words in page] == [], path


@pytest.mark.usefixtures("hazel_inside")
def test_a_parent_never_sees_the_others_time_or_mailbox(client, story, conference):
    dale, hazel = on_list(conference, story.dale), on_list(conference, story.hazel)
    dale.arrives_at = datetime.datetime(2026, 12, 22, 8, 17, tzinfo=datetime.UTC)
    dale.save()
    show_list(participant=hazel, by=story.chair, now=NOW)
    for path in [*PAGES, f"{HOME}people/"]:
        page = text(client.get(path))
        assert [words for words in ("8:17", "08:17", dale.email, "dale@") if words in page] == [], path


def test_an_answer_is_recorded_and_the_coordinator_told(inside, shazia, story):
    answer = inside.post(f"{HOME}answer/", {"reply": Reply.NOT_COMING})
    assert answer["Location"] == f"{HOME}?said=answer"
    shazia.refresh_from_db()
    said = SaidByGuest.objects.get(participant=shazia)
    assert (shazia.reply, said.reply, said.said_at) == (Reply.NOT_COMING, Reply.NOT_COMING, NOW)
    assert Notice.objects.filter(user=story.coordinator, key=f"said-by-guest:{said.pk}", urgent=True).count() == 1
    assert "Thank you. We have your answer." in text(inside.get(answer["Location"]))


def test_repeating_an_answer_keeps_one(inside, shazia):
    for _ in range(2):
        inside.post(f"{HOME}answer/", {"reply": Reply.COMING})
    assert SaidByGuest.objects.filter(participant=shazia).count() == 1


def test_missing_and_unknown_answers_are_refused(inside, shazia):
    for posted in ({}, {"reply": "none"}, {"reply": "maybe"}):
        assert inside.post(f"{HOME}answer/", posted).status_code == 200
    shazia.refresh_from_db()
    assert shazia.reply == Reply.NONE


@pytest.mark.usefixtures("hazel_inside")
def test_needs_reach_the_coordinator_and_a_wish_to_be_apart_the_chair(client, hazel, story):
    client.post(f"{HOME}ask/", {"needs": [Need.APART, Need.INTERPRETER], "text": "Not with Dale, please"})
    said = SaidByGuest.objects.get(participant=hazel)
    assert (said.needs, said.text) == (["apart", "interpreter"], "Not with Dale, please")
    told = set(Notice.objects.filter(key=f"said-by-guest:{said.pk}").values_list("user", flat=True))
    assert told == {story.coordinator.pk, story.chair.pk, story.social_worker.pk, story.manager.pk}
    page = f"/conferences/{hazel.conference_id}/people/{hazel.pk}/"
    for user, reads_it in ((story.coordinator, False), (story.chair, True)):
        client.force_login(user)
        assert ("Not with Dale, please" in text(client.get(page))) == reads_it


@pytest.mark.usefixtures("hazel_inside")
def test_an_empty_request_is_refused_and_the_input_kept(client, hazel):
    assert "Choose what you need, or write it in your own words" in text(client.post(f"{HOME}ask/", {}))
    page = text(client.post(f"{HOME}ask/", {"needs": ["flying"], "text": "A carpet"}))
    assert "A carpet" in page
    assert SaidByGuest.objects.count() == 0


@pytest.mark.usefixtures("hazel_inside")
def test_a_guest_who_keeps_writing_is_asked_to_ring_until_the_next_day(client, hazel, clock):
    for number in range(20):
        client.post(f"{HOME}ask/", {"needs": [Need.APART], "text": f"Please read this, {number}"})
    page = text(client.post(f"{HOME}ask/", {"needs": [Need.APART], "text": "And this"}))
    assert ("We could not send this" in page, "And this" in page) == (True, True)
    assert "We could not send this" in text(client.post(f"{HOME}answer/", {"reply": Reply.COMING}))
    assert SaidByGuest.objects.filter(participant=hazel).count() == 20
    clock.move_to(NOW + datetime.timedelta(days=1, minutes=1))
    guests.come_in(client, hazel)
    client.post(f"{HOME}ask/", {"needs": [Need.APART], "text": "And this"})
    assert SaidByGuest.objects.filter(participant=hazel).count() == 21


def test_a_professional_who_keeps_naming_deputies_is_asked_to_ring(inside, shazia):
    names = {"family_name": "Crake", "title": "Teacher", "email": "jo.crake@school.example"}
    for number in range(20):
        inside.post(f"{HOME}deputy/", {**names, "given_name": f"Jo{number}"})
    page = text(inside.post(f"{HOME}deputy/", {**names, "given_name": "Josephine"}))
    assert ("We could not send this" in page, "Josephine" in page) == (True, True)
    assert not shazia.deputies.filter(given_name="Josephine").exists()


def test_every_page_is_in_the_read_log_with_the_guest(inside, shazia, story):
    AccessEvent.objects.all()
    before = AccessEvent.objects.count()
    inside.get(HOME)
    row = AccessEvent.objects.order_by("pk").last()
    assert AccessEvent.objects.count() == before + 1
    assert (row.user, row.page, row.subject, row.subject_id) == (None, "guest_meeting:home", "Participant", shazia.pk)
    assert (row.guest_person_id, row.family_ids, row.right) == (
        shazia.person_id,
        [story.family.pk],
        "guest: invitation",
    )


def test_guest_and_staff_sessions_in_one_browser_stay_separate(inside, shazia, story):
    inside.force_login(story.manager)
    page = text(inside.get(HOME))
    assert story.manager.name not in page
    assert "My work" not in page
    assert AccessEvent.objects.order_by("pk").last().user is None
    assert inside.get(f"/conferences/{shazia.conference_id}/").status_code == 200
    assert AccessEvent.objects.order_by("pk").last().user == story.manager
    inside.post("/guest/leave/")
    assert inside.get(HOME).status_code == 404
    assert inside.get(f"/conferences/{shazia.conference_id}/").status_code == 200


def test_a_guest_has_no_access_to_staff_pages(inside, shazia, conference):
    for path in (
        f"/conferences/{conference.pk}/",
        f"/conferences/{conference.pk}/people/",
        f"/conferences/invitations/{shazia.pk}/",
        f"/families/{conference.family_id}/",
        "/",
        "/outbox/",
    ):
        assert inside.get(path).status_code == 302, path


def test_two_guests_in_two_browsers_each_see_their_own(inside, story, conference, hazel):
    other = Client()
    guests.come_in(other, hazel)
    assert "Hello Hazel" in text(other.get(HOME))
    assert "Hello Shazia" in text(inside.get(HOME))


def test_a_guest_cookie_opens_only_its_own_conference(inside, shazia):
    second = tell()
    other = on_list(invited(second), second.posts["academy"].person)
    elsewhere = Client()
    guests.come_in(elsewhere, other)
    page = text(elsewhere.get(HOME))
    assert other.conference.authority.name in page
    assert shazia.conference.authority.name not in page


# Who comes


def test_the_baseline_shows_the_list_of_people_to_parents_and_to_no_professional(client, hazel, inside):
    assert inside.get(f"{HOME}people/").status_code == 404
    assert "who will be there" not in text(inside.get(HOME)).lower()
    other = Client()
    guests.come_in(other, hazel)
    assert "Shazia Wing" in text(other.get(f"{HOME}people/"))


def test_the_chair_may_show_the_list_and_hide_it_again(inside, shazia, story):
    show_list(participant=shazia, by=story.chair, now=NOW)
    assert "Anil Dunnock" in text(inside.get(f"{HOME}people/"))
    stop_showing_list(participant=shazia, by=story.chair, now=NOW)
    assert inside.get(f"{HOME}people/").status_code == 404
    with pytest.raises(ValidationError):
        show_list(participant=shazia, by=story.coordinator, now=NOW)
    assert ListShown.objects.count() == 1


def test_a_father_sees_only_those_who_come_for_his_child(client, story, conference):
    dale = on_list(conference, story.dale)
    show_list(participant=dale, by=story.chair, now=NOW)
    guests.come_in(client, dale)
    page = text(client.get(f"{HOME}people/"))
    robins, wrens = story.posts["academy"].person, story.posts["primary"].person
    assert robins.full_name in page
    assert wrens.full_name not in page
    assert story.martin.full_name not in page


def test_a_hidden_school_and_its_people_are_not_on_the_list(client, story, conference):
    involvement = AgencyInvolvement.objects.get(child=story.robin, post=story.posts["academy"])
    involvement.confidential = True
    involvement.save()
    involvement.hidden_from.add(story.dale)
    dale = on_list(conference, story.dale)
    show_list(participant=dale, by=story.chair, now=NOW)
    guests.come_in(client, dale)
    page = text(client.get(f"{HOME}people/"))
    assert [words for words in ("Shazia", "Wing", "academy") if words in page] == []
    assert "Tomasz Kestrel" in page


def test_parents_kept_apart_are_not_named_to_each_other(client, story, conference):
    hazel, dale = on_list(conference, story.hazel), on_list(conference, story.dale)
    show_list(participant=dale, by=story.chair, now=NOW)
    guests.come_in(client, dale)
    assert "Hazel" in text(client.get(f"{HOME}people/"))
    hazel.how = HowToAttend.SEPARATE_TIME
    hazel.save()
    assert "Hazel" not in text(client.get(f"{HOME}people/"))


def test_the_supporter_of_another_guest_is_not_named(client, story, conference):
    hazel, dale = on_list(conference, story.hazel), on_list(conference, story.dale)
    refuge = PostFactory(
        agency=AgencyFactory(authority=story.authority, kind=AgencyKind.OTHER, name="Safe Harbour"),
        person=PersonFactory(authority=story.authority, given_name="Rosa", family_name="Linnet"),
    )
    Participant.objects.create(
        conference=conference, person=refuge.person, post=refuge, agency=refuge.agency,
        capacity=Capacity.ADVOCATE, acts_for=hazel, status=ParticipantStatus.INVITED, invited_at=NOW,
    )  # fmt: skip
    for row, seen in ((hazel, True), (dale, False)):
        show_list(participant=row, by=story.chair, now=NOW)
        browser = Client()
        guests.come_in(browser, row)
        assert ("Rosa Linnet" in text(browser.get(f"{HOME}people/"))) is seen


# What ends a guest's access while they are inside


def shut_out(client):
    answers = [client.get(path) for path in PAGES]
    return all(answer.status_code == 404 and "This page is closed" in text(answer) for answer in answers)


def asked_to_stay_out(row, story):
    open_request(participant=row, ground=RequestGround.ASKED, reason="Threats", by=story.coordinator, now=NOW)


def held_for_a_risk(row, story):
    ContactRisk.objects.create(
        person=row.person, ground="violence", detail="Threats", recorded_by=story.social_worker, recorded_at=NOW
    )


def taken_off_the_list(row, story):
    change_list(
        conference=row.conference,
        changes=[as_listed(row, wanted=False, reason="Knows nothing of it")],
        by=story.coordinator,
        now=NOW,
    )


def withdrawn(row, story):
    Participant.objects.filter(pk=row.pk).update(status=ParticipantStatus.WITHDRAWN)


def removed_from_the_meeting(row, story):
    sitting = booked_sitting(row.conference)
    part = sitting.parts.first() or sitting.parts.create(number=1, kind="whole", title="Whole meeting")
    Attendance.objects.create(
        participant=row, part=part, presence=Presence.REMOVED, recorded_by=story.chair, arrived_at=NOW, left_at=NOW
    )


def post_ended(row, story):
    row.post.ends_on = NOW.date()
    row.post.save()


def died(row, story):
    row.person.death_date = NOW.date()
    row.person.save()


def sealed(row, story):
    row.person.sealed_at, row.person.sealed_because = NOW, "Adopted"
    row.person.save()


def merged(row, story):
    row.person.merged_into = PersonFactory(authority=story.authority)
    row.person.save()


def a_child_died(row, story):
    story.robin.person.death_date = NOW.date()
    story.robin.person.save()


def mailbox_changed(row, story):
    Participant.objects.filter(pk=row.pk).update(email="other@agency.example")


def mailbox_shared(row, story):
    Participant.objects.filter(pk=on_list(row.conference, story.hazel).pk).update(email=row.email.upper())


def own_mailbox(row, **changes):
    ContactPoint.objects.create(person=row.person, kind="email", value=row.email.title(), **changes)


def mailbox_ended(row, story):
    own_mailbox(row, is_safe=True, ends_on=NOW.date())


def mailbox_not_safe_any_more(row, story):
    own_mailbox(row, is_safe=False, safety_note="He reads it")


def called_off(row, story):
    cancel_conference(conference=row.conference, reason="No longer needed", by=story.coordinator, now=NOW)


def closed_by_staff(row, story):
    close_guest_link(participant=row, because="Lost phone", by=story.coordinator, now=NOW)


CLOSES = [
    asked_to_stay_out, held_for_a_risk, taken_off_the_list, withdrawn, removed_from_the_meeting, post_ended, died, sealed,
    merged, a_child_died, mailbox_changed, mailbox_shared, mailbox_ended, mailbox_not_safe_any_more, called_off, closed_by_staff,
]  # fmt: skip


@pytest.mark.parametrize("happens", CLOSES, ids=lambda function: function.__name__)
def test_it_ends_access_with_the_guest_inside(inside, shazia, story, happens):
    token = guests.token_of(shazia) if happens is not called_off else None
    happens(Participant.objects.get(pk=shazia.pk), story)
    assert shut_out(inside)
    assert inside.post(f"{HOME}answer/", {"reply": Reply.COMING}).status_code == 404
    if token:
        assert inside.get(f"/guest/open/{token}/").status_code == 404
        assert inside.post("/guest/code/send/", {"token": token}).status_code == 404
    state = link_state(Participant.objects.get(pk=shazia.pk), now=timezone.now())
    assert not state.is_open
    assert state.shut_because


@pytest.mark.parametrize("happens", CLOSES, ids=lambda function: function.__name__)
def test_it_stops_a_code_already_sent_or_being_typed(client, shazia, as_far_as_the_code, story, happens):
    guests.go_on(client, as_far_as_the_code)
    code = guests.code_of(shazia)
    client.post("/guest/code/again/")
    happens(Participant.objects.get(pk=shazia.pk), story)
    guests.send()
    assert Message.objects.filter(kind="code", state="withdrawn").count() == 1
    assert client.post("/guest/code/", {"code": code}).status_code == 404


def test_a_revoked_link_stays_revoked_when_the_chair_lets_the_person_in(inside, shazia, story):
    old = guests.token_of(shazia)
    asked_to_stay_out(shazia, story)
    request = shazia.exclusion_requests.get()
    decide_request(
        request=request, by=story.chair, how=HowToAttend.WHOLE, reason="Heard both", views_through=None, now=NOW
    )
    assert shut_out(inside)
    new = guests.token_of(shazia)
    assert new != old
    assert inside.get(f"/guest/open/{old}/").status_code == 404
    assert inside.get(f"/guest/open/{new}/").status_code == 200


@pytest.mark.parametrize("happens", [*CLOSES, lambda row, story: None], ids=lambda function: function.__name__)
def test_the_queryset_agrees_with_the_reason_that_holds_messages_back(conference, shazia, story, happens):
    happens(Participant.objects.get(pk=shazia.pk), story)
    row = Participant.objects.select_related("conference", "person", "post").get(pk=shazia.pk)
    link = GuestLink.objects.filter(subject_id=row.pk).first()
    is_open = open_links(NOW).filter(pk=link.pk).exists()
    if _reason(row, sequence=row.invitation_sequence, cancels=False):
        assert not is_open


@pytest.mark.parametrize(
    "status", [row for row in ParticipantStatus if row != ParticipantStatus.INVITED], ids=lambda status: status.value
)
def test_only_people_who_are_invited_get_a_link(conference, shazia, status):
    shazia.status = status
    with pytest.raises(ValueError, match="Only people who are invited get a link"):
        issue_link(participant=shazia, sitting=booked_sitting(conference), now=NOW)


def test_a_person_under_a_contact_risk_gets_no_link(story):
    conference = booked(story)
    settled(story, conference)
    held_for_a_risk(on_list(conference, story.dale), story)
    send_invitations(conference=conference, by=story.coordinator, now=NOW)
    dale = on_list(conference, story.dale)
    assert dale.status == ParticipantStatus.AWAITING_CHAIR
    assert not GuestLink.objects.filter(person_id=story.dale.pk).exists()
    assert not open_to_guests(NOW).filter(pk=dale.pk).exists()


def test_after_the_meeting_only_papers_can_be_opened(inside, conference):
    conference.status = ConferenceStatus.CLOSED
    conference.opened_at = conference.ended_at = NOW
    conference.save()
    assert inside.get(f"{HOME}answer/").status_code == 404
    page = text(inside.get(HOME))
    assert "The meeting is over" in page
    assert "Mulberry House" not in page
    assert AccessEvent.objects.filter(page="guest_meeting:answer", kind=ReadKind.REFUSED).count() == 1


# Mailboxes that two people read


def test_another_family_members_mailbox_is_refused_and_both_are_named(story):
    conference = booked(story)
    settled(story, conference)
    ContactPoint.objects.create(person=story.olive, kind="email", value="Dale+home@home.example")
    with pytest.raises(ValidationError) as refused:
        send_invitations(conference=conference, by=story.coordinator, now=NOW)
    assert refused.value.messages == [
        (
            "Dale Ashdown and Olive Brambley have the same e-mail address. Each person needs their "
            "own address, or must be told another way."
        )
    ]
    assert GuestLink.objects.count() == 0


def test_a_shared_agency_mailbox_is_refused(story):
    conference = booked(story)
    settled(story, conference)
    post = story.posts["academy"]
    PostFactory(
        agency=post.agency,
        person=PersonFactory(authority=story.authority, given_name="Bo", family_name="Crake"),
        email=post.email.upper(),
    )
    with pytest.raises(ValidationError) as refused:
        send_invitations(conference=conference, by=story.coordinator, now=NOW)
    assert refused.value.messages == [
        "Shazia Wing and Bo Crake have the same e-mail address. Each person needs their own address, or must be told another way."
    ]


def test_the_mailbox_of_a_councils_account_is_refused(story):
    conference = booked(story)
    settled(story, conference)
    UserFactory(name="Somebody Else", email=story.posts["academy"].email)
    with pytest.raises(ValidationError) as refused:
        send_invitations(conference=conference, by=story.coordinator, now=NOW)
    assert "Shazia Wing and Somebody Else have the same e-mail address" in refused.value.messages[0]


def test_the_list_refuses_a_shared_mailbox_beside_its_field(story):
    conference = booked(story)
    settled(story, conference)
    dale = on_list(conference, story.dale)
    with pytest.raises(ValidationError) as refused:
        change_list(
            conference=conference, changes=[as_listed(dale, email="olive@home.example")], by=story.coordinator, now=NOW
        )
    assert list(refused.value.message_dict) == [f"{dale.pk}-email"]


def test_an_ended_address_may_be_used_by_another_person(story):
    conference = booked(story)
    settled(story, conference)
    ContactPoint.objects.create(person=story.olive, kind="email", value="dale@home.example", ends_on=NOW.date())
    assert send_invitations(conference=conference, by=story.coordinator, now=NOW)


# Staff


def page_of(row, end="link/"):
    return f"/conferences/{row.conference_id}/people/{row.pk}/{end}"


def test_staff_see_where_a_link_went_and_whether_it_was_used(inside, shazia, story):
    staff = Client()
    staff.force_login(story.coordinator)
    page = text(staff.get(page_of(shazia))).replace("\xa0", " ")
    for words in ("Open", shazia.email, "Thursday 10 December 2026"):
        assert words in page, words


def test_with_only_a_phone_number_the_page_says_no_link_can_be_sent(story, conference, client):
    dale = on_list(conference, story.dale)
    olive = Participant.objects.create(
        conference=conference, person=story.olive, capacity=Capacity.RELATIVE, status=ParticipantStatus.INVITED,
        invited_at=NOW, invited_how="Rung by the social worker",
    )  # fmt: skip
    ContactPoint.objects.create(person=story.olive, kind="mobile", value="07700 900 118", is_safe=True)
    client.force_login(story.coordinator)
    page = text(client.get(page_of(olive)))
    assert "Only a phone number is recorded. Links and codes go by e-mail only" in page
    assert dale.pk != olive.pk


def test_staff_need_a_reason_to_revoke_a_link(inside, shazia, story):
    staff = Client()
    staff.force_login(story.coordinator)
    assert "Say why" in text(staff.post(page_of(shazia, "link/close/"), {"because": " "}))
    assert inside.get(HOME).status_code == 200
    assert staff.post(page_of(shazia, "link/close/"), {"because": "Lost phone"}).status_code == 302
    assert shut_out(inside)
    link = GuestLink.objects.get(subject_id=shazia.pk)
    assert (link.revoked_by, link.revoked_because) == (story.coordinator, "Lost phone")
    assert "Lost phone" in text(staff.get(page_of(shazia)))


def test_a_new_link_revokes_the_previous_one(inside, shazia, story):
    old = guests.token_of(shazia)
    staff = Client()
    staff.force_login(story.coordinator)
    assert staff.post(page_of(shazia, "link/new/"), {"because": "Lost phone"}).status_code == 302
    assert shut_out(inside)
    new = guests.token_of(shazia)
    assert [inside.get(f"/guest/open/{token}/").status_code for token in (old, new)] == [404, 200]


@pytest.mark.parametrize("why", [asked_to_stay_out, held_for_a_risk])
def test_no_new_link_while_waiting_for_the_chair(shazia, story, why):
    why(shazia, story)
    with pytest.raises(ValidationError, match="not invited now"):
        send_new_link(participant=shazia, because="Lost phone", by=story.coordinator, now=NOW)


@pytest.mark.parametrize(
    "end", ["link/", "link/close/", "link/new/", "link/people/", "deputy/", "deputy/1/", "deputy/1/end/"]
)
def test_pages_about_links_are_for_those_who_arrange_the_conference(client, shazia, end):
    other = tell()
    path = page_of(shazia, end)
    assert client.post(path).status_code == 302
    for user in (other.coordinator, other.social_worker, other.chair, UserFactory()):
        client.force_login(user)
        assert client.post(path).status_code == 404


def test_only_the_chair_shows_who_comes(client, shazia, story):
    for user, expected in ((story.coordinator, 404), (story.manager, 404), (story.chair, 302)):
        client.force_login(user)
        assert client.post(page_of(shazia, "link/people/"), {"show": "yes"}).status_code == expected


@pytest.mark.usefixtures("hazel_inside")
def test_pages_take_the_same_number_of_queries_with_many_people(client, story, conference, hazel):
    show_list(participant=hazel, by=story.chair, now=NOW)
    client.get(f"{HOME}people/")

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(f"{HOME}people/")
        return len(found)

    before = queries()
    for number in range(30):
        post = PostFactory(agency__authority=story.authority, email=f"more-{number}@agency.example")
        row = Participant.objects.create(
            conference=conference, person=post.person, post=post, agency=post.agency, email=post.email,
            capacity=Capacity.PROFESSIONAL, status=ParticipantStatus.INVITED, invited_at=NOW,
        )  # fmt: skip
        row.children.set(conference.children.all())
    assert queries() == before
