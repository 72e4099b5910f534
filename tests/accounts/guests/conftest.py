"""The guest whose way in these tests follow, and the clock they travel by."""

from __future__ import annotations

import pytest
import time_machine

from tests.conferences.story import NOW, invited, on_list, tell
from tests.stories import once_per_module


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@once_per_module(at=NOW)
def invited_shazia():
    """The safeguarding lead of Robin's school, invited, without an account."""
    story = tell()
    return on_list(invited(story), story.posts["academy"].person)


@pytest.fixture
def shazia(clock, invited_shazia):
    return invited_shazia
