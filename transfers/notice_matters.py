"""What the notices about moves and travel are about."""

from __future__ import annotations

from deadlines.notice_matters import NoticeMatter, family_of_person
from transfers.models import TransferOut, TravelAbroad

MATTERS = (
    NoticeMatter("transfer-answered", TransferOut.objects.all, family="family_id"),
    NoticeMatter(
        "travel-abroad",
        TravelAbroad.objects.all,
        family=family_of_person("plan__child__person"),
        person="plan__child__person",
    ),
)
