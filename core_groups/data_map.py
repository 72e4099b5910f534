"""Declares what each core groups table holds, and about whom."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

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
OF_A_MEETING = "meeting__core_group__conference"


def named_or_all(children: Any) -> Q:
    """Match notes about one of the children, and those about every child of the group."""
    return Q(children__in=children) | Q(children__isnull=True, meeting__core_group__plans__child__in=children)


case_table(
    models.MeetingAttendance,
    "Who came to core group meetings",
    conference=OF_A_MEETING,
    about="meeting__core_group__plans__child",
    names=("member__person",),
    one="Who came",
    many="Who came to core group meetings",
    titles=("member_id",),
    hidden={"superseded_at"},
)
case_table(
    models.HeldForChild,
    "For which children core group meetings count as held",
    conference=OF_A_MEETING,
    about="plan__child",
    names=("stood_in_member__person",),
    one="Whether a meeting counts for a child",
    many="For which children meetings count",
    titles=("plan_id",),
)
case_table(
    models.AlsoThere,
    "Who came to core group meetings without being a member",
    conference=OF_A_MEETING,
    about="meeting__core_group__plans__child",
    names=("person", "acts_for__person"),
    one="Who came as well",
    many="Who came to core group meetings as well",
    titles=("person_id",),
    called_after="person",
)
case_table(
    models.AnswerAboutObserver,
    "Who agreed to an observer at a core group meeting",
    conference="observer__meeting__core_group__conference",
    about="observer__meeting__core_group__plans__child",
    names=("observer__person", "asked__person"),
    one="Answer about an observer of a core group",
    many="Answers about observers of core groups",
    titles=("observer_id", "asked_id"),
)
case_table(
    models.MeetingStatement,
    "Statements read out at core group meetings",
    conference=OF_A_MEETING,
    about="meeting__core_group__plans__child",
    one="Statement read out at a core group",
    many="Statements read out at core groups",
    titles=("statement",),
    keeps={"words"},
)
case_table(
    models.MeetingBreak,
    "Breaks of core group meetings",
    conference=OF_A_MEETING,
    about="meeting__core_group__plans__child",
    one="Break of a core group",
    many="Breaks of core groups",
    titles=("began_at",),
)
case_table(
    models.ProgressAtMeeting,
    "At which core group meetings progress was recorded",
    conference=OF_A_MEETING,
    about="action__plan__child",
    names=("member__person",),
    one="Progress at a meeting",
    many="Progress at meetings",
    titles=("action_id",),
    hidden={"superseded_at"},
)
case_table(
    models.MeetingNote,
    "What was said at core group meetings",
    conference=OF_A_MEETING,
    about=named_or_all,
    names=("private_to", "speaker__person"),
    one="Note of a core group meeting",
    many="Notes of core group meetings",
    links={
        "children": "Child of a note of a core group meeting",
        "private_to": "Whose private information a note of a core group meeting holds",
    },
    barred_by=("children__person__sealed_at", "private_to__sealed_at"),
    hidden={"superseded_at"},
    keeps={"heading"},
)
case_table(
    models.LateNote,
    "Notes of core group meetings that were typed without a network",
    conference=OF_A_MEETING,
    about="meeting__core_group__plans__child",
    one="Note that arrived late",
    many="Notes that arrived late",
    titles=("entry_id",),
    keeps={"once_key", "seen_key"},
    hidden={"once_key", "seen_key"},
)
case_table(
    models.MeetingScore,
    "Scores at core group meetings",
    conference=OF_A_MEETING,
    about="child",
    names=("member__person",),
    one="Score at a core group meeting",
    many="Scores at core group meetings",
    titles=("member_id", "child_id"),
    hidden={"superseded_at", "turn"},
    keeps={"scale"},
)
case_table(
    models.MeetingRound,
    "When asking for scores at core group meetings ended",
    conference=OF_A_MEETING,
    about="child",
    one="End of asking for scores",
    many="Ends of asking for scores",
    titles=("child_id",),
)
case_table(
    models.AskedMember,
    "Children of core groups who are asked for a score",
    conference="member__core_group__conference",
    about="member__core_group__plans__child",
    names=("member__person",),
    one="Child asked for a score",
    many="Children asked for a score",
    titles=("member_id",),
)
case_table(
    models.MemberTurn,
    "Turns at a tablet at core group meetings",
    conference=OF_A_MEETING,
    keeps={"code_hash", "token_hash"},
    is_given=False,
)
case_table(
    models.MeetingStop,
    "Stops because a child was not safe, at core group meetings",
    conference=OF_A_MEETING,
    about="child",
    names=("said_by__person",),
    one="Stop for safety",
    many="Stops for safety",
    titles=("child_id",),
    may_harm=True,
)
case_table(
    models.OwnWords,
    "Members' own words for core group meetings",
    conference=OF_A_MEETING,
    about="child",
    names=("member__person",),
    one="Own words",
    many="Own words",
    titles=("member_id", "child_id"),
    hidden={"superseded_at"},
    may_harm=True,
)
case_table(
    models.MemberToTell,
    "Members of core groups to be told by another way than e-mail",
    conference=OF_A_MEETING,
    about="meeting__core_group__plans__child",
    names=("member__person",),
    one="Member to tell",
    many="Members to tell",
    titles=("member_id",),
)
case_table(
    models.MemberTelling,
    "Who told members of core groups, and what was tried",
    conference="to_tell__meeting__core_group__conference",
    about="to_tell__meeting__core_group__plans__child",
    names=("to_tell__member__person",),
    one="Telling of a member",
    many="Tellings of members",
    titles=("to_tell_id",),
)
