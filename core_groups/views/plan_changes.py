"""What a core group agreed about a plan, written down by a professional member without the plan's own pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from core_groups.forms.plan_changes import AgreedActionForm
from core_groups.selectors.plan_changes import why_no_more_written
from core_groups.selectors.recording import TheRecord, actions_of
from core_groups.services.plan_changes import write_agreed_action
from core_groups.views.recording import draw_record, meeting_url, open_record, persons_around
from families.selectors.agency_names import name_on_page
from govuk.generic import form_view
from plans.forms.document import as_typed
from plans.models import Plan, PlanAction
from plans.occasions import meetings_of
from plans.selectors.document import key_of


def add_action(request: HttpRequest, pk: int, meeting_pk: int, plan_pk: int) -> HttpResponse:
    """Write an action that the meeting agreed into one child's plan."""
    record, plan = _open(request, pk, meeting_pk, plan_pk)
    if _is_over(request, record):
        return redirect(meeting_url(record, anchor=f"plan-{plan.pk}"))
    form = _form(request, record, plan)
    name = plan.child.person.short_name
    return form_view(
        request,
        form,
        lambda _: write_agreed_action(
            meeting=record.meeting,
            plan=plan,
            words=form.agreed(),
            by=user_of(request),
            now=timezone.now(),
            **form.ground(),
        ),
        renamed={"why": "why_done"},
        success_url=meeting_url(record, anchor=f"plan-{plan.pk}"),
        success_message=f"{name}’s plan is changed. The key worker is told.",
        cancel_url=meeting_url(record),
        template_name="core_groups/record_page.html",
        draw=draw_record(record, f"{name}’s plan: an action that was agreed"),
    )


def change_action(request: HttpRequest, pk: int, meeting_pk: int, plan_pk: int, action_pk: int) -> HttpResponse:
    """Give an action of one child's plan the words that the meeting agreed."""
    record, plan = _open(request, pk, meeting_pk, plan_pk)
    if _is_over(request, record):
        return redirect(meeting_url(record, anchor=f"plan-{plan.pk}"))
    # Only what the member reads on the record, which leaves out what is private or was agreed elsewhere.
    standing = [row for row in actions_of(record)[plan.pk] if row.until_id is None]
    action = next((row for row in standing if row.pk == action_pk), None)
    if action is None:
        raise Http404
    form = _form(request, record, plan, action)
    name = plan.child.person.short_name
    return form_view(
        request,
        form,
        lambda _: write_agreed_action(
            meeting=record.meeting,
            plan=plan,
            words=form.agreed(),
            changes=action,
            seen=form.was_seen(),
            by=user_of(request),
            now=timezone.now(),
            **form.ground(),
        ),
        renamed={"why": "why_done"},
        success_url=meeting_url(record, anchor=f"plan-{plan.pk}"),
        success_message=f"{name}’s plan is changed. What it said before is kept. The key worker is told.",
        cancel_url=meeting_url(record),
        template_name="core_groups/record_page.html",
        draw=draw_record(record, f"{name}’s plan: change an action"),
    )


def _open(request: HttpRequest, pk: int, meeting_pk: int, plan_pk: int) -> tuple[TheRecord, Plan]:
    """Return the record and an open plan of it, for a professional member: the family's workers have its own pages."""
    record = open_record(request, pk, meeting_pk)
    plan = record.plan(plan_pk)
    if plan is None or not record.own or not plan.is_open:
        raise Http404
    return record, plan


def _is_over(request: HttpRequest, record: TheRecord) -> bool:
    """Return whether the record says why nothing more is written; what was typed already is refused in the form."""
    return request.method != "POST" and bool(why_no_more_written(record.meeting))


def _form(request: HttpRequest, record: TheRecord, plan: Plan, action: PlanAction | None = None) -> AgreedActionForm:
    held = dict(meetings_of([plan]))
    return kept_form(
        request,
        AgreedActionForm,
        plans=[plan],
        people=_people(record, plan, action),
        private=persons_around(record),
        meeting=(record.meeting.pk, held[record.meeting.pk]),
        belongs_to=action.under if action else None,
        shown={plan.pk: action.pk} if action else None,
        initial={**as_typed(action, key_of), "children": [str(plan.pk)]} if action else {},
    )


def _people(record: TheRecord, plan: Plan, action: PlanAction | None) -> dict[str, tuple[Any, str]]:
    """Return who may do it: the child's members, whom a member knows, and who does the action now."""
    found: dict[str, tuple[Any, str]] = {}
    for row in record.members:
        if record.is_for(row, plan):
            place = name_on_page(row.post.agency, record.group.family_id) if row.post else ""
            said = f"{row.person.full_name}, {place}" if place else row.person.full_name
            found[key_of(row.person, row.post)] = ((row.person, row.post), said)
    named = [(action.who_person, action.who_post)] if action else []
    named += [(one.person, one.post) for one in action.sharers.select_related("person", "post")] if action else []
    for person, post in named:
        if person is not None:
            found.setdefault(key_of(person, post), ((person, post), person.full_name))
    return found
