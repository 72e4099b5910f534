"""What changes a plan: a decision opens or ends it; visits, reviews and progress carry it."""

from __future__ import annotations

import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q
from django.utils import timezone

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import Outcome
from conferences.models import Decision
from deadlines.services import reconcile
from families.enums import Answer
from families.models import Child, FamilyMember
from meetings.models import OutlineAction
from meetings.selectors.outline import actions_drafted, actions_for
from plans.enums import EndReason, PlanKind, Progress
from plans.models import CinReview, Consent, KeyWorker, Plan, PlanAction, PlanCategory, Visit


def families_of(child: Child, *, on: datetime.date) -> list[int]:
    """Families to which the child belongs on the civil day ``on``."""
    members = FamilyMember.objects.current(on=on).filter(person=child.person_id)
    return list(members.values_list("family_id", flat=True))


def follow_decision(decision: Decision, now: datetime.datetime) -> None:
    """Make for the child what the chair decided; runs inside the transaction of the decision.

    1. A child protection plan begins on the day of the sitting that decided (an open one goes on, with
       its category brought up to date), and ends an open child in need plan.
    2. A child in need plan begins with its consents (an open one goes on), and ends an open child
       protection plan, whose actions the new one keeps.
    3. Any other outcome ends an open child protection plan: the conference found no continuing risk.
    4. The outline's actions for this child become actions of the plan.
    Doing it twice changes nothing.
    """
    day = decision.sitting.day
    child = decision.conference_child.child
    own = Q(child=child, held_elsewhere="", ends_on__isnull=True)
    found = list(Plan.objects.select_for_update().filter(own | Q(decision=decision)))
    if any(plan.decision_id == decision.pk for plan in found):
        return
    open_cp = next((plan for plan in found if plan.kind == PlanKind.CP), None)
    open_cin = next((plan for plan in found if plan.kind == PlanKind.CIN), None)
    if decision.outcome == Outcome.CP_PLAN:
        if open_cin:
            _end(open_cin, reason=EndReason.STEPPED_UP, on=day, by=decision.decided_by)
        plan = open_cp or _begin(decision, PlanKind.CP, day, now)
        set_category(plan, decision, day, is_new=open_cp is None)
        _set_key_worker(plan, decision, day, is_new=open_cp is None)
    elif decision.outcome == Outcome.CIN_PLAN:
        if open_cp:
            _end(open_cp, reason=EndReason.STEPPED_DOWN, on=day, by=decision.decided_by)
        plan = open_cin or _begin(decision, PlanKind.CIN, day, now)
        _set_key_worker(plan, decision, day, is_new=open_cin is None)
        for consent in decision.consents.all():
            Consent.objects.get_or_create(
                plan=plan,
                person_id=consent.person_id,
                withdrawn_on=None,
                defaults={"answer": consent.answer, "note": consent.note, "answered_on": day},
            )
    else:
        if open_cp:
            _end(open_cp, reason=EndReason.NO_LONGER_AT_RISK, on=day, by=decision.decided_by)
        return
    _copy_outline(plan, decision, now)


def _begin(decision: Decision, kind: PlanKind, day: datetime.date, now: datetime.datetime) -> Plan:
    conference = decision.conference_child.conference
    with refused_by_database(goes_on=False):
        return Plan.objects.create(
            authority_id=conference.authority_id,
            child=decision.conference_child.child,
            kind=kind,
            decision=decision,
            policy_version_id=conference.policy_version_id,
            starts_on=day,
            initial_category=decision.main_category if kind == PlanKind.CP else "",
            visit_every_working_days=decision.visit_every_working_days,
            created_at=now,
        )


def _end(plan: Plan, *, reason: EndReason, on: datetime.date, by: User, note: str = "") -> None:
    plan.ends_on = on
    plan.end_reason = reason
    plan.end_note = note
    plan.ended_by = by
    plan.version += 1
    with refused_by_database():
        plan.save(update_fields=["ends_on", "end_reason", "end_note", "ended_by", "version"])
    plan.key_workers.filter(ends_on__isnull=True).update(ends_on=on)


def set_category(plan: Plan, decision: Decision, day: datetime.date, *, is_new: bool = False) -> None:
    """The category of harm that a decision names, from a day, where it is another than the latest."""
    also = ",".join(code for code in decision.categories if code != decision.main_category)
    latest = None if is_new else plan.categories.last()
    if latest is None or (latest.category, latest.also) != (decision.main_category, also):
        PlanCategory.objects.create(
            plan=plan, category=decision.main_category, also=also, starts_on=day, decision=decision
        )


def _set_key_worker(plan: Plan, decision: Decision, day: datetime.date, *, is_new: bool) -> None:
    if decision.key_worker is None:
        return
    current = None if is_new else plan.key_workers.filter(ends_on__isnull=True).first()
    if current and current.user_id == decision.key_worker_id:
        return
    if current:
        current.ends_on = day
        current.save(update_fields=["ends_on"])
    KeyWorker.objects.create(plan=plan, user=decision.key_worker, starts_on=day)


