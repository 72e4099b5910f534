"""Opens pages as one person, follows their links, and notes which marks they contain.

Everything in a response is read: its words with and without tags, redirects, file names, the text and metadata
of a PDF, the unfolded lines of a calendar.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode, urljoin, urlsplit

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.layout import pdf_words

LINKS = re.compile(r"""(?:href|src|data-[\w-]*url)=["']([^"'#]+)""")
TAGS = re.compile(r"<[^>]*>")
# Static files and pages of the site itself, and external links.
NOT_FOLLOWED = re.compile(
    r"^/(?:static|media|theme|help|privacy|accessibility|what-is-logged|calculator|account/sign)"
    r"|^(?:mailto|tel|data|javascript):"
)
# What differs between responses without meaning anything.
SERIAL = re.compile(
    r'name="(?:csrfmiddlewaretoken|form_key|found)" value="[^"]*"|found=[^"&]*|nonce="[^"]*"|csrf[\w-]*":\s*"[^"]*"',
    re.IGNORECASE,
)


def words_in(body: bytes, kind: str) -> str:
    """Return all text in the bytes of a response, an attachment or a file."""
    if body.startswith(b"%PDF"):
        return pdf_words(body)
    text = body.decode("utf-8", "replace")
    if "calendar" in kind or text.startswith("BEGIN:VCALENDAR"):
        return re.sub(r"\r?\n[ \t]", "", text)
    if "html" in kind:
        plain = html.unescape(text)
        return f"{plain}\n{TAGS.sub('', plain)}\n{TAGS.sub(' ', plain)}"
    return text


class Crawler:
    """One person's browser. ``found`` lists, by the name of a mark, the places where it appeared."""

    def __init__(self, client: Client, markers: Mapping[str, re.Pattern[str]]) -> None:
        self.client = client
        self.markers = markers
        self.found: dict[str, set[str]] = {}
        self.opened: dict[str, int] = {}
        self.kinds: set[str] = set()

    def look(self, text: str, where: str) -> None:
        """Note the marks in ``text``."""
        plain = re.sub(r"[\s\u00a0]+", " ", text)
        for name, pattern in self.markers.items():
            if pattern.search(plain):
                self.found.setdefault(name, set()).add(where)

    def get(self, address: str) -> tuple[HttpResponse, str]:
        """Request a URL and return the response with its text; changes by the request are undone."""
        before, cookies = transaction.savepoint(), self.client.cookies.copy()
        answer = self.client.get(address)
        if answer.status_code == 405:
            answer = self.client.post(address)
        body = b"".join(answer) if answer.streaming else answer.content
        transaction.savepoint_rollback(before)
        self.client.cookies = cookies
        kind = answer.get("Content-Type", "")
        text = "\n".join([words_in(body, kind), *(f"{name}: {value}" for name, value in answer.items())])
        self.opened[address] = answer.status_code
        if answer.status_code == 200:
            self.kinds.add("application/pdf" if body.startswith(b"%PDF") else kind.partition(";")[0])
        return answer, text

    def send(self, address: str, form: Mapping[str, str]) -> None:
        """Submit a form and read the response."""
        answer = self.client.post(address, form, follow=True)
        self.look(words_in(answer.content, answer["Content-Type"]), f"{address}, sent ({answer.status_code})")

    def open(self, address: str) -> set[str]:
        """Read one URL, and return those it links to."""
        answer, text = self.get(address)
        self.look(text, f"{address} ({answer.status_code})")
        if answer.status_code in {301, 302, 303}:
            return self._inside([urljoin(address, answer["Location"])])
        if "html" not in answer.get("Content-Type", ""):
            return set()
        return self._inside(urljoin(address, html.unescape(link)) for link in LINKS.findall(text))

    def _inside(self, links: Iterable[str]) -> set[str]:
        return {
            link
            for link in (link.partition("#")[0] for link in links)
            if not NOT_FOLLOWED.search(link) and urlsplit(link).netloc in {"", "testserver"}
        }

    def walk(self, addresses: Iterable[str], *, deep: int = 1, at_most: int = 200) -> None:
        """Open URLs and what they link to, to this depth."""
        wanted = set(addresses)
        for _ in range(deep + 1):
            further: set[str] = set()
            for address in sorted(wanted - set(self.opened)):
                if len(self.opened) >= at_most:
                    raise AssertionError(f"More than {at_most} addresses: raise the number, nothing is left out.")
                further |= self.open(address)
            wanted = further

    def said_to(self, address: str, field: str, typed: str) -> str:
        """Return a search's response to typed words, without those words and random differences."""
        before, cookies = transaction.savepoint(), self.client.cookies.copy()
        answer = self.client.post(address, {field: typed}, follow=True)
        transaction.savepoint_rollback(before)
        self.client.cookies = cookies
        return _without(words_in(answer.content, answer["Content-Type"]), typed)


def _without(text: str, typed: str) -> str:
    """Return a response without the typed words and random differences."""
    text = SERIAL.sub("", text)
    for form in (typed, urlencode({"": typed})[1:], typed.lower(), typed.replace(" ", "")):
        text = text.replace(form, "")
    return text
