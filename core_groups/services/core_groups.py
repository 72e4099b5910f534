"""Forms core groups and carries them on: what a decision about a child's plan changes in its group."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from conferences.enums import ConferenceKind, Outcome
from conferences.models import Conference, Decision, Participant
from core_groups.models import CoreGroup, CoreGroupMember
from govuk.words import plain_date
from plans.enums import PlanKind
from plans.models import Plan


def form_core_group(decision: Decision, _now: datetime.datetime) -> None:
    """Bring the child's plan into a core group, with the members chosen, after a child protection decision.

    In order: a plan that has an open group stays in it; otherwise it joins the open group of a brother or sister
    of the same conference; otherwise the conference forms one. Whoever was chosen is a member for this plan from
    the day of the sitting. At a review, members who are on its list but were not chosen leave for this plan.

    Runs inside the decision's transaction, after the plan was made. Idempotent.
    """
    if decision.outcome != Outcome.CP_PLAN:
        return
    conference = decision.conference_child.conference
    day = decision.sitting.day
    own = Q(child=decision.conference_child.child_id, kind=PlanKind.CP, held_elsewhere="")
    plan = Plan.objects.annotate(
        group_id=Subquery(_groups_for(conference).values("the_one")[:1]),
        chosen=ArraySubquery(
            Participant.objects.filter(core_group_of=decision.pk)
            .order_by("pk")
            .values_list(JSONObject(person="person", post="post"))
        ),
    ).get(own, ends_on__isnull=True)
    went_on = plan.group_id is not None
    if went_on:
        group = CoreGroup.objects.select_for_update(no_key=True).get(pk=plan.group_id)
    else:
        group = CoreGroup.objects.create(
            conference=conference, authority_id=conference.authority_id, family_id=conference.family_id, formed_on=day
        )
    if group.ended_on is not None:
        group.ended_on = None
        group.save(update_fields=["ended_on"])
    group.plans.add(plan)
    # A person may be listed twice.
    chosen = dict.fromkeys((row["person"], row["post"]) for row in plan.chosen)
    _let_in(group, plan, chosen, on=day, went_on=went_on)
    if went_on and decision.conference_child.kind == ConferenceKind.REVIEW:
        _let_go(group, plan, {person for person, _ in chosen}, conference, on=day)


def _groups_for(conference: Conference) -> QuerySet[Any]:
    """Return the groups to which the plan of the outer row belongs or which it may join, the right one first."""
    siblings = Plan.objects.filter(
        child__conferences__conference=conference,
        child__conferences__withdrawn_at__isnull=True,
        kind=PlanKind.CP,
        held_elsewhere="",
        ends_on__isnull=True,
    )
    carrying = CoreGroup.plans.through.objects.filter(plan__in=siblings)
    is_open = Q(ended_on__isnull=True)
    its_own = Exists(carrying.filter(coregroup=OuterRef("pk"), plan=OuterRef(OuterRef("pk"))))
    return (
        CoreGroup.objects.filter(is_open & Q(pk__in=carrying.values("coregroup")) | Q(conference=conference))
        .annotate(is_its_own=its_own, is_open=is_open, the_one=Coalesce("goes_on_in", "pk"))
        .order_by("-is_its_own", "-is_open", "formed_on", "pk")
    )


def _let_in(
    group: CoreGroup, plan: Plan, chosen: Collection[tuple[int, int | None]], *, on: datetime.date, went_on: bool
) -> None:
    present: dict[tuple[int, int | None], CoreGroupMember] = {}
    if went_on:
        active = CoreGroupMember.objects.filter(core_group=group, ends_on__isnull=True)
        present = {(row.person_id, row.post_id): row for row in active}
    added = CoreGroupMember.objects.bulk_create(
        CoreGroupMember(core_group=group, person_id=person, post_id=post, starts_on=on)
        for person, post in chosen
        if (person, post) not in present
    )
    links = CoreGroupMember.plans.through
    links.objects.bulk_create(
        (
            links(coregroupmember=member, plan=plan)
            for member in (*added, *(present[key] for key in chosen if key in present))
        ),
        ignore_conflicts=True,
    )


def _let_go(
    group: CoreGroup, plan: Plan, chosen: Collection[int], conference: Conference, *, on: datetime.date
) -> None:
    """End for this plan the membership of everyone on the conference's list whom it did not choose."""
    listed = conference.participants.exclude(person__in=chosen).values("person")
    for member in group.members.filter(plans=plan, ends_on__isnull=True, person__in=listed).order_by("pk"):
        leave_for_plans(member, [plan], on=on, because=f"Not chosen at the review of {plain_date(on)}")


def leave_for_plans(member: CoreGroupMember, plans: Sequence[Plan], *, on: datetime.date, because: str) -> None:
    """End a membership from ``on`` for some of its plans, with the reason; for all of them, the row itself ends.

    Where other plans remain, the row goes on for these, and an ended row keeps what is over.
    """
    ends_on = max(on, member.starts_on or on)
    staying = member.plans.exclude(pk__in=[plan.pk for plan in plans])
    if staying.exists():
        over = CoreGroupMember.objects.create(
            core_group_id=member.core_group_id,
            person_id=member.person_id,
            post_id=member.post_id,
            starts_on=member.starts_on,
            ends_on=ends_on,
            source=member.source,
            joined_because=member.joined_because,
            left_because=because,
        )
        over.plans.set(plans)
        member.plans.remove(*plans)
        return
    member.ends_on, member.left_because = ends_on, because
    member.save(update_fields=["ends_on", "left_because"])
