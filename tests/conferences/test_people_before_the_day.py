"""The pages of the people of a conference before the day, and a professional's own."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import Capacity, HowToAttend, ParticipantStatus, Reply
from conferences.models import Participant
from notifications.models import Message
from tests.conferences import story
from tests.conferences.story import NOW, agreed
from tests.conferences.test_pages_before_the_day import asked, clock, gp, people  # noqa: F401 the fixtures
from tests.factories import user_with_role

pytestmark = pytest.mark.django_db


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
    gp = story.on_list(booked, told.posts["gp"].person)  # noqa: F811
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


def test_the_chair_decides_by_page(told, asked, client):  # noqa: F811
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
    gp = story.on_list(invited, told.posts["gp"].person)  # noqa: F811
    client.force_login(told.coordinator)
    client.post(reverse("conferences:participant", args=[invited.pk, gp.pk]), {"reply": "report_only"})
    gp.refresh_from_db()
    assert gp.reply == Reply.REPORT_ONLY


def test_a_professional_sees_only_date_place_and_answer(told, gp, client):  # noqa: F811
    user, row = gp
    client.force_login(user)
    page = client.get(reverse("conferences:my-invitation", args=[row.pk])).content.decode()
    assert row.conference.reference in page
    for hidden in ("Hazel", "Robin", "Brambley", "Kestrel", "Finch", told.family.case_number):
        assert hidden not in page
    assert client.get(reverse("conferences:overview", args=[row.conference_id])).status_code == 404


def test_a_professional_answers(gp, client):  # noqa: F811
    user, row = gp
    client.force_login(user)
    url = reverse("conferences:my-invitation", args=[row.pk])
    assert client.post(url, {"reply": ""}).status_code == 200
    client.post(url, {"reply": "deputy"})
    row.refresh_from_db()
    assert row.reply == Reply.DEPUTY


def test_an_invitation_closes_when_it_is_withdrawn_or_the_post_ends(told, gp, client):  # noqa: F811
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


def test_users_cannot_open_another_persons_invitation(told, people, gp, client):  # noqa: F811
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
