"""Saying why a deadline is late, and agreeing to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from deadlines.access import DEADLINE_RULE, access_deadline
from deadlines.forms.late_causes import AgreeLateCauseForm, LateCauseForm
from deadlines.models import Deadline
from deadlines.policies import policy_of
from deadlines.selectors.late_causes import (
    ASKED_FOR,
    BEFORE_BIRTH,
    TIMING,
    cause_label,
    causes_said,
    explained_together,
    is_no_longer_asked_for,
    may_agree_to_cause,
    may_explain,
    same_statement,
)
from deadlines.selectors.rows import title_of
from deadlines.services.late_causes import agree_together, explain_together
from families.models import Child
from govuk import words
from govuk.generic import form_view

# A limit before the birth may end on the very day of the strategy discussion: then nobody was slow.
PROPOSED = {BEFORE_BIRTH: TIMING}


def late_cause(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what makes a deadline late, and why, once for all of its kind in the case; or change it in the open."""
    deadline, user, now = access_deadline(request, pk), user_of(request), timezone.now()
    if not may_explain(user, deadline, now=now):
        raise Http404
    said = next((one for one in causes_said(deadline) if one.replaced_at is None), None)
    several = _several(explained_together(user, deadline, now=now))
    form = kept_form(
        request,
        LateCauseForm,
        policy=policy_of(deadline.policy_version_id),
        several=[(row.pk, label) for row, label in several],
        initial={"cause": said.cause, "reason": said.reason} if said else {"cause": PROPOSED.get(deadline.kind, "")},
    )

    def save(data: dict[str, Any]) -> list[Deadline]:
        """Record it for those that are ticked; return those that are left."""
        ticked = form.ticked(data)
        chosen = [row for row, _ in several if ticked is None or row.pk in ticked]
        explain_together(deadlines=chosen, cause=data["cause"], reason=data["reason"], by=user, now=timezone.now())
        return [row for row, _ in several if row not in chosen]

    def next_page(left: list[Deadline]) -> str:
        if left and said is None:
            return reverse("deadlines:late-cause", args=[left[0].pk])
        return reverse("deadlines:deadline", args=[pk])

    return form_view(
        request,
        form,
        save,
        success_url=next_page,
        success_message=lambda left: _recorded(left if said is None else []),
        cancel_url=reverse("deadlines:deadline", args=[pk]),
        template_name="deadlines/late_cause.html",
        deadline=deadline,
        title=title_of(deadline.kind),
        several=several,
        said=said,
        asked_for=0 if said or not is_no_longer_asked_for(deadline, now=now) else ASKED_FOR.days,
    )


def _recorded(left: list[Deadline]) -> str:
    if not left:
        return "It is recorded why this is late."
    waiting = "One other still waits." if len(left) == 1 else f"{len(left)} others still wait."
    return f"It is recorded why this is late. {waiting}"


def agree_late_cause(request: HttpRequest, pk: int) -> HttpResponse:
    """Read why a deadline is late, with all those of which the same was said at once, and agree to it."""
    deadline, user = access_deadline(request, pk), user_of(request)
    said = next(iter(causes_said(deadline)), None)
    if said is None or not may_agree_to_cause(user, said):
        raise Http404
    causes = {
        row.deadline_id: row
        for row in same_statement(said).select_related("deadline")
        if may_agree_to_cause(user, row) and DEADLINE_RULE.right_of(user, row.deadline) is not None
    }
    several = _several([row.deadline for row in causes.values()])
    form = kept_form(request, AgreeLateCauseForm, several=[(row.pk, label) for row, label in several])

    def save(data: dict[str, Any]) -> None:
        ticked = form.ticked(data)
        chosen = [row for pk, row in causes.items() if ticked is None or pk in ticked]
        agree_together(causes=chosen, by=user, now=timezone.now())

    back = reverse("deadlines:deadline", args=[pk])
    return form_view(
        request,
        form,
        save,
        success_url=back,
        success_message="Your agreement is recorded.",
        cancel_url=back,
        template_name="deadlines/agree_late_cause.html",
        deadline=deadline,
        title=title_of(deadline.kind),
        several=several,
        said=said,
        label=cause_label(deadline, said.cause),
        explains=may_explain(user, deadline, now=timezone.now()),
    )


def _several(deadlines: Sequence[Deadline]) -> list[tuple[Deadline, str]]:
    """Return each with what or whom it is about, and its last day."""
    people = Child.objects.filter(pk__in=[row.child_id for row in deadlines if row.child_id]).select_related("person")
    names = {child.pk: child.person.full_name for child in people}
    found = []
    for row in deadlines:
        about = [text for text in (row.what, names.get(row.child_id or 0, "")) if text]
        found.append((row, ", ".join([*about, f"by {words.long_date(row.due_on)}"])))
    return found
