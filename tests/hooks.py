"""Hooks during a test: with its own listeners, which are removed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from govuk.hook import Hook


@contextmanager
def restored(*hooks: Hook[Any], emptied: bool = False) -> Iterator[None]:
    """Let a test connect listeners, to hooks emptied first or as they are, and restore them afterwards."""
    kept = [list(hook._connected) for hook in hooks]
    if emptied:
        for hook in hooks:
            hook._connected.clear()
    try:
        yield
    finally:
        for hook, listeners in zip(hooks, kept, strict=True):
            hook._connected[:] = listeners
