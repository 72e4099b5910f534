"""Scores at a core group meeting: entered for somebody, asked of children, ended and explored."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from core_groups.forms.attendance import agency_of
from core_groups.models import CoreGroupMember, MemberTurn, SeparateSitting
from core_groups.selectors.leading import carries_or_manages, leads
from core_groups.selectors.own_answers import own_scores_asked
from core_groups.selectors.recording import TheRecord
from core_groups.selectors.rounds import Rounds, rounds_read
from core_groups.services.own_answers import open_member_turn
from core_groups.services.rounds import ask_child_member, end_round, explore_scores
from core_groups.services.scores import record_meeting_score
from core_groups.views.on_page import scaling_of
from core_groups.views.recording import draw_record, meeting_url, open_record, page_of_record
from deadlines.policies.amounts import NOT_USED
from govuk.forms import ReasonForm
from govuk.generic import form_view
from meetings.forms.scores import ExploreForm, ScoreForm
from meetings.selectors.scores import ScoreSheet
from meetings.views.meeting import replaced_knowingly, tells_refusal
from plans.models import Plan


def _anchor(record: TheRecord, plan: Plan) -> str:
    return meeting_url(record, anchor=f"plan-{plan.pk}")


def _plan(record: TheRecord, plan_pk: int) -> Plan:
    plan = record.plan(plan_pk)
    if plan is None or scaling_of(record) == NOT_USED:
        raise Http404
    return plan


def record_score_at_meeting(
    request: HttpRequest, pk: int, meeting_pk: int, plan_pk: int, member_pk: int
) -> HttpResponse:
    """Record how safe one member thinks one child is. A recorded number is not shown again, not even here."""
    record = open_record(request, pk, meeting_pk)
    plan = _plan(record, plan_pk)
    rounds, sittings = rounds_read(record)
    member, sheet, row = _row(rounds, sittings, plan, member_pk)
    back, name = _anchor(record, plan), plan.child.person.short_name
    if row.is_over:
        return redirect(back)
    form = kept_form(
        request,
        ScoreForm,
        initial={"version": row.version},
        low_words=sheet.scale.low_words,
        high_words=sheet.scale.high_words,
        is_family=member.is_family,
    )
    return form_view(
        request,
        form,
        replaced_knowingly(
            form,
            lambda _: record_meeting_score(
                meeting=record.meeting,
                child=plan.child,
                member=member,
                by=user_of(request),
                now=timezone.now(),
                **form.score(),
            ),
            words="has just recorded this score. It stays hidden. Submit yours again to replace it.",
        ),
        success_url=back,
        success_message=f"The score for {name} is in.",
        cancel_url=back,
        template_name="core_groups/record_score.html",
        draw=draw_record(record, f"How safe is {name}?"),
        member=member,
        is_in=row.is_in,
        lead=f"What {member.person.full_name} thinks. Think of {name} only.",
    )


def _row(
    rounds: Rounds, sittings: list[SeparateSitting | None], plan: Plan, member_pk: int
) -> tuple[CoreGroupMember, ScoreSheet, Any]:
    for one in rounds.of_plan(plan, sittings):
        for row in one.sheet.rows:
            if row.participant.pk == member_pk:
                return row.participant, one.sheet, row
    raise Http404


def _round(
    request: HttpRequest, pk: int, meeting_pk: int, plan_pk: int, sitting_pk: int
) -> tuple[TheRecord, Plan, SeparateSitting | None, ScoreSheet]:
    """Return one round to whoever leads the meeting. Raises Http404."""
    record = open_record(request, pk, meeting_pk)
    plan = _plan(record, plan_pk)
    rounds, sittings = rounds_read(record)
    if not leads(user_of(request), record.meeting):
        raise Http404
    for one in rounds.of_plan(plan, sittings):
        if (one.sitting.pk if one.sitting else 0) == sitting_pk:
            return record, plan, one.sitting, one.sheet
    raise Http404


def show_scores(request: HttpRequest, pk: int, meeting_pk: int, plan_pk: int, sitting_pk: int) -> HttpResponse:
    """Show the scores of one round before everyone has answered, with the reason; for whoever leads the meeting."""
    record, plan, sitting, sheet = _round(request, pk, meeting_pk, plan_pk, sitting_pk)
    back, name = _anchor(record, plan), plan.child.person.short_name
    if sheet.is_over:
        return redirect(back)
    form = kept_form(
        request,
        ReasonForm,
        label="Why are you showing the scores before everyone has answered?",
        button=f"Show the scores for {name}",
    )
    return form_view(
        request,
        form,
        lambda data: end_round(
            meeting=record.meeting, child=plan.child, sitting=sitting, by=user_of(request), now=timezone.now(), **data
        ),
        success_url=back,
        cancel_url=back,
        template_name="core_groups/record_page.html",
        draw=draw_record(record, f"Show the scores for {name} now"),
        lead="After that no score for this child can be given or changed at this meeting.",
    )


def explore(request: HttpRequest, pk: int, meeting_pk: int, plan_pk: int, sitting_pk: int) -> HttpResponse:
    """Write down what explains that scores are far apart; for whoever leads the meeting."""
    record, plan, sitting, sheet = _round(request, pk, meeting_pk, plan_pk, sitting_pk)
    back, name = _anchor(record, plan), plan.child.person.short_name
    if not sheet.shown:
        return redirect(back)
    return form_view(
        request,
        kept_form(request, ExploreForm, initial={"text": sheet.explored}),
        lambda data: explore_scores(
            meeting=record.meeting, child=plan.child, sitting=sitting, by=user_of(request), **data
        ),
        success_url=back,
        cancel_url=back,
        template_name="core_groups/record_page.html",
        draw=draw_record(record, f"The scores for {name} are {sheet.spread} points apart"),
    )


def ask_child(request: HttpRequest, pk: int, meeting_pk: int, member_pk: int) -> HttpResponse:
    """Decide that a child of the group is asked for a score, with the reason; for key worker and managers."""
    record = open_record(request, pk, meeting_pk)
    member = record.member(member_pk)
    children = {plan.child.person_id for plan in record.plans}
    if member is None or member.person_id not in children or not carries_or_manages(user_of(request), record.group):
        raise Http404
    name, back = member.person.short_name, meeting_url(record)
    form = kept_form(request, ReasonForm, label=f"Why is it right to ask {name}?", button=f"Ask {name} for a score")
    return form_view(
        request,
        form,
        lambda data: ask_child_member(member=member, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        cancel_url=back,
        template_name="core_groups/record_page.html",
        draw=draw_record(record, f"Ask {name} for a score"),
        lead="Children are asked only where you decide so. They can always say that they would rather not.",
    )


@never_cache
def open_a_turn(request: HttpRequest, pk: int, meeting_pk: int, member_pk: int) -> HttpResponse:
    """Open a turn at the tablet for one member; its code is shown once and stored nowhere."""
    record = open_record(request, pk, meeting_pk)
    member = record.member(member_pk)
    if member is None:
        raise Http404
    made: list[tuple[MemberTurn, str]] = []
    if request.method == "POST":
        tells_refusal(
            request,
            lambda: made.append(
                open_member_turn(meeting=record.meeting, member=member, by=user_of(request), now=timezone.now())
            ),
        )
    title = "A turn at the tablet"
    context = {
        "person": member.person,
        "works_as": agency_of(member, family_id=record.group.family_id),
        "own": own_scores_asked(record.meeting, member, now=timezone.now()),
        "code": f"{made[0][1][:4]} {made[0][1][4:]}" if made else "",
        "turn": made[0][0] if made else None,
        "typed_at": request.build_absolute_uri(reverse("turn:type-code")),
    }
    return render(request, "core_groups/open_turn.html", {**page_of_record(record, title), **context})
