"""The auditor's page of what was done: changes, cases opened in an emergency, checks of the list, bundles."""

from __future__ import annotations

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import record_read, require_roles
from accounts.enums import ReadKind, Role
from govuk.lists import paginate
from records import audited
from records.forms.audit import AuditFilterForm

LOOKS_BACK = datetime.timedelta(days=31)


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Show what was done as metadata, read-only, to auditors of the council."""
    user = require_roles(request, Role.AUDITOR)
    councils = user.authority_ids(Role.AUDITOR)
    form = AuditFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    kind = chosen.get("show") or "changes"
    until = chosen.get("until") or timezone.localdate()
    since = chosen.get("since") or until - LOOKS_BACK
    rows = {
        "changes": lambda: audited.changes(councils, since=since, until=until),
        "glasses": lambda: audited.glasses(councils),
        "checks": lambda: audited.list_checks(councils),
        "bundles": lambda: audited.bundles(councils),
    }[kind]()
    page = paginate(request, rows)
    if kind == "changes":
        page.object_list = audited.described(list(page.object_list))
    record_read(
        request,
        page="records:audit",
        subject={"glasses": "BreakGlass", "checks": "ListCheck", "bundles": "Disclosure"}.get(kind, ""),
        subject_id=None,
        family_ids=[row.family_id for row in page.object_list if kind in {"glasses", "bundles"}],
        kind=ReadKind.SEARCH,
    )
    context = {"form": form, "page": page, "kind": kind, "since": since, "until": until}
    return render(request, "records/audit.html", context)
