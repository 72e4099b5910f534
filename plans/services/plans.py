"""Changes to plans: decisions begin and end them; reviews and progress are recorded."""

from __future__ import annotations

import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import Outcome, PlanEffect
from conferences.models import Decision
from families.models import Child, FamilyMember, Person
from meetings.models import OutlineAction
from meetings.selectors.outline import actions_drafted, actions_for, agreed_for, agreed_in
from plans.enums import SAYS_WHY, EndReason, Occasion, PlanKind, Progress
from plans.models import ActionProgress, KeyWorker, Plan, PlanAction, PlanCategory, PlanEntry
from plans.services.carrying_on import carry_on
from plans.services.consent import follow_answers
from plans.services.longer_visits import ask_about_visits
from plans.services.untold_news import leave_news_untold, tell_news_again
from plans.services.versions import new_version, thread_of_agreed, thread_of_outline


def families_of(child: Child, *, on: datetime.date) -> list[int]:
    """Return the ids of families to which the child belongs on the civil day ``on``."""
    members = FamilyMember.objects.current(on=on).filter(person=child.person_id)
    return list(members.values_list("family_id", flat=True))


def follow_decision(decision: Decision, now: datetime.datetime) -> None:
    """Carry out for the child what the chair decided, inside the decision's transaction.

    1. A child protection plan begins on the day of the sitting that decided (an open one continues, with its
      category updated), and ends an open child in need plan.
    2. A child in need plan begins with its consents (an open one continues), and ends the child protection plan
      that the decision records as lowered; what that plan says goes on in it. Who disagrees goes to a manager.
    3. An open child protection plan ends only where the decision records that it ends or is lowered; any other
      outcome leaves it in force.
    4. Visits further apart than the ceiling wait for whoever the procedures name; until then the ceiling counts.
    5. The outline's actions for this child become actions of the plan, in a version of their own, and so does what
      else was agreed: outcomes, and what is done if something happens.
    Idempotent.
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
            close_plan(open_cin, reason=EndReason.STEPPED_UP, on=day, by=decision.decided_by, now=now)
        plan = open_cp or _begin(decision, PlanKind.CP, day, now)
        set_category(plan, decision, day, is_new=open_cp is None)
        _set_key_worker(plan, decision, day, is_new=open_cp is None)
        ask_about_visits(plan, decision, now=now)
    elif decision.outcome == Outcome.CIN_PLAN:
        if open_cp and decision.on_plan != PlanEffect.LOWERED:
            return
        if open_cp:
            close_plan(open_cp, reason=EndReason.STEPPED_DOWN, on=day, by=decision.decided_by, now=now)
        plan = open_cin or _begin(decision, PlanKind.CIN, day, now)
        if open_cp:
            carry_on(open_cp, plan, decision, now)
        _set_key_worker(plan, decision, day, is_new=open_cin is None)
        follow_answers(plan, decision, now=now)
    else:
        if open_cp and decision.on_plan == PlanEffect.ENDS:
            close_plan(open_cp, reason=EndReason.NO_LONGER_AT_RISK, on=day, by=decision.decided_by, now=now)
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


def close_plan(
    plan: Plan, *, reason: EndReason, on: datetime.date, by: User, now: datetime.datetime, note: str = ""
) -> None:
    """End a locked plan, its key worker's work for it, and what people still had to be told of what is new in it."""
    plan.ends_on = on
    plan.end_reason = reason
    plan.end_note = note
    plan.ended_by = by
    plan.version += 1
    with refused_by_database():
        plan.save(update_fields=["ends_on", "end_reason", "end_note", "ended_by", "version"])
    plan.key_workers.filter(ends_on__isnull=True).update(ends_on=on)
    leave_news_untold(plan, now=now)


