"""What each person around a plan may read of it: a parent in plain words, nothing of what is not theirs."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import Capacity, ParticipantStatus
from families.enums import RelationshipKind
from families.models import ContactRisk, Relationship
from plans.enums import Occasion, PlanEntryKind, WhyChanged
from plans.models import Plan
from plans.selectors.own_copies import own_copy
from plans.selectors.plan_readers import readers_of
from plans.services.document import ActionWords, EntryWords, add_to_plans
from plans.services.plans import follow_decision
from plans.services.versions import Why
from tests.factories import (
    ChildFactory,
    DecisionFactory,
    ParticipantFactory,
    PersonFactory,
    RelationshipFactory,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 1, 20, 12, tzinfo=datetime.UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _in_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def life():
    """Robin's plan; Hazel and Dale are the parents, Wren is a half-sister whom Dale is not related to."""
    decision = DecisionFactory()
    listed = decision.conference_child
    family, authority = listed.conference.family, listed.conference.authority
    listed.child.person.given_name = "Robin"
    listed.child.person.save()
    wren = ChildFactory(authority=authority, family=family, person__given_name="Wren", person__family_name="Sparrow")
    follow_decision(decision, NOW)
    family.plan = Plan.objects.select_related("child__person", "authority").get()
    family.seats = {}
    for name, kind in (("Hazel", RelationshipKind.MOTHER), ("Dale", RelationshipKind.FATHER)):
        person = PersonFactory(authority=authority, given_name=name)
        RelationshipFactory(child=listed.child, person=person, kind=kind)
        family.seats[name] = ParticipantFactory(
            conference=listed.conference, person=person, capacity=Capacity.PARENT, status=ParticipantStatus.INVITED
        )
    RelationshipFactory(child=wren, person=family.seats["Hazel"].person, kind=RelationshipKind.MOTHER)
    family.worker = user_with_role(Role.SOCIAL_WORKER, team=family.team)
    why = Why(occasion=Occasion.BETWEEN, because=WhyChanged.CIRCUMSTANCES, reason="So", by=family.worker, now=NOW)
    hazel, dale = family.seats["Hazel"].person, family.seats["Dale"].person
    said = (
        EntryWords(kind=PlanEntryKind.NEED, text="To sleep", services="Sleep clinic"),
        EntryWords(kind=PlanEntryKind.NEED, text="To be away from quarrels with Wren"),
        EntryWords(kind=PlanEntryKind.CONTINGENCY, text="Nights are bad", we_do="Ring us", who_else="All"),
        ActionWords(
            what="Go to the group for mothers",
            why="It helps",
            who=[(hazel, None)],
            by_when_words="soon",
            private_to=[hazel],
        ),
        ActionWords(
            what="Read a story at eight", why="It calms", who=[(dale, None), (hazel, None)], by_when_words="daily"
        ),
    )
    for words in said:
        add_to_plans(plans=[family.plan], words=words, why=why)
    return family


def copy(life, name):
    reader = next(row for row in readers_of(life.plan, on=TODAY) if row.person.given_name == name)
    return own_copy(reader, life.plan, on=TODAY)


def test_a_parent_reads_in_plain_words_what_they_do_and_who_helps(life):
    hazel = copy(life, "Hazel")
    assert hazel.has_to_change == ["To sleep", "To be away from quarrels with Wren"]
    assert [row.what for row in hazel.mine] == ["Go to the group for mothers", "Read a story at eight"]
    assert hazel.if_it_happens == [("Nights are bad", "Ring us")]
    assert hazel.left_out == 0


def test_the_other_parent_reads_nothing_private_or_of_a_child_who_is_not_theirs(life):
    dale = copy(life, "Dale")
    assert dale.has_to_change == ["To sleep"]
    assert [row.what for row in dale.mine] == ["Read a story at eight"]
    assert (dale.others, dale.left_out) == ([], 2)


def test_nothing_is_composed_for_whoever_may_not_have_it_today(life):
    assert {row.person.given_name: row.because for row in readers_of(life.plan, on=TODAY)} == {
        "Hazel": "", "Dale": "",
    }  # fmt: skip
    ContactRisk.objects.create(
        person=life.seats["Dale"].person, ground="court_order", detail="An order", recorded_by=life.worker,
        recorded_at=NOW, starts_on=TODAY,
    )  # fmt: skip
    Relationship.objects.filter(person=life.seats["Hazel"].person).update(ends_on=TODAY)
    because = {row.person.given_name: row.because for row in readers_of(life.plan, on=TODAY)}
    assert because["Dale"].startswith("A contact risk is recorded")
    assert because["Hazel"].startswith("Not recorded any more as related")


def test_the_pages(client, life):
    client.force_login(life.worker)
    listed = client.get(reverse("plans:copies", args=[life.plan.pk])).content.decode()
    assert "What they may read" in listed
    page = client.get(reverse("plans:copy", args=[life.plan.pk, life.seats["Dale"].person_id])).content.decode()
    assert "Read a story at eight" in page
    assert "Wren" not in page
    assert "group for mothers" not in page
