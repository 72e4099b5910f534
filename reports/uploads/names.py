"""What a file was called where it came from: shown to people, never part of a path or a header."""

from __future__ import annotations

import re
import unicodedata

LENGTH = 120
NAMELESS = "file without a name"


def clean_name(name: str) -> str:
    """The last part of the name, without characters that can't be seen or that turn the writing round."""
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(
        letter for letter in last if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )
    tidy = " ".join(visible.split())[:LENGTH].strip(". ")
    return tidy or NAMELESS
