"""The chair's decision for each child, in a document's content."""

from __future__ import annotations

from collections import defaultdict

from django.utils import timezone

from conferences.models import Conference, Decision
from conferences.selectors.procedures import policy_of_conference
from govuk import words
from meetings.models import DecisionCorrection, View
from meetings.selectors.explanations import explanations_of
from meetings.selectors.rule_of_decision import rule_of_decision
from reports.content.shared import Json, ids_of


def decisions_in(conference: Conference) -> list[Decision]:
    """Return the decisions in force, at most one per child."""
    return list(
        Decision.objects.filter(conference_child__conference=conference, superseded_by__isnull=True)
        .select_related("sitting", "key_worker", "decided_by")
        .prefetch_related("core_group", "consents__person", "dissents")
        .order_by("conference_child_id", "pk")
    )


def said_decisions(decisions: list[Decision]) -> list[Json]:
    """Return what each decision says, with what it replaced."""
    earlier, against, explained = _earlier(decisions), _why_against(decisions), explanations_of(decisions)
    found = []
    for row in decisions:
        days = row.visit_every_working_days
        found.append(
            {
                "child": row.conference_child_id,
                "outcome": row.outcome,
                "on_plan": row.on_plan,
                "still_harm": row.still_harm,
                "ends_because": row.ends_because,
                "also_advised": list(row.also_advised),
                "main_category": row.main_category,
                "categories": list(row.categories),
                "rationale": row.rationale,
                "help_offered": row.help_offered,
                "against_majority_reason": against.get(row.pk, ""),
                "missing": list(row.missing),
                "went_on_reason": row.went_on_reason,
                "key_worker": row.key_worker.name if row.key_worker else "",
                "visit_days": days,
                "visits": f"at least every {words.count(days, 'working day')}" if days else "",
                "visit_reason": row.visit_reason,
                "core_group": ids_of(row.core_group.all()),
                "consents": [
                    {"person": one.person_id, "name": one.person.full_name, "answer": one.answer}
                    for one in sorted(row.consents.all(), key=lambda one: one.pk)
                ],
                "dissents": [
                    {"id": one.pk, "participant": one.participant_id, "text": one.text}
                    for one in sorted(row.dissents.all(), key=lambda one: one.pk)
                ],
                "explained": [
                    {
                        "id": one.pk,
                        "person": one.person_id,
                        "name": one.person.full_name,
                        "told_by": one.told_by_words,
                        "told_on": one.told_on.isoformat(),
                        "understood": one.understood,
                    }
                    for one in explained.get(row.pk, ())
                ],
                "earlier": earlier[row.pk],
                "decided_by": row.decided_by.name,
                "decided_on": row.sitting.day.isoformat(),
            }
        )
    return found


def _why_against(decisions: list[Decision]) -> dict[int, str]:
    """Return why the chair decided differently from what the council's rule looks to, for the decisions that do."""
    told = {row.conference_child_id: row for row in decisions if row.against_majority_reason}
    views: dict[int, list[View]] = defaultdict(list)
    if told:
        rows = View.objects.filter(conference_child__in=told)
        for view in rows.select_related("participant__agency", "conference_child__conference"):
            views[view.conference_child_id].append(view)
    return {
        row.pk: rule_of_decision(
            policy_of_conference(views[child][0].conference_child.conference), views[child]
        ).reason_against(row.outcome, row.on_plan, row.against_majority_reason)
        for child, row in told.items()
        if views[child]
    }


def _earlier(decisions: list[Decision]) -> dict[int, list[Json]]:
    """Return the decisions that were replaced, oldest first: both texts stay in the minutes."""
    current = {row.conference_child_id: row.pk for row in decisions}
    found: dict[int, list[Json]] = defaultdict(list)
    made = {
        row.decision_id: row
        for row in DecisionCorrection.objects.filter(
            decision__conference_child__in=current, made_at__isnull=False
        ).select_related("chair_agreed_by", "manager_agreed_by")
    }
    replaced = Decision.objects.filter(conference_child__in=current, superseded_by__isnull=False)
    for row in replaced.order_by("pk"):
        correction = made.get(row.pk)
        found[current[row.conference_child_id]].append(
            {
                "outcome": row.outcome,
                "on_plan": row.on_plan,
                "main_category": row.main_category,
                "rationale": row.rationale,
                "because": row.superseded_because,
                "corrected_on": _corrected_on(correction),
                "agreed_by": _agreed_by(correction),
            }
        )
    return found


def _corrected_on(correction: DecisionCorrection | None) -> str:
    return timezone.localdate(correction.made_at).isoformat() if correction and correction.made_at else ""


def _agreed_by(correction: DecisionCorrection | None) -> str:
    """Return the names of the two people who agreed."""
    people = (correction.chair_agreed_by, correction.manager_agreed_by) if correction else ()
    return words.listed([person.name for person in people if person is not None]) if people else ""
