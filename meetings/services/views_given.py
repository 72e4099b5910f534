"""What each person thinks about each child before the chair decides: harm, status, category and why."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.enums import NEVER_ASKED, Category
from conferences.models import ConferenceChild, Part, Participant
from conferences.plans_held import plans_of
from conferences.selectors.procedures import policy_of_conference
from conferences.services.guards import EditedMeanwhile, lock_child, participant_in, text_of
from meetings.enums import AnswerKind, Given, Harm, HarmAnswer, ViewStatus
from meetings.models import TabletTurn, View
from meetings.selectors.attendance import part_now
from meetings.services.guards import lock_in_session, part_in
from meetings.services.rounds import end_complete_rounds, refuse_over


@transaction.atomic
def record_view(
    *,
    conference_child: ConferenceChild,
    participant: Participant,
    reason: str,
    now: datetime.datetime,
    by: User | None = None,
    guest_session_id: int | None = None,
    turn: TabletTurn | None = None,
    given: str = Given.GIVEN,
    harm: str = "",
    still_harm: str = "",
    status: str = "",
    category: str = "",
    version: int | None = 0,
    part: Part | None = None,
) -> View:
    """Record one person's view about one child, or why there is none, in their own words.

    Where a child protection plan is in force, everyone asked says first whether the child still suffers, or is likely
    to suffer, significant harm (``still_harm``). Elsewhere a professional's view names harm (``harm``). Every view has
    a status, a professional's a category too for a child protection plan where the council's procedures ask for
    it (``decision-covers``). ``version`` is the one the page was rendered
    from, 0 for a new view, None where someone enters their own. It may be changed until the chair decides for the
    child; by the person themselves until the round is over. Submitting the existing values is a no-op.

    Raises ValidationError by field, or after the decision; RoundOver; EditedMeanwhile if someone changed it in between;
    MeetingClosed.
    """
    conference, sitting = lock_in_session(conference_child.conference)
    child = lock_child(conference, conference_child)
    participant_in(conference, participant, "participant")
    if participant.capacity in NEVER_ASKED:
        raise ValidationError("They have no view of their own. Record the view of whoever they are with.")
    is_on_plan = child.child_id in plans_of([child.child_id], on=sitting.day)
    answers = {"harm": harm, "still_harm": still_harm, "status": status, "category": category}
    asks_category = policy_of_conference(conference).asks_category and not participant.is_family
    wanted = _checked(
        participant, given=given, reason=reason, is_on_plan=is_on_plan, asks_category=asks_category, **answers
    )
    named = set(participant.children.values_list("pk", flat=True))
    if named and child.pk not in named:
        raise ValidationError("This person takes part for another child and is not asked about this one.")
    standing = View.objects.select_for_update().filter(conference_child=child, participant=participant).first()
    if standing is not None and all(getattr(standing, name) == value for name, value in wanted.items()):
        return standing
    if child.decisions.filter(superseded_by__isnull=True).exists():
        raise ValidationError("The chair has decided for this child. The views stay as they were given.")
    where = part_in(sitting, part) if part else part_now(sitting)
    if version is None:
        refuse_over(AnswerKind.VIEW, child, where, standing)
    elif standing is not None and standing.version != version:
        raise EditedMeanwhile(standing)
    view = standing or View(conference_child=child, participant=participant)
    for name, value in wanted.items():
        setattr(view, name, value)
    view.part = where
    view.recorded_by = by
    view.guest_session_id = guest_session_id
    view.turn = turn
    view.recorded_at = now
    view.version = standing.version + 1 if standing else 1
    view.save()
    end_complete_rounds(conference, now=now)
    return view


def _checked(
    participant: Participant,
    *,
    given: str,
    harm: str,
    still_harm: str,
    status: str,
    category: str,
    reason: str,
    is_on_plan: bool,
    asks_category: bool,
) -> dict[str, str]:
    faults: dict[str, str] = {}
    if given not in Given.values:
        faults["given"] = "Choose whether this person gave a view, and if not, why not."
    if given == Given.GIVEN:
        if is_on_plan and still_harm not in HarmAnswer.values:
            faults["still_harm"] = "Ask this first, and choose what they say, or say why there is no view."
        if status not in ViewStatus.values:
            faults["status"] = "Choose the status this person recommends, or say why there is no view."
        if not is_on_plan and not participant.is_family and harm not in Harm.values:
            faults["harm"] = "Choose whether there is significant harm."
        if asks_category and status == ViewStatus.CP_PLAN and category not in Category.values:
            faults["category"] = "Choose the category of harm."
    if faults:
        text = reason.strip()
        raise ValidationError(faults if text else {**faults, "reason": "Write the reason."})
    because = text_of("reason", reason, "Write the reason.")
    if given != Given.GIVEN:
        harm = still_harm = status = category = ""
    return {
        "given": given,
        "harm": "" if is_on_plan else harm,
        "still_harm": still_harm if is_on_plan else "",
        "status": status,
        "category": category if status == ViewStatus.CP_PLAN else "",
        "reason": because,
    }
