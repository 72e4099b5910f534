"""What a council's procedures change before a conference."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse

from conferences.enums import Capacity, ParticipantStatus
from conferences.models import Participant, Sitting
from conferences.selectors.guests import sees_who_comes
from conferences.selectors.missing_parts import missing_parts
from deadlines.policies import policy_for
from families.models import AgencyInvolvement
from reports.services.manager_approval import manager_agrees
from tests.conferences import story
from tests.conferences.test_pages_before_the_day import schedule_data
from tests.factories import family_participant, procedures_with

pytestmark = pytest.mark.django_db
BOOKED_FOR = {"day": "2026-12-22"}


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(story.NOW, tick=False):
        yield


def council_says(told, **values):
    written = {key.replace("_", "-"): value for key, value in values.items()}
    return procedures_with(told.authority, since=datetime.date(2026, 1, 1), values=written)


def schedule(client, told):
    client.force_login(told.coordinator)
    return client.get(reverse("conferences:schedule", args=[told.family.pk]), BOOKED_FOR)


def page_of(client, told, conference, name):
    client.force_login(told.coordinator)
    return client.get(reverse(f"conferences:{name}", args=[conference.pk])).content.decode()


def conference_under(told, **values):
    council_says(told, **values)
    return story.booked(told)


@pytest.mark.value("mode")
def test_how_people_usually_meet_is_proposed(client, told, discussed):
    assert schedule(client, told).context["form"]["mode"].value() == "in_person"
    council_says(told, mode="online")
    assert schedule(client, told).context["form"]["mode"].value() == "online"


@pytest.mark.value("normal-length-minutes")
def test_the_usual_length_is_proposed(client, told, discussed):
    council_says(told, normal_length_minutes=90)
    assert schedule(client, told).context["form"]["length"].value() == 90


@pytest.mark.value("usual-hours")
def test_free_times_are_looked_for_in_the_usual_hours(client, told, discussed):
    council_says(told, usual_hours={"opens": "11:00", "closes": "17:00"})
    first = schedule(client, told).context["slots"][0]
    assert first.start.astimezone(story.LONDON).hour >= 11


@pytest.mark.value("family-arrives-before-minutes", "professionals-arrive-before-minutes")
def test_family_and_professionals_arrive_when_the_council_says(client, told, discussed):
    council_says(told, family_arrives_before_minutes=45, professionals_arrive_before_minutes=15)
    client.force_login(told.coordinator)
    typed = schedule_data(told, family_arrives_at="", professionals_arrive_at="")
    client.post(reverse("conferences:schedule", args=[told.family.pk]), typed)
    sitting = Sitting.objects.get()
    before = (sitting.starts_at - sitting.family_arrives_at, sitting.starts_at - sitting.professionals_arrive_at)
    assert before == (datetime.timedelta(minutes=45), datetime.timedelta(minutes=15))


@pytest.mark.value("short-notice-days")
def test_short_notice_is_what_the_council_calls_short(client, told, discussed):
    client.force_login(told.coordinator)
    address = reverse("conferences:schedule", args=[told.family.pk])
    council_says(told, short_notice_days=15)
    assert "short_notice_reason" in client.post(address, schedule_data(told)).context["form"].errors
    council_says(told, short_notice_days=8)
    assert client.post(address, schedule_data(told)).status_code == 302


@pytest.mark.value("newborn-months", "school-from-age", "school-until-age")
def test_who_has_to_know_a_child_goes_by_the_councils_ages(told):
    AgencyInvolvement.objects.update(ends_on=told.robin.person.birth_date)

    def missing(**values):
        council_says(told, **values)
        policy = policy_for(told.authority, on=story.NOW.date())
        found = missing_parts([told.robin], policy, family_id=told.family.pk, on=story.NOW.date())
        return [part.sentence for part in found]

    assert missing(newborn_months=0, school_from_age=5, school_until_age=16) == [
        "No school is recorded for Robin, who is of school age."
    ]
    assert missing(newborn_months=0, school_from_age=18, school_until_age=19) == []
    assert missing(newborn_months=0, school_from_age=5, school_until_age=6) == []
    assert missing(newborn_months=240, school_from_age=18, school_until_age=19) == [
        "No health agency is recorded for Robin, who is under 240 months."
    ]


@pytest.mark.value("lateness-causes")
def test_the_causes_to_choose_from_are_the_councils(client, told, discussed):
    council_says(told, lateness_causes=[{"key": "flood", "label": "The office was flooded"}])
    after = datetime.datetime(2027, 1, 5, 10, tzinfo=story.LONDON)
    conference = story.booked(told, starts_at=after, late_cause="flood")
    page = page_of(client, told, conference, "late-reason")
    assert "The office was flooded" in page
    assert "No room was free" not in page


@pytest.mark.value("child-attends")
def test_choosing_who_to_invite_says_how_much_a_child_attends(client, told, discussed):
    conference = conference_under(told, child_attends="the first half only")
    assert "the first half only" in page_of(client, told, conference, "change-list")


@pytest.mark.value("family-meets-chair")
def test_checking_the_invitations_says_how_the_family_meets_the_chair(client, told, discussed):
    conference = conference_under(told, family_meets_chair="by telephone on the day before")
    for row in conference.participants.filter(status=ParticipantStatus.PROPOSED):
        row.status = ParticipantStatus.TO_INVITE
        row.save()
    assert "by telephone on the day before" in page_of(client, told, conference, "check-invitations")


@pytest.mark.value("advocate-offered")
def test_an_advocate_is_offered_from_the_councils_age(client, told, discussed):
    conference = story.booked(told)
    child = conference.participants.filter(capacity=Capacity.CHILD).first() or family_participant(
        conference, Capacity.CHILD, person=told.robin.person
    )
    name = child.person.full_name
    assert f"Offer an advocate to\n      {name}" in page_of(client, told, conference, "people")
    conference.policy_version_id = council_says(told, advocate_offered=17).pk
    conference.save()
    assert "Offer an advocate" not in page_of(client, told, conference, "people")


@pytest.mark.value("child-invited-from-age")
def test_a_child_below_the_councils_age_is_not_proposed(told, discussed):
    council_says(told, child_invited_from_age=17)
    assert not story.booked(told).participants.filter(capacity=Capacity.CHILD, person=told.robin.person).exists()


@pytest.mark.value("report-agreed-by")
def test_where_nobody_agrees_to_the_report_no_manager_is_asked(told, discussed):
    assert manager_agrees(story.booked(told))


def test_a_report_needs_no_agreement_where_the_council_asks_none(told, discussed):
    assert not manager_agrees(conference_under(told, report_agreed_by="nobody"))


@pytest.mark.value("who-gets-what")
def test_who_sees_who_will_be_there_is_the_councils_choice(told, discussed):
    conference = story.booked(told)
    mother = story.on_list(conference, told.hazel)
    assert sees_who_comes(mother)
    table = dict(policy_for(told.authority, on=story.NOW.date()).value("who-gets-what"))
    conference.policy_version_id = council_says(
        told, who_gets_what={**table, "parent": [one for one in table["parent"] if one != "who will be there"]}
    ).pk
    conference.save()
    assert not sees_who_comes(Participant.objects.get(pk=mother.pk))


@pytest.mark.value("pre-birth-by-week")
def test_the_week_by_which_a_conference_is_held_is_the_limit_in_weeks(told):
    made = procedures_with(
        told.authority, since=datetime.date(2026, 1, 1), values={"pre-birth-by-week": 34},
        limits={"pre-birth-conference": {"amount": 6, "unit": "weeks"}},
    )  # fmt: skip
    assert made.data["limits"]["pre-birth-conference"]["amount"] == 6
