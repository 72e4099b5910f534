"""Views of what each person thinks about each child, before the chair decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

import charts
from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.selectors.children import short_name_of
from conferences.selectors.procedures import policy_of_conference
from conferences.services.guards import EditedMeanwhile
from meetings.enums import AnswerKind, Given
from meetings.forms.views_given import ViewForm
from meetings.models import View
from meetings.selectors.outcomes import harm_question
from meetings.selectors.readers import who_reads
from meetings.selectors.shown_answers import views_shown
from meetings.services.rounds import end_round
from meetings.services.views_given import record_view
from meetings.views.meeting import (
    draw,
    during_the_day,
    edited_together,
    give_reason,
    meeting,
    on_the_day,
    refuse_when_over,
)
from meetings.views.scores import child_of

GAVE_THEIR_OWN = (
    "They have just entered a view themselves. It is hidden until everyone has answered. Save yours again to "
    "replace it."
)
HAS_RECORDED = "has just recorded this view. It stays hidden. Submit yours again to replace it."


@during_the_day
def views(request: HttpRequest, pk: int) -> HttpResponse:
    """Redirect to the first child about whom someone has yet to be asked."""
    found = meeting(request, pk)
    open_ones = [row for row in found.children if row.pk not in found.decisions and found.views[row.pk].waiting]
    child = (open_ones or found.children)[0]
    return redirect("meetings:child-views", pk, child.pk)


@during_the_day
def child_views(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Show what each person thinks about one child, the family's own words, and the majority."""
    found = meeting(request, pk)
    child = child_of(found, child_pk)
    sheet = found.views[child.pk]
    return draw(
        request,
        found,
        "meetings/child_views.html",
        step="views",
        child=child,
        name=short_name_of(child.child),
        sheet=sheet,
        rule_words=sheet.rule.in_words(found.conference.authority.name, on_plan=child.pk in found.plans),
        blocks=charts.majority_blocks(sheet.majority.agreeing, sheet.majority.total),
        decision=found.decisions.get(child.pk),
    )


@during_the_day
def show_child_views(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Show the views that are in before everyone has answered, with the reason; for the chair."""
    found = meeting(request, pk, to="chair")
    refuse_when_over(found)
    child = child_of(found, child_pk)
    name = short_name_of(child.child)
    return give_reason(
        request,
        found,
        lambda data: end_round(
            kind=AnswerKind.VIEW, conference_child=child, by=user_of(request), now=timezone.now(), **data
        ),
        step="views",
        back="meetings:views",
        success_url=reverse("meetings:child-views", args=[pk, child.pk]),
        title=f"Show the views about {name} now",
        label="Why are you showing the views before everyone has answered?",
        button=f"Show the views about {name}",
        lead="After that no one can enter their own view about this child in this part. The coordinator still can.",
    )


@during_the_day
def view(request: HttpRequest, pk: int, child_pk: int, participant_pk: int) -> HttpResponse:
    """Record what one person thinks about one child, or why there is no view."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    child = child_of(found, child_pk)
    name = short_name_of(child.child)
    row = next((row for row in found.views[child.pk].rows if row.participant.pk == participant_pk), None)
    if row is None:
        raise Http404
    if child.pk in found.decisions:
        messages.info(request, f"The chair has decided for {name}. The views stay as they were given.")
        return redirect("meetings:child-views", pk, child.pk)
    policy = policy_of_conference(found.conference)
    initial: dict[str, object] = _as_typed(row.view) if row.view else {} if row.is_due else {"given": Given.NOT_ASKED}
    if row.is_hidden:
        # What is hidden is not shown here either; a view written down now takes its place.
        initial = {"version": row.version}
    form = kept_form(
        request,
        ViewForm,
        initial=initial,
        family=row.participant.is_family,
        definitions={category.code: category.definition for category in policy.categories},
        question=harm_question(name) if child.pk in found.plans else "",
        asks_category=policy.asks_category,
    )
    back = reverse("meetings:child-views", args=[pk, child.pk])

    def save(data: dict[str, Any]) -> View:
        try:
            return record_view(
                conference_child=child,
                participant=row.participant,
                by=user_of(request),
                now=timezone.now(),
                **{**data, "version": data["version"] or 0},
            )
        except EditedMeanwhile as refusal:
            theirs: Any = refusal.current
            if views_shown().filter(pk=theirs.pk).exists():
                raise
            form.data["version"] = str(theirs.version)  # type: ignore[index]
            words = GAVE_THEIR_OWN if theirs.is_own else f"{theirs.recorded_by.name} {HAS_RECORDED}"
            raise ValidationError(words) from None

    return edited_together(
        request,
        form,
        save,
        texts=("reason",),
        success_url=back,
        cancel_url=back,
        template_name="meetings/view.html",
        draw=on_the_day(found, step="views"),
        child=child,
        name=name,
        who_reads=who_reads(found, child),
        row=row,
    )


def _as_typed(given: View) -> dict[str, object]:
    return {
        name: getattr(given, name)
        for name in ("given", "harm", "still_harm", "status", "category", "reason", "version")
    }
