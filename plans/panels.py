"""What plans show on the pages of a conference, of a team's work and of a council's figures."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.access import record_read, rights_of, user_of
from accounts.models import Authority, Team
from conferences.models import Conference
from plans.models import Plan
from plans.selectors.apart import stands_apart
from plans.selectors.figures import council_figures, team_figures


def stands_apart_panel(request: HttpRequest, conference: Conference) -> tuple[str, dict[str, Any]] | None:
    """Return what stands apart from the conference of a young parent or of the baby; None for any other."""
    children = set(conference.children.present().values_list("child", flat=True))
    found = stands_apart(children, user_of(request), on=timezone.localdate())
    return ("plans/stands_apart.html", {"apart": found}) if found else None


def long_plans_of_team(request: HttpRequest, team: Team) -> tuple[str, dict[str, Any]] | None:
    """Return the team's plans that last long or are second ones; None where it has no plan."""
    figures, rows = team_figures(team, user_of(request), on=timezone.localdate())
    if not figures[0].number:
        return None
    if rows:
        record_read(
            request,
            page="deadlines:team",
            subject=Plan.__name__,
            subject_id=None,
            family_ids=[],
            person_ids=[row.plan.child.person_id for row in rows],
            right=rights_of([row.plan for row in rows]),
        )
    return "plans/long_plans.html", {"figures": figures, "rows": rows}


def long_plans_of_council(
    request: HttpRequest, authority: Authority, team_id: int | None
) -> tuple[str, dict[str, Any]] | None:
    """Return the council's numbers of plans that last long or are second ones; None where it has no plan."""
    figures = council_figures(authority, user_of(request), on=timezone.localdate(), team_id=team_id)
    return ("plans/long_plans.html", {"figures": figures}) if figures[0].number else None
