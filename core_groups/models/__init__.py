"""Core groups: the family and professionals who carry out a plan between conferences."""

from core_groups.models.apart import ApartDecision, SeparateSitting
from core_groups.models.changes import ChangeAtMeeting
from core_groups.models.groups import CoreGroup, CoreGroupMember, CoreGroupMemberPlan, CoreGroupPlan
from core_groups.models.held import HeldForChild
from core_groups.models.late import LateNote
from core_groups.models.meetings import CoreGroupMeeting, CoreGroupMeetingPresent
from core_groups.models.record import MeetingAttendance, MeetingNote, MeetingScore, OwnWords, ProgressAtMeeting
from core_groups.models.rounds import AskedMember, MeetingRound, MeetingStop, MemberTurn
from core_groups.models.rules_of_day import AlsoThere, AnswerAboutObserver, MeetingBreak, MeetingStatement
from core_groups.models.telling import MemberTelling, MemberToTell

__all__ = [
    "AlsoThere",
    "AnswerAboutObserver",
    "ApartDecision",
    "AskedMember",
    "ChangeAtMeeting",
    "CoreGroup",
    "CoreGroupMeeting",
    "CoreGroupMeetingPresent",
    "CoreGroupMember",
    "CoreGroupMemberPlan",
    "CoreGroupPlan",
    "HeldForChild",
    "LateNote",
    "MeetingAttendance",
    "MeetingBreak",
    "MeetingNote",
    "MeetingRound",
    "MeetingScore",
    "MeetingStatement",
    "MeetingStop",
    "MemberTelling",
    "MemberToTell",
    "MemberTurn",
    "OwnWords",
    "ProgressAtMeeting",
    "SeparateSitting",
]
