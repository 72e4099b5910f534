"""The family page's panel of time limits: the next ones, and a link to all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from deadlines.access import about_a_sealed_child
from deadlines.models import Deadline
from deadlines.selectors.rows import act_of, title_of
from deadlines.selectors.timeline import timeline_of
from deadlines.working_days.calendars import calendar_for
from families.models import Family
from families.panels import CasePage

SHOWN = 5


def dates_panel(request: HttpRequest, family: Family) -> tuple[str, Mapping[str, Any]] | None:
    """Return the family's next limits, on a page the user may open; None where none ever ran."""
    rows = list(
        Deadline.objects.open()
        .filter(family_id=family.pk)
        .exclude(about_a_sealed_child())
        .order_by("plan_for_on", "pk")
    )
    acts = list({act_of(row): row for row in reversed(rows)}.values())[::-1]
    today = timezone.localdate()
    calendar = calendar_for(family.authority_id) if acts else None
    shown = [
        {
            "deadline": row,
            "title": f"{title_of(row.kind)}: {row.what}" if row.what else title_of(row.kind),
            "days": calendar.distance(today, row.plan_for_on),
        }
        for row in acts[:SHOWN]
        if calendar
    ]
    line = timeline_of(family, user=user_of(request), now=timezone.now())
    return "deadlines/dates_panel.html", {"dates": shown, "more": max(len(acts) - SHOWN, 0), "line": line}


def timeline_page(request: HttpRequest, family: Family) -> CasePage:  # noqa: ARG001 whoever opens the case opens it
    """Return the tab of the case's timeline."""
    return CasePage("Timeline", reverse("deadlines:timeline", args=[family.pk]))
