"""My Views on the overview of a conference, for those who may read or write one down."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.access import user_of
from conferences.models import Conference
from my_views.access import reads_forms, writes_down
from my_views.selectors.reading import counted
from my_views.selectors.speakers import is_before


def my_views_panel(request: HttpRequest, conference: Conference) -> tuple[str, dict[str, Any]] | None:
    """Say whether there are views or none yet, and lead to them; nothing for anyone else."""
    user = user_of(request)
    reads = reads_forms(user, conference)
    writes = is_before(conference) and writes_down(user, conference)
    if not (reads or writes):
        return None
    return "my_views/panel.html", {"counts": counted(conference) if reads else None, "writes_down": writes}
