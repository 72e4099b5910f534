"""Who must not meet whom in a core group, how that is settled, and where each person meets.

One rule serves the clock, pages, services, calendars and papers: a person about whom a contact risk, a request to the
chair or a chair's decision to keep them out or apart stands is apart from the rest of the family, and from any worker
whom a risk protects, until someone decides that they may meet. The database holds to it too (``never_together``).
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.models import User
from conferences.enums import HowToAttend, Presence, RequestGround
from conferences.models import ExclusionRequest, Participant
from conferences.selectors.standing import OF_ONE_LIST
from core_groups.access import in_it_for_an_open_plan
from core_groups.enums import APART, HowToMeet
from core_groups.models import (
    ApartDecision,
    CoreGroup,
    CoreGroupMeeting,
    CoreGroupMember,
    MeetingAttendance,
    SeparateSitting,
)
from families.models import ContactRisk, Person

_CHILDREN: type[Model] = Participant.children.through


def with_grounds(members: QuerySet[Any], *, today: object, group: str = "core_group") -> QuerySet[Any]:
    """Return ``members``, each with the newest ground to keep them apart and the newest decision about it.

    Adds ``ground_at`` (None where there is no ground), ``decided_how`` and ``decided_at``. ``today`` is a day, or an
    expression for one; ``group`` leads from a row to its core group.
    """
    risks = ContactRisk.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=today),
        Q(ends_on__isnull=True) | Q(ends_on__gt=today),
        person=OuterRef("person"),
    ).order_by("-recorded_at")
    decisions = ApartDecision.objects.filter(core_group=OuterRef(group), person=OuterRef("person")).order_by(
        "-decided_at", "-pk"
    )
    found: QuerySet[Any] = members.annotate(
        # Greatest leaves out what is null.
        ground_at=Greatest(Subquery(risks.values("recorded_at")[:1]), Subquery(_requests(group).values("since")[:1])),
        decided_how=Subquery(decisions.values("how")[:1]),
        decided_at=Subquery(decisions.values("decided_at")[:1]),
    )
    return found


def _requests(group: str) -> QuerySet[Any]:
    """Return what was asked or decided in the case about the person of the outer row, and what no chair has lifted."""
    since = Coalesce("decided_at", "asked_at")
    # A later decision lifts it that lets the person in to the whole meeting, for all the children it was about.
    left = _CHILDREN.objects.filter(participant=OuterRef(OuterRef("participant"))).filter(  # type: ignore[attr-defined]
        ~Exists(
            _CHILDREN.objects.filter(  # type: ignore[attr-defined]
                participant=OuterRef(OuterRef("participant")), conferencechild__child=OuterRef("conferencechild__child")
            )
        )
    )
    lifted = ExclusionRequest.objects.annotate(after=OuterRef("since")).filter(
        ~Exists(left),
        participant__person=OuterRef("participant__person"),
        how=HowToAttend.WHOLE,
        decided_at__gte=F("after"),
    )
    undecided_of_one_list = Q(decided_at__isnull=True, ground__in=OF_ONE_LIST)
    return (
        ExclusionRequest.objects.annotate(since=since)
        .filter(
            Q(conference__family=OuterRef(f"{group}__family"))
            | Q(participant__children__child__plans__core_groups=OuterRef(group)),
            ~Exists(lifted),
            participant__person=OuterRef("person"),
        )
        .exclude(undecided_of_one_list | Q(ground=RequestGround.BY_UNDERSTANDING) | Q(how=HowToAttend.WHOLE))
        .order_by("-since")
    )


def with_someone_to_meet(members: QuerySet[CoreGroupMember], *, today: object) -> QuerySet[CoreGroupMember]:
    """Return those of ``members`` in whose group there is someone else of the family, or a worker at risk from them."""
    others = _in_it(CoreGroupMember.objects.filter(core_group=OuterRef("core_group")), today).exclude(
        person=OuterRef("person")
    )
    at_risk = ContactRisk.protects.through.objects.filter(
        contactrisk__person=OuterRef(OuterRef("person")), person=OuterRef("person")
    )
    return members.filter(Exists(others.filter(Q(post__isnull=True) | Exists(at_risk))))


def _in_it(members: QuerySet[CoreGroupMember], today: object) -> QuerySet[CoreGroupMember]:
    return members.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=today), Q(ends_on__isnull=True) | Q(ends_on__gt=today)
    ).filter(in_it_for_an_open_plan(), core_group__ended_on__isnull=True)


def to_settle(*, today: object) -> QuerySet[Any]:
    """Return the members, of all groups that go on, with a ground to keep them apart, settled or not."""
    members = with_grounds(_in_it(CoreGroupMember.objects.all(), today), today=today)
    return with_someone_to_meet(members.filter(ground_at__isnull=False), today=today)


@dataclass(frozen=True)
class Standing:
    """How one person stands in a core group: apart or not, decided or not."""

    person_id: int
    how: str
    is_open: bool

    @property
    def is_apart(self) -> bool:
        """Whether they learn nothing of the others' time, place and presence, and the others nothing of theirs."""
        return self.is_open or self.how in APART

    @property
    def words(self) -> str:
        return "Not decided yet" if self.is_open else str(HowToMeet(self.how).label) if self.how else ""


