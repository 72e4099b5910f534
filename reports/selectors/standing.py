"""Which versions of a paper its readers have: the released one; of a plan, until the next is released too."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from reports.enums import DocumentState
from reports.models import Document


def standing_documents() -> QuerySet[Document]:
    """Return the versions that those who were sent a copy may still open.

    Preparing the next version of a plan takes nothing from anyone, as people live by it from day to day; releasing it
    does. A letter or minutes are replaced because they said something wrong, and close at once. So does a plan that
    was taken away with nothing in its place at that moment; neither it nor one before it comes back.
    """
    followed = Exists(_versions().filter(prepared_at=OuterRef("superseded_at"), number=OuterRef("number") + 1))
    later = _versions().filter(number__gt=OuterRef("number"))
    rows: QuerySet[Document] = Document.objects.filter(
        Q(state=DocumentState.RELEASED)
        | Q(followed, plan__isnull=False, state=DocumentState.SUPERSEDED, released_at__isnull=False)
        & Exists(later.filter(state=DocumentState.PREPARED))
        & ~Exists(later.filter(released_at__isnull=False))
        & ~Exists(later.filter(~Q(followed), state=DocumentState.SUPERSEDED))
    )
    return rows


def replaced_by(document: Document) -> QuerySet[Document]:
    """Return the earlier versions of the same paper."""
    same = {
        "kind": document.kind,
        "conference": document.conference_id,
        "core_group_meeting": document.core_group_meeting_id,
        "plan": document.plan_id,
        "conference_child": document.conference_child_id,
    }
    rows: QuerySet[Document] = Document.objects.filter(
        *(Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value}) for name, value in same.items()),
        number__lt=document.number,
    )
    return rows


def _versions() -> QuerySet[Document]:
    """Return the versions of the paper of the outer row; its kind says which of the columns are empty."""
    same = Q(kind=OuterRef("kind"), conference=OuterRef("conference"))
    for name in ("core_group_meeting", "plan", "conference_child"):
        same &= Q(**{name: OuterRef(name)}) | Q(**{f"{name}__isnull": True})
    rows: QuerySet[Document] = Document.objects.order_by().filter(same)
    return rows
