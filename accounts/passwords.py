"""Passwords that somebody would guess first, though they are long enough.

Length and Django's list of common passwords are checked beside this. There are no rules about which kinds of
characters a password must have (NIST SP 800-63B, NCSC): they lead to Summer2026!, which is refused here.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import Authority

MOST_CHARACTERS = 128
# So few different characters make no password, however long it is.
FEWEST_DIFFERENT = 5
# A run of neighbours on the keyboard or in the alphabet counts from here on.
SHORTEST_RUN = 4
# What is left when seasons, years, runs and names are taken out has to be long enough to be a word of its own.
LEAST_OWN = 6

ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "qazwsxedcrfvtgbyhnujmikolp",
    "abcdefghijklmnopqrstuvwxyz",
)
GUESSED = frozenset(
    """
    password passwort passphrase welcome letmein login signin secret changeme changethis default admin
    administrator council borough county cpconf conference conferences child children protection childprotection
    safeguarding social worker socialworker socialcare
    spring summer autumn winter christmas easter
    january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    """.split()  # noqa: SIM905 - a list of words is read more easily as words
)
# Said in the names of many councils: left out of what is tried at one.
PLACE_WORDS = frozenset({"city", "district", "royal", "metropolitan", "north", "south", "east", "west"})
LOOKALIKES = str.maketrans("0134578@$!|", "oieastbasil")
MARKS = frozenset(string.punctuation + string.whitespace)
YEAR = re.compile(r"(19|20)\d\d")
SAME = re.compile(r"(.)\1{2,}")
REPEATED = re.compile(r"^(.+?)\1+$")


class GuessablePatternValidator:
    """Refuses repeated characters, walks on the keyboard, sequences, seasons with years, and our own names."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django's signature
        """Raise ValidationError where the password follows a pattern that is tried first."""
        plain = password.casefold()
        if len(set(plain)) < FEWEST_DIFFERENT or REPEATED.match(plain):
            raise ValidationError(
                "This password repeats itself. Choose one that doesn’t.", code="password_repeats"
            )
        left = _own_part(plain, _guessed())
        # A date behind a guessed word is as usual as a year.
        if len(left) < LEAST_OWN or (left.isdigit() and any(sign.isalpha() for sign in plain)):
            raise ValidationError(
                "This password follows a pattern that is tried first, such as a season with a year, a row of keys "
                "or the name of the council. Three words that have nothing to do with each other are better.",
                code="password_follows_pattern",
            )

    def get_help_text(self) -> str:
        return "Not a season with a year, a row of keys, or the name of the council."


class LengthLimitValidator:
    """Refuses a text so long that keeping it safe would hold the server up."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django's signature
        """Raise ValidationError above ``MOST_CHARACTERS``."""
        if len(password) > MOST_CHARACTERS:
            raise ValidationError(
                f"A password can have {MOST_CHARACTERS} characters at most.", code="password_too_long"
            )

    def get_help_text(self) -> str:
        return f"At most {MOST_CHARACTERS} characters."


def _guessed() -> frozenset[str]:
    """Words that somebody would try here: general ones, and the names of the councils."""
    names = Authority.objects.values_list("name", flat=True)
    own = {word for name in names for word in re.findall(r"[a-z]{4,}", name.casefold())} - PLACE_WORDS
    return GUESSED | own


def _own_part(text: str, words: frozenset[str]) -> str:
    """What is left of ``text`` without runs, guessed words, also where signs stand for letters, years and marks."""
    text = _without_runs(text)
    gone = [False] * len(text)
    for form in (text, text.translate(LOOKALIKES)):
        for word in words:
            for found in re.finditer(re.escape(word), form):
                gone[found.start() : found.end()] = [True] * len(word)
    for found in YEAR.finditer(text):
        gone[found.start() : found.end()] = [True] * (found.end() - found.start())
    left = "".join(sign for sign, out in zip(text, gone, strict=True) if not out and sign not in MARKS)
    return SAME.sub("", left)


def _without_runs(text: str) -> str:
    """The text without runs of neighbours, forwards or backwards."""
    kept, place = [], 0
    while place < len(text):
        run = max((_run(text, place, row) for row in _rows()), default=0)
        if run >= SHORTEST_RUN:
            place += run
        else:
            kept.append(text[place])
            place += 1
    return "".join(kept)


def _rows() -> Iterator[str]:
    for row in ROWS:
        yield row
        yield row[::-1]


def _run(text: str, start: int, row: str) -> int:
    """How many characters from ``start`` on are neighbours in ``row``."""
    at = row.find(text[start])
    length = 0
    while at >= 0 and start + length < len(text) and at + length < len(row):
        if text[start + length] != row[at + length]:
            break
        length += 1
    return length
