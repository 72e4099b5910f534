"""What the notices about corrections and entries about the wrong child are about."""

from __future__ import annotations

from django.db.models import Q

from deadlines.notice_matters import NoticeMatter
from meetings.models import DecisionCorrection, WithoutQuorum

CONFERENCE = "decision__conference_child__conference"
CHILD = "decision__conference_child__child__person"

MATTERS = (
    NoticeMatter("without-quorum", WithoutQuorum.objects.all, waits=Q(agreed_at__isnull=True), decided=True),
    NoticeMatter(
        "correction",
        DecisionCorrection.objects.all,
        family=f"{CONFERENCE}__family_id",
        person=CHILD,
        waits=Q(made_at__isnull=True, refused_at__isnull=True),
        ending=":asked",
    ),
    NoticeMatter("correction", DecisionCorrection.objects.all, family=f"{CONFERENCE}__family_id", person=CHILD),
)
