"""What the notices about core groups are about."""

from __future__ import annotations

from django.db.models import Q

from core_groups.enums import MeetingState
from core_groups.models import CoreGroupMeeting, MeetingScore, MeetingStop
from deadlines.notice_matters import NoticeMatter, family_of_person

MATTERS = (
    NoticeMatter("core-group-words", CoreGroupMeeting.objects.all, family="core_group__family_id"),
    NoticeMatter(
        "core-group-plans",
        CoreGroupMeeting.objects.all,
        family="core_group__family_id",
        waits=Q(state=MeetingState.PLANNED),
    ),
    NoticeMatter(
        "core-group-score", MeetingScore.objects.all, family=family_of_person("child__person"), person="child__person"
    ),
    NoticeMatter(
        "core-group-stop",
        MeetingStop.objects.all,
        family="meeting__core_group__family_id",
        waits=Q(settled_at__isnull=True),
    ),
)
