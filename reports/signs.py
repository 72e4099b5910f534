"""Signs that no installed font can print: an empty box on paper says nothing to anyone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import cffi

from govuk.cleaning import clean_text

# The same library that lays the papers out; loading it takes a hundredth of what the rest of the layout takes.
LIBRARIES = "libpango-1.0.so.0", "libpangoft2-1.0.so.0"
DECLARED = """
typedef struct Map Map; typedef struct Context Context; typedef struct Layout Layout;
Map *pango_ft2_font_map_new(void);
Context *pango_font_map_create_context(Map *);
Layout *pango_layout_new(Context *);
void pango_layout_set_text(Layout *, const char *, int);
int pango_layout_get_unknown_glyphs_count(Layout *);
"""
LAST_OF_LATIN = "\u024f"


def signs_without_font(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Return the name of each sign in ``texts`` that would be printed as an empty box, and the words around it."""
    found: dict[str, str] = {}
    for text in texts:
        for place, sign in enumerate(text):
            if sign > LAST_OF_LATIN and sign not in found and not _has_font(sign):
                found[sign] = " ".join(text[max(0, place - 30) : place + 30].split())
    return [(f"U+{ord(sign):04X} {unicodedata.name(sign, '').lower()}".strip(), words) for sign, words in found.items()]


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text within a paper's content."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)


@cache
def _has_font(sign: str) -> bool:
    if not clean_text(sign).strip() or unicodedata.category(sign) in {"Cf", "Mn", "Me"}:
        return True
    pango, layout = _layout()
    written = sign.encode()
    pango.pango_layout_set_text(layout, written, len(written))
    return not pango.pango_layout_get_unknown_glyphs_count(layout)


@cache
def _layout() -> tuple[Any, Any]:
    ffi = cffi.FFI()
    ffi.cdef(DECLARED)
    pango, fonts = (ffi.dlopen(name) for name in LIBRARIES)
    return pango, pango.pango_layout_new(pango.pango_font_map_create_context(fonts.pango_ft2_font_map_new()))
