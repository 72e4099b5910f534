"""A user at a screen, who finds things by their visible words and checks every page they open."""

from __future__ import annotations

import contextlib
import datetime
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Response, expect

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
DESK, PHONE, SMALLEST = 1280, 390, 320
HEIGHT = 900
PATIENCE = 10_000
# Every kind of element on the page: its role, whether it has text, and its label.
PARTS = """() => [...new Set([...document.querySelectorAll("body *")].map(one => [
  one.tagName, one.hasAttribute("href"), one.textContent.trim() === "", one.labels?.length,
  ...["class", "role", "type", "lang", "scope", "alt", "open", "hidden", "disabled", "tabindex", "autocomplete"]
    .map(name => one.getAttribute(name)),
  ...[...one.attributes].filter(({name}) => name.startsWith("aria-")).map(({name, value}) =>
    `${name}=${/^aria-(controls|describedby|details|label|labelledby|owns)$/.test(name) ? value !== "" : value}`),
].join()))]"""
# Pages and kinds of elements found accessible, in any journey.
ACCESSIBLE: set[tuple[str, bool]] = set()
ACCESSIBLE_PARTS: set[str] = set()
CONTROLS = ("INPUT", "SELECT", "TEXTAREA")


def _label(words: str) -> re.Pattern[str]:
    """Match a label with these words, whether or not it says "optional"."""
    return re.compile(rf"^\s*{re.escape(words)}(\s*\(optional\))?\s*$")


def _plain(text: str) -> str:
    """Normalise line ends, non-breaking spaces and apostrophes."""
    return " ".join(text.replace("’", "'").split())


def is_a_page(response: Response) -> bool:
    request = response.request
    return request.is_navigation_request() and not 300 <= response.status < 400


