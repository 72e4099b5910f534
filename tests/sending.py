"""Filling in the page on which a version's copies are sent."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone


def given_by_hand(page: Any, recipient_id: int, at: datetime.datetime) -> dict[str, str]:
    """Return the form in which one recipient has had their copy by hand since ``at``."""
    form, local = page.context["form"], timezone.localtime(at)
    seen = {one.pk: one.reached.seen for one in form.rows}
    return {
        "form_key": str(form["form_key"].value()),
        f"{recipient_id}-channel": "by_hand",
        f"{recipient_id}-confirmed": "on",
        f"{recipient_id}-how": "Met them",
        f"{recipient_id}-given_on": f"{local:%Y-%m-%d}",
        f"{recipient_id}-given_time": f"{local:%H:%M}",
        f"{recipient_id}-seen": seen[recipient_id],
    }
