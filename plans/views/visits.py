"""Recording visits, correcting them, and seeing where they were."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.models import User
from families.forms import RevealForm
from families.models import AgencyInvolvement, Post
from families.selectors.agency_names import holder_on_page
from families.services import record_reveal
from govuk.forms import ReasonForm
from govuk.generic import form_view
from plans.access import access_plan
from plans.forms.visits import VisitForm
from plans.models import Plan, Visit
from plans.selectors.managers import family_of
from plans.selectors.visits import plans_visited_with, visits_with_hidden_place
from plans.services.visits import correct_visit, hides_place, record_visits, take_out_visit

RENAMED = {"made_on": "visited_at"}


def record_a_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a visit to the child, and to the brothers and sisters seen on the same occasion."""
    plan = access_plan(request, pk, to="carry")
    if not plan.is_open and request.method != "POST":
        messages.info(request, "This plan has ended. Visits can’t be added to it.")
        return redirect(_plan_url(plan))
    user, now = user_of(request), timezone.now()
    others = plans_visited_with(plan, user, on=timezone.localdate(now))
    form = kept_form(
        request,
        VisitForm,
        plan=plan,
        others=others,
        makers=_makers(plan, user),
        hidden=hides_place([row.child for row in (plan, *others)], on=timezone.localdate(now)),
    )
    return form_view(
        request,
        form,
        lambda _: record_visits(occasion=form.occasion(), children=form.children(), by=user, now=now),
        renamed=RENAMED,
        success_url=_plan_url(plan),
        success_message="The visit is recorded.",
        cancel_url=_plan_url(plan),
        template_name="plans/form_page.html",
        plan=plan,
        title="Record a visit",
    )


def correct_a_visit(request: HttpRequest, pk: int, visit_pk: int) -> HttpResponse:
    """Record a visit as it really was; the wrong entry stays, with the reason."""
    plan = access_plan(request, pk, to="carry")
    visit = _standing(plan, visit_pk)
    user, now = user_of(request), timezone.now()
    form = kept_form(
        request,
        VisitForm,
        plan=plan,
        makers=_makers(plan, user, visit),
        is_correction=True,
        initial=_as_recorded(visit),
    )

    def correct(data: dict[str, Any]) -> Visit:
        ((_, seen),) = form.children()
        return correct_visit(
            visit=visit, occasion=form.occasion(), seen=seen, because=data["because"], by=user, now=now
        )

    return form_view(
        request,
        form,
        correct,
        renamed=RENAMED,
        button="Correct the visit",
        success_url=_plan_url(plan),
        success_message="The visit is corrected. The wrong entry is kept, with your reason.",
        cancel_url=_plan_url(plan),
        template_name="plans/form_page.html",
        plan=plan,
        visit=visit,
        title="Correct a visit",
    )


def take_out_a_visit(request: HttpRequest, pk: int, visit_pk: int) -> HttpResponse:
    """Record that a visit never took place; the entry stays, with the reason."""
    plan = access_plan(request, pk, to="carry")
    visit = _standing(plan, visit_pk)
    form = kept_form(
        request,
        ReasonForm,
        label="What was wrong?",
        field="because",
        required="Say what was wrong",
        max_length=500,
        help_text="The entry is kept, with this reason and your name, and no longer counts.",
        button="Take the visit out",
    )
    return form_view(
        request,
        form,
        lambda data: take_out_visit(visit=visit, by=user_of(request), now=timezone.now(), **data),
        success_url=_plan_url(plan),
        success_message="The visit no longer counts. The entry is kept, with your reason.",
        cancel_url=_plan_url(plan),
        template_name="plans/form_page.html",
        plan=plan,
        visit=visit,
        title="This visit did not take place",
    )


@never_cache
def reveal_places(request: HttpRequest, pk: int) -> HttpResponse:
    """Show once where visits took place whose place is confidential, against a recorded reason."""
    plan = access_plan(request, pk)
    family = family_of(plan.child)
    if family is None:
        raise Http404
    form = RevealForm(request.POST if request.method == "POST" else None)
    form.cancel_url = _plan_url(plan)
    context: dict[str, Any] = {"plan": plan, "title": "Where visits took place", "form": form}
    if form.is_valid() and form.accepts(
        lambda: record_reveal(
            family=family, by=user_of(request), reason=form.cleaned_data["reason"], now=timezone.now()
        )
    ):
        context["visits"] = visits_with_hidden_place(plan)
    return render(request, "plans/reveal_places.html", context)


def _makers(plan: Plan, user: User, visit: Visit | None = None) -> dict[str, tuple[User | Post, str]]:
    """Return who may have made a visit, with their words: the user, whoever carries the plan, those at agencies."""
    found: dict[str, tuple[User | Post, str]] = {}
    workers = [row.user for row in plan.key_workers.filter(ends_on__isnull=True).select_related("user")]
    made_by = visit.made_by if visit else None
    for worker in dict.fromkeys(one for one in (made_by, user, *workers) if one is not None):
        found[f"user:{worker.pk}"] = (worker, f"I did ({worker.name})" if worker == user else worker.name)
    family = family_of(plan.child)
    known = AgencyInvolvement.objects.current(on=timezone.localdate()).filter(child=plan.child_id, post__isnull=False)
    posts = Post.objects.filter(pk__in=known.values("post")).select_related("person", "agency").order_by("pk")
    for post in [*([visit.by_post] if visit and visit.by_post else []), *posts]:
        found.setdefault(f"post:{post.pk}", (post, holder_on_page(post, family.pk if family else None)))
    return found


def _standing(plan: Plan, visit_pk: int) -> Visit:
    rows = Visit.objects.standing().filter(plan=plan)
    return get_object_or_404(rows.select_related("made_by", "by_post__person", "by_post__agency"), pk=visit_pk)


def _as_recorded(visit: Visit) -> dict[str, Any]:
    """Return a visit as the form asks about it; a confidential place is typed again."""
    pk = visit.plan_id
    return {
        "visited_at": timezone.localtime(visit.made_at),
        "maker": f"user:{visit.made_by_id}" if visit.made_by_id else f"post:{visit.by_post_id}",
        "announced": visit.announced,
        "where": "" if visit.where_hidden else visit.where,
        "where_hidden": visit.where_hidden,
        "who_else": visit.who_else,
        f"child_seen_{pk}": "yes" if visit.child_seen else "no",
        f"next_try_on_{pk}": visit.next_try_on,
        **{
            f"{name}_{pk}": getattr(visit, name)
            for name in ("seen_alone", "bedroom_seen", "childs_words", "not_seen_because", "note")
        },
    }


def _plan_url(plan: Plan) -> str:
    return reverse("plans:plan", args=[plan.pk])
