"""A file's original name: shown to people, never part of a path or a header."""

from __future__ import annotations

import re
import unicodedata

LENGTH = 120
NAMELESS = "file without a name"


def clean_name(name: str) -> str:
    """Return the last part of the name, without invisible or direction-changing characters."""
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(
        letter for letter in last if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )
    tidy = " ".join(visible.split())[:LENGTH].strip(". ")
    return tidy or NAMELESS
