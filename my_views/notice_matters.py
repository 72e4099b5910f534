"""What the notices about My Views are about."""

from __future__ import annotations

from django.db.models import Q

from deadlines.notice_matters import NoticeMatter
from my_views.models import DangerSign, MyViewsForm

MATTERS = (
    # Not who: a notice stands on a first page that others may see.
    NoticeMatter("my-views", MyViewsForm.objects.all, family="conference__family_id"),
    NoticeMatter(
        "my-views-danger",
        DangerSign.objects.all,
        family="hand_in__form__conference__family_id",
        waits=Q(settled_at__isnull=True),
    ),
)
