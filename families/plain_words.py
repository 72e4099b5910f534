"""Text made alike for comparison: however it was typed, the same words give the same letters in a row."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from govuk.cleaning import without_unseen

_APOSTROPHES = re.compile("['\u2018\u2019\u201a\u201b\u02b9\u02bb\u02bc\u2032`\u00b4]")
_IN_AN_ADDRESS = re.compile("(?:%[0-9A-Fa-f]{2})+")
_BEYOND_LATIN = re.compile("[\u0300-\U0010ffff]")
# Letters that no normalisation takes apart, and letters of other scripts that look like ours.
_LETTERS = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
        "ð": "d", "Ð": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "TH", "ħ": "h", "Ħ": "H", "ı": "i", "ŋ": "n", "ς": "σ",
    }
    | dict(zip("аеорсухіѕјһкмтԁԛԝАВЕКМНОРСТХІЅЈ", "aeopcyxisjhkmtdqwABEKMHOPCTXISJ", strict=True))
    | dict(zip("αορνικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aopvikABEZHIKMNOPTYX", strict=True))
)  # fmt: skip
_TOKENS = re.compile(r"\d+|[^\W\d_]+")
_NOT_IN_WORDS = re.compile(r"[\W_]+")
_HYPHEN = r"[-\u2010\u00ac][ \t]*\n\s*"
_BROKEN = re.compile(rf"(?<=[a-z]){_HYPHEN}(?=[a-z])|(?<=[A-Z]){_HYPHEN}(?=[A-Z])")
_SOFT_AT_END = re.compile(r"\u00ad(?=[ \t]*\n)")
_BETWEEN = re.compile(r"(?:[^\w@]|_)+")
_CAPITAL_INSIDE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SPACE = re.compile(r"\s")
_HYPHENATED = re.compile(r"\s*[-\u2010-\u2015\u00ac\u2212=]?[ \t]*\n\s*")


def plain(text: str) -> str:
    """Return ``text`` without accents, apostrophes and what nobody sees, with capitals as they were."""
    if "%" in text:
        text = _IN_AN_ADDRESS.sub(lambda found: unquote(found[0], errors="ignore"), text)
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", without_unseen(_SOFT_AT_END.sub("-", text))).translate(_LETTERS)
        text = _BEYOND_LATIN.sub(_without_mark, text)
    return _APOSTROPHES.sub("", text)


def _without_mark(found: re.Match[str]) -> str:
    letter = found[0]
    if unicodedata.combining(letter):
        return ""
    return str(unicodedata.decimal(letter, letter))


def folded(text: str) -> str:
    """Return ``text`` without case, accents and apostrophes, for comparison only."""
    return plain(text).lower()


def tokens(text: str) -> list[str]:
    """Return the words and numbers of ``text``, folded."""
    return _TOKENS.findall(folded(text))


@dataclass(frozen=True)
class Plain:
    """A text to be searched: ``row`` holds its letters and digits and nothing between them."""

    text: str

    @classmethod
    def of(cls, text: str) -> Plain:
        """Return a text ready to be searched."""
        return cls(plain(text))

    @cached_property
    def row(self) -> str:
        return _NOT_IN_WORDS.sub("", self.text).lower()

    @cached_property
    def spaced(self) -> str:
        """Return the words with their capitals, one space before and after each; an at sign counts as a word."""
        return f" {' '.join(_BETWEEN.sub(' ', _BROKEN.sub('', self.text)).replace('@', ' @ ').split())} "

    @cached_property
    def _marks(self) -> tuple[list[int], list[str]]:
        """Return where words begin in ``row``, in order, and what stands before each."""
        starts, before, at, last = [], [], 0, 0
        for found in _TOKENS.finditer(_CAPITAL_INSIDE.sub("\x00", self.text)):
            starts.append(at)
            before.append(found.string[last : found.start()])
            at += len(found[0])
            last = found.end()
        return [*starts, at], [*before, " "]

    @cached_property
    def _capitals(self) -> str:
        return _NOT_IN_WORDS.sub("", self.text)

    def has_capital(self, at: int) -> bool:
        """Return whether a letter of ``row`` was written as a capital."""
        return self._capitals[at : at + 1].isupper()

    def is_start(self, at: int) -> bool:
        """Return whether a word begins, or the one before ends, at a place of ``row``."""
        starts, _ = self._marks
        place = bisect_right(starts, at) - 1
        return starts[place] == at

    def gaps(self, first: int, last: int) -> list[str]:
        """Return what stands between the words from ``first`` up to ``last`` of ``row``."""
        starts, before = self._marks
        return before[bisect_right(starts, first) : bisect_right(starts, last - 1)]

    def rest(self, at: int) -> int:
        """Return how many letters the word has left from a place of ``row``."""
        starts, _ = self._marks
        return starts[bisect_right(starts, at)] - at

    def is_one_word(self, first: int, last: int) -> bool:
        """Return whether a piece of ``row`` was written as one word: whole, hyphenated or letter by letter."""
        gaps = self.gaps(first, last)
        return len(gaps) == last - first - 1 or all(
            not _SPACE.search(gap) or _HYPHENATED.fullmatch(gap) for gap in gaps
        )

    def has_spaces(self, first: int, last: int) -> bool:
        """Return whether there is a space within a piece of ``row``."""
        return any(map(_SPACE.search, self.gaps(first, last)))
