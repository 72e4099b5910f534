"""Writing what plans say, for brothers and sisters at once, and looking at earlier versions."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import record_read, user_of
from accounts.drafts.forms import kept_form
from accounts.models import User
from deadlines.working_days.arithmetic import civil_day
from govuk.generic import form_view
from govuk.words import listed
from plans.access import access_plan
from plans.enums import Occasion, PlanEntryKind
from plans.forms.document import (
    BETWEEN,
    MEETING,
    TITLES,
    ActionForm,
    ComparedForm,
    EntryForm,
    OnDayForm,
    StatementForm,
    TakeOutForm,
    as_typed,
)
from plans.models import Plan, PlanAction, PlanEntry
from plans.occasions import meetings_of, meetings_of_versions
from plans.selectors.document import (
    document_of,
    has_danger_statement,
    key_of,
    names_for_private,
    people_for,
    plans_written_with,
    words_key,
)
from plans.selectors.managers import family_of
from plans.selectors.versions import compare, set_progress_on, version_on, versions_of
from plans.services.document import add_to_plans, change_in_plans, take_out_of_plans
from plans.services.versions import current_version

ACTION = "action"


def write_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the plans of the brothers and sisters say, side by side, each line with what can be done to it."""
    plan, plans = _written(request, pk)
    if not plan.is_open:
        return redirect("plans:plan", plan.pk)
    today = timezone.localdate()
    context = {
        "plan": plan,
        "plans": plans,
        "children": listed([row.child.person.short_name for row in plans]),
        "document": document_of(plans),
        "has_danger": has_danger_statement(plan, on=today),
        "several": len(plans) > 1,
        "family_id": _family_id(plan),
        "writing": True,
    }
    return render(request, "plans/write.html", context)


