from __future__ import annotations

import datetime
from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from deadlines.enums import ChangeKind, WhyMoved
from deadlines.models import Deadline, DeadlineChange, PolicyVersion, Recount, RecountedDeadline
from deadlines.policies import policy_for
from deadlines.selectors.recounting import countable, limits_of
from deadlines.services import put_policy_in_force, reconcile
from deadlines.services.recounting import preview_recount, recount_deadlines
from tests.deadlines.conftest import Facts, a_clock, moment
from tests.factories import AuthorityFactory, policy_in_force, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = moment("2026-12-09 09:30")
SAID = {"source": "the council", "year": 2026, "scope": "local", "owner": "conference service manager"}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def admin(case):
    return user_with_role(Role.ADMINISTRATOR, authority=case.authority)


@pytest.fixture
def records(case):
    """Two minutes due within 28 days, and one core group that no change touches."""
    facts, groups = Facts("minutes-sent"), Facts("next-core-group")
    a_clock("minutes-sent", facts)
    a_clock("next-core-group", groups)
    facts.rows = [case.fact(), case.fact(fact_id=2, starts=date(2026, 11, 2))]
    groups.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=NOW)
    return facts


@pytest.fixture
def version(case, records):
    """A version from today under which minutes have 20 working days."""
    limit = {
        "amount": 20, "unit": "working days", "direction": "after", "warn": {"amount": 5, "unit": "working days"}, **SAID,
    }  # fmt: skip
    raw = {"preset": "own", "title": "Own", "limits": {"minutes-sent": limit}}
    return put_policy_in_force(authority=case.authority, preset="own", raw=raw, in_force_from=NOW.date(), now=NOW)


def rows():
    return list(Deadline.objects.filter(kind="minutes-sent").order_by("fact_id"))


def counted_again(case, version, admin, **fields):
    given = {
        "version": version,
        "deadline_ids": [row.pk for row in rows()],
        "by": admin,
        "reason": "The partnership asked for it",
        "now": NOW,
    }
    return recount_deadlines(**{**given, **fields})


def test_a_new_version_leaves_open_deadlines_as_they_were(version, case):
    reconcile(family_ids=[case.family.pk], now=NOW)
    reconcile(now=NOW)
    assert [row.due_on for row in rows()] == [date(2027, 1, 5), date(2026, 11, 30)]
    assert version.pk not in {row.policy_version_id for row in rows()}


def test_the_preview_counts_and_writes_nothing(version, admin):
    before = list(Deadline.objects.order_by("pk").values())
    after = preview_recount(version=version, deadlines=rows(), by=admin, now=NOW)
    assert [after[row.pk] for row in rows()] == [date(2027, 1, 8), date(2026, 11, 30)]
    assert list(Deadline.objects.order_by("pk").values()) == before
    assert (Recount.objects.count(), DeadlineChange.objects.count()) == (0, 0)


def test_recounts_are_logged_deadline_by_deadline(case, version, admin):
    act = counted_again(case, version, admin)
    first, second = rows()
    assert (first.due_on, first.policy_version_id) == (date(2027, 1, 8), version.pk)
    assert (second.due_on, second.policy_version_id) == (date(2026, 11, 30), version.pk)
    assert (act.by, act.reason, act.version) == (admin, "The partnership asked for it", version)
    assert set(act.deadlines.values_list("deadline_id", "due_on_before", "due_on_after")) == {
        (first.pk, date(2027, 1, 5), date(2027, 1, 8)),
        (second.pk, date(2026, 11, 30), date(2026, 11, 30)),
    }
    change = first.changes.get(kind=ChangeKind.MOVED)
    assert (change.due_on_before, change.due_on_after, change.why_moved) == (
        date(2027, 1, 5),
        date(2027, 1, 8),
        WhyMoved.PROCEDURES,
    )


def test_a_recount_survives_reconciling(case, version, admin):
    counted_again(case, version, admin)
    assert reconcile(now=NOW).written == 0
    assert reconcile(family_ids=[case.family.pk], now=NOW).written == 0
    assert rows()[0].due_on == date(2027, 1, 8)


