"""Forms for the time before the meeting."""

from __future__ import annotations

from conferences.forms.answers import AskChairForm, DecideRequestForm, MyInvitationForm, ReplyForm
from conferences.forms.booking import BookingForm, RequestForm, ScheduleForm
from conferences.forms.enquiries import ConveneForm, StartingDiscussionForm, StrategyDiscussionForm
from conferences.forms.lateness import AgreeLateForm, LateReasonForm
from conferences.forms.moments import at
from conferences.forms.moving import AnotherDayForm, MoveForm, NextSittingForm, initial_booking
from conferences.forms.people import AddParticipantForm, PeopleForm, initial_of
from conferences.forms.transfers import SettleTransferForm, TransferInForm

__all__ = [
    "AddParticipantForm",
    "AgreeLateForm",
    "AnotherDayForm",
    "AskChairForm",
    "BookingForm",
    "ConveneForm",
    "DecideRequestForm",
    "LateReasonForm",
    "MoveForm",
    "MyInvitationForm",
    "NextSittingForm",
    "PeopleForm",
    "ReplyForm",
    "RequestForm",
    "ScheduleForm",
    "SettleTransferForm",
    "StartingDiscussionForm",
    "StrategyDiscussionForm",
    "TransferInForm",
    "at",
    "initial_booking",
    "initial_of",
]
