"""What makes up the history of a core group."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from accounts.history.reading import rows_at
from accounts.history.registry import Gathered, Kind, Part, Record, register_names, register_record
from core_groups.models import (
    CoreGroup,
    CoreGroupMeeting,
    CoreGroupMeetingPresent,
    CoreGroupMember,
    CoreGroupMemberPlan,
    CoreGroupPlan,
)
from families.history import named_by, person_names

GROUP = Kind(
    CoreGroup,
    "Core group",
    "The core group",
    unsaid=frozenset({"family"}),
    labels={"conference_id": "Formed by"},
)
PLAN = Kind(CoreGroupPlan, "Plan of the core group", "Plans", link_of="coregroup_id", link_to="plan_id")
MEMBER = Kind(CoreGroupMember, "Member", titles=("person_id",), unsaid=frozenset({"core_group"}))
MEMBER_PLAN = Kind(
    CoreGroupMemberPlan, "Plan of a member", "In it for", link_of="coregroupmember_id", link_to="plan_id"
)
MEETING = Kind(CoreGroupMeeting, "Meeting", titles=("number",), unsaid=frozenset({"core_group", "number"}))
PRESENT = Kind(
    CoreGroupMeetingPresent,
    "Member at a meeting",
    "Present",
    link_of="coregroupmeeting_id",
    link_to="coregroupmember_id",
)

CORE_GROUP_RECORD = Record(
    "core group",
    CoreGroup,
    gathered=(
        Gathered("member", CoreGroupMember, "core_group_id", "root"),
        Gathered("meeting", CoreGroupMeeting, "core_group_id", "root"),
    ),
    parts=(
        Part(GROUP, (("pgh_obj_id", "root"),)),
        Part(PLAN, (("coregroup_id", "root"),)),
        Part(MEMBER, (("core_group_id", "root"),)),
        Part(MEMBER_PLAN, (("coregroupmember_id", "member"),)),
        Part(MEETING, (("core_group_id", "root"),)),
        Part(PRESENT, (("coregroupmeeting_id", "meeting"),)),
    ),
)


def _member_names(ids: set[int], at: datetime.datetime | None) -> Mapping[int, str]:
    rows = rows_at(CoreGroupMember, ids, at)
    names = person_names({row.person_id for row in rows.values()}, at)
    return {pk: names[row.person_id] for pk, row in rows.items() if row.person_id in names}


def register_history() -> None:
    """The record and its names; called once from ``register_everything``."""
    register_record(CORE_GROUP_RECORD)
    register_names(CoreGroupMember, _member_names)
    named_by(CoreGroup, lambda row: f"core group formed on {row.formed_on:%d.%m.%Y}")
    named_by(CoreGroupMeeting, lambda row: f"meeting {row.number}")
