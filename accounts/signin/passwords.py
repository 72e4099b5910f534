"""Refuses long passwords that are still easy to guess.

Length and Django's list of common passwords are checked separately. There are no rules about kinds of
characters (NIST SP 800-63B, NCSC): they lead to Summer2026!, which is refused here. zxcvbn finds the words,
dates and keyboard patterns in a password; what is left, apart from words an attacker of this site would try
first, must be hard to guess.
"""

from __future__ import annotations

import math
import re
import string
from typing import Any

from django.core.exceptions import ValidationError
from zxcvbn import matching, scoring

from accounts.models import Authority

MOST_CHARACTERS = 128
# zxcvbn slows down on long text, and a strong beginning is enough.
MEASURED_CHARACTERS = 72
# With so few different characters it is no password, however long.
FEWEST_DIFFERENT = 5
# About what two ordinary words take; one takes fewer.
FEWEST_GUESSES = 500_000

GUESSED = frozenset(
    """
    password passwort passphrase welcome letmein login signin secret changeme changethis default admin
    administrator council borough county cpconf conference conferences child children protection childprotection
    safeguarding social worker socialworker socialcare
    spring summer autumn winter christmas easter
    january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    qaz wsx edc rfv tgb yhn ujm ikol
    """.split()  # noqa: SIM905 - a list of words is read more easily as words
)
# Part of many councils' names, so they hint at none in particular.
PLACE_WORDS = frozenset({"city", "district", "royal", "metropolitan", "north", "south", "east", "west"})
WITHOUT_LETTERS = frozenset(string.punctuation + string.whitespace + string.digits)


class GuessablePatternValidator:
    """Refuses repetition, keyboard walks, sequences, dates, seasons with years, and council and user names."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError where the password follows a pattern that is tried first."""
        parts = _parts(password.casefold()[:MEASURED_CHARACTERS], _guessed(user))
        if len(set(password.casefold())) < FEWEST_DIFFERENT or {part["pattern"] for part in parts} == {"repeat"}:
            raise ValidationError("This password repeats itself. Choose one that doesn’t.", code="password_repeats")
        if math.prod(part["guesses"] for part in parts if _counts(part)) < FEWEST_GUESSES:
            raise ValidationError(
                "This password follows a common pattern, such as a season with a year, a row of keys "
                "or the name of the council. Three unrelated words are better.",
                code="password_follows_pattern",
            )

    def get_help_text(self) -> str:
        return "Not a season with a year, a row of keys, or the name of the council."


class LengthLimitValidator:
    """Refuses a password so long that hashing it would hold up the server."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django's signature
        """Raise ValidationError above ``MOST_CHARACTERS``."""
        if len(password) > MOST_CHARACTERS:
            raise ValidationError(
                f"A password can have {MOST_CHARACTERS} characters at most.", code="password_too_long"
            )

    def get_help_text(self) -> str:
        return f"At most {MOST_CHARACTERS} characters."


def _guessed(user: Any) -> frozenset[str]:
    """Return words an attacker would try first: general ones, and those in council and user names."""
    council_words = _words_in(*Authority.objects.values_list("name", flat=True)) - PLACE_WORDS
    user_words = _words_in(user.name, user.email, user.job_title) if user else set()
    return GUESSED | council_words | user_words


def _words_in(*names: str) -> set[str]:
    return {word for name in names for word in re.findall(r"[a-z]{4,}", name.casefold())}


def _parts(text: str, guessed: frozenset[str]) -> list[dict[str, Any]]:
    """Return the most guessable split of ``text`` into words, patterns and single characters."""
    dictionaries = {**matching.RANKED_DICTIONARIES, "user_inputs": matching.build_ranked_dict(sorted(guessed))}
    matches = matching.omnimatch(text, dictionaries)
    # The omitted term rewards each further part, as if "word, year, word" were not tried first.
    found = scoring.most_guessable_match_sequence(text, matches, _exclude_additive=True)
    parts: list[dict[str, Any]] = found["sequence"]
    return parts


def _counts(part: dict[str, Any]) -> bool:
    """Return whether a part makes the password harder to guess: an ordinary word, or letters without a pattern."""
    if part["pattern"] == "dictionary":
        return bool(part["dictionary_name"] != "user_inputs")
    return part["pattern"] == "bruteforce" and not set(part["token"]) <= WITHOUT_LETTERS
