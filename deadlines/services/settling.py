"""Notes each night which notices are about something that no longer waits for anyone."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import BigIntegerField, Case, Exists, F, Func, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Cast

from deadlines.notice_matters import MOST_DIGITS, notice_matters
from notifications.models import Notice

SECOND = Func(F("key"), Value(":"), Value(2), function="split_part", output_field=TextField())


def settle_notices(*, now: datetime.datetime) -> int:
    """Mark notices whose matter was settled, by anybody, so that no page looks at them again; return how many.

    Pages leave them out already. That they were not acknowledged stays on record. Set-based, one statement a matter.
    """
    settled = 0
    for matter in notice_matters:
        if matter.waits is None:
            continue
        form = Q(key__regex=rf"^{matter.prefix}:[0-9]{{1,{MOST_DIGITS}}}(:|$)", key__endswith=matter.ending)
        told = Notice.objects.filter(form, acknowledged_at__isnull=True, settled_at__isnull=True)
        row_id: Any = Case(When(form, then=Cast(SECOND, BigIntegerField())), output_field=BigIntegerField())
        waiting = matter.rows().order_by().filter(matter.waits, pk=OuterRef("row_id"))
        settled += told.annotate(row_id=row_id).filter(~Exists(waiting)).update(settled_at=now)
    return settled
