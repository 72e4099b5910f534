from __future__ import annotations

from django.db import models

from families.enums import RelationshipKind


class ConferenceStatus(models.TextChoices):
    REQUESTED = "requested", "Requested"
    SCHEDULED = "scheduled", "Scheduled"
    OPEN = "open", "In session"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


CONFERENCE_TRANSITIONS: dict[str, frozenset[str]] = {
    ConferenceStatus.REQUESTED: frozenset({ConferenceStatus.SCHEDULED, ConferenceStatus.CANCELLED}),
    ConferenceStatus.SCHEDULED: frozenset({ConferenceStatus.OPEN, ConferenceStatus.CANCELLED}),
    ConferenceStatus.OPEN: frozenset({ConferenceStatus.CLOSED, ConferenceStatus.SCHEDULED}),
    ConferenceStatus.CLOSED: frozenset(),
    ConferenceStatus.CANCELLED: frozenset(),
}


class ConferenceKind(models.TextChoices):
    """The kind of conference for one child; children in the same conference may differ."""

    INITIAL = "initial", "Initial"
    PRE_BIRTH = "pre_birth", "Pre-birth"
    TRANSFER_IN = "transfer_in", "Transfer-in"
    REVIEW = "review", "Review"


INITIAL_KINDS = frozenset({ConferenceKind.INITIAL, ConferenceKind.PRE_BIRTH, ConferenceKind.TRANSFER_IN})


class WithdrawalGround(models.TextChoices):
    """Why the conference is no longer about a child, though it goes on for the others."""

    NOT_NEEDED = "not_needed", "No conference is needed for this child"
    OTHER_CONFERENCE = "other_conference", "The child has another conference"
    OTHER_COUNCIL = "other_council", "Another council holds it"
    MOVED = "moved", "The child has moved away"
    DIED = "died", "The child has died"
    PREGNANCY_ENDED = "pregnancy_ended", "The pregnancy ended"
    SEALED = "sealed", "The record is sealed"
    OTHER = "other", "Another reason"


NOBODY_DECIDES = frozenset({WithdrawalGround.DIED, WithdrawalGround.PREGNANCY_ENDED, WithdrawalGround.SEALED})


class Mode(models.TextChoices):
    IN_PERSON = "in_person", "In person"
    ONLINE = "online", "Online"
    BLENDED = "blended", "In person and online"


class SittingState(models.TextChoices):
    BOOKED = "booked", "Booked"
    IN_SESSION = "in_session", "In session"
    ENDED = "ended", "Ended"
    ADJOURNED = "adjourned", "Adjourned"
    INQUORATE = "inquorate", "Inquorate"
    CANCELLED = "cancelled", "Cancelled"


class Job(models.TextChoices):
    """What someone does for a conference so that it runs."""

    CHAIR = "chair", "Chair"
    COORDINATOR = "coordinator", "Coordinator"


class Party(models.TextChoices):
    """Who has to agree to a conference after its time limit."""

    MANAGER = "manager", "Team manager"
    CHAIR = "chair", "Chair"
    SERVICE_MANAGER = "service_manager", "Service manager"


class PartKind(models.TextChoices):
    WHOLE = "whole", "Whole meeting"
    HALF = "half", "Half with one side of the family"
    WITH_CHILD = "with_child", "Part with the child"
    CONFIDENTIAL = "confidential", "Confidential part"


class Participation(models.TextChoices):
    """Census codes for how a child took part."""

    PN0 = "PN0", "Under 4 on the day"
    PN1 = "PN1", "Attended and spoke for themselves"
    PN2 = "PN2", "Attended, and someone spoke for them"
    PN3 = "PN3", "Attended, gave views without words"
    PN4 = "PN4", "Attended, gave no views"
    PN5 = "PN5", "Did not attend, someone else was asked to speak for them"
    PN6 = "PN6", "Did not attend, gave views by another way"
    PN7 = "PN7", "Did not attend, gave no views"


