"""A record as it was in the database on a day, across changes and across the clock change."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.history.forms import moment_of
from conferences.enums import Outcome, ParticipantStatus
from conferences.models import Decision, Participant
from families.models import Address, FamilyMember, Person, Residence
from plans.enums import Progress
from reports.enums import ReportKind, ReportState
from reports.models import Report, ReportSection
from tests.factories import PersonFactory, PlanActionFactory, PlanFactory
from tests.history.conftest import BEGAN, move_history, on
from tests.reports.story import HIDDEN_STREET, NOW, tell
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

JANUARY = datetime.datetime(2027, 1, 15, 10, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def january():
    """Travel to January, so that every day asked for is past."""
    with time_machine.travel(JANUARY, tick=False):
        yield


def at(day, hour=12, minute=0, month=12):
    return datetime.datetime(2026, month, day, hour, minute, tzinfo=datetime.UTC)


def asked(day, month=12, year=2026, time=""):
    return {"on_day": str(day), "on_month": str(month), "on_year": str(year), "time": time}


def sections(page):
    """Return the page's content: by heading, each row's title with its lines."""
    return {section.title: {row.title: dict(row.lines) for row in section.rows} for section in page.context["sections"]}


@once_per_module(at=JANUARY)
def days(story):
    """Make changes on several days: names, homes, members, people of the conference, a decision, a plan."""
    moves = Address.objects.create(authority=story.authority, lines="4 Medlar Row", postcode="EM2 4MR")
    with on(at(3), by=story.worker):
        Person.objects.filter(pk=story.dale.pk).update(family_name="Ash")
        story.home = Residence.objects.create(person=story.dale, address=moves)
    with on(at(5), by=story.worker):
        Residence.objects.filter(pk=story.home.pk).update(ends_on=datetime.date(2026, 12, 5))
        FamilyMember.objects.filter(person=story.martin).update(ends_on=datetime.date(2026, 12, 5))
    with on(at(9), by=story.coordinator):
        Participant.objects.filter(pk=story.of.gp.pk).update(
            status=ParticipantStatus.WITHDRAWN, change_reason="Retired"
        )
    plan = PlanFactory(child=story.robin, authority=story.authority)
    story.plan = plan
    with on(at(10), by=story.worker):
        story.action = PlanActionFactory(plan=plan, what="A walk to school each day")
    with on(at(11), by=story.worker):
        type(story.action).objects.filter(pk=story.action.pk).update(progress=Progress.DONE)
    return story


def test_a_family_is_shown_with_its_members_names_and_homes_of_that_day(client, days):
    client.force_login(days.worker)
    url = reverse("families:see-family-as-it-was", args=[days.family.pk])
    second, fourth, sixth = (sections(client.get(url, asked(day))) for day in (2, 4, 6))
    assert sorted(second["Members"]) == sorted(
        ["Robin Brambley", "Wren Brambley", "Baby Brambley", "Hazel Brambley", "Dale Ashdown", "Martin Alder"]
    )
    assert "Dale Ashdown" not in fourth["Members"]
    assert "Dale Ash" in fourth["Members"]
    assert fourth["Homes"]["Dale Ash"]["Address"] == "4 Medlar Row, EM2 4MR"
    assert "Dale Ashdown" not in second["Homes"]
    assert "Until" not in fourth["Members"]["Martin Alder"]
    assert sixth["Members"]["Martin Alder"]["Until"] == "5\xa0December\xa02026"
    assert sixth["Homes"]["Hazel Brambley"]["Address"] == "Confidential whereabouts"


def test_the_page_is_marked_as_past_and_access_rules_apply(client, days):
    client.force_login(days.worker)
    page = client.get(reverse("families:see-family-as-it-was", args=[days.family.pk]), asked(6))
    text = page.content.decode()
    assert "This is how it was on" in text
    assert HIDDEN_STREET not in text
    shown = client.post(
        reverse("families:see-family-as-it-was", args=[days.family.pk]) + "?on_day=6&on_month=12&on_year=2026",
        {"reason": "The court asks."},
    )
    assert HIDDEN_STREET in shown.content.decode()


def test_a_person_is_shown_with_the_name_of_that_day(client, days):
    client.force_login(days.worker)
    url = reverse("families:see-person-as-it-was", args=[days.family.pk, days.dale.pk])
    before, after = (sections(client.get(url, asked(day))) for day in (2, 3))
    assert before["The person"][""]["Last name"] == "Ashdown"
    assert after["The person"][""]["Last name"] == "Ash"


def test_a_conference_is_shown_with_its_people_and_decisions(client, days):
    with on(at(14), by=days.chair):
        replaced = Decision.objects.filter(pk=days.robin_decision.pk)
        replaced.update(help_offered="A family support worker each week.")
    client.force_login(days.chair)
    url = reverse("conferences:see-as-it-was", args=[days.conference.pk])
    eighth, thirteenth, fifteenth = (sections(client.get(url, asked(day))) for day in (8, 13, 15))
    name = days.of.gp.person.full_name
    assert eighth["People on the list"][name]["Status"] == "Invited"
    assert thirteenth["People on the list"][name]["Status"] == "Withdrawn"
    assert thirteenth["Decisions"]["Robin Brambley"]["Outcome"] == Outcome.CP_PLAN.label
    assert "What help is offered, by whom" not in thirteenth["Decisions"]["Robin Brambley"]
    assert (
        fifteenth["Decisions"]["Robin Brambley"]["What help is offered, by whom"]
        == "A family support worker each week."
    )
    assert thirteenth["Decisions"]["Robin Brambley"]["Core group"] != ""


def test_a_plan_is_shown_with_the_progress_of_its_actions(client, days):
    client.force_login(days.worker)
    url = reverse("plans:see-as-it-was", args=[days.plan.pk])
    with on(BEGAN):
        type(days.plan).objects.filter(pk=days.plan.pk).update(contingency="A court")
    tenth, eleventh = (client.get(url, asked(day)) for day in (10, 11))
    assert [dict(row.lines)["Progress"] for row in tenth.context["sections"][1].rows] == ["Not started"]
    assert [dict(row.lines)["Progress"] for row in eleventh.context["sections"][1].rows] == ["Done"]


def test_a_report_is_shown_with_the_words_of_that_day(client, story):
    with on(at(7), by=story.worker):
        report = Report.objects.create(
            conference=story.conference,
            author=story.of.worker,
            kind=ReportKind.SOCIAL_WORK,
            state=ReportState.DRAFT,
            begun_by=story.worker,
            begun_at=NOW,
        )
        section = ReportSection.objects.create(report=report, heading="a", text="First words.", nature="fact")
    with on(at(8), by=story.worker):
        ReportSection.objects.filter(pk=section.pk).update(text="Other words.")
    client.force_login(story.worker)
    url = reverse("reports:see-report-as-it-was", args=[story.conference.pk, story.of.worker.pk])
    text = [
        sections(client.get(url, asked(day))).get("Sections of the report", {}).get("", {}).get("Text")
        for day in (6, 7, 8)
    ]
    assert text == [None, "First words.", "Other words."]


def test_a_record_that_did_not_exist_yet_says_so(client, days):
    client.force_login(days.worker)
    page = client.get(reverse("families:see-family-as-it-was", args=[days.family.pk]), asked(30, month=11))
    assert page.context["sections"] == []
    assert "This record did not exist then" in page.content.decode()


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        (asked("", month="", year=""), "on", "Enter the day you want to see"),
        (asked(31, month=11), "on", "November 2026 has no day 31"),
        (asked(1, month=1, year=2030), "on", "This day is in the future."),
        (asked(29, month=3, time="01:30"), "time", None),
    ],
)
def test_a_moment_that_never_existed_is_refused_and_the_input_kept(client, days, sent, field, message):
    client.force_login(days.worker)
    page = client.get(reverse("families:see-family-as-it-was", args=[days.family.pk]), sent)
    errors = page.context["form"].errors
    assert list(errors) == [field]
    if message:
        assert errors[field] == [message]
    assert "sections" not in page.context


def test_a_time_within_the_day_can_be_chosen(client, story):
    with on(at(7, 9, 30), by=story.worker):
        Person.objects.filter(pk=story.dale.pk).update(family_name="Ash")
    with on(at(7, 15, 0), by=story.worker):
        Person.objects.filter(pk=story.dale.pk).update(family_name="Elder")
    client.force_login(story.worker)
    url = reverse("families:see-person-as-it-was", args=[story.family.pk, story.dale.pk])
    names = [
        sections(client.get(url, asked(7, time=time)))["The person"][""]["Last name"]
        for time in ("9:29", "9:30", "14:59", "3pm", "")
    ]
    assert names == ["Ashdown", "Ash", "Ash", "Elder", "Elder"]


def utc(*parts):
    return datetime.datetime(*parts, tzinfo=datetime.UTC)


TICK = datetime.timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (datetime.date(2026, 1, 15), utc(2026, 1, 16, 0)),
        (datetime.date(2026, 3, 28), utc(2026, 3, 29, 0)),
        # The last Sunday of March has 23 hours, that of October 25.
        (datetime.date(2026, 3, 29), utc(2026, 3, 29, 23)),
        (datetime.date(2026, 7, 1), utc(2026, 7, 1, 23)),
        (datetime.date(2026, 10, 24), utc(2026, 10, 24, 23)),
        (datetime.date(2026, 10, 25), utc(2026, 10, 26, 0)),
    ],
)
def test_a_day_ends_at_midnight_in_london(day, ends):
    assert moment_of(day) == ends - TICK


def test_a_repeated_hour_means_the_second_and_a_skipped_hour_is_refused():
    assert moment_of(datetime.date(2026, 10, 25), datetime.time(1, 30)) == utc(2026, 10, 25, 1, 31) - TICK
    assert moment_of(datetime.date(2026, 7, 1), datetime.time(1, 30)) == utc(2026, 7, 1, 0, 31) - TICK
    with pytest.raises(ValidationError) as refusal:
        moment_of(datetime.date(2026, 3, 29), datetime.time(1, 30))
    assert list(refusal.value.message_dict) == ["time"]


def test_changes_around_the_clock_change_belong_to_their_own_days(client, db):
    story = tell()
    move_history(utc(2000, 1, 1), utc(2026, 10, 1))
    for moment, name in (
        (utc(2026, 10, 24, 22, 59), "Before"),  # 23:59 on Saturday in summer time
        (utc(2026, 10, 25, 0, 30), "First"),  # 1:30 for the first time
        (utc(2026, 10, 25, 1, 30), "Second"),  # 1:30 for the second time
        (utc(2026, 10, 25, 23, 59), "Sunday"),  # 23:59 on Sunday in winter time
        (utc(2026, 10, 26, 0, 0), "Monday"),
    ):
        with on(moment, by=story.worker):
            Person.objects.filter(pk=story.dale.pk).update(family_name=name)
    client.force_login(story.worker)
    url = reverse("families:see-person-as-it-was", args=[story.family.pk, story.dale.pk])

    def name_on(day, time=""):
        return sections(client.get(url, asked(day, month=10, time=time)))["The person"][""]["Last name"]

    assert [name_on(24), name_on(25), name_on(26)] == ["Before", "Sunday", "Monday"]
    assert [name_on(25, "0:59"), name_on(25, "1:30"), name_on(25, "2:00")] == ["Before", "Second", "Second"]


def test_takes_the_same_number_of_queries_for_thirty_rows_as_for_one(client, story):
    client.force_login(story.worker)
    url = reverse("families:see-family-as-it-was", args=[story.family.pk])
    client.get(url, asked(2))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            page = client.get(url, asked(2))
        return len(captured), len(page.context["sections"][1].rows)

    few, members = queries()
    with on(BEGAN, by=story.worker):
        for _ in range(30):
            FamilyMember.objects.create(family=story.family, person=PersonFactory(authority=story.authority))
    many, more = queries()
    assert more == members + 30
    assert many == few
