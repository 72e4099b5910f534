"""Visits: recorded for one child or for several of one occasion, corrected in the open, and told where they fail."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from deadlines.policies import Policy, policy_for
from deadlines.services import reconcile
from families.enums import Answer
from families.models import Child, Post, Residence
from govuk import words
from notifications.services.outbox import notify
from plans.enums import ENDED_BY_AN_EVENT, EndReason, WhyNotSeen
from plans.models import Plan, Visit
from plans.selectors.managers import managers_of
from plans.services.plans import families_of

ASKED = frozenset({Answer.YES, Answer.NO})


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """When and where children were visited, by whom, and who else was there.

    By a worker of the council (``made_by``) or another professional in a post (``by_post``). ``where_hidden`` is
    left None where it follows the child's address.
    """

    made_at: datetime.datetime
    made_by: User | None = None
    by_post: Post | None = None
    announced: Answer = Answer.NOT_ASKED
    where: str = ""
    where_hidden: bool | None = None
    who_else: str = ""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a visit came to for one child; before the birth, "the child" is the mother."""

    child_seen: bool
    seen_alone: Answer = Answer.NOT_ASKED
    bedroom_seen: Answer = Answer.NOT_ASKED
    childs_words: str = ""
    note: str = ""
    not_seen_because: WhyNotSeen | str = ""
    next_try_on: datetime.date | None = None


def may_not_apply(child: Child, policy: Policy, *, on: datetime.date) -> bool:
    """Return whether "alone" and "bedroom" may not apply to a child: unborn, or under the policy's age."""
    age = child.age(on)
    return age is None or age < policy.visits_alone_from_age


def faults_of(child: Child, seen: Seen, *, made_at: datetime.datetime, policy: Policy) -> dict[str, str]:
    """Return what contradicts itself or is missing in one child's answers, by field: form and service ask here."""
    faults: dict[str, str] = {}
    day = timezone.localdate(made_at)
    who = "mother" if child.is_unborn else "child"
    if seen.child_seen:
        for name, answer in (("seen_alone", seen.seen_alone), ("bedroom_seen", seen.bedroom_seen)):
            if answer == Answer.DOES_NOT_APPLY and not may_not_apply(child, policy, on=day):
                faults[name] = "“Does not apply” is only for babies and unborn children. Choose yes or no"
            elif answer not in {*ASKED, Answer.DOES_NOT_APPLY}:
                faults[name] = (
                    f"Choose whether the {who} was seen alone" if name == "seen_alone" else "Choose whether it was seen"
                )
        if seen.not_seen_because or seen.next_try_on:
            faults["child_seen"] = f"If the {who} was seen, there is no reason why not, and no next try"
        return faults
    if seen.seen_alone == Answer.YES:
        faults["seen_alone"] = f"A {who} who was not seen was not seen alone"
    if seen.not_seen_because == WhyNotSeen.NO_ANSWER and seen.bedroom_seen == Answer.YES:
        faults["bedroom_seen"] = "If no one answered, the bedroom was not seen"
    if not seen.not_seen_because:
        faults["not_seen_because"] = f"Choose why the {who} was not seen"
    elif seen.not_seen_because == WhyNotSeen.OTHER and not seen.note.strip():
        faults["note"] = f"Say why the {who} was not seen"
    if seen.next_try_on is not None and seen.next_try_on < day:
        faults["next_try_on"] = "The next try can’t be before this visit"
    return faults


