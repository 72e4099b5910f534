"""Rate limits for sign-in, codes, links, resets and checks of the list.

One statement counts an attempt and returns its number, so that ten thousand simultaneous attempts get ten
thousand different numbers, and only as many as the limit allows go on to be compared. Counting happens in a
transaction of its own and before anything is compared: a refusal that rolls back must not take its attempt with
it. A key is whatever the limit is counted by: an account, an address, a code. Only a keyed hash of it is
stored.
"""

from __future__ import annotations

import datetime
import ipaddress
import time
from dataclasses import dataclass

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.models import Tally

IPV6_NETWORK_BITS = 64


@dataclass(frozen=True)
class Limit:
    """At most ``tries`` attempts within ``within``, counted from the first."""

    tries: int
    within: datetime.timedelta


_QUARTER = datetime.timedelta(minutes=15)
_HOUR = datetime.timedelta(hours=1)
_DAY = datetime.timedelta(days=1)

# Ours: few enough to make guessing futile, many enough for a tired person. A whole council may be behind one IP
# address, so limits by address count only failures, and allow many.
LIMITS = {
    "sign-in:account": Limit(5, _QUARTER),
    "sign-in:address": Limit(100, _QUARTER),
    # A browser in which the account has shown its second factor: nobody else can block it.
    "sign-in:known-device": Limit(5, _QUARTER),
    "told-of-closing:account": Limit(1, _DAY),
    "second-factor:account": Limit(5, _QUARTER),
    "recovery-code:account": Limit(5, _HOUR),
    "reset:account": Limit(3, _HOUR),
    "reset:address": Limit(50, _HOUR),
    "new-password:address": Limit(50, _HOUR),
    "guest-link:address": Limit(50, _QUARTER),
    "guest-code:sent": Limit(5, _HOUR),
    # The key is the code itself (its row), which is void after the fifth attempt and never lives for a day.
    "guest-code:tried": Limit(5, _DAY),
    # Across all codes of one link: a person with the link but not its mailbox must not keep guessing day after day.
    "guest-code:link": Limit(25, _DAY),
    "guest-code:address": Limit(50, _HOUR),
    # Each reply, wish and deputy from an invited person messages the coordinator, who must not drown in them.
    "guest-says:participant": Limit(20, _DAY),
    "guest-says:member": Limit(20, _DAY),
    # A long report is written in many passages, and only handing it in tells anybody.
    "guest-writes:participant": Limit(400, _DAY),
    # A busy night brings a check every few minutes; more looks like harvesting the list.
    "list-check:account": Limit(60, _HOUR),
    "break-glass:account": Limit(10, _DAY),
    # A worker who looks a case up has its number in hand; many numbers in an hour are guesses.
    "find-case:account": Limit(20, _HOUR),
    "directory:address": Limit(200, _QUARTER),
    "projector:address": Limit(20, _QUARTER),
    "turn:address": Limit(20, _QUARTER),
    "guest-answers:participant": Limit(60, _DAY),
    "device:account": Limit(10, _QUARTER),
}
LONGEST = max(limit.within for limit in LIMITS.values())


@dataclass(frozen=True)
class Attempt:
    """The answer to one attempt; true where it may proceed."""

    allowed: bool
    number: int
    open_again_at: datetime.datetime
    just_closed: bool

    def __bool__(self) -> bool:
        return self.allowed


def allow(name: str, key: str | int, *, now: datetime.datetime) -> Attempt:
    """Count one attempt of ``key`` under the limit ``name`` and return whether it may proceed.

    Must be called outside a transaction, before anything is compared. ``just_closed`` is true for exactly one
    attempt, the first to be refused: the moment to tell the owner. Raises KeyError for a name that is not in
    LIMITS.
    """
    limit = LIMITS[name]
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_tally AS tally (door, key, since, tries) VALUES (%(door)s, %(key)s, %(now)s, 1)
            ON CONFLICT (door, key) DO UPDATE SET
                tries = CASE WHEN tally.since <= %(over)s THEN 1 ELSE tally.tries + 1 END,
                since = CASE WHEN tally.since <= %(over)s THEN %(now)s ELSE tally.since END
            RETURNING tries, since
            """,
            {"door": name, "key": _hashed(name, key), "now": now, "over": now - limit.within},
        )
        number, since = cursor.fetchone()
    return Attempt(
        allowed=number <= limit.tries,
        number=number,
        open_again_at=since + limit.within,
        just_closed=number == limit.tries + 1,
    )


def is_open(name: str, key: str | int, *, now: datetime.datetime) -> bool:
    """Return whether one more attempt would be allowed, without counting one."""
    limit = LIMITS[name]
    tally = Tally.objects.filter(door=name, key=_hashed(name, key), since__gt=now - limit.within).first()
    return tally is None or tally.tries < limit.tries


def take_back(name: str, key: str | int) -> None:
    """Uncount a successful attempt, where only failures count; earlier failures stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_tally SET tries = tries - 1 WHERE door = %s AND key = %s AND tries > 0",
            [name, _hashed(name, key)],
        )


def forget(name: str, key: str | int) -> None:
    """Reset the count, for example once the owner has proved who they are by other means."""
    Tally.objects.filter(door=name, key=_hashed(name, key)).delete()


def clear_old(*, now: datetime.datetime) -> int:
    """Remove the tallies that no limit needs any more and return their number."""
    removed, _ = Tally.objects.filter(since__lte=now - LONGEST).delete()
    return removed


def wait_until(moment: float) -> None:
    """Answer no sooner than ``moment`` (by ``time.monotonic``), so that timing reveals nothing of what was done."""
    time.sleep(max(0.0, moment - time.monotonic()))


def address_key(request: HttpRequest) -> str:
    """Return the client address as limits count it: an IPv6 address by its network, all of which one person has."""
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:  # as written by a server that listens on both; their network would be everyone
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, IPV6_NETWORK_BITS), strict=False))
    return str(address)


def _hashed(name: str, key: str | int) -> str:
    return salted_hmac(f"accounts.throttling.{name}", str(key), algorithm="sha256").hexdigest()
