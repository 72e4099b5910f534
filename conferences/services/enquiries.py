"""Strategy discussions and the section 47 enquiries that they start."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.models import ConferenceChild
from conferences.services.scheduling import LIVE
from deadlines.arithmetic import civil_day
from deadlines.policies import policy_for
from deadlines.services import reconcile
from families.enums import EnquiryOutcome
from families.models import Child, Enquiry, Family, FamilyMember, StrategyDiscussion
from families.models.persons import ADULT_FROM
from families.services.cases import lock_family


@transaction.atomic
def record_strategy_discussion(
    *,
    family: Family,
    children: Sequence[Child],
    held_at: datetime.datetime,
    reason: str,
    agencies_present: str,
    by: User,
    now: datetime.datetime,
) -> StrategyDiscussion:
    """Record the discussion that started section 47 enquiries about children of a family.

    In order: the discussion; one enquiry for each child, with the day in London on which it started and the
    council's policy then in force, from which the time limit of the conference is counted (Working Together
    to Safeguard Children); the deadlines. The same discussion again gives the one recorded before.
    Raises ValidationError by field: in the future, no reason, no child, a child who does not belong to the
    family or is 18 or over, a day for which the council has no policy.
    """
    locked = lock_family(family)
    day = civil_day(held_at)
    errors: dict[str, str] = {}
    if held_at > now:
        errors["held_on"] = (
            "A strategy discussion that has not been held can't be recorded. Check date and time."
        )
    if not reason.strip():
        errors["reason"] = "Say why enquiries were started."
    if wrong := _wrong_children(locked, children, on=day):
        errors["children"] = wrong
    if errors:
        raise ValidationError(errors)
    same = locked.strategy_discussions.filter(held_at=held_at, enquiries__child__in=children).first()
    if same is not None and _same_children(same, children):
        return same
    policy = policy_for(locked.authority_id, on=day)
    discussion = StrategyDiscussion.objects.create(
        family=locked,
        held_at=held_at,
        agencies_present=agencies_present.strip(),
        reason=reason.strip(),
        recorded_by=by,
        recorded_at=now,
    )
    for child in children:
        Enquiry.objects.create(
            child=child, discussion=discussion, started_on=day, policy_version_id=policy.version_id
        )
    reconcile(family_ids=[locked.pk], now=now)
    return discussion


def _wrong_children(family: Family, children: Sequence[Child], *, on: datetime.date) -> str:
    if not children:
        return "Choose at least one child."
    members = FamilyMember.objects.filter(family=family, ends_on__isnull=True)
    belong = set(
        Child.objects.findable().filter(person__in=members.values("person")).values_list("pk", flat=True)
    )
    if any(child.pk not in belong for child in children):
        return "Choose children who belong to this family."
    if any(child.person.turned(ADULT_FROM, on) for child in children):
        return "Somebody you chose was 18 or over on that day."
    return ""


def _same_children(discussion: StrategyDiscussion, children: Sequence[Child]) -> bool:
    return set(discussion.enquiries.values_list("child_id", flat=True)) == {child.pk for child in children}


@transaction.atomic
def end_without_conference(*, enquiry: Enquiry, reason: str, by: User, now: datetime.datetime) -> Enquiry:
    """Record that an enquiry does not lead to a conference; its time limit stops.

    Ending it again changes nothing. Raises ValidationError without a reason, or where the child is in a
    conference that is not over.
    """
    locked = (
        Enquiry.objects.select_for_update(no_key=True, of=("self",))
        .select_related("discussion")
        .get(pk=enquiry.pk)
    )
    if locked.outcome == EnquiryOutcome.CONFERENCE_NOT_REQUIRED:
        return locked
    if not reason.strip():
        raise ValidationError({"reason": "Say why no conference is needed."})
    if ConferenceChild.objects.filter(
        enquiry=locked, withdrawn_at__isnull=True, conference__status__in=LIVE
    ).exists():
        raise ValidationError("A conference about this child is arranged. Cancel it first.")
    locked.outcome = EnquiryOutcome.CONFERENCE_NOT_REQUIRED
    locked.outcome_reason = reason.strip()
    locked.ended_on = civil_day(now)
    locked.save(update_fields=["outcome", "outcome_reason", "ended_on"])
    reconcile(family_ids=[locked.discussion.family_id], now=now)
    return locked
