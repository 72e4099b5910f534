"""Plan in which parts a meeting is held, and who is in which."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from conferences.enums import SittingState
from conferences.forms.planned_parts import PlanPartsForm, typed_parts
from conferences.selectors.planned_parts import planned_for, planned_parts
from conferences.selectors.progress import current_sitting
from conferences.services.guards import EditedMeanwhile
from conferences.services.planned_parts import plan_parts
from conferences.views.page_context import on_page_of
from deadlines.working_days.arithmetic import civil_day
from govuk import words
from govuk.generic import form_view


def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan the parts of the next sitting: each person hears their own times only."""
    conference = access_conference(request, pk, to="plan parts")
    sitting = current_sitting(conference)
    if sitting is None or sitting.state != SittingState.BOOKED:
        raise Http404
    parts = planned_parts(sitting)
    people = planned_for(conference, parts)
    form = kept_form(
        request,
        PlanPartsForm,
        people=people,
        day=civil_day(sitting.starts_at),
        initial=typed_parts(parts, people, conference.version),
    )
    back = reverse("conferences:people", args=[pk])

    def save(data: dict[str, Any]) -> int:
        try:
            return plan_parts(
                conference=conference,
                parts=form.parts(),
                who=form.who(),
                version=data["version"] or 0,
                by=user_of(request),
                now=timezone.now(),
            )
        except EditedMeanwhile as refusal:
            form.data["version"] = str(refusal.current.version)  # type: ignore[index, attr-defined]
            raise

    return form_view(
        request,
        form,
        save,
        success_url=back,
        success_message=lambda sent: (
            f"The parts are saved. {words.count(sent, 'person is', 'people are')} sent their new times."
            if sent
            else "The parts are saved. No one’s own times have changed."
        ),
        cancel_url=back,
        template_name="conferences/plan_parts.html",
        draw=on_page_of(conference, tab="people"),
        sitting=sitting,
    )
