"""Views of how safe each child is in everyone's eyes: scored unseen, shown together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

import charts
from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.enums import Capacity
from conferences.models import ConferenceChild, Participant
from conferences.score_line import lines_of_scores
from conferences.selectors.children import short_name_of
from conferences.selectors.places_of_work import works_as
from conferences.selectors.procedures import policy_of_conference
from govuk.generic import form_view
from meetings.forms.scores import ExploreForm, ScoreForm, ShowForm
from meetings.selectors.attendance import who
from meetings.selectors.day_steps import TheDay
from meetings.selectors.readers import who_reads
from meetings.selectors.scores import ScoreRow, ScoreSheet
from meetings.services.rounds import ask_child, show_in_part
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
        asked=_asked(found, child, sheet),
        given=_given(found, sheet),
        scaling=policy_of_conference(found.conference).scaling,
        figure=figure_of(sheet, title=f"Scores for {name}") if sheet.shown else "",
        key=charts.scale_key(),
        question=request.GET.get("explore") == "again" or sheet.needs_exploring or posted,
        earlier=_earlier(found, child, name) if sheet.shown else [],
        children_there=_children_there(found, child),
    )


@dataclass(frozen=True)
class AskedLine:
    """One person who is asked, on the page, and where a recorder enters their score; empty where it is over."""

    row: ScoreRow
    works_as: str
    give_url: str = ""
    turn_url: str = ""
    not_here: str = "Not in this part"


@dataclass(frozen=True)
class GivenLine:
    """One score that is shown, on the page."""

    score: Any
    works_as: str
    move_url: str = ""


def _asked(found: TheDay, child: ConferenceChild, sheet: ScoreSheet) -> list[AskedLine]:
    pk, lines = found.conference.pk, []
    for row in sheet.rows:
        args = [pk, row.participant.pk]
        gives = found.is_open and not row.is_over
        lines.append(
            AskedLine(
                row,
                works_as(row.participant),
                give_url=reverse("meetings:score", args=[pk, child.pk, row.participant.pk]) if gives else "",
                turn_url=reverse("meetings:open-turn", args=args) if gives and (row.is_here or row.is_in) else "",
            )
        )
    return lines


def _given(found: TheDay, sheet: ScoreSheet) -> list[GivenLine]:
    moves = len(found.children) > 1
    return [
        GivenLine(
            score,
            works_as(score.participant),
            reverse("meetings:move-entry", args=[found.conference.pk, "score", score.pk]) if moves else "",
        )
        for score in sheet.given
    ]


def _earlier(found: TheDay, child: ConferenceChild, name: str) -> list[tuple[str, SafeString]]:
    """Return how safe the child was thought at earlier occasions, drawn; what is given today is on the page itself."""
    lines = lines_of_scores({child.child_id: name}, may_show=lambda score: score.conference != found.conference.pk)
    return lines[child.child_id]


def _children_there(found: TheDay, child: ConferenceChild) -> list[Participant]:
    """Return the children in the meeting, whom only the chair may have asked for a score."""
    rows = [row.participant for row in found.attendees if row.is_present and row.concerns(child)]
    return [row for row in rows if row.capacity == Capacity.CHILD]


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
    if sheet.shown or rows[0].is_over:
        messages.info(request, f"The scores for {name} have been shown. They stay as they were given.")
        return redirect("meetings:child-scores", pk, child.pk)
    participant = rows[0].participant
    form = kept_form(
        request,
        ScoreForm,
        initial={"version": rows[0].version},
        low_words=sheet.scale.low_words,
        high_words=sheet.scale.high_words,
        is_family=participant.is_family,
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
        lead="After that no score for this child can be given or changed in this part of the meeting.",
    )


@during_the_day
def choose_scores(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Let the chair choose which scores are shown in the part under way, where the meeting has several."""
    found = meeting(request, pk, to="chair")
    refuse_when_over(found)
    child = child_of(found, child_pk)
    sheet = found.scores[child.pk]
    back = reverse("meetings:child-scores", args=[pk, child.pk])
    if not sheet.is_to_choose or sheet.part is None:
        return redirect(back)
    name = short_name_of(child.child)
    given_in = {part.pk: str(part) for part in found.parts}
    choices = [
        (
            str(row.participant.pk),
            f"{who(row.participant)} (given in: {given_in.get(row.in_part or 0, 'an earlier sitting')})",
        )
        for row in sheet.choices
    ]
    here = [str(row.participant.pk) for row in sheet.choices if row.in_part == sheet.part.pk]
    return form_view(
        request,
        kept_form(request, ShowForm, choices=choices, initial={"participants": here}),
        lambda data: show_in_part(
            conference_child=child,
            participants=[int(one) for one in data["participants"]],
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=back,
        cancel_url=back,
        template_name="meetings/choose_scores.html",
        draw=on_the_day(found, step="scores"),
        child=child,
        name=name,
        part=sheet.part,
        kept=[row for row in sheet.kept_back if not row.may_be_shown],
    )


@during_the_day
def ask_child_to_score(request: HttpRequest, pk: int, child_pk: int, participant_pk: int) -> HttpResponse:
    """Decide that a child in the meeting is asked for a score, with the reason; for the chair."""
    found = meeting(request, pk, to="chair")
    refuse_when_over(found)
    child = child_of(found, child_pk)
    asked = next((row for row in _children_there(found, child) if row.pk == participant_pk), None)
    if asked is None:
        raise Http404
    name = asked.person.short_name
    return give_reason(
        request,
        found,
        lambda data: ask_child(participant=asked, by=user_of(request), now=timezone.now(), **data),
        step="scores",
        back="meetings:scores",
        success_url=reverse("meetings:child-scores", args=[pk, child.pk]),
        title=f"Ask {name} for a score",
        label=f"Why is it right to ask {name}?",
        button=f"Ask {name} for a score",
        lead="Children are asked only where you decide so. They can always say that they would rather not.",
    )
