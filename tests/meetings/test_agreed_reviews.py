"""What was agreed in the room stands in the diaries before a letter promises it."""

from __future__ import annotations

import datetime
from http import HTTPStatus

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import ConferenceKind, ConferenceStatus, Mode, Outcome, PlanEffect
from conferences.models import Conference, Room
from conferences.plans_held import HeldPlan
from conferences.services.agreed_reviews import why_not_booked
from conferences.services.scheduling import cancel_conference
from deadlines.models import Deadline
from deadlines.policies import policy_for
from govuk.words import NO_BREAK
from meetings.selectors.next_dates import what_will_follow
from meetings.services.closing import agree_next_dates, close_conference
from notifications.models import Notice
from reports.content.freezing import content_of
from tests.conferences.conftest import NOW
from tests.factories import SittingFactory, procedures_with, user_with_role
from tests.meetings.test_closing import ENDED, LATER, decide
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

CORE_GROUP = datetime.datetime(2026, 12, 30, 14, tzinfo=datetime.UTC)
NEXT_DAY = LATER + datetime.timedelta(days=1)
REVIEW = datetime.datetime(2027, 3, 16, 10, tzinfo=datetime.UTC)


@once_per_module(at=NOW)
def decided(meeting):
    """Wren has a child protection plan, Robin other support."""
    decide(meeting, meeting.wren)
    decide(meeting, meeting.robin, Outcome.OTHER_SUPPORT)
    meeting.room = Room.objects.create(authority=meeting.authority, name="Mulberry Room")
    return meeting


def agree(meeting, **changes):
    facts = {
        "first_core_group_at": CORE_GROUP,
        "first_core_group_place": "Meadow Lane",
        "review_at": REVIEW,
        "review_mode": Mode.IN_PERSON,
        "review_room": meeting.room,
        "review_chair": meeting.chair,
    }
    return agree_next_dates(conference=meeting.conference, by=meeting.coordinator, now=NOW, **{**facts, **changes})


def close(meeting):
    closed = close_conference(conference=meeting.conference, by=meeting.chair, ended_at=ENDED, now=LATER)
    return closed.followed_by.first()


def open_deadline(kind):
    return Deadline.objects.open().filter(kind=kind).first()


def test_closing_books_the_review_for_the_children_with_a_plan(decided):
    agree(decided)
    review = close(decided)
    child = review.children.get()
    assert (child.child, child.kind) == (decided.wren.child, ConferenceKind.REVIEW)
    sitting = review.sittings.get()
    assert (review.status, sitting.starts_at, sitting.room, sitting.chair, review.coordinator) == (
        ConferenceStatus.SCHEDULED, REVIEW, decided.room, decided.chair, decided.coordinator,
    )  # fmt: skip
    assert not review.participants.filter(invited_at__isnull=False).exists()
    assert open_deadline("agreed-review-booked") is None


def test_its_invitations_wait_until_the_councils_day(decided):
    agree(decided)
    close(decided)
    # Tuesday 16 March 2027, 20 working days back; no bank holiday between.
    assert open_deadline("invitations-sent").due_on == datetime.date(2027, 2, 16)


def test_closing_twice_books_it_once(decided):
    agree(decided)
    close(decided)
    close(decided)
    assert Conference.objects.filter(follows=decided.conference).count() == 1


def taken(meeting, **booked):
    early, late = REVIEW - datetime.timedelta(minutes=30), REVIEW + datetime.timedelta(hours=2)
    return SittingFactory(starts_at=REVIEW, booked_from=early, booked_until=late, **booked)


@pytest.mark.parametrize("why", ["chair", "room", "no room", "chair without the role"])
def test_what_can_not_be_booked_is_asked_for_and_the_meeting_closes_all_the_same(decided, why):
    if why == "chair":
        taken(decided, chair=decided.chair)
    elif why == "room":
        taken(decided, room=decided.room)
    agreed = agree(
        decided,
        review_room=None if why == "no room" else decided.room,
        review_chair=decided.worker if why == "chair without the role" else decided.chair,
    )
    assert why_not_booked(agreed, [decided.wren.child], now=NOW)
    review = close(decided)
    decided.conference.refresh_from_db()
    assert decided.conference.status == ConferenceStatus.CLOSED
    assert (review.status, review.sittings.exists(), review.coordinator) == (
        ConferenceStatus.REQUESTED, False, decided.coordinator,
    )  # fmt: skip
    owed = open_deadline("agreed-review-booked")
    assert (owed.due_on, owed.responsible_ids) == (datetime.date(2026, 12, 24), [decided.coordinator.pk])
    assert Notice.objects.filter(user=decided.coordinator, text__contains="not booked yet").count() == 1


def test_where_chair_and_room_are_free_nothing_stands_in_the_way(decided):
    assert why_not_booked(agree(decided), [decided.wren.child], now=NOW) == []


@pytest.mark.parametrize(("booked", "place"), [(True, "Mulberry Room"), (False, "")])
def test_the_letter_says_where_only_what_is_booked(decided, booked, place):
    agree(decided, review_room=decided.room if booked else None)
    close(decided)
    decided.conference.refresh_from_db()
    dates = content_of(decided.conference, now=LATER)["dates"]
    assert dates["review_place"] == place


