"""A child on a plan who is taken abroad: agreed or not, told to whom the procedures name, and no end of the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from families.services import record_death
from notifications.models import Notice
from plans.models import Plan
from tests.case_events import CaseEvents, at
from tests.factories import AuthorityFactory, procedures_with, user_with_role
from tests.stories import once_per_module
from transfers.enums import Agreed
from transfers.models import TravelAbroad
from transfers.services.travel import Journey, record_return, record_travel

pytestmark = pytest.mark.django_db

BEGAN = date(2026, 12, 22)
NOW = at(date(2027, 3, 1))
ABROAD = Journey(
    where_to="Portugal, with the grandparents in Porto",
    with_whom="Her mother",
    leaves_on=date(2027, 3, 5),
    back_on=date(2027, 3, 19),
    agreed=Agreed.NO,
    because="A wedding. No one sees her there.",
)


@once_per_module()
def life():
    made = CaseEvents()
    chair = user_with_role(Role.CHAIR, authority=made.authority)
    made.conference = made.closes(made.held([made.child()], BEGAN, chair=chair))
    made.manager = user_with_role(Role.TEAM_MANAGER, team=made.family.team)
    made.count()
    return made


def travels(life, journey=ABROAD, by=None):
    return record_travel(plan=Plan.objects.get(), journey=journey, by=by or life.manager, now=NOW)


def told(travel):
    return {row.user for row in Notice.objects.filter(key=f"travel-abroad:{travel.pk}")}


def test_it_is_told_to_whom_the_procedures_name_and_ends_nothing(life):
    before = life.dates("visit")
    travel = travels(life)
    assert told(travel) == {life.worker, life.conference.chair}
    notice = Notice.objects.filter(key=f"travel-abroad:{travel.pk}").first()
    assert notice.urgent
    assert "not agreed" in notice.text
    life.count()
    assert Plan.objects.get().is_open
    assert life.dates("visit") == before


@pytest.mark.value("travel-abroad-told")
def test_another_council_names_its_service_manager():
    authority = AuthorityFactory()
    procedures_with(authority, since=date(2026, 1, 1), values={"travel-abroad-told": "service manager"})
    life = CaseEvents(authority)
    life.held([life.child()], BEGAN)
    service = user_with_role(Role.SERVICE_MANAGER, authority=authority)
    travel = record_travel(plan=Plan.objects.get(), journey=ABROAD, by=life.worker, now=NOW)
    assert told(travel) == {service}


def test_the_same_journey_twice_is_one_and_agreed_is_not_urgent(life):
    assert travels(life) == travels(life)
    travel = travels(life, replace(ABROAD, agreed=Agreed.YES))
    assert TravelAbroad.objects.count() == 2
    assert not Notice.objects.filter(key=f"travel-abroad:{travel.pk}", urgent=True).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"where_to": " "}, "where_to"),
        ({"with_whom": ""}, "with_whom"),
        ({"because": ""}, "because"),
        ({"agreed": "x"}, "agreed"),
        ({"back_on": date(2027, 3, 4)}, "back_on"),
        ({"leaves_on": date(2026, 12, 1), "back_on": date(2026, 12, 21)}, "back_on"),
    ],
)
def test_refuses_what_says_too_little(life, changes, field):
    with pytest.raises(ValidationError) as caught:
        travels(life, replace(ABROAD, **changes))
    assert list(caught.value.message_dict) == [field]


def test_when_the_child_was_back(life):
    travel = travels(life, replace(ABROAD, leaves_on=date(2027, 2, 1), back_on=date(2027, 2, 20)))
    for day in (date(2027, 3, 2), date(2027, 1, 31)):
        with pytest.raises(ValidationError):
            record_return(travel=travel, on=day, by=life.worker, now=NOW)
    record_return(travel=travel, on=date(2027, 2, 21), by=life.worker, now=NOW)
    assert record_return(travel=travel, on=date(2027, 2, 22), by=life.worker, now=NOW).came_back_on == date(2027, 2, 21)


@time_machine.travel(NOW, tick=False)
def test_the_pages(life, client):
    client.force_login(life.worker)
    plan = Plan.objects.get()
    assert "Travel abroad" in client.get(reverse("plans:plan", args=[plan.pk])).content.decode()
    sent = {
        "where_to": "Porto",
        "with_whom": "Her mother",
        "leaves_on": "2027-02-05",
        "back_on": "2027-02-19",
        "agreed": "not_asked",
        "because": "A wedding",
    }
    answer = client.post(reverse("transfers:record-travel", args=[plan.pk]), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    travel = TravelAbroad.objects.get()
    back = client.post(reverse("transfers:came-back", args=[plan.pk, travel.pk]), {"on": "2027-02-20"})
    assert back.status_code == 302
    assert "No one asked us before" in client.get(reverse("transfers:travels", args=[plan.pk])).content.decode()


@pytest.mark.parametrize("travelled", [False, True])
def test_a_plan_that_ended_shows_only_journeys_that_were_recorded(life, client, travelled):
    plan = Plan.objects.select_related("child__person").get()
    address, list_of = reverse("plans:plan", args=[plan.pk]), reverse("transfers:travels", args=[plan.pk])
    with time_machine.travel(NOW, tick=False):
        client.force_login(life.manager)
        assert list_of in client.get(address).content.decode()
        if travelled:
            travels(life)
        record_death(person=plan.child.person, died_on=NOW.date(), source="Police", by=life.worker, now=NOW)
        page = client.get(address).content.decode()
        journeys = client.get(list_of).content.decode()
    assert (list_of in page, "The child is seen" in page) == (travelled, False)
    assert ("Record a journey" in journeys, "tell the police" in journeys) == (False, False)
