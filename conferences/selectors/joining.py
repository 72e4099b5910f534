"""Which children a conference can be about besides its own, and which kind of conference each can have."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from conferences.enums import INITIAL_KINDS, ConferenceKind, ConferenceStatus
from conferences.models import Conference, ConferenceChild
from conferences.plans_held import HeldPlan, plans_of, why_a_review
from conferences.selectors.children import short_name_of, why_ended
from conferences.selectors.enquiries import NOT_OVER, open_enquiries
from conferences.selectors.progress import current_sitting
from conferences.selectors.standing_apart import why_not_together
from conferences.selectors.transfers import running_transfers
from deadlines.working_days.arithmetic import civil_day
from families.access import CHILD_RULE
from families.models import Child, Enquiry, FamilyMember, TransferIn
from families.models.persons import ADULT_FROM
from families.selectors.people import children_alone
from govuk import words

SATURDAY = 6
CHANGEABLE = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)


@dataclass(frozen=True)
class Known:
    """What decides about the kind of conference for a child: enquiry under way, move here, own plan in force."""

    child: Child
    enquiry: Enquiry | None
    transfer: TransferIn | None
    plan: HeldPlan | None

    @property
    def name(self) -> str:
        return short_name_of(self.child)

    @property
    def usual_kind(self) -> ConferenceKind:
        """Return the kind that follows from what is recorded."""
        if self.plan is not None:
            return ConferenceKind.REVIEW
        if self.transfer is not None and self.enquiry is None:
            return ConferenceKind.TRANSFER_IN
        return ConferenceKind.PRE_BIRTH if self.child.is_unborn else ConferenceKind.INITIAL


@dataclass(frozen=True)
class Candidate:
    """A child who may be added, or why not (``refusal``); ``elsewhere`` is the conference the child already has."""

    known: Known
    refusal: str = ""
    elsewhere: Conference | None = None
    withdrawn: ConferenceChild | None = None

    @property
    def child(self) -> Child:
        return self.known.child

    @property
    def led_by(self) -> str:
        """Return what is recorded about the child, for the list to choose from."""
        found = []
        if self.known.enquiry:
            found.append(f"strategy discussion {words.plain_date(self.known.enquiry.started_on)}")
        if self.known.transfer:
            found.append(f"moved here, we were told on {words.plain_date(self.known.transfer.notified_on)}")
        if self.known.plan:
            found.append(self.known.plan.words)
        return "; ".join(found) or "no strategy discussion recorded"


def known_about(child: Child) -> Known:
    """Return what decides about the kind of conference for a child."""
    return _known_about([child])[child.pk]


def _known_about(children: Collection[Child]) -> dict[int, Known]:
    ids = [child.pk for child in children]
    enquiries, plans, transfers = open_enquiries(children), plans_of(ids), running_transfers(children)
    return {
        child.pk: Known(child, enquiries.get(child.pk), transfers.get(child.pk), plans.get(child.pk))
        for child in children
    }


def candidates_for(conference: Conference, user: User, *, on: datetime.date) -> list[Candidate]:
    """Return the children of the family, or of the same strategy discussions, whom the conference is not about.

    Only those whose record the user may open; never a sealed one. A fixed number of queries.
    """
    rows = {row.child_id: row for row in conference.children.select_related("enquiry")}
    present = [row for row in rows.values() if row.withdrawn_at is None]
    discussions = {row.enquiry.discussion_id for row in present if row.enquiry}
    family = children_alone(conference.family, on=on).values("pk")
    wanted = Child.objects.findable().filter(
        Q(pk__in=family) | Q(enquiries__discussion__in=discussions), authority=conference.authority_id
    )
    found = (
        CHILD_RULE.visible(wanted.exclude(pk__in=[row.child_id for row in present]).distinct(), user)
        .select_related("person", "pregnancy")
        .order_by("person__birth_date", "pk")
    )
    return _candidates(conference, list(found), rows, on=on)


def candidate_of(
    conference: Conference, child: Child, *, on: datetime.date, withdrawn: ConferenceChild | None = None
) -> Candidate:
    """Return a child as one who may be added, with the reason where that can't be."""
    return _candidates(conference, [child], {child.pk: withdrawn} if withdrawn else {}, on=on)[0]


