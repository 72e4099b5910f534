from __future__ import annotations

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import require_roles, user_of
from core_groups.access import (
    AS_MEMBER,
    CORE_GROUP_APART_RULE,
    CORE_GROUP_PLAN_RULE,
    CORE_GROUP_RECORD_RULE,
    CORE_GROUP_RULE,
    access_core_group,
)
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember
from core_groups.selectors.apart import standings, waiting_in
from core_groups.selectors.core_groups import (
    group_of_conference,
    group_page,
    members_of,
    members_part,
    past_members_of,
    planned_meeting,
)
from core_groups.selectors.standing_apart import same_members

MAY = {"may_record": CORE_GROUP_RECORD_RULE, "may_plan": CORE_GROUP_PLAN_RULE, "may_decide": CORE_GROUP_APART_RULE}


def core_group(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a core group: members, plans and meetings."""
    found = access_core_group(request, pk)
    if found.goes_on_in_id is not None:
        return redirect("core_groups:core-group", found.goes_on_in_id)
    if found.right == AS_MEMBER:  # type: ignore[attr-defined]
        return _as_member(request, found)
    today, user = timezone.localdate(), user_of(request)
    members, planned = _with_standing(found, on=today), planned_meeting(found)
    return render(
        request,
        "core_groups/core_group.html",
        {
            "group": group_page(found),
            "members": members,
            "without_sitting": _without_sitting(members, planned),
            "past_members": past_members_of(found, on=today),
            "waiting": waiting_in(CoreGroup.objects.filter(pk=pk), on=today),
            "planned": planned,
            "all_ended": not found.plans.filter(ends_on__isnull=True).exists(),
            "same_members": same_members(found, user, on=today),
            **{name: rule.right_of(user, found) is not None for name, rule in MAY.items()},
        },
    )


def _with_standing(group: CoreGroup, *, on: datetime.date) -> list[CoreGroupMember]:
    known, members = standings(group, on=on), list(members_of(group, on=on))
    for member in members:
        member.standing = known.get(member.person_id)  # type: ignore[attr-defined]
    return members


def _without_sitting(members: list[CoreGroupMember], planned: CoreGroupMeeting | None) -> list[CoreGroupMember]:
    """Return who must not meet the others and has no sitting or call of their own of the planned meeting yet."""
    if planned is None:
        return []
    have = {row.person_id for row in planned.separate_sittings.all()}
    apart = [row for row in members if row.standing and not row.standing.is_open and row.standing.is_apart]  # type: ignore[attr-defined]
    return [row for row in apart if row.person_id not in have]


def _as_member(request: HttpRequest, group: CoreGroup) -> HttpResponse:
    """Show a professional of another agency their plans, actions and meetings."""
    today = timezone.localdate()
    part = members_part(group, user_of(request), on=today)
    may_record = CORE_GROUP_RECORD_RULE.right_of(user_of(request), group) is not None
    context = {
        "group": group,
        "part": part,
        "members": members_of(group, on=today),
        "may_record": may_record and not part.is_apart,
    }
    return render(request, "core_groups/as_member.html", context)


def of_conference(request: HttpRequest, conference_pk: int) -> HttpResponse:
    """Redirect to the core group that a conference formed or that goes on after it."""
    user = require_roles(request)
    group = group_of_conference(conference_pk, CORE_GROUP_RULE.visible(CoreGroup.objects.all(), user))
    if group is None:
        raise Http404
    return redirect("core_groups:core-group", group.pk)