class Capacity(models.TextChoices):
    """The capacity in which a person takes part."""

    PARENT = "parent", "Parent"
    CARER = "carer", "Carer"
    CHILD = "child", "Child"
    RELATIVE = "relative", "Relative"
    SOCIAL_WORKER = "social_worker", "Social worker"
    TEAM_MANAGER = "team_manager", "Team manager"
    PROFESSIONAL = "professional", "Professional"
    CHAIR = "chair", "Chair"
    COORDINATOR = "coordinator", "Coordinator"
    SUPPORTER = "supporter", "Supporter"
    ADVOCATE = "advocate", "Advocate"
    SOLICITOR = "solicitor", "Solicitor"
    INTERPRETER = "interpreter", "Interpreter"
    OBSERVER = "observer", "Observer"


FAMILY_CAPACITIES = frozenset({Capacity.PARENT, Capacity.CARER, Capacity.CHILD, Capacity.RELATIVE})
SUPPORTING_CAPACITIES = frozenset(
    {Capacity.SUPPORTER, Capacity.ADVOCATE, Capacity.SOLICITOR, Capacity.INTERPRETER, Capacity.OBSERVER}
)
# Those who come with someone in the family: named beforehand, checked, and accepted by the chair.
COME_WITH_SOMEBODY = SUPPORTING_CAPACITIES - {Capacity.OBSERVER}
# Whatever a council's procedures say, nobody asks them for a score or a view.
NEVER_ASKED = SUPPORTING_CAPACITIES | {Capacity.COORDINATOR}
REPORTING_CAPACITIES = frozenset({Capacity.SOCIAL_WORKER, Capacity.PROFESSIONAL})
CAPACITY_OF_RELATIONSHIP: dict[str, Capacity] = {
    RelationshipKind.MOTHER: Capacity.PARENT,
    RelationshipKind.FATHER: Capacity.PARENT,
    RelationshipKind.POSSIBLE_FATHER: Capacity.PARENT,
    RelationshipKind.PARENT: Capacity.PARENT,
    RelationshipKind.STEP_PARENT: Capacity.CARER,
    RelationshipKind.PARTNER_OF_PARENT: Capacity.CARER,
    RelationshipKind.CARER: Capacity.CARER,
    RelationshipKind.FOSTER_CARER: Capacity.CARER,
    RelationshipKind.GUARDIAN: Capacity.CARER,
}


class ParticipantStatus(models.TextChoices):
    """A participant's status. Nothing goes to anyone who is not INVITED."""

    PROPOSED = "proposed", "Proposed"
    TO_INVITE = "to_invite", "To be invited"
    AWAITING_CHAIR = "awaiting_chair", "Awaiting the chair"
    INVITED = "invited", "Invited"
    LEFT_OUT = "left_out", "Left out"
    KEPT_OUT = "kept_out", "Kept out by the chair"
    WITHDRAWN = "withdrawn", "Withdrawn"
    AFTERWARDS = "afterwards", "Was not there, takes the case over"


COMING = frozenset({ParticipantStatus.TO_INVITE, ParticipantStatus.INVITED})


class Reply(models.TextChoices):
    NONE = "none", "No answer"
    COMING = "coming", "Coming"
    ONLINE = "online", "Coming, online"
    DEPUTY = "deputy", "Sending a deputy"
    REPORT_ONLY = "report_only", "Report only"
    NOT_COMING = "not_coming", "Not coming"


class AnswerEnded(models.TextChoices):
    """Why an answer no longer counts."""

    MOVED = "moved", "The conference was moved"
    ADJOURNED = "adjourned", "The meeting was adjourned"
    CANCELLED = "cancelled", "The conference was cancelled"


class HowToAttend(models.TextChoices):
    """The chair's options for a person about whom a request was made."""

    WHOLE = "whole", "The whole meeting"
    PART = "part", "Part of the meeting"
    SEPARATE_TIME = "separate_time", "At a separate time"
    SEPARATE_PLACE = "separate_place", "In a separate place"
    VIDEO = "video", "By video"
    NOT_AT_ALL = "not_at_all", "Not at all"


class RequestGround(models.TextChoices):
    """What led to a request to the chair about a person."""

    CONTACT_RISK = "contact_risk", "A recorded contact risk"
    LEFT_OUT = "left_out", "Left off the list of people to invite"
    ASKED = "asked", "Someone asked for them to be kept out"
    BY_UNDERSTANDING = "by_understanding", "Whether the child is old enough to take part"
    KEPT_OUT_BEFORE = "kept_out_before", "Kept out or apart before"


