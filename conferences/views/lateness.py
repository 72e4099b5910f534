"""Explaining why a conference is after its time limit, and agreeing to it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from conferences.forms import AgreeLateForm, LateReasonForm
from conferences.selectors.lateness import agreements_of, days_over, is_past_limit, last_day_of, open_to
from conferences.services.late_dates import agree_to_late_date, explain_lateness
from conferences.views.page_context import on_page_of
from deadlines.policies import policy_of
from govuk.generic import form_view


def late_reason(request: HttpRequest, pk: int) -> HttpResponse:
    """Explain why a conference is after its time limit; there is nothing to explain of one within it."""
    conference = access_conference(request, pk, to="arrange")
    if not is_past_limit(conference, now=timezone.now()):
        raise Http404
    form = kept_form(
        request,
        LateReasonForm,
        policy=policy_of(conference.policy_version_id),
        initial={"late_cause": conference.late_cause, "late_reason": conference.late_reason},
    )
    return form_view(
        request,
        form,
        lambda data: explain_lateness(
            conference=conference,
            cause=data.get("late_cause", ""),
            reason=data.get("late_reason", ""),
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=reverse("conferences:overview", args=[conference.pk]),
        success_message="The reason is recorded.",
        cancel_url=reverse("conferences:overview", args=[conference.pk]),
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="overview"),
        title="Why is it after the time limit?",
        lead="The conference goes ahead either way. The minutes will say why it was late.",
    )


def agree_late(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree, as the team's manager or as the chair, to a conference after its time limit.

    Others who may open the conference can read who was asked and what they answered.
    """
    conference = access_conference(request, pk, to="agree" if request.method == "POST" else "read")
    user, today = user_of(request), timezone.localdate()
    asked = next(iter(open_to(user, conference, on=today)), None)
    rows = agreements_of(conference)
    given = [row for row in rows if row.is_given]
    if not rows:
        raise Http404
    form = kept_form(
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
    last = last_day_of(conference)
    return form_view(
        request,
        form,
        lambda data: agree_to_late_date(
            agreement=asked,  # type: ignore[arg-type]
            day=data["day"],
            cause=data.get("late_cause", ""),
            reason=data.get("late_reason", ""),
            interim_safety_plan=data.get("interim_safety_plan", ""),
            by=user,
            now=timezone.now(),
        ),
        success_url=reverse("conferences:overview", args=[conference.pk]),
        success_message="Your agreement is recorded.",
        cancel_url=reverse("conferences:overview", args=[conference.pk]),
        template_name="conferences/agree_late.html",
        draw=on_page_of(conference, tab="overview"),
        asked=asked,
        given=given,
        silent=[row for row in rows if not row.is_given and not row.is_overtaken],
        last=last,
        over=days_over(conference, asked.day, last=last) if last and asked else None,
    )
