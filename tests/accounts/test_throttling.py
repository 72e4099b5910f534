"""Rate limits, under any number of simultaneous attempts."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import RequestFactory

from accounts import throttling
from accounts.models import Tally

DOOR = "sign-in:account"
NOW = datetime.datetime(2026, 12, 8, 9, 0, tzinfo=datetime.UTC)
LIMIT = throttling.LIMITS[DOOR]


def later(**amount):
    return NOW + datetime.timedelta(**amount)


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_allows_as_many_attempts_as_the_limit(self):
        answers = [throttling.allow(DOOR, "finch@council.example", now=NOW) for _ in range(8)]
        assert [bool(answer) for answer in answers] == [True] * 5 + [False] * 3

    def test_only_the_first_refusal_is_marked(self):
        answers = [throttling.allow(DOOR, "finch@council.example", now=NOW) for _ in range(8)]
        assert [answer.just_closed for answer in answers] == [False] * 5 + [True] + [False] * 2

    def test_it_resets_when_the_time_since_the_first_attempt_is_over(self):
        for _ in range(6):
            answer = throttling.allow(DOOR, "finch@council.example", now=NOW)
        assert answer.open_again_at == NOW + LIMIT.within
        assert not throttling.allow(DOOR, "finch@council.example", now=later(minutes=14, seconds=59))
        assert throttling.allow(DOOR, "finch@council.example", now=later(minutes=15)).number == 1

    def test_each_key_and_each_limit_is_counted_separately(self):
        for _ in range(6):
            throttling.allow(DOOR, "finch@council.example", now=NOW)
        assert throttling.allow(DOOR, "wren@council.example", now=NOW)
        assert throttling.allow("second-factor:account", "finch@council.example", now=NOW)

    def test_taking_back_a_success_keeps_earlier_failures(self):
        for _ in range(4):
            throttling.allow(DOOR, 7, now=NOW)
        throttling.take_back(DOOR, 7)
        assert throttling.allow(DOOR, 7, now=NOW).number == 4

    def test_forgetting_resets_the_count(self):
        for _ in range(6):
            throttling.allow(DOOR, 7, now=NOW)
        throttling.forget(DOOR, 7)
        assert throttling.allow(DOOR, 7, now=NOW).number == 1

    def test_checking_the_limit_counts_nothing(self):
        assert throttling.is_open(DOOR, 7, now=NOW)
        for _ in range(5):
            throttling.allow(DOOR, 7, now=NOW)
        assert not throttling.is_open(DOOR, 7, now=NOW)
        assert throttling.is_open(DOOR, 7, now=later(minutes=15))
        assert Tally.objects.get().tries == 5

    def test_no_address_is_stored(self):
        throttling.allow(DOOR, "finch@council.example", now=NOW)
        assert "finch" not in Tally.objects.get().key

    def test_an_unknown_limit_is_an_error(self):
        with pytest.raises(KeyError):
            throttling.allow("window", 7, now=NOW)

    def test_tallies_no_limit_needs_are_cleared(self):
        throttling.allow(DOOR, 7, now=NOW)
        throttling.allow(DOOR, 8, now=later(hours=23))
        assert throttling.clear_old(now=later(hours=24)) == 1


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", "unknown"),
    ],
)
def test_an_ipv6_network_counts_as_one_address(address, key):
    assert throttling.address_key(RequestFactory().get("/", REMOTE_ADDR=address)) == key


@pytest.mark.django_db(transaction=True)
class TestAllAtOnce:
    def test_ten_thousand_simultaneous_guesses_get_five_answers(self):
        def guess(_):
            try:
                answers = [throttling.allow("guest-code:tried", 7, now=NOW) for _ in range(500)]
            finally:
                connection.close()
            return answers

        with ThreadPoolExecutor(20) as threads:
            answers = [answer for some in threads.map(guess, range(20)) for answer in some]
        assert sum(answer.allowed for answer in answers) == 5
        assert sorted(answer.number for answer in answers) == list(range(1, 10_001))
        assert sum(answer.just_closed for answer in answers) == 1

    def test_an_attempt_can_not_be_counted_inside_a_transaction(self):
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            throttling.allow(DOOR, 7, now=NOW)
