"""Corrects a child's plans when a wrong decision is corrected.

What the wrong decision began is ended as entered in error, what it ended continues as if it never had, and then
the right decision is followed, as of the day of the sitting that decided. The history keeps how the plans stood
before.
"""

from __future__ import annotations

import datetime

from django.db.models import QuerySet

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import Outcome
from conferences.models import Decision
from deadlines.working_days.arithmetic import civil_day
from govuk.words import plain_date
from meetings.models import DecisionCorrection
from plans.enums import EndReason, PlanKind
from plans.models import KeyWorker, Plan, PlanCategory
from plans.services.plans import follow_decision, reopen_plan, set_category
from plans.services.told_of_endings import follow_corrected_ending
from plans.services.untold_news import leave_news_untold

KIND_OF_OUTCOME = {Outcome.CP_PLAN: PlanKind.CP, Outcome.CIN_PLAN: PlanKind.CIN}
ENDED_BY_A_DECISION = frozenset({EndReason.STEPPED_UP, EndReason.STEPPED_DOWN, EndReason.NO_LONGER_AT_RISK})


def follow_correction(correction: DecisionCorrection, now: datetime.datetime) -> list[str]:
    """Correct the child's plans, inside the correction's transaction; return a sentence for each effect.

    Where the kind of plan stays the same, so does the plan: its category, key worker and visits are corrected.
    Otherwise the plan that the wrong decision began is ended with the reason "entered in error" on the day of
    the correction, plans that it ended are reopened, and the right decision is followed. Its plan begins on the
    day of the sitting.
    """
    old, new = correction.decision, correction.made
    if new is None:
        return []
    by = correction.chair_agreed_by or new.decided_by
    kind_then, kind_now = (KIND_OF_OUTCOME.get(Outcome(row.outcome)) for row in (old, new))
    begun = list(Plan.objects.select_for_update().filter(decision=old))
    if kind_then == kind_now:
        plan = begun[0] if begun else _plan_that_went_on(old, kind_now)
        return _keep(plan, old, new) if plan is not None and kind_now is not None else []
    said = [_as_entered_in_error(plan, correction, by, now) for plan in begun]
    said += _open_again(old)
    _give_back_category(old)
    before = set(_own(old).values_list("pk", "ends_on"))
    follow_decision(new, now)
    follow_corrected_ending(new, now=now)
    return [*said, *_what_changed(new, before)]


def _own(decision: Decision) -> QuerySet[Plan]:
    return Plan.objects.filter(child=decision.conference_child.child_id, held_elsewhere="")


def _plan_that_went_on(old: Decision, kind: PlanKind | None) -> Plan | None:
    """Return the plan that was open before the decision and continued under it."""
    day = old.sitting.day
    going = _own(old).select_for_update().filter(kind=kind or "", starts_on__lte=day)
    return going.exclude(ends_on__lte=day).exclude(end_reason=EndReason.ENTERED_IN_ERROR).first()


def _keep(plan: Plan, old: Decision, new: Decision) -> list[str]:
    """Keep the plan, correcting what it took from the wrong decision."""
    said = []
    if plan.decision_id == old.pk:
        plan.decision = new
        plan.initial_category = new.main_category
        plan.visit_every_working_days = new.visit_every_working_days
        plan.version += 1
        with refused_by_database():
            plan.save(update_fields=["decision", "initial_category", "visit_every_working_days", "version"])
    if old.visit_every_working_days != new.visit_every_working_days and new.visit_every_working_days:
        said.append(f"The child is visited at least every {new.visit_every_working_days} working days.")
    if (old.main_category, old.categories) != (new.main_category, new.categories):
        own = plan.categories.filter(decision=old).first()
        if own is None:
            set_category(plan, new, new.sitting.day)
        else:
            own.category, own.also = new.main_category, also_of(new)
            own.decision = new
            own.save(update_fields=["category", "also", "decision"])
        said.append(f"The category of harm is corrected from {plain_date(new.sitting.day)}.")
    else:
        plan.categories.filter(decision=old).update(decision=new)
    if old.key_worker_id != new.key_worker_id and new.key_worker is not None:
        said += _correct_key_worker(plan, old, new)
    return said


def also_of(decision: Decision) -> str:
    """Return the other categories of a decision as the plan stores them."""
    return ",".join(code for code in decision.categories if code != decision.main_category)


def _correct_key_worker(plan: Plan, old: Decision, new: Decision) -> list[str]:
    """Set the right key worker from the day of the sitting, keeping anyone who has taken over since."""
    day = new.sitting.day
    wrong = plan.key_workers.filter(user=old.key_worker_id, starts_on__gte=day, ends_on__isnull=True).first()
    if wrong is None or new.key_worker is None:
        return []
    wrong.ends_on = wrong.starts_on
    wrong.save(update_fields=["ends_on"])
    KeyWorker.objects.create(plan=plan, user=new.key_worker, starts_on=day)
    return [f"The key worker is corrected from {plain_date(day)}."]


def _as_entered_in_error(plan: Plan, correction: DecisionCorrection, by: User, now: datetime.datetime) -> str:
    from_day = plain_date(plan.starts_on)
    today = max(plan.starts_on, civil_day(now))
    plan.ends_on = plan.ends_on or today
    plan.end_reason = EndReason.ENTERED_IN_ERROR
    plan.end_note = correction.reason
    plan.ended_by = by
    plan.version += 1
    with refused_by_database():
        plan.save(update_fields=["ends_on", "end_reason", "end_note", "ended_by", "version"])
    plan.key_workers.filter(ends_on__isnull=True).update(ends_on=plan.ends_on)
    leave_news_untold(plan, now=now)
    return f"The {_kind(plan)} that started on {from_day} is ended as entered in error."


def _open_again(old: Decision) -> list[str]:
    """Reopen plans that the wrong decision ended, as if it never had."""
    day = old.sitting.day
    ended = (
        _own(old)
        .select_for_update()
        .filter(ends_on=day, end_reason__in=ENDED_BY_A_DECISION, ended_by=old.decided_by)
        .exclude(decision=old)
    )
    said = []
    for plan in ended:
        reopen_plan(plan)
        said.append(f"The {_kind(plan)} that started on {plain_date(plan.starts_on)} goes on: it had not ended.")
    return said


def _give_back_category(old: Decision) -> None:
    """Restore a continuing plan's category from before the wrong decision."""
    for row in PlanCategory.objects.filter(decision=old).exclude(plan__decision=old):
        before = row.plan.categories.filter(pk__lt=row.pk).order_by("-starts_on", "-pk").first()
        if before is not None:
            row.category, row.also = before.category, before.also
            row.save(update_fields=["category", "also"])


def _what_changed(new: Decision, before: set[tuple[int, datetime.date | None]]) -> list[str]:
    known = dict(before)
    said = []
    for plan in _own(new).order_by("pk"):
        day = plain_date(plan.starts_on)
        if plan.pk not in known:
            said.append(f"A {_kind(plan)} begins on {day}, the day of the sitting that decided.")
        elif known[plan.pk] is None and plan.ends_on is not None:
            said.append(f"The {_kind(plan)} that started on {day} ends on {plain_date(plan.ends_on)}.")
    return said


def _kind(plan: Plan) -> str:
    return plan.get_kind_display().lower()
