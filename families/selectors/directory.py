"""The council's directory of workers: who holds a post at an agency now, and the council's own staff.

It tells what people do and how to reach them at work; never which families they work with.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import CASE_ROLES
from accounts.guests.mailboxes import WITHOUT_DOTS, mailbox_of
from accounts.models import Authority, RoleAssignment, User
from families.enums import AgencyKind
from families.likeness import name_parts
from families.models import Agency, AgencyInvolvement, Family, FamilyMember, Person, Post
from families.selectors.agency_names import confidential_agencies, holder_without
from families.selectors.duplicates import MOST_SHOWN, sounding_alike

STAFF = "Council staff"
# Said before a last name in place of a first name.
FORMS_OF_ADDRESS = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sister", "sr", "pc", "dc", "ps", "ds", "sgt", "rev"}
)
# A form of address, an initial or nothing where a first name would stand.
NO_FIRST_NAME = rf"^\s*(({'|'.join(sorted(FORMS_OF_ADDRESS))})\.?\s*)?\w?\.?\s*$"


@dataclass(frozen=True)
class Worker:
    """Someone in the directory: the holder of a post, or a member of staff who has no post on record yet.

    ``hidden`` are the agencies, by id, that pages do not name in work with the family.
    """

    post: Post | None = None
    user: User | None = None
    role: str = ""
    hidden: Mapping[int, Agency] = field(default_factory=dict, compare=False, hash=False)

    @property
    def key(self) -> str:
        return f"post-{self.post.pk}" if self.post else f"staff-{self.user.pk if self.user else 0}"

    @property
    def is_hidden(self) -> bool:
        """Return whether they work where the name could give away where someone in the family is."""
        return self.post is not None and self.post.agency_id in self.hidden

    @property
    def group(self) -> str:
        return str(self.post.agency.get_kind_display()) if self.post else STAFF

    @property
    def words(self) -> str:
        """Return name, job title and agency, as pages say them."""
        if self.post:
            return holder_without(self.post, self.hidden)
        return f"{self.user.name}, {self.user.job_title or self.role}" if self.user else ""


def agencies_in_directory(authority: Authority, *, family: Family | None = None) -> QuerySet[Agency]:
    """Return the council's agencies that may be offered in work with ``family``, or in any work.

    One that hides where another family's child is, and that no other child is openly known to, is left out, and one
    that has left the directory.
    """
    rows = Agency.objects.filter(authority=authority, ends_on__isnull=True).exclude(
        _hides_whereabouts("agency", "pk", family=family)
    )
    return rows.order_by("kind", "name")


def posts_in_directory(authority: Authority, *, on: datetime.date, family: Family | None = None) -> QuerySet[Post]:
    """Return the posts held on ``on`` at the council's agencies, in the order in which they are offered.

    Left out: sealed, merged and dead people; the posts of an agency that ``agencies_in_directory`` leaves out, and
    one that is named only where an agency's name gives away where another family's child is.
    """
    rows: QuerySet[Post] = (
        Post.objects.current(on=on)
        .filter(
            agency__authority=authority,
            person__sealed_at__isnull=True,
            person__merged_into__isnull=True,
            person__death_date__isnull=True,
        )
        .exclude(_hides_whereabouts("agency", "agency", family=family))
        .exclude(_hides_whereabouts("post", "pk", family=family))
        .select_related("person", "agency")
        .order_by("agency__kind", "agency__name", "person__family_name", "person__given_name", "pk")
    )
    return rows


def _hides_whereabouts(field: str, outer: str, *, family: Family | None) -> Q:
    """Match rows known only through involvements marked confidential, of children outside ``family``."""
    known = AgencyInvolvement.objects.order_by().filter(**{field: OuterRef(outer)})
    marked = known.filter(confidential=True)
    openly = Q(confidential=False)
    if family is not None:
        own = FamilyMember.objects.order_by().filter(family=family.pk).values("person")
        openly |= Q(child__person__in=own)
    return Q(Exists(marked)) & ~Q(Exists(known.filter(openly)))


def directory_of(authority: Authority, *, on: datetime.date, family: Family | None = None) -> list[Worker]:
    """Return everyone who may be offered where a worker is entered, agencies' workers first. Three queries."""
    posts = list(posts_in_directory(authority, on=on, family=family))
    held = {post.person.user_id for post in posts if post.agency.kind == AgencyKind.SOCIAL_CARE}
    roles = RoleAssignment.objects.current(on=on).filter(authority=authority, role__in=CASE_ROLES, user__is_active=True)
    staff: dict[int, Worker] = {}
    for row in roles.exclude(user__in=[pk for pk in held if pk]).select_related("user").order_by("user__name", "pk"):
        staff.setdefault(row.user_id, Worker(user=row.user, role=row.get_role_display()))
    hidden = confidential_agencies(family.pk) if family else {}
    return [*(Worker(post=post, hidden=hidden) for post in posts), *staff.values()]


def likely_workers(
    posts: QuerySet[Post], *, given_name: str, family_name: str, email: str = "", agency: Agency | None = None
) -> list[Post]:
    """Return those of ``posts`` that may be held by the worker described, the surest first.

    That is the same mailbox, or a name that sounds alike: at the agency where one is given, else anywhere. At the
    agency a last name alone is enough where one of the two has no first name, but "Dr" or an initial.
    """
    parts = name_parts(_without_address(given_name), family_name)
    alike = Q(pk__in=[])
    if len(parts) > 1 or (parts and agency is not None):
        persons = Person.objects.order_by().filter(sounding_alike(parts)).values("pk")
        alike = Q(person__in=persons) & (Q(agency=agency) if agency is not None else Q())
    if len(parts) > 1 and agency is not None:
        by_last_name = Person.objects.order_by().filter(sounding_alike(parts[1:])).values("pk")
        alike |= Q(agency=agency, person__in=by_last_name, person__given_name__iregex=NO_FIRST_NAME)
    found = list(posts.filter(alike)[:MOST_SHOWN])
    same = _at_mailbox(posts, email)
    return list(dict.fromkeys([*same, *found]))[:MOST_SHOWN]


def _without_address(given_name: str) -> str:
    """Return a first name without forms of address, numbers and initials: nothing of "Dr", "A." and "PC 1234"."""
    parts = [part.strip(".") for part in given_name.split()]
    return " ".join(
        part
        for part in parts
        if len(part) > 1 and not any(map(str.isdigit, part)) and part.lower() not in FORMS_OF_ADDRESS
    )


def _at_mailbox(posts: QuerySet[Post], email: str) -> list[Post]:
    mailbox = mailbox_of(email) if "@" in email else ""
    domain = mailbox.rpartition("@")[2]
    if not domain:
        return []
    beside = Q(email__iendswith=f"@{domain}")
    for other, same in WITHOUT_DOTS.items():
        beside |= Q(email__iendswith=f"@{other}") if same == domain else Q()
    return [post for post in posts.filter(beside) if mailbox_of(post.email) == mailbox]
