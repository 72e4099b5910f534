"""Whom people meet at conferences about the children among them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from conferences.models import Participant


def met_around(people: Collection[int]) -> QuerySet[Any]:
    """Return ids of everyone who takes part in a conference about a child among these person ids."""
    return Participant.objects.filter(conference__children__child__person__in=people).values("person")
