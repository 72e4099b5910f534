"""Agreeing the next dates, and closing the meeting, after which nothing in it changes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from conferences.enums import ConferenceStatus, Mode, Outcome, Participation, PlanEffect, SittingState
from conferences.models import Conference, Decision, Room, Sitting
from conferences.selectors.children import names_of
from conferences.selectors.quorum import QuorumCount
from conferences.services.agreed_reviews import book_agreed_review
from conferences.services.guards import family_ids_of, require_chair
from conferences.services.scheduling import change_status, lock_conference
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.models import Child
from meetings.events import tell_closed, why_not_there
from meetings.models import WithoutQuorum
from meetings.selectors.next_dates import STRAIGHT_AFTER, is_straight_after_conference
from meetings.selectors.quorum import quorum_of
from meetings.selectors.without_quorum import GoingOn
from meetings.services.guards import lock_in_session
from meetings.services.opening import end_of
from meetings.services.without_quorum import QuorumFacts, keep_facts

AGREED = ("first_core_group_at", "first_core_group_place", "review_at", "review_mode", "review_room", "review_chair")


@transaction.atomic
def agree_next_dates(
    *,
    conference: Conference,
    first_core_group_at: datetime.datetime | None,
    first_core_group_place: str,
    review_at: datetime.datetime | None,
    by: User,
    now: datetime.datetime,
    review_mode: str = "",
    review_room: Room | None = None,
    review_chair: User | None = None,
) -> Conference:
    """Record the time and place of the core group and of the review, as agreed; closing the meeting books the review.

    A date past its limit is recorded all the same, and one at which chair or room are taken: the page says so, and
    that is never a bar. Raises ValidationError by field if a date is before the meeting, if the core group would meet
    on the day of the conference where the council wants none then, if the place is missing or
    would tell a member of the core group where someone is whom they must not find, or if a child protection plan was
    decided and a date is missing; MeetingClosed.
    """
    locked, sitting = lock_in_session(conference)
    faults: dict[str, str] = {}
    needed = has_cp_decision(locked)
    if needed and first_core_group_at is None:
        faults["first_core_group_at"] = "Enter when the core group meets."
    if needed and review_at is None:
        faults["review_at"] = "Enter when the review conference is held."
    if first_core_group_at is not None and not first_core_group_place.strip():
        faults["first_core_group_place"] = "Enter where the core group meets, or that it is online."
    elif why_not := why_not_there(locked, first_core_group_place, on=civil_day(now)):
        faults["first_core_group_place"] = why_not
    began = sitting.opened_at or sitting.starts_at
    for field, moment in (("first_core_group_at", first_core_group_at), ("review_at", review_at)):
        if moment is not None and moment <= began:
            faults[field] = "This is before the meeting. Enter a date after it."
    if first_core_group_at is not None and is_straight_after_conference(
        first_core_group_at, locked.sittings.all(), authority_id=locked.authority_id
    ):
        faults.setdefault("first_core_group_at", STRAIGHT_AFTER)
    if first_core_group_at is not None and review_at is not None and review_at <= first_core_group_at:
        faults.setdefault("review_at", "The review comes after the first core group. Check the two dates.")
    if faults:
        raise ValidationError(faults)
    locked.first_core_group_at = first_core_group_at
    locked.first_core_group_place = first_core_group_place.strip()
    locked.review_at = review_at
    locked.review_mode = review_mode
    locked.review_room = None if review_mode == Mode.ONLINE else review_room
    locked.review_chair = review_chair
    locked.version += 1
    locked.save(update_fields=[*AGREED, "version"])
    reconcile(family_ids=family_ids_of(locked), now=now)
    return locked


@transaction.atomic
def close_conference(
    *,
    conference: Conference,
    by: User,
    now: datetime.datetime,
    ended_at: datetime.datetime | None = None,
    without_quorum: QuorumFacts | None = None,
    participation: Mapping[int, str] | None = None,
    reached: Mapping[int, str] | None = None,
) -> Conference:
    """Close the meeting, on behalf of the chair.

    In order:
    1. checks that every child is decided (or withdrawn), and that the next dates are agreed if a child
      protection plan was decided;
    2. counts the quorum from the attendance; without one it keeps what the council's procedures ask for, unless the
      chair wrote it before (``go_on_without_quorum``). The minutes print it. Where they name someone else to agree,
      that agreement has to be there;
    3. ends the sitting and the conference at ``ended_at`` (now by default; it may be after midnight), and
      stores how each child took part and what was done to reach them, by the child's id in the conference;
    4. makes the agreed review a conference, booked where chair and room are free;
    5. lets other apps do what follows from closing, in the same transaction;
    6. recounts the deadlines: decisions and minutes run from the end.

    Closing twice returns the closed conference. Raises ValidationError by field, if something above is missing,
    or if ``by`` is not the chair; MeetingClosed if it was cancelled, StoppedForSafety.
    """
    locked = lock_conference(conference)
    if locked.status == ConferenceStatus.CLOSED:
        return locked
    locked, sitting = lock_in_session(conference, waits_for_safety=True)
    require_chair(by, locked, "close it")
    _refuse_unfinished(locked)
    end = end_of(sitting, ended_at, now=now)
    quorum = quorum_at_decisions(locked, sitting)
    went_on = None if quorum.is_met else _went_on(locked, sitting, without_quorum, by=by, now=now)
    _keep_participation(locked, participation or {}, reached or {})
    sitting.state = SittingState.ENDED
    sitting.ended_at = end
    sitting.save(update_fields=["state", "ended_at"])
    change_status(locked, ConferenceStatus.CLOSED)
    locked.ended_at = end
    locked.closed_at = now
    locked.quorate = quorum.is_met
    locked.inquorate_reason = went_on.words if went_on else ""
    locked.version += 1
    locked.save()
    book_agreed_review(locked, children_to_review(locked), by=by, now=now)
    tell_closed(locked, now=now)
    reconcile(family_ids=family_ids_of(locked), now=now)
    return locked


def _went_on(
    conference: Conference, sitting: Sitting, facts: QuorumFacts | None, *, by: User, now: datetime.datetime
) -> WithoutQuorum:
    """Return why the sitting went on without a quorum: what was written before, or else what is given now."""
    found = GoingOn(conference, sitting)
    if why := found.why_not_closed(on=civil_day(now)):
        raise ValidationError(why)
    return found.record or keep_facts(found, sitting, facts or QuorumFacts(), by=by, now=now)


def has_cp_decision(conference: Conference) -> bool:
    """Return whether a child protection plan starts, or stays in force, for any of the children."""
    return _decisions(conference).filter(_leaves_a_plan()).exists()


def _leaves_a_plan() -> Q:
    return Q(outcome=Outcome.CP_PLAN) | Q(on_plan=PlanEffect.GOES_ON)


def children_to_review(conference: Conference) -> list[Child]:
    """Return the children for whom a child protection plan starts or stays in force."""
    rows = _decisions(conference).filter(_leaves_a_plan()).order_by("conference_child")
    return [row.conference_child.child for row in rows.select_related("conference_child__child")]


def quorum_at_decisions(conference: Conference, sitting: Sitting) -> QuorumCount:
    """Return the quorum when the sitting's first child was decided, otherwise the present one."""
    first = _decisions(conference).filter(sitting=sitting).order_by("decided_at").first()
    recorded_live = not sitting.recorded_afterwards_reason
    return quorum_of(conference, at=first.decided_at if first and recorded_live else None)


