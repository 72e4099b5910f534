"""Views of how safe each child is in everyone's eyes: scored unseen, shown together."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

import charts
from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.models import ConferenceChild
from conferences.selectors.children import short_name_of
from conferences.selectors.procedures import policy_of_conference
from govuk.generic import form_view
from meetings.forms.scores import ExploreForm, ScoreForm
from meetings.selectors.day_steps import TheDay
from meetings.selectors.readers import who_reads
from meetings.selectors.scores import ScoreSheet
from meetings.services.scores import explore_spread, record_score, show_scores
from meetings.views.meeting import (
    during_the_day,
    give_reason,
    meeting,
    on_the_day,
    refuse_when_over,
    replaced_knowingly,
)


def child_of(found: TheDay, child_pk: int) -> ConferenceChild:
    """Return the child of this conference with that id. Raises Http404 for any other."""
    for row in found.children:
        if row.pk == child_pk:
            return row
    raise Http404


@during_the_day
def scores(request: HttpRequest, pk: int) -> HttpResponse:
    """Redirect to the first child whose scores are not done."""
    found = meeting(request, pk)
    open_ones = [
        row for row in found.children if not found.scores[row.pk].shown or found.scores[row.pk].needs_exploring
    ]
    child = (open_ones or found.children)[0]
    return redirect("meetings:child-scores", pk, child.pk)


@during_the_day
def child_scores(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Show who has scored one child and, once they are shown, everyone's score on one line."""
    posted = request.method == "POST"
    found = meeting(request, pk, to="record" if posted else "read")
    child = child_of(found, child_pk)
    sheet = found.scores[child.pk]
    name = short_name_of(child.child)
    return form_view(
        request,
        kept_form(request, ExploreForm, initial={"text": child.spread_explored}),
        lambda data: explore_spread(conference_child=child, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("meetings:scores", args=[pk]),
        template_name="meetings/child_scores.html",
        draw=on_the_day(found, step="scores"),
        child=child,
        name=name,
        who_reads=lambda: who_reads(found, child),
        sheet=sheet,
        scaling=policy_of_conference(found.conference).scaling,
        figure=figure_of(sheet, title=f"Scores for {name}") if sheet.shown else "",
        key=charts.scale_key(),
        question=request.GET.get("explore") == "again" or sheet.needs_exploring or posted,
    )


def figure_of(sheet: ScoreSheet, *, title: str) -> SafeString:
    """Return the scores of one child, drawn on the council's scale."""
    return charts.scale_figure(
        [
            charts.Score(
                name=score.participant.person.full_name, value=score.value or 0, family=score.participant.is_family
            )
            for score in sheet.given
        ],
        low_words=sheet.scale.low_words,
        high_words=sheet.scale.high_words,
        title=title,
        shade_to=sheet.scale.indicates_plan_up_to,
        shade_words=(
            f"0 to {sheet.scale.indicates_plan_up_to} usually means a child protection plan"
            if sheet.scale.indicates_plan_up_to is not None
            else ""
        ),
    )


@during_the_day
def score(request: HttpRequest, pk: int, child_pk: int, participant_pk: int) -> HttpResponse:
    """Record one person's score for one child. A recorded number is not shown again, not even here."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    child = child_of(found, child_pk)
    sheet = found.scores[child.pk]
    rows = [row for row in sheet.rows if row.participant.pk == participant_pk]
    if not rows:
        raise Http404
    name = short_name_of(child.child)
    if sheet.shown:
        messages.info(request, f"The scores for {name} have been shown. They stay as they were given.")
        return redirect("meetings:child-scores", pk, child.pk)
    participant = rows[0].participant
    form = kept_form(
        request,
        ScoreForm,
        initial={"version": rows[0].version},
        low_words=sheet.scale.low_words,
        high_words=sheet.scale.high_words,
    )
    back = reverse("meetings:child-scores", args=[pk, child.pk])
    return form_view(
        request,
        form,
        replaced_knowingly(
            form,
            lambda _: record_score(
                conference_child=child, participant=participant, by=user_of(request), now=timezone.now(), **form.score()
            ),
            words="has just recorded this score. It stays hidden. Submit yours again to replace it.",
        ),
        success_url=back,
        cancel_url=back,
        template_name="meetings/score.html",
        draw=on_the_day(found, step="scores"),
        child=child,
        name=name,
        who_reads=who_reads(found, child),
        sheet=sheet,
        participant=participant,
        is_in=rows[0].is_in,
    )


@during_the_day
def show_child_scores(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Show one child's scores before everyone has answered, with the reason; for the chair."""
    found = meeting(request, pk, to="chair")
    refuse_when_over(found)
    child = child_of(found, child_pk)
    name = short_name_of(child.child)
    return give_reason(
        request,
        found,
        lambda data: show_scores(conference_child=child, by=user_of(request), now=timezone.now(), **data),
        step="scores",
        back="meetings:scores",
        success_url=reverse("meetings:child-scores", args=[pk, child.pk]),
        title=f"Show the scores for {name} now",
        label="Why are you showing the scores before everyone has answered?",
        button=f"Show the scores for {name}",
        lead="After that no score for this child can be given or changed.",
    )
