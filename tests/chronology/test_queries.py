from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from families.models import Address, ContactPoint, ContactRisk, Residence
from tests.conferences.story import NOW, invited, tell
from tests.factories import (
    AgencyInvolvementFactory,
    ChildFactory,
    FamilyMemberFactory,
    PersonFactory,
    RelationshipFactory,
)

pytestmark = pytest.mark.django_db


def add_household(story, number: int) -> None:
    child = ChildFactory(authority=story.authority, family=story.family)
    adult = PersonFactory(authority=story.authority, given_name=f"Aunt{number}", family_name="Brambley")
    FamilyMemberFactory(family=story.family, person=adult)
    RelationshipFactory(person=adult, child=child, kind="aunt_or_uncle")
    AgencyInvolvementFactory(child=child)
    address = Address.objects.create(authority=story.authority, lines=f"{number} Row")
    for person in (adult, child.person):
        Residence.objects.create(person=person, address=address, starts_on=NOW.date())
        ContactPoint.objects.create(person=person, kind="mobile", value=str(number))
    risk = ContactRisk.objects.create(
        person=adult, ground="other", detail="x", recorded_by=story.social_worker, recorded_at=NOW
    )
    risk.children.add(child)
    risk.protects.add(story.hazel)


def test_the_whole_family_page_and_the_chronology_ask_as_often_for_30_households_as_for_one(client):
    with time_machine.travel(NOW, tick=False):
        story = tell()
        invited(story)
        client.force_login(story.social_worker)
        names = ("families:family", "chronology:chronology", "chronology:print-chronology")

        def asked() -> dict[str, int]:
            found = {}
            for name in names:
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(reverse(name, args=[story.family.pk])).status_code == 200
                found[name] = len(queries)
            return found

        add_household(story, 0)
        asked()
        few = asked()
        for number in range(1, 30):
            add_household(story, number)
        many = asked()
        # A page of the chronology asks once for each sort of event on it, and many of one sort push out the others.
        assert [name for name in names if many[name] > few[name]] == []
        assert many["families:family"] == few["families:family"]
        assert few["families:family"] <= 60
