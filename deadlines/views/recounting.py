"""Recount open deadlines under the procedures in force."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import record_read, user_of
from accounts.drafts.forms import kept_form
from deadlines.access import access_procedures, access_recount
from deadlines.forms.policies import RecountForm
from deadlines.models import PolicyVersion
from deadlines.selectors.recounting import countable, recount_rows, recounted_rows, recounts_of
from deadlines.services.recounting import preview_recount, recount_deadlines
from deadlines.views.policies import policy_in_force, procedures_tabs
from govuk.generic import form_view
from govuk.lists import paginate


@require_safe
def recounts(request: HttpRequest) -> HttpResponse:
    """Explain recounts, and list those made."""
    authority = access_procedures(request)
    policy = policy_in_force(authority)
    page = {
        "tabs": procedures_tabs("recounts"),
        "policy": policy,
        "waiting": countable(authority, policy).count() if policy else 0,
        "page": paginate(request, recounts_of(authority)),
    }
    return render(request, "deadlines/recounts.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def count_again(request: HttpRequest) -> HttpResponse:
    """List open deadlines with the date before and after; then recount those ticked."""
    authority = access_procedures(request)
    policy = policy_in_force(authority)
    if policy is None:
        return redirect("deadlines:recounts")
    version = PolicyVersion.objects.get(pk=policy.version_id)
    user, now = user_of(request), timezone.now()
    page = paginate(request, countable(authority, policy))
    try:
        after = preview_recount(version=version, deadlines=page.object_list, by=user, now=now)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("deadlines:recounts")
    rows = recount_rows(page.object_list, after, today=timezone.localdate())
    record_read(
        request,
        page="deadlines:count-again",
        subject="Deadline",
        subject_id=None,
        family_ids=[row.family_id for row in page.object_list],
    )
    form = kept_form(request, RecountForm, tokens=[row.token for row in rows])
    ticked = set(form["deadline"].value() or []) if form.is_bound else {row.token for row in rows if row.moves}
    return form_view(
        request,
        form,
        lambda data: recount_deadlines(
            version=version,
            deadline_ids=form.previewed(),
            by=user,
            reason=data["reason"],
            now=now,
            previewed=form.previewed(),
        ),
        success_url=reverse("deadlines:recounts"),
        success_message="The ticked deadlines are counted again.",
        template_name="deadlines/count_again.html",
        tabs=procedures_tabs("recounts"),
        policy=policy,
        page=page,
        rows=rows,
        ticked=ticked,
    )


@require_safe
def recount(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one recount, deadline by deadline."""
    act = access_recount(request, pk)
    page = paginate(request, act.deadlines.select_related("deadline"))
    context = {
        "tabs": procedures_tabs("recounts"),
        "recount": act,
        "page": page,
        "rows": recounted_rows(page.object_list),
    }
    return render(request, "deadlines/recount.html", context)