def standings(group: CoreGroup, *, on: datetime.date) -> dict[int, Standing]:
    """Return, by person id, how each member stands for whom there is a ground or a decision, in one query.

    Whoever was decided about stays apart when the ground ends, until a manager decides otherwise.
    """
    rows = with_grounds(CoreGroupMember.objects.filter(core_group=group), today=on)
    found: dict[int, Standing] = {}
    for row in rows.filter(Q(ground_at__isnull=False) | Q(decided_how__isnull=False)):
        is_open = row.ground_at is not None and (row.decided_at is None or row.decided_at < row.ground_at)
        found[row.person_id] = Standing(row.person_id, row.decided_how or "", is_open)
    return found


def must_not_meet(
    members: Sequence[CoreGroupMember], standing: dict[int, Standing], *, on: datetime.date
) -> list[tuple[CoreGroupMember, CoreGroupMember]]:
    """Return pairs of these members who may not sit in one meeting: who is apart, and from whom."""
    apart = [row for row in members if row.person_id in standing and standing[row.person_id].is_apart]
    at_risk = _at_risk({row.person_id for row in apart}, on=on)
    return [
        (row, other)
        for row in apart
        for other in members
        if other.person_id != row.person_id and (other.post_id is None or (row.person_id, other.person_id) in at_risk)
    ]


def _at_risk(people: Collection[int], *, on: datetime.date) -> set[tuple[int, int]]:
    if not people:
        return set()
    rows = ContactRisk.objects.current(on=on).filter(person__in=people, protects__isnull=False)
    return set(rows.values_list("person_id", "protects"))


def times_for(
    person_ids: Collection[int], meetings: Iterable[CoreGroupMeeting], *, on: datetime.date
) -> dict[int, tuple[datetime.datetime, str]]:
    """Return, by meeting id, when and where a person of these ids meets; a meeting they must not know of is left out.

    Whoever is apart has their own sitting or nothing; a sitting that was held stays theirs. A fixed number of queries.
    """
    meetings = list(meetings)
    groups = {meeting.core_group_id for meeting in meetings}
    rows = with_grounds(CoreGroupMember.objects.filter(core_group__in=groups, person__in=person_ids), today=on)
    standing = {
        row.core_group_id: Standing(
            row.person_id,
            row.decided_how or "",
            row.ground_at is not None and (row.decided_at is None or row.decided_at < row.ground_at),
        )
        for row in rows.filter(Q(ground_at__isnull=False) | Q(decided_how__isnull=False))
    }
    own = {
        row.meeting_id: (row.held_at or row.starts_at, row.place)
        for row in SeparateSitting.objects.filter(meeting__in=[row.pk for row in meetings], person__in=person_ids)
    }
    found = {}
    for meeting in meetings:
        known = standing.get(meeting.core_group_id)
        is_apart = known is not None and known.is_apart
        if meeting.pk in own and (meeting.held_at or is_apart) and not (known and known.is_open):
            found[meeting.pk] = own[meeting.pk]
        elif not is_apart:
            found[meeting.pk] = (meeting.held_at or meeting.planned_at, meeting.place)
    return found


def removed_from(meetings: Iterable[int], persons: Iterable[int]) -> set[int]:
    """Return the ids of these meetings from which one of these persons was removed: their record is closed to them."""
    rows = MeetingAttendance.objects.filter(
        meeting__in=list(meetings),
        member__person__in=list(persons),
        sitting__isnull=True,
        presence=Presence.REMOVED,
        superseded_at__isnull=True,
    )
    return set(rows.values_list("meeting", flat=True))


def kept_apart(group: CoreGroup, *, on: datetime.date) -> tuple[dict[int, str], list[CoreGroupMember]]:
    """Return the names, by person id, of members with sittings of their own, and those nobody has decided about yet."""
    known = standings(group, on=on)
    decided = {pk for pk, one in known.items() if not one.is_open and one.how in APART}
    members = CoreGroupMember.objects.current(on=on).filter(core_group=group, person__in=decided)
    names = {row.person_id: row.person.full_name for row in members.select_related("person").order_by("pk")}
    return names, waiting_in(CoreGroup.objects.filter(pk=group.pk), on=on)


def is_kept_apart(user: User, group: CoreGroup) -> bool:
    """Return whether a member with an account must not meet others of the group, and so sees only their own part."""
    known = standings(group, on=timezone.localdate())
    persons = Person.objects.filter(user=user, pk__in=known).values_list("pk", flat=True)
    return any(known[pk].is_apart for pk in persons)


def grounds_in_words(group: CoreGroup, member: CoreGroupMember, *, on: datetime.date) -> list[tuple[str, str]]:
    """Return what is known about a member whom others may have to be kept from: what it is, and its words."""
    risks = ContactRisk.objects.current(on=on).filter(person=member.person_id).order_by("recorded_at")
    found = [(str(risk.get_ground_display()), risk.detail) for risk in risks]
    requests = ExclusionRequest.objects.filter(
        participant__person=member.person_id, conference__family=group.family_id
    ).exclude(ground=RequestGround.BY_UNDERSTANDING)
    for request in requests.order_by("asked_at"):
        decided = request.get_how_display() if request.how else "not decided yet"
        found.append((f"At a conference: {decided.lower()}", request.decision_reason))
    return found


def waiting_in(groups: QuerySet[CoreGroup], *, on: datetime.date) -> list[CoreGroupMember]:
    """Return the members of these groups about whom someone has to decide how they meet."""
    rows = to_settle(today=on).filter(core_group__in=groups.values("pk"))
    undecided = Q(decided_at__isnull=True) | Q(decided_at__lt=F("ground_at"))
    return list(rows.filter(undecided).select_related("person").order_by("pk"))
