"""Complaints about how a conference was run: recorded, told that the decision stands, answered, taken further."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.agreed_by import named_words, people_named
from conferences.models import Conference, Participant
from conferences.selectors.recipients import service_managers
from conferences.services.answering_guests import tell_of_answer
from conferences.services.guards import family_ids_of, text_of
from conferences.services.scheduling import lock_conference
from deadlines.policies import policy_of
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from notifications.services.outbox import notify
from reports.access import COMPLAINTS, may_after, may_answer_complaint, may_answer_stage
from reports.enums import ComplaintOutcome
from reports.models import Complaint, ComplaintStage
from reports.selectors.complaints import next_stage
from reports.selectors.objections import people_who_may_complain
from reports.services.raised import check_no_hidden_place

NOT_YET = "This day is in the future."
BEFORE = "This is before the complaint came in."


@transaction.atomic
def record_complaint(
    *,
    conference: Conference,
    received_on: datetime.date,
    about: str,
    now: datetime.datetime,
    by: User | None = None,
    guest_session_id: int | None = None,
    participant: Participant | None = None,
    described: str = "",
    told_on: datetime.date | None = None,
) -> Complaint:
    """Record a complaint about a conference, by someone on its list or someone described: themselves, or staff.

    In order: locks the conference; writes the complaint; tells whom the procedures name to answer, and the
    coordinator, unless they entered it; recounts the deadlines, as the answer is due from the day it was received. It
    changes no decision. The same words of the same day are kept once. Whoever complains on their own page is told
    there, that day, that the decision stands. Raises ValidationError on ``received_on``, ``participant``,
    ``described``, ``about`` or ``told_on``.
    """
    locked = lock_conference(conference)
    words = text_of("about", about, "Write what the complaint is about.")
    told_on = received_on if guest_session_id is not None else told_on
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
            guest_session_id=guest_session_id, recorded_at=now, **from_whom,
        )  # fmt: skip
    _tell(
        locked,
        [*people_named(locked, COMPLAINTS, on=today), locked.coordinator],
        key=f"complaint:{complaint.pk}",
        text="somebody complains about how it was run.",
        url=reverse("reports:answer-complaint", args=[locked.pk, complaint.pk]),
        by=by,
        now=now,
    )
    reconcile(family_ids=family_ids_of(locked), now=now)
    return complaint


@transaction.atomic
def answer_complaint(
    *,
    complaint: Complaint,
    told_on: datetime.date,
    by: User,
    now: datetime.datetime,
    outcome: str = "",
    answer: str = "",
    answered_on: datetime.date | None = None,
) -> Complaint:
    """Record when the complainant was told that the decision stands, and the answer of the first stage once given.

    Locks the complaint, writes what is new, tells whoever complained that there is an answer on their own page, if
    they have one, then recounts the deadlines. Recorded values stay: an answered complaint is returned unchanged.
    Raises ValidationError on ``told_on``, ``outcome``, ``answer`` or ``answered_on``, and on ``answer`` from anyone but
    whom the procedures name (`complaint-answered-by`) or a coordinator who enters it.
    """
    locked = Complaint.objects.select_for_update(of=("self",)).select_related("conference").get(pk=complaint.pk)
    if locked.answered_on is not None:
        return locked
    today = civil_day(now)
    told = locked.told_on or told_on
    words = answer.strip()
    if words and not may_answer_complaint(by, locked.conference):
        whoever = named_words(locked.conference, COMPLAINTS)
        raise ValidationError({"answer": f"By this council’s procedures {whoever} answers a complaint."})
    faults = _told_faults(told, received_on=locked.received_on, today=today)
    if words or answered_on or outcome:
        faults |= _answer_faults(words, outcome, answered_on, since=locked.received_on, before=BEFORE, today=today)
    if faults:
        raise ValidationError(faults)
    locked.told_on = told
    if answered_on is not None:
        _answer(locked, locked, words, outcome, answered_on, by=by, now=now)
    with refused_by_database(complaint_answer_says_something="answer"):
        locked.save()
    if answered_on is not None:
        _tell_of_answer(locked, key=f"complaint-answer:{locked.pk}", now=now)
    reconcile(family_ids=family_ids_of(locked.conference), now=now)
    return locked


@transaction.atomic
def take_complaint_further(
    *,
    complaint: Complaint,
    because: str,
    asked_on: datetime.date,
    now: datetime.datetime,
    by: User | None = None,
    guest_session_id: int | None = None,
) -> ComplaintStage:
    """Take an answered complaint to its next stage, for whoever complained: themselves, or staff for them.

    In order: locks the complaint; writes the stage; tells the council's service managers and the coordinator, unless
    they entered it; recounts the deadlines. A stage that still waits is returned as it is. One asked for after the
    time that the procedures give is taken all the same, and shown as late. Raises ValidationError on ``because`` or
    ``asked_on``, and where there is no further stage.
    """
    locked = (
        Complaint.objects.select_for_update(of=("self",)).select_related("conference__authority").get(pk=complaint.pk)
    )
    conference, today = locked.conference, civil_day(now)
    latest = locked.latest
    if isinstance(latest, ComplaintStage) and latest.answered_on is None:
        return latest
    number = next_stage(locked, policy_of(conference.policy_version_id))
    if number is None or latest.answered_on is None:
        raise ValidationError("This complaint can’t be taken further.")
    words = text_of("because", because, "Write what is still wrong.")
    if asked_on > today:
        raise ValidationError({"asked_on": NOT_YET})
    if asked_on < latest.answered_on:
        raise ValidationError({"asked_on": "This is before the answer."})
    with refused_by_database(complaint_stage_says_why="because"):
        stage = ComplaintStage.objects.create(
            complaint=locked, number=number, asked_on=asked_on, because=words, recorded_by=by,
            guest_session_id=guest_session_id, recorded_at=now,
        )  # fmt: skip
    managers = [one for one in service_managers(conference, on=today) if may_answer_stage(one, stage)]
    _tell(
        conference,
        [*managers, conference.coordinator],
        key=f"complaint-stage:{stage.pk}",
        text="a complaint about how it was run is taken further.",
        url=reverse("reports:answer-complaint-stage", args=[conference.pk, stage.pk]),
        by=by,
        now=now,
    )
    reconcile(family_ids=family_ids_of(conference), now=now)
    return stage


@transaction.atomic
def answer_stage(
    *,
    stage: ComplaintStage,
    looked_at_by: str,
    outcome: str,
    answer: str,
    answered_on: datetime.date,
    by: User,
    now: datetime.datetime,
) -> ComplaintStage:
    """Record the answer of a later stage, with who looked at it.

    Locks the stage, writes the answer, tells whoever complained that there is one on their own page, if they have
    one, then recounts the deadlines. An answered stage is returned unchanged. Raises ValidationError on
    ``looked_at_by``, ``outcome``, ``answer`` or ``answered_on``, and for anyone who chaired the conference or answered
    an earlier stage.
    """
    rows = ComplaintStage.objects.select_for_update(of=("self",)).select_related("complaint__conference")
    locked = rows.get(pk=stage.pk)
    complaint = locked.complaint
    if locked.answered_on is not None:
        return locked
    if not may_answer_stage(by, locked):
        raise ValidationError(
            "Whoever chaired the conference or answered the complaint before can’t answer it now. Someone else who "
            "manages the conference service, or the coordinator, records the answer."
        )
    named = text_of("looked_at_by", looked_at_by, "Say who looked at it.")
    words, before = answer.strip(), "This is before they asked for it."
    if faults := _answer_faults(
        words, outcome, answered_on, since=locked.asked_on, before=before, today=civil_day(now)
    ):
        raise ValidationError(faults)
    _answer(locked, complaint, words, outcome, answered_on, by=by, now=now)
    locked.looked_at_by = named
    with refused_by_database(complaint_stage_answer_says_something="answer"):
        locked.save()
    _tell_of_answer(complaint, key=f"complaint-stage-answer:{locked.pk}", now=now)
    reconcile(family_ids=family_ids_of(complaint.conference), now=now)
    return locked


def _answer(
    row: Complaint | ComplaintStage,
    complaint: Complaint,
    words: str,
    outcome: str,
    answered_on: datetime.date,
    *,
    by: User,
    now: datetime.datetime,
) -> None:
    if complaint.participant is not None:
        check_no_hidden_place("answer", words, complaint.participant, complaint.conference)
    row.answer, row.outcome, row.answered_on = words, outcome, answered_on
    row.answered_by, row.answer_recorded_at = by, now


def _tell(
    conference: Conference,
    people: Iterable[User | None],
    *,
    key: str,
    text: str,
    url: str,
    by: User | None,
    now: datetime.datetime,
) -> None:
    """Tell each of these who may read complaints about the conference, except who entered it."""
    for user in {one.pk: one for one in people if one is not None and one != by}.values():
        if user.is_active and may_after(user, conference, to="follow"):
            notify(user=user, key=key, text=f"{conference.reference}: {text}", url=url, now=now)


def _tell_of_answer(complaint: Complaint, *, key: str, now: datetime.datetime) -> None:
    if complaint.participant is not None:
        tell_of_answer(complaint.participant, key=key, now=now)


def _answer_faults(
    words: str,
    outcome: str,
    answered_on: datetime.date | None,
    *,
    since: datetime.date,
    before: str,
    today: datetime.date,
) -> dict[str, str]:
    faults = {}
    if not words:
        faults["answer"] = "Write the answer."
    if outcome not in ComplaintOutcome.values:
        faults["outcome"] = "Choose what became of the complaint."
    if answered_on is None:
        faults["answered_on"] = "Enter the day the answer was sent."
    elif answered_on > today:
        faults["answered_on"] = NOT_YET
    elif answered_on < since:
        faults["answered_on"] = before
    return faults


def _told_faults(told_on: datetime.date | None, *, received_on: datetime.date, today: datetime.date) -> dict[str, str]:
    if told_on is not None and told_on > today:
        return {"told_on": NOT_YET}
    if told_on is not None and told_on < received_on:
        return {"told_on": BEFORE}
    return {}
