"""Only what changed in a plan: each reader's own changes, on their own page, and nothing that is kept from them."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
import time_machine
from django.urls import reverse

from families.enums import ContactKind
from families.models import ContactPoint
from plans.enums import Occasion as When
from plans.enums import WhyChanged
from plans.services.document import change_in_plans, take_out_of_plans, words_of
from plans.services.versions import Why
from reports.models import Copy
from reports.services.persons_copies import changes_for_person
from tests.reports.test_plan_paper import NOW, come_in, life, released, send, words_for  # noqa: F401 the fixture

pytestmark = pytest.mark.django_db

LATER = NOW + datetime.timedelta(days=7)


@pytest.fixture(autouse=True)
def _in_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


def why(story):
    return Why(
        occasion=When.BETWEEN, because=WhyChanged.BETTER_WAY, reason="Dale told us where", by=story.worker, now=LATER
    )


def action(story, what):
    return story.plan.actions.standing().get(what=what)


def change(story, row, **said):
    words = dataclasses.replace(words_of(row), **said)
    change_in_plans(row=row, words=words, plans=[story.plan], why=why(story), seen={story.plan.pk: row.pk})


def take_out(story, what):
    row = action(story, what)
    take_out_of_plans(row=row, plans=[story.plan], why=why(story), seen={story.plan.pk: row.pk})


@pytest.fixture
def versions(life):  # noqa: F811
    """The first paper, sent to everyone; then one action is said otherwise, one is taken out, and two become secret."""
    story = life
    first = released(story)
    for name in ("hazel", "dale", "robin", "teacher", "refuge"):
        send(story, first, getattr(story, name))
    change(story, action(story, "Read a story at eight"), what="Read a story at seven", by_when_words="each night")
    change(story, action(story, "Go to the group for mothers"), what="Go to the group in Elm Street")
    take_out(story, "Mend the stairs")
    change(story, action(story, "Talk on Mondays"), private_to=[story.hazel.person])
    story.first, story.second = first, released(story)
    return story


def said(story, name):
    rows = changes_for_person(story.second, story.first, getattr(story, name).person_id, now=NOW)
    return [(row.where, row.kind, [(part.label, part.now, part.before) for part in row.parts]) for row in rows]


STORY = [("", "Read a story at seven", "Read a story at eight")]
NOT_HIS = ("", "Mend the stairs", "")


def test_each_reader_is_told_what_changed_in_their_own_copy(versions):
    assert said(versions, "dale") == [
        ("What I do", "Changed", [*STORY, ("When", "each night", "daily")]),
        ("Who helps me", "No longer in the plan", [NOT_HIS, ("Who", "Someone in the family", ""), ("When", "in May", "")]),
    ]  # fmt: skip
    hers = said(versions, "hazel")
    assert ("What I do", "Changed", [("", "Go to the group in Elm Street", "Go to the group for mothers")]) in hers
    assert [kind for _, kind, _ in said(versions, "teacher")] == ["Changed", "No longer in the plan"]
    # "Talk on Mondays" still stands and is another's now: that it is gone from these copies is not said.
    assert "Talk on Mondays" not in str([said(versions, name) for name in ("dale", "robin", "teacher")])


def test_words_of_before_that_must_not_reach_them_today_are_left_out(versions):
    paper = versions.first
    for row in paper.content["lines"]:
        if row["text"] == "Read a story at eight":
            row["text"] = "Read a story at Thistledown"
        if row["text"] == "Mend the stairs":
            row["text"] = "Mend the stairs of Thistledown"
    assert said(versions, "dale") == [
        ("What I do", "Changed", [("", "Read a story at seven", ""), ("When", "each night", "daily")])
    ]


def test_a_guest_opens_only_what_changed_in_their_own_plan(client, versions):
    story = versions
    type(story).objects.filter(pk=story.pk).update(status="scheduled")
    ContactPoint.objects.create(person=story.dale.person, kind=ContactKind.EMAIL, value=story.dale.email, is_safe=True)
    come_in(client, story, story.dale)
    assert client.get(reverse("guest_papers:papers")).content.decode().count("The plan for Robin") == 0
    his, hers = send(story, story.second, story.dale), send(story, story.second, story.hazel)
    page = client.get(reverse("guest_papers:read-plan", args=[his.pk])).content.decode()
    address = reverse("guest_papers:plan-changes", args=[his.pk])
    assert address in page
    changes = client.get(address).content.decode()
    for words in ("Read a story at seven", "Before: ", "each night", "Mend the stairs", "a better way was found"):
        assert words in changes
    for words in ("Elm Street", "Talk on Mondays", "Dale told us where", "He may be hurt"):
        assert words not in changes
    assert client.get(reverse("guest_papers:plan-changes", args=[hers.pk])).status_code == 404


def test_who_holds_no_earlier_copy_is_offered_no_changes(client, versions):
    story = versions
    type(story).objects.filter(pk=story.pk).update(status="scheduled")
    ContactPoint.objects.create(person=story.dale.person, kind=ContactKind.EMAIL, value=story.dale.email, is_safe=True)
    Copy.objects.filter(person=story.dale.person).update(person=story.martin.person)
    his = send(story, story.second, story.dale)
    come_in(client, story, story.dale)
    address = reverse("guest_papers:plan-changes", args=[his.pk])
    assert address not in client.get(reverse("guest_papers:read-plan", args=[his.pk])).content.decode()
    assert client.get(address).status_code == 404


def test_a_copy_says_why_the_plan_was_changed_and_nothing_of_others_copies(versions):
    said = words_for(versions.second, versions.teacher)
    assert "A better way was found" in said
    assert "{" not in said.split("</head>")[1]
