"""Find words in free text however they are written: an address, a postcode, a number, an agency, a name.

This is the only matcher: papers, screens, lists of people, bundles and history ask it. One set of words becomes one
pattern over the letters of a text in a row, so that nothing between them hides a word; what stands there is looked at
only where the letters agree. ``docs/adr/0017-one-matcher-for-hidden-words.md`` gives reasons and figures.
"""

from __future__ import annotations

import enum
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from families.plain_words import Plain, folded, tokens
from families.word_forms import (
    BEFORE_A_NAME,
    BEFORE_AN_INITIAL,
    ENDS_OF_STREETS,
    EVERYDAY_WORDS,
    KINDS_OF_PLACE,
    PLAIN_WORDS,
    RUN_TOGETHER,
    SAYS_NOTHING,
    SITES_OF_MANY,
    TITLES,
    spellings,
)

__all__ = ["SITES_OF_MANY", "TITLES", "first_names", "folded", "is_same_name", "mentions", "names_somebody", "tokens"]

_NUMBER_FIRST = re.compile(
    r"^(?:(?:flat|apartment|apt|unit|room|block)\s+(?:\d+\w?|[a-z])\b\s*,?\s*)?(?:\d+\w?(?:\s*[-/]\s*\d+\w?)?\s*,?\s+)?",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"^[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}$", re.IGNORECASE)
_PHONE = re.compile(r"^(\+?[\d\s().\-/]{6,}?)(?:\s*(?:ext|extension|x)\.?\s*\d+)?$", re.IGNORECASE)
_WEB = re.compile(r"^(?:https?://)?(?:www\.)?(?=[\w-]+\.\w)", re.IGNORECASE)
_FAR_EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
# Dates with a month that is a first name too.
_MONTH = "(?:april|may|june|august)"
_DATES = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b|\b{_MONTH}\s+(?:(?:19|20)\d\d|\d{{1,2}}(?:st|nd|rd|th))\b",
    re.IGNORECASE,
)
_SHORTEST = 3
_HEAD = 5
_MOST_FORMS = 200
_MOST_NAMES = 4
# From how many letters on a word counts within a longer one, and run together with a neighbour.
_WITHIN = 7
_RUN_INTO = 9
_RUN_ON = 4
_WITH_COUNTRY = 12
_LANDLINES = {"1": 6, "2": 8}


class Rule(enum.IntEnum):
    """What has to stand around the letters of a word."""

    ONE_NAME = 1
    WHOLE = 2
    WITHIN = 3
    RUN_INTO = 4
    ANYHOW = 5
    ONE_WORD = 6


@dataclass
class _Patterns:
    """What to look for: letters in a row with their rule, and patterns over the words one by one."""

    rows: dict[str, Rule] = field(default_factory=dict)
    spaced: set[str] = field(default_factory=set)

    def row(self, letters: str, rule: Rule) -> None:
        self.rows[letters] = max(rule, self.rows.get(letters, rule))

    def words(self, pattern: str, *, any_case: bool = True) -> None:
        self.spaced.add(f"(?i:{pattern})" if any_case else pattern)


@dataclass(frozen=True)
class Finder:
    """Everything to be found of one set of words."""

    rows: dict[str, Rule]
    row_pattern: re.Pattern[str] | None
    spaced_pattern: re.Pattern[str] | None
    lengths: tuple[int, ...]

    def is_in(self, text: Plain) -> bool:
        if self.row_pattern and any(self._stands(text, found.start()) for found in self.row_pattern.finditer(text.row)):
            return True
        return bool(self.spaced_pattern and self.spaced_pattern.search(text.spaced))

    def _stands(self, text: Plain, at: int) -> bool:
        for length in self.lengths:
            rule = self.rows.get(text.row[at : at + length])
            if rule and _fits(text, at, at + length, rule):
                return True
        return False


