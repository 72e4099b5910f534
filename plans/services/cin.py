"""Child in need plans: consent and what a manager decides about it, reviews, visits, members and the end."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from deadlines.policies import policy_for
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import due
from deadlines.working_days.calendars import calendar_for
from families.enums import Answer
from families.models import Person, Post
from families.selectors.people import open_contact_risks
from govuk.words import plain_date
from notifications.services.outbox import notify
from plans.enums import CinMemberState, ConsentMatterKind, ConsentMatterOutcome, EndReason, PlanKind
from plans.models import CinMember, CinReview, CinReviewAttendance, Consent, ConsentMatter, Plan
from plans.selectors.consent import decides_consent, people_asked
from plans.services.consent import case_of, keep_answer, raise_matter, settle_answer
from plans.services.plans import close_plan, families_of

FUTURE = "This day is in the future"
ENDS_BY_HAND = (EndReason.GOALS_MET, EndReason.MOVED, EndReason.EIGHTEEN)


@dataclass(frozen=True, kw_only=True)
class HelpThatGoesOn:
    """What help goes on when a plan ends: what, by whom, until when. It never simply stops."""

    what: str
    by_whom: str
    until: str


@transaction.atomic
def record_consent(
    *,
    plan: Plan,
    person: Person,
    answer: Answer | str,
    answered_on: datetime.date,
    by: User,
    now: datetime.datetime,
    note: str = "",
    not_asked_because: str = "",
) -> Consent:
    """Record what one person answered about a child in need plan; the answer before is kept.

    A disagreement with someone who agreed, and a refusal, go to a manager, who is told at once. Raises
    ValidationError by field: no reason why someone was not asked, a day in the future, someone who is not asked.
    """
    locked = _locked(plan)
    today = timezone.localdate(now)
    faults = {}
    if answered_on > today:
        faults["answered_on"] = FUTURE
    if answer == Answer.NOT_ASKED and not not_asked_because.strip():
        faults["not_asked_because"] = "Say why this person was not asked"
    if answer not in Answer.values:
        faults["answer"] = "Choose the answer"
    if person.pk not in {one.pk for one in people_asked(locked, on=today)}:
        faults["person"] = "This person is not asked about the plan"
    if faults:
        raise ValidationError(faults)
    consent = keep_answer(
        locked, person, answer, on=answered_on, by=by, now=now, note=note, not_asked_because=not_asked_because
    )
    settle_answer(consent, by=by, now=now)
    reconcile(family_ids=families_of(locked.child, on=today), now=now)
    return consent


@transaction.atomic
def withdraw_consent(
    *, consent: Consent, withdrawn_on: datetime.date, because: str, by: User, now: datetime.datetime
) -> Consent:
    """Record that someone takes back their consent. The plan goes on until a manager has decided. Idempotent."""
    plan = _locked(consent.plan)
    row = Consent.objects.select_for_update().get(pk=consent.pk)
    if row.withdrawn_on is not None:
        return row
    if row.answer != Answer.YES or row.replaced_at is not None:
        raise ValidationError("Only consent that was given can be taken back.")
    today = timezone.localdate(now)
    if withdrawn_on > today:
        raise ValidationError({"withdrawn_on": FUTURE})
    if withdrawn_on < row.answered_on:
        raise ValidationError({"withdrawn_on": f"Consent was given on {plain_date(row.answered_on)}"})
    row.withdrawn_on, row.withdrawn_because = withdrawn_on, because.strip()[:500]
    row.save(update_fields=["withdrawn_on", "withdrawn_because"])
    raise_matter(row, ConsentMatterKind.WITHDRAWN, by=by, now=now)
    reconcile(family_ids=families_of(plan.child, on=today), now=now)
    return row


@transaction.atomic
def decide_consent_matter(
    *,
    matter: ConsentMatter,
    outcome: ConsentMatterOutcome | str,
    reason: str,
    by: User,
    now: datetime.datetime,
    goes_on: HelpThatGoesOn | None = None,
) -> ConsentMatter:
    """Decide, as a manager, what happens after a disagreement, refusal or withdrawal.

    Nothing here begins a child protection plan: a conference decides that. Ending the plan asks what help goes on.
    Raises ValidationError by field, where someone decided before, or for someone else than a manager.
    """
    plan = _locked(matter.plan)
    row = ConsentMatter.objects.select_for_update(of=("self",)).get(pk=matter.pk)
    if row.decided_at is not None:
        raise ValidationError(f"{row.decided_by.name if row.decided_by else 'Someone'} has decided this already.")
    today = timezone.localdate(now)
    if not decides_consent(by, plan, on=today):
        raise ValidationError("A manager of this case decides this.")
    faults = {}
    if outcome not in ConsentMatterOutcome.values:
        faults["outcome"] = "Choose what happens"
    if not reason.strip():
        faults["reason"] = "Say why"
    if faults:
        raise ValidationError(faults)
    row.outcome, row.reason, row.decided_by, row.decided_at = outcome, reason.strip(), by, now
    row.save(update_fields=["outcome", "reason", "decided_by", "decided_at"])
    if outcome == ConsentMatterOutcome.ENDS:
        _end(plan, EndReason.CONSENT_WITHDRAWN, goes_on, note=reason, by=by, now=now)
    _tell_key_worker(plan, row, by=by, now=now)
    reconcile(family_ids=families_of(plan.child, on=today), now=now)
    return row


def _tell_key_worker(plan: Plan, matter: ConsentMatter, *, by: User, now: datetime.datetime) -> None:
    current = plan.key_workers.filter(ends_on__isnull=True).select_related("user").first()
    if current is not None and current.user_id != by.pk:
        notify(
            user=current.user,
            key=f"consent-decided:{matter.pk}",
            text=f"{case_of(plan, now)}: a manager decided what happens about the consent to a plan.",
            url=reverse("plans:plan", args=[plan.pk]),
            now=now,
        )


@transaction.atomic
def end_cin_plan(
    *, plan: Plan, reason: EndReason | str, note: str, goes_on: HelpThatGoesOn, by: User, now: datetime.datetime
) -> Plan:
    """End a child in need plan today, with why and what help goes on.

    Raises ValidationError by field; where a disagreement waits for a manager; for another kind of plan.
    """
    locked = _locked(plan)
    if reason not in ENDS_BY_HAND:
        raise ValidationError({"reason": "Choose why the plan ends"})
    if locked.consent_matters.filter(decided_at__isnull=True).exists():
        raise ValidationError("A manager has first to decide about the consent.")
    _end(locked, EndReason(reason), goes_on, note=note, by=by, now=now)
    reconcile(family_ids=families_of(locked.child, on=timezone.localdate(now)), now=now)
    return locked


def _end(
    plan: Plan, reason: EndReason, goes_on: HelpThatGoesOn | None, *, note: str, by: User, now: datetime.datetime
) -> None:
    given = goes_on or HelpThatGoesOn(what="", by_whom="", until="")
    faults = {}
    if not given.what.strip():
        faults["goes_on"] = "Say what help goes on, or that none is needed and why"
    if given.what.strip() and not given.by_whom.strip():
        faults["goes_on_by"] = "Say by whom"
    if faults:
        raise ValidationError(faults)
    plan.goes_on, plan.goes_on_by, plan.goes_on_until = given.what.strip(), given.by_whom.strip(), given.until.strip()
    plan.save(update_fields=["goes_on", "goes_on_by", "goes_on_until"])
    close_plan(plan, reason=reason, on=max(plan.starts_on, timezone.localdate(now)), by=by, now=now, note=note.strip())


@transaction.atomic
def set_cin_visits(*, plan: Plan, every_working_days: int | None, by: User, now: datetime.datetime) -> Plan:
    """Set how often the child is visited under a child in need plan; None where it asks for no visits of its own.

    Until it is set, the visits of the child protection plan before go on.
    """
    locked = _locked(plan)
    locked.visit_every_working_days = every_working_days
    locked.visits_set_by, locked.visits_set_at = by, now
    locked.save(update_fields=["visit_every_working_days", "visits_set_by", "visits_set_at"])
    reconcile(family_ids=families_of(locked.child, on=timezone.localdate(now)), now=now)
    return locked


@transaction.atomic
def hold_cin_review(
    *,
    plan: Plan,
    held_on: datetime.date,
    progress: str,
    note: str,
    next_on: datetime.date,
    came: Sequence[tuple[Person, Post | None]],
    not_there: Sequence[tuple[Person, Post | None]] = (),
    by: User,
    now: datetime.datetime,
) -> CinReview:
    """Record a review meeting of a child in need plan: who came, how far the plan has come, what was agreed, the next.

    Raises ValidationError by field: a day in the future or before the plan, no one there, no progress, a next review
    later than the procedures allow (``cin-plan-review``).
    """
    locked = _locked(plan)
    today = timezone.localdate(now)
    faults = {}
    if held_on > today:
        faults["held_on"] = "This day is in the future. Record the review once it has been held."
    elif held_on < locked.starts_on:
        faults["held_on"] = "The plan had not started on that day."
    if not came:
        faults["came"] = "Choose who came"
    for name, text in (("progress", progress), ("note", note)):
        if not text.strip():
            faults[name] = "Write something"
    latest = due(
        policy_for(locked.authority_id, on=held_on).limit("cin-plan-review"), held_on, calendar_for(locked.authority_id)
    ).on
    if next_on <= held_on:
        faults["next_on"] = "The next review comes after this one"
    elif next_on > latest:
        faults["next_on"] = f"The next review is due by {plain_date(latest)}"
    if faults:
        raise ValidationError(faults)
    said = {"note": note.strip(), "progress": progress.strip(), "next_on": next_on}
    review, created = CinReview.objects.get_or_create(
        plan=locked, held_on=held_on, defaults={**said, "recorded_by": by, "recorded_at": now}
    )
    if created:
        CinReviewAttendance.objects.bulk_create(
            CinReviewAttendance(review=review, person=person, post=post, came=is_there)
            for people, is_there in ((came, True), (not_there, False))
            for person, post in people
        )
        reconcile(family_ids=families_of(locked.child, on=today), now=now)
    return review


@transaction.atomic
def settle_cin_member(
    *,
    member: CinMember,
    state: CinMemberState | str,
    family_agrees: Answer | str,
    because: str,
    by: User,
    now: datetime.datetime,
) -> CinMember:
    """Let someone proposed into a child in need plan, or leave them out, after checking again and asking the family.

    Raises ValidationError by field: someone who left their post or is a danger to the child, a family not asked, and
    no reason where the family does not agree or someone is left out.
    """
    plan = _locked(member.plan)
    row = CinMember.objects.select_for_update(of=("self",)).select_related("person", "post").get(pk=member.pk)
    today = timezone.localdate(now)
    faults = {}
    if state == CinMemberState.IN:
        if row.post is not None and row.post.ends_on is not None and row.post.ends_on <= today:
            faults["state"] = "This person has left that post. Leave them out."
        elif open_contact_risks([row.person_id], [], on=today).filter(person=row.person_id).exists():
            faults["state"] = "A contact risk is recorded about this person. Leave them out, or end the risk first."
        if family_agrees not in {Answer.YES, Answer.NO}:
            faults["family_agrees"] = "Ask the family first"
    elif state != CinMemberState.LEFT_OUT:
        faults["state"] = "Choose what happens"
    if (state == CinMemberState.LEFT_OUT or family_agrees == Answer.NO) and not because.strip():
        faults["because"] = "Say why"
    if faults:
        raise ValidationError(faults)
    row.state, row.family_agrees, row.because = state, family_agrees, because.strip()[:250]
    row.settled_by, row.settled_at = by, now
    row.save(update_fields=["state", "family_agrees", "because", "settled_by", "settled_at"])
    reconcile(family_ids=families_of(plan.child, on=today), now=now)
    return row


def _locked(plan: Plan) -> Plan:
    rows = Plan.objects.select_for_update(of=("self",)).select_related("child__person", "child__pregnancy__mother")
    locked = rows.get(pk=plan.pk)
    if locked.kind != PlanKind.CIN or not locked.is_open or locked.held_elsewhere:
        raise ValidationError("Only an open child in need plan of this council is worked on here.")
    return locked
