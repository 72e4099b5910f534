from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import record_read, require_roles, user_of
from accounts.enums import ReadKind, Role
from accounts.people.landing_pages import home_of
from deadlines import selectors
from deadlines.access import access_deadline
from deadlines.first_page import panels_for
from deadlines.forms.filters import WorkFilterForm
from deadlines.selectors.late_causes import (
    ASKED_FOR,
    cause_label,
    causes_said,
    is_no_longer_asked_for,
    may_agree_to_cause,
    may_explain,
    timing_of,
)
from deadlines.to_decide import beginning_of_decisions, described, to_decide
from govuk.lists import paginate
from notifications.models import Notice
from notifications.services.outbox import acknowledge_notice

MOST_DIGITS = 18
# Where those begin who work on no case: the page and its button.
WITHOUT_CASES = (
    (Role.ADMINISTRATOR, "deadlines:settings", "Go to Settings"),
    (Role.AUDITOR, "accounts:read-log", "Open the read log"),
    (Role.DESIGNATED_OFFICER, "allegations:referrals", "See the referrals"),
    (Role.DATA_PROTECTION, "incidents:incidents", "See the incidents"),
    (Role.PROFESSIONAL, "conferences:conferences", "See your conferences"),
)


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """Show the signed-in user's work, most urgent first."""
    user = require_roles(request)
    home = home_of(user)
    if home:
        return redirect(home)
    now = timezone.now()
    asked = request.GET
    work = selectors.work_of(user, now=now, kind=asked.get("kind", ""), page=asked.get("page", "1"))
    form = WorkFilterForm(asked or None, kinds=[(row.kind, row.words) for row in work.kinds])
    decisions = beginning_of_decisions(user)
    families = {*work.family_ids, *(matter.family_id for matter in decisions["to_decide"] if matter.family_id)}
    record_read(
        request, page="deadlines:my-work", subject="Deadline", subject_id=None, family_ids=families, kind=ReadKind.LIST
    )
    context = {
        "work": work,
        "form": form,
        "panels": panels_for(request),
        **decisions,
        "begin": next(((name, words) for role, name, words in WITHOUT_CASES if user.holds(role)), ("", "")),
    }
    return render(request, "deadlines/my_work.html", context)


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """List everything that waits for the signed-in user's decision; nothing is decided here."""
    user = require_roles(request)
    page = paginate(request, to_decide(user))
    matters = described(page.object_list)
    families = {matter.family_id for matter in matters if matter.family_id}
    record_read(
        request,
        page="deadlines:to-decide",
        subject="Deadline",
        subject_id=None,
        family_ids=families,
        kind=ReadKind.LIST,
    )
    return render(request, "deadlines/to_decide.html", {"page": page, "to_decide": matters})


@require_safe
def deadline(request: HttpRequest, pk: int) -> HttpResponse:
    """Explain why a date is what it is."""
    row = access_deadline(request, pk)
    user, now, said = user_of(request), timezone.now(), causes_said(row)
    context = {
        "explanation": selectors.explain(row, now=now),
        "late_causes": [(one, cause_label(row, one.cause)) for one in said],
        "may_explain": may_explain(user, row, now=now),
        "asked_for": 0 if said or not is_no_longer_asked_for(row, now=now) else ASKED_FOR.days,
        "timing": timing_of(row),
        "may_agree": bool(said) and may_agree_to_cause(user, said[0]),
    }
    return render(request, "deadlines/deadline.html", context)


@require_POST
def acknowledge_notices(request: HttpRequest) -> HttpResponse:
    """Record that the user has seen the notices shown on the page."""
    user = require_roles(request)
    wanted = [int(pk) for pk in request.POST.getlist("notice") if pk.isdecimal() and len(pk) <= MOST_DIGITS]
    for notice in Notice.objects.filter(pk__in=wanted, user=user, acknowledged_at__isnull=True):
        acknowledge_notice(notice=notice, now=timezone.now())
    return redirect("deadlines:my-work")
