"""Fixtures from the conferences tests: a meeting is one of their conferences."""

from __future__ import annotations

import pytest

from tests.conferences.conftest import booked, discussed, invited, meeting, planned, told

__all__ = ["booked", "discussed", "invited", "meeting", "planned", "told"]


@pytest.fixture
def chair(client, meeting):
    client.force_login(meeting.chair)
    return client


@pytest.fixture
def coordinator(client, meeting):
    client.force_login(meeting.coordinator)
    return client
