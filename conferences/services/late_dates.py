"""Agree to a conference after its time limit, with what keeps the children safe until then."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.models import Conference, LateAgreement
from conferences.selectors.lateness import LATE_NEEDS, is_past_limit
from conferences.services.scheduling import lock_conference
from deadlines.policies import policy_of
from deadlines.services import reconcile


@transaction.atomic
def explain_lateness(
    *, conference: Conference, cause: str, reason: str, by: User, now: datetime.datetime
) -> Conference:
    """Record why a conference is after its limit, which never stops it from being held.

    Raises ValidationError for a conference within its limit, for a cause not in the council's list, or without what
    the procedures ask for (`late-conference-needs`).
    """
    locked = lock_conference(conference)
    if not is_past_limit(locked, now=now):
        raise ValidationError("This conference is within its time limit: there is nothing to explain.")
    return _write(locked, cause=cause, reason=reason)


def _write(locked: Conference, *, cause: str, reason: str) -> Conference:
    policy = policy_of(locked.policy_version_id)
    needs = policy.value(LATE_NEEDS)
    if cause not in dict(policy.lateness_causes) and (cause or "cause" in needs):
        raise ValidationError({"late_cause": "Choose what makes it late."})
    if not reason.strip() and "reason" in needs:
        raise ValidationError({"late_reason": "Say why it is after the time limit."})
    locked.late_cause = cause
    locked.late_reason = reason.strip()
    locked.version += 1
    locked.save(update_fields=["late_cause", "late_reason", "version"])
    return locked


@transaction.atomic
def agree_to_late_date(
    *,
    agreement: LateAgreement,
    day: datetime.date,
    cause: str,
    reason: str,
    interim_safety_plan: str,
    by: User,
    now: datetime.datetime,
) -> LateAgreement:
    """Agree, for one party, to a conference after its limit; the caller has checked who may.

    In order: records reason and cause with the conference, where later words replace them; records with the
    answer who agreed, when, to which day, the cause and reason they agreed to, and what keeps the children safe
    until then; counts the deadlines. An agreement given twice is the first. It never stops the conference from
    being held, so it can also be given afterwards. ``day`` is the one shown on the page. Raises ValidationError
    where the date was moved meanwhile, by field for a cause not in the council's list, without a reason or
    without a safety plan, and where the same person has agreed for the other party.
    """
    conference = lock_conference(agreement.conference)
    locked = LateAgreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    if locked.agreed_at is not None:
        return locked
    if locked.superseded_at is not None or locked.day != day:
        raise ValidationError("The conference was moved since you opened this page. Look at its date again.")
    others = conference.late_agreements.filter(superseded_at__isnull=True, agreed_by=by)
    if others.exists():
        raise ValidationError("You have already agreed in your other role. Someone else has to agree to this as well.")
    needs = policy_of(conference.policy_version_id).value(LATE_NEEDS)
    if not interim_safety_plan.strip() and "interim safety plan" in needs:
        raise ValidationError({"interim_safety_plan": "Say what keeps the children safe until the conference."})
    _write(conference, cause=cause, reason=reason)
    locked.agreed_by = by
    locked.agreed_at = now
    locked.late_cause = cause
    locked.late_reason = reason.strip()
    locked.interim_safety_plan = interim_safety_plan.strip()
    locked.save(update_fields=["agreed_by", "agreed_at", "late_cause", "late_reason", "interim_safety_plan"])
    reconcile(family_ids=[conference.family_id], now=now)
    return locked