def _fits(text: Plain, first: int, last: int, rule: Rule) -> bool:
    """Return whether what stands around and between the letters lets them be the word."""
    begins, ends = (
        text.is_start(first),
        text.is_start(last) or (text.row[last : last + 1] == "s" and text.is_start(last + 1)),
    )
    if rule == Rule.ONE_NAME and not text.has_capital(first):
        return False
    if rule in {Rule.ONE_NAME, Rule.ONE_WORD}:
        long = last - first >= _RUN_INTO and not text.gaps(first, last)
        return ((begins and ends) or long) and text.is_one_word(first, last)
    if begins and ends:
        return True
    if rule >= Rule.WITHIN and not text.has_spaces(first, last):
        return True
    if rule == Rule.ANYHOW:
        return begins or ends
    return rule == Rule.RUN_INTO and (ends or (begins and text.rest(last) >= _RUN_ON))


def mentions(text: str, words: frozenset[str], council: str = "") -> bool:
    """Return whether ``text`` contains one of ``words``, however spaced, capitalised, shortened or run together.

    The council's own name is on every page and gives nothing away, so a line that matches it (such as the town's)
    is skipped.
    """
    return bool(text and words) and _finder(words, council).is_in(Plain.of(text))


def names_somebody(text: str, names: Iterable[str]) -> bool:
    """Return whether one of ``names`` occurs in ``text`` as a word; a name ending in * matches as a prefix.

    Initials ("R.B.") count as capitals, with and without points. A word of every day ("Will") counts with a capital
    only, and the name of a month not in a date.
    """
    found = _finder_of_names(frozenset(names))
    return bool(text) and found.is_in(Plain.of(_DATES.sub(" - ", text)))


def first_names(given_name: str) -> set[str]:
    """Return what a text may call someone by a first name: all of it, or the first of several, "Anne" of "Anne-Marie".

    A middle name alone is not among it: it is often that of someone else in the family.
    """
    first = given_name.replace("-", " ").split()[:1]
    return {name for name in (given_name.strip(), *first) if name}


def is_same_name(one: str, other: str) -> bool:
    """Return whether two names have the same letters, so that a text with one of them may mean the other."""
    return tokens(one) == tokens(other)


@lru_cache(maxsize=256)
def _finder(words: frozenset[str], council: str) -> Finder:
    known, patterns = frozenset(tokens(council)), _Patterns()
    for word in words:
        _add(word.strip(), known, patterns)
    return _compiled(patterns)


@lru_cache(maxsize=256)
def _finder_of_names(names: frozenset[str]) -> Finder:
    patterns = _Patterns()
    for name in names:
        parts = tokens(name)
        if parts and name.endswith("*"):
            patterns.words(f" {' '.join(map(re.escape, parts))}\\w*(?= )")
        elif len(parts) == 1:
            patterns.row(parts[0], Rule.ONE_NAME if parts[0] in EVERYDAY_WORDS else Rule.ONE_WORD)
        elif parts and all(len(part) == 1 for part in parts):
            patterns.words(f" {' ?'.join(map(str.upper, parts))}s?(?= )", any_case=False)
        elif parts:
            patterns.row("".join(parts), _rule_of(parts))
    return _compiled(patterns)


def _compiled(patterns: _Patterns) -> Finder:
    rows = patterns.rows
    return Finder(
        rows=rows,
        row_pattern=re.compile(f"(?={_tree(sorted(rows))})") if rows else None,
        spaced_pattern=re.compile("|".join(sorted(patterns.spaced))) if patterns.spaced else None,
        lengths=tuple(sorted({len(letters) for letters in rows})),
    )


