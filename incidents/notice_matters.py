"""What the notices about incidents are about; they name neither family nor person."""

from __future__ import annotations

from deadlines.notice_matters import NoticeMatter
from incidents.models import Incident

MATTERS = (NoticeMatter("incident", Incident.objects.all),)