def _copy_outline(plan: Plan, decision: Decision, now: datetime.datetime) -> None:
    conference_child = decision.conference_child
    private = OutlineAction.private_to.through.objects.filter(outlineaction=OuterRef("pk"))
    outline = actions_for(
        conference_child,
        actions=actions_drafted(conference_child.conference)
        .select_related("who")
        .annotate(private_ids=ArraySubquery(private.values("person"))),
    )
    actions = PlanAction.objects.bulk_create(
        PlanAction(
            plan=plan,
            outline=drafted,
            why=drafted.why,
            what=drafted.what,
            who_person_id=drafted.who.person_id if drafted.who else None,
            who_post_id=drafted.who.post_id if drafted.who else None,
            who_else=drafted.who_else,
            by_when=drafted.by_when,
            by_when_words=drafted.by_when_words,
            created_at=now,
        )
        for drafted in outline
    )
    links = PlanAction.private_to.through
    links.objects.bulk_create(
        links(planaction=action, person_id=person)
        for action, drafted in zip(actions, outline, strict=True)
        for person in drafted.private_ids  # type: ignore[attr-defined]
    )


@transaction.atomic
def record_visit(
    *,
    plan: Plan,
    made_at: datetime.datetime,
    made_by: User,
    child_seen: bool,
    seen_alone: Answer,
    bedroom_seen: Answer,
    note: str,
    by: User,
    now: datetime.datetime,
) -> Visit:
    """Record a visit under an open plan and bring its clocks up to date.

    Only a visit at which the child was seen (before the birth: the mother) moves the clock. Recording
    the same visit twice gives the first. Raises ValidationError for a time that is still to come, one
    before the plan began, and a plan that has ended.
    """
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if not plan.is_open:
        raise ValidationError("This plan has ended. Visits can't be added to it.")
    if made_at > now:
        raise ValidationError({"made_on": "This visit is still to come. Record it when it was made."})
    if timezone.localdate(made_at) < plan.starts_on:
        raise ValidationError({"made_on": "The plan had not begun on that day."})
    visit, created = Visit.objects.get_or_create(
        plan=plan,
        made_at=made_at,
        made_by=made_by,
        defaults={
            "child_seen": child_seen,
            "seen_alone": seen_alone,
            "bedroom_seen": bedroom_seen,
            "note": note,
            "recorded_by": by,
            "recorded_at": now,
        },
    )
    if created:
        reconcile(family_ids=families_of(plan.child, on=timezone.localdate(now)), now=now)
    return visit


@transaction.atomic
def record_cin_review(
    *, plan: Plan, held_on: datetime.date, note: str, by: User, now: datetime.datetime
) -> CinReview:
    """Record that a child in need plan was reviewed, which starts the clock of the next review.

    Raises ValidationError for a plan of another kind, an ended one, or a day that is still to come or
    before the plan began.
    """
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.kind != PlanKind.CIN or not plan.is_open:
        raise ValidationError("Only an open child in need plan is reviewed here.")
    if held_on > timezone.localdate(now):
        raise ValidationError({"held_on": "This day is still to come. Record the review when it was held."})
    if held_on < plan.starts_on:
        raise ValidationError({"held_on": "The plan had not begun on that day."})
    review, created = CinReview.objects.get_or_create(
        plan=plan, held_on=held_on, defaults={"note": note, "recorded_by": by, "recorded_at": now}
    )
    if created:
        reconcile(family_ids=families_of(plan.child, on=timezone.localdate(now)), now=now)
    return review


@transaction.atomic
def record_progress(*, action: PlanAction, progress: Progress, note: str, version: int) -> PlanAction:
    """Say how far an action has come.

    Raises ValidationError when the plan has ended, or when somebody else changed the action since
    ``version``; the message holds what they wrote.
    """
    action = PlanAction.objects.select_for_update().select_related("plan").get(pk=action.pk)
    if not action.plan.is_open:
        raise ValidationError("This plan has ended. Its actions can't be changed.")
    if action.version != version:
        raise ValidationError(
            f"Somebody changed this action while you had it open. It now says: "
            f"{action.get_progress_display()}. {action.progress_note}"
        )
    action.progress = progress
    action.progress_note = note
    action.version += 1
    action.save(update_fields=["progress", "progress_note", "version"])
    return action


@transaction.atomic
def end_plan(
    *, plan: Plan, reason: EndReason, on: datetime.date, note: str, by: User, now: datetime.datetime
) -> Plan:
    """End a plan for one of the reasons that need no conference.

    A child protection plan ends outside a review only where the child reached 18, died, left the
    country for good, or moved and the other council has held its conference; being no longer at risk
    is for a conference to decide. Ending an ended plan changes nothing. Raises ValidationError.
    """
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if not plan.is_open:
        return plan
    outside = {
        EndReason.EIGHTEEN,
        EndReason.DIED,
        EndReason.LEFT_UK,
        EndReason.MOVED,
        EndReason.ENTERED_IN_ERROR,
    }
    if plan.kind == PlanKind.CP and reason not in outside:
        raise ValidationError(
            {"reason": "Only a review conference can decide this for a child protection plan."}
        )
    if on > timezone.localdate(now):
        raise ValidationError({"ends_on": "A plan can't be ended in advance."})
    _end(plan, reason=reason, on=on, by=by, note=note)
    reconcile(family_ids=families_of(plan.child, on=timezone.localdate(now)), now=now)
    return plan
