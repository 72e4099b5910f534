"""A family before its conference, and each member's own way in."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from tests.conferences import guests
from tests.conferences import story as told_story
from tests.conferences.story import NOW, on_list
from tests.stories import once_per_module


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@once_per_module(at=NOW)
def story():
    return told_story.tell()


@once_per_module(at=NOW)
def conference(story):
    return told_story.invited(story)


@once_per_module(at=NOW)
def hazel(story, conference):
    return on_list(conference, story.hazel)


@once_per_module(at=NOW)
def martin(story, conference):
    return on_list(conference, story.martin)


@pytest.fixture
def hazels(hazel):
    """Hazel's phone."""
    browser = Client()
    guests.let_in(browser, hazel, sitting=hazel.conference.sittings.first())
    return browser


@pytest.fixture
def martins(martin):
    """Martin's phone."""
    browser = Client()
    guests.let_in(browser, martin, sitting=martin.conference.sittings.first())
    return browser
