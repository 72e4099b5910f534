"""The walker in a real browser: the same words find the same things, and every page that opens is checked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Response

from accounts.models import User
from tests.journeys.visitor import DESK, HEIGHT, PHONE, Visitor, is_a_page
from tests.walker import Walker

UNFOLD = """element => {
  for (let one = element; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true
}"""


class Window(Walker):
    """One person's window of a browser, with scripts; accessibility and width are checked as for a ``Visitor``."""

    def __init__(self, visitor: Visitor) -> None:
        super().__init__()
        self.visitor = visitor
        self.width = DESK

    def sign_in_as(self, name: str) -> None:
        client = Client()
        client.force_login(User.objects.get(name=name))
        self.visitor.who, self.width = name, DESK
        context = self.visitor.page.context
        # What the page still asks for would take the new cookie away with the answer to the old one.
        self.visitor.page.goto("about:blank")
        context.clear_cookies()
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": self.visitor.base,
                }
            ]
        )
        self.open("/")

    def on_a_phone(self) -> None:
        self.width = PHONE
        self._fit()

    def _fit(self) -> None:
        self.visitor.page.set_viewport_size({"width": self.width, "height": HEIGHT})

    def open(self, path: str) -> None:
        address = path if path.startswith("http") else f"{self.visitor.base}{path}"
        self._arrived(self.visitor.page.goto(address))

    def _arrived(self, response: Response) -> None:
        self.status = response.status
        self.path = self.visitor.path
        self.visitor.look()
        self._fit()
        self._read(self.visitor.page.content())

    def _at(self, element: Any) -> Locator:
        found = self.visitor.page.locator(f"xpath={element.getroottree().getpath(element)}")
        found.evaluate(UNFOLD)
        return found

    def _fill(self, box: Any, text: str) -> None:
        self._at(box).fill(text)

    def _pick(self, box: Any, value: str) -> None:
        self._at(box).select_option(value)

    def _check(self, box: Any) -> None:
        self._at(box).check()

    def _send(self, button: Any) -> None:
        page = self.visitor.page
        with page.expect_event("load"), page.expect_event("response", is_a_page) as going:
            self._at(button).click()
        self._arrived(going.value)
