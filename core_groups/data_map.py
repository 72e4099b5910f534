"""Declares what each core groups table holds, and about whom."""

from __future__ import annotations

from accounts.case_data import case_table
from core_groups import models

case_table(
    models.CoreGroup,
    "Core groups",
    conference="conference",
    about="plans__child",
    one="Core group",
    many="The core group",
    labels={"conference": "Formed by", "goes_on_in": "Goes on in"},
    hidden={"family"},
    links={"plans": "Plan of the core group"},
    called=lambda row: f"core group formed on {row.formed_on:%d.%m.%Y}",
)
case_table(
    models.CoreGroupMember,
    "Members of core groups",
    conference="core_group__conference",
    about="core_group__plans__child",
    names=("person",),
    one="Member",
    titles=("person_id",),
    labels={"plans": "In it for"},
    links={"plans": "Plan of a member"},
    called_after="person",
)
case_table(
    models.CoreGroupMeeting,
    "Meetings of core groups",
    conference="core_group__conference",
    about="core_group__plans__child",
    one="Meeting",
    titles=("number",),
    hidden={"number"},
    links={"present": "Member at a meeting"},
    called=lambda row: f"meeting {row.number}",
)
case_table(
    models.ApartDecision,
    "How members of core groups meet who must not meet others",
    conference="core_group__conference",
    about="core_group__plans__child",
    names=("person",),
    one="Decision how someone meets",
    titles=("person_id",),
    called_after="person",
)
case_table(
    models.SeparateSitting,
    "Separate sittings of core group meetings",
    conference="meeting__core_group__conference",
    about="meeting__core_group__plans__child",
    names=("person",),
    one="Separate sitting",
    titles=("person_id",),
    called_after="person",
)
case_table(
    models.ChangeAtMeeting,
    "Changes of plans at core group meetings",
    child="plan_version__plan__child",
    one="Change of a plan",
    titles=("plan_version_id",),
)
