"""What the notices about allegations are about; they name neither family nor person."""

from __future__ import annotations

from django.db.models import Q

from allegations.models import Referral
from deadlines.notice_matters import NoticeMatter

MATTERS = (NoticeMatter("referral", Referral.objects.all, waits=Q(received_at__isnull=True)),)
