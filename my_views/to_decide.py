"""Words of danger in a form: they wait until the chair or the social worker says what was done."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.readers import Reader
from conferences.models import Conference
from deadlines.to_decide import DecisionKind, matters
from my_views.access import READS_RULE
from my_views.models import DangerSign


def _signs(reader: Reader) -> QuerySet[Any, Any]:
    """Return words of danger that nobody has settled; the service asks the same rule."""
    conferences = READS_RULE.visible(Conference.objects.all(), reader)
    rows = DangerSign.objects.filter(
        settled_at__isnull=True,
        hand_in__form__conference__in=conferences.values("pk"),
        hand_in__form__person__sealed_at__isnull=True,
    )
    return matters(
        rows,
        since="noticed_at",
        args=["hand_in__form__conference_id", "pk"],
        family="hand_in__form__conference__family_id",
        about=Concat(Value("Conference "), Cast(F("hand_in__form__conference__reference"), CharField())),
    )


DANGER = DecisionKind(
    "my-views-danger", "Read My Views: it may tell of a danger", "my_views:settle-danger", _signs, order=5
)
