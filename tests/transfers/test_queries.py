"""Pages of moves, adoptions and plans ask as often for thirty rows as for one."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from families.enums import AdoptedBy, AgencyKind
from families.models import Adoption, AgencyInvolvement
from plans.models import MidPointCheck
from tests.case_events import CaseEvents, at
from tests.factories import AgencyFactory, PersonFactory, PlanActionFactory, PlanFactory, PostFactory, user_with_role
from tests.stories import once_per_module
from transfers.enums import Agreed, OutState, Stay, WhoVisits
from transfers.models import TransferOut, TransferredChild, TravelAbroad

pytestmark = pytest.mark.django_db

BEGAN = date(2026, 12, 22)
TOLD_ON = date(2027, 2, 1)
NOW = at(date(2027, 3, 1))


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def life():
    made = CaseEvents()
    made.manager = user_with_role(Role.TEAM_MANAGER, team=made.family.team)
    made.westmere = AgencyFactory(authority=made.authority, kind=AgencyKind.SOCIAL_CARE, name="Westmere Council")
    made.post = PostFactory(agency=made.westmere, title="Social worker")
    return made


def transfer_of(life, children, state=OutState.TOLD, plan=None):
    transfer = TransferOut.objects.create(
        authority=life.authority, family=life.family, agency=life.westmere, told_on=TOLD_ON, who_visits=WhoVisits.OURS,
        visits_agreed="As before", recorded_by=life.worker, recorded_at=NOW,
    )  # fmt: skip
    said = {"state_by": life.worker, "state_at": NOW, "state_reason": "They wrote"} if state != OutState.TOLD else {}
    if state == OutState.ACCEPTED:
        said |= {"conference_on": TOLD_ON, "responsible_from": TOLD_ON, "letter_kept": "File 1"}
    for child in children:
        stay = Stay.FOR_GOOD if state == OutState.ACCEPTED else Stay.NOT_KNOWN
        held = plan or PlanFactory(child=child, starts_on=BEGAN)
        TransferredChild.objects.create(transfer=transfer, child=child, plan=held, stay=stay, state=state, **said)
        AgencyInvolvement.objects.get_or_create(child=child, agency=life.westmere, post=life.post, starts_on=BEGAN)
    return transfer


def asked(ask):
    with CaptureQueriesContext(connection) as queries:
        ask()
    return len(queries)


def page_of(client, user, url):
    client.force_login(user)
    client.get(url)  # what is read once per process

    def ask():
        assert client.get(url).status_code == 200

    return asked(ask)


def test_the_panel_of_moves_on_the_familys_page(life, client):
    plan, counts = PlanFactory(child=life.child(), starts_on=BEGAN), set()
    for number in (1, 29):
        for _ in range(number):
            transfer_of(life, [plan.child], OutState.RETURNED, plan=plan)
        counts.add(page_of(client, life.manager, reverse("families:family", args=[life.family.pk])))
    assert len(counts) == 1, counts


@pytest.mark.parametrize("state", [OutState.TOLD, OutState.ACCEPTED])
def test_the_page_of_a_move(life, client, state):
    counts = set()
    for number in (1, 30):
        transfer = transfer_of(life, [life.child() for _ in range(number)], state)
        counts.add(page_of(client, life.manager, reverse("transfers:transfer", args=[life.family.pk, transfer.pk])))
    assert len(counts) == 1, counts


def test_the_list_of_adoptions(life, client):
    counts = set()
    for number in (1, 29):
        for _ in range(number):
            adoption = Adoption.objects.create(
                person=life.child().person, adopted_by=AdoptedBy.OTHERS, ordered_on=TOLD_ON, court="27-1",
                source="Legal", recorded_by=life.manager, recorded_at=NOW,
            )  # fmt: skip
            adoption.may_see.add(life.manager)
        counts.add(page_of(client, life.manager, reverse("families:sealed")))
    assert len(counts) == 1, counts


def test_the_journeys_abroad_of_a_child(life, client):
    plan, counts = PlanFactory(child=life.child(), starts_on=BEGAN), set()
    for number in (1, 29):
        for _ in range(number):
            TravelAbroad.objects.create(
                plan=plan, where_to="Porto", with_whom="Her mother", leaves_on=TOLD_ON, back_on=TOLD_ON,
                agreed=Agreed.YES, because="A wedding", recorded_by=life.worker, recorded_at=NOW,
            )  # fmt: skip
        counts.add(page_of(client, life.manager, reverse("transfers:travels", args=[plan.pk])))
    assert len(counts) == 1, counts


def test_the_page_of_a_plan(life, client):
    child, counts = life.child(), set()
    plan = PlanFactory(child=child, starts_on=BEGAN)
    PlanFactory(child=child, starts_on=date(1960, 1, 4), ends_on=date(1960, 6, 4), end_reason="moved")
    for number in (1, 29):
        for place in range(number):
            PlanActionFactory(plan=plan, who_person=PersonFactory(authority=life.authority), who_else="")
            day = date(1970 + place, 2 if number == 1 else 9, 1)
            PlanFactory(
                child=child, starts_on=day, ends_on=date(1970 + place, 3 if number == 1 else 12, 1), end_reason="moved"
            )
            MidPointCheck.objects.create(
                plan=plan, counts_from=day, actions_moving="yes", groups_held="yes", child_seen="yes", drifting="no",
                review_needed="no", recorded_by=life.manager, recorded_at=NOW,
            )  # fmt: skip
        counts.add(page_of(client, life.manager, reverse("plans:plan", args=[plan.pk])))
    assert len(counts) == 1, counts
