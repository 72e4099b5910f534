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
# A bar that no council's value loosens: there is nothing else to set.
WITHOUT_ANOTHER = ("below-quorum-ends-or-lowers-a-plan",)


def marked() -> Iterator[tuple[str, str]]:
    """Yield the keys that tests are marked with, each with its file."""
    for name, marks, _ in marked_files():
        yield from ((key, name) for key in marks)


def marked_files() -> Iterator[tuple[str, set[str], set[str]]]:
    """Yield each file with such tests: the keys of its marks, and every key that the rest of it says."""
    for path in TESTS.rglob("test_*.py"):
        text = path.read_text()
        if "mark.value(" not in text:
            continue
        tree = ast.parse(text)
        marks = [node for node in ast.walk(tree) if is_mark(node)]
        keys = {str(ast.literal_eval(key)) for mark in marks for key in mark.args}
        in_marks = {id(node) for mark in marks for node in ast.walk(mark)}
        rest = [node for node in ast.walk(tree) if id(node) not in in_marks]
        words = {node.value for node in rest if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        names = {node.arg.replace("_", "-") for node in rest if isinstance(node, ast.keyword) and node.arg}
        yield path.name, keys, words | names


def is_mark(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.value"


def test_every_value_has_a_test_that_sets_another_one():
    tested = {key for key, _ in marked()}
    assert sorted(SCHEMA.keys() - tested) == []


def test_a_marked_test_sets_what_it_is_marked_with():
    """A mark alone proves nothing: the file has to write the key, but for what has no other value."""
    only_marked = [(name, key) for name, keys, said in marked_files() for key in keys - said]
    assert [key for _, key in only_marked if key not in WITHOUT_ANOTHER] == []


def test_the_documentation_says_what_acts_on_every_value():
    assert sorted({key for key, known in SCHEMA.items() if known.acted_on} - ACTS.keys()) == []
    assert sorted(ACTS.keys() - SCHEMA.keys()) == []


def test_every_mark_names_a_value():
    assert sorted({key for key, _ in marked()} - SCHEMA.keys()) == []
