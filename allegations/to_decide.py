"""Referrals that wait for whoever handles allegations."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.readers import Reader
from allegations.access import REFERRAL_RULES
from allegations.models import Referral
from deadlines.to_decide import DecisionKind, matters


def _waiting(reader: Reader) -> QuerySet[Any, Any]:
    """Return referrals that nobody has taken on; the line names neither family nor person."""
    rows = Referral.objects.filter(received_at__isnull=True)
    return matters(REFERRAL_RULES["handle"].visible(rows, reader), since="made_at", args=["pk"])


KINDS = (DecisionKind("referral", "Take on a referral", "allegations:referral", _waiting, order=1),)
