"""The hook through which higher apps keep a planned part as it is, because something was said or released for it."""

from __future__ import annotations

from collections.abc import Callable

from conferences.models import Part
from govuk.hook import Hook

# Each returns in a sentence why a part may not become another one, or be taken away; "" where it may.
reasons_to_keep: Hook[Callable[[Part], str]] = Hook()


def why_part_stays(part: Part) -> str:
    """Return why a planned part may not become another one or be taken away; "" where it may."""
    return next(filter(None, (reason(part) for reason in reasons_to_keep)), "")
