"""Moving a note or a score of a core group meeting that is about another child."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.access import user_of
from core_groups.access import AS_MEMBER, access_core_group
from core_groups.models import MeetingNote, MeetingScore
from families.models import Child
from meetings.enums import EntryKind
from meetings.views.misfiled_entries import move_page
from plans.access import PLAN_CARRY_RULE
from plans.models import Plan

AT_A_MEETING: dict[str, Any] = {EntryKind.NOTE: MeetingNote, EntryKind.RATING: MeetingScore}


def move_at_meeting(request: HttpRequest, pk: int, meeting_pk: int, kind: str, entry_pk: int) -> HttpResponse:
    """Move a note or a score to the child it concerns, with the reason; a second person agrees once it has gone out."""
    group = access_core_group(request, pk, to="plan")
    if group.right == AS_MEMBER:  # type: ignore[attr-defined]
        raise Http404
    row = get_object_or_404(AT_A_MEETING[kind], pk=entry_pk, meeting=meeting_pk, meeting__core_group=group)
    meeting = row.meeting

    def allowed(children: list[Child]) -> list[Child]:
        carried = PLAN_CARRY_RULE.visible(Plan.objects.filter(core_groups=group), user_of(request))
        known = set(carried.values_list("child_id", flat=True))
        return [child for child in children if child.pk in known]

    around = {"base": "core_groups/around_meeting.html", "group": group, "meeting": meeting}
    return move_page(
        request,
        kind,
        entry_pk,
        around=around,
        back=reverse("core_groups:meeting", args=[group.pk, meeting.pk]),
        settle=lambda move: reverse("plans:see-move", args=[move.from_record, move.pk]),
        allowed=allowed,
    )
