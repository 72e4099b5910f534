"""Whether there will be a quorum on the answers so far, days ahead, and whom to ring about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from conferences.enums import COMING, DeputyState, ParticipantStatus, Reply
from conferences.models import Conference, ConferenceChild, Deputy, Participant, Sitting
from conferences.selectors.children import children_listed, short_name_of
from conferences.selectors.places_of_work import is_confidential, works_at
from conferences.selectors.planned_parts import planned_parts
from conferences.selectors.progress import current_sitting
from conferences.selectors.quorum import (
    SOCIAL_CARE,
    SOCIAL_CARE_CAPACITIES,
    QuorumCount,
    agencies_in_contact,
    count_seats,
    fill,
    seat_for,
)
from deadlines.policies import Quorum, policy_of
from deadlines.working_days.arithmetic import civil_day

SAID_YES = frozenset({Reply.COMING, Reply.ONLINE})
# A professional who sends a deputy does not come: the deputy has to be confirmed, and to say yes.
MAY_STILL_COME = frozenset({Reply.NONE, Reply.DEPUTY})
ASKED = frozenset({*COMING, ParticipantStatus.PROPOSED})


@dataclass(frozen=True)
class Seat:
    """One agency of the quorum: who fills it, or who might."""

    agency: str
    name: str
    filled: bool


@dataclass(frozen=True)
class ToRing:
    """Someone whose yes would count, with the number to ring; ``number`` is empty where none may be shown."""

    participant: Participant
    agency: str
    number: str
    why: str
    is_needed: bool


@dataclass(frozen=True)
class Short:
    """One child, in one part of the meeting, for whom those who say that they come are no quorum."""

    child: str
    part: str
    count: QuorumCount

    @property
    def words(self) -> str:
        """Return for example "Wren (With the mother): no social care and 1 of 2 other agencies (GP)"."""
        where = f" ({self.part})" if self.part else ""
        said = self.count.words
        return f"{self.child}{where}: {said[:1].lower()}{said[1:]}"


@dataclass(frozen=True)
class Forecast:
    """The quorum on the answers so far, for all children together, and for whom it falls short.

    ``is_asked`` says that somebody was sent an invitation: before that there is nothing to be short of.
    ``could_be_met`` says that it would be met if everybody asked came who has not said no.
    """

    seats: list[Seat]
    reserve: list[Seat]
    needed: int
    together: QuorumCount
    short: list[Short]
    to_ring: list[ToRing]
    is_asked: bool
    could_be_met: bool

    @property
    def is_met(self) -> bool:
        """Return whether all children together have a quorum, as the meeting is opened with."""
        return self.together.is_met

    @property
    def words(self) -> str:
        if not self.is_asked:
            return "No one has been asked yet"
        if not self.is_met:
            return "Not quorate on today’s answers"
        return "Not quorate for every child" if self.short else "Quorate on today’s answers"

    @property
    def colour(self) -> str:
        if not self.is_asked:
            return "grey"
        return "green" if self.is_met and not self.short else "yellow"


def quorum_forecast(
    conference: Conference, participants: Sequence[Participant], *, if_all_come: bool = False
) -> Forecast:
    """Return what the quorum would be if those came who have said that they will, by the rule of the day itself.

    The council's own worker is taken to come unless they say otherwise; with ``if_all_come`` so is everyone asked. A
    deputy counts once confirmed and only on their own yes; someone whose post has ended, or whom the chair has not
    let in, never. Counted for each child by itself, in each planned part. A fixed number of queries.
    """
    rule = policy_of(conference.policy_version_id).quorum
    sitting = current_sitting(conference)
    on = civil_day(sitting.starts_at) if sitting else timezone.localdate()
    deputies = _deputies(conference)
    asked = [
        row
        for row in participants
        if row.status in ASKED
        and deputies.get(row.pk, "") != DeputyState.CONFIRMED
        and (row.post is None or row.post.is_current(on))
    ]
    coming = [row for row in asked if if_all_come or _comes(row)]
    possible = [row for row in asked if row in coming or row.reply in MAY_STILL_COME]
    contact = agencies_in_contact(conference, sitting)
    groups = _groups(conference, participants, sitting)
    everywhere: set[int] = set().union(*contact.values())
    short = _short(conference, groups, coming, contact)
    seats, reserve = _seats(rule, asked, coming, everywhere)
    return Forecast(
        seats=seats,
        reserve=reserve,
        needed=rule.agencies,
        together=count_seats(conference, coming, in_contact=everywhere),
        short=short,
        to_ring=_to_ring(rule, asked, coming, everywhere, deputies),
        is_asked=if_all_come or any(row.status == ParticipantStatus.INVITED for row in participants),
        could_be_met=not _short(conference, groups, possible, contact),
    )


@dataclass(frozen=True)
class _Group:
    """Those who are there when one child is talked about in one part, by participant id."""

    child: ConferenceChild | None
    part: str
    people: frozenset[int]


def _comes(row: Participant) -> bool:
    return row.reply in SAID_YES or (row.capacity in SOCIAL_CARE_CAPACITIES and row.reply == Reply.NONE)


def _deputies(conference: Conference) -> dict[int, str]:
    rows = Deputy.objects.filter(
        participant__conference=conference, state__in=[DeputyState.NAMED, DeputyState.CONFIRMED]
    )
    return dict(rows.order_by("pk").values_list("participant_id", "state"))


def _groups(conference: Conference, participants: Sequence[Participant], sitting: Sitting | None) -> list[_Group]:
    """Return each child with those who come for it, in each part that is planned."""
    comes_for: dict[int, set[int]] = defaultdict(set)
    named = Participant.children.through.objects.filter(participant__in=[row.pk for row in participants])
    for participant_id, child_id in named.values_list("participant_id", "conferencechild_id"):
        comes_for[participant_id].add(child_id)
    found = []
    for part, there in _parts(participants, sitting):
        for child in children_listed(conference):
            people = {pk for pk in there if not comes_for[pk] or child.pk in comes_for[pk]}
            found.append(_Group(child, part, frozenset(people)))
    return found


def _parts(participants: Sequence[Participant], sitting: Sitting | None) -> list[tuple[str, set[int]]]:
    """Return each planned part with those who are in it; the whole meeting where none is planned."""
    parts, everyone = planned_parts(sitting), {row.pk for row in participants}
    if not parts:
        return [("", everyone)]
    through = Participant.parts.through.objects.filter(part__in=[part.pk for part in parts])
    places: dict[int, set[int]] = defaultdict(set)
    for participant_id, part_id in through.values_list("participant_id", "part_id"):
        places[participant_id].add(part_id)
    return [(str(part), {pk for pk in everyone if not places[pk] or part.pk in places[pk]}) for part in parts]


def _short(
    conference: Conference, groups: list[_Group], coming: list[Participant], contact: dict[int, set[int]]
) -> list[Short]:
    found = []
    for group in groups:
        people = [row for row in coming if row.pk in group.people]
        agencies = contact.get(group.child.pk, set()) if group.child else set()
        count = count_seats(conference, people, in_contact=agencies)
        if not count.is_met:
            found.append(Short(short_name_of(group.child.child) if group.child else "", group.part, count))
    return _together(found, len({group.part for group in groups}))


def _together(found: list[Short], parts: int) -> list[Short]:
    """Return one line for a child for whom every part falls short by as much."""
    lines: dict[tuple[str, str], list[Short]] = defaultdict(list)
    for one in found:
        lines[one.child, one.count.words].append(one)
    return [one for same in lines.values() for one in ([replace(same[0], part="")] if len(same) == parts else same)]


def _seats(
    rule: Quorum, asked: list[Participant], coming: list[Participant], contact: set[int]
) -> tuple[list[Seat], list[Seat]]:
    """Return the seats for all the children together: those needed, and those in reserve."""
    could: dict[str, list[Participant]] = defaultdict(list)
    for row in asked:
        if (seat := seat_for(row, rule, contact)) is not None:
            could[seat].append(row)
    there = {row.pk for row in coming}
    filled = fill({seat: {row.person_id for row in rows if row.pk in there} for seat, rows in could.items()})
    care = [row for row in could.pop(SOCIAL_CARE, []) if row.pk in there or SOCIAL_CARE not in filled]
    found = []
    for seat, rows in could.items():
        holder = next((row for row in rows if row.person_id == filled.get(seat)), rows[0])
        found.append(Seat(works_at(holder), holder.person.full_name, filled=seat in filled))
    found.sort(key=lambda seat: not seat.filled)
    taken = [seat for seat in found if seat.filled]
    needed = [*taken[: rule.agencies]]
    needed += [Seat("Another agency", "No one yet", filled=False)] * (rule.agencies - len(needed))
    if rule.social_care_needed or care:
        who = care[0].person.full_name if care else "No one yet"
        needed.insert(0, Seat("Social care", who, filled=SOCIAL_CARE in filled))
    return needed, [*taken[rule.agencies :], *(seat for seat in found if not seat.filled)]


def _to_ring(
    rule: Quorum, asked: list[Participant], coming: list[Participant], contact: set[int], deputies: dict[int, str]
) -> list[ToRing]:
    """Return who was invited, has not said yes or no and would fill a seat; those whose seat is empty first."""
    there = {row.pk for row in coming}
    taken = {seat_for(row, rule, contact) for row in coming}
    found = []
    for row in asked:
        seat = seat_for(row, rule, contact)
        if (
            seat is None
            or row.pk in there
            or row.status != ParticipantStatus.INVITED
            or row.reply not in MAY_STILL_COME
        ):
            continue
        found.append(
            ToRing(
                participant=row,
                agency="Social care" if seat == SOCIAL_CARE else works_at(row),
                number=_number(row),
                why=_why(row, deputies),
                is_needed=seat not in taken,
            )
        )
    return sorted(found, key=lambda one: (not one.is_needed, one.participant.pk))


def _number(row: Participant) -> str:
    """Return the number of the post, else of the agency; none for an agency that is confidential for the family."""
    if is_confidential(row):
        return ""
    return (row.post.phone if row.post else "") or (row.agency.phone if row.agency else "")


def _why(row: Participant, deputies: dict[int, str]) -> str:
    if row.reply == Reply.NONE:
        return "has not answered" if not row.is_deputy else "comes as a deputy and has not answered"
    if deputies.get(row.pk) == DeputyState.NAMED:
        return "sends a deputy who is not confirmed yet"
    return "sends a deputy and has not said who"
