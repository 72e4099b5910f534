"""Decides how someone takes part in a core group in which there is a person they must not meet."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.models import Conference
from core_groups.enums import HowToMeet, MeetingState
from core_groups.models import ApartDecision, CoreGroup, CoreGroupMember
from core_groups.selectors.apart import with_grounds
from core_groups.services.invitations import send_changes
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day


@transaction.atomic
def decide_apart(
    *,
    member: CoreGroupMember,
    how: HowToMeet | str,
    reason: str,
    by: User,
    now: datetime.datetime,
    conference: Conference | None = None,
    seen_at: datetime.datetime | None = None,
) -> ApartDecision:
    """Record how a member takes part: apart from those they must not meet, or together with them after all.

    ``conference`` is the one at which the chair decides; a manager decides between conferences. ``seen_at`` is when
    the page with what is known was opened. The same decision again changes nothing. Counts the deadlines. Raises
    ValidationError without a reason, after the person left, or where something was recorded since.
    """
    group = CoreGroup.objects.select_for_update(no_key=True).get(pk=member.core_group_id)
    row = with_grounds(CoreGroupMember.objects.filter(pk=member.pk), today=civil_day(now)).get()
    if group.ended_on is not None or not row.is_current(civil_day(now)):
        raise ValidationError("This person is no longer in the core group. Reload the page.")
    if how not in HowToMeet.values:
        raise ValidationError({"how": "Choose how this person takes part."})
    if not reason.strip():
        raise ValidationError({"reason": "Say why you decide this."})
    ground_at = row.ground_at
    if seen_at is not None and ground_at is not None and ground_at > seen_at:
        raise ValidationError("Something has been recorded since you opened this page. Read it and decide again.")
    newest = ApartDecision.objects.filter(core_group=group, person=row.person_id).last()
    since = newest is not None and ground_at is not None and ground_at > newest.decided_at
    if newest is not None and not since and (newest.how, newest.reason) == (how, reason.strip()):
        return newest
    made = ApartDecision(
        core_group=group,
        person_id=row.person_id,
        how=how,
        reason=reason.strip(),
        conference=conference,
        decided_by=by,
        decided_at=now,
    )
    with refused_by_database():
        made.save()
    for meeting in group.meetings.filter(state=MeetingState.PLANNED, invited_at__isnull=False):
        send_changes(meeting, now=now)
    reconcile(family_ids=[group.family_id], now=now)
    return made
