"""Who may join a core group: people of the family, and professionals who know one of its children."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from core_groups.models import CoreGroup, CoreGroupMember
from families.models import AgencyInvolvement, Person, Post
from families.selectors import born_members_of
from families.selectors.agency_names import name_on_page, title_on_page


@dataclass(frozen=True)
class Candidate:
    """Someone who may join: a person of the family, or one in a post of an agency."""

    person: Person
    post: Post | None
    hint: str

    @property
    def key(self) -> str:
        return f"post-{self.post.pk}" if self.post else f"person-{self.person.pk}"


def candidates_for(group: CoreGroup, *, on: datetime.date) -> list[Candidate]:
    """Return who may join the group, without its members of ``on``: first the family, then agencies by name."""
    members = CoreGroupMember.objects.filter(core_group=group, ends_on__isnull=True)
    there: set[tuple[int, int | None]] = set(members.values_list("person_id", "post_id"))
    family = born_members_of(group.family, on=on).filter(
        death_date__isnull=True, sealed_at__isnull=True, merged_into__isnull=True
    )
    found = [Candidate(person, None, "Family") for person in family if (person.pk, None) not in there]
    known = AgencyInvolvement.objects.current(on=on).filter(child__plans__core_groups=group.pk, post__isnull=False)
    posts = Post.objects.current(on=on).filter(pk__in=known.values("post")).select_related("person", "agency")
    for post in posts.order_by("agency__name", "pk"):
        if (post.person_id, post.pk) not in there:
            title, agency = title_on_page(post, group.family_id), name_on_page(post.agency, group.family_id)
            found.append(Candidate(post.person, post, ", ".join(filter(None, (title, agency)))))
    return found
