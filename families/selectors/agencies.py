from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet

from families.models import AgencyInvolvement, Child


def agencies_knowing(children: Iterable[Child], *, on: datetime.date) -> QuerySet[AgencyInvolvement]:
    """Return each agency's involvement with each of the children on ``on``, with its post.

    hidden_whereabouts, not this function, decides whether a recipient may read the agency's name.
    """
    rows: QuerySet[AgencyInvolvement] = AgencyInvolvement.objects.current(on=on)
    return (
        rows.filter(child__in=[child.pk for child in children])
        .select_related("child__person", "agency", "post__person")
        .prefetch_related("hidden_from")
        .order_by("agency__kind", "agency__name", "pk")
    )
