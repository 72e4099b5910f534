"""What waits for a user's decision. Apps connect their kinds in ``hooks.py``; nothing here decides anything."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, CharField, DateTimeField, F, IntegerField, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.models import User
from accounts.readers import Answers, Reader
from accounts.rules import CompiledQuery
from families.models import Family
from govuk.hook import Hook

SHOWN_FIRST = 5


@dataclass(frozen=True)
class DecisionKind:
    """One kind of matter that waits for a decision, and the page where it is decided.

    ``waiting`` returns, by ``matters``, those that the service behind the page would let a reader settle; None where
    the reader's roles settle none. It is written about a ``Reader``, so that the SQL is put together once. Settled by
    anyone, a matter is gone from everyone's list.
    """

    key: str
    title: str
    page: str
    waiting: Callable[[Reader], QuerySet[Any, Any] | None]
    order: int = 50


decision_kinds: Hook[DecisionKind] = Hook()


@dataclass(frozen=True)
class Matter:
    """One matter that waits: what is to be decided, about whom or what, since when, and where."""

    title: str
    about: str
    family: str
    since: datetime.datetime
    url: str
    family_id: int | None


def matters(
    rows: QuerySet[Any],
    *,
    since: str | Combinable,
    args: Iterable[str | Combinable] = (),
    family: str | Combinable | None = None,
    about: str | Combinable | None = None,
) -> QuerySet[Any, Any]:
    """Return ``rows`` as matters: ``args`` (at most two) are the page's, ``family`` the id of a family to name.

    ``about`` is what tells two matters of one family apart: a person's name, or a paper's.
    """
    first, second = (*args, None, None)[:2]
    columns = {
        "matter_since": _typed(since, DateTimeField()),
        "matter_first": _typed(first, BigIntegerField()),
        "matter_second": _typed(second, BigIntegerField()),
        "matter_family": _typed(family, BigIntegerField()),
        "matter_about": _typed(about, TextField()),
    }
    found: QuerySet[Any, Any] = rows.order_by().annotate(**columns).values(*columns)
    return found


def _typed(column: str | Combinable | None, field: Any) -> Any:
    if column is None:
        return Cast(Value(None), field)
    return F(column) if isinstance(column, str) else column


def _everything(reader: Reader) -> QuerySet[Any, Any]:
    found = []
    for kind in decision_kinds:
        rows = kind.waiting(reader)
        if rows is not None and not rows.query.is_empty():
            labels = {
                "matter_order": Value(kind.order, output_field=IntegerField()),
                "matter_kind": Value(kind.key, output_field=CharField()),
            }
            found.append(rows.annotate(**labels).values_list(*COLUMNS))
    if not found:
        return Family.objects.none()
    first, *others = found
    everything: QuerySet[Any, Any] = first.union(*others, all=True)
    return everything.order_by("matter_order", "matter_since", "matter_first", "matter_second")


_all = CompiledQuery(_everything)


def to_decide(user: User) -> list[tuple[Any, ...]]:
    """Return everything that waits for the user's decision now, in one query: by kind, the oldest first."""
    return _all.rows(user) if Answers(user).may_read else []


def first_to_decide(user: User) -> list[tuple[Any, ...]]:
    """Return the beginning of ``to_decide``, with one more than ``SHOWN_FIRST`` where there are more."""
    return _all.rows(user, first=SHOWN_FIRST + 1) if Answers(user).may_read else []


COLUMNS = (
    "matter_order", "matter_kind", "matter_since", "matter_first", "matter_second", "matter_family", "matter_about",
)  # fmt: skip


def described(rows: Iterable[tuple[Any, ...]]) -> list[Matter]:
    """Return rows of ``to_decide`` as a page shows them; one query more, for the families."""
    rows = list(rows)
    kinds = {kind.key: kind for kind in decision_kinds}
    names = Family.objects.in_bulk({row[5] for row in rows if row[5] is not None})
    return [
        Matter(
            title=kinds[key].title,
            about=about or "",
            family=names[family_id].name if family_id in names else "",
            since=since,
            url=reverse(kinds[key].page, args=[arg for arg in (first, second) if arg is not None]),
            family_id=family_id,
        )
        for _, key, since, first, second, family_id, about in rows
    ]


def beginning_of_decisions(user: User) -> dict[str, Any]:
    """Return what ``deadlines/decisions_panel.html`` wants: the first matters, and whether there are more."""
    rows = first_to_decide(user)
    return {"to_decide": described(rows[:SHOWN_FIRST]), "more_to_decide": len(rows) > SHOWN_FIRST}
