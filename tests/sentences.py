"""Sentences as people write them in cases: those of the demonstration, of the tests' stories and of the pages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
_ENDS = re.compile(r"(?<=[.!?])\s+")
_FILLED = {"{child}": "Wren", "{worry}": "The children were alone for a night."}


@cache
def sentences() -> tuple[str, ...]:
    """Return every different sentence of at least four words, in the order of the files."""
    found: dict[str, None] = {}
    for path in (*sorted((ROOT / "demo").rglob("*.py")), *sorted((ROOT / "tests").rglob("*.py"))):
        if path.name not in {"hidden_variants.py", "test_hidden_words.py", "sentences.py"}:
            found.update(dict.fromkeys(_of_code(path)))
    for path in sorted((ROOT / "templates").rglob("*.html")):
        found.update(
            dict.fromkeys(_split(re.sub(r"\{[%{#].*?[%}#]\}|<[^>]+>", "\n", path.read_text(encoding="utf-8"))))
        )
    return tuple(found)


def _of_code(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _split(node.value)


def _split(text: str) -> Iterator[str]:
    for name, said in _FILLED.items():
        text = text.replace(name, said)
    for line in re.split(r"\n\s*\n|\n(?=\s*[A-Z])", text):
        for sentence in _ENDS.split(" ".join(line.split())):
            if re.fullmatch(r"[A-Z][^<>{}=/\\|_]*", sentence) and len(sentence.split()) >= 4:
                yield sentence
