"""Whom people meet in core groups of the children among them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from core_groups.models import CoreGroupMember


def met_around(people: Collection[int]) -> QuerySet[Any]:
    """Return ids of everyone who is or was in the core group of a child among these person ids."""
    return CoreGroupMember.objects.filter(core_group__plans__child__person__in=people).values("person")
