"""The people of a conference as its pages show them: in groups, with role, reason, status and answer."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from conferences.enums import COME_WITH_SOMEBODY, COMING, FAMILY_CAPACITIES, Capacity, ParticipantStatus, Reply
from conferences.models import Conference, ConferenceChild, EarlierAnswer, ExclusionRequest, Participant, Sitting
from conferences.selectors.answers import had_answered
from conferences.selectors.arrivals import own_arrival
from conferences.selectors.children import short_name_of
from conferences.selectors.places_of_work import title_of, works_at
from conferences.selectors.proposing import Proposal
from conferences.selectors.reach import Delivery, Reach
from families.enums import AgencyGroup, AgencyKind
from families.selectors.people import Adult, adults_for
from govuk import words

STATUS_COLOURS = {
    ParticipantStatus.PROPOSED: "grey",
    ParticipantStatus.TO_INVITE: "yellow",
    ParticipantStatus.AWAITING_CHAIR: "purple",
    ParticipantStatus.INVITED: "blue",
    ParticipantStatus.LEFT_OUT: "grey",
    ParticipantStatus.KEPT_OUT: "red",
    ParticipantStatus.WITHDRAWN: "grey",
    ParticipantStatus.AFTERWARDS: "blue",
}
REPLY_COLOURS = {
    Reply.NONE: "yellow",
    Reply.COMING: "green",
    Reply.ONLINE: "green",
    Reply.DEPUTY: "green",
    Reply.REPORT_ONLY: "grey",
    Reply.NOT_COMING: "grey",
}
RUNS_IT = (Capacity.CHAIR, Capacity.COORDINATOR)
SOCIAL_CARE = frozenset({Capacity.SOCIAL_WORKER, Capacity.TEAM_MANAGER})


@dataclass(frozen=True)
class PersonRow:
    """One participant on the page. ``fields`` are the bound fields of the list's form, where there is one.

    ``reach`` is how they can be told and ``delivery`` what became of the newest message, on pages that show it.
    ``is_to_be_told`` says that someone has to tell them something by another way than e-mail, and ``earlier`` is
    their answer to a date that was given up.
    """

    participant: Participant
    role: str
    comes_for: str
    arrives_at: datetime.datetime | None
    open_request: ExclusionRequest | None
    fields: dict[str, object] = field(default_factory=dict)
    reach: Reach | None = None
    delivery: Delivery | None = None
    is_to_be_told: bool = False
    earlier: EarlierAnswer | None = None

    @property
    def awaits_acceptance(self) -> bool:
        """Return whether they come with the family and the chair has not accepted them yet: nothing goes to them."""
        row = self.participant
        if row.capacity not in COME_WITH_SOMEBODY or row.status != ParticipantStatus.TO_INVITE:
            return False
        checks = list(row.companion_checks.all())
        return not checks or checks[-1].accepted is not True

    @property
    def status_words(self) -> str:
        if self.awaits_acceptance:
            return "Awaiting the chair"
        if self.is_to_be_told and self.participant.status == ParticipantStatus.TO_INVITE:
            return "To be told"
        return self.participant.get_status_display()

    @property
    def status_colour(self) -> str:
        if self.awaits_acceptance:
            return STATUS_COLOURS[ParticipantStatus.AWAITING_CHAIR]
        return STATUS_COLOURS[ParticipantStatus(self.participant.status)]

    @property
    def is_asked(self) -> bool:
        return self.participant.status in (*COMING, ParticipantStatus.PROPOSED)

    @property
    def is_fixed(self) -> bool:
        """Return whether only the chair can change their status."""
        return self.participant.status in (ParticipantStatus.AWAITING_CHAIR, ParticipantStatus.KEPT_OUT)

    @property
    def reply_words(self) -> str:
        if self.participant.status != ParticipantStatus.INVITED:
            return ""
        return self.participant.get_reply_display()

    @property
    def had_answered(self) -> str:
        return had_answered(self.earlier) if self.earlier else ""

    @property
    def reply_colour(self) -> str:
        return REPLY_COLOURS[Reply(self.participant.reply)]


@dataclass(frozen=True)
class PeopleGroup:
    """``proposals`` are those who were not ticked, with the reason."""

    key: str
    label: str
    rows: list[PersonRow]
    proposals: list[Proposal]

    @property
    def asked(self) -> int:
        return sum(row.is_asked for row in self.rows)


def participants_of(conference: Conference) -> QuerySet[Participant]:
    """Return everyone on the list, in the order added, with any open request; not who ran it before."""
    rows: QuerySet[Participant] = (
        conference.participants.exclude(capacity__in=RUNS_IT, status=ParticipantStatus.WITHDRAWN)
        .select_related("person", "post", "agency", "views_brought_by__person", "acts_for__person")
        .prefetch_related(
            "companion_checks",
            Prefetch("children", ConferenceChild.objects.select_related("child__person", "child__pregnancy")),
            Prefetch(
                "exclusion_requests",
                ExclusionRequest.objects.select_related(
                    "goes_on_from__decided_by", "goes_on_from__conference"
                ).order_by("pk"),
            ),
        )
        .order_by("pk")
    )
    return rows


def person_rows(
    participants: Iterable[Participant],
    *,
    children: Sequence[ConferenceChild],
    sitting: Sitting | None,
    on: datetime.date,
) -> list[PersonRow]:
    """Return participants with their ties to the children. A fixed number of additional queries.

    Without ``children``, for a page that shows neither roles nor whom they come for, there are none.
    """
    tied = adults_for([row.child for row in children], on=on) if children else []
    adults = {adult.person.pk: adult for adult in tied}
    everybody = {row.pk for row in children}
    return [
        PersonRow(
            participant=participant,
            role=role_of(participant, adults.get(participant.person_id), on=on),
            comes_for=_comes_for(participant, everybody) if everybody else "",
            arrives_at=own_arrival(participant, sitting) if sitting else None,
            open_request=next(
                (request for request in participant.exclusion_requests.all() if request.decided_at is None), None
            ),
        )
        for participant in participants
    ]


def _comes_for(participant: Participant, everybody: set[int]) -> str:
    """Return the children they attend for, unless it is all of them."""
    chosen = [row for row in participant.children.all() if row.pk in everybody]
    if not chosen or len(chosen) == len(everybody):
        return ""
    return words.listed([short_name_of(row.child) for row in chosen])


def role_of(participant: Participant, adult: Adult | None, *, on: datetime.date) -> str:
    """Return a person's role: "Mother of Robin and Wren", "Safeguarding lead, Harbour Academy", "Child, aged 12"."""
    if participant.capacity == Capacity.CHILD:
        age = participant.person.age(on)
        return f"Child, aged {age}" if age is not None else "Child"
    if participant.capacity in FAMILY_CAPACITIES and adult is not None:
        return ties_in_words(adult) or participant.get_capacity_display()
    if participant.post is not None and participant.agency is not None:
        title = title_of(participant) or participant.get_capacity_display()
        return title if participant.agency.kind == AgencyKind.SOCIAL_CARE else f"{title}, {works_at(participant)}"
    return str(participant.get_capacity_display())