def test_a_later_start_counts_under_the_version_of_its_own_day(case, version, admin, records):
    counted_again(case, version, admin, deadline_ids=[rows()[0].pk])
    records.rows = [
        *records.rows,
        case.fact(fact_id=3, starts=date(2026, 12, 8)),
        case.fact(fact_id=4, starts=NOW.date()),
    ]
    reconcile(family_ids=[case.family.pk], now=NOW)
    assert [row.policy_version_id == version.pk for row in rows()] == [True, False, False, True]


def test_recounting_twice_is_one_recount(case, version, admin):
    assert counted_again(case, version, admin) == counted_again(case, version, admin)
    assert (Recount.objects.count(), RecountedDeadline.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"reason": "  "}, "Say why you are counting these deadlines again."),
        ({"deadline_ids": [0]}, "One of these deadlines is no longer there."),
        ({"previewed": {0: date(2027, 1, 1)}}, None),
    ],
)
def test_what_can_not_be_counted_again_is_refused(case, version, admin, fields, message):
    if message is None:
        previewed = {row.pk: date(2027, 1, 1) for row in rows()}
        fields, message = {"previewed": previewed}, "One of the dates is now different from the one you saw."
    with pytest.raises(ValidationError, match=message):
        counted_again(case, version, admin, **fields)
    assert Recount.objects.count() == 0


def test_a_deadline_met_in_the_meantime_is_refused(case, version, admin, records):
    records.rows = [case.fact(met_at=NOW), case.fact(fact_id=2, starts=date(2026, 11, 2))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    with pytest.raises(ValidationError, match="since been met or stopped"):
        counted_again(case, version, admin)


def test_deadlines_of_another_council_are_refused(case, version, admin):
    other = AuthorityFactory()
    with pytest.raises(ValidationError, match="no longer there"):
        counted_again(case, policy_in_force(other), admin)


def test_a_version_that_is_still_to_come_is_refused(case, records, admin):
    later = policy_in_force(case.authority, preset="hartlepool", since=date(2027, 1, 1))
    with pytest.raises(ValidationError, match="not in force yet"):
        counted_again(case, later, admin)


def test_only_deadlines_with_a_different_rule_are_listed(case, version):
    policy = policy_for(case.authority, on=NOW.date())
    assert [row.kind for row in countable(case.authority, policy)] == ["minutes-sent", "minutes-sent"]


def test_the_limits_of_a_clock_are_its_own_its_variants_and_those_it_is_paired_with(case):
    policy = policy_for(case.authority, on=NOW.date())
    assert limits_of(policy, "next-review") == ["next-review", "second-review"]
    assert limits_of(policy, "after-birth") == ["after-birth", "after-birth:mother-unwell", "first-review"]


# Pages


@pytest.fixture
def signed_in(client, admin):
    client.force_login(admin)
    return client


def test_an_administrator_sees_references_and_dates_before_and_after(signed_in, version):
    response = signed_in.get(reverse("deadlines:count-again"))
    assert [(row.reference, row.before, row.after, row.is_over) for row in response.context["rows"]] == [
        ("26-0417", date(2026, 11, 30), date(2026, 11, 30), True),
        ("26-0417", date(2027, 1, 5), date(2027, 1, 8), False),
    ]
    text = response.content.decode()
    assert "Brambley" not in text
    assert "That day has passed, so it would be late at once" in text
    assert signed_in.get(reverse("deadlines:recounts")).context["waiting"] == 2


def test_the_ticked_ones_are_recounted_and_the_recount_is_kept(signed_in, version):
    page = signed_in.get(reverse("deadlines:count-again"))
    token = page.context["rows"][1].token
    fields = {"deadline": [token], "reason": "Agreed on Monday"}
    assert signed_in.post(reverse("deadlines:count-again"), fields).status_code == 302
    assert [row.due_on for row in rows()] == [date(2027, 1, 8), date(2026, 11, 30)]
    text = signed_in.get(reverse("deadlines:recounts")).content.decode()
    assert "Agreed on Monday" in text
    act = signed_in.get(reverse("deadlines:recount", args=[Recount.objects.get().pk]))
    assert [(row.reference, row.before, row.after) for row in act.context["rows"]] == [
        ("26-0417", date(2027, 1, 5), date(2027, 1, 8))
    ]
    again = signed_in.post(reverse("deadlines:count-again"), fields)
    assert again.status_code == 200
    assert Recount.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field", "error"),
    [
        ({"reason": ""}, "reason", "Fill in “Why are you counting these again?”"),
        ({"deadline": []}, "deadline", "Tick at least one deadline"),
        (
            {"deadline": ["1:2020-01-01"]},
            "deadline",
            "The list has changed since you looked at it. Check the dates again",
        ),
    ],
)
def test_input_and_ticks_are_kept(signed_in, version, fields, field, error):
    url = reverse("deadlines:count-again")
    tokens = [row.token for row in signed_in.get(url).context["rows"]]
    response = signed_in.post(url, {"deadline": tokens, "reason": "Agreed on Monday", **fields})
    assert response.context["form"].errors == {field: [error]}
    if field != "reason":
        assert "Agreed on Monday" in response.content.decode()
    if field == "reason":
        assert response.context["ticked"] == set(tokens)
    assert Recount.objects.count() == 0


