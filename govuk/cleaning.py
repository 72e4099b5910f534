"""One cleaning of everything that is typed or read in: nothing enters that nobody sees, and what was meant stays.

Invisible characters make two spellings of one name, undo a search for hidden words and turn text round. They
arrive by themselves, copied from Word, a web page or a telephone's address book. Some carry meaning: the joiners
within an emoji, and in the scripts whose letters they shape.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from django.http import QueryDict

# Line ends of every kind, Word's own among them; spaces of every width; hyphens that do not break.
_ALIKE = {
    **dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n"),
    **dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000", " "),
    **{chr(width): " " for width in range(0x2000, 0x200B)},
    **dict.fromkeys("\x1e\u2010\u2011", "-"),
}
# Quotation marks and dashes of Windows that were read in another encoding.
for _byte in range(0x80, 0xA0):
    _ALIKE.setdefault(chr(_byte), bytes([_byte]).decode("cp1252", errors="ignore"))
_AS_TABLE = str.maketrans(_ALIKE)
# Signs of fonts that only Word has, between words: its arrows and faces, what it ticks and crosses.
_SIGNS = str.maketrans({
    "\uf020": " ", "\uf02d": "-", "\uf04a": "☺", "\uf04b": "😐", "\uf04c": "☹", "\uf06f": "☐", "\uf078": "☒",
    "\uf0a3": "≤", "\uf0a8": "☐", "\uf0b0": "°", "\uf0b1": "±", "\uf0b3": "≥", "\uf0b4": "×", "\uf0df": "←",
    "\uf0e0": "→", "\uf0e8": "→", "\uf0f3": "↔", "\uf0fb": "✗", "\uf0fc": "✓", "\uf0fd": "☒", "\uf0fe": "☑",
})  # fmt: skip
# Any sign of those fonts that begins a line, except boxes and crosses, which say what was done and what was not.
_BULLET = re.compile(
    r"^([ \t]*)[\uf021-\uf06e\uf070-\uf077\uf079-\uf0a7\uf0a9-\uf0fa\uf0fc\uf0ff](?=[ \t])", re.MULTILINE
)
_OTHER_SIGN = re.compile(r"[\uf021-\uf0ff]")
# Never meant: controls, soft hyphens, spaces without width, marks and overrides of direction, fillers, halves of
# characters, signs of private fonts, and what is no character at all.
_NEVER = re.compile(
    "[\x00-\x08\x0e-\x1d\x1f\x7f\u00ad\u061c\u17b4\u17b5\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ue000-\uf01f\uf100-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
    "\U000f0000-\U0010ffff"
    + "".join(chr(plane + last) for plane in range(0x10000, 0xF0000, 0x10000) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_TWICE = re.compile("([\u200c\u200d])\\1+")
# Meant in one place and not in another.
_SOMETIMES = re.compile(
    "[\u034f\u115f\u1160\u180b-\u180f\u200c\u200d\u2800\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)
_NON_JOINER, _JOINER, _EMOJI_STYLE, _KEYCAP = "\u200c", "\u200d", "\ufe0f", "\u20e3"
_FLAG_ENDS = "\U000e007f"
# Scripts in which a joiner changes the shape of letters: Arabic and its neighbours, N'Ko, Mandaic, Mongolian, and
# those of India, Tibet and the south-east of Asia.
_SHAPED = re.compile(
    r"[\u0600-\u07ff\u0840-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1a20-\u1aaf\u1b00-\u1bff\u1c00-\u1c4f"
    r"\u1cd0-\u1cff\ua800-\ua8ff\ua930-\ua95f\ua980-\ua9ff\uaa60-\uaa7f\uaae0-\uabff\ufb50-\ufdcf\ufdf0-\ufdff"
    r"\ufe70-\ufefe\U00010a00-\U00010aff\U00010b80-\U00010baf\U00010d00-\U00010fff\U00011000-\U00011fff"
    r"\U0001e900-\U0001e95f]"
)
_ARABIC = re.compile(r"[\u0600-\u07ff\u0840-\u08ff\ufb50-\ufdff\ufe70-\ufefe]")
_PICTURE = re.compile(
    r"[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030"
    r"\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
# What may stand between an emoji and its joiner: skin tone, style, the letters of a flag.
_DRESS = re.compile(r"[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f\u20e3\U000e0020-\U000e007f]")
_HAN = re.compile(r"[\u2e80-\u2fdf\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")
_MONGOLIAN = re.compile(r"[\u1800-\u18af\U00011660-\U0001167f]")
_OLD_KOREAN = re.compile(r"[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]")
_BRAILLE = re.compile(r"[\u2801-\u28ff]")
# From which sign to which, what it has to follow, or what it has to precede.
_BESIDE = (
    ("\u034f", "\u034f", re.compile(r"[\u0591-\u05c7]"), None),
    ("\u115f", "\u1160", _OLD_KOREAN, _OLD_KOREAN),
    ("\u180b", "\u180f", _MONGOLIAN, None),
    ("\u2800", "\u2800", _BRAILLE, _BRAILLE),
    ("\U000e0100", "\U000e01ef", _HAN, None),
)
_BREAKS = re.compile(r"[ \t]*[\n\t][ \t\n]*")
# Hebrew with all its points needs four marks on one letter. More of them, in any script but that of Tibet, which
# piles up whole syllables, only grow over the lines above and below.
_MARKS_ON_ONE_LETTER = 4
_PILED_UP = range(0x0F18, 0x0FBD)


def _accents() -> str:
    """Return every mark that takes no room of its own, for a set of a regular expression."""
    found = (chr(code) for code in range(0x300, 0x1F000) if code not in _PILED_UP)
    return "".join(sign for sign in found if unicodedata.category(sign) in {"Mn", "Me"} and not _SOMETIMES.match(sign))


_ACCENT = f"[{_accents()}]{_SOMETIMES.pattern}*"
_STACK = re.compile(f"((?:{_ACCENT}){{{_MARKS_ON_ONE_LETTER}}})(?:{_ACCENT})+")


def clean_text(text: str) -> str:
    """Return ``text`` with one kind of line end, space and hyphen, and without characters that nobody sees.

    Every letter and digit of every script stays as it was typed, emoji whole. Bullets of Word's own font become
    "•". Accents heaped on one letter are cut to what a script needs, because they cover the lines around them.
    Cleaning what is clean changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _NEVER.sub("", text.replace("\r\n", "\n").translate(_AS_TABLE))
    text = _OTHER_SIGN.sub("•", _BULLET.sub(r"\1•", text).translate(_SIGNS))
    text = _TWICE.sub(r"\1", text)
    before = None
    while before != text:
        before, text = text, _STACK.sub(r"\1", _without_strays(text))
    return text


