"""How a code reaches its reader. The app that sends messages registers itself as the carrier."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from accounts.models import GuestCode

Carrier = Callable[[GuestCode, datetime.datetime], None]
_carriers: list[Carrier] = []


def register_carrier(carrier: Carrier) -> Carrier:
    """Let ``carrier`` take every code that is asked for to its mailbox; the last one registered does it."""
    _carriers[:] = [carrier]
    return carrier


def carry(code: GuestCode, *, now: datetime.datetime) -> None:
    """Hand a code that was asked for to the carrier, inside the transaction that wrote it."""
    for carrier in _carriers:
        carrier(code, now)
