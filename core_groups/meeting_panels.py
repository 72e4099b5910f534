"""What higher apps show on and know of the record of a core group meeting. They connect in their ``hooks.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from core_groups.models import CoreGroupMeeting
from govuk.hook import Hook

# A template with its words, or None. Asked only for the family's workers, never for a member's own page.
Panel = Callable[[HttpRequest, CoreGroupMeeting], tuple[str, dict[str, Any]] | None]
meeting_panels: Hook[Panel] = Hook()
# Asks whether minutes of a meeting, by its id, were ever released: a second person then agrees to moving an entry.
minutes_released: Hook[Callable[[int], bool]] = Hook()
