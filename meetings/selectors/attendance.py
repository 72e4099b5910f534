"""The people of a conference and their attendance on the day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Model, OuterRef, Prefetch, QuerySet, prefetch_related_objects

from conferences.enums import FAMILY_CAPACITIES, NEVER_ASKED, Capacity, Mode, ParticipantStatus, Presence, SittingState
from conferences.models import (
    Attendance,
    Conference,
    ConferenceChild,
    ExclusionRequest,
    LobbyCheck,
    Part,
    Participant,
    Sitting,
)
from conferences.selectors.arrivals import OWN_PART
from conferences.selectors.places_of_work import works_as
from conferences.selectors.quorum import RUNS_THE_MEETING, SOCIAL_CARE_CAPACITIES
from deadlines.policies import Policy
from deadlines.policies.amounts import NOT_USED
from families.enums import AgencyGroup
from meetings.models import AskedChild

MUST_BE_HEARD = frozenset({Capacity.PARENT, Capacity.CARER, Capacity.CHILD})


@dataclass(frozen=True)
class Attendee:
    """Someone on the list, with their attendance in the parts of the current sitting."""

    participant: Participant
    attendances: tuple[Attendance, ...]
    open_request: ExclusionRequest | None

    @property
    def presence(self) -> str:
        """Return the strongest presence recorded: removed, present, apologies, absent; empty if none."""
        recorded = {row.presence for row in self.attendances}
        for presence in (Presence.REMOVED, Presence.PRESENT, Presence.APOLOGIES, Presence.ABSENT):
            if presence in recorded:
                return presence
        return ""

    @property
    def presence_label(self) -> str:
        return Presence(self.presence).label if self.presence else "Not recorded"

    @property
    def is_present(self) -> bool:
        return self.presence == Presence.PRESENT

    @property
    def is_in_lobby(self) -> bool:
        """Return whether they are on a screen and nobody has said yet that they are who they say."""
        on_screen = self.is_present and self.latest is not None and self.latest.mode == Mode.ONLINE
        runs_it = self.participant.capacity in RUNS_THE_MEETING
        return on_screen and not runs_it and not self.participant.is_checked  # type: ignore[attr-defined]

    def version_in(self, part: Part | None) -> int:
        """Return the version of what is recorded for one part, 0 where nothing is."""
        return next((row.version for row in self.attendances if part is not None and row.part_id == part.pk), 0)

    def is_in(self, part: Part | None) -> bool:
        """Return whether they are in this part now: they came, have not left and were not removed."""
        if part is None or self.presence == Presence.REMOVED:
            return False
        rows = (row for row in self.attendances if row.part_id == part.pk)
        return any(row.presence == Presence.PRESENT and row.left_at is None for row in rows)

    def may_still_come(self, part: Part | None) -> bool:
        """Return whether they are expected in this part, and nobody has recorded yet whether they came."""
        if part is None or self.participant.status != ParticipantStatus.INVITED:
            return False
        if any(row.part_id == part.pk for row in self.attendances):
            return False
        if self.comes_apart and not self.is_named_for(part):
            return False
        is_around = any(row.presence == Presence.PRESENT and row.left_at is None for row in self.attendances)
        return self.is_named_for(part) or (self.is_planned_for(part) and (is_around or not self.attendances))

    @property
    def was_there(self) -> bool:
        """Return whether they were in the meeting at all, even if the chair removed them later."""
        return self.presence in (Presence.PRESENT, Presence.REMOVED)

    @property
    def needs_the_chair(self) -> bool:
        """Return whether the chair has yet to decide about this person."""
        return self.open_request is not None or self.participant.status == ParticipantStatus.AWAITING_CHAIR

    @property
    def is_kept_out(self) -> bool:
        return self.participant.status == ParticipantStatus.KEPT_OUT

    @property
    def is_left_out(self) -> bool:
        return self.participant.status == ParticipantStatus.LEFT_OUT

    @property
    def heard_through(self) -> Participant | None:
        return self.participant.views_brought_by

    @property
    def latest(self) -> Attendance | None:
        """Return the attendance that the list shows: the last with a time, otherwise any."""
        timed = [row for row in self.attendances if row.arrived_at]
        return timed[-1] if timed else self.attendances[-1] if self.attendances else None

    @property
    def group(self) -> str:
        """Return the group under which this person is shown."""
        if self.participant.capacity in FAMILY_CAPACITIES:
            return AgencyGroup.FAMILY
        if self.participant.capacity in SOCIAL_CARE_CAPACITIES | RUNS_THE_MEETING:
            return AgencyGroup.SOCIAL_CARE
        return self.participant.agency.group if self.participant.agency else AgencyGroup.OTHER

    def concerns(self, child: ConferenceChild) -> bool:
        """Return whether they take part for this child; no child named means all of them."""
        named: list[int] = self.participant.named_ids  # type: ignore[attr-defined]
        return not named or child.pk in named

    @property
    def comes_apart(self) -> bool:
        """Return whether they, or the person for whom they speak, come at a time or place of their own."""
        return any(one is not None and one.how in OWN_PART for one in (self.participant, self.participant.acts_for))

    def is_named_for(self, part: Part) -> bool:
        """Return whether they were planned for this very part beforehand."""
        planned: list[int] = self.participant.planned_ids  # type: ignore[attr-defined]
        return part.pk in planned

    def is_planned_for(self, part: Part) -> bool:
        """Return whether they were planned for a part beforehand; none named means the whole sitting."""
        planned: list[int] = self.participant.planned_ids  # type: ignore[attr-defined]
        return part.starts_at is None or not planned or part.pk in planned


def sitting_of(conference: Conference) -> Sitting | None:
    """Return the current sitting: in session, otherwise the last one opened, otherwise the next booked."""
    sittings = [row for row in conference.sittings.all() if row.state != SittingState.CANCELLED]
    running = [row for row in sittings if row.state == SittingState.IN_SESSION]
    opened = [row for row in sittings if row.opened_at]
    return next(iter(running or opened[-1:] or sittings[:1]), None)


def parts_of(conference: Conference) -> list[Part]:
    """Return the parts of the current sitting."""
    sitting = sitting_of(conference)
    return list(sitting.standing_parts.all()) if sitting else []


def part_under_way(parts: Sequence[Part], begun: Collection[int]) -> Part | None:
    """Return the part under way: the last one in which someone came, or that was added on the day; else the first.

    ``begun`` are the ids of the parts in which anyone is recorded as there.
    """
    started = [part for part in parts if part.pk in begun or part.starts_at is None]
    return next(iter(started[-1:] or parts[:1]), None)


def part_of(attendees: Iterable[Attendee], parts: Sequence[Part]) -> Part | None:
    """Return the part under way, by who is recorded as there."""
    came = (Presence.PRESENT, Presence.REMOVED)
    rows = (row for attendee in attendees for row in attendee.attendances)
    return part_under_way(parts, {row.part_id for row in rows if row.presence in came})


def part_now(sitting: Sitting) -> Part | None:
    """Return the part of a sitting that is under way. Two queries."""
    came = Attendance.objects.filter(part__sitting=sitting, presence__in=(Presence.PRESENT, Presence.REMOVED))
    return part_under_way(list(sitting.standing_parts.order_by("number")), set(came.values_list("part", flat=True)))


def _participants(conference: Conference, sitting: Sitting | None) -> list[Participant]:
    """Return everyone on the list, including those left out (still to be heard) but not withdrawn."""
    named = Participant.children.through.objects.filter(participant=OuterRef("pk"))
    planned = Participant.parts.through.objects.filter(participant=OuterRef("pk"))
    rows = (
        conference.participants.exclude(status=ParticipantStatus.WITHDRAWN)
        .select_related("person", "post", "agency")
        .annotate(
            named_ids=ArraySubquery(named.values("conferencechild")),
            planned_ids=ArraySubquery(planned.values("part")),
            has_open_request=Exists(_open_requests().filter(participant=OuterRef("pk"))),
            is_checked=Exists(LobbyCheck.objects.filter(participant=OuterRef("pk"), sitting=sitting)),
            chair_asks=Exists(AskedChild.objects.filter(participant=OuterRef("pk"), ended_at__isnull=True)),
        )
        .prefetch_related(Prefetch("attendances", Attendance.objects.select_related("part").order_by("part__number")))
        .order_by("pk")
    )
    found: list[Participant] = list(rows)
    by_pk = {row.pk: row for row in found}
    for row in found:
        # Those for whom they speak are on the same list, unless they were withdrawn.
        for name, pk in (("acts_for", row.acts_for_id), ("views_brought_by", row.views_brought_by_id)):
            if pk in by_pk:
                setattr(row, name, by_pk[pk])
    return found


def _open_requests() -> QuerySet[ExclusionRequest]:
    return ExclusionRequest.objects.filter(decided_at__isnull=True)


def attendees_of(conference: Conference, *, sitting: Sitting | None = None) -> list[Attendee]:
    """Return the conference's people with their attendance in ``sitting``, by default the current one."""
    sitting = sitting or sitting_of(conference)
    sitting_id = sitting.pk if sitting else None
    participants = _participants(conference, sitting)
    asked_out = [row.pk for row in participants if row.has_open_request]  # type: ignore[attr-defined]
    requests = {row.participant_id: row for row in _open_requests().filter(participant__in=asked_out)}
    return [
        Attendee(
            participant=row,
            attendances=tuple(seen for seen in row.attendances.all() if seen.part.sitting_id == sitting_id),
            open_request=requests.get(row.pk),
        )
        for row in participants
    ]


