"""What a review begins with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import user_of
from conferences.access import access_conference
from conferences.models import Conference
from conferences.views.page_context import page_context
from core_groups.selectors.since_last import has_plans_under_review, since_last
from my_views.access import reads_forms
from my_views.access import writes_down as may_write_down
from my_views.selectors.reading import counted_of, persons_views
from my_views.selectors.speakers import is_before


def since_the_last_conference(request: HttpRequest, pk: int) -> HttpResponse:
    """Show, for each child with a plan, what became of it since the chair last decided."""
    conference = access_conference(request, pk)
    user, rows = user_of(request), since_last(conference)
    views = persons_views(conference) if reads_forms(user, conference) else None
    said = {row.speaker.person.pk: row for row in views or ()}
    writes_down = is_before(conference) and may_write_down(user, conference)
    context = {
        **page_context(conference, user=user, tab="overview", today=timezone.localdate()),
        # What each child says, for the chair and the social worker alone.
        "rows": [(row, said.get(row.child.child.person_id)) for row in rows],
        "my_views": None if views is None else counted_of(views),
        "writes_down": writes_down,
    }
    return render(request, "core_groups/since_last.html", context)


def since_last_panel(_request: HttpRequest, conference: Conference) -> tuple[str, dict[str, object]] | None:
    """Lead from the overview of a review to what it begins with."""
    return ("core_groups/since_last_panel.html", {}) if has_plans_under_review(conference) else None