class AskedKind(models.TextChoices):
    """What a request for a conference asks for."""

    KEEP_OUT = "keep_out", "To stay out or apart"
    INTERPRETER = "interpreter", "Interpreter"
    ADVOCATE = "advocate", "Advocate"
    HELP = "help", "Help to take part"
    DOOR = "door", "Danger for whoever visits"
    COMER = "comer", "Should also come"


class AdvocateAnswer(models.TextChoices):
    """What a child or parent said when an advocate was offered."""

    ACCEPTED = "accepted", "Accepted"
    REFUSED = "refused", "Refused"
    NOT_NOW = "not_now", "Not now"
    TOO_YOUNG = "too_young", "Too young to answer"
    WAITING = "waiting", "Asked, no answer yet"
    UNKNOWN = "unknown", "Not known"


class AdvocateReads(models.TextChoices):
    """What an advocate reads where the person they speak for agrees to it. Nothing without that."""

    MY_VIEWS = "my_views", "What they wrote in My Views"
    REPORTS = "reports", "Reports for the meeting that were shared with them"
    RECORD = "record", "Their letter and the minutes after the meeting"
    PLAN = "plan", "The plan, as they were given it"


class Band(models.TextChoices):
    """How a child is written to. The values are those of the council's forms of My Views, which go by the same ages."""

    YOUNGEST = "young-child", "As a small child, who has it read out"
    MIDDLE = "child", "As a child who reads"
    OLDER = "young-person", "As a young person"


class AdvocateCame(models.TextChoices):
    """Whether an advocate came; empty as long as it is not recorded."""

    YES = "yes", "Yes"
    NO = "no", "No"


class WhoOpens(models.TextChoices):
    """Who can open the device on which a child would open a link."""

    CHILD = "child", "Only the child"
    SHARED = "shared", "Other people use it too"
    PARENT = "parent", "A parent or carer holds it, or can open it"
    UNKNOWN = "unknown", "Not known"


class Presence(models.TextChoices):
    PRESENT = "present", "Present"
    APOLOGIES = "apologies", "Apologies"
    ABSENT = "absent", "Absent without apologies"
    REMOVED = "removed", "Removed by the chair"


class Outcome(models.TextChoices):
    """What the chair decides for one child."""

    CP_PLAN = "cp_plan", "Child protection plan"
    CIN_PLAN = "cin_plan", "Child in need plan, with consent"
    CIN_REFUSED = "cin_refused", "Child in need plan offered and refused"
    FURTHER_ASSESSMENT = "further_assessment", "Further assessment"
    OTHER_SUPPORT = "other_support", "Other support"
    NOTHING = "nothing", "No plan and no further help"
    PLAN_ENDS = "plan_ends", "Child protection plan ends"


class StillHarm(models.TextChoices):
    """The chair's answer whether a child on a plan still suffers, or is likely to suffer, significant harm."""

    YES = "yes", "Yes"
    NO = "no", "No"


class EndsBecause(models.TextChoices):
    """Why a child protection plan ends or is lowered."""

    SAFER = "safer", "The risk is lower because of the plan"
    CHANGED = "changed", "Circumstances have changed"
    REASSESSED = "reassessed", "A new assessment shows that the plan is not needed"


class AlsoAdvised(models.TextChoices):
    """What the chair of a review advises beside the decision, for managers to act on."""

    LEGAL_PLANNING = "legal_planning", "A legal planning meeting"
    JOINT_REVIEW = "joint_review", "A joint review with the review of looked-after children"


class PlanEffect(models.TextChoices):
    """What a decision makes of the child protection plan that was in force."""

    GOES_ON = "goes_on", "The child protection plan stays in force"
    LOWERED = "lowered", "The child protection plan is lowered to a child in need plan"
    ENDS = "ends", "The child protection plan ends"


class Category(models.TextChoices):
    """Census codes of the categories of harm; MUL only where the chair chooses it."""

    NEG = "NEG", "Neglect"
    PHY = "PHY", "Physical"
    SAB = "SAB", "Sexual"
    EMO = "EMO", "Emotional"
    MUL = "MUL", "Multiple"