def _decisions(conference: Conference) -> QuerySet[Decision]:
    return Decision.objects.filter(conference_child__conference=conference, superseded_by__isnull=True)


def _refuse_unfinished(conference: Conference) -> None:
    decided = _decisions(conference).values("conference_child")
    undecided = list(
        conference.children.present().exclude(pk__in=decided).select_related("child__person", "child__pregnancy")
    )
    if undecided:
        raise ValidationError(
            f"The chair has not decided for {names_of(undecided)}. "
            "Decide, withdraw the child with a reason, or adjourn."
        )
    if has_cp_decision(conference) and not (conference.first_core_group_at and conference.review_at):
        raise ValidationError("Agree the next dates first: the core group and the review.")


def _keep_participation(conference: Conference, participation: Mapping[int, str], reached: Mapping[int, str]) -> None:
    for child in conference.children.present().filter(pk__in={*participation, *reached}):
        code = participation.get(child.pk, child.participation)
        if code and code not in Participation.values:
            raise ValidationError({"participation": "Choose how the child took part."})
        child.participation = code
        child.reached_by = reached.get(child.pk, child.reached_by).strip()
        child.save(update_fields=["participation", "reached_by"])


def proposed_participation(age: int | None, *, was_there: bool, heard_through_somebody: bool) -> str:
    """Return the census code that fits the record, to be confirmed.

    PN0 is for children under 4 on the day (yearly census).
    """
    if age is None:
        return ""
    if age < UNDER_FOUR:
        return Participation.PN0
    if was_there:
        return Participation.PN1
    return Participation.PN5 if heard_through_somebody else Participation.PN7


UNDER_FOUR = 4
