"""Rate limits for sign-in, codes, links, resets and checks of the list.

One statement counts an attempt and returns its number, so that ten thousand attempts at the same moment get ten
thousand different numbers, and only as many as the limit allows go on to be compared. Counting happens in a transaction
of its own and before anything is compared: a refusal that rolls back must not take its attempt back with it.

A key is whatever the limit is counted by: an account, an address, a code. It is kept as a keyed hash.
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
    """At most ``tries`` in the time ``within``, counted from the first of them."""

    tries: int
    within: datetime.timedelta


_QUARTER = datetime.timedelta(minutes=15)
_HOUR = datetime.timedelta(hours=1)
_DAY = datetime.timedelta(days=1)

# Ours: few enough that guessing leads nowhere, many enough for a tired person. A whole council may stand
# behind one address, so what is counted by address are failures only, and many of them.
LIMITS = {
    "sign-in:account": Limit(5, _QUARTER),
    "sign-in:address": Limit(100, _QUARTER),
    "told-of-closing:account": Limit(1, _DAY),
    "second-factor:account": Limit(5, _QUARTER),
    "recovery-code:account": Limit(5, _HOUR),
    "reset:account": Limit(3, _HOUR),
    "reset:address": Limit(50, _HOUR),
    "new-password:address": Limit(50, _HOUR),
    "guest-link:address": Limit(50, _QUARTER),
    "guest-code:sent": Limit(5, _HOUR),
    # The key is the code itself (its row), which is void after the fifth try; it never lives for a day.
    "guest-code:tried": Limit(5, _DAY),
    # Over all codes of one link: whoever holds the link without its mailbox must not guess day after day.
    "guest-code:link": Limit(25, _DAY),
    "guest-code:address": Limit(50, _HOUR),
    # Each answer, wish and deputy of an invited person is a message to the coordinator, who must not drown in them.
    "guest-says:participant": Limit(20, _DAY),
    # A busy night brings a check every few minutes; more looks like somebody reading the list.
    "list-check:account": Limit(60, _HOUR),
    "break-glass:account": Limit(10, _DAY),
    # Whoever looks for a case by its number has it in hand; many numbers in an hour are guesses.
    "find-case:account": Limit(20, _HOUR),
    "directory:address": Limit(200, _QUARTER),
    "projector:address": Limit(20, _QUARTER),
}
LONGEST = max(limit.within for limit in LIMITS.values())


@dataclass(frozen=True)
class Attempt:
    """The answer to one attempt; true where it may go on."""

    allowed: bool
    number: int
    open_again_at: datetime.datetime
    just_closed: bool

    def __bool__(self) -> bool:
        return self.allowed


def allow(name: str, key: str | int, *, now: datetime.datetime) -> Attempt:
    """Count one attempt of ``key`` under the limit ``name`` and tell whether it may go on.

    Must be called outside a transaction, before anything is compared. ``just_closed`` is true for exactly one
    attempt, the first that is refused: the moment to tell the owner. Raises KeyError for a name that is not in LIMITS.
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
    """Tell whether one more attempt would be allowed, counting none."""
    limit = LIMITS[name]
    tally = Tally.objects.filter(door=name, key=_hashed(name, key), since__gt=now - limit.within).first()
    return tally is None or tally.tries < limit.tries


def take_back(name: str, key: str | int) -> None:
    """Uncount an attempt that turned out well, where only failures count; the failures before it stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_tally SET tries = tries - 1 WHERE door = %s AND key = %s AND tries > 0",
            [name, _hashed(name, key)],
        )


def forget(name: str, key: str | int) -> None:
    """Begin anew, as after the owner has shown by other means who they are."""
    Tally.objects.filter(door=name, key=_hashed(name, key)).delete()


def clear_old(*, now: datetime.datetime) -> int:
    """Remove the tallies that no limit needs any more and return their number."""
    removed, _ = Tally.objects.filter(since__lte=now - LONGEST).delete()
    return removed


def wait_until(moment: float) -> None:
    """Answer no sooner than ``moment`` (by ``time.monotonic``), so that the time tells nothing of what was done."""
    time.sleep(max(0.0, moment - time.monotonic()))


def address_key(request: HttpRequest) -> str:
    """Where a request came from, as limits count it: an IPv6 address by its network, which one person has whole."""
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:  # how a server that listens on both writes it; their network is everybody
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, IPV6_NETWORK_BITS), strict=False))
    return str(address)


def _hashed(name: str, key: str | int) -> str:
    return salted_hmac(f"accounts.throttling.{name}", str(key), algorithm="sha256").hexdigest()
