"""A file's original name: shown to people, never part of a path or a header."""

from __future__ import annotations

import re

from govuk.cleaning import clean_line

LENGTH = 120
NAMELESS = "file without a name"


def clean_name(name: str) -> str:
    """Return the last part of the name, without invisible or direction-changing characters."""
    last = re.split(r"[/\\]", name)[-1]
    tidy = " ".join(clean_line(last).split())[:LENGTH].strip(". ")
    return tidy or NAMELESS
