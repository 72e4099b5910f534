"""Every time limit counts: another amount stands in the rows by which the ledger counts, and in the policy's limit."""

from __future__ import annotations

import datetime

import pytest

from deadlines.models import PolicyLimit
from deadlines.policies import LIMITS, PolicyInvalid, policy_for, raw_of
from deadlines.services.policies import put_policy_in_force
from tests.factories import AuthorityFactory
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
SINCE = datetime.date(2020, 1, 1)
# The limits that a council may leave out, used.
USED = {
    "last-core-group-before-review": "required",
    "second-review-anchor": "first conference",
    "chair-checks-mid-point": "required",
    "outline-plan-sent": "required",
}


@once_per_module()
def authority():
    return AuthorityFactory()


def in_force(authority, key, amount):
    raw = raw_of("baseline")
    for value, words in USED.items():
        raw["values"][value]["value"] = words
    raw["limits"][key]["amount"] = amount
    now = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    return put_policy_in_force(authority=authority, preset="baseline", raw=raw, in_force_from=SINCE, now=now)


@pytest.mark.parametrize("key", sorted(LIMITS))
def test_another_amount_is_counted_by(authority, key):
    usual = raw_of("baseline")["limits"][key]["amount"]
    for other in (usual - 1, usual + 1):
        if other < 1:
            continue
        try:
            made = in_force(authority, key, other)
        except PolicyInvalid:
            # Looser than the nation allows, or than another limit that has to hold.
            continue
        assert PolicyLimit.objects.get(version=made, key=key).amount == other
        assert policy_for(authority, on=SINCE).limit(key).amount == other
        return
    pytest.fail(f"No other amount of {key} is allowed.")
