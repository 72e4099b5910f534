"""What comes after the papers, as created for the demonstration: a complaint taken further, and a copy gone astray."""

from __future__ import annotations

import datetime

from conferences.enums import Capacity
from conferences.models import Conference
from deadlines.working_days.calendars import WorkingCalendar
from demo import meeting
from demo.council import Council
from families.models import Family
from incidents.enums import IncidentKind, StepKind
from incidents.selectors.incidents import copies_of
from incidents.services.incidents import WhatHappened, decide_about_regulator, record_incident, record_step
from reports.enums import ComplaintOutcome
from reports.services.complaints import answer_complaint, record_complaint, take_complaint_further

COMPLAINED = "Fernhill"
WENT_ASTRAY = "Sedgeworth"


def follow(
    council: Council, conference: Conference, name: str, *, calendar: WorkingCalendar, today: datetime.date
) -> None:
    """Tell what followed for the family of this name, if anything did."""
    if name == COMPLAINED:
        _complain(council, conference, calendar=calendar, today=today)
    if name == WENT_ASTRAY:
        _lose_a_copy(council, conference.family, calendar=calendar, today=today)


def _complain(council: Council, conference: Conference, *, calendar: WorkingCalendar, today: datetime.date) -> None:
    """Let the mother complain; the answer does not satisfy her, and a manager who had no part in it is to look."""
    coordinator = council.user("Joan Plover")
    mother = conference.participants.filter(capacity=Capacity.PARENT).order_by("pk").first()
    came, answered, further = (calendar.subtract(today, days) for days in (30, 18, 9))
    complaint = record_complaint(
        conference=conference,
        participant=mother,
        received_on=came,
        about="I waited in the corridor for forty minutes, and nobody told me why.",
        told_on=came,
        by=coordinator,
        now=meeting.at(came, 11),
    )
    answer_complaint(
        complaint=complaint,
        told_on=came,
        outcome=ComplaintOutcome.IN_PART,
        answer="We are sorry that nobody came to tell you. The meeting before yours ran late.",
        answered_on=answered,
        by=coordinator,
        now=meeting.at(answered, 15),
    )
    take_complaint_further(
        complaint=complaint,
        because="The letter says nothing about the others, who sat in the warm.",
        asked_on=further,
        by=coordinator,
        now=meeting.at(further, 10),
    )


def _lose_a_copy(council: Council, family: Family, *, calendar: WorkingCalendar, today: datetime.date) -> None:
    """Let one copy come back opened; it is destroyed, and the data protection officer decides about the regulator."""
    officer, coordinator = council.user("Piers Dotterel"), council.user("Joan Plover")
    aware, decided = calendar.subtract(today, 4), calendar.subtract(today, 3)
    incident = record_incident(
        family=family,
        what=WhatHappened(
            kind=IncidentKind.OPENED,
            copy=copies_of(family).first(),
            happened="The envelope came back opened, with a note that nobody of that name lives there.",
            who_has_it="Nobody now: every page is back.",
            aware_at=meeting.at(aware, 9),
        ),
        by=coordinator,
        now=meeting.at(aware, 10),
    )
    record_step(
        incident=incident, kind=StepKind.BACK, on=aware, note="Joan Plover counted the pages, and shredded them.",
        by=coordinator, now=meeting.at(aware, 11),
    )  # fmt: skip
    decide_about_regulator(
        incident=incident,
        reported=False,
        because="Every page is back, and whoever opened it knows none of the family.",
        by=officer,
        now=meeting.at(decided, 14),
    )
