"""People who could be added when they come to the meeting without being on the list."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from conferences.enums import ParticipantStatus
from conferences.models import Conference
from families.models import Agency, FamilyMember, Person, Post


@dataclass(frozen=True)
class Newcomer:
    """A known person (with the post in which they come, if any), or the name of a new one."""

    person: Person | None = None
    post: Post | None = None
    given_name: str = ""
    family_name: str = ""
    agency: Agency | None = None
    title: str = ""


@dataclass(frozen=True)
class KnownPeople:
    """Family members and agency staff who are not on the list, by the key of their choice."""

    conference: Conference
    people: dict[str, Newcomer]

    @property
    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return grouped choices for a select: family, then each agency."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, row in self.people.items():
            if row.person is None:
                continue
            group = row.post.agency.name if row.post else "Family"
            words = f"{row.person.full_name}, {row.post.title}" if row.post else row.person.full_name
            groups.setdefault(group, []).append((key, words))
        return list(groups.items())

    def chosen(self, key: str) -> Newcomer | None:
        """Return the person behind a choice; None for a new person."""
        return self.people.get(key)

    def new(self, *, given_name: str, family_name: str, agency: str, title: str) -> Newcomer:
        """Return a newcomer who is not known yet."""
        found = Agency.objects.filter(pk=agency, authority=self.conference.authority_id).first() if agency else None
        return Newcomer(given_name=given_name, family_name=family_name, agency=found, title=title)


def known_people(conference: Conference, *, on: datetime.date) -> KnownPeople:
    """Return everyone who could be added, without those who are on the list already."""
    out = (ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN)
    listed = set(conference.participants.exclude(status__in=out).values_list("person", flat=True))
    subjects = set(conference.children.present().values_list("child__person", flat=True))
    members = (
        FamilyMember.objects.current(on=on)
        .filter(family=conference.family_id, person__sealed_at__isnull=True, person__merged_into__isnull=True)
        .select_related("person")
        .order_by("person__family_name", "person__given_name")
    )
    posts = (
        Post.objects.current(on=on)
        .filter(agency__authority=conference.authority_id)
        .select_related("person", "agency")
        .order_by("agency__name", "person__family_name", "person__given_name")
    )
    people: dict[str, Newcomer] = {}
    for member in members:
        if member.person_id not in listed and member.person_id not in subjects:
            people[f"person-{member.person_id}"] = Newcomer(person=member.person)
    for post in posts:
        if post.person_id not in listed:
            people[f"post-{post.pk}"] = Newcomer(person=post.person, post=post)
    return KnownPeople(conference=conference, people=people)
