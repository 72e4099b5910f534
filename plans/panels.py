"""What plans show on the pages of a conference, of a team's work and of a council's figures."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.access import record_read, rights_of, user_of
from accounts.models import Authority, Team
from conferences.models import Conference
from govuk.words import count
from meetings.reading_page import Section
from plans.access import visible_plans
from plans.enums import Progress
from plans.models import Plan, PlanAction
from plans.selectors.apart import stands_apart
from plans.selectors.figures import council_figures, team_figures

STILL_OPEN = (Progress.NOT_STARTED, Progress.UNDER_WAY, Progress.NOT_DONE)


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


def open_actions_section(request: HttpRequest, conference: Conference) -> Section:
    """Return for the chair's reading page what is open in the plans in force of the children of a conference."""
    children = conference.children.present().values("child")
    plans = visible_plans(user_of(request)).filter(child__in=children, ends_on__isnull=True)
    actions = list(
        PlanAction.objects.standing()
        .filter(plan__in=plans.order_by().values("pk"), progress__in=STILL_OPEN)
        .select_related("plan__child__person", "who_person")
        .prefetch_related("sharers__person")
        .order_by("plan", "by_when", "pk")
    )
    context = {"actions": actions, "today": timezone.localdate()}
    said = count(len(actions), "open action") if actions else "nothing open"
    return Section("open-actions", "Open actions of the last plan", "plans/open_actions.html", context, said)
