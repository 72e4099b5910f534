from __future__ import annotations

from django.db import models


class PlanKind(models.TextChoices):
    CP = "cp", "Child protection plan"
    CIN = "cin", "Child in need plan"


class EndReason(models.TextChoices):
    NO_LONGER_AT_RISK = "no_longer_at_risk", "No longer at continuing risk of significant harm"
    MOVED = "moved", "Moved permanently, and the other council has held its conference"
    EIGHTEEN = "eighteen", "Reached 18"
    DIED = "died", "Died"
    PREGNANCY_ENDED = "pregnancy_ended", "The pregnancy ended"
    LEFT_UK = "left_uk", "Left the United Kingdom for good"
    LOOKED_AFTER = "looked", "Looked after under a placement order"
    STEPPED_DOWN = "stepped_down", "Became a child in need plan"
    STEPPED_UP = "stepped_up", "Became a child protection plan"
    CONSENT_WITHDRAWN = "consent_withdrawn", "Consent was withdrawn"
    GOALS_MET = "goals_met", "The help worked"
    ENTERED_IN_ERROR = "entered_in_error", "Entered in error"


# Nobody chooses these: recording what happened to the child ends the plan.
ENDED_BY_AN_EVENT = frozenset({EndReason.DIED, EndReason.PREGNANCY_ENDED})


class EndedOutside(models.TextChoices):
    """The grounds on which a manager ends a child protection plan without a conference."""

    LEFT_UK = "left_uk", "Left the United Kingdom for good"
    MOVED = "moved", "Moved for good, and the other council has taken responsibility"
    EIGHTEEN = "eighteen", "Turned 18"
    LOOKED_AFTER = "looked", "Looked after under a placement order, after a joint review"


class WhereChildIs(models.TextChoices):
    """What is known of a child who is not where the plan says. Only the first ends a plan."""

    GONE_FOR_GOOD = "gone", "Left the country for good"
    HOLIDAY = "holiday", "On holiday or on a visit"
    MISSING = "missing", "Missing"
    FLIGHT = "flight", "May have been taken out of the country to get away from us"


class WhatAgencySaid(models.TextChoices):
    AGREES = "agrees", "Agrees that the plan ends"
    DISAGREES = "disagrees", "Does not agree"
    NO_ANSWER = "no_answer", "Has not answered"


class Progress(models.TextChoices):
    NOT_STARTED = "not_started", "Not started"
    UNDER_WAY = "under_way", "Going on"
    DONE = "done", "Done"
    NOT_DONE = "stuck", "Not done"
    GIVEN_UP = "dropped", "Given up"


COLOUR_OF_PROGRESS: dict[str, str] = {
    Progress.NOT_STARTED: "grey",
    Progress.UNDER_WAY: "blue",
    Progress.DONE: "green",
    Progress.NOT_DONE: "red",
    Progress.GIVEN_UP: "grey",
}


# Progress that nobody may record without saying why.
SAYS_WHY = frozenset({Progress.NOT_DONE, Progress.GIVEN_UP})


class PlanEntryKind(models.TextChoices):
    """What a plan says besides its actions."""

    DANGER = "danger", "What we fear happens if nothing changes"
    GOAL = "goal", "What has to be seen for everyone to be satisfied that the child is safe"
    WISHES = "wishes", "What the child wishes"
    NEED = "need", "Need"
    OUTCOME = "outcome", "Outcome"
    VISITING = "visiting", "Who visits"
    ROLE = "role", "Role"
    CONTINGENCY = "contingency", "If this happens"


# A plan has one of each of these at a time.
ONE_EACH = frozenset({PlanEntryKind.DANGER, PlanEntryKind.GOAL, PlanEntryKind.WISHES})


class Occasion(models.TextChoices):
    """When a version of a plan was made."""

    START = "start", "When this record began"
    CONFERENCE = "conference", "At a conference"
    CORE_GROUP = "core_group", "At a core group meeting"
    CIN_REVIEW = "cin_review", "At a review of the plan"
    BETWEEN = "between", "Between meetings"
    CARRIED = "carried", "Carried on from the plan before"
    POST = "post", "When someone left their post"


class WhyChanged(models.TextChoices):
    CIRCUMSTANCES = "circumstances", "Circumstances changed"
    BETTER_WAY = "better_way", "A better way was found"


class ConsentMatterKind(models.TextChoices):
    """What a manager has to decide about the consent to a child in need plan."""

    DISAGREED = "disagreed", "Disagreement"
    REFUSED = "refused", "Refusal"
    WITHDRAWN = "withdrawn", "Consent withdrawn"


class ConsentMatterOutcome(models.TextChoices):
    """What a manager decides about it. None of them begins a child protection plan."""

    GOES_ON = "goes_on", "The plan goes on, with the consent of others"
    TALK_AGAIN = "talk_again", "We talk with the family again"
    STRATEGY = "strategy", "A strategy discussion is asked for"
    ENDS = "ends", "The plan ends"


class Marked(models.TextChoices):
    """By what marks the list of plans is filtered."""

    LASTING = "lasting", "Lasting long"
    REPEATED = "repeated", "Second plan, or a later one"
    SOON = "soon", "Soon after the last plan"


class Checked(models.TextChoices):
    """What a chair found between conferences. What is not clear is not taken for a yes."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_CLEAR = "not_clear", "It is not clear"


class MidPointOutcome(models.TextChoices):
    """What a manager decides after a chair's check between conferences. None of them ends or lowers a plan."""

    EARLY_REVIEW = "early_review", "An early review is asked for"
    STRATEGY = "strategy", "A strategy discussion is asked for"
    ACTED_ON = "acted_on", "Something else is done at once"
    GOES_ON = "goes_on", "The plan goes on as it is"


class CinMemberState(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    IN = "in", "In the plan"
    LEFT_OUT = "left_out", "Left out"


class WhyNotSeen(models.TextChoices):
    """Why a child was not seen at a visit."""

    NO_ANSWER = "no_answer", "No one answered"
    NOT_SHOWN = "not_shown", "Someone was there, but the child was not shown"
    REFUSED = "refused", "A parent or carer refused"
    AWAY = "away", "The child was somewhere else"
    OTHER = "other", "Another reason"


class CallerKnownBy(models.TextChoices):
    """How the identity of a person who asks about the list was established."""

    CALLED_BACK = "called_back", "Called back on the number of their agency"
    IN_PERSON = "in_person", "In person, with their identity card"
    OWN_SERVICE = "own_service", "They work in this council's children's services, and are known to me"


class ListAnswerKind(models.TextChoices):
    ON_LIST = "on_list", "On the list"
    RESTRICTED = "restricted", "On the list, restricted"
    SEVERAL = "several", "Several children to be told apart"
    ONE_MORE = "one_more", "One more fact is needed"
    NOT_ON_LIST = "not_on_list", "Not on the list"
    NOT_FOR_YOU = "not_for_you", "To be checked by someone else"