R = TypeVar("R", bound=Model)


def fill_in(rows: Iterable[R], attendees: Iterable[Attendee], name: str = "participant") -> list[R]:
    """Return rows with whom each is about, from those already read; others, since withdrawn, are read now."""
    known = {row.participant.pk: row.participant for row in attendees}
    found = list(rows)
    for row in found:
        pk = getattr(row, f"{name}_id")
        if pk in known:
            setattr(row, name, known[pk])
    missing = [row for row in found if getattr(row, f"{name}_id") not in (None, *known)]
    prefetch_related_objects(missing, f"{name}__person", f"{name}__agency")
    return found


Asks = Callable[[Attendee, ConferenceChild, Policy], bool]


def asked_for_score(attendee: Attendee, child: ConferenceChild, policy: Policy) -> bool:
    """Return whether someone on the list is asked for a score of this child, once they are there.

    Of the children only those whom the chair asks.
    """
    if attendee.participant.capacity == Capacity.CHILD:
        asks: bool = attendee.participant.chair_asks  # type: ignore[attr-defined]
        return asks and policy.scaling != NOT_USED and attendee.concerns(child)
    return _asked(attendee, child, policy.gives_score)


def asked_for_view(attendee: Attendee, child: ConferenceChild, policy: Policy) -> bool:
    """Return whether someone on the list is asked for a view about this child, once they are there."""
    return _asked(attendee, child, policy.gives_view)


