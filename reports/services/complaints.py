"""Complaints about how a conference was run: recorded, told that the decision stands, answered."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.agreed_by import named_words
from conferences.models import Conference, Participant
from conferences.services.guards import family_ids_of, text_of
from conferences.services.scheduling import lock_conference
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from reports.access import COMPLAINTS, may_answer_complaint
from reports.models import Complaint
from reports.selectors.objections import people_who_may_complain

NOT_YET = "This day is in the future."


@transaction.atomic
def record_complaint(
    *,
    conference: Conference,
    received_on: datetime.date,
    about: str,
    by: User,
    now: datetime.datetime,
    participant: Participant | None = None,
    described: str = "",
    told_on: datetime.date | None = None,
) -> Complaint:
    """Record a complaint about a conference, by someone on its list or someone described.

    Locks the conference, writes the complaint, then recounts the deadlines: the answer is due from the day it
    was received. It changes no decision. The same words of the same day are kept once. Raises ValidationError
    on ``received_on``, ``participant``, ``described``, ``about`` or ``told_on``.
    """
    locked = lock_conference(conference)
    words = text_of("about", about, "Write what the complaint is about.")
    today = civil_day(now)
    faults: dict[str, str] = {}
    if received_on > today:
        faults["received_on"] = NOT_YET
    elif received_on < civil_day(locked.requested_at):
        faults["received_on"] = "This is before the conference was asked for. Check the date."
    if participant is None and not described.strip():
        faults["described"] = "Say who is complaining."
    if participant is not None and not people_who_may_complain(locked).filter(pk=participant.pk).exists():
        faults["participant"] = "Choose someone from the list, or describe who is complaining."
    faults |= _told_faults(told_on, received_on=received_on, today=today)
    if faults:
        raise ValidationError(faults)
    from_whom = {"participant": participant, "described": "" if participant else described.strip()}
    same = Complaint.objects.filter(conference=locked, received_on=received_on, about=words, **from_whom).first()
    if same is not None:
        return same
    with refused_by_database(complaint_says_from_whom="described", complaint_says_what="about"):
        complaint = Complaint.objects.create(
            conference=locked, received_on=received_on, about=words, told_on=told_on, recorded_by=by,
            recorded_at=now, **from_whom,
        )  # fmt: skip
    reconcile(family_ids=family_ids_of(locked), now=now)
    return complaint


@transaction.atomic
def answer_complaint(
    *,
    complaint: Complaint,
    told_on: datetime.date,
    by: User,
    now: datetime.datetime,
    answer: str = "",
    answered_on: datetime.date | None = None,
) -> Complaint:
    """Record when the complainant was told that the decision stands, and the answer once given.

    Locks the complaint, writes what is new, then recounts the deadlines. Recorded values stay: an answered
    complaint is returned unchanged. Raises ValidationError on ``told_on``, ``answer`` or ``answered_on``, and on
    ``answer`` from anyone but whom the procedures name (`complaint-answered-by`) or a coordinator who enters it.
    """
    locked = Complaint.objects.select_for_update(of=("self",)).select_related("conference").get(pk=complaint.pk)
    if locked.answered_on is not None:
        return locked
    today = civil_day(now)
    told = locked.told_on or told_on
    faults = _told_faults(told, received_on=locked.received_on, today=today)
    words = answer.strip()
    if words and not may_answer_complaint(by, locked.conference):
        whoever = named_words(locked.conference, COMPLAINTS)
        raise ValidationError({"answer": f"By this council’s procedures {whoever} answers a complaint."})
    if words and answered_on is None:
        faults["answered_on"] = "Enter the day the answer was sent."
    if answered_on is not None and not words:
        faults["answer"] = "Write the answer."
    if answered_on is not None and answered_on > today:
        faults["answered_on"] = NOT_YET
    if answered_on is not None and answered_on < locked.received_on:
        faults["answered_on"] = "This is before the complaint came in."
    if faults:
        raise ValidationError(faults)
    locked.told_on = told
    if answered_on is not None:
        locked.answer = words
        locked.answered_on = answered_on
        locked.answered_by = by
        locked.answer_recorded_at = now
    with refused_by_database(complaint_answer_says_something="answer"):
        locked.save()
    reconcile(family_ids=family_ids_of(locked.conference), now=now)
    return locked


def _told_faults(told_on: datetime.date | None, *, received_on: datetime.date, today: datetime.date) -> dict[str, str]:
    if told_on is not None and told_on > today:
        return {"told_on": NOT_YET}
    if told_on is not None and told_on < received_on:
        return {"told_on": "This is before the complaint came in."}
    return {}
