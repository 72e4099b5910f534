"""What shapes the values of a policy have. Every check gives the fault in words, or "" for none."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

from deadlines.policies.amounts import Json

Check = Callable[[Json], str]
T = TypeVar("T")

_short = reprlib.Repr()
_short.maxstring = _short.maxother = 80
_short.maxlong = 40


def shown(value: Json) -> str:
    """A value as it was typed, shortened."""
    return _short.repr(value)


@dataclass(frozen=True)
class Kind:
    """A shape of value: its check, how its unit or shape is said, and how a person chooses one.

    ``words`` are values that are chosen by name; ``least`` and ``most`` bound a number, where one is
    allowed, and ``saying`` is how such a number is said. A kind with neither is written out. ``parts``
    are the keys of a mapping with their labels; ``sentence`` says a mapping as one.
    """

    problem: Check
    unit: str
    words: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    flag: bool = False
    text: bool = False
    saying: str = "{}"
    parts: tuple[tuple[str, str], ...] = ()
    sentence: str = ""


def is_whole(least: int = 0) -> Check:
    """A check for whole numbers from ``least`` on."""

    def problem(value: Json) -> str:
        if isinstance(value, bool) or not isinstance(value, int):
            return f"must be a whole number, not {shown(value)}"
        return f"must be {least} or more, not {shown(value)}" if value < least else ""

    return problem


def is_text(value: Json) -> str:
    """A check for words."""
    return "" if isinstance(value, str) and value.strip() else f"must be words, not {shown(value)}"


def one_of(*words: str) -> Check:
    """A check for one of these words."""

    def problem(value: Json) -> str:
        if isinstance(value, str) and value in words:
            return ""
        known = ", ".join(repr(str(word)) for word in words)
        return f"must be {'one of ' if len(words) > 1 else ''}{known}, not {shown(value)}"

    return problem


def is_mapping(
    value: Json, *, keys: tuple[str, ...], what: str = "must be a mapping", optional: tuple[str, ...] = ()
) -> str:
    """A check for a mapping that has these keys and no others but the optional ones."""
    if not isinstance(value, dict):
        return f"{what}, not {shown(value)}"
    for key in keys:
        if key not in value:
            return f"lacks {key!r}"
    extra = [key for key in value if key not in keys and key not in optional]
    return f"has the unknown key {shown(extra[0])}" if extra else ""


def has_texts(value: Json, keys: tuple[str, ...]) -> str:
    """A check for a mapping of words that has exactly these keys."""
    found = is_mapping(value, keys=keys)
    return found or next((f"{key}: {bad}" for key in keys if (bad := is_text(value[key]))), "")


def _each(value: Json, check: Check, *, what: str = "a list", may_be_empty: bool = False) -> str:
    if not isinstance(value, list):
        return f"must be {what}, not {shown(value)}"
    if not value and not may_be_empty:
        return f"must be {what} with at least one item, not []"
    return next((f"item {i}: {found}" for i, item in enumerate(value, 1) if (found := check(item))), "")


def _twice(values: list[Json]) -> str:
    twice = [value for value in values if values.count(value) > 1]
    return f"has {shown(twice[0])} twice" if twice else ""


# Kinds of one value


TEXT = Kind(is_text, "words", text=True)
FLAG = Kind(
    lambda value: "" if isinstance(value, bool) else f"must be true or false, not {shown(value)}",
    "true or false",
    flag=True,
)


def whole(unit: str, *, least: int = 0, most: int | None = None, saying: str = "") -> Kind:
    """A whole number of ``unit``."""

    def problem(value: Json) -> str:
        if found := is_whole(least)(value):
            return found
        return f"must be {most} or less, not {shown(value)}" if most is not None and value > most else ""

    return Kind(problem, unit, least=least, most=most, saying=saying or f"{{}} {unit}")


def word(*words: str) -> Kind:
    """One of these words."""
    return Kind(one_of(*words), "one of: " + ", ".join(words), words=words)


def number_or_word(named: str, *words: str, least: int, most: int, saying: str) -> Kind:
    """A whole number, which ``named`` describes, or one of these words."""

    def problem(value: Json) -> str:
        if isinstance(value, str) and value in words:
            return ""
        if is_whole(least)(value) or value > most:
            choice = " or ".join(repr(one) for one in words)
            return f"must be {named} from {least} to {most} or {choice}, not {shown(value)}"
        return ""

    return Kind(
        problem,
        f"{named} from {least} to {most}, or: " + ", ".join(words),
        words=words,
        least=least,
        most=most,
        saying=saying,
    )


LONGEST_KEEPING = 150
KEEPING_UNITS = ("months", "years")


def keeping(*events: str) -> Kind:
    """How long records are kept from one of these events."""

    def problem(value: Json) -> str:
        if found := is_mapping(value, keys=("amount", "unit", "from")):
            return found
        if found := whole("", least=1, most=LONGEST_KEEPING).problem(value["amount"]):
            return f"amount: {found}"
        if found := one_of(*KEEPING_UNITS)(value["unit"]):
            return f"unit: {found}"
        return f"from: {found}" if (found := one_of(*events)(value["from"])) else ""

    return Kind(
        problem,
        f"amount, unit ({' or '.join(KEEPING_UNITS)}), from: one of " + ", ".join(events),
        sentence="{amount} {unit} from the {from}",
    )


# Kinds of several values


def texts(unit: str) -> Kind:
    """Words in an order."""
    return Kind(lambda value: _each(value, is_text), unit)


def chosen(known: Collection[str], named: str, *, may_be_empty: bool = False) -> Kind:
    """Some of the known words."""

    def problem(value: Json) -> str:
        if not isinstance(value, list) or (not value and not may_be_empty):
            return f"must be a list of {named}, not {shown(value)}"
        unknown = [item for item in value if not isinstance(item, str) or item not in known]
        return f"has the unknown {_one(named)} {shown(unknown[0])}" if unknown else _twice(value)

    return Kind(problem, f"list of {named}: " + ", ".join(sorted(known)))


def _one(named: str) -> str:
    return named.removesuffix("ies") + "y" if named.endswith("ies") else named.removesuffix("s")


def keyed(*keys: str) -> Kind:
    """A list of mappings with these words; the first key tells them apart."""

    def problem(value: Json) -> str:
        found = _each(value, lambda item: has_texts(item, keys))
        return found or _twice([item[keys[0]] for item in value])

    return Kind(problem, "list of " + ", ".join(keys))


def named_words(keys: tuple[str, ...], unit: str) -> Kind:
    """Words under each of these keys."""
    return Kind(
        lambda value: has_texts(value, keys), unit, parts=tuple((key, key.replace("_", " ")) for key in keys)
    )


def lists_for(recipients: dict[str, str], known: Collection[str], named: str) -> Kind:
    """For each recipient, given with a label, a list of known words."""

    def problem(value: Json) -> str:
        if found := is_mapping(value, keys=tuple(recipients)):
            return found
        check = chosen(known, named).problem
        return next((f"{one}: {found}" for one in recipients if (found := check(value[one]))), "")

    unit = f"for each of {', '.join(recipients)} a list of {named}: " + ", ".join(sorted(known))
    return Kind(problem, unit, parts=tuple(recipients.items()))


def groupings(kinds: Collection[str]) -> Kind:
    """Groups of agencies that count as one each."""

    def group(item: Json) -> str:
        found = is_mapping(item, keys=("key", "label", "kinds"))
        found = found or has_texts({key: item[key] for key in ("key", "label")}, ("key", "label"))
        return found or (
            "kinds: " + bad if (bad := chosen(kinds, "agency kinds").problem(item["kinds"])) else ""
        )

    def problem(value: Json) -> str:
        found = _each(value, group, may_be_empty=True) or _twice([item["key"] for item in value])
        return found or _twice([kind for item in value for kind in item["kinds"]])

    return Kind(problem, "list of key, label, agency kinds; [] = each agency apart")


# Kinds that belong to one key


def _is_framework(value: Json) -> str:
    names = ("key", "name", "version")
    found = is_mapping(value, keys=(*names, "headings"))
    found = found or has_texts({key: value[key] for key in names}, names)
    if found:
        return found
    headings = keyed("key", "label", "prompt").problem(value["headings"])
    return f"headings: {headings}" if headings else ""


FRAMEWORK = Kind(_is_framework, "key, name, version, and a list of headings: key, label, prompt")

TOP_OF_SCALE = 10


def _is_scale(value: Json) -> str:
    keys = ("key", "version", "low-words", "high-words", "indicates-plan-up-to")
    found = is_mapping(value, keys=keys) or has_texts({key: value[key] for key in keys[:4]}, keys[:4])
    if found:
        return found
    up_to = value["indicates-plan-up-to"]
    if up_to is not None and (is_whole()(up_to) or up_to > TOP_OF_SCALE):
        return f"indicates-plan-up-to: must be a score from 0 to {TOP_OF_SCALE} or null, not {shown(up_to)}"
    return ""


SCALE = Kind(_is_scale, "key, version, low-words, high-words, indicates-plan-up-to (a score, or null)")

CATEGORY_CODES = frozenset({"NEG", "PHY", "SAB", "EMO"})


def _are_categories(value: Json) -> str:
    found = keyed("code", "label", "definition").problem(value)
    if found:
        return found
    wrong = {item["code"] for item in value} ^ CATEGORY_CODES
    return (
        f"must define each of {', '.join(sorted(CATEGORY_CODES))} once; see {shown(min(wrong))}"
        if wrong
        else ""
    )


CATEGORIES = Kind(_are_categories, f"list of code, label, definition for {', '.join(sorted(CATEGORY_CODES))}")
