from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Excerpt:
    """Something said, agreed or written: its texts, the children concerned, and whose private information it holds.

    ``children`` and ``private_to`` are ids; no child named means all of them, no person named that it is no
    one's private information. ``kept_from`` are the persons whom its author says that it must not reach. ``part`` is
    the part of the meeting in which it was said; None for before the meeting. ``by`` is the participant who is to
    carry it out, where it is an action. ``among``, where it isn't empty, are those whom the meeting was about when it
    was written: what names no child is about them, not about one who was added later.
    """

    texts: tuple[str, ...]
    children: frozenset[int] = frozenset()
    private_to: frozenset[int] = frozenset()
    kept_from: frozenset[int] = frozenset()
    part: int | None = None
    by: int | None = None
    among: frozenset[int] = frozenset()