@transaction.atomic
def record_visits(
    *, occasion: Occasion, children: Sequence[tuple[Plan, Seen]], by: User, now: datetime.datetime
) -> list[Visit]:
    """Record one occasion on which the children of these plans were visited, each with answers of their own.

    In order, for each: locks the plan and looks at its state again; records the visit, unless it is recorded
    already; then counts the families' deadlines, and tells the managers of a child who was not seen as many times
    in a row as the policy names. Only a worker's visit at which the child was seen moves the clock.

    Raises ValidationError by field, a child's own with the plan's id ("seen_alone_12"): a time in the future, before
    the plan or after it, a contradiction, a next try that is missing.
    """
    plans = _locked([plan for plan, _ in children])
    faults: dict[str, str] = {}
    for plan, seen in children:
        faults |= _faults_of_visit(plans[plan.pk], occasion, seen, now=now)
    if faults:
        raise ValidationError(faults)
    visits = []
    for plan, seen in children:
        visit, created = _write(plans[plan.pk], occasion, seen, by=by, now=now)
        visits.append((visit, created))
    _follow([visit for visit, created in visits if created], now=now)
    return [visit for visit, _ in visits]


def record_visit(*, plan: Plan, occasion: Occasion, seen: Seen, by: User, now: datetime.datetime) -> Visit:
    """Record a visit to one child; see ``record_visits``."""
    return record_visits(occasion=occasion, children=[(plan, seen)], by=by, now=now)[0]


@transaction.atomic
def correct_visit(
    *, visit: Visit, occasion: Occasion, seen: Seen, because: str, by: User, now: datetime.datetime
) -> Visit:
    """Record a visit as it really was; the wrong entry stays, with who corrected it and why.

    A confidential place is kept where none is given. Returns the right entry. Raises ValidationError as
    ``record_visits`` does, without a reason, and where someone has corrected it in the meantime.
    """
    plan, wrong = _lock_wrong(visit, because)
    if wrong.where_hidden and occasion.where_hidden and not occasion.where.strip():
        occasion = replace(occasion, where=wrong.where)
    faults = _faults_of_visit(plan, occasion, seen, now=now, is_correction=True)
    if faults:
        raise ValidationError(faults)
    right, created = _write(plan, occasion, seen, by=by, now=now, instead_of=wrong)
    if not created:
        raise ValidationError("This visit is recorded already. Take the wrong one out.")
    if right.where_hidden:
        wrong.where_hidden = True
    _mark_wrong(wrong, because, by, now, right)
    _follow([right], now=now)
    return right


@transaction.atomic
def take_out_visit(*, visit: Visit, because: str, by: User, now: datetime.datetime) -> Visit:
    """Record that a visit never took place; the entry stays, with who says so and why.

    Raises ValidationError without a reason, and where someone has corrected it in the meantime.
    """
    plan, wrong = _lock_wrong(visit, because)
    _mark_wrong(wrong, because, by, now)
    reconcile(family_ids=families_of(plan.child, on=timezone.localdate(now)), now=now)
    return wrong


def hides_place(children: Sequence[Child], *, on: datetime.date) -> bool:
    """Return whether one of the children lives at an address marked confidential: where they are seen points to it."""
    people = [child.person_id for child in children]
    return bool(Residence.objects.current(on=on).filter(person__in=people, confidential=True).exists())


def _locked(plans: Sequence[Plan]) -> dict[int, Plan]:
    rows = Plan.objects.select_for_update(of=("self",)).select_related("child__person", "child__pregnancy")
    return {row.pk: row for row in rows.filter(pk__in=[plan.pk for plan in plans]).order_by("pk")}


def _faults_of_visit(
    plan: Plan, occasion: Occasion, seen: Seen, *, now: datetime.datetime, is_correction: bool = False
) -> dict[str, str]:
    if not is_correction and plan.end_reason in ENDED_BY_AN_EVENT:
        raise ValidationError(
            "This child has died. Nothing more is recorded here; ring the manager about an earlier visit."
            if plan.end_reason == EndReason.DIED
            else "The pregnancy has ended. Nothing more is recorded here; ring the manager about an earlier visit."
        )
    if not is_correction and not plan.is_open:
        raise ValidationError("This plan has ended. Visits can't be added to it.")
    day = timezone.localdate(occasion.made_at)
    if occasion.made_at > now:
        return {"made_on": "This visit is in the future. Record it once you have made it."}
    if day < plan.starts_on:
        return {"made_on": "The plan had not started on that day."}
    if plan.ends_on is not None and day > plan.ends_on:
        return {"made_on": "The plan had ended by that day."}
    policy = policy_for(plan.authority_id, on=day)
    faults = faults_of(plan.child, seen, made_at=occasion.made_at, policy=policy)
    if not seen.child_seen and occasion.by_post is None and seen.next_try_on is None and not is_correction:
        faults["next_try_on"] = "Enter the day of the next try"
    return {f"{name}_{plan.pk}": said for name, said in faults.items()}


