"""Stories told once for all tests of a module, because telling one costs more than most tests do.

``@once_per_module(at=NOW)`` replaces ``@pytest.fixture`` on a function that creates rows and returns them. It
may take other stories as arguments, and nothing else. The story is told in a transaction around the tests that use
it; each test undoes what it changed in the database and gets its own copy of the objects. Only one set of
stories exists at a time: a test that uses the database and no story finds none of their rows. Pytest orders the
tests of a module so that each set is told once, and what the next module begins with is not told again.

A test that commits (``transaction=True``, a live server) has its stories told for it alone.
"""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from itertools import product
from typing import Any, NamedTuple, Self

import pytest
import time_machine
from django.db import connection, transaction

# For stories that do not depend on the day. Never today: the same test would find something else tomorrow.
ANY_DAY = datetime.datetime(2026, 1, 5, 10, tzinfo=datetime.UTC)
COMMITTING = {"transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_server"}


class Story:
    """A function that tells a story, when it happens, and the names of the stories it builds on."""

    def __init__(self, tell: Callable[..., Any], at: datetime.datetime, each: tuple[Any, ...]) -> None:
        self.name = tell.__name__
        self.tell = tell
        self.at = at
        self.each = each
        self.goes_on_from = tuple(inspect.signature(tell).parameters)[1 if each else 0 :]

    def tell_now(self, earlier: Mapping[str, Any], one: Any = None) -> Any:
        """Return the story's result, built on ``earlier`` ones by name, for ``one`` of its variants."""
        with time_machine.travel(self.at, tick=False):
            return self.tell(*([one] if self.each else ()), **{name: earlier[name] for name in self.goes_on_from})

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


def once_per_module(
    *, at: datetime.datetime = ANY_DAY, each: Sequence[Any] = ()
) -> Callable[[Callable[..., Any]], Any]:
    """Make a fixture of a function that tells a story, as on the day ``at``.

    With ``each``, its first argument is one of these, and its tests run for one after the other.
    """

    def fixture_of(tell: Callable[..., Any]) -> Any:
        one = Story(tell, at, tuple(each))

        def given(db: None, own_copies: dict[Story, Any], **earlier: Any) -> Any:
            return own_copies[one] if one in own_copies else one.tell_now(earlier)

        # Pytest reads here what a fixture needs.
        given.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY)
                for name in ("db", "own_copies", *one.goes_on_from)
            ]
        )
        given.__name__, given.__doc__ = tell.__name__, tell.__doc__
        given.story = one  # type: ignore[attr-defined]
        return pytest.fixture(given)

    return fixture_of


class Told(NamedTuple):
    """A story that is told, with all that came before it, in the transaction that holds it."""

    story: Story
    one: Any
    around: transaction.Atomic
    results: dict[Story, Any]


# What is told now, each in a transaction within that of the one before.
_told: list[Told] = []


@pytest.fixture(scope="module", autouse=True)
def told_once(request: pytest.FixtureRequest) -> dict[Story, Any]:
    """Tell the stories of this test and its neighbours; whatever else was told is taken back."""
    wanted: tuple[tuple[Story, Any], ...] | None = getattr(request, "param", ())
    # A test without the database leaves there what the next one may want.
    if wanted is None or not (wanted or _told):
        return {}
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock():
        return tell_only(wanted)


def tell_only(wanted: Sequence[tuple[Story, Any]]) -> dict[Story, Any]:
    """Take back what was told and is not wanted, tell what is missing, and return the results."""
    begun = 0
    while begun < min(len(wanted), len(_told)) and wanted[begun] == (_told[begun].story, _told[begun].one):
        begun += 1
    while len(_told) > begun:
        _take_back(_told.pop().around)
    for story, one in wanted[begun:]:
        # A story may change the objects of those it goes on from, which others go on from too.
        results = deepcopy(_told[-1].results) if _told else {}
        around = transaction.atomic()
        around._from_testcase = True  # type: ignore[attr-defined]  # durable blocks may nest in it, as in a TestCase
        around.__enter__()
        try:
            results[story] = story.tell_now({earlier.name: results[earlier] for earlier in results}, one)
            _check_constraints()
        except BaseException:
            _take_back(around)
            raise
        _told.append(Told(story, one, around, results))
    return _told[-1].results if _told else {}


def _take_back(around: transaction.Atomic) -> None:
    transaction.set_rollback(True)
    around.__exit__(None, None, None)


def _check_constraints() -> None:
    """Check deferred constraints now; otherwise the end of each test would check them again.

    Django's check leaves every deferrable constraint deferred. Those that are checked after each statement must
    keep refusing at once.
    """
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE condeferrable AND NOT condeferred")
        if names := ", ".join(connection.ops.quote_name(name) for (name,) in cursor.fetchall()):
            cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")


@pytest.fixture
def own_copies(told_once: dict[Story, Any]) -> dict[Story, Any]:
    """Copy the objects of the stories for one test to change."""
    return deepcopy(told_once)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Record which stories a test uses, so that pytest groups tests with the same ones."""
    stories = () if _commits(metafunc) else tuple(_stories_of(metafunc))
    if not stories and not _uses_database(metafunc):
        metafunc.parametrize("told_once", [None], ids=[pytest.HIDDEN_PARAM], indirect=True, scope="module")
        return
    each = list(product(*(story.each or (None,) for story in stories)))
    sets = [tuple(zip(stories, chosen, strict=True)) for chosen in each]
    names = ["-".join(str(one) for one in chosen if one is not None) or pytest.HIDDEN_PARAM for chosen in each]
    metafunc.parametrize("told_once", sets, ids=names, indirect=True, scope="module")


def _commits(metafunc: pytest.Metafunc) -> bool:
    marks = metafunc.definition.iter_markers("django_db")
    return not COMMITTING.isdisjoint(metafunc.fixturenames) or any(mark.kwargs.get("transaction") for mark in marks)


def _uses_database(metafunc: pytest.Metafunc) -> bool:
    return "db" in metafunc.fixturenames or _commits(metafunc) or any(metafunc.definition.iter_markers("django_db"))


def _stories_of(metafunc: pytest.Metafunc) -> list[Story]:
    """Return the stories among a test's fixtures, each after those it builds on."""
    manager = metafunc.definition.session._fixturemanager
    stories: list[Story] = []

    def add(name: str) -> None:
        definitions = manager.getfixturedefs(name, metafunc.definition)
        one = getattr(definitions[-1].func, "story", None) if definitions else None
        if one is not None and one not in stories:
            for earlier in one.goes_on_from:
                add(earlier)
            stories.append(one)

    def place(name: str) -> tuple[int, str]:
        """Put first what more modules share."""
        definitions = manager.getfixturedefs(name, metafunc.definition)
        return (len(definitions[-1].baseid) if definitions else 0, name)

    for name in sorted(metafunc.fixturenames, key=place):
        add(name)
    return stories
