"""Strategy discussions and the section 47 enquiries that they start."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.models import Conference, ConferenceChild
from conferences.plans_held import plans_of
from conferences.selectors.enquiries import ON_A_PLAN, open_enquiries, why_not_starting
from conferences.selectors.starting import may_choose_start, who_chooses_start
from conferences.services.lateness import ask_about_lateness
from conferences.services.scheduling import LIVE, lock_conference
from deadlines.policies import policy_for
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.enums import EnquiryOutcome
from families.models import (
    Child,
    Enquiry,
    Family,
    FamilyMember,
    FurtherDiscussion,
    StartingDiscussion,
    StrategyDiscussion,
)
from families.models.persons import ADULT_FROM
from families.services.cases import lock_family

NOT_REQUIRED = {"outcome": EnquiryOutcome.CONFERENCE_NOT_REQUIRED, "outcome_reason": ON_A_PLAN}


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
    """Record a strategy discussion about children of a family.

    In order:
    1. records the discussion;
    2. starts an enquiry for each child without one under way, with the day in London on which it started and
      the council's policy then in force, from which the time limit of the conference is counted (Working
      Together to Safeguard Children);
    3. starts nothing new for each other child: a later discussion is kept with the enquiry under way, an
      earlier one only recorded now becomes the one that started it, so its day counts;
      for a child who was on a plan of this council that day, the enquiry records that no initial conference is
      required, and the pages propose an early review;
    4. asks for agreement to conferences that are now late, and counts the deadlines.
    Returns the existing row for the same discussion. Raises ValidationError by field: in the future, no reason,
    no child, a child who does not belong to the family or is 18 or over, a day for which the council has no
    policy.
    """
    locked = lock_family(family)
    day = civil_day(held_at)
    errors: dict[str, str] = {}
    if held_at > now:
        errors["held_on"] = "A strategy discussion can't be recorded before it is held. Check the date and time."
    if not reason.strip():
        errors["reason"] = "Say why enquiries were started."
    if wrong := _wrong_children(locked, children, on=day):
        errors["children"] = wrong
    if errors:
        raise ValidationError(errors)
    for same in locked.strategy_discussions.filter(held_at=held_at).order_by("pk"):
        if _children_of(same) == {child.pk for child in children}:
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
    under_way = _locked(open_enquiries(children))
    plans = plans_of([child.pk for child in children])
    for child in children:
        enquiry = under_way.get(child.pk)
        if enquiry is None:
            reviewed = child.pk in plans and plans[child.pk].since <= day
            Enquiry.objects.create(
                child=child,
                discussion=discussion,
                started_on=day,
                policy_version_id=policy.version_id,
                **(NOT_REQUIRED if reviewed else {}),
            )
        elif held_at < enquiry.discussion.held_at:
            _start_earlier(enquiry, discussion, policy_version_id=policy.version_id)
        else:
            FurtherDiscussion.objects.create(enquiry=enquiry, discussion=discussion)
    _ask_about_conferences(children, now=now)
    reconcile(family_ids=[locked.pk], now=now)
    return discussion


def _start_earlier(enquiry: Enquiry, discussion: StrategyDiscussion, *, policy_version_id: int) -> None:
    """Make an earlier discussion the one that started a locked enquiry; a manager's choice of a later one stays."""
    FurtherDiscussion.objects.create(enquiry=enquiry, discussion=enquiry.discussion)
    enquiry.discussion = discussion
    if not enquiry.starting_choices.exists():
        enquiry.started_on = civil_day(discussion.held_at)
        enquiry.policy_version_id = policy_version_id
    enquiry.save(update_fields=["discussion", "started_on", "policy_version_id"])


def _locked(enquiries: dict[int, Enquiry]) -> dict[int, Enquiry]:
    """Return the current enquiries by child, locked in id order until the transaction ends."""
    rows = Enquiry.objects.select_for_update(no_key=True, of=("self",)).select_related("discussion")
    held = rows.filter(pk__in=[row.pk for row in enquiries.values()]).order_by("pk")
    return {row.child_id: row for row in held}


def _wrong_children(family: Family, children: Sequence[Child], *, on: datetime.date) -> str:
    if not children:
        return "Choose at least one child."
    members = FamilyMember.objects.filter(family=family, ends_on__isnull=True)
    belong = set(Child.objects.findable().filter(person__in=members.values("person")).values_list("pk", flat=True))
    if any(child.pk not in belong for child in children):
        return "Choose children who belong to this family."
    if any(child.person.turned(ADULT_FROM, on) for child in children):
        return "Someone you chose was 18 or over on that day."
    return ""


def _children_of(discussion: StrategyDiscussion) -> set[int]:
    started = discussion.enquiries.values_list("child_id", flat=True)
    return {*started, *discussion.continued.values_list("enquiry__child_id", flat=True)}


def _ask_about_conferences(children: Sequence[Child], *, now: datetime.datetime) -> None:
    held = ConferenceChild.objects.filter(child__in=children, withdrawn_at__isnull=True)
    asked = Conference.objects.filter(pk__in=held.values("conference"), status__in=LIVE).order_by("pk")
    for conference in asked:
        locked = lock_conference(conference)
        if locked.status in LIVE:
            ask_about_lateness(conference=locked, now=now)


