"""The children of a conference, in the wording and order used by every page."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, QuerySet

from accounts.request_cache import once_per_request
from conferences.enums import ConferenceKind
from conferences.models import Conference, ConferenceChild
from families.models import Child
from govuk import words


def children_in(conference: Conference, *, withdrawn: bool = False) -> QuerySet[ConferenceChild]:
    """Return the children of a conference, eldest first, the unborn last, with person and pregnancy."""
    rows: QuerySet[ConferenceChild] = conference.children.all()
    if not withdrawn:
        rows = rows.filter(withdrawn_at__isnull=True)
    return rows.select_related("child__person", "child__pregnancy", "enquiry__discussion").order_by(
        F("child__person__birth_date").asc(nulls_last=True), "child__born_order", "pk"
    )


def children_listed(conference: Conference) -> list[ConferenceChild]:
    """Return the children of a conference as its pages show them, read once per page."""
    rows = children_in(conference).select_related(None).select_related("child__person", "child__pregnancy")
    return once_per_request(("children", conference.pk), lambda: list(rows))


def initials_of(child: Child) -> str:
    """Return initials, or what to call an unborn baby, for headings."""
    return "unborn baby" if child.is_unborn and not child.person.given_name else child.person.initials


def heading_of(children: Iterable[ConferenceChild]) -> str:
    """Return for example "R.B., W.B. and unborn baby"; never full names, as headings are seen over shoulders."""
    named = words.listed([initials_of(row.child) for row in children])
    return f"{named[:1].upper()}{named[1:]}" if named else "No child"


def names_of(children: Iterable[ConferenceChild]) -> str:
    """Return for example "Robin, Wren and the unborn baby", for sentences on the page."""
    return words.listed([short_name_of(row.child) for row in children])


def short_name_of(child: Child) -> str:
    """Return what to call the child in a sentence."""
    return "the unborn baby" if child.is_unborn and not child.person.given_name else child.person.short_name


def kinds_of(children: Iterable[ConferenceChild]) -> str:
    """Return for example "Initial conference, pre-birth conference for the unborn baby"."""
    by_kind: dict[str, list[ConferenceChild]] = {}
    for row in children:
        by_kind.setdefault(row.kind, []).append(row)
    if not by_kind:
        return ""
    (first, _), *others = sorted(by_kind.items(), key=lambda item: (-len(item[1]), item[0]))
    parts = [f"{ConferenceKind(first).label} conference"]
    parts += [f"{ConferenceKind(kind).label.lower()} conference for {names_of(rows)}" for kind, rows in others]
    return ", ".join(parts)
