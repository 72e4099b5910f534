"""Asks the apps above what stands in the way of sealing a child's record: an adoption ends nothing by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from families.models import Child
from govuk.hook import Hook

# Each returns, in sentences, what has to be ended first.
obstacles: Hook[Callable[[Child], Iterable[str]]] = Hook()


def why_not_sealed(child: Child) -> list[str]:
    """Return in sentences what has to be ended before the child's record can be sealed."""
    return [sentence for ask in obstacles for sentence in ask(child)]