def _write(
    plan: Plan, occasion: Occasion, seen: Seen, *, by: User, now: datetime.datetime, instead_of: Visit | None = None
) -> tuple[Visit, bool]:
    same = Visit.objects.standing().filter(
        plan=plan, made_at=occasion.made_at, made_by=occasion.made_by, by_post=occasion.by_post
    )
    if instead_of is not None:
        same = same.exclude(pk=instead_of.pk)
    if (found := same.first()) is not None:
        return found, False
    hidden = occasion.where_hidden
    if hidden is None:
        hidden = hides_place([plan.child], on=timezone.localdate(now))
    with refused_by_database():
        visit = Visit.objects.create(
            plan=plan,
            made_at=occasion.made_at,
            made_by=occasion.made_by,
            by_post=occasion.by_post,
            announced=occasion.announced,
            where=occasion.where.strip(),
            where_hidden=hidden,
            who_else=occasion.who_else.strip(),
            **asdict(seen),
            recorded_by=by,
            recorded_at=now,
        )
    return visit, True


def _lock_wrong(visit: Visit, because: str) -> tuple[Plan, Visit]:
    if not because.strip():
        raise ValidationError({"because": "Say what was wrong."})
    plan = _locked([visit.plan])[visit.plan_id]
    wrong = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if wrong.corrected_at is not None or wrong.plan_id != plan.pk:
        raise ValidationError("Someone has corrected this visit already. Open the plan to see it as it stands now.")
    return plan, wrong


def _mark_wrong(wrong: Visit, because: str, by: User, now: datetime.datetime, right: Visit | None = None) -> None:
    wrong.corrected_at, wrong.corrected_by, wrong.corrected_because = now, by, because.strip()
    wrong.superseded_by = right
    wrong.save(update_fields=["corrected_at", "corrected_by", "corrected_because", "superseded_by", "where_hidden"])


def _follow(visits: Sequence[Visit], *, now: datetime.datetime) -> None:
    """Count the deadlines of the visits' families, and tell managers of a child not seen too many times in a row."""
    today = timezone.localdate(now)
    families = sorted({pk for visit in visits for pk in families_of(visit.plan.child, on=today)})
    if families:
        reconcile(family_ids=families, now=now)
    for visit in visits:
        _tell_if_failed_again(visit, now=now)


def _tell_if_failed_again(visit: Visit, *, now: datetime.datetime) -> None:
    if visit.child_seen or visit.by_post_id is not None:
        return
    made = Visit.objects.of_social_care().filter(plan=visit.plan_id)
    later = made.filter(Q(made_at__gt=visit.made_at) | Q(made_at=visit.made_at, pk__gt=visit.pk))
    last = made.filter(child_seen=True, made_at__lte=visit.made_at).order_by("-made_at").first()
    if later.filter(child_seen=True).exists():
        return
    in_a_row = made.filter(child_seen=False, **({"made_at__gt": last.made_at} if last else {})).count()
    today = timezone.localdate(now)
    if in_a_row < policy_for(visit.plan.authority_id, on=timezone.localdate(visit.made_at)).failed_visits_told_at:
        return
    for user in managers_of(visit.plan, on=today):
        notify(
            user=user,
            key=f"visit-failed:{visit.pk}",
            text=f"A child with a plan was not seen: {words.count(in_a_row, 'visit')} in a row. Decide what happens.",
            url=reverse("plans:plan", args=[visit.plan_id]),
            urgent=True,
            now=now,
        )
