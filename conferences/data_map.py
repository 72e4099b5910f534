"""Declares which person or family each conferences table belongs to."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.case_data import case_table, not_case_data
from conferences import models

OF_A_CHILD = "conference_child__conference"
ABOUT_A_SEALED_PERSON = ("children__child__person__sealed_at", "private_to__sealed_at")


def named_or_all(children: Any) -> Q:
    """Match rows that name one of the children, or none, which means all."""
    return Q(children__child__in=children) | Q(children__isnull=True)


case_table(
    models.Conference,
    "Conferences",
    conference="pk",
    one="Conference",
    many="The conference",
    hidden={"family", "requested_by", "link"},
    called=lambda row: f"conference {row.reference}",
    keeps={"late_cause"},
    stubs={"reference": "'X' || id", "link": "''"},
)
case_table(
    models.LateAgreement,
    "Agreements to a late date",
    conference="conference",
    one="Agreement to a late date",
    many="Agreements to a late date",
    titles=("party",),
    keeps={"late_cause"},
)
case_table(
    models.ConferenceAgreement,
    "Agreements to hold a conference",
    conference="conference",
    one="Agreement to hold the conference",
    many="Agreements to hold the conference",
    titles=("asked_at",),
)
case_table(
    models.ConferenceRequest,
    "Requests for a conference",
    family="family",
    about="children",
    one="Request for a conference",
    many="Requests for a conference",
    titles=("asked_at",),
    hidden={"guest_session_id", "reply_to"},
    links={"children": "Child a conference is asked for"},
    may_harm=True,
)
case_table(
    models.RequestedItem,
    "What requests for a conference ask for",
    family="request__family",
    about="request__children",
    names=("person",),
    one="Something a request asks for",
    many="What requests ask for",
    titles=("kind",),
    may_harm=True,
    court_only=True,
)
case_table(
    models.Sitting,
    "Sittings",
    conference="conference",
    one="Sitting",
    titles=("number",),
    hidden={"number"},
    called=lambda row: f"sitting {row.number}",
    # Shifted dates must not collide with another case's bookings.
    stubs={"recorded_afterwards_reason": "'removed'"},
)
case_table(
    models.StandIn,
    "Who stood in for the chair",
    conference="conference",
    one="Stand-in for the chair",
    many="Stand-ins for the chair",
    titles=("user_id",),
)
case_table(
    models.Replacement,
    "Who took over as chair or coordinator",
    conference="conference",
    one="Change of chair or coordinator",
    many="Changes of chair or coordinator",
    titles=("job",),
)
case_table(
    models.Part,
    "Parts of sittings",
    conference="sitting__conference",
    one="Part of a sitting",
    many="Parts of the sittings",
    titles=("sitting_id", "number"),
    called=str,
)
case_table(
    models.ConferenceChild,
    "Children in conferences",
    conference="conference",
    about="child",
    one="Child of the conference",
    many="Children",
    titles=("child_id",),
    called_after="child",
    barred_by=("child__person__sealed_at",),
)
case_table(
    models.Participant,
    "Who was invited",
    conference="conference",
    about=named_or_all,
    names=("person",),
    one="Person on the list",
    many="People on the list",
    titles=("person_id",),
    labels={"children": "Comes for"},
    hidden={"invitation_sequence"},
    links={"children": "Child someone comes for", "parts": "Part someone is planned for"},
    called_after="person",
    barred_by=("person__sealed_at",),
)
case_table(
    models.EarlierAnswer,
    "Answers to a date that was given up",
    conference="participant__conference",
    names=("participant__person",),
    one="Answer to a date that was given up",
    many="Answers to dates that were given up",
    titles=("participant_id",),
)
case_table(
    models.ExclusionRequest,
    "Requests to keep someone out",
    conference="conference",
    names=("participant__person", "asked_for"),
    one="Question to the chair",
    many="Questions to the chair",
    titles=("participant_id",),
    links={"parts": "Part someone may be in"},
    may_harm=True,
    court_only=True,
)
case_table(
    models.ToTell,
    "Whom to tell by another way than e-mail",
    conference="conference",
    names=("participant__person",),
    one="Something to tell someone",
    many="What people have to be told by another way than e-mail",
    titles=("participant_id", "occasion"),
    hidden={"entry"},
    called_after="participant",
    may_harm=True,
)
case_table(
    models.Telling,
    "Who was told by another way than e-mail",
    conference="to_tell__conference",
    names=("to_tell__participant__person",),
    one="Telling someone",
    many="Who told people, when and how",
    titles=("to_tell_id",),
)
case_table(
    models.Attendance,
    "Attendance",
    conference="participant__conference",
    names=("participant__person",),
    one="Attendance",
    many="Attendance",
    titles=("participant_id", "part_id"),
)
case_table(
    models.Decision,
    "Decisions",
    conference=OF_A_CHILD,
    about="conference_child__child",
    one="Decision",
    titles=("conference_child_id",),
    labels={"superseded_by": "Replaced by"},
    links={"core_group": "Core group member"},
    called_after="conference_child",
    called=lambda row, child: f"{row.get_outcome_display()}, for {child or 'a child'}",
    barred_by=("conference_child__child__person__sealed_at",),
)
case_table(
    models.Deputy,
    "Deputies",
    conference="participant__conference",
    one="Deputy",
    many="Deputies",
    titles=("participant_id",),
    hidden={"guest_session_id", "email"},
)
case_table(
    models.ListShown,
    "To whom the list of people was shown",
    conference="participant__conference",
    one="Showing of the list of people",
    many="Showings of the list of people",
    titles=("participant_id",),
    is_given=False,
)
case_table(
    models.LinkGiven,
    "Who was given the link for those online",
    conference="participant__conference",
    one="Giving of the link for those online",
    many="Who was given the link for those online",
    titles=("participant_id",),
    hidden={"link"},
    stubs={"link": "'removed:' || id"},
    is_given=False,
)
case_table(
    models.SaidByGuest,
    "What people without an account answered",
    conference="participant__conference",
    names=("participant__person",),
    one="What an invited person said",
    many="What invited people said",
    titles=("participant_id",),
    hidden={"guest_session_id"},
)
case_table(
    models.AnswerToGuest,
    "Answers to what people asked for on their own page",
    conference="said__participant__conference",
    names=("said__participant__person",),
    one="Answer to what someone asked for",
    many="Answers to what people asked for",
    titles=("said_id",),
)
case_table(
    models.AbsenceTold,
    "Who was told that someone does not come",
    conference="request__conference",
    names=("reader__person", "request__participant__person"),
    one="Telling that someone does not come",
    many="Who was told that someone does not come",
    titles=("reader_id",),
    may_harm=True,
)
case_table(
    models.CompanionCheck,
    "Whom the chair accepted to come with the family",
    conference="participant__conference",
    names=("participant__person",),
    one="Question to the chair about someone who comes with the family",
    many="Questions to the chair about those who come with the family",
    titles=("participant_id",),
    may_harm=True,
    court_only=True,
)
case_table(
    models.AdvocateOffer,
    "To whom an advocate was offered",
    conference="participant__conference",
    names=("participant__person",),
    one="Offer of an advocate",
    many="Offers of an advocate",
    titles=("participant_id",),
)
case_table(
    models.AdvocateAgreement,
    "What an advocate may read",
    conference="advocate__conference",
    names=("client__person", "said_by"),
    one="Agreement that an advocate may read something",
    many="Agreements on what advocates may read",
    titles=("advocate_id",),
    hidden={"guest_session_id", "withdrawal_session_id"},
)
case_table(
    models.DeviceAsked,
    "Who can open a child’s device",
    conference="participant__conference",
    names=("participant__person",),
    one="Question who can open a child’s device",
    many="Questions who can open a child’s device",
    titles=("participant_id",),
    hidden={"email"},
    may_harm=True,
)
case_table(
    models.Understanding,
    "How a child is written to",
    conference="child__conference",
    about="child__child",
    one="How a child is written to",
    many="How children are written to",
    titles=("child_id",),
    keeps=("band",),
)
case_table(
    models.PaperOnly,
    "Who wanted everything on paper",
    person="person",
    one="Choice of paper only",
    many="Choices of paper only",
    titles=("chosen_at",),
    hidden={"guest_session_id"},
)

not_case_data(models.FamilyFeedback, because="What families thought of meetings: no case, no person and no day.")
not_case_data(models.Room, because="Rooms of the council.", called=lambda row: str(row.name))
case_table(
    models.RecordingDecision,
    "Whether a meeting is recorded",
    conference="conference",
    one="Decision on recording",
    many="Decisions on recording",
    titles=("decided_at",),
)
case_table(
    models.LobbyCheck,
    "Who people on a screen are",
    conference="participant__conference",
    names=("participant__person",),
    one="Check of someone on a screen",
    many="Checks of people on a screen",
    titles=("participant_id",),
)