class Visitor:
    """One browser window. ``scripted`` is False without scripts; ``album`` is where screenshots go."""

    def __init__(self, page: Page, base: str, *, scripted: bool = True, album: Path | None = None) -> None:
        self.page = page
        self.base = base
        self.scripted = scripted
        self.album = album
        self.pictures = 0
        self.who = ""
        # What the journey costs its user: pages looked at, and boxes typed in, ticked or chosen from.
        self.pages = self.fields = 0
        self.looked_at: set[tuple[str, str, bool]] = set()
        page.set_default_timeout(PATIENCE)

    def start_counting(self) -> None:
        """Count pages and fields from here."""
        self.pages = self.fields = 0

    # ------------------------------------------------------------ coming and going

    def sign_in_as(self, name: str) -> None:
        """Switch to another user of the demonstration, ending the previous session."""
        self.who = name
        self.page.context.clear_cookies()
        self.open("/account/sign-in/")
        self.sign_in_here_as(name)

    def sign_in_here_as(self, name: str) -> None:
        """Sign in on the page that asks for it, which then leads back."""
        self.press(re.compile(rf"^{name}\b.*: sign in$"))

    def another_tab(self) -> Visitor:
        """Open a second tab of the same browser, signed in as the same user."""
        return Visitor(self.page.context.new_page(), self.base, scripted=self.scripted, album=self.album)

    def open(self, path: str, *, status: int = 200) -> None:
        response = self.page.goto(path if path.startswith("http") else f"{self.base}{path}")
        assert response.status == status, (path, response.status)
        self.look()

    def follow(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Follow the first link with these words, in the content before the frame; some look like buttons."""
        for place in (within,) if within else (self.main, self.page.locator("body")):
            exact = isinstance(name, str)
            drawn = place.get_by_role("button", name=name, exact=exact).and_(self.page.locator("a"))
            link = place.get_by_role("link", name=name, exact=exact).or_(drawn).first
            if link.count():
                break
        self._go(link)

    def press(self, name: str | re.Pattern[str], *, within: Locator | None = None, status: int = 200) -> None:
        """Press the button with these words and wait for the next page."""
        place = within or self.page
        self._go(place.get_by_role("button", name=name, exact=isinstance(name, str)).first, status=status)

    def _go(self, control: Locator, *, status: int = 200) -> None:
        # A script may change the address of the page just before it asks for it again: only the answer counts.
        with self.page.expect_event("load"), self.page.expect_event("response", is_a_page) as going:
            control.click()
        response = going.value
        assert response.status == status, (response.url, response.status)
        self.look()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.base)

    def is_on(self, path: str) -> None:
        """Check that the window has arrived at this address, at any place of the page."""
        expect(self.page).to_have_url(re.compile(f"^{re.escape(self.base + path)}(#.*)?$"))

    # ------------------------------------------------------------ filling in

    def write(self, label: str, text: str, *, within: Locator | None = None) -> None:
        self.fields += 1
        (within or self.page).get_by_label(_label(label)).first.fill(text)

    def write_date(self, legend: str, day: datetime.date, *, within: Locator | None = None) -> None:
        boxes = self.group(legend, within=within)
        self.fields += len(("day", "month", "year"))
        for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            boxes.get_by_label(_label(label)).fill(str(number))

    def choose(self, legend: str, answer: str, *, within: Locator | None = None) -> None:
        """Tick one answer, or one of several, under a question."""
        self.fields += 1
        self.group(legend, within=within).get_by_label(_label(answer)).first.check()

    def tick_day(self, day: str) -> None:
        """Choose a day in the calendar for planning a conference."""
        self.fields += 1
        self.page.locator(f"#day-{day}").check()

    def tick(self, label: str, *, within: Locator | None = None) -> None:
        self.fields += 1
        (within or self.page).get_by_label(_label(label)).first.check()

    def untick(self, label: str, *, within: Locator | None = None) -> None:
        self.fields += 1
        (within or self.page).get_by_label(_label(label)).first.uncheck()

    def select(self, label: str, option: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Choose from a list by the words of the option."""
        self.fields += 1
        box = (within or self.page).get_by_label(_label(label)).first
        if isinstance(option, str):
            box.select_option(label=option)
        else:
            words = [text.strip() for text in box.locator("option").all_inner_texts()]
            box.select_option(label=next(text for text in words if option.search(text)))

    def unfold(self, summary: str | re.Pattern[str], *, within: Locator | None = None) -> Locator:
        """Open a folded part and return it."""
        place = within or self.page
        details = place.locator("details").filter(has=self.page.locator("summary", has_text=summary)).first
        if details.get_attribute("open") is None:
            details.locator("summary").first.click()
        return details

    def group(self, legend: str, *, within: Locator | None = None) -> Locator:
        """Return the fieldset with this legend."""
        place = within or self.page
        return place.locator("fieldset").filter(has=self.page.locator("> legend", has_text=_label(legend))).first

    # ------------------------------------------------------------ looking

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def reads(self, *sentences: str | re.Pattern[str]) -> None:
        """Check that the page contains each of these."""
        text = self._words()
        missing = [
            sentence
            for sentence in sentences
            if not (_plain(sentence) in text if isinstance(sentence, str) else sentence.search(text))
        ]
        assert missing == [], (self.path, text[:2500])

    def does_not_read(self, *sentences: str) -> None:
        text = self._words()
        assert [sentence for sentence in sentences if _plain(sentence) in text] == [], self.path

    def _words(self) -> str:
        return _plain(self.page.locator("body").text_content() or "")

    def look(self) -> None:
        """Check the current page: complete, accessible, and fitting desktop and phone.

        The same page with other ids in its URL is measured once for each user, and once with errors.
        Accessibility, which takes as long as everything else, is checked again only where an element is of a kind
        that no page had before.
        """
        address, with_errors = re.sub(r"\d+", "n", self.path), self.page.title().startswith("Error: ")
        self.pages += 1
        seen = (self.who, address, with_errors)
        if seen not in self.looked_at:
            self.looked_at.add(seen)
            if self.scripted:
                self._look_for_barriers(address, with_errors)
            assert self.sideways() == [], self.path
        if self.album is not None:
            self._photograph(self.album)

    def _look_for_barriers(self, address: str, with_errors: bool) -> None:
        parts = set(self.page.evaluate(PARTS))
        if (address, with_errors) in ACCESSIBLE and parts <= ACCESSIBLE_PARTS:
            return
        assert self.violations() == [], self.path
        ACCESSIBLE.add((address, with_errors))
        ACCESSIBLE_PARTS.update(parts)

    def violations(self) -> list[tuple[str, list[str]]]:
        found = Axe().run(self.page, options=AXE_OPTIONS).response["violations"]
        return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]

    def sideways(self, *widths: int) -> list[tuple[int, int]]:
        """Return the widths at which the page overflows the window, with its own width."""
        found = []
        for width in widths or (SMALLEST, DESK):
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            reach = self.page.evaluate("document.documentElement.scrollWidth")
            # One pixel more is rounding of a box that ends between two.
            if reach > width + 1:
                found.append((width, reach))
        return found

    def refused(self, *sentences: str) -> None:
        """Check that the form came back with an error summary whose links lead to the fields."""
        expect(self.page).to_have_title(re.compile("^Error: "))
        summary = self.page.locator(".govuk-error-summary")
        text = _plain(summary.inner_text())
        assert [sentence for sentence in sentences if _plain(sentence) not in text] == [], text
        links = summary.locator("a")
        assert links.count() > 0
        for place in range(links.count()):
            target = links.nth(place).get_attribute("href").removeprefix("#")
            assert self.page.locator(f"[id='{target}']").count() == 1, target
            links.nth(place).click()
            if self.scripted:
                landed = self.page.evaluate("[document.activeElement.id, document.activeElement.tagName]")
                assert landed[0] == target
                assert landed[1] in CONTROLS

    def _photograph(self, album: Path) -> None:
        self.pictures += 1
        name = re.sub(r"[^a-z0-9]+", "-", self.page.title().split(" – ")[0].lower()).strip("-")[:50]
        for width in (DESK, PHONE):
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            with contextlib.suppress(Exception):
                self.page.screenshot(
                    path=album / f"{self.pictures:03d}-{name}-{width}.png", full_page=True, timeout=PATIENCE
                )
        self.page.set_viewport_size({"width": DESK, "height": HEIGHT})
