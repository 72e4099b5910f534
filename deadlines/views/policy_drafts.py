"""Write a council's next procedures, preview what they change, and put them in force."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import record_read, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import Role
from deadlines.access import access_policy_draft, access_policy_preview, access_procedures, may_put_in_force
from deadlines.forms.policies import ExampleDayForm, ProposeDraftForm, PutInForceForm, StartDraftForm
from deadlines.forms.policy_entries import EntriesForm, said_so_far
from deadlines.models import PolicyDraft
from deadlines.policies.entry_groups import entry_group, group_after
from deadlines.selectors.draft_moves import moves_of_draft
from deadlines.selectors.policies import (
    PolicyRow,
    draft_data,
    entries_of_its_own,
    open_draft_of,
    policy_groups,
    policy_row,
    preview_of,
)
from deadlines.services.drafting import change_entries, propose_draft, put_draft_in_force, set_draft_aside, start_draft
from deadlines.views.policies import policy_in_force, procedures_tabs
from govuk.generic import form_view

READ_AND_WRITE = ["GET", "HEAD", "POST"]


@require_http_methods(READ_AND_WRITE)
def policy_drafts(request: HttpRequest) -> HttpResponse:
    """Redirect to the current draft, or offer to start one."""
    authority = access_procedures(request)
    if draft := open_draft_of(authority):
        return redirect("deadlines:policy-draft", draft.pk)
    form = kept_form(request, StartDraftForm, has_policy=authority.policy_versions.exists(), initial={"copy_of": ""})
    return form_view(
        request,
        form,
        lambda data: start_draft(authority=authority, by=user_of(request), now=timezone.now(), preset=data["copy_of"]),
        success_url=_draft_url,
        cancel_url=reverse("deadlines:policies"),
        template_name="deadlines/start_policy_draft.html",
        tabs=procedures_tabs("policy-drafts"),
    )


def _draft_url(draft: PolicyDraft) -> str:
    return reverse("deadlines:policy-draft", args=[draft.pk])


@require_safe
def policy_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a draft in words, each entry with a link to change it."""
    draft = access_policy_draft(request, pk)
    page = {"tabs": procedures_tabs("policy-drafts"), "draft": draft, **_words_of(draft)}
    return render(request, "deadlines/policy_draft.html", page)


def _words_of(draft: PolicyDraft) -> dict[str, Any]:
    """Return the draft's entries, or why it can't be read since a rule became stricter."""
    try:
        return {"groups": policy_groups(draft_data(draft))}
    except ValidationError as refusal:
        return {"groups": [], "faults": refusal.messages}


def _versioned(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "version": data["version"] or 0}


@require_http_methods(READ_AND_WRITE)
def change_policy_group(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Edit a whole group of a draft's limits or values."""
    draft = access_policy_draft(request, pk)
    group = entry_group(slug)
    if group is None or draft.ended_at is not None:
        raise Http404
    data = draft_data(draft)
    form = kept_form(
        request,
        EntriesForm,
        group=group,
        entries=data[group.section],
        said=said_so_far(entries_of_its_own(draft)),
        at=request.GET.get("at", ""),
        initial={"version": draft.version},
    )
    following = group_after(group)
    after = _draft_url(draft)
    if following is not None and "go_on" in request.POST:
        after = reverse("deadlines:change-policy-group", args=[draft.pk, following.slug])
    elif "preview" in request.POST:
        after = reverse("deadlines:put-policy-in-force", args=[draft.pk])
    return form_view(
        request,
        form,
        lambda typed: change_entries(
            draft=draft,
            section=group.section,
            entries=typed["entries"],
            version=typed["version"] or 0,
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=after,
        success_message=f"“{group.title}” is saved in the draft.",
        renamed=form.anchors(),
        cancel_url=_draft_url(draft),
        template_name="deadlines/change_policy_group.html",
        tabs=procedures_tabs("policy-drafts"),
        draft=draft,
        group=group,
        following=following,
        meanwhile=partial(_meanwhile, form, draft),
    )


def _meanwhile(form: Any, draft: PolicyDraft) -> list[PolicyRow]:
    """Return what the draft says now where another user changed it; saving again is then a choice.

    Called by the page after the service has compared the versions and before the form is rendered.
    """
    if form.arranging or not form.is_bound or form["version"].value() in (str(draft.version), ""):
        return []
    form.data["version"] = str(draft.version)
    data = draft_data(draft)
    return [policy_row(form.group.section, key, data) for key in form.cleaned_data.get("entries", {})]


@require_http_methods(READ_AND_WRITE)
def put_policy_in_force(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a draft changes and moves; its writer then asks a second person, who puts it in force."""
    draft, user = access_policy_preview(request, pk), user_of(request)
    administers = draft.authority_id in user.authority_ids(Role.ADMINISTRATOR)
    after = reverse("deadlines:policy-history" if administers else "deadlines:our-procedures")
    if draft.ended_at is not None:
        return redirect(_draft_url(draft) if administers else after)
    today, agrees = timezone.localdate(), may_put_in_force(user, draft)
    current = policy_in_force(draft.authority)
    asked = request.GET if "on_day" in request.GET or "on" in request.GET else None
    day = ExampleDayForm(asked, initial={"on": today})
    from_day = max(draft.proposed_from or today, today)
    form = kept_form(
        request,
        PutInForceForm if agrees else ProposeDraftForm,
        initial={"version": draft.version, "in_force_from": from_day},
    )
    try:
        preview = preview_of(draft, current=current, example_on=day.day(today=today), today=today)
    except ValidationError:
        return redirect(_draft_url(draft))
    moves = moves_of_draft(draft, user=user, now=timezone.now())
    if moves.named:
        families = {move.family_id for move in moves.named}
        record_read(
            request, page="deadlines:put-policy-in-force", subject="Deadline", subject_id=None, family_ids=families
        )
    act = put_draft_in_force if agrees else propose_draft
    return form_view(
        request,
        form,
        lambda data: act(draft=draft, by=user, now=timezone.now(), **_versioned(data)),
        success_url=after if agrees else _draft_url(draft),
        success_message=lambda _: _said(form.cleaned_data["in_force_from"], agrees=agrees),
        cancel_url=_draft_url(draft) if administers else after,
        template_name="deadlines/put_policy_in_force.html",
        tabs=procedures_tabs("policy-drafts") if administers else [],
        draft=draft,
        agrees=agrees,
        wrote=user.pk in draft.written_by,
        current=current,
        preview=preview,
        moves=moves,
        day=day,
    )


def _said(day: datetime.date, *, agrees: bool) -> str:
    if agrees:
        return f"The draft is in force from {day:%-d %B %Y}."
    return f"A second person is asked to put the draft in force from {day:%-d %B %Y}. It stands in what they decide."


@require_POST
def set_policy_draft_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """End a draft that is no longer wanted."""
    draft = access_policy_draft(request, pk)
    try:
        set_draft_aside(draft=draft, by=user_of(request), now=timezone.now())
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, "The draft is discarded. You can still read it in the history.")
    return redirect("deadlines:policies")
