"""Saying why a deadline is late, and agreeing to it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from deadlines.access import access_deadline
from deadlines.forms.late_causes import LateCauseForm
from deadlines.models import Deadline
from deadlines.policies import policy_of
from deadlines.selectors.late_causes import (
    BEFORE_BIRTH,
    TIMING,
    cause_label,
    causes_said,
    may_agree_to_cause,
    may_explain,
)
from deadlines.selectors.rows import title_of
from deadlines.services.late_causes import agree_to_cause, explain_late
from families.models import Child
from govuk.forms import GovukForm
from govuk.generic import form_view

# A limit before the birth may end on the very day of the strategy discussion: then nobody was slow.
PROPOSED = {BEFORE_BIRTH: TIMING}


def late_cause(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what makes a deadline late, and why, once; or change it in the open."""
    deadline, user, now = access_deadline(request, pk), user_of(request), timezone.now()
    if not may_explain(user, deadline, now=now):
        raise Http404
    said = next(iter(causes_said(deadline)), None)
    form = kept_form(
        request,
        LateCauseForm,
        policy=policy_of(deadline.policy_version_id),
        initial={"cause": said.cause, "reason": said.reason} if said else {"cause": PROPOSED.get(deadline.kind, "")},
    )
    back = reverse("deadlines:deadline", args=[pk])
    return form_view(
        request,
        form,
        lambda data: explain_late(deadline=deadline, by=user, now=timezone.now(), **data),
        success_url=back,
        success_message="It is recorded why this is late.",
        cancel_url=back,
        template_name="deadlines/late_cause.html",
        deadline=deadline,
        title=title_of(deadline.kind),
        child=_child_of(deadline),
        said=said,
    )


def agree_late_cause(request: HttpRequest, pk: int) -> HttpResponse:
    """Read why a deadline is late, and agree to it."""
    deadline, user = access_deadline(request, pk), user_of(request)
    said = next(iter(causes_said(deadline)), None)
    if said is None or not may_agree_to_cause(user, said):
        raise Http404
    back = reverse("deadlines:deadline", args=[pk])
    return form_view(
        request,
        kept_form(request, GovukForm),
        lambda _: agree_to_cause(cause=said, by=user, now=timezone.now()),
        button="Agree to this",
        success_url=back,
        success_message="Your agreement is recorded.",
        cancel_url=back,
        template_name="deadlines/agree_late_cause.html",
        deadline=deadline,
        title=title_of(deadline.kind),
        child=_child_of(deadline),
        said=said,
        label=cause_label(deadline, said.cause),
        explains=may_explain(user, deadline, now=timezone.now()),
    )


def _child_of(deadline: Deadline) -> Child | None:
    if deadline.child_id is None:
        return None
    return Child.objects.filter(pk=deadline.child_id).select_related("person").first()
