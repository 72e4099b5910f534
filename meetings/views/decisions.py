"""Views of the chair's decision for each child: plan and views first, then the form, then a last check."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone

import charts
from accounts.access import user_of
from accounts.drafts.forms import forget, kept_form
from accounts.enums import Role
from accounts.models import RoleAssignment, User
from conferences.access import access_conference, may
from conferences.enums import Category, EndsBecause, Outcome, PlanEffect, StillHarm
from conferences.models import Conference, ConferenceChild
from conferences.selectors.children import short_name_of
from conferences.selectors.procedures import policy_of_conference
from families.enums import Answer
from govuk.cleaning import posted_again
from govuk.drafts import OWNER_FIELD
from govuk.forms import BeyondTheForm
from govuk.generic import form_view
from govuk.words import count, listed
from meetings.forms.decisions import DecisionForm, DissentForm
from meetings.selectors.corrections import corrections_of
from meetings.selectors.day_steps import TheDay
from meetings.selectors.explanations import explanations_of
from meetings.selectors.next_dates import what_will_follow
from meetings.selectors.offered import actions_to_share, next_undecided, offered_for
from meetings.selectors.outcomes import ENDED, Answers, Choices, advised_in_words
from meetings.selectors.outline import actions_for, actions_of
from meetings.selectors.readers import who_reads
from meetings.services.decisions import (
    WITH_A_PLAN,
    DecisionFacts,
    asked_for_consent,
    check_decision,
    decide_for,
    lock_to_decide,
    record_dissent,
)
from meetings.views.meeting import HIDDEN, draw, during_the_day, meeting, on_the_day, refuse_when_over


@during_the_day
def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every child with the decision, or what is still missing before it."""
    found = meeting(request, pk)
    now = timezone.now()
    corrections = list(corrections_of(found.conference)) if found.is_closed else []
    told = explanations_of(found.decisions.values())
    rows = [
        {
            "corrections": [row for row in corrections if row.decision.conference_child_id == child.pk and row.made_at],
            "child": child,
            "name": short_name_of(child.child),
            "decision": found.decisions.get(child.pk),
            "against": _why_against(found, child),
            "explained": told.get(found.decisions[child.pk].pk, []) if child.pk in found.decisions else [],
            "said_of_harm": found.views_of(child).harm_words,
            "advised": advised_in_words(found.decisions[child.pk].also_advised) if child.pk in found.decisions else "",
            "missing": [] if child.pk in found.decisions else found.missing_for(child),
            "plan": found.plans.get(child.pk),
            "no_end": ""
            if child.pk in found.decisions or not found.is_open
            else found.choices_for(child, at=now).why_no_end,
        }
        for child in found.children
    ]
    withdrawn = found.conference.children.filter(withdrawn_at__isnull=False).select_related("child__person")
    may_explain = may(user_of(request), found.conference, to="correct")
    may_correct = found.is_closed and may(user_of(request), found.conference, to="correct")
    return draw(
        request,
        found,
        "meetings/decisions.html",
        step="decisions",
        rows=rows,
        withdrawn=withdrawn,
        may_correct=may_correct,
        may_explain=may_explain,
    )


def _why_against(found: TheDay, child: ConferenceChild) -> str:
    decision = found.decisions.get(child.pk)
    if decision is None or not decision.against_majority_reason:
        return ""
    rule = found.views_of(child).rule
    return rule.reason_against(decision.outcome, decision.on_plan, decision.against_majority_reason)


def _child(request: HttpRequest, found: TheDay, child_pk: int) -> ConferenceChild | None:
    """Return the child, or None with a message if the child is no longer in the conference."""
    child = next((row for row in found.children if row.pk == child_pk), None)
    if child is None:
        messages.error(request, "This child is not in the conference, so nothing can be decided for them here.")
    elif child.pk in found.decisions:
        messages.info(request, f"The chair has decided for {short_name_of(child.child)}.")
        return None
    return child


