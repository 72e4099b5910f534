"""Delivers codes. The app that sends messages connects itself as the carrier."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from accounts.models import GuestCode
from govuk.hook import Hook

Carrier = Callable[[GuestCode, datetime.datetime], None]
# Deliver each requested code to its mailbox.
carriers: Hook[Carrier] = Hook()


def carry(code: GuestCode, *, now: datetime.datetime) -> None:
    """Hand a requested code to the carriers, inside the transaction that wrote it."""
    for carrier in carriers:
        carrier(code, now)
