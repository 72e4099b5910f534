"""The clocks of a move without an answer, of a child who is due back from abroad, and of an adoption not sealed."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.enums import Role
from families.enums import AdoptedBy, AgencyKind
from families.models import Adoption
from families.services.adoptions import record_adoption, seal_adopted, withdraw_adoption
from plans.models import Plan
from tests.case_events import CaseEvents, at
from tests.factories import AgencyFactory, AuthorityFactory, procedures_with, user_with_role
from tests.stories import once_per_module
from transfers.enums import Agreed, OutState, Stay, WhoVisits
from transfers.services.transfers import Answer, answer_transfer, record_transfer_out
from transfers.services.travel import Journey, record_return, record_travel

pytestmark = pytest.mark.django_db

BEGAN = date(2026, 12, 22)
TOLD_ON = date(2027, 2, 1)
NOW = at(TOLD_ON)


def told_life(authority=None):
    made = CaseEvents(authority)
    made.children = [made.child(), made.child()]
    made.held(made.children, BEGAN)
    made.manager = user_with_role(Role.TEAM_MANAGER, team=made.family.team)
    made.westmere = AgencyFactory(authority=made.authority, kind=AgencyKind.SOCIAL_CARE, name="Westmere Council")
    return made


@once_per_module()
def life():
    return told_life()


def moves(life):
    return record_transfer_out(
        family=life.family,
        children=life.children,
        agency=life.westmere,
        told_on=TOLD_ON,
        moved_on=None,
        stay=Stay.NOT_KNOWN,
        who_visits=WhoVisits.OURS,
        visits_agreed="Every ten working days",
        by=life.worker,
        now=NOW,
    )


def answered(life, transfer, child, state, on):
    transfer.refresh_from_db()
    return answer_transfer(
        transfer=transfer,
        children=list(transfer.children.filter(child=child)),
        answer=Answer(state=state, said="Their manager rang", stay=Stay.NOT_KNOWN),
        version=transfer.version,
        by=life.worker,
        now=at(on),
    )


def test_an_answer_is_due_for_each_child_from_the_day_the_other_council_was_told(life):
    transfer = moves(life)
    one, other = life.children
    # Five working days from Monday 1 February are Monday 8 February; counted in the same transaction.
    assert life.dates("transfer-answered") == [(date(2027, 2, 8), None)] * 2
    assert {tuple(row.responsible_ids) for row in life.rows("transfer-answered")} == {(life.worker.pk,)}
    answered(life, transfer, one, OutState.REFUSED, date(2027, 2, 5))
    assert life.dates("transfer-answered", one) == [(date(2027, 2, 8), date(2027, 2, 5))]
    answered(life, transfer, other, OutState.TEMPORARY, date(2027, 2, 6))
    answered(life, transfer, other, OutState.TOLD, date(2027, 2, 7))
    assert life.dates("transfer-answered", other) == [(date(2027, 2, 8), None)]
    life.count()


def test_it_goes_to_the_manager_after_its_end_and_another_council_counts_otherwise():
    authority = AuthorityFactory()
    limits = {"transfer-answered": {"amount": 2}}
    procedures_with(authority, since=date(2020, 1, 1), limits=limits)
    life = told_life(authority)
    moves(life)
    row = life.rows("transfer-answered")[0]
    assert (row.due_on, row.manager_from.date()) == (date(2027, 2, 3), date(2027, 2, 5))


def test_a_child_is_due_back_by_the_day_recorded(life):
    plan = Plan.objects.get(child=life.children[0])
    travel = record_travel(
        plan=plan,
        journey=Journey(
            where_to="Porto",
            with_whom="Her mother",
            leaves_on=date(2027, 3, 5),
            back_on=date(2027, 3, 19),
            agreed=Agreed.YES,
            because="A wedding",
        ),
        by=life.worker,
        now=NOW,
    )
    # The day after the last day away, whatever day of the week it is.
    assert life.dates("back-from-abroad") == [(date(2027, 3, 20), None)]
    record_return(travel=travel, on=date(2027, 3, 18), by=life.worker, now=at(date(2027, 3, 19)))
    assert life.dates("back-from-abroad") == [(date(2027, 3, 20), date(2027, 3, 18))]
    life.count()


def adopted(life, by=AdoptedBy.OTHERS):
    return record_adoption(
        person=life.children[0].person,
        adopted_by=by,
        ordered_on=TOLD_ON,
        court="Eastmere Family Court, 27-0012",
        source="Legal services",
        may_see=[],
        by=life.manager,
        now=NOW,
    )


def test_an_adoption_waits_for_its_seal_with_the_manager(life):
    adoption = adopted(life)
    (row,) = life.rows("adoption-sealed")
    assert (row.due_on, row.responsible_ids) == (date(2027, 2, 8), [life.manager.pk])
    Plan.objects.filter(child=life.children[0]).update(ends_on=TOLD_ON, end_reason="moved")
    seal_adopted(adoption=adoption, because="The plan has ended", by=life.manager, now=at(date(2027, 2, 4)))
    assert life.dates("adoption-sealed") == [(date(2027, 2, 8), date(2027, 2, 4))]
    life.count()


def test_one_in_the_family_waits_for_nothing_and_an_error_stops_it(life):
    adoption = adopted(life, AdoptedBy.FAMILY)
    assert life.rows("adoption-sealed") == []
    withdraw_adoption(adoption=adoption, because="Another child", by=life.manager, now=NOW)
    wrong = adopted(life)
    assert Adoption.objects.count() == 2
    withdraw_adoption(adoption=wrong, because="Another child", by=life.manager, now=NOW)
    assert [row.not_needed for row in life.rows("adoption-sealed")] == ["It was entered in error."]
    life.count()
