"""Notices on My work: gone once the matter is settled by anybody, naming whom they are about, never twice the same."""

from __future__ import annotations

import ast
import datetime
import re
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deadlines.models import Deadline
from deadlines.notice_matters import notice_matters
from deadlines.selectors.my_notices import notices_for
from deadlines.services import reconcile, sweep
from deadlines.services.settling import settle_notices
from notifications.models import Notice
from notifications.services.outbox import notify
from tests.deadlines.conftest import Facts, a_clock
from tests.factories import ChildFactory, UserFactory, user_with_role

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 12, 16, 9, tzinfo=datetime.UTC)
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def late(case):
    """Return three siblings' visits that are late, of which the worker was told."""
    facts = Facts("visit")
    a_clock("visit", facts, title="Visit", event="last visit", button="Record the visit")
    children = [ChildFactory(person__given_name=name, person__family_name="Ashdown") for name in ("Ada", "Ben", "Cy")]
    facts.rows = [
        case.fact(fact_id=n, starts=datetime.date(2026, 11, 30), child_id=child.pk) for n, child in enumerate(children)
    ]
    reconcile(family_ids=[case.family.pk], now=NOW)
    sweep(now=NOW)
    case.facts = facts
    return case


def lines(user):
    return [(line.text, line.about) for line in notices_for(user)]


def test_what_says_the_same_of_one_family_is_one_line_that_names_the_children(late):
    assert Notice.objects.filter(user=late.worker).count() == 3
    [(text, about)] = lines(late.worker)
    assert text.startswith("Late: Visit, case ")
    assert about == "Ada Ashdown, Ben Ashdown and Cy Ashdown"
    assert {*notices_for(late.worker)[0].ids} == {*Notice.objects.filter(user=late.worker).values_list("pk", flat=True)}


def test_a_notice_is_gone_once_anybody_settled_the_matter(late):
    Deadline.objects.filter(fact_id=1).update(met_at=NOW)
    assert [about for _, about in lines(late.worker)] == ["Ada Ashdown and Cy Ashdown"]
    assert [settle_notices(now=NOW) > 0, settle_notices(now=NOW)] == [True, 0]
    gone = Notice.objects.filter(user=late.worker, settled_at__isnull=False)
    assert gone.get().acknowledged_at is None
    Deadline.objects.update(not_needed="closed")
    assert lines(late.worker) == []


def test_a_later_stage_takes_the_place_of_an_earlier_one(late):
    with time_machine.travel(NOW + datetime.timedelta(days=7), tick=False):
        sweep(now=NOW + datetime.timedelta(days=7))
        for user in (late.worker, late.manager):
            assert len(lines(user)) <= 1, user


def test_nobody_is_named_to_a_reader_who_may_not_open_the_family(late):
    [notice, *_] = Notice.objects.filter(user=late.worker)
    stranger = user_with_role("social_worker", authority=late.authority)
    Notice.objects.create(user=stranger, key=notice.key, text=notice.text, created_at=NOW)
    assert [about for _, about in lines(stranger)] == [""]


def test_a_key_that_names_no_row_is_news(db):
    user = UserFactory()
    for key in ("deadline", "deadline:", "deadline:x", "deadline:1²", f"deadline:{'9' * 40}", "other:1"):
        notify(user=user, key=key, text=f"News of {key}", now=NOW)
    assert len(notices_for(user)) == 6
    assert settle_notices(now=NOW) == 0


def test_more_notices_ask_no_more_of_the_database(late):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            notices_for(late.worker)
        return len(queries)

    notices_for(late.worker)
    before = asked()
    for n in range(30):
        notify(user=late.worker, key=f"conference:{n + 1}:x", text=f"News {n}", now=NOW)
    assert asked() == before <= 4


# What a notice can't say of which row it is: about an account, or one of several kinds of row.
OF_NO_ROW = {
    "role-given": "about an account; names the person",
    "change-proposed": "about an account; names the person",
    "leaver": "about an account; names the person",
    "conflict": "names the case",
    "glass-nobody": "names nobody on purpose",
    "mailbox": "names the conference",
    "post-left": "names the conference or case",
    "companion-left": "names the conference or case",
    "link-known": "names the conference",
    "move": "names the conference",
    "chair-answer": "names the conference",
}


def test_every_notice_says_what_it_is_about():
    """Find the beginnings of keys in every module that sends a notice."""
    known = {matter.prefix for matter in notice_matters} | {*OF_NO_ROW}
    unknown = {}
    for path in ROOT.glob("*/**/*.py"):
        if path.parts[len(ROOT.parts)] in ("tests", ".venv", "node_modules", "demo") or "migrations" in path.parts:
            continue
        source = path.read_text()
        if "notify(" not in source:
            continue
        for call in ast.walk(ast.parse(source)):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "notify":
                for word in call.keywords:
                    begins = re.match(r"f?['\"]([a-z-]+):", ast.unparse(word.value))
                    if word.arg == "key" and begins and begins[1] not in known:
                        unknown[f"{path.relative_to(ROOT)}:{call.lineno}"] = begins[1]
    assert unknown == {}
