"""Every value of a council's procedures has a test that sets another value and asserts what differs.

Such a test carries ``@pytest.mark.value("key")``. Every time limit is set anew by ``test_limits``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django.conf import settings

from deadlines.policies import SCHEMA
from deadlines.policies.acting import ACTS

TESTS = settings.BASE_DIR / "tests"


def marked() -> Iterator[tuple[str, str]]:
    """Yield the keys that tests are marked with, each with its file."""
    for path in TESTS.rglob("test_*.py"):
        text = path.read_text()
        if "mark.value(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.value":
                yield from ((str(ast.literal_eval(key)), path.name) for key in node.args)


def test_every_value_has_a_test_that_sets_another_one():
    tested = {key for key, _ in marked()}
    assert sorted(SCHEMA.keys() - tested) == []


def test_the_documentation_says_what_acts_on_every_value():
    assert sorted({key for key, known in SCHEMA.items() if known.acted_on} - ACTS.keys()) == []
    assert sorted(ACTS.keys() - SCHEMA.keys()) == []


def test_every_mark_names_a_value():
    assert sorted({key for key, _ in marked()} - SCHEMA.keys()) == []
