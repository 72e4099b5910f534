"""Children with a plan who move to another council: our plan stays until it takes responsibility in writing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from families.enums import AgencyKind
from families.services.losses import record_death
from govuk.words import plain_date
from notifications.models import Notice
from plans.enums import EndReason
from plans.models import Plan
from plans.selectors.endings import agencies_to_ask
from plans.selectors.listed_children import listed_children
from plans.services.endings import Accepted, end_moved
from tests.case_events import CaseEvents, at
from tests.factories import AgencyFactory, AgencyInvolvementFactory, PostFactory, user_with_role
from tests.stories import once_per_module
from transfers.enums import OutState, Stay, WhoVisits
from transfers.models import TransferOut
from transfers.selectors.transfers import transfer_page
from transfers.services.transfers import Answer, answer_transfer, record_transfer_out

pytestmark = pytest.mark.django_db

BEGAN = date(2026, 12, 22)
TOLD_ON = date(2027, 2, 1)
TODAY = date(2027, 3, 1)
NOW = at(TODAY)
TAKEN = Answer(
    state=OutState.ACCEPTED,
    said="Their team manager wrote",
    stay=Stay.FOR_GOOD,
    conference_on=date(2027, 2, 18),
    responsible_from=date(2027, 2, 19),
    letter_kept="File 26-0417, 19 February",
)


@once_per_module()
def life():
    return CaseEvents()


@once_per_module()
def moved(life):
    """Two of three children with plans since 22 December moved; Westmere’s worker knows them."""
    children = [life.child(person__birth_date=date(2015, 5, 5)), life.child(), life.child()]
    life.closes(life.held(children, BEGAN))
    life.westmere = AgencyFactory(authority=life.authority, kind=AgencyKind.SOCIAL_CARE, name="Westmere Council")
    life.post = PostFactory(agency=life.westmere, title="Social worker")
    for child in children[:2]:
        AgencyInvolvementFactory(child=child, agency=life.westmere, post=life.post)
    life.manager = user_with_role(Role.TEAM_MANAGER, team=life.family.team)
    life.count()
    return children


def told(life, children, **changes):
    facts = {
        "agency": life.westmere,
        "told_on": TOLD_ON,
        "moved_on": date(2027, 1, 29),
        "stay": Stay.NOT_KNOWN,
        "who_visits": WhoVisits.OURS,
        "visits_agreed": "Every ten working days, agreed with their duty team",
        **changes,
    }
    return record_transfer_out(family=life.family, children=children, by=life.worker, now=NOW, **facts)


def answered(transfer, children, answer=TAKEN, by=None, version=None):
    transfer.refresh_from_db()
    rows = list(transfer.children.filter(child__in=children))
    return answer_transfer(
        transfer=transfer,
        children=rows,
        answer=answer,
        version=version or transfer.version,
        by=by or transfer.recorded_by,
        now=NOW,
    )


def refused(act, *args, **kwargs):
    with pytest.raises(ValidationError) as caught:
        act(*args, **kwargs)
    error = caught.value
    return error.message_dict if hasattr(error, "error_dict") else error.messages


def ended(life, plan, facts=None):
    facts = facts or Accepted(
        for_good=True,
        where_to="Westmere Council",
        conference_on=TAKEN.conference_on,
        responsible_from=TAKEN.responsible_from,
        letter_kept=TAKEN.letter_kept,
    )
    return end_moved(plan=plan, facts=facts, by=life.manager, now=NOW)


def test_until_the_other_council_took_responsibility_plan_list_clocks_and_visits_run_on(life, moved):
    transfer = told(life, moved[:2])
    plan = Plan.objects.get(child=moved[0])
    listed = listed_children([life.authority.pk], on=TODAY)
    assert set(moved) <= set(listed)
    assert life.dates("visit", moved[0]) == [(date(2027, 1, 8), None)]
    (said,) = refused(ended, life, plan)
    assert said == (
        "The move to Westmere Council is recorded, and it has not taken responsibility in writing yet: "
        "told, no answer yet. The plan stays."
    )
    page = transfer_page(transfer, life.manager, on=TODAY)
    assert [(row.name, row.plan.is_open, row.may_end) for row in page.rows] == [
        (child.person.short_name, True, False) for child in moved[:2]
    ]
    # Working: 15 working days from Monday 1 February 2027 (day 0) are over on Monday 22 February.
    assert page.their_last_day == date(2027, 2, 22)
    assert page.is_late


def test_once_it_took_responsibility_the_plan_ends_by_the_transfer_and_the_others_go_on(life, moved):
    transfer = told(life, moved[:2])
    answered(transfer, moved[:1])
    plan, other, third = (Plan.objects.get(child=child) for child in moved)
    assert [row.state for row in transfer.children.all()] == [OutState.ACCEPTED, OutState.TOLD]
    assert {row.user for row in Notice.objects.filter(key__startswith="transfer-answered")} == {
        life.worker,
        life.manager,
    } - {life.worker}
    # The council that took over is not asked once more whether it agrees.
    assert agencies_to_ask(plan, on=TODAY) == []
    ended(life, plan)
    plan.refresh_from_db()
    assert (plan.ends_on, plan.end_reason) == (TAKEN.responsible_from, EndReason.MOVED)
    assert other.is_open
    assert third.is_open
    assert moved[0] not in listed_children([life.authority.pk], on=TODAY)
    life.count()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"conference_on": date(2027, 2, 17)}, "conference_on"),
        ({"responsible_from": date(2027, 2, 26)}, "responsible_from"),
        ({"where_to": "Northmoor Council"}, "where_to"),
        ({"letter_kept": "Elsewhere"}, "letter_kept"),
    ],
)
def test_the_ending_says_what_the_transfer_says(life, moved, typed, field):
    answered(told(life, moved[:1]), moved[:1])
    facts = Accepted(
        for_good=True,
        where_to="Westmere Council",
        conference_on=TAKEN.conference_on,
        responsible_from=TAKEN.responsible_from,
        letter_kept=TAKEN.letter_kept,
    )
    said = refused(ended, life, Plan.objects.get(child=moved[0]), replace(facts, **typed))
    assert list(said) == [field]
    assert said[field][0].endswith("Change the answer on the transfer’s page first.")


def test_accepted_twice_is_harmless(life, moved):
    transfer = told(life, moved[:1])
    answered(transfer, moved[:1])
    row = transfer.children.get()
    again = answered(transfer, moved[:1], by=life.manager)
    row.refresh_from_db()
    assert (row.state_by, again.version) == (life.worker, 2)
    assert Notice.objects.filter(key__startswith="transfer-answered").count() == 1


def test_the_second_of_two_hears_what_the_first_recorded(life, moved):
    transfer = told(life, moved[:1])
    answered(transfer, moved[:1])
    no = Answer(state=OutState.REFUSED, said="By phone", stay=Stay.NOT_KNOWN)
    assert refused(answered, transfer, moved[:1], no, life.manager, 1) == [
        "Someone else recorded an answer while you had the page open. Look at it, then save yours again."
    ]


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"conference_on": None}, "conference_on"),
        ({"responsible_from": None}, "responsible_from"),
        ({"letter_kept": " "}, "letter_kept"),
        ({"stay": Stay.TEMPORARY}, "stay"),
        ({"stay": Stay.NOT_KNOWN}, "stay"),
        ({"said": ""}, "said"),
        ({"responsible_from": date(2027, 2, 17)}, "responsible_from"),
        ({"conference_on": date(2027, 3, 2), "responsible_from": date(2027, 3, 2)}, "conference_on"),
        ({"conference_on": date(2026, 12, 21)}, "conference_on"),
    ],
)
def test_responsibility_is_taken_only_with_every_condition(life, moved, missing, field):
    transfer = told(life, moved[:1])
    assert field in refused(answered, transfer, moved[:1], replace(TAKEN, **missing))
    assert transfer.children.get().state == OutState.TOLD


@pytest.mark.parametrize("state", [OutState.REFUSED, OutState.RETURNED, OutState.CANCELLED])
def test_after_a_refusal_a_return_or_a_mistake_the_move_can_be_recorded_anew(life, moved, state):
    transfer = told(life, moved[:1])
    answered(transfer, moved[:1], Answer(state=state, said="Their duty team, by phone", stay=Stay.NOT_KNOWN))
    assert Plan.objects.get(child=moved[0]).is_open
    assert told(life, moved[:1], told_on=date(2027, 2, 25)).pk != transfer.pk


def test_a_missing_child_never_ends_a_plan_and_the_manager_is_told_at_once(life, moved):
    transfer = told(life, moved[:1])
    answered(transfer, moved[:1])
    answered(transfer, moved[:1], Answer(state=OutState.MISSING, said="Not at the new home", stay=Stay.NOT_KNOWN))
    plan = Plan.objects.get(child=moved[0])
    assert "The plan stays." in refused(ended, life, plan)[0]
    notice = Notice.objects.get(user=life.manager, text__contains="missing")
    assert notice.urgent
    assert moved[0].person.given_name not in notice.text


def test_the_same_news_twice_makes_one_transfer_and_other_news_is_refused(life, moved):
    assert told(life, moved[:2]) == told(life, moved[:2])
    assert TransferOut.objects.count() == 1
    said = refused(told, life, moved[:1], told_on=date(2027, 2, 3))
    name = moved[0].person.short_name
    why = f"The move of {name} is already recorded: the other council was told on {plain_date(TOLD_ON)}."
    assert said == {"children": [why]}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"told_on": date(2027, 3, 2)}, {"told_on": ["This day is in the future"]}),
        ({"visits_agreed": " "}, {"visits_agreed": ["Say how visits are agreed until the other council takes over"]}),
    ],
)
def test_refuses_what_cannot_be(life, moved, changes, said):
    assert refused(told, life, moved[:1], **changes) == said


def test_refuses_a_day_before_the_plan_began(life, moved):
    name = moved[0].person.short_name
    assert refused(told, life, moved[:1], told_on=date(2026, 12, 21)) == {
        "told_on": [f"The plan of {name} began on {plain_date(BEGAN)}. No one was told of it before"]
    }


def test_a_child_without_a_plan_is_not_transferred(life, moved):
    child = life.child()
    assert refused(told, life, [*moved[:1], child]) == {
        "children": [f"There is no open child protection plan of this council for {child.person.short_name}"]
    }
    assert not TransferOut.objects.exists()


def test_the_councils_own_name_is_no_receiving_council(life, moved):
    own = AgencyFactory(authority=life.authority, kind=AgencyKind.SOCIAL_CARE, name=f"  {life.authority.name.upper()}")
    said = {"agency": ["This is our own council. Choose the council to which the children moved"]}
    assert refused(told, life, moved[:1], agency=own) == said
    team = AgencyFactory(authority=life.authority, kind=AgencyKind.SOCIAL_CARE, name="Children’s services")
    PostFactory(agency=team, person__user=life.worker)
    assert refused(told, life, moved[:1], agency=team) == said
    school = AgencyFactory(authority=life.authority, kind=AgencyKind.SCHOOL)
    assert list(refused(told, life, moved[:1], agency=school)) == ["agency"]


def test_a_death_in_the_middle_ends_the_transfer_of_that_child_alone(life, moved):
    transfer = told(life, moved[:2])
    record_death(person=moved[0].person, died_on=date(2027, 2, 20), source="Police", by=life.manager, now=NOW)
    name = moved[0].person.short_name
    assert refused(answered, transfer, moved[:2])["children"] == [
        f"The plan of {name} ended on {plain_date(date(2027, 2, 20))}: died. Nothing was changed."
    ]
    answered(transfer, moved[1:2])
    page = transfer_page(transfer, life.manager, on=TODAY)
    assert [row.words for row in page.rows] == ["The plan ended: died", "Has taken responsibility in writing"]
    assert [row.may_end for row in page.rows] == [False, True]


def test_an_unborn_child_moves_with_the_mother():
    life = CaseEvents()
    (baby,) = life.unborn(date(2027, 5, 20))
    life.closes(life.held([baby], BEGAN, kind="pre_birth"))
    life.westmere = AgencyFactory(authority=life.authority, kind=AgencyKind.SOCIAL_CARE, name="Westmere Council")
    transfer = told(life, [baby])
    answered(transfer, [baby])
    assert transfer.children.get().state == OutState.ACCEPTED