def reopen_plan(plan: Plan) -> None:
    """Let a locked plan go on as if it had never ended, with whoever carried it on its last day."""
    day = plan.ends_on
    plan.ends_on, plan.end_reason, plan.end_note, plan.ended_by = None, "", "", None
    plan.version += 1
    with refused_by_database():
        plan.save(update_fields=["ends_on", "end_reason", "end_note", "ended_by", "version"])
    last = plan.key_workers.filter(ends_on=day).order_by("-starts_on", "-pk").first()
    if last is not None:
        last.ends_on = None
        last.save(update_fields=["ends_on"])
    tell_news_again(plan)


def set_category(plan: Plan, decision: Decision, day: datetime.date, *, is_new: bool = False) -> None:
    """Record the category of harm in a decision, from a day, if it differs from the latest."""
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
    standing = set(plan.actions.standing().values_list("thread", flat=True))
    outline = [drafted for drafted in outline if thread_of_outline(drafted.pk) not in standing]
    said = set(plan.entries.standing().values_list("thread", flat=True))
    entries = agreed_for(conference_child, agreed_in(conference_child.conference))
    entries = [row for row in entries if thread_of_agreed(row.pk) not in said]
    if not outline and not entries and plan.versions.exists():
        return
    version = new_version(plan, occasion=Occasion.CONFERENCE, decision=decision, by=decision.decided_by, now=now)
    actions = PlanAction.objects.bulk_create(
        PlanAction(
            plan=plan,
            outline=drafted,
            thread=thread_of_outline(drafted.pk),
            since=version,
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
    PlanEntry.objects.bulk_create(
        PlanEntry(
            plan=plan,
            kind=row.kind,
            thread=thread_of_agreed(row.pk),
            since=version,
            text=row.text,
            we_do=row.we_do,
            who_person_id=row.who.person_id if row.who else None,
            who_post_id=row.who.post_id if row.who else None,
            who_else=row.who_else,
            created_at=now,
        )
        for row in entries
    )
    links = PlanAction.private_to.through
    links.objects.bulk_create(
        links(planaction=action, person_id=person)
        for action, drafted in zip(actions, outline, strict=True)
        for person in drafted.private_ids  # type: ignore[attr-defined]
    )


@transaction.atomic
def record_progress(
    *,
    action: PlanAction,
    progress: Progress | str,
    note: str,
    version: int,
    now: datetime.datetime,
    by: User | None = None,
    guest_session_id: int | None = None,
    said_by: Person | None = None,
) -> ActionProgress:
    """Record how far an action has come, entered by a user or by a guest, and return what was recorded.

    ``said_by`` is the person whose word it is, where another typed it. Raises ValidationError by field where it was
    not done or given up and the note does not say why; when the plan has ended or no longer says this; or when
    another changed the action since ``version``: the message contains what they wrote.
    """
    action = PlanAction.objects.select_for_update(of=("self",)).select_related("plan").get(pk=action.pk)
    if not action.plan.is_open:
        raise ValidationError("This plan has ended. Its actions can't be changed.")
    if action.until_id is not None:
        raise ValidationError("The plan says this in other words now. Record the progress there.")
    if action.version != version:
        raise ValidationError(
            f"Someone changed this action while you had it open. It now says: "
            f"{action.get_progress_display()}. {action.progress_note}"
        )
    if progress in SAYS_WHY and not note.strip():
        raise ValidationError({"note": "Say why"})
    made = ActionProgress.objects.create(
        action=action,
        progress=progress,
        note=note,
        said_by=said_by,
        entered_by=by,
        guest_session_id=guest_session_id,
        at=now,
    )
    action.progress = progress
    action.progress_note = note
    action.version += 1
    action.save(update_fields=["progress", "progress_note", "version"])
    return made


def record_own_progress(
    *,
    action: PlanAction,
    progress: Progress | str,
    note: str,
    said_by: Person,
    now: datetime.datetime,
    by: User | None = None,
    guest_session_id: int | None = None,
) -> ActionProgress:
    """Keep what one who carries an action out says of it themselves; the action's own progress stays as it is."""
    return ActionProgress.objects.create(
        action=action,
        progress=progress,
        note=note,
        said_by=said_by,
        entered_by=by,
        guest_session_id=guest_session_id,
        at=now,
        is_own=True,
    )