class DeputyState(models.TextChoices):
    NAMED = "named", "To be confirmed"
    CONFIRMED = "confirmed", "Confirmed"
    REFUSED = "refused", "Not confirmed"
    ENDED = "ended", "Taken back"


class Need(models.TextChoices):
    """What a guest can ask for, before the meeting and after it."""

    APART = "apart", "Not to be in the same room as someone"
    OTHER_TIME = "other_time", "To come at another time than the others"
    BY_VIDEO = "by_video", "To join on a screen"
    TALK_BEFORE = "talk_before", "To talk to someone before the meeting"
    MEET_CHAIR = "meet_chair", "To meet the person who leads the meeting on another day"
    SOMEBODY_ALONG = "somebody_along", "To bring someone with me"
    INTERPRETER = "interpreter", "An interpreter, including for sign language"
    HEARING = "hearing", "Help to hear"
    READING = "reading", "Someone to read things to me"
    BIGGER_PRINT = "bigger_print", "Papers in bigger print or simpler words"
    GETTING_THERE = "getting_there", "Help to get there, or to get online"
    STEP_FREE = "step_free", "A room with no steps"
    CHILD_CARE = "child_care", "Someone to look after my children"
    ON_PAPER = "on_paper", "A paper sent by post"
    WRONG = "wrong", "Something in my papers is wrong"
    DISAGREE = "disagree", "I do not agree with what was decided"
    COMPLAIN = "complain", "I want to complain"
    SOMETHING_ELSE = "something_else", "Something else"


class ToldHow(models.TextChoices):
    """How someone told staff what staff wrote down for them."""

    TELEPHONE = "telephone", "By telephone"
    PAPER = "paper", "On paper"
    IN_PERSON = "in_person", "In person"


AFTERWARDS = (Need.WRONG, Need.COMPLAIN, Need.BIGGER_PRINT, Need.READING, Need.ON_PAPER, Need.SOMETHING_ELSE)
BEFOREHAND = tuple(need for need in Need if need not in (Need.WRONG, Need.DISAGREE, Need.COMPLAIN))


class Occasion(models.TextChoices):
    """Of what someone has to be told by another way than e-mail."""

    INVITATION = "invitation", "The invitation"
    CHANGED = "changed", "A change of the meeting"
    PLACE = "place", "How they take part"
    TAKEN_OFF = "taken_off", "That they are not asked to come"
    CANCELLED = "cancelled", "The cancellation"
    ANSWER = "answer", "The chair’s answer to what they asked"
    PLAN_ENDED = "plan_ended", "That a child’s plan has ended"
    PLAN_VERSION = "plan_version", "A new version of a child’s plan"
    KEY_WORKER = "key_worker", "A child’s new key worker"


# About a child's plan, which the row names.
ABOUT_A_PLAN = (Occasion.PLAN_ENDED, Occasion.PLAN_VERSION, Occasion.KEY_WORKER)
# What is told whatever becomes of the meeting, each by itself.
NOT_ABOUT_THE_MEETING = (Occasion.ANSWER, *ABOUT_A_PLAN)


class TellingOutcome(models.TextChoices):
    TOLD = "told", "Told"
    NOT_REACHED = "not_reached", "Could not be reached"


class TellingHow(models.TextChoices):
    IN_PERSON = "in_person", "In person"
    PHONE = "phone", "By telephone"
    POST = "post", "By post"
    BY_HAND = "by_hand", "A letter given by hand"
    THROUGH = "through", "Through someone who works with them"


class Nature(models.TextChoices):
    FACT = "fact", "Fact"
    OPINION = "opinion", "Opinion"


class Given(models.TextChoices):
    """Whether a score or view was given and, if not, why not. Each value is a different fact."""

    GIVEN = "given", "Given"
    ABSTAINED = "abstained", "Abstained"
    LEFT = "left", "Left before"
    NOT_ASKED = "not_asked", "Not asked"
    REFUSED = "refused", "Refused"
    UNKNOWN = "unknown", "Not known"