def _tree(rows: list[str], at: int = 0) -> str:
    """Return one pattern for sorted ``rows`` that reads each letter once; nothing follows the shortest of them."""
    if len(rows[0]) == at:
        return ""
    branches = []
    for letter, group in itertools.groupby(rows, key=lambda row: row[at]):
        branches.append(re.escape(letter) + _tree(list(group), at + 1))
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def _add(word: str, known: frozenset[str], patterns: _Patterns) -> None:
    phone = _PHONE.match(word)
    if phone and sum(map(str.isdigit, phone[1])) >= _SHORTEST * 2:
        return _add_phone(phone[1], patterns)
    if _POSTCODE.match(word):
        return patterns.row("".join(tokens(word)), Rule.ANYHOW)
    if "@" in word:
        return _add_mailbox(word, patterns)
    web = _WEB.match(word)
    if web and " " not in word:
        return patterns.row("".join(tokens(word[web.end() :])), Rule.WITHIN)
    _add_line(word, known, patterns)
    for part in word.split(",") if "," in word else ():
        if len("".join(tokens(part))) >= _HEAD:
            _add_line(part.strip(), known, patterns)
    return None


def _add_phone(number: str, patterns: _Patterns) -> None:
    digits = "".join(tokens(number))
    if number.strip().startswith(("+", "00")) or (digits.startswith("44") and len(digits) == _WITH_COUNTRY):
        digits = digits.removeprefix("00").removeprefix("44")
    core = digits.removeprefix("0")
    for before in ("", "0", "00", "44", "440", "0044", "00440"):
        patterns.row(before + core, Rule.WHOLE)
    # Those who live near leave out the code of the place.
    local = _LANDLINES.get(core[:1])
    if local and len(core) == _WITH_COUNTRY - 2:
        patterns.row(core[-local:], Rule.WHOLE)


def _add_mailbox(address: str, patterns: _Patterns) -> None:
    patterns.row("".join(tokens(address)), Rule.WITHIN)
    name = tokens(address.partition("@")[0])
    if len(name) > 1 and len("".join(name)) > _HEAD:
        # Not with a space: "hazel.brambley" tells the mailbox, "Hazel Brambley" the person.
        patterns.row("".join(name), Rule.ONE_WORD)


def _add_line(line: str, known: frozenset[str], patterns: _Patterns) -> None:
    for parts in _variants(line):
        letters = "".join(parts)
        shortest = 2 if _FAR_EAST.search(letters) or len(parts) == 1 else _SHORTEST
        told = [part for part in parts if not part[0].isdigit()]
        if len(letters) < shortest or not told or set(told) <= known or set(told) <= SAYS_NOTHING:
            continue
        if len(parts) == 1:
            _add_single(letters, patterns)
        elif len(parts[-1]) > 1 or parts[0] not in BEFORE_A_NAME:
            _add_several(parts, patterns)
    _add_person(line, patterns)


def _variants(line: str) -> Iterator[list[str]]:
    """Yield the tokens of a line, and of what remains without its house number or kind of place."""
    whole = tokens(line)
    street = tokens(_NUMBER_FIRST.sub("", line))
    while len(street) > 1 and street[-1][0].isdigit():
        street.pop()
    if street and street != whole:
        yield street
        if len(street) == 1 and len(whole) > 1:
            return
    yield whole
    head = list(whole)
    kinds = []
    while head and head[-1] in KINDS_OF_PLACE:
        kinds.append(head.pop())
    while head and head[0] == "the":
        head.pop(0)
    if len("".join(head)) >= _HEAD or _FAR_EAST.search("".join(head)):
        yield head
    if len(head) == 1:
        yield from ([*head, kind] for kind in kinds if len(kind) > 1 and kind != "the")


def _add_single(word: str, patterns: _Patterns) -> None:
    if _FAR_EAST.search(word):
        patterns.row(word, Rule.WITHIN)
    elif word in PLAIN_WORDS or len(word) < _SHORTEST:
        patterns.words(f" (?:{re.escape(word.capitalize())}s?|{re.escape(word.upper())}S?)(?= )", any_case=False)
    else:
        patterns.row(word, Rule.ONE_WORD)


def _rule_of(parts: list[str]) -> Rule:
    length = len("".join(parts))
    if min(map(len, parts)) == 1 or length < _WITHIN:
        return Rule.WHOLE
    return Rule.RUN_INTO if length >= _RUN_INTO else Rule.WITHIN


