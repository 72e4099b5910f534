"""The typed hook through which an app lets higher apps answer or act without knowing them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

L = TypeVar("L")


class Hook(Generic[L]):
    """Listeners of one kind, each connected once by ``<app>/hooks.py`` when the site starts.

    The hook's owner iterates over it and calls them: lower ``order`` first, then in order of connection.
    """

    def __init__(self) -> None:
        self._connected: list[tuple[int, L]] = []

    def connect(self, listener: L, *, order: int = 0) -> None:
        """Add a listener; connecting it again changes nothing."""
        if listener not in list(self):
            self._connected.append((order, listener))
            self._connected.sort(key=lambda connected: connected[0])

    def __iter__(self) -> Iterator[L]:
        return iter([listener for _, listener in self._connected])
