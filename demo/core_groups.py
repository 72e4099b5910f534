"""Core groups held between conferences: progress, notes, scores again, and one with parents apart."""

from __future__ import annotations

import datetime
import random

from django.utils import timezone

from accounts.models import User
from conferences.models import Conference
from core_groups.enums import HowToMeet
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember
from core_groups.selectors.recording import members_on
from core_groups.services.apart import decide_apart
from core_groups.services.meetings import record_meeting
from core_groups.services.notes import add_meeting_note
from core_groups.services.progress import SaidOfAction, record_meeting_progress
from core_groups.services.scores import record_meeting_score
from deadlines.working_days.calendars import WorkingCalendar
from demo import meeting, planning, words
from demo.families import DemoFamily
from plans.enums import Progress
from plans.models import KeyWorker, Plan
from reports.services.core_group_minutes import prepare_core_group_minutes, release_core_group_minutes

# The family whose parents must not meet.
APART = "Vetchley"
SETTLE = datetime.timedelta(hours=2)
# How far the actions have come at the first meeting, and at the ones after it.
FIRST = (Progress.UNDER_WAY, Progress.NOT_STARTED, Progress.UNDER_WAY, Progress.NOT_DONE)
LATER = (Progress.DONE, Progress.UNDER_WAY, Progress.UNDER_WAY, Progress.UNDER_WAY)


def carry_on(
    conference: Conference, demo: DemoFamily, *, calendar: WorkingCalendar, now: datetime.datetime, dice: random.Random
) -> None:
    """Hold each core group until today, every four weeks, and release the minutes of all but the last."""
    group = CoreGroup.objects.get(conference=conference)
    is_apart = demo.family.name == APART
    if is_apart:
        _decide(group, demo, at=conference.ended_at or now)
    held_at, number = conference.first_core_group_at, 0
    while held_at and held_at < now - datetime.timedelta(days=1):
        number += 1
        following = meeting.at(calendar.add(timezone.localdate(held_at), 28), 14)
        held = _hold(group, demo, held_at=held_at, following=following, is_apart=is_apart)
        _plan(held, demo, number=number)
        _fill(held, demo.social_worker, number=number, dice=dice)
        if following < now - datetime.timedelta(days=1):
            _release(held)
        held_at = following
    if number:
        plans = list(group.plans.filter(ends_on__isnull=True).select_related("child__person").order_by("pk"))
        if plans:
            planning.find_better_way(plans, by=demo.social_worker, now=now)


def _decide(group: CoreGroup, demo: DemoFamily, *, at: datetime.datetime) -> None:
    father = group.members.filter(person=demo.father).first()
    if father is not None:
        decide_apart(
            member=father,
            how=HowToMeet.OWN_SITTING,
            reason="She asked not to be in one room with him until the police have finished.",
            by=demo.social_worker,
            now=at + datetime.timedelta(hours=1),
        )


def _hold(
    group: CoreGroup, demo: DemoFamily, *, held_at: datetime.datetime, following: datetime.datetime, is_apart: bool
) -> CoreGroupMeeting:
    members = members_on(group, timezone.localdate(held_at))
    father = next((row for row in members if is_apart and row.person_id == demo.father.pk), None)
    together = [row for row in members if row != father]
    excused = [row for row in together if row.person.user_id != demo.social_worker.pk][-1:] if len(together) > 3 else []
    own = {father.person_id: held_at - datetime.timedelta(hours=3)} if father else {}
    workers = [row for row in members if row.post_id is not None][:1]
    return record_meeting(
        core_group=group,
        meeting=group.meetings.filter(state="planned").order_by("number").first(),
        held_at=held_at,
        present=[row for row in together if row not in excused],
        apologies=excused,
        apart=own,
        with_them=dict.fromkeys(own, workers),
        next_at=following,
        next_place="Mulberry House",
        by=demo.social_worker,
        now=held_at + SETTLE,
    )


def _plan(held: CoreGroupMeeting, demo: DemoFamily, *, number: int) -> None:
    """Write the detailed plan at the first meeting, and change what turned out better at those after it."""
    plans = list(held.core_group.plans.filter(ends_on__isnull=True).select_related("child__person").order_by("pk"))
    after = (held.held_at or held.planned_at) + SETTLE
    if plans and number == 1:
        planning.write_detailed_plan(plans, demo, at=held, by=demo.social_worker, now=after)
    elif plans:
        planning.go_on(plans, at=held, by=demo.social_worker, now=after)


def _fill(held: CoreGroupMeeting, by: User, *, number: int, dice: random.Random) -> None:
    written = (held.held_at or held.planned_at) + SETTLE
    plans = list(held.core_group.plans.filter(ends_on__isnull=True).select_related("child__person").order_by("pk"))
    members = [row.member for row in held.attendances.filter(presence="present", sitting=None).select_related("member")]
    for plan in plans:
        _go_through(held, plan, by=by, number=number, at=written)
        name = plan.child.person.given_name
        for said in words.CORE_GROUP:
            add_meeting_note(
                meeting=held,
                heading=said.heading,
                text=said.text.format(child=name),
                nature=said.nature,
                evidence=said.evidence.format(child=name),
                speaker=dice.choice(members),
                children=[plan.child],
                by=by,
                now=written,
            )
        for member in members:
            _score(held, plan, member, by=by, number=number, at=written, dice=dice)


def _go_through(held: CoreGroupMeeting, plan: Plan, *, by: User, number: int, at: datetime.datetime) -> None:
    said = []
    for place, action in enumerate(plan.actions.filter(until__isnull=True).order_by("created_at", "pk")):
        progress = (FIRST if number == 1 else LATER)[place % len(FIRST)]
        said.append(SaidOfAction(action, progress, words.PROGRESS[progress], action.version))
    record_meeting_progress(meeting=held, said=said, by=by, now=at)


def _score(
    held: CoreGroupMeeting,
    plan: Plan,
    member: CoreGroupMember,
    *,
    by: User,
    number: int,
    at: datetime.datetime,
    dice: random.Random,
) -> None:
    named = {one.pk for one in member.plans.all()}
    if not named or plan.pk in named:
        record_meeting_score(
            meeting=held,
            child=plan.child,
            member=member,
            value=min(9, 4 + number + dice.randint(-1, 1)),
            reason=dice.choice(words.SCORE_REASONS),
            may_be_shown=True,
            by=by,
            now=at,
        )


def _release(held: CoreGroupMeeting) -> None:
    """Prepare and release the minutes a day later, as the key worker."""
    worker = KeyWorker.objects.filter(plan__core_groups=held.core_group_id, ends_on__isnull=True).first()
    if worker is not None:
        at = (held.held_at or held.planned_at) + datetime.timedelta(days=1)
        document = prepare_core_group_minutes(meeting=held, by=worker.user, now=at, leave_out=True)
        release_core_group_minutes(document=document, by=worker.user, now=at + SETTLE)
