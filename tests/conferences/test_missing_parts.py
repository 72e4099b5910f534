"""Warnings where nobody plays a part that somebody should, and where nobody asked about an agency."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse

from conferences.selectors.missing_parts import missing_parts
from deadlines.policies import policy_for
from families.models import Address, Agency, AgencyInvolvement, Child, Person, Residence
from tests.conferences import story
from tests.factories import AgencyFactory, AgencyInvolvementFactory

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 12, 8)


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(story.NOW, tick=False):
        yield


@pytest.fixture
def alone(told):
    """The same children, known to no agency."""
    AgencyInvolvement.objects.update(ends_on=TODAY)
    return told


def said(told, *, on=TODAY):
    children = [told.robin, told.wren, told.baby]
    rows = Child.objects.filter(pk__in=[child.pk for child in children]).select_related("person", "pregnancy")
    found = missing_parts(rows.order_by("pk"), policy_for(told.authority, on=on), family_id=told.family.pk, on=on)
    return [part.sentence for part in found]


def known_to(told, child, kind, **more):
    name = f"The {kind}"
    agency = Agency.objects.filter(name=name).first() or AgencyFactory(authority=told.authority, kind=kind, name=name)
    return AgencyInvolvementFactory(child=child, agency=agency, **more)


def test_children_whom_everyone_knows_bring_no_warning(alone):
    known_to(alone, alone.robin, "school")
    known_to(alone, alone.wren, "school")
    known_to(alone, alone.baby, "midwifery")
    assert said(alone) == []


def test_no_midwife_no_school_no_health_agency(alone):
    Person.objects.filter(pk=alone.wren.person_id).update(birth_date=datetime.date(2026, 3, 9))
    known_to(alone, alone.wren, "police")
    assert said(alone) == [
        "No school is recorded for Robin, who is of school age.",
        "No health agency is recorded for Wren, who is under 12 months.",
        "No midwife is recorded for the unborn baby.",
    ]
    known_to(alone, alone.wren, "gp")
    assert len(said(alone)) == 2


def test_an_agency_at_a_hidden_address_has_to_be_asked_about(alone):
    for child in (alone.robin, alone.wren):
        known_to(alone, child, "school")
    known_to(alone, alone.baby, "midwifery")
    known_to(alone, alone.wren, "police")
    surgery = known_to(alone, alone.wren, "gp")
    Residence.objects.create(
        person=alone.wren.person,
        address=Address.objects.create(authority=alone.authority, lines="1 Quiet Lane"),
        confidential=True,
    )
    rest = "Wren’s whereabouts are confidential, and nobody has said whether {} could give them away."
    assert said(alone) == [rest.format("The school"), rest.format("The gp")]
    AgencyInvolvement.objects.filter(pk=surgery.pk).update(hiding_asked="no")
    AgencyInvolvement.objects.filter(child=alone.wren, agency__kind="school").update(confidential=True)
    assert said(alone) == []


def test_the_family_page_says_it_to_those_who_can_put_it_right(alone, discussed, client):
    client.force_login(alone.social_worker)
    page = client.get(reverse("families:family", args=[alone.family.pk])).content.decode()
    assert "No midwife is recorded for the unborn baby." in page
    assert reverse("families:add-agencies", args=[alone.family.pk]) in page
    client.force_login(alone.coordinator)
    page = client.get(reverse("conferences:schedule", args=[alone.family.pk]), {"day": "2026-12-22"})
    assert "No midwife is recorded for the unborn baby." in page.content.decode()
