"""Pages about child in need plans: consent, what a manager decides about it, reviews, visits, members, the end."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from families.models import Person
from govuk.generic import form_view
from plans.access import access_plan
from plans.enums import CinMemberState, PlanKind
from plans.forms.cin import (
    CinMemberForm,
    CinVisitsForm,
    ConsentForm,
    DecideConsentForm,
    EndCinForm,
    HoldReviewForm,
    ProposeMemberForm,
    WithdrawForm,
)
from plans.models import Plan
from plans.selectors.consent import decides_consent, people_asked
from plans.selectors.document import people_for
from plans.services.cin import (
    decide_consent_matter,
    end_cin_plan,
    hold_cin_review,
    record_consent,
    set_cin_visits,
    settle_cin_member,
    withdraw_consent,
)
from plans.services.cin_members import propose_cin_member


def record_a_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what one person says about the plan, or why they were not asked."""
    plan = _carried(request, pk)
    persons = Person.objects.filter(pk__in=[one.pk for one in people_asked(plan, on=timezone.localdate())])
    form = kept_form(
        request, ConsentForm, persons=persons.order_by("pk"), initial={"answered_on": timezone.localdate()}
    )
    return _page(
        request,
        plan,
        form,
        lambda data: record_consent(plan=plan, by=user_of(request), now=timezone.now(), **data),
        title="Consent to the plan",
    )


def take_back_consent(request: HttpRequest, pk: int, consent_pk: int) -> HttpResponse:
    """Record that someone takes back their consent."""
    plan = _carried(request, pk)
    consent = get_object_or_404(plan.consents.select_related("plan", "person"), pk=consent_pk)
    return _page(
        request,
        plan,
        kept_form(request, WithdrawForm, initial={"withdrawn_on": timezone.localdate()}),
        lambda data: withdraw_consent(consent=consent, by=user_of(request), now=timezone.now(), **data),
        title=f"{consent.person.full_name} takes back consent",
        success_message="It is recorded. The plan goes on until a manager has decided.",
    )


def decide_consent(request: HttpRequest, pk: int, matter_pk: int) -> HttpResponse:
    """Decide, as a manager, what happens after a disagreement, refusal or withdrawal."""
    plan = access_plan(request, pk)
    user = user_of(request)
    matter = get_object_or_404(
        plan.consent_matters.select_related("consent__person", "plan", "raised_by"), pk=matter_pk
    )
    if not decides_consent(user, plan, on=timezone.localdate()):
        raise Http404
    form = kept_form(request, DecideConsentForm)

    def decide(data: dict[str, Any]) -> object:
        return decide_consent_matter(
            matter=matter,
            outcome=data["outcome"],
            reason=data["reason"],
            goes_on=form.help(),
            by=user,
            now=timezone.now(),
        )

    return _page(
        request,
        plan,
        form,
        decide,
        title=matter.get_kind_display(),
        template="plans/decide_consent.html",
        matter=matter,
    )


def record_a_cin_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the review meeting of a child in need plan."""
    plan = _carried(request, pk)
    form = kept_form(request, HoldReviewForm, people=people_for([plan], on=timezone.localdate()))

    def hold(data: dict[str, Any]) -> object:
        came, not_there = form.came_and_not()
        said = {name: data[name] for name in ("held_on", "progress", "note", "next_on")}
        return hold_cin_review(
            plan=plan, came=came, not_there=not_there, by=user_of(request), now=timezone.now(), **said
        )

    return _page(request, plan, form, hold, title="Record the review of the plan")


def set_visits(request: HttpRequest, pk: int) -> HttpResponse:
    """Set how often the child is visited under a child in need plan."""
    plan = _carried(request, pk)
    return _page(
        request,
        plan,
        kept_form(request, CinVisitsForm, initial={"every_working_days": plan.visit_every_working_days}),
        lambda data: set_cin_visits(plan=plan, by=user_of(request), now=timezone.now(), **data),
        title="How often is the child visited?",
    )


def propose_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose someone for the plan; the family is asked on the page that follows."""
    plan = _carried(request, pk)
    named = plan.cin_members.exclude(state=CinMemberState.LEFT_OUT)
    known = {(row.person_id, row.post_id) for row in named}
    people = {
        key: (who, said)
        for key, (who, said) in people_for([plan], on=timezone.localdate()).items()
        if (who[0].pk, who[1].pk if who[1] else None) not in known and who[0].pk != plan.child.person_id
    }
    form = kept_form(request, ProposeMemberForm, people=people)
    return _page(
        request,
        plan,
        form,
        lambda _: propose_cin_member(plan=plan, by=user_of(request), now=timezone.now(), **form.proposed()),
        title="Who else helps with the plan?",
        success_url=lambda member: reverse("plans:settle-member", args=[plan.pk, member.pk]),
        success_message="Proposed. Now ask the family.",
    )


def settle_member(request: HttpRequest, pk: int, proposed_pk: int) -> HttpResponse:
    """Let someone proposed into the plan, or leave them out."""
    plan = _carried(request, pk)
    member = get_object_or_404(plan.cin_members.select_related("person", "post", "plan"), pk=proposed_pk)
    initial = {"state": "" if member.state == "proposed" else member.state, "family_agrees": member.family_agrees}
    return _page(
        request,
        plan,
        kept_form(request, CinMemberForm, initial={**initial, "because": member.because}),
        lambda data: settle_cin_member(member=member, by=user_of(request), now=timezone.now(), **data),
        title=member.person.full_name,
    )


def end_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """End a child in need plan with why and what help goes on."""
    plan = _carried(request, pk)
    form = kept_form(request, EndCinForm)

    def end(data: dict[str, Any]) -> object:
        return end_cin_plan(
            plan=plan,
            reason=data["reason"],
            note=data["note"],
            goes_on=form.help(),
            by=user_of(request),
            now=timezone.now(),
        )

    return _page(request, plan, form, end, title="End the child in need plan", success_message="The plan has ended.")


def _carried(request: HttpRequest, pk: int) -> Plan:
    plan = access_plan(request, pk, to="carry")
    if plan.kind != PlanKind.CIN:
        raise Http404
    return plan


def _page(
    request: HttpRequest,
    plan: Plan,
    form: Any,
    save: Any,
    *,
    title: str,
    success_message: str = "Saved.",
    template: str = "plans/form_page.html",
    success_url: Any = None,
    **context: Any,
) -> HttpResponse:
    url = reverse("plans:plan", args=[plan.pk])
    return form_view(
        request,
        form,
        save,
        success_url=success_url or url,
        success_message=success_message,
        cancel_url=url,
        template_name=template,
        plan=plan,
        title=title,
        **context,
    )
