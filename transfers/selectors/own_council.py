"""Whether an agency is this council’s own social care."""

from __future__ import annotations

import re

from families.models import Agency, Post

FILLER = frozenset({"council", "city", "county", "borough", "district", "metropolitan", "london", "royal", "of", "the"})


def is_own_council(agency: Agency) -> bool:
    """Return whether the agency bears the council's own name, or is where the council's own staff hold their posts."""
    if _core(agency.name) == _core(agency.authority.name):
        return True
    staff = Post.objects.filter(agency=agency, person__user__roles__authority=agency.authority_id)
    return staff.exists()


def _core(name: str) -> frozenset[str]:
    """Return the words of a council's name that tell it from others; all of them where nothing else is left."""
    words = frozenset(re.findall(r"\w+", name.casefold()))
    return words - FILLER or words
