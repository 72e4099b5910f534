"""Who hears that a plan has ended: asked to the conference that made it, or holding a copy, and entitled today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from conferences.enums import Capacity, Occasion, Outcome, ParticipantStatus, Presence, TellingHow, TellingOutcome
from conferences.models import Attendance, ToTell
from conferences.services.telling import record_telling
from deadlines.models import Deadline
from families.enums import RelationshipKind
from families.models import Relationship
from govuk.words import NO_BREAK
from plans.enums import EndReason
from plans.models import Plan
from plans.services.plans import close_plan, reopen_plan
from plans.services.told_of_endings import take_back_ending, tell_of_ending, tell_of_endings
from tests.case_events import CaseEvents, at
from tests.factories import AgencyInvolvementFactory, ParticipantFactory, PersonFactory, PostFactory
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

MADE, ENDED = date(2026, 12, 22), date(2027, 3, 15)
NOW = at(ENDED, "17:00")


@once_per_module()
def life():
    """Wren's plan, made in December and ended at the review in March; a teacher and both parents were asked then."""
    life = CaseEvents()
    life.wren = life.child(person__given_name="Wren", person__family_name="Hazel")
    life.initial = life.held([life.wren], MADE)
    teacher = PostFactory(agency__authority=life.authority)
    AgencyInvolvementFactory(child=life.wren, agency=teacher.agency)
    nurse = PostFactory(agency__authority=life.authority)
    for name, capacity, post in (
        ("mother", Capacity.PARENT, None), ("father", Capacity.PARENT, None), ("uncle", Capacity.RELATIVE, None),
        ("teacher", Capacity.PROFESSIONAL, teacher), ("nurse", Capacity.PROFESSIONAL, nurse),
        ("advocate", Capacity.ADVOCATE, None),
    ):  # fmt: skip
        person = post.person if post else PersonFactory(authority=life.authority)
        row = ParticipantFactory(
            conference=life.initial, person=person, capacity=capacity, post=post, status=ParticipantStatus.INVITED,
            agency=post.agency if post else None, email="",
        )  # fmt: skip
        setattr(life, name, row)
        if capacity == Capacity.PARENT:
            Relationship.objects.create(child=life.wren, person=person, kind=RelationshipKind(name), starts_on=MADE)
    life.review = life.reviewed([life.wren], ENDED, outcome=Outcome.PLAN_ENDS)
    life.plan = Plan.objects.get(child=life.wren)
    return life


def told(plan):
    rows = ToTell.objects.filter(plan_id=plan.pk).order_by("participant")
    return {row.participant.person_id: row.ended_because for row in rows}


def test_everyone_asked_to_the_first_conference_is_told_or_it_is_said_why_not(life):
    tell_of_endings(life.review, NOW)
    assert told(life.plan) == {
        life.mother.person_id: "", life.father.person_id: "", life.teacher.person_id: "",
        life.uncle.person_id: "Not recorded any more as related to Wren Hazel or responsible for Wren Hazel.",
        life.nurse.person_id: "This agency does not work with Wren Hazel any more.",
    }  # fmt: skip
    tell_of_endings(life.review, NOW)
    assert ToTell.objects.filter(occasion=Occasion.PLAN_ENDED).count() == 5
    life.count()


def test_news_of_the_plan_that_nobody_heard_is_replaced_by_its_ending(life):
    """Whoever was still to be told of a version hears of the ending all the same, and of the version no more."""
    news = ToTell.objects.create(
        conference=life.initial, participant=life.mother, occasion=Occasion.PLAN_VERSION, plan_id=life.plan.pk,
        words="There is a plan.", because="No account", arose_at=NOW,
    )  # fmt: skip
    tell_of_endings(life.review, NOW)
    ended = ToTell.objects.filter(occasion=Occasion.PLAN_ENDED, participant=life.mother)
    assert ended.get().ended_because == ""
    reopen_plan(life.plan)
    close_plan(life.plan, reason=EndReason.NO_LONGER_AT_RISK, on=ENDED, by=life.worker, now=NOW)
    news.refresh_from_db()
    assert (news.ended_at, news.ended_because) == (NOW, "The plan has ended since.")
    reopen_plan(life.plan)
    news.refresh_from_db()
    assert (news.ended_at, news.ended_because) == (None, "")


def test_it_says_child_day_and_whom_to_ring_and_nothing_more(life):
    life.authority.day_phone = "01632 960 001"
    life.authority.save()
    life.plan.refresh_from_db()
    tell_of_ending(Plan.objects.get(pk=life.plan.pk), now=NOW)
    said = {words.replace(NO_BREAK, " ") for words in ToTell.objects.values_list("words", flat=True)}
    ended = "The child protection plan for Wren Hazel ended on 15 March 2027."
    assert said == {f"{ended} If you have questions, ring us on 01632 960 001."}


def test_whoever_was_there_has_heard_it(life):
    there = ParticipantFactory(conference=life.review, person=life.mother.person, capacity=Capacity.PARENT)
    sitting = life.review.sittings.get()
    Attendance.objects.create(
        participant=there, part=sitting.parts.get(), presence=Presence.PRESENT, recorded_by=life.worker
    )
    tell_of_endings(life.review, NOW)
    assert life.mother.person_id not in told(life.plan)


def test_kept_out_waits_for_the_chair_and_the_dead_hear_nothing(life):
    life.father.status = ParticipantStatus.KEPT_OUT
    life.father.save()
    life.mother.person.death_date = ENDED
    life.mother.person.save()
    tell_of_ending(life.plan, now=NOW)
    found = told(life.plan)
    assert found[life.father.person_id] == "Kept out of the meeting: the chair decides what they are told."
    assert life.mother.person_id not in found


def test_relatives_of_an_adult_are_not_told(life):
    life.wren.person.birth_date = date(2009, 3, 15)
    life.wren.person.save()
    tell_of_ending(Plan.objects.get(pk=life.plan.pk), now=NOW)
    assert "decides who in the family is told" in told(life.plan)[life.mother.person_id]


def test_a_plan_that_goes_on_after_all_is_told_to_whoever_heard_the_opposite(life):
    tell_of_ending(life.plan, now=NOW)
    row = ToTell.objects.get(participant=life.mother)
    later = NOW + timedelta(hours=1)
    record_telling(to_tell=row, outcome=TellingOutcome.TOLD, how=TellingHow.PHONE, at=later, by=life.worker, now=later)
    take_back_ending(life.plan, now=later)
    take_back_ending(life.plan, now=later)
    open_rows = ToTell.objects.filter(plan_id=life.plan.pk, told_at=None, ended_at=None)
    assert {row.participant_id: row.words[:80] for row in open_rows} == {
        life.mother.pk: "We told you that the child protection plan for Wren Hazel had ended. That was wr"
    }
    assert set(ToTell.objects.filter(participant=life.father).values_list("ended_because", flat=True)) == {
        "The plan did not end after all."
    }


def test_the_page_of_the_first_conference_lists_them(life, client):
    tell_of_endings(life.review, NOW)
    client.force_login(life.worker)
    page = client.get(reverse("conferences:to-tell", args=[life.initial.pk])).content.decode()
    for words in (life.mother.person.full_name, "that a child’s plan has ended", "Not told about a plan"):
        assert words in page


def test_the_limit_runs_from_the_ending_not_to_the_old_meeting(life):
    tell_of_endings(life.review, NOW)
    rows = Deadline.objects.filter(kind="tell-otherwise", not_needed="")
    assert {row.due_on for row in rows} == {date(2027, 3, 16)}
    assert life.plan.end_reason == EndReason.NO_LONGER_AT_RISK
