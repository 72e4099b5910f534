"""What an auditor sees of what was done: who, when, of which case number, and no word of any case.

What stands apart (allegations) and whatever concerns a sealed record is left out: that there was one would tell.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.urls import Resolver404, resolve
from pghistory.models import Context

from accounts.audit.apart import kept_apart
from accounts.audit.selectors import midnight, readers
from accounts.case_data import Subject
from accounts.models import User
from conferences.models import Conference
from core_groups.models import CoreGroup
from families.models import BreakGlass, Family, FamilyMember
from plans.models import ListCheck, Plan
from records.models import Disclosure

ABOUT_SEALED = r"(seal|adopt)"


def _sealed(family: str) -> Q:
    """Match rows whose family has a sealed member."""
    members = FamilyMember.objects.order_by().filter(family=OuterRef(family))
    return Q(Exists(members.filter(person__sealed_at__isnull=False)))


def glasses(councils: Collection[int]) -> QuerySet[BreakGlass]:
    """Return who opened a case that was not theirs, newest first; what they wrote is not for the auditor."""
    rows: QuerySet[BreakGlass] = BreakGlass.objects.filter(family__authority__in=councils)
    return rows.exclude(_sealed("family")).select_related("user", "family", "reviewed_by").defer("reason", "review")


def list_checks(councils: Collection[int]) -> QuerySet[ListCheck]:
    """Return who checked the list and how the caller was known, newest first; not whom it was about."""
    rows: QuerySet[ListCheck] = ListCheck.objects.filter(authority__in=councils)
    sealed = Q(answers__child__person__sealed_at__isnull=False)
    found = rows.exclude(pk__in=ListCheck.objects.filter(sealed).order_by().values("pk"))
    return (
        found.select_related("checked_by")
        .only("at", "known_by", "checked_by__name")
        .annotate(told=Count("answers"))
        .order_by("-at", "-pk")
    )


def bundles(councils: Collection[int]) -> QuerySet[Disclosure]:
    """Return the bundles with who prepared, checked and handed them over, newest first; not for or about whom."""
    rows: QuerySet[Disclosure] = Disclosure.objects.filter(authority__in=councils, person__sealed_at__isnull=True)
    rows = rows.exclude(_sealed("family")).exclude(sealed_covers__isnull=False)
    return rows.select_related("family", "prepared_by", "checked_by", "handed_by")


@dataclass(frozen=True)
class Change:
    """One act that changed something: when, by whom, on which page; ``record`` is the number in its address."""

    at: datetime.datetime
    by: str
    page: str
    record: str


def changes(councils: Collection[int], *, since: datetime.date, until: datetime.date) -> QuerySet[Context]:
    """Return each act of the council's staff that changed a record, from one day to another, newest first."""
    families = Family.objects.filter(_sealed("pk"), authority__in=councils)
    ids = list(families.values_list("pk", flat=True))
    plans = Plan.objects.filter(child__person__memberships__family__in=ids)
    shut = Subject.of(
        families=ids,
        children=FamilyMember.objects.filter(family__in=ids, person__child__isnull=False).values_list(
            "person__child", flat=True
        ),
        conferences=Conference.objects.filter(family__in=ids).values_list("pk", flat=True),
        plans=plans.values_list("pk", flat=True),
        core_groups=CoreGroup.objects.filter(plans__in=plans).values_list("pk", flat=True),
    )
    staff = readers(authority_ids=councils)
    rows: QuerySet[Context] = Context.objects.filter(
        created_at__gte=midnight(since),
        created_at__lt=midnight(until + datetime.timedelta(days=1)),
        metadata__user__in=list(staff.values_list("pk", flat=True)),
    )
    rows = rows.exclude(metadata__url__iregex=ABOUT_SEALED).exclude(metadata__url__regex=shut.pages)
    for namespace in kept_apart:
        rows = rows.exclude(metadata__url__startswith=f"/{namespace}/")
    return rows.order_by("-created_at", "-pk")


def described(rows: Collection[Context]) -> list[Change]:
    """Return these acts as a page shows them, in one query."""
    names = dict(User.objects.filter(pk__in={row.metadata.get("user") for row in rows}).values_list("pk", "name"))
    return [
        Change(row.created_at, names.get(row.metadata.get("user"), ""), *_page_of(str(row.metadata.get("url", ""))))
        for row in rows
    ]


def _page_of(path: str) -> tuple[str, str]:
    """Return the page in words, and the first number in its address."""
    try:
        match = resolve(path)
    except (Resolver404, Http404):
        return "A page that there is no more", ""
    words = match.view_name.replace(":", ": ").replace("-", " ").replace("_", " ")
    number = next((str(value) for value in match.kwargs.values() if isinstance(value, int)), "")
    return words[:1].upper() + words[1:], number
