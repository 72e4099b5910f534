"""Whatever was typed into any field, no page that shows it is wider than the window, on a phone or a desk."""

from __future__ import annotations

from types import SimpleNamespace

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
LINK = "https://example.org/" + "a" * 580
SITE = "http://cpconf.example"
WIDTHS, HEIGHT = (320, 1280), 900
# Once the page is drawn anew: a window that has just become wider still has the layout of a phone.
REACH = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(
  () => done(document.documentElement.scrollWidth))))"""
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
        path = route.request.url.removeprefix(SITE)
        if path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
            route.fulfill(path=file)
        elif path.startswith("/page/"):
            route.fulfill(content_type="text/html; charset=utf-8", body=drawn[path.removeprefix("/page/")])
        else:
            route.abort()

    page.route("**/*", answer)
    wide = []
    for name in drawn:
        # Loaded once, on a phone: turning it into a desk is only another layout.
        page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        page.goto(f"{SITE}/page/{name}", wait_until="load")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            if (reach := page.evaluate(REACH)) > width + 1:
                wide.append((name, width, reach))
    assert wide == [], "\n".join(map(str, wide))
