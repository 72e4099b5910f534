"""How a decision was explained to the family, recorded in the room or after it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.selectors.children import short_name_of
from govuk.forms import ReasonForm
from govuk.generic import form_view
from meetings.forms.explanations import ExplanationForm
from meetings.models import Explanation
from meetings.selectors.explanations import told_of_decision
from meetings.services.explanations import record_explanation, take_back_explanation
from meetings.views.meeting import during_the_day, meeting, on_the_day


@during_the_day
def explain_decision(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Record who explained the decision to whom, and in what words they understood it."""
    found = meeting(request, pk, to="correct")
    decision = found.decisions.get(child_pk)
    if decision is None:
        messages.error(request, "The chair has not decided for this child yet.")
        return redirect("meetings:decisions", pk)
    today = timezone.localdate()
    people = told_of_decision(decision, on=today)
    form = kept_form(request, ExplanationForm, people=people, initial={"told_on": today})
    back = reverse("meetings:decisions", args=[pk])
    return form_view(
        request,
        form,
        lambda _: record_explanation(decision=decision, by=user_of(request), now=timezone.now(), **form.told()),
        success_url=f"{back}#child-{child_pk}",
        success_message="It is recorded. It goes into the minutes that are prepared from now on.",
        cancel_url=back,
        template_name="meetings/explain.html",
        draw=on_the_day(found, step="decisions"),
        decision=decision,
        name=short_name_of(decision.conference_child.child),
    )


@during_the_day
def take_back(request: HttpRequest, pk: int, child_pk: int, explanation_pk: int) -> HttpResponse:
    """Take back a wrong entry of how a decision was explained, with the reason."""
    found = meeting(request, pk, to="correct")
    decision = found.decisions.get(child_pk)
    rows = Explanation.objects.filter(decision=decision, pk=explanation_pk, taken_back_at__isnull=True)
    row = rows.select_related("person").first() if decision else None
    if row is None:
        raise Http404
    form = kept_form(
        request,
        ReasonForm,
        label="Why is this entry wrong?",
        field="because",
        required="Say why this entry is wrong",
        max_length=250,
        button="Take it back",
    )
    back = reverse("meetings:decisions", args=[pk])
    return form_view(
        request,
        form,
        lambda data: take_back_explanation(explanation=row, by=user_of(request), now=timezone.now(), **data),
        success_url=f"{back}#child-{child_pk}",
        success_message="The entry is taken back. It stays in the record, with your reason.",
        cancel_url=back,
        template_name="meetings/reason.html",
        draw=on_the_day(found, step="decisions"),
        title=f"Take back what is recorded about {row.person.full_name}",
    )
