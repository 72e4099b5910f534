"""Hostile input in any field of any form of the site."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
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
from tests.cpconf.site_forms import (
    FORMULA,
    HOSTILE,
    LONG,
    MARK,
    UNMEANT,
    Page,
    clients,
    filled,
    find_forms,
    forms_in,
    undone,
)
from tests.cpconf.site_walk import undrawn
from tests.cpconf.typed_forms import Sent, forms_on
from tests.factories import UserFactory
from tests.reports.story import NOW
from tests.stories import once_per_module
from tests.told import addresses
from tests.world import visitor

# All beside the world that most tests here read: it would have to be told again after a test without it.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_world")]

# What is written about each request, and about each look.
WRITTEN_BY_EACH = {
    "accounts_accessevent", "accounts_sentform", "django_session", "families_whereaboutsreveal", "pghistory_context",
}  # fmt: skip
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


@once_per_module(at=NOW)
def forms_of_the_site(still_world: SimpleNamespace) -> list[Page]:
    """Every page with a form, found once, because it is slow."""
    return find_forms(still_world)


def test_no_form_of_the_site_lets_hostile_text_through(world, forms_of_the_site):
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
            data |= filled(form, HOSTILE)
        with carried.of(name):
            answers = undone(lambda c=client, a=address, d=data: send(c, a, d), client)
        sent += 1
        found += [(name, fault) for answer in answers for fault in wrong_with(answer)]
    assert (found, sent > 60, Family.objects.exists()) == ([], True, True)
    assert (carried.unmeant, len(carried.arrived) > 40) == (set(), True)


def test_no_field_of_the_site_takes_a_text_without_end(world, forms_of_the_site):
    """Asks each field of each page; of each part of the site one form is sent, and refused like any other."""
    fields = [(page, bound) for page in forms_of_the_site for form in page.forms for bound in form]
    texts = [(page.name, bound.field) for page, bound in fields if isinstance(bound.field, forms.CharField)]
    assert ([(name, field.label) for name, field in texts if takes(field, LONG)], len(texts) > 60) == ([], True)
    found = []
    for page in {page.name.partition(":")[0]: page for page in forms_of_the_site}.values():
        data = {key: value for form in page.forms for key, value in filled(form, LONG).items()}
        answer = undone(lambda p=page, d=data: p.client.post(p.address, d), page.client)
        found += [(page.name, fault) for fault in wrong_with(answer)]
    assert found == []


def takes(field: forms.Field, text: str) -> bool:
    try:
        field.clean(text)
    except ValidationError:
        return False
    return True


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
            with undrawn():
                added, more = undone(lambda p=page, s=sent: send_twice(p.client, s), page.client)
            adding |= {where} if added else set()
            found += [(sent.action, table) for table in more]
    assert (found, len(adding) > 50) == ([], True)


# Mass assignment, and made-up numbers


@once_per_module(at=NOW)
def tampered(still_world: SimpleNamespace, forms_of_the_site: list[Page]) -> SimpleNamespace:
    """What came of each form with a made-up number for each choice, and every column of every model beside it."""
    world, faults, changes = still_world, [], []
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
    for name, address, client, on_page, _ in forms_of_the_site:
        shown = {bound.html_name for form in on_page for bound in form}
        extra = {key: value for key, value in planted.items() if key not in shown}
        data = extra | {key: ["987654321"] for form in on_page for key in filled(form, "x")}
        was = rows(kept)
        with undrawn():
            answer, now = undone(lambda c=client, a=address, d=data: (c.post(a, d), rows(kept)), client)
        faults += [name] if answer.status_code >= 500 else []
        changes += [(name, change) for change in planted_in(was, now, extra)]
    return SimpleNamespace(faults=faults, changes=changes)


def test_fields_that_a_form_does_not_show_are_ignored(tampered):
    """Author, time, owner and state do not change."""
    assert tampered.changes == []


def test_hidden_fields_with_numbers_of_another_council_are_refused(tampered):
    """No crash, and nothing written."""
    assert tampered.faults == []


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


# Addresses, and forms without a page


def test_no_address_lets_hostile_text_through_or_is_led_to_another_site(world):
    """Asks each page as the first of those who may open most."""
    text = (HOSTILE + LONG)[:3000]
    asked = dict.fromkeys(("q", "page", "name", "born_on_day", "team", "sort", "on", "kind", "period"), text)
    asked |= dict.fromkeys(("next", "return", "back", "url", "redirect", "to"), "https://evil.example/")
    found, signed_in, may_open = [], clients(world), table()
    for name, address in addresses(world).items():
        if client := next((client for who, client in signed_in.items() if who in may_open[name][0]), None):
            answer = undone(lambda c=client, a=address: c.get(a, asked))
            found += [(name, fault) for fault in wrong_with(answer)]
    assert found == []


def subclasses(kind: type) -> set[type]:
    return {kind} | {grandchild for child in kind.__subclasses__() for grandchild in subclasses(child)}


@pytest.mark.parametrize("text", [HOSTILE, LONG], ids=["hostile", "very long"])
def test_every_form_class_validates_hostile_text_without_crashing(text, rf):
    """Includes forms of pages that this world does not show."""
    tried = 0
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
        if hasattr(form, "request"):
            form.request = rf.post("/")
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


# Files for spreadsheets


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_no_spreadsheet_cell_starts_a_formula(start):
    assert str(harmless(f"{start}1+1")).startswith("'")


def test_every_spreadsheet_file_escapes_its_cells(world):
    """Asked for by the first two who may open it: whoever else may is given by the same code."""
    world.robin.person.given_name = FORMULA
    world.robin.person.save()
    cells, may_open = [], table()
    for name, address in addresses(world).items():
        if not re.search(r"csv|export|table|download", name + address):
            continue
        for who in [one for one in world.actors if one in may_open[name][0]][:2]:
            answer = undone(lambda a=address, w=who: visitor(world, w).get(a))
            if not answer.get("Content-Type", "").startswith("text/csv"):
                break
            told = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
            cells += [(name, cell) for row in told for cell in row]
    found = [(name, cell) for name, cell in cells if cell.lstrip().startswith(("=", "@", "+"))]
    assert (found, any(cell.startswith(f"'{FORMULA}") for _, cell in cells)) == ([], True)
