"""How long each kind of case record is kept follows the council's own period."""

from __future__ import annotations

import datetime

import pytest
from dateutil.relativedelta import relativedelta

from deadlines.policies import policy_for
from records.retention.rules import ChildFacts, kept_until, rules_of
from tests.factories import AuthorityFactory, procedures_with

pytestmark = pytest.mark.django_db

CLOSED = datetime.date(2012, 3, 1)
TODAY = datetime.date(2026, 12, 8)
FACTS = {
    "keep-child-looked-after": {"was_looked_after": True},
    "keep-sealed-child": {"sealed_on": CLOSED},
    "keep-child-sexual-harm": {"had_sexual_harm": True},
    "keep-child-with-cp-plan": {"had_cp_plan": True},
    "keep-child-with-cin-plan": {"had_cin_plan": True},
    "keep-child-with-conference": {"had_conference": True},
    "keep-child-who-died": {"died_on": datetime.date(2011, 5, 1)},
    "keep-pregnancy-without-birth": {"born_on": None, "pregnancy_ended_on": datetime.date(2011, 5, 1)},
    "keep-child-other": {},
}


@pytest.mark.value("keep-child-looked-after", "keep-sealed-child", "keep-child-sexual-harm")
@pytest.mark.value("keep-child-with-cp-plan", "keep-child-with-cin-plan", "keep-child-with-conference")
@pytest.mark.value("keep-child-who-died", "keep-pregnancy-without-birth", "keep-child-other")
@pytest.mark.parametrize("key", FACTS)
def test_a_longer_period_of_the_council_keeps_the_case_longer(key):
    authority = AuthorityFactory()
    longest = {"amount": 140, "unit": "years", "from": "closing of the case"}
    procedures_with(authority, since=datetime.date(2020, 1, 1), values={key: longest})
    child = ChildFacts(**{"born_on": datetime.date(2000, 5, 17), "closed_on": CLOSED, **FACTS[key]})
    kept = kept_until(child, rules_of(policy_for(authority, on=TODAY)))
    assert (kept.rule, kept.until) == (key, CLOSED + relativedelta(years=140))