def clean_line(text: str) -> str:
    """Return ``text`` cleaned and in one line, for a field of one line."""
    return _BREAKS.sub(" ", clean_text(text).strip())


def without_unseen(text: str) -> str:
    """Return ``text`` without any character that nobody sees, meant or not, for comparison only."""
    return text if text.isascii() else _SOMETIMES.sub("", _NEVER.sub("", text))


def _without_strays(text: str) -> str:
    kept: list[str] = []
    last = 0
    for found in _SOMETIMES.finditer(text):
        at = found.start()
        kept.append(text[last:at])
        last = at + 1
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if before != found[0] and _is_meant(found[0], text, at, before, after):
            kept.append(found[0])
        elif found[0] == "\u2800":
            kept.append(" ")
    kept.append(text[last:])
    return "".join(kept)


def _is_meant(sign: str, text: str, at: int, before: str, after: str) -> bool:
    """Return whether an invisible ``sign`` shapes what stands beside it."""
    if sign in {_JOINER, _NON_JOINER}:
        return _joins(sign, text, at, before, after)
    if "\U000e0020" <= sign <= _FLAG_ENDS:
        return _is_of_a_flag(text, at)
    for first, last, follows, precedes in _BESIDE:
        if first <= sign <= last:
            return bool(follows.match(before) or (precedes and precedes.match(after)))
    if sign == _EMOJI_STYLE and before in "0123456789#*":
        return bool(before) and after == _KEYCAP
    styled = _PICTURE.match(before) or _HAN.match(before) or _shapes(before)
    return bool(styled) or unicodedata.category(before or " ").startswith("S")


def _joins(sign: str, text: str, at: int, before: str, after: str) -> bool:
    if sign == _JOINER and _PICTURE.match(after):
        while at and _DRESS.match(text[at - 1]):
            at -= 1
        return bool(at and _PICTURE.match(text[at - 1]))
    if not _shapes(before):
        return False
    # At the end of a word a non-joiner shapes no Arabic letter; keyboards for Persian leave it there.
    return sign == _JOINER or not _ARABIC.match(before) or _shapes(after)


def _shapes(letter: str) -> bool:
    return bool(_SHAPED.match(letter)) and unicodedata.category(letter)[0] in "LM"


def _is_of_a_flag(text: str, at: int) -> bool:
    """Return whether the tag at ``at`` is one of a flag's: a black flag, its letters, and their end."""
    first, last = at, at
    while first and "\U000e0020" <= text[first - 1] <= "\U000e007e":
        first -= 1
    while last < len(text) and "\U000e0020" <= text[last] <= "\U000e007e":
        last += 1
    return text[first - 1 : first] == "\U0001f3f4" and text[last : last + 1] == _FLAG_ENDS and last > first


def posted_again(posted: QueryDict, *, without: Collection[str]) -> list[tuple[str, str]]:
    """Return what a page sends on in hidden fields: every posted name and value, cleaned, but for those named."""
    return [
        (name, clean_text(str(value))) for name, values in posted.lists() if name not in without for value in values
    ]
