"""Booking by page: times nobody means are asked about, nothing typed is lost, everything wrong is said at once."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from conferences.forms.hours import ConfirmsHours
from conferences.hours import question_about
from conferences.models import Conference
from core_groups.forms.core_groups import MeetingForm, PlanMeetingForm
from deadlines.policies import Hours
from meetings.forms.closing import NextDatesForm
from tests.conferences import story
from tests.conferences.story import LONDON
from tests.conferences.test_pages_before_the_day import clock, schedule_data  # noqa: F401 the fixture
from tests.factories import ChildFactory, policy_in_force, procedures_with

pytestmark = pytest.mark.django_db
HOURS = Hours(opens="9:00", closes="17:00")


@pytest.fixture
def url(told, discussed, client):
    client.force_login(told.coordinator)
    return reverse("conferences:schedule", args=[told.family.pk])


def summary(response):
    found = re.search(r'(?s)govuk-error-summary__list">(.*?)</ul>', response.content.decode())
    return [re.sub(r"<[^>]+>|\s+", " ", item).strip() for item in re.findall(r"(?s)<li>(.*?)</li>", found[1])]


@pytest.mark.parametrize(
    ("start", "asked"),
    [
        ("02:00", "2:00 at night?"),
        ("2am", "2:00 at night?"),
        ("8:59", "8:59 in the morning?"),
        ("17:00", "17:00 in the afternoon?"),
        ("19:30", "19:30 in the evening?"),
        ("22:00", "22:00 at night?"),
    ],
)
def test_a_start_outside_the_hours_is_asked_about_and_taken_once_confirmed(told, client, url, start, asked):
    page = client.post(url, schedule_data(told, start=start))
    [error] = page.context["form"].errors["hours_confirmed"]
    assert (error.startswith(asked), Conference.objects.count()) == (True, 0)
    assert 'name="hours_confirmed"' in page.content.decode()
    assert client.post(url, schedule_data(told, start=start, hours_confirmed="on")).status_code == 302


@pytest.mark.value("agency-notice")
def test_the_booker_reads_what_notice_agencies_ask_for_and_is_warned_of_less(told, client, url):
    asked = [{"kind": "police", "working-days": 7}, {"kind": "gp", "working-days": 2}]
    procedures_with(told.authority, since=datetime.date(2026, 1, 1), values={"agency-notice": asked})
    page = client.get(url, {"day": (timezone.localdate() + datetime.timedelta(days=7)).isoformat()})
    notices = page.context["agency_notice"]
    assert [(notice.sentence.replace("\xa0", " "), notice.is_short) for notice in notices] == [
        ("Police: 7 working days of notice. This day leaves 5.", True),
        ("GP: 2 working days of notice. This day leaves 5.", False),
    ]
    assert "Too little notice." in page.content.decode()


@pytest.mark.parametrize("start", ["9:00", "12:00", "16:59"])
def test_a_start_within_the_hours_is_not(told, client, url, start):
    assert client.post(url, schedule_data(told, start=start)).status_code == 302


def test_a_service_asks_too(told, discussed):
    with pytest.raises(ValidationError) as raised:
        story.booked(told, starts_at=datetime.datetime(2026, 12, 22, 2, tzinfo=LONDON))
    assert list(raised.value.message_dict) == ["hours_confirmed"]
    night = datetime.datetime(2026, 12, 22, 1, 30, tzinfo=LONDON)
    assert story.booked(told, starts_at=night, hours_confirmed=True).sittings.get().starts_at == night


@pytest.mark.parametrize(
    ("day", "start", "asked"),
    [
        ("2026-12-22", "8:30", ""),
        ("2026-12-22", "8:29", "between 8:30 and 17:00"),
        ("2026-12-18", "16:29", ""),
        ("2026-12-18", "16:30", "between 8:30 and 16:30"),
    ],
)
def test_the_hours_are_those_of_the_council_on_that_day(told, client, url, day, start, asked):
    policy_in_force(told.authority, preset="hartlepool", since=story.NOW.date())
    page = client.post(url, schedule_data(told, day=day, start=start))
    errors = page.context["form"].errors.get("hours_confirmed", []) if page.context else []
    assert [asked in error for error in errors] == ([True] if asked else [])


def test_free_times_are_looked_for_in_the_hours_of_the_council(told, client, url):
    policy_in_force(told.authority, preset="hartlepool", since=story.NOW.date())
    first, *_ = client.get(url, {"day": "2026-12-22"}).context["slots"]
    assert first.start - datetime.timedelta(minutes=30) == datetime.datetime(2026, 12, 22, 8, 30, tzinfo=LONDON)


NO_ONE_APART = {"apart": {}, "hours": HOURS}
NOBODY = story.Conference.objects.none()
WHO_CAME = {**NO_ONE_APART, "members": NOBODY, "workers": NOBODY, "carried": (), "family_id": 0}
NEXT_DATES = {"needed": False, "is_review": False, "chairs": (), "rooms": (), "hours": HOURS}


@pytest.mark.parametrize(
    ("form_class", "options", "name", "others"),
    [
        (NextDatesForm, NEXT_DATES, "review", {}),
        (NextDatesForm, NEXT_DATES, "core_group", {"core_group_place": "Online"}),
        (MeetingForm, WHO_CAME, "next", {}),
        (PlanMeetingForm, {**NO_ONE_APART, "planned": None, "family_id": 0}, "planned", {"place": "Online"}),
    ],
)
def test_other_meetings_to_come_are_asked_about(form_class, options, name, others):
    posted = {f"{name}_on_day": "4", f"{name}_on_month": "1", f"{name}_on_year": "2027", **others}
    asked = question_about(datetime.datetime(2027, 1, 4, 2, tzinfo=LONDON), HOURS)
    form = form_class({**posted, f"{name}_time": "2am"}, **options)
    assert (issubclass(form_class, ConfirmsHours), form.errors["hours_confirmed"]) == (True, [asked])
    for right in ({f"{name}_time": "2am", "hours_confirmed": "on"}, {f"{name}_time": "10:00"}):
        assert "hours_confirmed" not in form_class({**posted, **right}, **options).errors


def test_a_free_slot_keeps_what_was_typed(told, client, url):
    first = client.get(url, {"day": "2026-12-22"})
    slot = first.context["slots"][-1]
    assert f'form="{first.context["form"].helper.form_id}"' in first.content.decode()
    typed = schedule_data(
        told, reason="Words worth keeping", children=[told.robin.pk], start="3pm", room="", slot=slot.query
    )
    page = client.post(f"{url}?day=2026-12-22", typed)
    form = page.context["form"]
    assert (page.status_code, form.errors, Conference.objects.count()) == (200, {}, 0)
    assert [str(form[name].value()) for name in ("reason", "start", "chair", "room", "length", "mode")] == [
        "Words worth keeping",
        f"{slot.start:%H:%M}",
        str(slot.chair.pk),
        str(slot.room.pk),
        "150",
        "in_person",
    ]
    assert [str(pk) for pk in form["children"].value()] == [str(told.robin.pk)]
    assert "Words worth keeping" in page.content.decode()
    assert 'id="booking"' in page.content.decode()


@pytest.mark.parametrize("day", ["2026-12-19", "2026-12-20"])
def test_a_weekend_is_refused_where_it_is_chosen_and_never_offered_after(told, client, url, day):
    for name in ("other", "day"):
        page = client.get(url, {name: day}).content.decode()
        assert ("is a weekend" in page, "Choose the date" in page) == (True, True)
    page = client.post(url, schedule_data(told, day=day, closed_day_confirmed="on"))
    assert list(page.context["form"].errors) == ["day"]
    assert (page.context["slots"], 'name="closed_day_confirmed"' in page.content.decode()) == ([], False)


def test_a_weekend_that_can_be_confirmed_is_offered(told, client, url):
    review = {f"kind-{child.pk}": "review" for child in told.children}
    page = client.post(url, schedule_data(told, day="2026-12-20", **review))
    assert list(page.context["form"].errors) == ["closed_day_confirmed"]
    assert 'name="closed_day_confirmed"' in page.content.decode()


def test_everything_wrong_is_said_at_once_in_the_order_of_the_page(told, client, url):
    wrong = {"children": [told.robin.pk], "reason": "", "day": "2026-12-15", "start": "2am", "room": "", "chair": ""}
    assert summary(client.post(url, schedule_data(told, family_arrives_at="10:00", **wrong))) == [
        "Say why the conference is being held",
        "People would get 5 days of notice. Say why it can&#x27;t be more.",
        question_about(datetime.datetime(2026, 12, 15, 2, tzinfo=LONDON), HOURS),
        "The family arrives before the start, or at the start.",
        "Choose a room, or choose that everyone is online.",
        "Choose the chair",
    ]


def test_a_chair_and_a_room_that_are_taken_are_named_with_the_rest(told, booked, client):
    client.force_login(told.coordinator)
    other = ChildFactory(authority=told.authority, family=told.family)
    address = reverse("conferences:schedule", args=[told.family.pk])
    data = schedule_data(told, children=[other.pk], reason="", **{f"kind-{other.pk}": "review"})
    page = client.post(address, data)
    assert page.context["form"].errors == {
        "reason": ["Say why the conference is being held"],
        "room": ["The room is already booked at this time."],
        "chair": ["The chair is already booked at this time."],
    }
    assert list(client.post(address, {**data, "start": ""}).context["form"].errors) == ["start", "reason"]


def test_a_booking_sent_twice_is_not_in_its_own_way(told, client, url):
    form = schedule_data(told)
    assert client.post(url, form).url == client.post(url, form).url
    assert Conference.objects.count() == 1


@pytest.mark.parametrize("missing", ["day", "start", "length", "mode"])
def test_what_is_not_known_yet_is_not_called_wrong(told, client, url, missing):
    page = client.post(url, schedule_data(told, **{missing: ""}))
    assert list(page.context["form"].errors) == [missing]


def test_moving_asks_and_says_everything_at_once(told, invited, client):
    client.force_login(told.coordinator)
    data = {
        name: value
        for name, value in schedule_data(told, start="2am", room="", reason="").items()
        if "kind" not in name
    }
    page = client.post(reverse("conferences:move", args=[invited.pk]), data)
    assert set(page.context["form"].errors) == {"reason", "hours_confirmed", "room"}
