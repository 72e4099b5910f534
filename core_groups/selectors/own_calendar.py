"""A user's own core group meetings, for the calendar read at their secret address."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import User
from core_groups.access import CORE_GROUP_RULE
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember
from core_groups.selectors.apart import times_for
from core_groups.selectors.core_groups import open_groups
from deadlines.own_meetings import SHOWN_AFTERWARDS, OwnMeeting
from deadlines.working_days.arithmetic import civil_day
from families.models import Person

# Only the beginning of a core group is arranged.
SHOWN_AS_LASTING = datetime.timedelta(hours=1)


def core_groups_for_calendar(user: User, now: datetime.datetime) -> Iterator[OwnMeeting]:
    """Yield each meeting, not cancelled, of the core groups to which the user belongs today and which go on.

    Only those since they joined, and for whoever must not meet the others only their own sitting. Groups that
    the user may not open are left out. A fixed number of queries.
    """
    today, since = civil_day(now), now - SHOWN_AFTERWARDS
    in_post = Q(post__isnull=True) | Q(post__ends_on__isnull=True) | Q(post__ends_on__gt=today)
    groups = CORE_GROUP_RULE.visible(CoreGroup.objects.filter(ended_on__isnull=True), user)
    # A meeting that was planned is for nobody once all the plans have ended, by a death too.
    going_on = open_groups().values("pk")
    own = CoreGroupMember.objects.current(on=today).filter(in_post, person__user=user)
    joined = Q(starts_on__isnull=True) | Q(starts_on__lte=OuterRef("planned_at__date"))
    found = (
        CoreGroupMeeting.objects.filter(
            Exists(own.filter(joined, core_group=OuterRef("core_group"))), core_group__in=groups.values("pk")
        )
        .exclude(state=MeetingState.CANCELLED)
        .filter(Q(held_at__gte=since) | Q(held_at__isnull=True, planned_at__gte=since, core_group__in=going_on))
        .select_related("core_group__family")
        .order_by("pk")
    )
    rows = list(found)
    persons = list(Person.objects.filter(user=user).values_list("pk", flat=True)) if rows else []
    times = times_for(persons, rows, on=today)
    for meeting in rows:
        if meeting.pk not in times:
            continue
        starts_at, _ = times[meeting.pk]
        yield OwnMeeting(
            key=f"core-group-meeting-{meeting.pk}",
            summary=f"{meeting.core_group.family.case_number}: Core group",
            starts_at=starts_at,
            ends_at=starts_at + SHOWN_AS_LASTING,
            path=reverse("core_groups:core-group", args=[meeting.core_group_id]),
            family_id=meeting.core_group.family_id,
        )
