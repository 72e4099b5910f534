"""How a row of case data reads in a bundle: its lines, its day, and their labels."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Model
from django.utils import timezone

from accounts.case_data import Table
from accounts.models import User
from conferences.models import Conference, ConferenceChild, Participant
from deadlines.clocks import clock_of
from deadlines.models import Deadline
from families.models import Address, Agency, Child, Person, Post
from govuk import words
from meetings.models import OutlineAction
from reports.copies import Composed, compose, compose_about, entitlement_of
from reports.models import Attachment, Document

WORKINGS = frozenset({"version", "form_key", "digest", "created_at", "policy_version_id", "key", "claimed_until"})
WORKINGS_OF_ROWS = frozenset({"authority", "stored_as"})
# When each stage of a reminder begins, and under which name the procedures hold the limit.
WORKINGS_OF: dict[type[Model], frozenset[str]] = {
    Deadline: frozenset(
        {
            "limit_key", "other_limit_key", "due_on_in_england", "warn_at", "due_from", "late_from", "manager_from",
            "service_manager_from", "next_stage_at",
        }
    ),
}  # fmt: skip
LABELS: dict[type[Model], dict[str, str]] = {
    Deadline: {"kind": "What has to be done", "what": "By whom or for whom", "plan_for_on": "Planned for"}
}
# Columns with bare ids of other rows, meaningless to outsiders.
KEPT_FROM = "kept_from"
NUMBERS_OF_ROWS = ("_id", "_ids")
# What must be fetched of a row to call it by its name.
_BY_NAME: dict[type[Model], tuple[str, ...]] = {
    Participant: ("person",),
    ConferenceChild: ("child__person",),
    Child: ("person",),
    Post: ("person", "agency"),
    OutlineAction: ("part",),
}


def followed(table: Table) -> tuple[list[str], list[str]]:
    """Return the relations whose words appear in a piece: to-one and to-many."""
    meta = table.model._meta
    singly, many = [], []
    for column in meta.concrete_fields:
        if column.is_relation and column.name not in WORKINGS_OF_ROWS:
            singly += _with_names(column.name, column.related_model)
    for links in meta.many_to_many:
        many += _with_names(links.name, links.related_model)
    for path in table.names:
        if path.partition("__")[0] not in {links.name for links in meta.many_to_many}:
            singly.append(path)
    return singly, many


def _with_names(path: str, model: Any) -> list[str]:
    return [path, *(f"{path}__{further}" for further in _BY_NAME.get(model, ()))]


def lines_of(row: Model, person: Person) -> Iterator[tuple[str, str]]:
    """Yield each fact in a row, with its label, as the bundle's person may read it."""
    for column in row._meta.concrete_fields:
        if column.primary_key or column.name in WORKINGS or column.name in WORKINGS_OF_ROWS:
            continue
        if column.name in WORKINGS_OF.get(type(row), ()):
            continue
        if isinstance(column, models.IntegerField | ArrayField) and column.name.endswith(NUMBERS_OF_ROWS):
            continue
        said = _said(row, column)
        if said:
            yield LABELS.get(type(row), {}).get(column.name, _label(column)), said
    for links in row._meta.many_to_many:
        if links.name == KEPT_FROM and is_kept_from(row, person):
            continue
        names = [called for one in getattr(row, links.name).all() if (called := _called(one))]
        if names:
            yield _label(links), words.listed(names)
    if isinstance(row, Document):
        yield from _document_lines(row, person)
    if isinstance(row, Attachment) and not row.withdrawn_at:
        yield "What it was called", row.file.original_name
        yield "Kind", row.file.get_kind_display()
        yield "SHA-256", row.file.sha256


def is_kept_from(row: Model, person: Person) -> bool:
    """Return whether the author of a passage says that it must not reach this person."""
    kept = getattr(row, KEPT_FROM, None)
    return kept is not None and any(one.pk == person.pk for one in kept.all())


def _label(column: Any) -> str:
    label = str(column.verbose_name)
    return label[:1].upper() + label[1:]


def _said(row: Model, column: models.Field[Any, Any]) -> str:
    """Return one column's value in words; "" for none."""
    if column.is_relation:
        related = getattr(row, column.name)
        return _called(related) if related is not None else ""
    value = getattr(row, column.attname)
    if value in (None, "", [], {}) or isinstance(column, models.JSONField | models.BinaryField):
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime.datetime):
        return f"{words.plain_date(value)}, {words.clock(value)}"
    if isinstance(value, datetime.date):
        return words.plain_date(value)
    if in_words := _key_in_words(row, column.name):
        return in_words
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return words.listed([str(one) for one in value]) if isinstance(value, list) else str(value)


def _key_in_words(row: Any, name: str) -> str:
    """Return what a key of the procedures stands for; "" for every other column."""
    if name == "heading":
        return str(row.heading).replace("-", " ").capitalize()
    if isinstance(row, Deadline) and name == "kind":
        clock = clock_of(row.kind)
        return clock.title if clock else row.kind
    return ""


def _called(row: Any) -> str:
    """Return what a person would call another row; "" for rows that are in the bundle themselves."""
    if isinstance(row, Person):
        return row.full_name
    if isinstance(row, User | Agency):
        return row.name
    if isinstance(row, Participant | Child):
        return row.person.full_name
    if isinstance(row, ConferenceChild):
        return row.child.person.full_name
    if isinstance(row, Post):
        return f"{row.person.full_name}, {row.title}, {row.agency.name}"
    if isinstance(row, Conference):
        return row.reference
    return str(row) if isinstance(row, Address) else ""


def _document_lines(document: Document, person: Person) -> Iterator[tuple[str, str]]:
    """Yield what a letter or minutes say about a child, or said to an adult, passage by passage."""
    copy = _copy_about(document, person)
    for passage in copy.passages if copy else ():
        if passage.text.strip():
            yield passage.where, passage.text


def _copy_about(document: Document, person: Person) -> Composed | None:
    content, kind = document.content, document.kind
    if not document.is_of_a_conference:
        children = {row["id"] for row in content["children"] if row["person"] == person.pk}
    else:
        rows = ConferenceChild.objects.filter(conference=document.conference_id, child__person=person)
        children = {row["id"] for row in content["children"]} & set(rows.values_list("pk", flat=True))
    if children:
        return compose_about(content, kind, children)
    for row in content["participants"]:
        if row["person"] == person.pk and entitlement_of(content, row["id"]).covers(kind):
            return compose(content, row["id"], kind)
    return None


_DAYS = (
    "held_at", "made_at", "starts_at", "decided_at", "started_on", "starts_on", "held_on", "referred_on",
    "submitted_at", "released_at", "sent_at", "received_on", "lodged_at", "notified_on", "said_at", "at",
)  # fmt: skip


def day_of(row: Model) -> datetime.date | None:
    """Return the day on which a row happened or was written; None where it has none."""
    for name in _DAYS:
        value = getattr(row, name, None)
        if isinstance(value, datetime.datetime):
            return timezone.localtime(value).date()
        if isinstance(value, datetime.date):
            return value
    return None
