"""Answering why a conference is after its time limit, and agreeing to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import drafts
from conferences.access import access_conference
from conferences.forms import AgreeLateForm, LateReasonForm
from conferences.frame import frame
from conferences.selectors.lateness import agreements_of, days_over, last_day_of, open_to
from conferences.services.agreeing import agree_to_late_date
from conferences.services.scheduling import explain_lateness
from deadlines.policies import policy_of
from families.views.parts import signed_in


def late_reason(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer why a conference is booked after the time limit."""
    conference = access_conference(request, pk, to="arrange")
    form = drafts.kept_form(
        request,
        LateReasonForm,
        policy=policy_of(conference.policy_version_id),
        initial={"late_cause": conference.late_cause, "late_reason": conference.late_reason},
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: explain_lateness(
                conference=conference,
                cause=form.cleaned_data["late_cause"],
                reason=form.cleaned_data["late_reason"],
                by=signed_in(request),
            )
        )
    ):
        messages.success(request, "The reason is recorded.")
        return redirect("conferences:overview", conference.pk)
    context = {
        **frame(conference, user=signed_in(request), tab="overview", today=timezone.localdate()),
        "form": form,
        "title": "Why is it after the time limit?",
        "lead": "The conference goes ahead either way. The record says why it was late.",
        "button": "Save the reason",
        "back_url": reverse("conferences:overview", args=[conference.pk]),
    }
    return render(request, "conferences/form_page.html", context)


def agree_late(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree, as the team's manager or as the chair, to a conference after its time limit.

    Everybody else who may open the conference reads who was asked and what they answered.
    """
    conference = access_conference(request, pk, to="agree" if request.method == "POST" else "read")
    user, today = signed_in(request), timezone.localdate()
    asked = next(iter(open_to(user, conference, on=today)), None)
    rows = agreements_of(conference)
    given = [row for row in rows if row.is_given]
    if not rows:
        raise Http404
    form = drafts.kept_form(
        request,
        AgreeLateForm,
        policy=policy_of(conference.policy_version_id),
        initial={
            "day": asked.day if asked else None,
            "late_cause": conference.late_cause,
            "late_reason": conference.late_reason,
            "interim_safety_plan": given[-1].agreement.interim_safety_plan if given else "",
        },
    )
    if request.method == "POST" and asked is None:
        return redirect("conferences:overview", conference.pk)
    if request.method == "POST" and asked is not None and form.is_valid():
        data = form.cleaned_data
        if form.accepts(
            lambda: agree_to_late_date(
                agreement=asked,
                day=data["day"],
                cause=data["late_cause"],
                reason=data["late_reason"],
                interim_safety_plan=data["interim_safety_plan"],
                by=user,
                now=timezone.now(),
            )
        ):
            messages.success(request, "Your agreement is recorded.")
            return redirect("conferences:overview", conference.pk)
    last = last_day_of(conference)
    context = {
        **frame(conference, user=user, tab="overview", today=today),
        "form": form,
        "asked": asked,
        "given": given,
        "silent": [row for row in rows if not row.is_given and not row.is_overtaken],
        "last": last,
        "over": days_over(conference, asked.day, last=last) if last and asked else None,
    }
    return render(request, "conferences/agree_late.html", context)