def _add_several(parts: list[str], patterns: _Patterns) -> None:
    if sum(map(len, parts)) <= _SHORTEST + 1 or len(parts[0]) == 1:
        # So few letters that only their own spaces tell them from another word.
        patterns.words(f" {' '.join(map(re.escape, parts))}s?(?= )")
        return
    patterns.row("".join(parts), _rule_of(parts))
    patterns.row("".join(part for part in parts if part != "and"), Rule.WHOLE)
    every = itertools.product(*(tuple(spellings(part)) for part in parts))
    for forms in itertools.islice(every, _MOST_FORMS):
        patterns.row("".join(forms), Rule.WHOLE)


def _add_person(line: str, patterns: _Patterns) -> None:
    """Add what a line means if it is a name: with a title, an initial, or the last name first."""
    parts = tokens(line)
    if not 1 < len(parts) <= _MOST_NAMES or any(part[0].isdigit() for part in parts):
        return
    if parts[0] in BEFORE_A_NAME:
        _add_titled(parts[1:], patterns)
        _add_untitled(parts[1:], patterns)
        return
    if set(parts) & SAYS_NOTHING or parts[-1] in ENDS_OF_STREETS:
        return
    for at in range(1, len(parts)):
        _add_named(parts[:at], parts[at:], patterns)


def _add_named(given: list[str], family: list[str], patterns: _Patterns) -> None:
    first, last = " ".join(given), " ".join(family)
    if len(last) == 1:
        return
    _add_titled(family, patterns)
    patterns.row("".join([*family, *given]), Rule.WHOLE)
    patterns.words(f" {first}(?:[a-z]| [a-z]+ | [a-z]{{1,2}} [a-z]{{1,2}} ){last}s?(?= )")
    patterns.words(f" (?:{'|'.join(RUN_TOGETHER)}) {first}s?(?= )")
    patterns.words(f" {_with_capital(first)} {last[0].upper()}(?= )", any_case=False)
    _add_initialled(first[0], last, patterns)


def _add_untitled(name: list[str], patterns: _Patterns) -> None:
    """Add "Anna Kowalska" and what else it means, where a title stood before both names."""
    if len(name) > 1:
        _add_several(name, patterns)
    for at in range(1, len(name)):
        _add_named(name[:at], name[at:], patterns)


def _with_capital(name: str) -> str:
    """Return a pattern for a name that begins with a capital, or has no small letter."""
    return f"{name[0].upper()}(?i:{re.escape(name[1:])})"


def _add_titled(rest: list[str], patterns: _Patterns) -> None:
    name = "".join(rest)
    titles = "|".join(sorted(BEFORE_A_NAME))
    if len(name) == 1:
        initialled = "|".join(sorted(f"{title.capitalize()}|{title.upper()}" for title in BEFORE_AN_INITIAL))
        patterns.words(f" (?:{initialled}) {name.upper()}(?= )", any_case=False)
        return
    patterns.words(f" (?:{titles}) (?:[a-z] ){{0,2}}{re.escape(' '.join(rest))}s?(?= )")
    if len(name) > _SHORTEST:
        for title in RUN_TOGETHER:
            patterns.row(title + name, Rule.WHOLE)


def _add_initialled(initial: str, family: str, patterns: _Patterns) -> None:
    """Add "C Reed" and "Reed C", with capitals where small ones could be an article or "I"; "creed" before an at."""
    last, some = re.escape(family), f"{_with_capital(family)}s?"
    patterns.words(f" {initial.upper()}(?: [A-Z])? {some}(?= )", any_case=False)
    patterns.words(f" {some} {initial.upper()}(?= )", any_case=False)
    patterns.words(f" {initial.upper()}{some}(?= )", any_case=False)
    patterns.words(f" (?:{initial} ?{last}|{last} ?{initial}) @ ")
    if initial not in "ais" and family not in PLAIN_WORDS and len(family) >= _SHORTEST:
        patterns.words(f" {initial} {last}s?(?= )")
