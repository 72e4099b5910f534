"""The pages before the day: who may open each, that it responds, and the input it keeps on a refusal."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessEvent
from conferences.enums import Capacity, ConferenceStatus, HowToAttend, ParticipantStatus, Reply, RequestGround
from conferences.models import Conference, Participant
from conferences.services.exclusions import open_request
from families.enums import EnquiryOutcome
from families.models import Enquiry, StrategyDiscussion
from notifications.models import Message
from tests.conferences import story
from tests.conferences.story import LONDON, NOW, agreed
from tests.factories import NamedForFamilyFactory, TeamFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
EVERYBODY = frozenset(
    {"social_worker", "manager", "chair", "coordinator", "service_manager", "other_chair", "auditor", "administrator"}
)
SOCIAL_CARE = frozenset({"social_worker", "manager", "coordinator"})


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def people(told):
    """One user of each kind, from the right council and from another."""
    return {
        "social_worker": told.social_worker,
        "manager": told.manager,
        "chair": told.chair,
        "coordinator": told.coordinator,
        "service_manager": user_with_role(Role.SERVICE_MANAGER, authority=told.authority),
        "other_chair": user_with_role(Role.CHAIR, authority=told.authority),
        "auditor": user_with_role(Role.AUDITOR, authority=told.authority),
        "administrator": user_with_role(Role.ADMINISTRATOR, authority=told.authority),
        "other_team": user_with_role(Role.SOCIAL_WORKER, team=TeamFactory(authority=told.authority)),
        "other_council_worker": user_with_role(Role.SOCIAL_WORKER),
        "other_council_coordinator": user_with_role(Role.COORDINATOR),
        "other_council_chair": user_with_role(Role.CHAIR),
        "professional": user_with_role(Role.PROFESSIONAL, authority=told.authority),
    }


def pages(conference, request, gp):
    """Return every URL of this part with those who may open it."""
    family = conference.family_id
    read = {"social_worker", "manager", "chair", "coordinator", "service_manager"}
    return {
        reverse("conferences:enquiries", args=[family]): read,
        reverse("conferences:record-strategy-discussion", args=[family]): SOCIAL_CARE,
        reverse("conferences:end-enquiry", args=[family, Enquiry.objects.first().pk]): SOCIAL_CARE,
        reverse("conferences:record-transfer-in", args=[family]): SOCIAL_CARE,
        reverse("conferences:ask-for-conference", args=[family]): SOCIAL_CARE,
        reverse("conferences:schedule", args=[family]): SOCIAL_CARE,
        reverse("conferences:overview", args=[conference.pk]): read,
        reverse("conferences:move", args=[conference.pk]): SOCIAL_CARE,
        reverse("conferences:cancel", args=[conference.pk]): SOCIAL_CARE,
        reverse("conferences:late-reason", args=[conference.pk]): SOCIAL_CARE,
        reverse("conferences:people", args=[conference.pk]): read,
        reverse("conferences:change-list", args=[conference.pk]): SOCIAL_CARE,
        reverse("conferences:add-participant", args=[conference.pk]): SOCIAL_CARE,
        reverse("conferences:check-invitations", args=[conference.pk]): SOCIAL_CARE,
        reverse("conferences:participant", args=[conference.pk, gp.pk]): read,
        reverse("conferences:ask-chair", args=[conference.pk, gp.pk]): read,
        reverse("conferences:decide-request", args=[conference.pk, request.pk]): {"chair"},
        reverse("conferences:stand-ins", args=[conference.pk]): {"chair", "coordinator", "service_manager"},
    }


@once_per_module(at=NOW)
def asked(told, invited):
    request = open_request(
        participant=story.on_list(invited, told.dale),
        ground=RequestGround.ASKED,
        reason="Hazel is afraid",
        by=told.social_worker,
        now=NOW,
    )
    return invited, request


def test_each_page_opens_only_for_those_who_may_open_it(told, people, asked, client):
    conference, request = asked
    gp = story.on_list(conference, told.posts["gp"].person)
    allowed = {url: set(names) for url, names in pages(conference, request, gp).items()}
    opened: dict[str, set[str]] = {url: set() for url in allowed}
    for name, user in people.items():
        client.force_login(user)
        for url in allowed:
            if client.get(url).status_code == 200:
                opened[url].add(name)
    assert opened == allowed


def test_signed_out_users_are_sent_to_sign_in(told, asked, client):
    conference, request = asked
    gp = story.on_list(conference, told.posts["gp"].person)
    others = ["conferences:conferences", "conferences:my-invitations"]
    for url in [*pages(conference, request, gp), *map(reverse, others)]:
        answer = client.get(url)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/account/sign-in/"), url


def test_a_restricted_family_opens_for_named_people_only(told, people, asked, client):
    conference, _ = asked
    told.family.restricted = True
    told.family.save()
    other = user_with_role(Role.COORDINATOR, authority=told.authority)
    team_mate = user_with_role(Role.SOCIAL_WORKER, team=told.team)
    found = {}
    named = user_with_role(Role.SERVICE_MANAGER, authority=told.authority)
    NamedForFamilyFactory(family=told.family, user=named)
    others = {"other_coordinator": other, "team_mate": team_mate, "named": named}
    for name, user in {**people, **others}.items():
        client.force_login(user)
        found[name] = client.get(reverse("conferences:overview", args=[conference.pk])).status_code
    assert {name for name, status in found.items() if status == 200} == {
        "social_worker",
        "chair",
        "coordinator",
        "named",
    }


def test_a_user_related_to_a_child_never_opens_the_conference(told, people, asked, client):
    conference, _ = asked
    told.olive.user = people["service_manager"]
    told.olive.save()
    client.force_login(people["service_manager"])
    assert client.get(reverse("conferences:overview", args=[conference.pk])).status_code == 404


def test_refusals_and_reads_are_logged(told, people, asked, client):
    conference, _ = asked
    AccessEvent.objects.all()
    before = AccessEvent.objects.count()
    for name in ("chair", "other_team"):
        client.force_login(people[name])
        client.get(reverse("conferences:overview", args=[conference.pk]))
    rows = AccessEvent.objects.order_by("pk")[before:]
    assert [(row.user, row.kind, row.subject_id) for row in rows] == [
        (people["chair"], "page", conference.pk),
        (people["other_team"], "refused", conference.pk),
    ]


# strategy discussion


DISCUSSION = {
    "held_on_day": "8",
    "held_on_month": "12",
    "held_on_year": "2026",
    "held_time": "14:00",
    "agencies_present": "Police",
    "reason": "Bruises that nobody explains, and a story that changes",
}


def test_recording_a_discussion_shows_the_last_day_and_how_it_was_counted(told, client):
    client.force_login(told.social_worker)
    url = reverse("conferences:record-strategy-discussion", args=[told.family.pk])
    data = {**DISCUSSION, "children": [child.pk for child in told.children]}
    answer = client.post(url, data, follow=True)
    page = answer.content.decode().replace("\xa0", " ")
    assert answer.status_code == 200
    assert 'Conference by <time datetime="2026-12-31">Thursday 31 December 2026</time>' in page
    assert "Not counted: 5 weekend days, Christmas Day" in page
    assert "Christmas Day" in page
    assert Enquiry.objects.filter(started_on=datetime.date(2026, 12, 8)).count() == 3
    client.post(url, data)
    assert StrategyDiscussion.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"held_on_year": "2027"}, "A strategy discussion can&#x27;t be recorded before it is held"),
        ({"held_on_month": "13"}, "Write the month as a number from 1 to 12"),
        ({"reason": " "}, "Say why enquiries were started"),
        ({"children": []}, "Choose at least one child"),
    ],
)
def test_an_impossible_discussion_is_refused_and_the_input_kept(told, client, wrong, message):
    client.force_login(told.social_worker)
    url = reverse("conferences:record-strategy-discussion", args=[told.family.pk])
    typed = {**DISCUSSION, "children": [told.robin.pk], **wrong}
    page = client.post(url, typed).content.decode()
    assert StrategyDiscussion.objects.count() == 0
    assert message in page
    assert "Police" in page


def test_an_enquiry_can_end_without_a_conference(told, discussed, client):
    enquiry = told.wren.enquiries.get()
    client.force_login(told.social_worker)
    client.post(
        reverse("conferences:end-enquiry", args=[told.family.pk, enquiry.pk]), {"reason": "A fall that was seen"}
    )
    enquiry.refresh_from_db()
    assert (enquiry.outcome, enquiry.outcome_reason) == (EnquiryOutcome.CONFERENCE_NOT_REQUIRED, "A fall that was seen")


# scheduling


def schedule_data(told, **changes):
    return {
        "children": [child.pk for child in told.children],
        f"kind-{told.robin.pk}": "initial",
        f"kind-{told.wren.pk}": "initial",
        f"kind-{told.baby.pk}": "pre_birth",
        "reason": "Bruises",
        "day": "2026-12-22",
        "start": "10:00",
        "length": "150",
        "mode": "in_person",
        "room": told.room.pk,
        "chair": told.chair.pk,
        "coordinator": told.coordinator.pk,
        **changes,
    }


def test_the_day_is_chosen_without_javascript_and_then_the_times(told, discussed, client):
    client.force_login(told.coordinator)
    url = reverse("conferences:schedule", args=[told.family.pk])
    first = client.get(url).content.decode()
    assert 'value="2026-12-22"' in first
    second = client.get(url, {"day": "2026-12-22"})
    page = second.content.decode()
    assert "If it is" in page
    assert told.room.name in page
    assert f'name="kind-{told.baby.pk}"' in page


def test_booking_redirects_to_the_list_of_people(told, discussed, client):
    client.force_login(told.coordinator)
    url = reverse("conferences:schedule", args=[told.family.pk])
    answer = client.post(url, schedule_data(told))
    conference = Conference.objects.get()
    assert answer.url == reverse("conferences:people", args=[conference.pk])
    sitting = conference.sittings.get()
    assert sitting.family_arrives_at == datetime.datetime(2026, 12, 22, 9, 30, tzinfo=LONDON)
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"day": "2026-12-19"}, "is a weekend"),
        ({"day": "2026-12-25"}, "Confirm that you mean it"),
        ({"day": "2026-12-09"}, "say why it is recorded afterwards"),
        ({"day": "2026-12-07", "recorded_afterwards_reason": "x"}, "The conference can&#x27;t be before it"),
        ({"day": "2026-12-15"}, "of notice. Say why it can&#x27;t be more"),
        ({"start": "25:00"}, "Write the time like 10:00"),
        ({"room": ""}, "Choose a room, or choose that everyone is online"),
        ({"children": []}, "Choose at least one child"),
    ],
)
def test_an_impossible_booking_is_refused_beside_its_field_and_the_input_kept(told, discussed, client, wrong, message):
    client.force_login(told.coordinator)
    url = reverse("conferences:schedule", args=[told.family.pk])
    page = client.post(url, schedule_data(told, reason="Words worth keeping", **wrong)).content.decode()
    assert Conference.objects.count() == 0
    assert message in page
    assert "Words worth keeping" in page
    assert "There is a problem" in page


def test_a_date_that_does_not_exist_is_asked_for_again(told, discussed, client):
    client.force_login(told.coordinator)
    url = reverse("conferences:schedule", args=[told.family.pk])
    page = client.get(url, {"other_day": "31", "other_month": "2", "other_year": "2027"}).content.decode()
    assert "Choose a day, or enter a date" in page


def test_a_day_beyond_the_calendar_is_refused_in_words(told, discussed, client):
    client.force_login(told.coordinator)
    url = reverse("conferences:schedule", args=[told.family.pk])
    assert client.get(url, {"day": "2150-01-01"}).status_code == 200
    page = client.post(url, schedule_data(told, day="2150-01-01")).content.decode()
    assert "The calendar of working days knows" in page


def test_moving_and_cancelling_by_page(told, invited, client):
    client.force_login(told.coordinator)
    url = reverse("conferences:move", args=[invited.pk])
    assert client.get(url).status_code == 200
    data = schedule_data(told, day="2026-12-23", reason="The mother has a scan")
    assert client.post(url, {**data, "confirm": "yes"}).url == reverse("conferences:overview", args=[invited.pk])
    assert invited.sittings.get().starts_at == datetime.datetime(2026, 12, 23, 10, tzinfo=LONDON)
    client.post(reverse("conferences:cancel", args=[invited.pk]), {"reason": "Chair ill"})
    invited.refresh_from_db()
    assert invited.status == ConferenceStatus.CANCELLED
    assert client.get(url).url == reverse("conferences:overview", args=[invited.pk])


# people


def list_data(conference, **changes):
    data = {}
    for row in conference.participants.all():
        data |= {
            f"{row.pk}-wanted": "on",
            f"{row.pk}-mode": row.mode,
            f"{row.pk}-email": row.email,
            f"{row.pk}-invited_how": "",
            f"{row.pk}-reason": "",
            f"{row.pk}-arrives": "",
            f"{row.pk}-version": row.version,
        }
    return {name: value for name, value in {**data, **changes}.items() if value is not None}


def test_the_list_shows_each_reason_and_those_not_asked(told, booked, client):
    client.force_login(told.coordinator)
    page = client.get(reverse("conferences:change-list", args=[booked.pk])).content.decode()
    assert "Midwifery is always asked for an unborn child" in page
    assert "Under 10: someone brings the child&#x27;s views" in page
    assert "Quorate if everyone comes" in page


def test_ticking_checking_and_sending(told, booked, client):
    agreed(told, booked)
    client.force_login(told.coordinator)
    answer = client.post(reverse("conferences:change-list", args=[booked.pk]), list_data(booked))
    check = reverse("conferences:check-invitations", args=[booked.pk])
    assert answer.url == check
    page = client.get(check).content.decode().replace("\xa0", " ")
    assert "Send 11 invitations" in page
    client.post(check)
    client.post(check)
    assert Message.objects.count() == 11
    assert client.get(reverse("conferences:people", args=[booked.pk])).status_code == 200


def test_leaving_someone_out_without_a_reason_is_refused_and_the_input_kept(told, booked, client):
    client.force_login(told.coordinator)
    gp = story.on_list(booked, told.posts["gp"].person)
    hazel = story.on_list(booked, told.hazel)
    changes = {f"{gp.pk}-wanted": None, f"{hazel.pk}-email": "new@home.example"}
    page = client.post(
        reverse("conferences:change-list", args=[booked.pk]), list_data(booked, **changes)
    ).content.decode()
    assert "Say why you are leaving out Anil Dunnock." in page
    assert "new@home.example" in page
    assert f'href="#id_{gp.pk}-reason"' in page
    assert story.on_list(booked, told.hazel).email == "hazel@home.example"


def test_adding_a_supporter_who_is_not_recorded_yet(told, booked, client):
    client.force_login(told.coordinator)
    url = reverse("conferences:add-participant", args=[booked.pk])
    data = {
        "who": "new",
        "given_name": "Ivy",
        "family_name": "Moss",
        "capacity": "supporter",
        "acts_for": story.on_list(booked, told.hazel).pk,
        "ties": "A neighbour",
        "children": [row.pk for row in booked.children.all()],
        "reason": "Hazel brings her",
        "email": "ivy@home.example",
    }
    assert client.post(url, {**data, "given_name": ""}).status_code == 200
    assert client.post(url, data).status_code == 302
    ivy = booked.participants.get(person__given_name="Ivy")
    assert (ivy.capacity, ivy.status) == (Capacity.SUPPORTER, ParticipantStatus.TO_INVITE)


def test_the_six_year_old_can_be_asked_after_all_with_a_reason(told, booked, client):
    client.force_login(told.coordinator)
    url = reverse("conferences:add-participant", args=[booked.pk])
    page = client.get(url, {"person": told.wren.person_id}).content.decode()
    assert f'<option value="{told.wren.person_id}" selected>' in page
    client.post(
        url,
        {
            "who": "person",
            "person": told.wren.person_id,
            "capacity": "child",
            "children": [booked.children.get(child=told.wren).pk],
            "reason": "She asked to come",
        },
    )
    assert story.on_list(booked, told.wren.person).status == ParticipantStatus.TO_INVITE


def test_the_chair_decides_by_page(told, asked, client):
    conference, request = asked
    client.force_login(told.chair)
    url = reverse("conferences:decide-request", args=[conference.pk, request.pk])
    page = client.post(url, {"how": "not_at_all", "reason": "She is afraid of him"}).content.decode()
    assert "Choose who brings this person&#x27;s views" in page
    assert "She is afraid of him" in page
    worker = conference.participants.get(capacity=Capacity.SOCIAL_WORKER)
    client.post(url, {"how": "not_at_all", "reason": "She is afraid of him", "views_through": worker.pk})
    dale = story.on_list(conference, told.dale)
    assert (dale.status, dale.how) == (ParticipantStatus.KEPT_OUT, HowToAttend.NOT_AT_ALL)
    assert client.get(url).status_code == 200


def test_asking_the_chair_by_page_holds_the_person(told, invited, client):
    martin = story.on_list(invited, told.martin)
    client.force_login(told.social_worker)
    client.post(
        reverse("conferences:ask-chair", args=[invited.pk, martin.pk]),
        {"reason": "Hazel asks for it", "asked_for": told.hazel.pk},
    )
    request = martin.exclusion_requests.get()
    assert (request.asked_for, story.on_list(invited, told.martin).status) == (
        told.hazel,
        ParticipantStatus.AWAITING_CHAIR,
    )


def test_the_coordinator_records_an_answer(told, invited, client):
    gp = story.on_list(invited, told.posts["gp"].person)
    client.force_login(told.coordinator)
    client.post(reverse("conferences:participant", args=[invited.pk, gp.pk]), {"reply": "report_only"})
    gp.refresh_from_db()
    assert gp.reply == Reply.REPORT_ONLY


# a professional's own page


@once_per_module(at=NOW)
def gp(told):
    user = user_with_role(Role.PROFESSIONAL, authority=told.authority)
    person = told.posts["gp"].person
    person.user = user
    person.save()
    conference = story.invited(told)
    return user, story.on_list(conference, person)


def test_a_professional_sees_only_date_place_and_answer(told, gp, client):
    user, row = gp
    client.force_login(user)
    page = client.get(reverse("conferences:my-invitation", args=[row.pk])).content.decode()
    assert row.conference.reference in page
    for hidden in ("Hazel", "Robin", "Brambley", "Kestrel", "Finch", told.family.case_number):
        assert hidden not in page
    assert client.get(reverse("conferences:overview", args=[row.conference_id])).status_code == 404


def test_a_professional_answers(gp, client):
    user, row = gp
    client.force_login(user)
    url = reverse("conferences:my-invitation", args=[row.pk])
    assert client.post(url, {"reply": ""}).status_code == 200
    client.post(url, {"reply": "deputy"})
    row.refresh_from_db()
    assert row.reply == Reply.DEPUTY


def test_an_invitation_closes_when_it_is_withdrawn_or_the_post_ends(told, gp, client):
    user, row = gp
    client.force_login(user)
    url = reverse("conferences:my-invitation", args=[row.pk])
    post = told.posts["gp"]
    post.ends_on = NOW.date()
    post.save()
    assert client.get(url).status_code == 404
    post.ends_on = None
    post.save()
    Participant.objects.filter(pk=row.pk).update(status=ParticipantStatus.AWAITING_CHAIR)
    assert client.get(url).status_code == 404


def test_users_cannot_open_another_persons_invitation(told, people, gp, client):
    _, row = gp
    for name in ("professional", "coordinator", "chair"):
        client.force_login(people[name])
        assert client.get(reverse("conferences:my-invitation", args=[row.pk])).status_code == 404


def test_a_parent_with_an_account_has_no_invitation_page(told, invited, client):
    user = user_with_role(Role.PROFESSIONAL, authority=told.authority)
    told.hazel.user = user
    told.hazel.save()
    client.force_login(user)
    hazel = story.on_list(invited, told.hazel)
    assert client.get(reverse("conferences:my-invitation", args=[hazel.pk])).status_code == 404
