"""People who could be added when they come to the meeting without being on the list."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from accounts.models import User
from conferences.enums import ParticipantStatus
from conferences.models import Conference
from families.models import Agency, Family, FamilyMember, Person, Post
from families.selectors import Worker, directory_of, posts_in_directory
from families.services import EnteredWorker


@dataclass(frozen=True)
class Newcomer:
    """A known member of the family, a worker who is known (``same_as``) or of the council's staff, or a new person.

    ``use`` says which word counts where what was typed differs (``enter_worker``).
    """

    person: Person | None = None
    entered: EnteredWorker = field(default_factory=EnteredWorker)
    agency: Agency | None = None
    same_as: Post | None = None
    use: Mapping[str, str] = field(default_factory=dict)
    staff: User | None = None


@dataclass(frozen=True)
class KnownPeople:
    """Family members by the key of their choice, and the directory's workers, who are not on the list."""

    people: dict[str, Newcomer]
    workers: Sequence[Worker]
    posts: QuerySet[Post]
    family: QuerySet[Person]
    family_id: int

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return the members of the family as choices."""
        return [(key, row.person.full_name) for key, row in self.people.items() if row.person]

    def chosen(self, key: str) -> Newcomer | None:
        """Return the person behind a choice; None for anybody else."""
        return self.people.get(key)


def known_people(conference: Conference, *, on: datetime.date) -> KnownPeople:
    """Return everyone who could be added, without those who are on the list already."""
    out = (ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN)
    listed = set(conference.participants.exclude(status__in=out).values_list("person", flat=True))
    subjects = set(conference.children.present().values_list("child__person", flat=True))
    return people_around(conference.family, listed=listed, subjects=subjects, on=on)


def people_around(
    family: Family, *, listed: Collection[int], subjects: Collection[int] = (), on: datetime.date
) -> KnownPeople:
    """Return the members of a family and the council's directory, without those on a list and ``subjects`` (ids)."""
    members = (
        FamilyMember.objects.current(on=on)
        .filter(family=family, person__sealed_at__isnull=True, person__merged_into__isnull=True)
        .exclude(person__in={*listed, *subjects})
        .select_related("person")
        .order_by("person__family_name", "person__given_name")
    )
    workers = directory_of(family.authority, on=on, family=family)
    return KnownPeople(
        people={f"person-{member.person_id}": Newcomer(person=member.person) for member in members},
        workers=[row for row in workers if not (row.post and row.post.person_id in listed)],
        posts=posts_in_directory(family.authority, on=on, family=family),
        family=Person.objects.findable().filter(pk__in=members.order_by().values("person")),
        family_id=family.pk,
    )