@transaction.atomic
def choose_starting_discussion(
    *, enquiry: Enquiry, discussion: StrategyDiscussion, reason: str, by: User, now: datetime.datetime
) -> Enquiry:
    """Choose which of several discussions starts the time limit, as whoever the procedures name.

    In order: locks the family, then the enquiry; records the choice with its reason; moves the day from which
    the limit runs, and the policy to the one in force on that day; locks each live conference and asks for
    agreement where it is now late; counts the deadlines. The current choice made again changes nothing. Raises
    ValidationError for anyone whom the procedures do not name, and by field where the discussion is not of this
    enquiry, where the council's policy and the pregnancy leave no choice (see ``why_not_starting``), or without a
    reason.
    """
    lock_family(enquiry.discussion.family)
    locked = (
        Enquiry.objects.select_for_update(no_key=True, of=("self",))
        .select_related("discussion", "child__pregnancy", "child__person")
        .get(pk=enquiry.pk)
    )
    standing = locked.starting_choices.first()
    current = standing.discussion_id if standing else locked.discussion_id
    if discussion.pk == current:
        return locked
    family, today = locked.discussion.family, civil_day(now)
    if not may_choose_start(by, family, on=today):
        raise ValidationError(f"By this council’s procedures {who_chooses_start(family, on=today)} decides this.")
    if wrong := why_not_starting(locked, discussion):
        raise ValidationError({"discussion": wrong})
    if not reason.strip():
        raise ValidationError({"reason": "Say why this discussion starts the time limit."})
    day = civil_day(discussion.held_at)
    StartingDiscussion.objects.create(
        enquiry=locked, discussion=discussion, reason=reason.strip(), chosen_by=by, chosen_at=now
    )
    locked.started_on = day
    locked.policy_version_id = policy_for(locked.child.authority_id, on=day).version_id
    locked.save(update_fields=["started_on", "policy_version_id"])
    _ask_about_conferences([locked.child], now=now)
    reconcile(family_ids=[locked.discussion.family_id], now=now)
    return locked


@transaction.atomic
def decide_to_convene(
    *, enquiries: Sequence[Enquiry], decided_at: datetime.datetime, decided_by: User, now: datetime.datetime
) -> list[Enquiry]:
    """Record that enquiries lead to a conference, which starts the clock for the request to the service.

    In order: gives each enquiry its outcome, with when and by which manager it was decided; counts the
    deadlines. An enquiry that already has this outcome keeps it. Raises ValidationError by field: no enquiry, a
    moment in the future or before the discussion, or an enquiry that ended without a conference.
    """
    rows = list(
        Enquiry.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=[row.pk for row in enquiries])
        .select_related("discussion")
        .order_by("pk")
    )
    if not rows:
        raise ValidationError({"children": "Choose at least one child."})
    if decided_at > now:
        raise ValidationError({"decided_on": "This time is in the future. Enter when it was decided."})
    waiting = [row for row in rows if row.outcome != EnquiryOutcome.CONFERENCE]
    if any(row.outcome != EnquiryOutcome.UNDER_WAY for row in waiting):
        raise ValidationError({"children": "The enquiries about a child you chose ended without a conference."})
    if any(decided_at < row.discussion.held_at for row in waiting):
        raise ValidationError({"decided_on": "This is before the strategy discussion that started the enquiries."})
    for row in waiting:
        row.outcome = EnquiryOutcome.CONFERENCE
        row.to_conference_at = decided_at
        row.to_conference_by = decided_by
        row.save(update_fields=["outcome", "to_conference_at", "to_conference_by"])
    reconcile(family_ids=sorted({row.discussion.family_id for row in rows}), now=now)
    return rows


@transaction.atomic
def end_without_conference(*, enquiry: Enquiry, reason: str, by: User, now: datetime.datetime) -> Enquiry:
    """Record that an enquiry does not lead to a conference; its time limit stops.

    Idempotent. Raises ValidationError without a reason, or where the child is in a current conference.
    """
    locked = (
        Enquiry.objects.select_for_update(no_key=True, of=("self",)).select_related("discussion").get(pk=enquiry.pk)
    )
    if locked.outcome == EnquiryOutcome.CONFERENCE_NOT_REQUIRED:
        return locked
    if not reason.strip():
        raise ValidationError({"reason": "Say why no conference is needed."})
    if ConferenceChild.objects.filter(enquiry=locked, withdrawn_at__isnull=True, conference__status__in=LIVE).exists():
        raise ValidationError("A conference about this child is already arranged. Cancel first.")
    locked.outcome = EnquiryOutcome.CONFERENCE_NOT_REQUIRED
    locked.outcome_reason = reason.strip()
    locked.ended_on = civil_day(now)
    locked.save(update_fields=["outcome", "outcome_reason", "ended_on"])
    reconcile(family_ids=[locked.discussion.family_id], now=now)
    return locked
