"""Find confidential whereabouts in free text: an address line, a postcode, a number, a school's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Words dropped from a name that still identifies the place: "Meadow Lane" for Meadow Lane Primary School.
# fmt: off
_KINDS_OF_PLACE = frozenset({
    "academy", "care", "center", "centre", "children", "childrens", "church", "clinic", "college",
    "community", "first", "general", "gp", "health", "high", "hospital", "house", "infant", "infants",
    "infirmary", "junior", "juniors", "lower", "medical", "middle", "nursery", "practice", "preschool",
    "primary", "refuge", "school", "secondary", "service", "services", "surgery", "team", "the", "trust",
    "unit", "upper", "c", "of", "e", "ce", "rc", "catholic",
})
# fmt: on
_LEADING = re.compile(
    r"^(?:(?:flat|apartment|unit|room)\s+(?:\d+\w?|[a-z])\b\s*,?\s*)?(?:\d+\w?\s*,?\s+)?", re.IGNORECASE
)
_POSTCODE = re.compile(r"^[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}$", re.IGNORECASE)
_PHONE = re.compile(r"^\+?[\d\s().-]{6,}$")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_SHORTEST = 3
_HEAD = 5
TITLES = ("Mr", "Mrs", "Ms", "Miss", "Mx", "Dr")


def folded(text: str) -> str:
    """Return ``text`` without case, accents and apostrophes, for comparison only."""
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKD", text))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", folded(text))


def _variants(word: str) -> Iterable[list[str]]:
    """Yield the tokens of a word, and of what remains without its house number or kind of place."""
    yield _tokens(word)
    street = _LEADING.sub("", word)
    if street != word:
        yield _tokens(street)
    tokens = _tokens(word)
    while tokens and tokens[-1] in _KINDS_OF_PLACE:
        tokens.pop()
    while tokens and tokens[0] == "the":
        tokens.pop(0)
    if len("".join(tokens)) >= _HEAD:
        yield tokens


def _pattern(word: str, known: frozenset[str]) -> Iterable[str]:
    if _PHONE.match(word.strip()):
        digits = re.sub(r"\D", "", word)
        digits = (
            digits.removeprefix("44").removeprefix("0") if word.strip().startswith("+") else digits.removeprefix("0")
        )
        yield r"(?<!\d)(?:\+?44\D{0,3}0?|0)?\D{0,2}" + r"\D{0,2}".join(digits) + r"(?!\d)"
        return
    if _POSTCODE.match(word.strip()):
        yield r"(?<!\w)" + r"\W?".join(_letters(word)) + r"(?!\w)"
        return
    for tokens in _variants(word):
        if len("".join(tokens)) < _SHORTEST or set(tokens) <= known or set(tokens) <= _KINDS_OF_PLACE:
            continue
        yield r"(?<!\w)" + r"\W+".join(re.escape(token) for token in tokens) + r"s?(?!\w)"


def _letters(word: str) -> list[str]:
    return [letter for letter in folded(word) if letter.isalnum()]


@lru_cache(maxsize=256)
def finder(words: frozenset[str], council: str = "") -> re.Pattern[str] | None:
    """Compile one pattern for all ``words``; None when there is nothing to find.

    The council's own name is on every page and gives nothing away, so a line that matches it (such as the
    town's) is skipped.
    """
    known = frozenset(_tokens(council))
    parts = sorted({part for word in words for part in _pattern(word, known)})
    return re.compile("|".join(parts)) if parts else None


def mentions(text: str, words: frozenset[str], council: str = "") -> bool:
    """Return whether ``text`` contains one of ``words``, however spaced, capitalised or shortened."""
    found = finder(words, council)
    return bool(found and text and found.search(folded(text)))


def names_somebody(text: str, names: Iterable[str]) -> bool:
    """Return whether one of ``names`` occurs in ``text`` as a word; a name ending in * matches as a prefix."""
    plain = folded(text)
    for name in names:
        tokens = _tokens(name)
        if not tokens:
            continue
        end = r"\w*" if name.endswith("*") else r"s?(?!\w)"
        if re.search(r"(?<!\w)" + r"\W+".join(re.escape(token) for token in tokens) + end, plain):
            return True
    return False
