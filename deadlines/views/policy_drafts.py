"""Write a council's next procedures, preview what they change, and put them in force."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from deadlines.access import access_policy_draft, access_procedures
from deadlines.forms.policies import ExampleDayForm, PutInForceForm, StartDraftForm
from deadlines.forms.policy_entries import EntriesForm, said_so_far
from deadlines.models import PolicyDraft
from deadlines.policies.entry_groups import entry_group, group_after
from deadlines.selectors.policies import (
    PolicyRow,
    draft_data,
    entries_of_its_own,
    open_draft_of,
    policy_groups,
    policy_row,
    preview_of,
)
from deadlines.services.drafting import change_entries, put_draft_in_force, set_draft_aside, start_draft
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
        initial={"version": draft.version},
    )
    following = group_after(group)
    after = _draft_url(draft)
    if following is not None and "go_on" in request.POST:
        after = reverse("deadlines:change-policy-group", args=[draft.pk, following.slug])
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
    """Show what a draft changes, with example dates; then ask from which day it applies."""
    draft = access_policy_draft(request, pk)
    if draft.ended_at is not None:
        return redirect("deadlines:policy-draft", draft.pk)
    today = timezone.localdate()
    current = policy_in_force(draft.authority)
    asked = request.GET if "on_day" in request.GET or "on" in request.GET else None
    day = ExampleDayForm(asked, initial={"on": today})
    form = kept_form(request, PutInForceForm, initial={"version": draft.version, "in_force_from": today})
    try:
        preview = preview_of(draft, current=current, example_on=day.day(today=today), today=today)
    except ValidationError:
        return redirect(_draft_url(draft))
    return form_view(
        request,
        form,
        lambda data: put_draft_in_force(draft=draft, by=user_of(request), now=timezone.now(), **_versioned(data)),
        success_url=reverse("deadlines:policy-history"),
        success_message=lambda _: f"The draft is in force from {form.cleaned_data['in_force_from']:%-d %B %Y}.",
        cancel_url=_draft_url(draft),
        template_name="deadlines/put_policy_in_force.html",
        tabs=procedures_tabs("policy-drafts"),
        draft=draft,
        current=current,
        preview=preview,
        day=day,
    )


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
