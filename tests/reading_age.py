"""How hard a text is to read, by the Flesch-Kincaid grade; a grade of 6 is a reading age of about 11."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import textstat

HARDEST = 6.0
# A single paragraph of some length may be a little harder than its page, never much.
HARDEST_PARAGRAPH = 8.0
LONG_PARAGRAPH = 20
# Fragments, such as labels and headings, would make any page look easy.
SENTENCE = 4
# What can't be said by an easier word, each with its reason. Twenty at most.
EXCEPTIONS = {
    "solicitor": "legal term: the person whom the family asks for has this title",
    "advocate": "legal term: the person whom the law lets speak for a child or parent",
    "interpreter": "the name of the work; nobody books a “language helper”",
    "core group": "legal term of the plan, explained beside it",
    "social worker": "the title by which every family knows them",
    "National Domestic Abuse Helpline": "proper name",
    "Samaritans": "proper name",
    "Childline": "proper name",
    "minutes": "the name of the paper, as it stands on it",
    "police": "proper name of the service",
    "999": "said as a number",
}
assert len(EXCEPTIONS) <= 20
BLOCKS = frozenset(
    {"p", "li", "dd", "dt", "h1", "h2", "h3", "h4", "label", "legend", "div", "blockquote", "button", "summary"}
)
NOT_READ = frozenset({"script", "style", "head", "footer", "header", "option", "textarea"})


class _Blocks(HTMLParser):
    """Collects the text of each block of the main part of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = [""]
        self._in_main = self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            self._in_main += 1
        if tag in NOT_READ:
            self._skipped += 1
        if tag in BLOCKS or tag == "br":
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._in_main -= 1
        if tag in NOT_READ:
            self._skipped -= 1
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if self._in_main and not self._skipped:
            self.blocks[-1] += data


def paragraphs_of_page(html: str) -> list[str]:
    """Return the running text of a page's main part, a paragraph each."""
    reader = _Blocks()
    reader.feed(html)
    return _running(reader.blocks)


def paragraphs_of_mail(body: str) -> list[str]:
    """Return the running text of a letter or an e-mail."""
    return _running(body.splitlines())


def _running(blocks: list[str]) -> list[str]:
    found = [re.sub(r"\s+", " ", block).strip() for block in blocks]
    return [block for block in found if len(block.split()) >= SENTENCE]


def plain(text: str, names: tuple[str, ...] = ()) -> str:
    """Return the text as it is measured: without numbers, addresses, names, and the exceptions."""
    text = re.sub(r"https?://\S+|\[the link for you alone\]", "here", text)
    for word in sorted((*EXCEPTIONS, *names), key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(word)}(s|’s)?\b", "one", text, flags=re.IGNORECASE)
    return re.sub(r"\S*\d\S*", "one", text.replace("’", "'"))


def grade_of(paragraphs: list[str], names: tuple[str, ...] = ()) -> float:
    """Return the grade of a whole text."""
    text = " ".join(_ended(plain(one, names)) for one in paragraphs)
    return float(textstat.flesch_kincaid_grade(text)) if text else 0.0


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def too_hard(where: str, paragraphs: list[str], names: tuple[str, ...] = ()) -> list[str]:
    """Return what is too hard in one text, each with its grade and its words."""
    found = []
    if (whole := grade_of(paragraphs, names)) > HARDEST:
        found.append(f"{where}: {whole:.1f} as a whole")
    long = [one for one in paragraphs if len(one.split()) >= LONG_PARAGRAPH]
    graded = [(grade_of([one], names), one) for one in long]
    return found + [f"{where}: {grade:.1f}: {one}" for grade, one in graded if grade > HARDEST_PARAGRAPH]
