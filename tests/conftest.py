"""Fixtures for every test: how the browser starts, and nothing from outside the machine."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import TransactionTestCase
from django.test.utils import override_settings

from tests.databases import create_test_database, drop_test_database, empty_tables
from tests.layout import quick_layout, real_layout  # noqa: F401 - for every test
from tests.log_lines import every_line
from tests.stories import own_copies, pytest_generate_tests, told_once  # noqa: F401 - for ``once_per_module``
from tests.told import still_world, told_world, world  # noqa: F401 - fixtures for every test

# Playwright runs an event loop in the test's thread, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Create a database for each process, copied from one that is migrated once."""
    # A browser's event loop gives the thread another connection. It starts before any story is told on the first.
    if any(item.get_closest_marker("in_browser") for item in request.session.items):
        request.getfixturevalue("playwright")
    with django_db_blocker.unblock():
        create_test_database()
    yield
    with django_db_blocker.unblock():
        drop_test_database()


@pytest.fixture(scope="session", autouse=True)
def quick_flush(django_test_environment: None) -> Iterator[None]:
    """Delete rows after a test that commits, instead of creating every table's files anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: empty_tables())
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_passwords(django_test_environment: None) -> Iterator[None]:
    """Make password hashing cheap; tests of hashing restore the real hashers."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


# The first needs half the time of the second: it draws no window.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the system's Chromium: no browser is downloaded."""
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Present the browser as a desktop in an English council."""
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 900},
        "locale": "en-GB",
        "timezone_id": "Europe/London",
    }


# The longest files start first: at the end they would keep one worker busy while the other is idle.
LONGEST_FIRST = (
    "test_access_matrix.py",
    "test_restricted_case.py",
    "test_hostile_text.py",
    "test_initial_conference.py",
    "journeys",
    "cpconf",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark browser tests. Start with the files that take longest, then those that share the world, so that it is kept."""
    with_the_world = {item.path for item in items if "still_world" in getattr(item, "fixturenames", ())}

    def place(item: pytest.Item) -> tuple[int, bool]:
        found = (place for place, name in enumerate(LONGEST_FIRST) if name in item.path.parts)
        return next(found, len(LONGEST_FIRST)), item.path not in with_the_world

    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("in_browser")
    items.sort(key=place)


def pytest_collection_finish() -> None:
    """Collect garbage rarely, and never among what has been imported so far."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


@pytest.fixture(autouse=True)
def no_names_in_any_log_line() -> Iterator[None]:
    """Check that no log line of any test contains a name, an address or a word of a report."""
    with every_line() as lines:
        yield
    assert lines.that_tell_something() == []
