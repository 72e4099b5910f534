"""A person who reads pages and fills in forms by their words, as in a browser without scripts, through the test client."""

from __future__ import annotations

import datetime
import re
from typing import Any
from urllib.parse import urljoin

from django.test import Client
from lxml import html

from accounts.models import User

Words = str | re.Pattern[str]
DATE_PARTS = ("Day", "Month", "Year")
WITH_A_BOX = ("input", "select", "textarea")


class Walker:
    """One person's window: the page that is open, and what was typed there and not sent yet."""

    def __init__(self) -> None:
        self.client = Client()
        self.path = ""
        self._page: Any = None
        self.status = 0
        # How often a page was opened or a form sent.
        self.asked = 0

    def sign_in_as(self, name: str) -> None:
        self.client = Client()
        self.client.force_login(User.objects.get(name=name))
        # The first page is read only where something is looked for on it.
        self.path, self._page = "/", None

    @property
    def page(self) -> Any:
        if self._page is None:
            self.open(self.path or "/")
        return self._page

    @page.setter
    def page(self, page: Any) -> None:
        self._page = page

    def on_a_phone(self) -> None:
        """Go on at the width of a phone, where there is a width."""

    # Reading

    def open(self, path: str) -> None:
        self._show(self.client.get(path, follow=True), path)

    def _show(self, answer: Any, path: str) -> None:
        self.asked += 1
        self.path = answer.redirect_chain[-1][0] if answer.redirect_chain else path
        self.status = answer.status_code
        self._read(answer.content.decode())

    def _read(self, source: str) -> None:
        assert self.status in {200, 409}, f"{self.path} answers {self.status}"
        self.page = html.fromstring(source)
        for box in self.page.iter("textarea"):
            # A browser leaves out the line break after the tag.
            box.value = (box.value or "").removeprefix("\n")

    @property
    def words(self) -> str:
        return _plain(self.page.find("body").text_content())

    def reads(self, *wanted: str) -> None:
        """Check that the page says all this, wherever."""
        missing = [text for text in wanted if _plain(text) not in self.words]
        assert missing == [], f"{self.path} does not say {missing}: {self.main}"

    def does_not_read(self, *unwanted: str) -> None:
        found = [text for text in unwanted if _plain(text) in self.words]
        assert found == [], f"{self.path} says {found}"

    @property
    def main(self) -> str:
        return _plain(next(self.page.iter("main")).text_content())[:3000]

    # Links

    def follow(self, text: Words, *, within: Any = None) -> None:
        found = self._named((within if within is not None else self.page).iter("a"), text)
        assert found, f"{self.path} has no link {text!r}: {self.main}"
        self.open(urljoin(self.path, found[0].get("href")))

    def find_link(self, text: Words) -> str:
        """Return where the first link of these words leads; empty where there is none."""
        found = self._named(self.page.iter("a"), text)
        return urljoin(self.path, found[0].get("href")) if found else ""

    # Filling in

    def section(self, text: Words) -> Any:
        """Return the smallest section, row or form that says this."""
        found = [
            element
            for element in self.page.iter("form", "section", "article", "li", "tr", "fieldset", "details")
            if _matches(_plain(element.text_content()), text, part=True)
        ]
        assert found, f"{self.path} has no part that says {text!r}"
        return min(found, key=lambda element: len(element.text_content()))

    def group(self, name: str) -> Any:
        """Return the group of buttons with this name, or the one called by a person or child of this name."""
        found = [one for one in self.page.iter() if one.get("role") == "group" and one.get("aria-label") == name]
        assert found, f"{self.path} has no group of buttons called {name!r}"
        return found[0]

    def write(self, label: Words, value: object, *, within: Any = None) -> None:
        self._fill(self._box(label, within), str(value))

    def write_date(self, legend: Words, day: datetime.date, *, within: Any = None) -> None:
        group = self._group(legend, within)
        for part, number in zip(DATE_PARTS, (day.day, day.month, day.year), strict=True):
            self._fill(self._box(part, group), str(number))

    def select(self, label: Words, option: Words, *, within: Any = None) -> None:
        box = self._box(label, within)
        found = [one for one in box.iter("option") if _matches(_plain(one.text_content()), option)]
        assert found, f"{label!r} offers no {option!r}: {[_plain(one.text_content()) for one in box.iter('option')]}"
        self._pick(box, found[0].get("value"))

    def choose(self, legend: Words, *options: Words, within: Any = None) -> None:
        """Choose among the radio buttons or boxes of a group."""
        group = self._group(legend, within)
        for option in options:
            self.tick(option, within=group)

    def tick(self, label: Words, *, within: Any = None) -> None:
        self._check(self._box(label, within))

    def _fill(self, box: Any, text: str) -> None:
        box.value = text

    def _pick(self, box: Any, value: str) -> None:
        box.value = value

    def _check(self, box: Any) -> None:
        if box.get("type") == "radio":
            for other in self.page.iter("input"):
                if other.get("name") == box.get("name") and other.get("type") == "radio":
                    other.checked = False
        box.checked = True

    def press(self, text: Words, *, within: Any = None, refused: bool = False) -> None:
        """Press a button, sending its form as it is now; it comes back with messages only where that is expected."""
        buttons = self._named((within if within is not None else self.page).iter("button"), text)
        assert buttons, f"{self.path} has no button {text!r}: {self.main}"
        self._send(buttons[0])
        said = self.page.find_class("govuk-error-summary")
        assert bool(said) == refused, f"{self.path}: {[_plain(one.text_content()) for one in said]}"

    def _send(self, button: Any) -> None:
        form = self._form_of(button)
        data: dict[str, list[str]] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        if button.get("name"):
            data[button.get("name")] = [button.get("value", "")]
        target = urljoin(self.path, button.get("formaction") or form.action or self.path).partition("#")[0]
        send = self.client.post if form.method == "POST" else self.client.get
        self._show(send(target, data, follow=True), target)

    # Finding

    def _box(self, label: Words, within: Any) -> Any:
        labels = self._named((within if within is not None else self.page).iter("label"), label)
        for one in labels:
            box = self.page.get_element_by_id(one.get("for"), None)
            if box is not None and box.tag in WITH_A_BOX:
                return box
        raise AssertionError(f"{self.path} has no field {label!r}: {self._labels(within)}")

    def _form_of(self, button: Any) -> Any:
        if button.get("form"):
            return self.page.get_element_by_id(button.get("form"))
        return next(element for element in button.iterancestors() if element.tag == "form")

    def _labels(self, within: Any) -> list[str]:
        scope = within if within is not None else self.page
        return [_plain(one.text_content()) for one in scope.iter("label", "legend", "button")]

    def _group(self, legend: Words, within: Any) -> Any:
        found = self._named((within if within is not None else self.page).iter("legend"), legend)
        assert found, f"{self.path} has no group {legend!r}: {self._labels(within)}"
        return found[0].getparent()

    def asks(self, legend: Words) -> bool:
        """Return whether the page has a field, or a group of fields, with these words."""
        return bool(self._named(self.page.iter("legend", "label"), legend))

    def group_of(self, legend: Words) -> Any:
        """Return the fieldset with this legend."""
        return self._group(legend, None)

    def field_group(self, legend: Words) -> Any:
        """Return the group of fields around a legend, such as a date with its time."""
        return next(
            one for one in self._group(legend, None).iterancestors() if "govuk-form-group" in one.get("class", "")
        )

    def _named(self, elements: Any, text: Words) -> list[Any]:
        """Return elements with these words, those that say nothing else first."""
        named = [(element, _plain(element.text_content())) for element in elements]
        exactly = [element for element, said in named if _matches(said, text)]
        return exactly or [element for element, said in named if _matches(said, text, part=True)]


def _plain(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())


def _matches(said: str, text: Words, *, part: bool = False) -> bool:
    if isinstance(text, re.Pattern):
        return bool(text.search(said))
    return _plain(text) in said if part else said == _plain(text)
