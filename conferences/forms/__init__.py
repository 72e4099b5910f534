"""What people type before the day."""

from __future__ import annotations

from conferences.forms.answers import AskChairForm, DecideRequestForm, MyInvitationForm, ReplyForm
from conferences.forms.booking import (
    BookingForm,
    CancelForm,
    LateReasonForm,
    MoveForm,
    ScheduleForm,
    initial_booking,
)
from conferences.forms.enquiries import EndEnquiryForm, StrategyDiscussionForm
from conferences.forms.moments import at
from conferences.forms.people import AddParticipantForm, PeopleForm, initial_of

__all__ = [
    "AddParticipantForm",
    "AskChairForm",
    "BookingForm",
    "CancelForm",
    "DecideRequestForm",
    "EndEnquiryForm",
    "LateReasonForm",
    "MoveForm",
    "MyInvitationForm",
    "PeopleForm",
    "ReplyForm",
    "ScheduleForm",
    "StrategyDiscussionForm",
    "at",
    "initial_booking",
    "initial_of",
]
