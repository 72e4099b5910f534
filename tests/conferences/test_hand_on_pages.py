"""Refusals, other roads and pages of handing a conference on to another chair or coordinator."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import ParticipantStatus
from conferences.models import Conference, Replacement
from conferences.selectors.telling import words_to_say
from conferences.services.scheduling import cancel_conference, move_sitting
from conferences.services.to_tell import open_for
from families.models import ContactPoint
from notifications.enums import Subject
from tests.conferences import story
from tests.conferences.story import on_list
from tests.conferences.test_hand_on import DAY, MINUTE, NOW, _then, empty_outbox, fresh, hand, others, runners, told_by  # noqa: F401 the fixtures
from tests.factories import AllocationFactory, RoleAssignmentFactory, user_with_role

pytestmark = pytest.mark.django_db


# Refusals, two tabs and twice


def refusal_of(act, *args, **fields):
    with pytest.raises(ValidationError) as refused:
        act(*args, **fields)
    found = refused.value
    return found.message_dict if hasattr(found, "error_dict") else found.messages


def test_a_chair_booked_at_that_time_is_refused_and_nothing_changes(told, invited, erin):
    other = story.tell(told.authority)
    story.booked(other, chair=erin, room=other.room)
    assert refusal_of(hand, told, invited, chair=erin) == {"chair": ["The chair is already booked at this time."]}


def test_a_chair_is_independent_of_the_case(told, invited, erin):
    RoleAssignmentFactory(user=erin, role=Role.TEAM_MANAGER, team=told.team, authority=told.authority)
    assert list(refusal_of(hand, told, invited, chair=fresh(erin))) == ["chair"]
    wilf = user_with_role(Role.CHAIR, authority=told.authority, name="Wilf Dunlin")
    AllocationFactory(family=told.family, user=wilf)
    assert list(refusal_of(hand, told, invited, chair=wilf)) == ["chair"]


def test_the_same_twice_and_an_old_tab(told, invited, erin, nora):
    version = invited.version
    hand(told, invited, chair=erin, version=version)
    assert hand(told, invited, chair=erin, version=version).chair == erin
    assert Replacement.objects.count() == 1
    assert refusal_of(hand, told, invited, coordinator=nora, version=version) == [
        "Someone else has changed this conference since you opened the page. Look at it again."
    ]


def test_a_reason_is_asked_and_a_cancelled_conference_is_not_handed_on(told, invited, erin):
    assert refusal_of(hand, told, invited, chair=erin, reason=" ") == {"reason": ["Say why someone else takes over."]}
    cancel_conference(conference=invited, reason="Ended", by=told.coordinator, now=NOW)
    assert len(refusal_of(hand, told, invited, chair=erin)) == 1


# Other roads to the same


def test_a_move_with_another_chair_changes_the_list_too_and_one_message_says_both(told, invited, erin):
    empty_outbox(1)
    mail.outbox.clear()
    booking = story.booking(told, chair=erin, starts_at=story.STARTS_AT + DAY)
    move_sitting(
        sitting=invited.sittings.get(), booking=booking, reason="Ill", by=told.coordinator, now=NOW + 2 * MINUTE
    )
    empty_outbox(3)
    assert runners(invited) >= {
        ("Tomasz Kestrel", ParticipantStatus.WITHDRAWN), ("Erin Martlet", ParticipantStatus.INVITED),
    }  # fmt: skip
    letters = [one for one in told_by(Subject.CHANGED) if told.coordinator.email not in one.to]
    assert sorted(one.to[0] for one in letters) == sorted(others(invited).values_list("email", flat=True))
    for one in letters:
        assert "has changed" in one.body
        assert "Erin Martlet now leads this meeting." in one.body
        assert "are the same" not in one.body
    assert told_by(Subject.WHO_RUNS) == []
    hand(told, invited, minutes=4, chair=erin)
    empty_outbox(5)
    assert told_by(Subject.WHO_RUNS) == []
    assert len([one for one in mail.outbox if erin.email in one.to]) == 1
    assert Replacement.objects.get().reason == "Ill"


def moved_to(told, conference, chair, *, minutes, days=1):
    booking = story.booking(told, chair=chair, starts_at=story.STARTS_AT + days * DAY)
    sitting, now = conference.sittings.get(), NOW + minutes * MINUTE
    move_sitting(sitting=sitting, booking=booking, reason="Ill", by=told.coordinator, now=now)


def test_moved_back_with_the_new_chair_kept_only_the_name_is_told(told, invited, erin):
    empty_outbox(1)
    mail.outbox.clear()
    moved_to(told, invited, erin, minutes=2)
    moved_to(told, invited, erin, minutes=3, days=0)
    empty_outbox(4)
    assert [one.subject for one in told_by(Subject.CHANGED)] == []
    assert sorted(one.to[0] for one in told_by(Subject.WHO_RUNS)) == sorted(
        others(invited).values_list("email", flat=True)
    )


def test_moved_twice_before_anything_left_the_one_message_says_the_last_name(told, invited, erin):
    wilf = user_with_role(Role.CHAIR, authority=told.authority, name="Wilf Dunlin")
    empty_outbox(1)
    mail.outbox.clear()
    hand(told, invited, minutes=2, chair=wilf)
    moved_to(told, invited, erin, minutes=3)
    empty_outbox(4)
    assert told_by(Subject.WHO_RUNS) == []
    bodies = [one.body for one in told_by(Subject.CHANGED) if told.coordinator.email not in one.to]
    assert len(bodies) == others(invited).count()
    assert all("Erin Martlet now leads this meeting." in body and "Dunlin" not in body for body in bodies)


def test_where_the_one_message_does_not_leave_someone_tells_both(told, invited, erin):
    empty_outbox(1)
    hazel = on_list(invited, told.hazel)
    moved_to(told, invited, erin, minutes=2)
    ContactPoint.objects.filter(person=told.hazel).update(is_safe=False)
    empty_outbox(3)
    said = words_to_say(open_for(hazel), Conference.objects.get(), invited.sittings.get())
    assert "has changed" in said
    assert "The meeting is now led by Erin Martlet" in said


# The pages


def the_page(conference):
    return reverse("conferences:hand-on", args=[conference.pk])


def test_the_page_offers_those_who_are_free_and_names_the_others_with_their_times(told, invited, erin, client):
    wilf = user_with_role(Role.CHAIR, authority=told.authority, name="Wilf Dunlin")
    other = story.tell(told.authority)
    story.booked(other, chair=wilf, room=other.room)
    client.force_login(told.coordinator)
    form = client.get(the_page(invited)).context["form"]
    assert [name for _, name in form.fields["chair"].choices] == [
        "Tomasz Kestrel, as before", "Erin Martlet", "Tomasz Kestrel",
    ]  # fmt: skip
    assert form.fields["chair"].help_text == "Booked at that time: Wilf Dunlin (9:30 to 12:30)"
    posted = {"chair": wilf.pk, "reason": "Leave", "version": invited.version}
    answer = client.post(the_page(invited), posted)
    assert answer.context["form"].errors["chair"] == ["Choose someone who is free at that time"]
    assert answer.context["form"]["reason"].value() == "Leave"


def test_handed_over_on_the_page_and_kept_with_the_reason(told, invited, erin, client):
    client.force_login(told.coordinator)
    posted = {"chair": erin.pk, "coordinator": "", "reason": "On leave", "version": invited.version}
    assert client.post(the_page(invited), posted).url == reverse("conferences:overview", args=[invited.pk])
    page = client.get(the_page(invited)).content.decode()
    assert "Erin Martlet</strong> after Tomasz Kestrel" in page
    nothing = client.post(the_page(invited), {"reason": "On leave", "version": 99})
    assert nothing.context["form"].errors["chair"] == ["Choose who takes over"]


def test_neither_the_chair_nor_a_social_worker_chooses_the_next_chair(told, invited, client):
    for user, status in ((told.chair, 404), (told.social_worker, 404), (told.manager, 404), (told.coordinator, 200)):
        client.force_login(user)
        assert client.get(the_page(invited)).status_code == status


def test_a_coordinator_of_a_restricted_case_who_hands_it_on_is_led_away(told, invited, nora, client):
    told.family.restricted = True
    told.family.save()
    client.force_login(told.coordinator)
    posted = {"coordinator": nora.pk, "reason": "On leave", "version": invited.version}
    assert client.post(the_page(invited), posted).url == reverse("conferences:conferences")
    assert client.get(the_page(invited)).status_code == 404


def test_each_conference_of_someone_who_is_away_goes_to_somebody(told, invited, erin, client):
    other = story.tell(told.authority)
    second = story.booked(other, chair=told.chair, room=other.room, starts_at=story.STARTS_AT + DAY)
    client.force_login(told.coordinator)
    rows = client.get(reverse("conferences:who-runs")).context["rows"]
    assert [(row.user.name, row.chairs, row.coordinates) for row in rows if row.chairs] == [("Tomasz Kestrel", 2, 0)]
    page = reverse("conferences:hand-on-each", args=[told.chair.pk])
    posted = {
        f"{invited.pk}-chair": erin.pk, f"{invited.pk}-version": invited.version, f"{second.pk}-chair": other.chair.pk,
        f"{second.pk}-version": second.version, "reason": "On leave",
    }  # fmt: skip
    assert client.post(page, posted).url == reverse("conferences:who-runs")
    assert (fresh(invited).chair, fresh(second).chair) == (erin, other.chair)
    assert client.get(page).status_code == 404


def test_if_one_of_them_can_not_be_handed_over_none_is(told, invited, erin, client):
    other = story.tell(told.authority)
    second = story.booked(other, chair=told.chair, room=other.room, starts_at=story.STARTS_AT + DAY)
    third = story.tell(told.authority)
    client.force_login(told.coordinator)
    page = reverse("conferences:hand-on-each", args=[told.chair.pk])
    client.get(page)
    posted = {
        f"{invited.pk}-chair": erin.pk, f"{invited.pk}-version": invited.version, f"{second.pk}-chair": erin.pk,
        f"{second.pk}-version": second.version + 3, "reason": "On leave",
    }  # fmt: skip
    answer = client.post(page, posted)
    assert list(answer.context["form"].errors) == [f"{second.pk}-chair"]
    assert fresh(invited).chair == told.chair
    assert third.chair.pk


def test_the_queries_of_the_page_do_not_grow_with_the_conferences(told, invited, erin, client):
    client.force_login(told.coordinator)
    page = reverse("conferences:hand-on-each", args=[told.chair.pk])
    client.get(page)
    with CaptureQueriesContext(connection) as one:
        client.get(page)
    for days in range(1, 5):
        other = story.tell(told.authority)
        other.chair.roles.all().delete()
        other.coordinator.roles.all().delete()
        starts_at = story.STARTS_AT + days * DAY
        if starts_at.isoweekday() < 6:
            story.booked(
                other, chair=told.chair, coordinator=told.coordinator, room=other.room, starts_at=starts_at,
                closed_day_confirmed=True,
            )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) <= len(one)