def add_to_plan(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Write an action or an entry into the plans of one or several of the children."""
    plan, plans = _written(request, pk)
    if kind not in TITLES:
        raise Http404
    form = _form(request, plans, kind, initial={"under": request.GET.get("under", "")})
    user, now = user_of(request), timezone.now()
    return form_view(
        request,
        form,
        lambda _: add_to_plans(plans=form.chosen(), words=form.words(), why=form.why(by=user, now=now)),
        renamed={"why": "why_done"},
        success_url=_write_url(plan),
        success_message="The plan is changed.",
        cancel_url=_write_url(plan),
        template_name="plans/form_page.html",
        plan=plan,
        title=TITLES[kind],
    )


def change_in_plan(request: HttpRequest, pk: int, kind: str, row_pk: int) -> HttpResponse:
    """Give something that plans say other words, for one or several of the children."""
    plan, plans = _written(request, pk)
    row = _row(plan, kind, row_pk)
    of_each = _of_each(row, plans)
    same = [str(key) for key, other in of_each.items() if words_key(other) == words_key(row)]
    form = _form(
        request,
        plans,
        ACTION if kind == ACTION else row.kind,
        row=row,
        shown={key: other.pk for key, other in of_each.items()},
        initial={**as_typed(row, key_of), "children": same},
    )
    user, now = user_of(request), timezone.now()

    def change(_: Any) -> object:
        why = form.why(by=user, now=now)
        return change_in_plans(row=row, plans=form.chosen(), words=form.words(), why=why, seen=form.was_seen())

    return form_view(
        request,
        form,
        change,
        renamed={"why": "why_done"},
        success_url=_write_url(plan),
        success_message="The plan is changed. What it said before is kept.",
        cancel_url=_write_url(plan),
        template_name="plans/form_page.html",
        plan=plan,
        title=f"Change: {TITLES[ACTION if kind == ACTION else row.kind].lower()}",
    )


def take_out_of_plan(request: HttpRequest, pk: int, kind: str, row_pk: int) -> HttpResponse:
    """Let plans say something no longer; it stays in their earlier versions."""
    plan, plans = _written(request, pk)
    row = _row(plan, kind, row_pk)
    of_each = _of_each(row, plans)
    saying = [one for one in plans if one.pk in of_each]
    form = kept_form(
        request,
        TakeOutForm,
        plans=saying,
        meetings=meetings_of(saying),
        shown={key: other.pk for key, other in of_each.items()},
        initial={**_last_time(plan, user_of(request)), "children": [str(plan.pk)]},
    )
    user, now = user_of(request), timezone.now()
    return form_view(
        request,
        form,
        lambda _: take_out_of_plans(row=row, plans=form.chosen(), why=form.why(by=user, now=now), seen=form.was_seen()),
        success_url=_write_url(plan),
        success_message="It is taken out of the plan, and kept in the earlier versions.",
        cancel_url=_write_url(plan),
        template_name="plans/take_out.html",
        plan=plan,
        row=row,
        title="Take this out of the plan",
    )


def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """List the versions of a plan, and lead to the plan as it was on a day or to two of them compared."""
    plan = access_plan(request, pk)
    rows = versions_of(plan)
    numbers = [(row.version.number, f"Version {row.version.number}, {row.occasion}") for row in rows]
    compared = ComparedForm(request.GET if "earlier" in request.GET else None, numbers=numbers)
    on_day = OnDayForm(request.GET if "on_day" in request.GET else None)
    for form in (compared, on_day):
        form.helper.form_method = "get"
    if compared.is_valid():
        pair = sorted((int(compared.cleaned_data["earlier"]), int(compared.cleaned_data["later"])))
        return redirect("plans:compare-versions", plan.pk, *pair)
    if on_day.is_valid():
        day = on_day.cleaned_data["on"]
        found = version_on(plan, day)
        if found is not None:
            return redirect(f"{reverse('plans:version', args=[plan.pk, found.number])}?on={day.isoformat()}")
        on_day.add_error("on", "The plan did not say anything on that day yet")
    context = {"plan": plan, "rows": rows, "compared": compared, "on_day": on_day}
    return render(request, "plans/versions.html", context)


def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show a plan as it was in one version; progress as it was on a day, by default the version's last."""
    plan = access_plan(request, pk)
    rows = {row.version.number: row for row in versions_of(plan)}
    if number not in rows:
        raise Http404
    following = rows.get(number + 1)
    day = _day(request.GET.get("on", "")) or (civil_day(following.version.made_at) if following else None)
    document = document_of([plan], version=number)
    if day is not None:
        set_progress_on([line.row for line in document.actions], day)
    context = {
        "plan": plan,
        "shown": rows[number],
        "following": following,
        "day": day,
        "document": document,
        "family_id": _family_id(plan),
    }
    return render(request, "plans/version.html", context)


def compare_versions(request: HttpRequest, pk: int, earlier: int, later: int) -> HttpResponse:
    """Show what changed between two versions, word by word."""
    plan = access_plan(request, pk)
    rows = {row.version.number: row for row in versions_of(plan)}
    if earlier not in rows or later not in rows:
        raise Http404
    context = {
        "plan": plan,
        "earlier": rows[earlier],
        "later": rows[later],
        "changes": compare(plan, min(earlier, later), max(earlier, later)),
    }
    return render(request, "plans/compare.html", context)


def _written(request: HttpRequest, pk: int) -> tuple[Plan, list[Plan]]:
    """Return the plan and those written together with it, all of them open to the user and logged as read."""
    plan = access_plan(request, pk, to="carry")
    plans = plans_written_with(plan, user_of(request), on=timezone.localdate()) if plan.is_open else [plan]
    for other in plans[1:]:
        record_read(
            request,
            page="plans:write",
            subject=Plan.__name__,
            subject_id=other.pk,
            person_ids=[other.child.person_id],
            right=other.right,  # type: ignore[attr-defined]
        )
    return plan, plans


def _row(plan: Plan, kind: str, row_pk: int) -> Any:
    model: Any = PlanAction if kind == ACTION else PlanEntry
    rows = model.objects.filter(plan=plan).select_related("who_person", "who_post", "plan")
    return get_object_or_404(rows.prefetch_related("private_to"), pk=row_pk)


def _of_each(row: Any, plans: Sequence[Plan]) -> dict[int, Any]:
    """Return what each plan says in the row's thread now; for a row that was replaced, the page's own row."""
    rows = type(row).objects.filter(thread=row.thread, plan__in=[plan.pk for plan in plans], until__isnull=True)
    found = {one.plan_id: one for one in rows.prefetch_related("private_to")}
    return {**found, row.plan_id: row}


def _last_time(plan: Plan, user: User) -> dict[str, Any]:
    """Return what the user said about the change before this one, the same day."""
    newest = current_version(plan)
    if newest is None or newest.made_by_id != user.pk or civil_day(newest.made_at) != timezone.localdate():
        return {}
    if newest.occasion not in {Occasion.BETWEEN, Occasion.CORE_GROUP}:
        return {}
    meeting, _ = meetings_of_versions([newest.pk]).get(newest.pk, (None, ""))
    occasion = f"{MEETING}{meeting}" if meeting else BETWEEN
    return {"occasion": occasion, "because": newest.because, "reason": newest.reason}


def _form(
    request: HttpRequest,
    plans: Sequence[Plan],
    kind: str,
    *,
    initial: dict[str, Any],
    row: Any = None,
    shown: dict[int, int] | None = None,
) -> Any:
    today = timezone.localdate()
    form_class: type[StatementForm] = ActionForm if kind == ACTION else EntryForm
    document = document_of(plans)
    above = {
        ACTION: [line for need in document.needs for outcome in need.outcomes if (line := outcome.line)],
        PlanEntryKind.OUTCOME: [line for need in document.needs if (line := need.line)],
    }.get(kind, [])
    own = {} if kind == ACTION else {"kind": kind}
    return kept_form(
        request,
        form_class,
        plans=plans,
        people=people_for(plans, on=today, also=[row] if row else []),
        private=names_for_private(plans, on=today),
        above=list({line.row.thread: line.row.text for line in above}.items()),
        meetings=meetings_of(plans),
        shown=shown,
        asks_why=any(current_version(plan) is not None for plan in plans),
        initial={**_last_time(plans[0], user_of(request)), **initial},
        **own,
    )


def _family_id(plan: Plan) -> int | None:
    family = family_of(plan.child)
    return family.pk if family else None


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _write_url(plan: Plan) -> str:
    return reverse("plans:write", args=[plan.pk])
