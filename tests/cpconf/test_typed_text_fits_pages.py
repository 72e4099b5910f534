"""Whatever was typed into any field, no page that shows it is wider than the window, on a phone or a desk."""

from __future__ import annotations

from itertools import count
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from playwright.sync_api import Page, Route

from tests.access_table import table
from tests.told import addresses

pytestmark = pytest.mark.django_db

UNBROKEN = "x" * 200
TOO_WIDE = f"<main><pre>{UNBROKEN}</pre></main>"
LINK = "https://example.org/" + "a" * 580
SITE = "http://cpconf.example"
WIDTHS, HEIGHT = (320, 1280), 900
# The styles are read once: each page only takes the place of the one before. The frame's script, which lets a wide
# table break its words, runs for each.
SHOW = """async ([html, number]) => {
  const shown = new DOMParser().parseFromString(html, "text/html").body
  shown.className = document.body.className
  document.body.replaceWith(document.adoptNode(shown))
  await import(`/static/js/frame.js?${number}`)
  return document.documentElement.scrollWidth
}"""
WHO = ("own coordinator", "own chair", "own social worker", "service manager")
MARKUP_AS_TEXT = "&lt;div class=&quot;govuk-"
# Written by the program: codes, addresses of mail, and what is sealed.
OURS = (models.EmailField, models.SlugField, models.URLField, models.FilePathField, models.FileField)


def type_everywhere() -> int:
    """Put text without a space behind everything that was typed, and return the number of columns changed."""
    changed = 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model in apps.get_models():
            if not model._meta.managed or model.__module__.startswith(("django.", "allauth.", "pghistory.")):
                continue
            for field in model._meta.local_concrete_fields:
                if _was_typed(field):
                    changed += _lengthen(cursor, model._meta.db_table, field)
        cursor.execute("SET LOCAL session_replication_role = origin")
    return changed


def _was_typed(field: models.Field) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, OURS)
    return is_text and not field.choices and not field.unique and not field.primary_key


def _lengthen(cursor: object, table_name: str, field: models.Field) -> bool:
    typed = f"{UNBROKEN} {LINK}"
    longest = field.max_length or 1000
    statement = f"""UPDATE "{table_name}" SET "{field.column}" = left("{field.column}" || ' ' || %s, %s)
        WHERE "{field.column}" ~ '[A-Z].* |^[A-Z][a-z]+$'"""  # noqa: S608 - our own tables and columns
    try:
        with transaction.atomic():
            cursor.execute(statement, [typed, longest])
            return cursor.rowcount > 0
    except DatabaseError:
        # A column with a form of its own, such as a reference, is not what anybody typed.
        return False


def pages(world: SimpleNamespace) -> dict[str, str]:
    """Return each page that shows such text, drawn for the first person who may open it."""
    found, may_open = {}, table()
    signed_in = {who: Client() for who in WHO}
    for who, client in signed_in.items():
        client.force_login(world.actors[who])
    for name, address in addresses(world).items():
        for who in WHO:
            if who not in may_open[name][0]:
                continue
            answer = signed_in[who].get(address)
            if answer.status_code == 200 and "html" in answer.get("Content-Type", ""):
                html = answer.content.decode()
                # Fields that were put together as plain text stand there as tags, perhaps in a fold that nobody opens.
                assert MARKUP_AS_TEXT not in html, address
                if "xxxxxxxxxx" in html:
                    found[name] = html
            break
    return found


def test_no_page_with_such_text_is_wider_than_the_window(world, page: Page):
    assert type_everywhere() > 80
    drawn = pages(world)
    assert len(drawn) > 60

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
            route.fulfill(path=file)
        elif path == "/":
            route.fulfill(content_type="text/html; charset=utf-8", body=next(iter(drawn.values())))
        else:
            route.abort()

    page.route("**/*", answer)
    page.goto(f"{SITE}/", wait_until="load")
    numbers, wide = count(), []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        reach = {name: page.evaluate(SHOW, [html, next(numbers)]) for name, html in (drawn | {"": TOO_WIDE}).items()}
        assert reach.pop("") > width + 1
        wide += [(name, width, reach[name]) for name in drawn if reach[name] > width + 1]
    assert wide == [], "\n".join(map(str, wide))
