"""What the database refuses about conferences for a child on a plan: they are reviews."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger

from conferences.models import ConferenceChild, Decision

# A plan that the conference itself began is no bar: its row stays of the kind that it was.
booked_as_a_review = pgtrigger.Trigger(
    name="booked_as_a_review",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("kind", "child_id", "withdrawn_at"),
    when=pgtrigger.After,
    func="""
    IF NEW.kind IN ('initial', 'pre_birth', 'transfer_in') AND NEW.withdrawn_at IS NULL AND EXISTS (
        SELECT FROM conferences_conference conference
        WHERE conference.id = NEW.conference_id AND conference.status IN ('requested', 'scheduled', 'open')
    ) AND EXISTS (
        SELECT FROM plans_plan plan
        WHERE plan.child_id = NEW.child_id AND plan.kind = 'cp' AND plan.held_elsewhere = '' AND plan.ends_on IS NULL
          AND NOT EXISTS (
            SELECT FROM conferences_decision decision
            WHERE decision.id = plan.decision_id AND decision.conference_child_id = NEW.id
        )
    ) THEN
        RAISE EXCEPTION 'a child on a plan has a review'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'child_on_a_plan_has_a_review';
    END IF;
    RETURN NULL;
    """,
)

decided_at_a_review = pgtrigger.Trigger(
    name="decided_at_a_review",
    operation=pgtrigger.Insert,
    when=pgtrigger.After,
    func="""
    IF EXISTS (
        SELECT FROM conferences_conferencechild listed
        JOIN conferences_sitting sitting ON sitting.id = NEW.sitting_id
        JOIN plans_plan plan ON plan.child_id = listed.child_id
        WHERE listed.id = NEW.conference_child_id AND listed.kind IN ('initial', 'pre_birth', 'transfer_in')
          AND plan.kind = 'cp' AND plan.held_elsewhere = '' AND plan.ends_on IS NULL
          AND plan.starts_on < (coalesce(sitting.opened_at, sitting.starts_at) AT TIME ZONE 'Europe/London')::date
    ) THEN
        RAISE EXCEPTION 'a child on a plan has a review'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'child_on_a_plan_has_a_review';
    END IF;
    RETURN NULL;
    """,
)


class ConferenceChildOnPlan(ConferenceChild):
    class Meta:
        proxy = True
        triggers: ClassVar = [booked_as_a_review]


class DecisionOnPlan(Decision):
    class Meta:
        proxy = True
        triggers: ClassVar = [decided_at_a_review]
