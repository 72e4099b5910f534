"""Who changed what: the history page of each record."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.urls import reverse

from accounts.enums import Role
from families.models import Address, ContactPoint, Person, Residence, WhereaboutsReveal
from tests.factories import (
    ChildFactory,
    FamilyMemberFactory,
    PersonFactory,
    RelationshipFactory,
    UserFactory,
    user_with_role,
)
from tests.past.conftest import BEGAN, on
from tests.reports.story import HIDDEN_PHONE, HIDDEN_POSTCODE, HIDDEN_SCHOOL, HIDDEN_STREET

pytestmark = pytest.mark.django_db

MONDAY = datetime.datetime(2026, 12, 7, 10, tzinfo=datetime.UTC)
TUESDAY = datetime.datetime(2026, 12, 8, 15, 30, tzinfo=datetime.UTC)


def person_url(story, person):
    return reverse("families:see-person-history", args=[story.family.pk, person.pk])


def said(page):
    """Every change on the page: what, which, lines, reasons."""
    return [
        (change.what, change.which, [(line.label, line.before, line.after) for line in change.lines], list(change.reasons))
        for act in page.context["acts"]
        for change in act.changes
    ]


def test_a_change_says_who_when_from_what_to_what(client, story):
    client.force_login(story.worker)
    with on(MONDAY, by=story.worker):
        Person.objects.filter(pk=story.hazel.pk).update(language="Polish", interpreter_needed=True)
    page = client.get(person_url(story, story.hazel), {"since_day": "2", "since_month": "12", "since_year": "2026"})
    (act,) = page.context["acts"]
    assert (act.at, act.who) == (MONDAY, story.worker.name)
    assert said(page) == [
        (
            "Person changed",
            "",
            [("Preferred language", "", "Polish"), ("Interpreter needed", "No", "Yes")],
            [],
        )
    ]
