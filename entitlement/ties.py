"""Which recorded tie to a child lets a person read about the child."""

from __future__ import annotations

from collections.abc import Iterable

from families.enums import PARENT_KINDS, Certainty, RelationshipKind


def lets_read(*, holds_responsibility: bool, relationships: Iterable[tuple[str, str]], is_grown_up: bool) -> bool:
    """Return whether a person may read about a child: a known parent, or anyone with parental responsibility.

    ``relationships`` are kinds with their certainty. A possible father may not yet: a child's record is not shared
    on a guess. About a child who has turned 18 (``is_grown_up``) no tie lets anyone read: the young adult decides.
    """
    if is_grown_up:
        return False
    return holds_responsibility or any(
        kind in PARENT_KINDS and kind != RelationshipKind.POSSIBLE_FATHER and certainty == Certainty.KNOWN
        for kind, certainty in relationships
    )
