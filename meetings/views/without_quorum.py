"""Views for going on without a quorum, and for agreeing to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from govuk.forms import GovukForm
from govuk.generic import form_view
from meetings.forms.without_quorum import WithoutQuorumForm, quorum_facts
from meetings.selectors.day_steps import TheDay
from meetings.selectors.without_quorum import may_agree
from meetings.services.without_quorum import agree_without_quorum, go_on_without_quorum
from meetings.views.meeting import during_the_day, meeting, on_the_day, refuse_when_over


class AgreeForm(GovukForm):
    """One button."""

    button = "Agree to going on"


@during_the_day
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Write, as the chair, why the meeting goes on without a quorum."""
    found = meeting(request, pk, to="chair")
    refuse_when_over(found)
    if not found.is_open:
        messages.error(request, "Open the meeting first.")
        return redirect("meetings:day", pk)
    going_on = found.going_on
    form = kept_form(request, WithoutQuorumForm, rule=going_on.rule, initial=_written_before(found))
    return form_view(
        request,
        form,
        lambda data: go_on_without_quorum(
            conference=found.conference,
            facts=quorum_facts(data, going_on.rule),
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=reverse("meetings:attendance", args=[pk]),
        success_message="It is recorded why the meeting goes on.",
        cancel_url=reverse("meetings:attendance", args=[pk]),
        template_name="meetings/without_quorum.html",
        draw=on_the_day(found, step="people"),
        going_on=going_on,
        quorum=found.quorum,
        never=list(filter(None, (going_on.why_never(child) for child in found.children))),
    )


def _written_before(found: TheDay) -> dict[str, Any]:
    record = found.going_on.record
    if record is None:
        return {}
    condition = {label[:250]: key for key, label in found.going_on.rule.conditions}.get(record.condition, "")
    return {"condition": condition, **{f"need_{at}": text for at, text in enumerate(record.written)}}


@during_the_day
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Read why the meeting goes on without a quorum; whoever the procedures name agrees to it here."""
    found = meeting(request, pk)
    record, user = found.going_on.record, user_of(request)
    if record is None:
        if request.method == "POST":
            raise Http404
        return redirect("meetings:attendance", pk)
    asked = not record.is_agreed and record.asked_by_id != user.pk and may_agree(user, found.conference)
    if request.method == "POST" and not asked:
        raise Http404
    return form_view(
        request,
        kept_form(request, AgreeForm),
        lambda _: agree_without_quorum(conference=found.conference, by=user, now=timezone.now()),
        success_url=reverse("meetings:attendance", args=[pk]),
        success_message="Your agreement is recorded.",
        template_name="meetings/agree_without_quorum.html",
        draw=on_the_day(found, step="people"),
        record=record,
        asked=asked,
    )
