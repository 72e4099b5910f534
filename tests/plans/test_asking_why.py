"""Why something was late is asked on the page after the late act, and stands in “For you to decide” until it is said."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.urls import reverse

from conferences.enums import ConferenceKind
from conferences.models import Conference
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting
from deadlines.lateness import causes_of
from deadlines.models import Deadline, LateCause
from deadlines.to_decide import described, to_decide
from plans.models import Plan
from tests.case_events import CaseEvents, at
from tests.factories import AuthorityFactory, procedures_with
from tests.stories import once_per_module
from tests.walker import Walker

pytestmark = pytest.mark.django_db
BEGAN, SEEN, RECORDED = datetime.date(2026, 12, 22), datetime.date(2027, 1, 20), datetime.date(2027, 1, 21)


@once_per_module()
def life():
    """Robin's plan made on 22 December; the visit was due on 8 January."""
    made = CaseEvents(AuthorityFactory())
    procedures_with(made.authority, since=datetime.date(2020, 1, 1))
    made.robin = made.child()
    made.held([made.robin], BEGAN)
    Plan.objects.update(visit_every_working_days=None)
    return made


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(at(RECORDED), tick=False):
        yield


def asked(user, key="late-cause-of-other"):
    return [line.about for line in described([row for row in to_decide(user) if row[1] == key])]


def test_the_page_after_a_late_visit_asks_why_and_so_does_the_list(life):
    life.count(now=at(RECORDED))
    child = life.robin.person.full_name
    assert f"Visit and see the child, {child}" in asked(life.worker)
    page = Walker()
    page.client.force_login(life.worker)
    page.open(reverse("plans:record-visit", args=[Plan.objects.get().pk]))
    page.write_date("When was the visit?", SEEN)
    page.write("At what time?", "16:00")
    page.select("Who made the visit?", re.compile("^I did"))
    name = life.robin.person.short_name
    for question in (f"Was {name} seen?", f"Was {name} seen alone?", f"Was {name}’s bedroom seen?"):
        page.choose(question, "Yes")
    page.choose("Did the family know that you were coming?", "Yes")
    page.press("Record the visit")
    page.reads("Late: Visit and see the child.")
    late = Deadline.objects.get(kind="visit", met_at__isnull=False)
    assert f"Visit and see the child, {child}" in asked(life.worker)

    page.follow("Say why", within=page.page.find_class("govuk-notification-banner__content")[-1])
    page.reads("Why is it late?", child)
    page.select("What makes it late?", "Something else")
    page.write("Why is it late?", "Hazel was in hospital with the baby.")
    page.press("Save why it is late")
    page.does_not_read("Late: Visit and see the child.")
    assert LateCause.objects.get().deadline == late
    assert f"Visit and see the child, {child}" not in asked(life.worker)


def test_what_was_done_in_time_is_not_asked_about(life):
    with time_machine.travel(at(datetime.date(2027, 1, 5)), tick=False):
        life.visited(life.robin, datetime.date(2027, 1, 5))
        life.count(now=at(datetime.date(2027, 1, 5)))
        assert not [line for line in asked(life.worker) if "Visit" in line]


def test_what_was_done_late_is_asked_for_during_four_weeks(life):
    life.count(now=at(RECORDED))
    group = CoreGroup.objects.get()
    CoreGroupMeeting.objects.create(
        core_group=group, planned_at=at(SEEN), held_at=at(SEEN), state=MeetingState.HELD, counts=True
    )
    life.count(now=at(RECORDED))
    assert Deadline.objects.get(kind="first-core-group").met_at == at(SEEN)
    assert "Hold the first core group" in asked(life.worker)
    with time_machine.travel(at(SEEN) + datetime.timedelta(days=28), tick=False):
        assert "Hold the first core group" not in asked(life.worker)


def test_a_late_review_is_asked_about_and_explained_with_the_review_never_with_the_first_conference(life):
    late = datetime.date(2027, 4, 1)
    first = Conference.objects.get()
    title = f"Hold the first review conference, {life.robin.person.full_name}"
    with time_machine.travel(at(late), tick=False):
        life.count(now=at(late))
        review = Deadline.objects.get(kind="first-review")
        assert review.conference_id is None
        assert title in asked(life.worker, "late-cause-missing")
        assert causes_of(Deadline.objects.filter(pk=review.pk)) == {}
        booked = life.booked([life.robin], datetime.date(2027, 4, 20), kind=ConferenceKind.REVIEW)
        life.count(now=at(late))
        review.refresh_from_db()
        assert review.conference_id == booked.pk
        assert title not in asked(life.worker, "late-cause-missing")
        assert asked(life.worker, "late-reason") == [f"Conference {booked.reference}"]
        life.decides(booked, life.robin)
        life.closes(booked)
        life.count(now=at(late))
        review.refresh_from_db()
        assert (review.conference_id, review.met_at is not None) == (booked.pk, True)
        assert asked(life.worker, "late-reason") == [f"Conference {booked.reference}"]
        assert not Deadline.objects.filter(conference_id=first.pk, kind__contains="review").exists()
