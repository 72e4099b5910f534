from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import open_row
from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from accounts.readers import Reader
from accounts.rows_to_open import RowsToOpen
from accounts.rules import Rule
from families.access import FAMILY_MANAGE_RULE
from families.forms.who_looked import WhoLookedForm
from families.models import Family
from families.selectors.who_looked import guests_behind, looks_at, readers_of, rights_used
from govuk.lists import paginate
from govuk.spreadsheets import csv_file

AUDITOR = "auditor"


def _audited(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.AUDITOR)
    return None if authorities is None else Q(authority__one_of=authorities)


# An auditor sees who read which page of which case number, and when, but no one's name in the family.
LOOKED_RULE = Rule(rights=(*FAMILY_MANAGE_RULE.rights, (AUDITOR, _audited)), never=FAMILY_MANAGE_RULE.never)


@require_safe
def who_looked(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who looked at this family, when, and under which right."""
    family = _open(request, pk, ReadKind.PAGE)
    form, chosen = _chosen(request, family)
    page = paginate(request, looks_at(family, **chosen))
    guests = {} if _is_audit(family) else guests_behind(page)
    for event in page:
        event.reader = _reader(event, guests)
    context = {
        "family": family,
        "filters": form,
        "page": page,
        "query": request.GET.urlencode(),
        "audit": _is_audit(family),
    }
    return render(request, "families/who_looked.html", context)


@require_safe
def who_looked_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Export the same list as a spreadsheet file."""
    family = _open(request, pk, ReadKind.EXPORT)
    _, chosen = _chosen(request, family)
    events = list(looks_at(family, **chosen))
    guests = {} if _is_audit(family) else guests_behind(events)
    return csv_file(
        f"who-looked-{family.case_number}.csv",
        columns=("When", "Who", "Page", "What", "Right", "From"),
        rows=[
            (
                timezone.localtime(event.at).isoformat(timespec="seconds"),
                _reader(event, guests),
                event.page_in_words,
                event.get_kind_display(),
                event.right or "By role",
                event.address or "",
            )
            for event in events
        ],
    )


_FAMILIES = RowsToOpen(lambda: Family.objects.select_related("authority", "team"))


def _open(request: HttpRequest, pk: int, kind: ReadKind) -> Family:
    return open_row(
        request,
        _FAMILIES,
        LOOKED_RULE,
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda family: [family.pk],
        kind=kind,
        pk=pk,
    )


def _is_audit(family: Family) -> bool:
    return family.right == AUDITOR  # type: ignore[attr-defined]


def _reader(event: AccessEvent, guests: dict[int, str]) -> str:
    if event.user:
        return event.user.name
    if event.guest_session_id:
        return f"{guests.get(event.guest_person_id or 0, 'Someone')}, through a link"
    return "No one signed in"


def _chosen(request: HttpRequest, family: Family) -> tuple[WhoLookedForm, dict[str, Any]]:
    form = WhoLookedForm(request.GET, users=readers_of(family), rights=rights_used(family))
    return form, form.cleaned_data if form.is_valid() else {}