def _asked(attendee: Attendee, child: ConferenceChild, gives: Callable[[str], bool]) -> bool:
    capacity = attendee.participant.capacity
    return capacity not in NEVER_ASKED and attendee.concerns(child) and gives(capacity)


def asked(attendees: Iterable[Attendee], child: ConferenceChild, policy: Policy, asks: Asks) -> list[Attendee]:
    """Return those present for this child whom the policy asks, as ``asks`` tells; each person once.

    Whoever is there with someone in the family, observes or takes the notes has no view and no score of their own,
    whatever the policy says.
    """
    found: dict[int, Attendee] = {}
    for row in attendees:
        if row.was_there and asks(row, child, policy):
            found.setdefault(row.participant.person_id, row)
    return list(found.values())


def absent_but_heard(attendees: Iterable[Attendee], child: ConferenceChild) -> list[Attendee]:
    """Return absent parents, carers and children, and anyone kept out: their views must be brought."""
    return [
        row
        for row in attendees
        if not row.was_there
        and row.concerns(child)
        and (row.participant.capacity in MUST_BE_HEARD or (row.is_kept_out and row.participant.is_family))
    ]


def attendance_groups(attendees: Iterable[Attendee]) -> list[tuple[str, list[Attendee]]]:
    """Group the people on the list as they are shown: family first, then social care, and so on."""
    groups: dict[str, list[Attendee]] = {}
    for row in attendees:
        if not row.is_left_out:
            groups.setdefault(row.group, []).append(row)
    return [(group.label, groups[group]) for group in AgencyGroup if group in groups]


def children_unheard(attendees: Iterable[Attendee], children: Iterable[ConferenceChild]) -> list[ConferenceChild]:
    """Return born children of the conference who are not on the list: someone must speak for them."""
    on_the_list = {row.participant.person_id for row in attendees if row.participant.capacity == Capacity.CHILD}
    return [row for row in children if not row.child.is_unborn and row.child.person_id not in on_the_list]


def who(participant: Participant) -> str:
    """Return a participant as text: name, and agency or relation to the children."""
    return f"{participant.person.full_name}, {works_as(participant)}"
