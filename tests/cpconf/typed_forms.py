"""Forms of a page as a browser would send them, filled in by someone who answers every question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import html

PARTS = ("_day", "_month", "_year")
UNTYPED = {"hidden", "submit", "file"}
OF_KIND = {"email": "finch@council.example", "tel": "01632 960 100", "time": "10:00"}
OF_NAME = {
    "postcode": "ZZ1 1AA",
    "_time": "10:00",
    "nhs_number": "999 000 0018",
    "upn": "H801200001001",
    "email": "finch@council.example",
    "value": "finch@council.example",
    "hours": "10",
    "children_number": "2",
}


class Sent(NamedTuple):
    """Where a form goes, and what it sends."""

    action: str
    data: dict[str, list[str]]


def forms_on(page: str, address: str, *, text: str = "Moorland House", day: str = "14 12 2026") -> Iterator[Sent]:
    """Return every form of ``page`` that changes something, with ``text`` wherever words may be typed.

    Those for signing in and out are left aside. What the page filled in stays as it is; of choices without an
    answer the first is taken.
    """
    for form in html.fromstring(page).forms:
        if form.method == "POST" and not (form.action or address).startswith("/account/"):
            yield Sent(
                (form.action or address).partition("#")[0],
                _answers(form, text, dict(zip(PARTS, day.split(), strict=True))),
            )


def _answers(form: html.FormElement, text: str, day: dict[str, str]) -> dict[str, list[str]]:
    data: dict[str, list[str]] = {}
    for name, value in form.form_values():
        data.setdefault(name, []).append(value)
    for field in form.iter("input", "textarea", "select"):
        name = field.get("name")
        if not name or field.get("type") in UNTYPED or any(value.strip() for value in data.get(name, ())):
            continue
        if field.tag == "select":
            chosen = next((value for value in field.value_options if value), "")
        elif field.get("type") in {"radio", "checkbox"}:
            chosen = field.get("value") or "on"
        else:
            ending = f"_{name.rpartition('_')[2]}"
            named = next((value for part, value in OF_NAME.items() if name.endswith(part)), "")
            chosen = day.get(ending) or named or OF_KIND.get(field.get("type", "")) or _of_width(field) or text
        data[name] = [chosen]
    button = next((one for one in form.iter("button") if one.get("name")), None)
    if button is not None and not any(
        one.get("type", "submit") == "submit" and not one.get("name") for one in form.iter("button")
    ):
        data[button.get("name")] = [button.get("value", "")]
    return data


def _of_width(field: html.HtmlElement) -> str:
    """Return a time for the box that is as wide as one."""
    return OF_KIND["time"] if "govuk-input--width-5" in field.get("class", "") else ""