def ties_in_words(adult: Adult) -> str:
    """Return each relationship with the children it is to."""
    by_words: dict[str, list[str]] = {}
    for tie in adult.ties:
        if tie.relationships:
            by_words.setdefault(tie.words, []).append(short_name_of(tie.child))
    parts = [f"{said} of {words.listed(names)}" for said, names in by_words.items()]
    held = [short_name_of(child) for child in adult.children_in_responsibility]
    if held:
        parts.append(f"parental responsibility for {words.listed(held)}")
    return "; ".join([*parts[:1], *(part[:1].lower() + part[1:] for part in parts[1:])])


def group_of(participant: Participant) -> AgencyGroup:
    """Return the heading under which a participant is listed."""
    if participant.capacity in FAMILY_CAPACITIES:
        return AgencyGroup.FAMILY
    if participant.capacity in SOCIAL_CARE | {Capacity.CHAIR, Capacity.COORDINATOR}:
        return AgencyGroup.SOCIAL_CARE
    if participant.capacity == Capacity.SUPPORTER:
        return AgencyGroup.FAMILY
    return participant.agency.group if participant.agency else AgencyGroup.OTHER


def grouped(rows: Iterable[PersonRow], proposals: Iterable[Proposal] = ()) -> list[PeopleGroup]:
    """Return family, social care, health, education, police, others; empty groups are left out."""
    by_group: dict[str, list[PersonRow]] = {}
    for row in rows:
        by_group.setdefault(group_of(row.participant), []).append(row)
    not_asked: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        not_asked.setdefault(proposal.group, []).append(proposal)
    return [
        PeopleGroup(
            key=group.value, label=group.label, rows=by_group.get(group, []), proposals=not_asked.get(group, [])
        )
        for group in AgencyGroup
        if group in by_group or group in not_asked
    ]
