"""How long records are kept: the pure rule, the statement that finds what is due, holds, and the pages."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from accounts.models import AccessEvent
from deadlines.policies import policy_for
from families.enums import LegalStatusKind, PregnancyOutcome
from families.models import Family, LegalStatus, Person
from families.services import end_pregnancy, record_death, withdraw_loss
from plans.enums import EndReason, PlanKind
from records.enums import DisposalState, HoldGround
from records.models import Disposal, LegalHold
from records.retention.due import cases_over, facts_of, kept_case, review_list
from records.retention.legal_holds import holds_on, lift_hold, set_hold
from records.retention.rules import ChildFacts, case_kept_until, kept_until, rules_of
from tests.factories import (
    AuthorityFactory,
    ChildFactory,
    ConferenceChildFactory,
    FamilyFactory,
    FamilyMemberFactory,
    PersonFactory,
    PlanFactory,
    PregnancyFactory,
    TeamFactory,
    policy_in_force,
    user_with_role,
)
from tests.stories import once_per_module

BORN = datetime.date(2000, 5, 17)
CLOSED = datetime.date(2012, 3, 1)
TODAY = datetime.date(2026, 12, 8)
NOW = datetime.datetime(2026, 12, 8, 10, tzinfo=datetime.UTC)


@once_per_module()
def authority():
    made = AuthorityFactory()
    policy_in_force(made)
    return made


@pytest.fixture
def rules(authority):
    return rules_of(policy_for(authority, on=TODAY))


@pytest.mark.parametrize(
    ("facts", "until", "rule"),
    [
        ({"had_cp_plan": True}, datetime.date(2025, 5, 17), "keep-child-with-cp-plan"),
        ({"had_cp_plan": True, "was_looked_after": True}, datetime.date(2075, 5, 17), "keep-child-looked-after"),
        ({"had_conference": True}, datetime.date(2022, 3, 1), "keep-child-with-conference"),
        ({"had_cin_plan": True}, datetime.date(2022, 3, 1), "keep-child-with-cin-plan"),
        ({}, datetime.date(2018, 3, 1), "keep-child-other"),
        ({"had_sexual_harm": True, "had_cp_plan": True}, datetime.date(2087, 3, 1), "keep-child-sexual-harm"),
        ({"died_on": datetime.date(2010, 2, 28)}, datetime.date(2035, 2, 28), "keep-child-who-died"),
        ({"sealed_on": datetime.date(2011, 1, 1)}, datetime.date(2111, 1, 1), "keep-sealed-child"),
        (
            {"born_on": None, "pregnancy_ended_on": datetime.date(2011, 6, 1), "had_conference": True},
            datetime.date(2036, 6, 1),
            "keep-pregnancy-without-birth",
        ),
        ({"born_on": datetime.date(2000, 2, 29), "had_cp_plan": True}, datetime.date(2025, 2, 28), "keep-child-with-cp-plan"),
    ],
)  # fmt: skip
def test_the_longest_rule_that_applies_wins(rules, facts, until, rule):
    kept = kept_until(ChildFacts(**{"born_on": BORN, "closed_on": CLOSED, **facts}), rules)
    assert (kept.until, kept.rule) == (until, rule)


@pytest.mark.parametrize(
    ("facts", "because"),
    [
        ({"has_open_plan": True}, "a plan is open"),
        ({"born_on": None, "had_cp_plan": True}, "the day of the birth of the child is not recorded"),
        ({"closed_on": None}, "the day of the closing of the case is not recorded"),
    ],
)
def test_records_that_can_not_be_counted_are_kept_until_reviewed(rules, facts, because):
    kept = kept_until(ChildFacts(**{"born_on": BORN, "closed_on": CLOSED, **facts}), rules)
    assert (kept.until, kept.because, kept.is_over(datetime.date(2200, 1, 1))) == (None, because, False)


def test_shared_records_are_kept_until_the_youngest_siblings_time_is_over(rules):
    elder = ChildFacts(born_on=BORN, closed_on=CLOSED, had_cp_plan=True)
    younger = ChildFacts(born_on=datetime.date(2008, 8, 8), closed_on=CLOSED, had_cp_plan=True)
    assert kept_until(elder, rules).until == datetime.date(2025, 5, 17)
    assert case_kept_until([elder, younger], rules).until == datetime.date(2033, 8, 8)


def test_it_is_over_on_the_birthday_and_not_the_day_before(rules):
    kept = kept_until(ChildFacts(born_on=BORN, closed_on=CLOSED, had_cp_plan=True), rules)
    assert not kept.is_over(datetime.date(2025, 5, 16))
    assert kept.is_over(datetime.date(2025, 5, 17))


days = st.none() | st.dates(datetime.date(1990, 1, 1), datetime.date(2026, 1, 1))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {"born": days, "died": st.booleans(), "cp": st.booleans(), "cin": st.booleans(), "looked": st.booleans(), "met": st.booleans()}
        ),
        max_size=3,
    ),
    closed=days,
    today=st.dates(datetime.date(2013, 1, 1), datetime.date(2110, 1, 1)),
)  # fmt: skip
def test_the_statement_agrees_with_the_rule(statement_world, rows, closed, today):
    authority, manager = statement_world
    family = FamilyFactory(authority=authority, team=TeamFactory(authority=authority), closed_on=closed)
    for row in rows:
        person = PersonFactory(
            authority=authority, birth_date=row["born"], death_date=row["born"] if row["died"] else None
        )
        child = ChildFactory(authority=authority, person=person, family=family)
        for wanted, kind in ((row["cp"], PlanKind.CP), (row["cin"], PlanKind.CIN)):
            if wanted:
                PlanFactory(
                    child=child,
                    kind=kind,
                    starts_on=row["born"] or datetime.date(2008, 1, 1),
                    ends_on=(row["born"] or datetime.date(2008, 1, 1)) + datetime.timedelta(days=90),
                    end_reason=EndReason.GOALS_MET,
                )
        if row["looked"]:
            LegalStatus.objects.create(child=child, status=LegalStatusKind.CARE_ORDER)
        if row["met"]:
            ConferenceChildFactory(conference__family=family, child=child)
    rules = rules_of(policy_for(authority, on=TODAY))
    kept = kept_case(facts_of([family.pk])[family.pk], rules)
    found = cases_over(manager, authority, today=today).filter(pk=family.pk).exists()
    assert found == (closed is not None and kept.is_over(today))
    Family.objects.filter(pk=family.pk).update(closed_on=None)


@once_per_module()
def statement_world(authority):
    return authority, user_with_role(Role.SERVICE_MANAGER, authority=authority)


@once_per_module()
def staffed(authority):
    authority.manager = user_with_role(Role.SERVICE_MANAGER, authority=authority, name="Petra Osprey")
    authority.second = user_with_role(Role.SERVICE_MANAGER, authority=authority, name="Ian Merlin")
    authority.custodian = user_with_role(Role.CUSTODIAN, authority=authority)
    authority.team = TeamFactory(authority=authority)
    return authority


@pytest.fixture
def council(staffed):
    with time_machine.travel(NOW, tick=False):
        yield staffed


def over(council, **fields):
    family = FamilyFactory(authority=council, team=council.team, closed_on=CLOSED, **fields)
    ChildFactory(authority=council, family=family)
    return family


def test_a_child_who_lives_in_another_open_case_keeps_this_one(council):
    family = over(council)
    assert cases_over(council.manager, council, today=TODAY).get() == family
    child = Person.objects.get(memberships__family=family)
    FamilyMemberFactory(family=FamilyFactory(authority=council, team=council.team), person=child)
    assert list(cases_over(council.manager, council, today=TODAY)) == []


def test_another_council_s_cases_are_not_on_the_list(council):
    stranger = user_with_role(Role.SERVICE_MANAGER)
    policy_in_force(stranger.authority)
    over(council)
    assert len(review_list(stranger, today=TODAY)) == 0


# Holds


def test_a_childs_death_puts_a_hold_on_the_case_in_the_same_transaction(council):
    family = FamilyFactory(authority=council, team=council.team)
    child = ChildFactory(authority=council, family=family)
    for _ in range(2):
        loss = record_death(
            person=child.person, died_on=datetime.date(2026, 12, 1), source="Police", by=council.manager, now=NOW
        )
    (hold,) = holds_on(family.pk)
    assert (hold.ground, hold.child, hold.set_by) == (HoldGround.DEATH, child, council.manager)
    withdraw_loss(loss=loss, because="Another child", by=council.manager, now=NOW)
    assert not holds_on(family.pk).exists()


@pytest.mark.parametrize(
    ("outcome", "held"),
    [(PregnancyOutcome.STILLBIRTH, 1), (PregnancyOutcome.MISCARRIAGE, 1), (PregnancyOutcome.NOT_PREGNANT, 0)],
)
def test_a_pregnancy_without_a_living_child_puts_a_hold_on_the_case(council, outcome, held):
    family = FamilyFactory(authority=council, team=council.team)
    pregnancy = PregnancyFactory(authority=council)
    unborn = PersonFactory(authority=council, unnamed_as="Baby", given_name="", birth_date=None)
    ChildFactory(authority=council, family=family, person=unborn, pregnancy=pregnancy)
    end_pregnancy(pregnancy=pregnancy, outcome=outcome, ended_on=TODAY, by=council.manager, now=NOW)
    assert holds_on(family.pk).count() == held


def test_a_hold_on_a_child_holds_every_case_of_the_child(council):
    family, other = over(council), FamilyFactory(authority=council, team=council.team)
    person = Person.objects.get(memberships__family=family)
    FamilyMemberFactory(family=other, person=person)
    hold = set_hold(
        family=family, child=person.child, ground=HoldGround.INQUIRY, why="A review", reference="R1", by=council.manager, now=NOW
    )  # fmt: skip
    assert list(holds_on(other.pk)) == [hold]
    with pytest.raises(ValidationError, match="Say why"):
        lift_hold(hold=hold, because=" ", by=council.second, now=NOW)
    lift_hold(hold=hold, because="The review is over.", by=council.second, now=NOW)
    assert list(holds_on(other.pk)) == []


# Pages


@pytest.fixture
def page(council, client):
    def page(user, name, *args, data=None):
        client.force_login(user)
        url = reverse(f"records:{name}", args=args)
        return client.get(url) if data is None else client.post(url, data)

    return page


def test_two_people_dispose_of_a_case_on_their_pages(council, page):
    family = over(council)
    assert family.case_number in page(council.manager, "review-cases").content.decode()
    shown = page(council.manager, "review-case", family.pk).content.decode()
    assert "Propose to dispose of it" in shown
    for _ in range(2):
        page(council.manager, "propose-disposal", family.pk, data={"why": "Its time is over."})
    disposal = Disposal.objects.get()
    own = page(council.manager, "settle-disposal", disposal.pk, data={"answer": "agree"})
    assert own.context["form"].errors["answer"] == ["Choose one of the answers shown"]
    assert page(council.custodian, "review-case", family.pk).status_code == 404
    for _ in range(2):
        page(council.custodian, "settle-disposal", disposal.pk, data={"answer": "agree"})
    disposal.refresh_from_db()
    assert disposal.state == DisposalState.DONE
    response = page(council.second, "certificate-pdf", disposal.pk)
    assert (response["Content-Type"], response["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert disposal.number in page(council.second, "see-disposals").content.decode()
    assert page(council.manager, "review-case", family.pk).status_code == 404


def test_holds_and_later_days_are_set_on_the_pages_and_input_is_kept(council, page):
    family = over(council)
    wrong = page(council.manager, "set-hold", family.pk, data={"why": "An inquest", "ground": ""})
    assert wrong.context["form"]["why"].value() == "An inquest"
    page(council.manager, "set-hold", family.pk, data={"why": "An inquest", "ground": "court", "reference": "I-7"})
    hold = LegalHold.objects.get()
    shown = page(council.manager, "review-case", family.pk).content.decode()
    assert "Legal hold: A court or an inquest" in shown
    assert "Propose to dispose of it" not in shown
    page(council.second, "lift-hold", hold.pk, data={"because": "It is over."})
    until = {"until_day": "1", "until_month": "6", "until_year": "2030", "why": "A claim may come."}
    past = page(council.manager, "keep-longer", family.pk, data={**until, "until_year": "2020"})
    assert past.context["form"].errors["until"] == ["Enter a day in the future."]
    page(council.manager, "keep-longer", family.pk, data=until)
    assert family.case_number not in page(council.manager, "review-cases").content.decode()


def test_the_list_is_logged_and_takes_the_same_queries_for_one_and_thirty(council, page):
    over(council)
    page(council.manager, "review-cases")
    with CaptureQueriesContext(connection) as one:
        page(council.manager, "review-cases")
    for _ in range(29):
        over(council)
    with CaptureQueriesContext(connection) as thirty:
        response = page(council.manager, "review-cases")
    assert len(thirty) == len(one)
    assert response.context["page"].paginator.count == 30
    assert len(AccessEvent.objects.filter(page="records:review-cases").latest("pk").family_ids) == 25


@pytest.mark.parametrize("name", ["review-case", "keep-longer", "propose-disposal", "set-hold"])
def test_the_pages_of_a_case_open_to_service_managers_of_the_council_only(council, page, name):
    family = over(council)
    for user in (
        user_with_role(Role.SERVICE_MANAGER),
        user_with_role(Role.COORDINATOR, authority=council),
        user_with_role(Role.ADMINISTRATOR, authority=council),
        user_with_role(Role.TEAM_MANAGER, team=council.team),
        council.custodian,
    ):
        assert page(user, name, family.pk).status_code == 404
    assert page(council.manager, name, family.pk).status_code == 200


def test_the_family_s_page_says_that_it_is_held(council, client):
    family = FamilyFactory(authority=council, team=council.team)
    set_hold(family=family, child=None, ground=HoldGround.CLAIM, why="Claim", reference="", by=council.manager, now=NOW)
    client.force_login(user_with_role(Role.TEAM_MANAGER, team=council.team))
    shown = client.get(f"/families/{family.pk}/").content.decode()
    assert "Legal hold: A claim or a complaint." in shown
    assert "How long this case is kept" not in shown


def test_keeping_counts_from_the_procedures_in_force_today(authority):
    policy = policy_for(authority, on=timezone.localdate())
    (rule,) = (row for row in rules_of(policy) if row.key == "keep-child-with-cp-plan")
    assert rule.period.until(BORN) == BORN + relativedelta(years=25)
    assert policy.entry(rule.key).owner == "records manager"
