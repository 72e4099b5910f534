from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import record_read, require_roles
from accounts.audit import selectors
from accounts.audit.forms import ReadLogFilterForm
from accounts.audit.named import name_records
from accounts.enums import Role
from govuk.lists import paginate


@require_GET
def read_log(request: HttpRequest) -> HttpResponse:
    """Show who looked at what, to auditors and service managers of the council."""
    user = require_roles(request, Role.AUDITOR, Role.SERVICE_MANAGER)
    councils = user.authority_ids(Role.AUDITOR, Role.SERVICE_MANAGER)
    form = ReadLogFilterForm(request.GET, users=selectors.readers(authority_ids=councils))
    chosen = form.cleaned_data if form.is_valid() else {}
    events = paginate(request, selectors.read_log(authority_ids=councils, **chosen))
    name_records(events.object_list)
    response = render(request, "accounts/read_log.html", {"form": form, "events": events})
    record_read(request, page="accounts:read-log", subject="AccessEvent", subject_id=None)
    return response
