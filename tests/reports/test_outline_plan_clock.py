"""The outline plan's clock: when it is due, and what meets it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting
from deadlines.models import Deadline
from plans.models import Plan
from reports.enums import DocumentKind, DocumentState
from reports.models import Document
from tests.case_events import CaseEvents, at
from tests.factories import AuthorityFactory, procedures_with
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

BEGAN = date(2026, 12, 22)
SENT = at(date(2026, 12, 24))


def told(**procedures):
    """Robin's plan made on 22 December, in a council with these procedures."""
    authority = AuthorityFactory()
    procedures_with(authority, since=date(2020, 1, 1), **procedures)
    made = CaseEvents(authority)
    made.robin = made.child()
    made.held([made.robin], BEGAN)
    made.plan = Plan.objects.get(authority=authority)
    made.count()
    return made


@once_per_module()
def life():
    return told(values={"outline-plan-sent": "required"})


def due():
    return list(Deadline.objects.filter(kind="outline-plan").values_list("due_on", "limit_key"))


@pytest.mark.value("outline-plan-sent")
def test_it_runs_only_where_the_council_asks_for_it_and_the_sooner_of_two_counts(life):
    assert due() == [(date(2026, 12, 31), "outline-plan")]
    told(values={"outline-plan-sent": "not required"})
    assert len(due()) == 1
    told(
        values={"outline-plan-sent": "required"},
        limits={"first-core-group": {"amount": 2, "warn": {"amount": 1, "unit": "working days"}}},
    )
    assert set(due()) == {(date(2026, 12, 31), "outline-plan"), (date(2026, 12, 24), "first-core-group")}


def arrange(life, day, **meeting):
    group = CoreGroup.objects.get(plans__child=life.robin)
    CoreGroupMeeting.objects.create(core_group=group, planned_at=at(day), **meeting)
    life.count()


def test_the_day_arranged_for_the_first_core_group_counts_where_it_is_sooner(life):
    arrange(life, date(2026, 12, 29))
    assert due() == [(date(2026, 12, 29), "first-core-group")]
    row = Deadline.objects.get(kind="outline-plan")
    assert (row.other_limit_key, row.other_due_on) == ("outline-plan", date(2026, 12, 31))
    page = client_of(life).get(reverse("deadlines:deadline", args=[row.pk])).content.decode()
    said = " ".join(strip_tags(page).split())
    assert "The first core group is arranged for Tuesday 29 December 2026" in said
    assert "5 working days after the conference that made the plan" in said
    CoreGroupMeeting.objects.update(planned_at=at(date(2027, 1, 5)))
    life.count()
    assert due() == [(date(2026, 12, 31), "outline-plan")]


def test_a_council_may_choose_that_its_own_limit_stands_alone():
    own = told(
        values={"outline-plan-sent": "required"},
        limits={
            "outline-plan": {"sooner-with": ""},
            "first-core-group": {"amount": 2, "warn": {"amount": 1, "unit": "working days"}},
        },
    )
    arrange(own, date(2026, 12, 29))
    assert list(Deadline.objects.filter(kind="outline-plan").values_list("due_on", "limit_key", "other_limit_key")) == [
        (date(2026, 12, 31), "outline-plan", "")
    ]


def client_of(life):
    client = Client()
    client.force_login(life.worker)
    return client


def letter(life):
    return Document.objects.create(
        conference=life.plan.decision.conference_child.conference, kind=DocumentKind.DECISIONS_LETTER, number=1,
        state=DocumentState.RELEASED, prepared_by=life.plan.decision.decided_by, prepared_at=SENT, completed_at=SENT, content={},
        released_by=life.plan.decision.decided_by, released_at=SENT,
    )  # fmt: skip


def core_group(life):
    group = CoreGroup.objects.filter(plans=life.plan).get()
    return CoreGroupMeeting.objects.create(
        core_group=group, planned_at=SENT, held_at=SENT, state=MeetingState.HELD, counts=True
    )


@pytest.mark.parametrize("what", [letter, core_group])
def test_a_letter_that_everyone_has_or_the_first_core_group_meets_it(life, what):
    what(life)
    life.count()
    assert Deadline.objects.get(kind="outline-plan").met_at == SENT