def facts_of_form(found: TheDay, child: ConferenceChild) -> dict[str, Any]:
    """Return what a decision form needs to know about the meeting and the child."""
    sitting = found.sitting
    on = sitting.day if sitting else timezone.localdate()
    authority = found.conference.authority_id
    workers = User.objects.filter(
        is_active=True,
        roles__in=RoleAssignment.objects.current(on=on).filter(
            authority=authority, role__in=[Role.SOCIAL_WORKER, Role.TEAM_MANAGER]
        ),
    ).distinct()
    return {
        "day": found,
        "child": child,
        "policy": policy_of_conference(found.conference),
        "workers": workers,
        "asked": lambda: asked_for_consent(child, on=on),
        "missing": found.missing_for(child),
        "rule": found.views_of(child).rule,
        "choices": found.choices_for(child, at=timezone.now()),
    }


@during_the_day
def decide(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Show plan, views, majority and the chair's form. Submitting it leads to a last check, not a decision."""
    found = meeting(request, pk, to="chair")
    refuse_when_over(found)
    child = _child(request, found, child_pk)
    if child is None:
        return redirect("meetings:decisions", pk)
    if not found.is_open:
        messages.error(request, "Open the meeting first. The plan and the views come before the decision.")
        return redirect("meetings:day", pk)
    facts = facts_of_form(found, child)
    offered, offered_from = offered_for(found, child)
    form = kept_form(request, DecisionForm, initial=offered, **facts)
    if request.method == "POST":
        if "back" in request.POST:
            form.hides_errors = True
        elif form.is_valid() and _checked(form, found, child):
            return _last_look(request, found, child, form)
    return _draw_form(request, found, child, form, missing=facts["missing"], offered_from=offered_from)


def _checked(form: DecisionForm, found: TheDay, child: ConferenceChild) -> bool:
    """Apply the service's rules before the last check, so that nothing is refused after it."""
    if found.sitting is None:
        return False
    sitting = found.sitting
    return form.accepts(
        lambda: check_decision(day=found, child=child, sitting=sitting, facts=form.facts(), choices=form.choices)
    )


def _draw_form(
    request: HttpRequest,
    found: TheDay,
    child: ConferenceChild,
    form: DecisionForm,
    *,
    missing: list[str],
    offered_from: str = "",
) -> HttpResponse:
    sheet, actions = found.views[child.pk], list(actions_of(found.conference))
    outcome = str(form["outcome"].value() or "")
    form.ask_consent()
    form.button = f"Check the decision for {short_name_of(child.child)}"
    form.helper.form_action = reverse("meetings:decide", args=[found.conference.pk, child.pk])
    return draw(
        request,
        found,
        "meetings/decide.html",
        step="decisions",
        form=form,
        child=child,
        name=short_name_of(child.child),
        who_reads=who_reads(found, child),
        sheet=sheet,
        rule_words=sheet.rule.in_words(found.conference.authority.name, on_plan=form.choices.plan is not None),
        too_early=found.plan_too_early_for(child),
        plan_first=policy_of_conference(found.conference).plan_before_decision,
        missing=missing,
        plan=form.choices.plan,
        no_end=form.choices.why_not(Outcome.CP_PLAN) or form.choices.why_no_end,
        actions=actions_for(child, actions=actions),
        to_share=actions_to_share(child, actions),
        offered_from=offered_from,
        blocks=charts.majority_blocks(sheet.majority.agreeing, sheet.majority.total),
        follows=[
            (
                label,
                what_will_follow(
                    found.conference,
                    outcome=value,
                    sitting=found.sitting,
                    plan=form.choices.plan,
                    effect=form.choices.effect(Answers(value, refusal_changes=StillHarm.NO)),
                ),
            )
            for value, label in form.choices.offered
            if (value == outcome if outcome in dict(form.choices.offered) else value in WITH_A_PLAN)
            if found.sitting
        ],
    )


@during_the_day
def check_decision_page(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Show the decision as it will stand, to be read out, with the button that makes it."""
    conference = access_conference(request, pk, to="chair")
    if request.method != "POST":
        return redirect("meetings:decide", pk, child_pk)
    chair = user_of(request)
    try:
        with transaction.atomic():
            # The form is built from the locked rows, and the service judges by the same data.
            locked = lock_to_decide(conference=conference, child=ConferenceChild(pk=child_pk), chair=chair)
            name = short_name_of(locked.child.child)
            if locked.standing is not None:
                messages.info(request, f"The chair has decided for {name}.")
                return _go_on(conference, locked.child)
            facts = facts_of_form(locked.day, locked.child)
            form = DecisionForm(request.POST, **facts)
            if form.is_valid() and form.accepts(
                lambda: decide_for(locked, facts=form.facts(), chair=chair, now=timezone.now())
            ):
                messages.success(request, f"Decided for {name}.")
                return _go_on(conference, locked.child)
            transaction.set_rollback(True)
    except BeyondTheForm:
        raise
    except ValidationError as refusal:
        forget(request)
        messages.error(request, " ".join(refusal.messages))
        return redirect("meetings:decisions", pk)
    found = TheDay(conference)
    child = next(row for row in found.children if row.pk == child_pk)
    return _draw_form(request, found, child, form, missing=facts["missing"])


def _go_on(conference: Conference, decided: ConferenceChild) -> HttpResponse:
    """Lead to the next child for whom the chair has yet to decide; after the last one to all decisions."""
    following = next_undecided(conference, decided)
    if following is None:
        return redirect("meetings:decisions", conference.pk)
    return redirect("meetings:decide", conference.pk, following)


def _last_look(request: HttpRequest, found: TheDay, child: ConferenceChild, form: DecisionForm) -> HttpResponse:
    facts = form.facts()
    name = short_name_of(child.child)
    return draw(
        request,
        found,
        "meetings/check_decision.html",
        step="decisions",
        child=child,
        name=name,
        rows=_read_out(found, child, facts, form.choices),
        effects=_effects(found, child, facts, form.choices),
        follows=what_will_follow(
            found.conference,
            outcome=facts.outcome,
            sitting=found.sitting,  # type: ignore[arg-type]
            visit_every=facts.visit_every_working_days,
            plan=form.choices.plan,
            effect=form.choices.effect(facts.answers),
        ),
        button=f"Decide: {_in_words(facts, form.choices, name=name, starts_small=True)}",
        carried=posted_again(request.POST, without=HIDDEN - {OWNER_FIELD}),
    )


def _in_words(facts: DecisionFacts, choices: Choices, *, name: str, starts_small: bool = False) -> str:
    """Return for example "Child protection plan for Wren"; where a plan is in force, also what becomes of it."""
    label = dict(choices.offered)[facts.outcome].replace(". The plan", ", and the plan")
    return f"{label[0].lower() if starts_small else label[0]}{label[1:]} for {name}"


def _read_out(found: TheDay, child: ConferenceChild, facts: DecisionFacts, choices: Choices) -> list[dict[str, Any]]:
    """Return the decision as the chair reads it out, row by row, without rows that do not apply."""
    sheet = found.views[child.pk]
    consents = [f"{row.person.full_name}: {_answer(row.answer)}" for row in facts.consents]
    missing = found.missing_for(child)
    every = facts.visit_every_working_days
    rows = [
        (choices.question, StillHarm(facts.still_harm).label if facts.still_harm else ""),
        ("What everyone else answered", sheet.harm_words),
        ("Does the refusal change that?", StillHarm(facts.refusal_changes).label if facts.refusal_changes else ""),
        ("Status", _in_words(facts, choices, name=child.child.person.full_name)),
        ("Main category", Category(facts.main_category).label if facts.main_category else ""),
        ("Other categories", listed([Category(code).label for code in facts.categories[1:]])),
        ("Views", f"{sheet.majority.words}. {sheet.majority.agency_words}".strip()),
        (
            "Against most views because",
            sheet.rule.reason_against(facts.outcome, choices.effect(facts.answers), facts.against_majority_reason),
        ),
        ("Why the plan ends", EndsBecause(because).label if (because := _ended_because(facts, choices)) else ""),
        ("Why", facts.rationale),
        ("Still missing", "; ".join(missing)),
        ("Decided without it because", facts.went_on_reason if missing else ""),
        ("Help offered", facts.help_offered),
        ("Also advised", advised_in_words(facts.also_advised)),
        ("Key worker", facts.key_worker.name if facts.key_worker else ""),
        ("Core group", listed([row.person.full_name for row in facts.core_group])),
        ("Visits", f"Every {count(every, 'working day')}" if every else ""),
        ("Why visits are that far apart", facts.visit_reason),
        ("Consent", "; ".join(consents)),
    ]
    return [{"key": key, "value": linebreaksbr(value)} for key, value in rows if value]


def _ended_because(facts: DecisionFacts, choices: Choices) -> str:
    return facts.ends_because if choices.effect(facts.answers) in ENDED else ""


def _answer(value: str) -> str:
    return str(Answer(value).label)


def _effects(found: TheDay, child: ConferenceChild, facts: DecisionFacts, choices: Choices) -> list[str]:
    name = short_name_of(child.child)
    actions = len(actions_for(child, actions=found.actions))
    carried = f", with {count(actions, 'drafted action')}" if actions else ""
    by_outcome = {
        Outcome.CP_PLAN: [
            f"A child protection plan for {name} starts on the day of this meeting{carried}",
            "Time limits start: visits, first core group, first review",
        ],
        Outcome.CIN_PLAN: [f"A child in need plan for {name} starts on the day of this meeting{carried}"],
        Outcome.CIN_REFUSED: ["No plan starts. The team’s managers are told at once that it was refused"],
    }
    of_plan = {
        PlanEffect.GOES_ON: [
            f"The child protection plan for {name} stays in force{carried if facts.outcome == Outcome.CP_PLAN else ''}",
            "Its visits, core groups and next review go on",
        ],
        PlanEffect.LOWERED: [f"The child protection plan for {name} ends today", *by_outcome[Outcome.CIN_PLAN]],
        PlanEffect.ENDS: [f"The child protection plan for {name} ends today. No plan follows it"],
    }
    effect = choices.effect(facts.answers)
    told = by_outcome[Outcome.CIN_REFUSED][0].removeprefix("No plan starts. ")
    refused = [told] if facts.outcome == Outcome.CIN_REFUSED and effect else []
    coordinator = found.conference.coordinator
    who = coordinator.name if coordinator else "The coordinator"
    return [
        *(
            of_plan[PlanEffect(effect)]
            if effect
            else by_outcome.get(Outcome(facts.outcome), [f"No plan starts for {name}"])
        ),
        *refused,
        f"Nothing goes to the family or to other agencies yet. {who} prepares the letters, and you release them",
    ]


@during_the_day
def dissent(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Record that someone disagrees with the decision."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    decision = found.decisions.get(child_pk)
    if decision is None:
        messages.error(request, "The chair has not decided for this child yet.")
        return redirect("meetings:decisions", pk)
    form = kept_form(request, DissentForm, day=found)
    return form_view(
        request,
        form,
        lambda data: record_dissent(
            decision=decision,
            participant=form.participants[data["participant"]],
            text=data["text"],
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=f"{reverse('meetings:decisions', args=[pk])}#child-{child_pk}",
        cancel_url=reverse("meetings:decisions", args=[pk]),
        template_name="meetings/dissent.html",
        draw=on_the_day(found, step="decisions"),
        decision=decision,
        name=short_name_of(decision.conference_child.child),
        who_reads=who_reads(found, decision.conference_child),
    )
