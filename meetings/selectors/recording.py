"""Who is leading or recording a meeting at the moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from accounts.models import User
from conferences.access import RULES
from conferences.enums import ConferenceStatus
from conferences.models import Conference


def records_now(user: User, page: Mapping[str, Any]) -> bool:
    """Return whether the conference in a page's URL is in session and led or recorded by ``user``."""
    in_session = Conference.objects.filter(pk=page["pk"], status=ConferenceStatus.OPEN)
    leads = RULES["chair"].visible(in_session, user)
    return in_session.filter(Q(coordinator=user) | Q(pk__in=leads.values("pk"))).exists()
