from __future__ import annotations

import csv
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import record_read, require_roles
from accounts.enums import ReadKind, Role
from accounts.models import Authority, Team, User
from deadlines.clocks import clock_of, registry
from deadlines.forms.filters import CouncilFilterForm
from deadlines.sections import sections_for_council
from deadlines.selectors.council import INITIAL, Chosen, council_timeliness
from deadlines.selectors.council_figures import TABLES, Table, figures_of, initial_in_words, late_table, table_of
from deadlines.selectors.periods import periods
from deadlines.selectors.rows import title_of

# Spreadsheets treat text that begins with one of these as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def council(request: HttpRequest) -> HttpResponse:
    """Show whether the council keeps its time limits, where it doesn't and why, and what is coming."""
    user = require_roles(request, Role.SERVICE_MANAGER)
    chosen, form = _chosen(request, user)
    numbers = council_timeliness(chosen, user=user, now=timezone.now())
    record_read(
        request,
        page="deadlines:council",
        subject="Authority",
        subject_id=chosen.authority.pk,
        family_ids={row.deadline.family_id for row in numbers.late_now},
    )
    context = {
        "council": numbers,
        "form": form,
        "figures": figures_of(numbers),
        "tops": initial_in_words(numbers),
        "late": late_table(numbers),
        "sections": sections_for_council(request, chosen.authority, chosen.team_id),
        "query": request.GET.urlencode(),
    }
    return render(request, "deadlines/council.html", context)


@require_safe
def council_table(request: HttpRequest, table: str) -> HttpResponse:
    """Export one table of the page as a spreadsheet file: numbers and references, no names."""
    user = require_roles(request, Role.SERVICE_MANAGER)
    if table not in TABLES:
        raise Http404
    chosen, _form = _chosen(request, user)
    numbers = council_timeliness(chosen, user=user, now=timezone.now(), late_shown=None if table == "late" else 0)
    found = table_of(numbers, table)
    record_read(
        request,
        page="deadlines:council-table",
        subject="Authority",
        subject_id=chosen.authority.pk,
        family_ids={row.deadline.family_id for row in numbers.late_now} if table == "late" else (),
        kind=ReadKind.EXPORT,
    )
    return _as_file(found, name=f"timeliness-{table}-{chosen.period.first:%Y-%m}.csv")


def _as_file(table: Table, *, name: str) -> HttpResponse:
    # The byte order mark tells spreadsheets that the text is UTF-8.
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    writer = csv.writer(response)
    writer.writerow(table.columns)
    writer.writerows([_harmless(cell) for cell in row] for row in table.rows)
    return response


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _chosen(request: HttpRequest, user: User) -> tuple[Chosen, CouncilFilterForm]:
    """Return the filters in the URL; invalid ones are ignored, and the form says so."""
    councils = list(Authority.objects.filter(pk__in=user.authority_ids(Role.SERVICE_MANAGER)))
    wanted = request.GET.get("council", "")
    authority = next((row for row in councils if str(row.pk) == wanted), councils[0])
    known = periods(timezone.localdate())
    form = CouncilFilterForm(
        request.GET or None,
        councils=[(str(row.pk), row.name) for row in councils],
        periods=[(period.key, period.label) for period in known],
        teams=[(str(team.pk), team.name) for team in Team.objects.filter(authority=authority)],
        kinds=[("", title_of(INITIAL)), *((kind, title_of(kind)) for kind in registry if kind != INITIAL)],
    )
    picked = form.cleaned_data if form.is_valid() else {}
    kind = picked.get("kind") or INITIAL
    return Chosen(
        authority=authority,
        period=next((period for period in known if period.key == picked.get("period")), known[0]),
        kind=kind if clock_of(kind) else INITIAL,
        team_id=int(picked["team"]) if picked.get("team") else None,
        closures_as_working_days=picked.get("closures") == "england",
    ), form
