from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import record_read, require_roles
from accounts.enums import Role
from accounts.models import Team
from charts import square_key
from deadlines import selectors
from deadlines.forms.filters import TeamFilterForm
from deadlines.sections import sections_for_team
from deadlines.to_decide import beginning_of_decisions
from govuk.lists import paginate


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Show a team's work: what waits for its manager, what is late, who carries what."""
    user = require_roles(request, Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
    teams = list(selectors.teams_open_to(user))
    chosen = _chosen_team(request, teams)
    if chosen is None:
        return render(request, "deadlines/no_team.html")
    now = timezone.now()
    work = selectors.team_work(chosen, user=user, now=now)
    form = TeamFilterForm(
        request.GET or None,
        teams=[(str(row.pk), row.name) for row in teams],
        people=[(person.key, person.name) for person in work.people if person.load.total],
        kinds=[(row.kind, row.title) for row in work.kinds],
        initial={"team": str(chosen.pk)},
    )
    picked = form.cleaned_data if form.is_valid() else {}
    person, kind = picked.get("person", ""), picked.get("kind", "")
    page = paginate(request, work.listed(now=now, person=person, kind=kind))
    rows = selectors.team_rows(list(page), now=now)
    decisions = beginning_of_decisions(user)
    shown = {row.family_id for row in page} | {case.family.pk for case in work.unallocated}
    shown |= {matter.family_id for matter in decisions["to_decide"] if matter.family_id}
    record_read(
        request, page="deadlines:team", subject="Team", subject_id=chosen.pk, family_ids=shown | work.family_ids_for_you
    )
    context = {
        "work": work, "form": form, "page": page, "rows": rows, "person": person, "kind": kind,
        "key": square_key(), "sections": sections_for_team(request, chosen), **decisions,
    }  # fmt: skip
    return render(request, "deadlines/team.html", context)


def _chosen_team(request: HttpRequest, teams: list[Team]) -> Team | None:
    """Return the team named in the URL, if it is one of these; else the first."""
    wanted = request.GET.get("team", "")
    return next((row for row in teams if str(row.pk) == wanted), teams[0] if teams else None)
