from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import record_read, require_roles, rights_of
from accounts.enums import CASE_ROLES, TEAM_ROLES, ReadKind, Role
from accounts.models import Team
from families.access import visible_families
from families.forms import FamilyFilterForm, SearchForm
from families.models import Family
from families.selectors import family_list, filter_families, read_term, search_families
from govuk.lists import paginate, query_with

MAY_CREATE = (*sorted(TEAM_ROLES), Role.COORDINATOR)
SORTS = {
    "name": ("name", "case_number"),
    "-name": ("-name", "-case_number"),
    "case": ("case_number",),
    "-case": ("-case_number",),
}
# Searches remembered per session: enough for one person's tabs.
REMEMBERED = 20


def families(request: HttpRequest) -> HttpResponse:
    """List the families the user may see, open ones first unless filtered, narrowed by a search."""
    user = require_roles(request, *CASE_ROLES)
    today = timezone.localdate()
    found = request.GET.get("found", "")
    term = request.session.get("family_searches", {}).get(found, "")
    visible = visible_families(user).select_related("team")
    teams = Team.objects.filter(pk__in=visible_families(user).values("team"))
    form = FamilyFilterForm(request.GET, teams=teams)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = filter_families(search_families(visible, term), chosen, user=user, searching=bool(term), on=today)
    page = paginate(request, rows.order_by(*SORTS.get(request.GET.get("sort", ""), SORTS["name"])), counts_all=False)
    record_read(
        request,
        page="families:families",
        subject=Family.__name__,
        subject_id=None,
        family_ids=[row.pk for row in page],
        right=rights_of(page),
        kind=ReadKind.SEARCH if term else ReadKind.PAGE,
    )
    context = {
        "page": page,
        "rows": family_list(list(page), on=today),
        "today": today,
        "filter": form,
        "search": _search_form(term),
        "term": term,
        "not_understood": read_term(term).not_understood,
        "may_create": user.holds(*MAY_CREATE),
        "reviews_glass": user.holds(Role.SERVICE_MANAGER),
    }
    return render(request, "families/families.html", context)


def _search_form(term: str) -> SearchForm:
    form = SearchForm(initial={"q": term})
    form.cancel_url = reverse("families:families") if term else ""
    return form


def search(request: HttpRequest) -> HttpResponse:
    """Remember a search and show its results, so that names stay out of URLs and server logs."""
    require_roles(request, *CASE_ROLES)
    form = SearchForm(request.POST or request.GET)
    term = form.cleaned_data["q"] if form.is_valid() else ""
    if not term:
        return redirect("families:families")
    found = secrets.token_urlsafe(6)
    kept = list(request.session.get("family_searches", {}).items())[-REMEMBERED:]
    request.session["family_searches"] = {**dict(kept), found: term}
    return redirect(reverse("families:families") + query_with(request.GET, q=None, found=found))