@pytest.mark.value("second-review-anchor")
@pytest.mark.parametrize(
    ("anchor", "amount", "last"),
    [
        ("last review", 6, "22 June 2027"),
        ("first conference", 6, "1 April 2027"),
        ("first conference", 12, "22 June 2027"),
    ],
)
def test_the_page_counts_the_next_review_as_the_ledger_will(meeting, anchor, amount, last):
    began = datetime.date(2026, 10, 1)
    procedures_with(
        meeting.authority,
        since=datetime.date(2026, 12, 1),
        values={"second-review-anchor": anchor},
        limits={"second-review": {"amount": amount}},
    )
    meeting.conference.policy_version_id = policy_for(meeting.authority, on=NOW.date()).version_id
    facts = {"outcome": Outcome.FURTHER_ASSESSMENT, "sitting": meeting.sitting, "effect": PlanEffect.GOES_ON}
    lines = what_will_follow(meeting.conference, plan=HeldPlan(began), **facts)
    said = next(row.when for row in lines if row.what == "Next review conference")
    assert said.replace(NO_BREAK, " ").endswith(last)


@pytest.fixture
def booked(decided):
    """The review that was agreed, booked."""
    agree(decided)
    decided.review = close(decided)
    return decided


@pytest.mark.value("review-date-moved-by")
@pytest.mark.parametrize(
    ("words", "movers"),
    [
        ("coordinator", {"coordinator"}),
        ("chair", {"chair"}),
        ("chair or their manager", {"chair", "head"}),
        ("team manager and chair", {"manager", "chair"}),
        ("service manager", {"head"}),
        ("nobody", set()),
    ],
)
def test_an_agreed_review_is_moved_by_whom_the_council_names(booked, client, words, movers):
    procedures_with(booked.authority, since=NOW.date(), values={"review-date-moved-by": words})
    booked.review.policy_version_id = policy_for(booked.authority, on=NOW.date()).version_id
    booked.review.save()
    people = {name: getattr(booked, name) for name in ("coordinator", "chair", "manager", "worker")}
    people["head"] = user_with_role(Role.SERVICE_MANAGER, authority=booked.authority)
    with time_machine.travel(LATER, tick=False):
        for name in ("move", "cancel"):
            opened = set()
            for who, user in people.items():
                client.force_login(user)
                if client.get(reverse(f"conferences:{name}", args=[booked.review.pk])).status_code == HTTPStatus.OK:
                    opened.add(who)
            assert opened == movers, name


def test_booking_by_hand_shows_each_childs_last_day_and_proposes_the_review(booked, client):
    cancel_conference(conference=booked.review, reason="The chair is ill.", by=booked.coordinator, now=LATER)
    page = reverse("conferences:schedule", args=[booked.family.pk])
    with time_machine.travel(LATER, tick=False):
        client.force_login(booked.worker)
        choosing = client.get(page).content.decode().replace(NO_BREAK, " ")
        form = client.get(page, {"day": "2027-03-23"}).context["form"]
    assert 'Wren by <strong><time datetime="2027-03-22">Monday 22 March 2027' in choosing
    assert (form["children"].value(), form["chair"].value(), form[f"kind-{booked.wren.child.pk}"].value()) == (
        [booked.wren.child.pk], booked.chair.pk, ConferenceKind.REVIEW,
    )  # fmt: skip


def test_a_review_past_its_limit_asks_for_reason_and_agreement_as_an_initial_one_does(decided, client):
    agree(decided, review_at=datetime.datetime(2027, 3, 24, 10, tzinfo=datetime.UTC))
    review = close(decided)
    assert {row.party for row in review.late_agreements.all()} == {"manager", "chair"}
    with time_machine.travel(LATER, tick=False):
        client.force_login(decided.coordinator)
        page = client.get(reverse("conferences:overview", args=[review.pk])).content.decode()
    assert "Why the date is after the time limit" in page


def test_an_agreed_review_without_a_room_is_proposed_as_it_was_agreed(decided, client):
    agree(decided, review_room=None, review_mode=Mode.BLENDED)
    close(decided)
    page = reverse("conferences:schedule", args=[decided.family.pk])
    with time_machine.travel(NEXT_DAY, tick=False):
        client.force_login(decided.coordinator)
        choosing = client.get(page).content.decode().replace(NO_BREAK, " ")
        overview = reverse("conferences:overview", args=[decided.conference.followed_by.get().pk])
        assert "Agreed at the last conference for" in client.get(overview).content.decode()
        assert '10:00:00+00:00">Tuesday 16 March 2027, 10:00' in choosing
        form = client.get(page, {"day": "2027-03-16", "start": "10:00"}).context["form"]
        typed = {name: form[name].value() for name in ("chair", "coordinator", "mode", "reason", "length", "start")}
        typed |= {"children": form["children"].value(), f"kind-{decided.wren.child.pk}": "review"}
        typed |= {"day": "2027-03-16", "room": decided.room.pk}
        client.post(page, typed)
    review = Conference.objects.get(follows=decided.conference)
    assert (review.status, review.sittings.get().room) == (ConferenceStatus.SCHEDULED, decided.room)
    assert Deadline.objects.get(kind="agreed-review-booked").met_at == NEXT_DAY
