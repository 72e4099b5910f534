from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Excerpt:
    """Something said, agreed or written: its texts, which children it concerns and whose private information it holds.

    ``children`` and ``private_to`` are ids; no child named means all of them, nobody named that it is nobody's
    private information. ``part`` is the part of the meeting in which it was said; None for before the meeting.
    ``by`` is the participant who is to do it, where it is an action.
    """

    texts: tuple[str, ...]
    children: frozenset[int] = frozenset()
    private_to: frozenset[int] = frozenset()
    part: int | None = None
    by: int | None = None