def _candidates(
    conference: Conference, children: list[Child], rows: Mapping[int, ConferenceChild], *, on: datetime.date
) -> list[Candidate]:
    known = _known_about(children)
    held = ConferenceChild.objects.filter(
        child__in=children, withdrawn_at__isnull=True, conference__status__in=NOT_OVER
    ).exclude(conference=conference)
    elsewhere = {row.child_id: row.conference for row in held.select_related("conference").order_by("-pk")}
    restricted = set(
        FamilyMember.objects.current(on=on)
        .filter(person__in=[child.person_id for child in children], family__restricted=True)
        .exclude(family=conference.family_id)
        .values_list("person", flat=True)
    )
    present = [row.child for row in conference.children.present().select_related("child__person", "child__pregnancy")]
    apart = why_not_together([*present, *children], on=on)
    return [
        Candidate(
            known[child.pk],
            _why_not_at_all(
                conference, known[child.pk], elsewhere.get(child.pk), is_restricted=child.person_id in restricted
            )
            or next((apart[pair] for row in present if (pair := frozenset((row.pk, child.pk))) in apart), ""),
            elsewhere.get(child.pk),
            rows.get(child.pk),
        )
        for child in children
    ]


def _why_not_at_all(conference: Conference, known: Known, elsewhere: Conference | None, *, is_restricted: bool) -> str:
    """Return why the conference can't be about a child, whatever its kind; empty where it can."""
    child, name = known.child, known.name
    if ended := why_ended(child):
        return ended
    if elsewhere is not None:
        return f"Already in conference {elsewhere.reference}, which is not over yet. Withdraw the child there first."
    if is_restricted and not conference.family.restricted:
        return (
            f"The record of {name} is restricted. Everyone who may open this conference would read it. "
            "Restrict this case first, or hold a conference of its own."
        )
    return ""


def why_not_kind(conference: Conference, known: Known, kind: str) -> str:
    """Return why the conference can't be of this kind for the child; empty where it can."""
    child, name = known.child, known.name
    if kind not in ConferenceKind.values:
        return "Choose what the conference is for this child."
    if kind == ConferenceKind.REVIEW and not known.plan:
        return f"There is no child protection plan for {name}, so there is nothing to review."
    if kind in INITIAL_KINDS and known.plan:
        return why_a_review(known.plan, name)
    if kind == ConferenceKind.PRE_BIRTH and not child.is_unborn:
        return f"{name} has been born, so it is not a pre-birth conference."
    if kind == ConferenceKind.INITIAL and child.is_unborn:
        return "For an unborn baby it is a pre-birth conference."
    if kind == ConferenceKind.TRANSFER_IN and known.transfer is None:
        return "First record who told us about the move, and when. The time limit runs from that day."
    return _why_not_on_its_day(conference, known, kind) if kind in INITIAL_KINDS else ""


def _why_not_on_its_day(conference: Conference, known: Known, kind: str) -> str:
    sitting = current_sitting(conference)
    if sitting is None:
        return ""
    day = civil_day(sitting.starts_at)
    if known.child.person.turned(ADULT_FROM, day):
        return f"{known.name} is {ADULT_FROM} or older on that day. A new plan can't start."
    if day.isoweekday() >= SATURDAY:
        return f"{words.long_date(day)} is a weekend. An initial conference is held from Monday to Friday."
    discussed = known.enquiry.discussion.held_at if known.enquiry and kind != ConferenceKind.TRANSFER_IN else None
    if discussed and sitting.starts_at < discussed:
        return (
            f"The strategy discussion about {known.name} was on {words.long_date(discussed)} at "
            f"{words.clock(discussed)}, after this meeting. Choose a later day for it first."
        )
    return ""


def kinds_for(conference: Conference, known: Known) -> list[tuple[str, str]]:
    """Return the kinds that the conference can have for a child, the usual one first, each with its words."""
    usual = known.usual_kind
    kinds = [usual, *(kind for kind in ConferenceKind if kind != usual)]
    return [(str(kind), f"{kind.label} conference") for kind in kinds if not why_not_kind(conference, known, kind)]