def test_the_list_takes_the_same_queries_for_one_and_twenty_deadlines(
    signed_in, case, version, records, django_assert_max_num_queries
):
    url = reverse("deadlines:count-again")
    signed_in.get(url)
    with django_assert_max_num_queries(60) as few:
        signed_in.get(url)
    records.rows = [case.fact(fact_id=number) for number in range(1, 21)]
    reconcile(family_ids=[case.family.pk], now=NOW)
    with django_assert_max_num_queries(60) as many:
        response = signed_in.get(url)
    assert len(response.context["rows"]) == 20
    assert len(few) == len(many)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_other_roles_are_refused(client, case, version, role):
    client.force_login(user_with_role(role, authority=case.authority))
    for name in ("recounts", "count-again"):
        assert client.get(reverse(f"deadlines:{name}")).status_code == 404
    assert client.post(reverse("deadlines:count-again"), {"reason": "x"}).status_code == 404


def test_an_act_of_another_council_is_not_found(client, case, version, admin):
    act = counted_again(case, version, admin)
    client.force_login(user_with_role(Role.ADMINISTRATOR, authority=AuthorityFactory()))
    assert client.get(reverse("deadlines:recount", args=[act.pk])).status_code == 404


def test_a_versions_rows_are_only_the_limits_it_uses(case, version):
    keys = set(version.limits.values_list("key", flat=True))
    assert {"second-review", "last-core-group"} & keys == set()
    hartlepool = policy_in_force(AuthorityFactory(), preset="hartlepool")
    assert hartlepool.limits.get(key="second-review").amount == 6
    assert PolicyVersion.objects.filter(limits__key="second-review").get() == hartlepool


def test_a_due_date_earlier_than_today_is_late_at_once(case, version, admin, records):
    limit = {"amount": 1, "unit": "days", "direction": "after", "warn": {"amount": 0, "unit": "working days"}, **SAID}
    raw = {"preset": "own", "title": "Own", "limits": {"minutes-sent": limit}}
    strict = put_policy_in_force(authority=case.authority, preset="own", raw=raw, in_force_from=NOW.date(), now=NOW)
    records.rows = [case.fact(starts=date(2026, 12, 1))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    counted_again(case, strict, admin, deadline_ids=[rows()[0].pk])
    row = rows()[0]
    assert (row.due_on, row.late_from) == (date(2026, 12, 2), moment("2026-12-03 00:00"))
    assert row.state(NOW) == "late"
    assert isinstance(row.late_from, datetime.datetime)
