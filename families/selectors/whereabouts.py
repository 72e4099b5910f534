"""What must not reach whom: everything that could reveal where a person is."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from families.hidden_words import SITES_OF_MANY, TITLES, folded, tokens
from families.models import (
    Agency,
    AgencyInvolvement,
    Child,
    ContactPoint,
    FamilyMember,
    Person,
    PersonName,
    Post,
    Residence,
)
from families.word_forms import BEFORE_A_NAME
from govuk.hook import Hook

SHORTEST_PART = 4


@dataclass(frozen=True)
class Hidden:
    """Rows and words that must be left out of anything a recipient gets.

    ``words`` holds the texts themselves (address lines, postcodes, numbers, names of agencies and of the people
    who work there), for composing documents and for proving that nothing leaked.
    """

    address_ids: frozenset[int] = frozenset()
    residence_ids: frozenset[int] = frozenset()
    contact_point_ids: frozenset[int] = frozenset()
    involvement_ids: frozenset[int] = frozenset()
    agency_ids: frozenset[int] = frozenset()
    post_ids: frozenset[int] = frozenset()
    person_ids: frozenset[int] = frozenset()
    words: frozenset[str] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return bool(self.residence_ids or self.contact_point_ids or self.involvement_ids)

    def hides(self, row: Residence | ContactPoint | AgencyInvolvement | Agency | Post) -> bool:
        """Return whether ``row`` must be left out."""
        if isinstance(row, Residence):
            return row.pk in self.residence_ids
        if isinstance(row, ContactPoint):
            return row.pk in self.contact_point_ids
        if isinstance(row, AgencyInvolvement):
            return row.pk in self.involvement_ids or row.agency_id in self.agency_ids
        if isinstance(row, Agency):
            return row.pk in self.agency_ids
        return row.pk in self.post_ids or row.agency_id in self.agency_ids


@dataclass(frozen=True)
class Whereabouts:
    """The rows marked confidential around a set of people, ended ones too."""

    residences: list[Residence]
    contact_points: list[ContactPoint]
    involvements: list[AgencyInvolvement]

    def __bool__(self) -> bool:
        return bool(self.residences or self.contact_points or self.involvements)


def circle_of(children: Iterable[Child]) -> set[int]:
    """Return ids of the children and everyone who ever shared a family with them or is tied to them."""
    ids = [child.pk for child in children]
    families = FamilyMember.objects.filter(person__child__in=ids).values("family")
    persons = Person.objects.filter(
        Q(child__in=ids)
        | Q(pk__in=FamilyMember.objects.filter(family__in=families).values("person"))
        | Q(relationships__child__in=ids)
        | Q(responsibilities__child__in=ids)
        | Q(pregnancies__children__in=ids)
    )
    return set(persons.values_list("pk", flat=True))


def confidential_whereabouts(children: Iterable[Child]) -> Whereabouts:
    """Return everything marked confidential about the children and the people around them."""
    return _confidential(circle_of(children))


def all_confidential(people: Iterable[int]) -> Hidden:
    """Return everything marked confidential about these person ids, for readers who may see none of it.

    Its words hold names that point to someone by themselves, too.
    """
    circle = set(people)
    return _all_of(circle, _confidential(circle))


def all_confidential_of(persons: Collection[Person]) -> Hidden:
    """Return the same for persons whose residences, with addresses, and contact points have been read already."""
    circle = {person.pk for person in persons}
    involved = AgencyInvolvement.objects.filter(child__person__in=circle, confidential=True)
    marked = Whereabouts(
        residences=[row for person in persons for row in person.residences.all() if row.confidential],
        contact_points=[row for person in persons for row in person.contact_points.all() if row.confidential],
        involvements=list(involved.select_related("child__person", "agency", "post__person").order_by("pk")),
    )
    return _all_of(circle, marked)


def _all_of(circle: set[int], marked: Whereabouts) -> Hidden:
    agency_ids = {row.agency_id for row in marked.involvements}
    posts = list(Post.objects.filter(agency__in=agency_ids).select_related("person")) if agency_ids else []
    hidden = Hidden(
        address_ids=frozenset(row.address_id for row in marked.residences),
        residence_ids=frozenset(row.pk for row in marked.residences),
        contact_point_ids=frozenset(row.pk for row in marked.contact_points),
        involvement_ids=frozenset(row.pk for row in marked.involvements),
        agency_ids=frozenset(agency_ids),
        post_ids=frozenset(post.pk for post in posts),
        person_ids=frozenset(post.person_id for post in posts),
        words=frozenset(_words(marked.residences, marked.contact_points, marked.involvements, posts)),
    )
    if not posts:
        return hidden
    return replace(hidden, words=hidden.words | names_alone(hidden, people_known_around(circle, agency_ids)))


def confidential_places(people: Iterable[int]) -> frozenset[str]:
    """Return the words of every confidential home, number and agency of these person ids, and no one's name.

    For a page that names who works with them, and says nowhere where.
    """
    marked = _confidential(set(people))
    return frozenset(_words(marked.residences, marked.contact_points, marked.involvements, ()))


def _confidential(circle: set[int]) -> Whereabouts:
    return Whereabouts(
        residences=list(
            Residence.objects.filter(person__in=circle, confidential=True)
            .select_related("person", "address")
            .prefetch_related("hidden_from")
            .order_by("pk")
        ),
        contact_points=list(
            ContactPoint.objects.filter(person__in=circle, confidential=True)
            .select_related("person")
            .prefetch_related("hidden_from")
            .order_by("pk")
        ),
        involvements=list(
            AgencyInvolvement.objects.filter(child__person__in=circle, confidential=True)
            .select_related("child__person", "agency", "post__person")
            .prefetch_related("hidden_from")
            .order_by("pk")
        ),
    )


# Higher apps add people who are known around the people of these ids: given persons' ids, each returns persons.
known_around: Hook[Callable[[Collection[int]], QuerySet[Any]]] = Hook()


def people_known_around(circle: Collection[int], agencies: Collection[int]) -> list[Person]:
    """Return with all their names and posts the people of these ids, and those known to work or meet with them.

    Those who work at one of ``agencies``, by id, are among them.
    """
    involved = AgencyInvolvement.objects.filter(child__person__in=circle, post__isnull=False)
    known = (
        Q(pk__in=circle)
        | Q(pk__in=Post.objects.filter(agency__in=agencies).values("person"))
        | Q(pk__in=involved.values("post__person"))
    )
    for listener in known_around:
        known |= Q(pk__in=listener(circle))
    return list(Person.objects.filter(known).select_related("user").prefetch_related("names", "posts__agency"))


def names_alone(hidden: Hidden, people: Iterable[Person], *, unless: Collection[int] = ()) -> frozenset[str]:
    """Return what points to one of the hidden people by itself: first name, last name, "Mr" with an initial.

    The site behind their mailbox is among it. What someone else among ``people`` or their agency bears too points
    to nobody; nor does a reader's own (``unless``, by id).
    """
    alone: set[str] = set()
    initials: set[str] = set()
    sites: set[str] = set()
    openly: set[str] = set()
    sites_of_others = set(SITES_OF_MANY)
    for person in people:
        every: list[Person | PersonName] = [person, *person.names.all()]
        mailboxes = [post.email for post in person.posts.all()] + ([person.user.email] if person.user else [])
        its_sites = {mailbox.rpartition("@")[2].lower() for mailbox in mailboxes}
        if person.pk not in hidden.person_ids:
            said = [f"{name.given_name} {name.family_name}" for name in every]
            said += [post.agency.name for post in person.posts.all()]
            openly.update(part for text in said for part in tokens(text))
            sites_of_others |= its_sites
        elif person.pk not in unless:
            for name in every:
                alone |= _parts(_without_title(name.given_name)) | _parts(name.family_name)
                initials.add(folded(name.family_name)[:1])
            sites |= its_sites
    alone = {name for name in alone if not set(tokens(name)) & openly}
    initials -= {name[0] for name in openly} | {""}
    return frozenset(alone | (sites - sites_of_others - {""}) | {f"Mr {initial.upper()}" for initial in initials})


def _without_title(given_name: str) -> str:
    """Return a first name without the title that stands before it, or in its place."""
    first, _, rest = given_name.partition(" ")
    return rest.strip() if folded(first).strip(".") in BEFORE_A_NAME else given_name


def _parts(name: str) -> set[str]:
    """Return a name, and what people shorten a double one to."""
    parts = name.replace("-", " ").split()
    return ({name} if name else set()) | {part for part in parts if len(parts) > 1 and len(part) >= SHORTEST_PART}


def hidden_whereabouts(*, recipients: Iterable[Person], children: Iterable[Child], on: datetime.date) -> Hidden:
    """Return what to leave out of a paper, page or calendar entry that all of ``recipients`` get.

    See ``AroundChildren.hidden_from``, which answers for one recipient after another without reading again.
    """
    return AroundChildren(children).hidden_from(recipients, on=on)


class AroundChildren:
    """Everything marked confidential around some children, read once for any number of recipients."""

    def __init__(self, children: Iterable[Child]) -> None:
        self.circle = circle_of(children)
        self.marked = _confidential(self.circle)

    def hidden_from(self, recipients: Iterable[Person], *, on: datetime.date) -> Hidden:
        """Return what to leave out of a paper, page or calendar entry that all of ``recipients`` get.

        A confidential row that names people is hidden from them; one that names no one is hidden from everyone
        in the family (a home or number from professionals too), except
        - the person it is about, and
        - those who live, on ``on``, at the same address as that person, where both of their rows are themselves
          marked confidential: a mother in a refuge reads her child's new school, a father still recorded at the
          old address does not.
        Merged records count as one person, whichever of them a row names and whichever receives the paper. An
        address hidden once is hidden for everyone recorded there; an agency hidden once is hidden for every
        child it knows, with all its posts and the people who hold them. Ended rows stay hidden.
        """
        recipients = list(recipients)
        homes = _confidential_homes(self.marked.residences, on=on)

        def spared(recipient: Person, owner: Person) -> bool:
            mine, theirs = _stands(recipient), _stands(owner)
            return mine == theirs or bool(homes.get(mine, set()) & homes.get(theirs, set()))

        def hides(row: Residence | ContactPoint | AgencyInvolvement, owner: Person) -> bool:
            named = {_stands(person) for person in row.hidden_from.all()}
            for recipient in recipients:
                if named and _stands(recipient) in named:
                    return True
                in_scope = {recipient.pk, _stands(recipient)} & self.circle or not isinstance(row, AgencyInvolvement)
                if not named and in_scope and not spared(recipient, owner):
                    return True
            return False

        own = {recipient.pk for recipient in recipients} if len(recipients) == 1 else set()
        residences = [row for row in self.marked.residences if hides(row, row.person)]
        points = [row for row in self.marked.contact_points if hides(row, row.person)]
        involvements = [row for row in self.marked.involvements if hides(row, row.child.person)]
        address_ids = {row.address_id for row in residences}
        agency_ids = {row.agency_id for row in involvements}
        posts = [post for post in self._posts if post.agency_id in agency_ids] if agency_ids else []
        return Hidden(
            address_ids=frozenset(address_ids),
            residence_ids=frozenset(
                {row.pk for row in residences}
                | {
                    pk
                    for pk, person_id, address_id in (self._residents if address_ids else ())
                    if address_id in address_ids and person_id not in own
                }
            ),
            contact_point_ids=frozenset(row.pk for row in points),
            involvement_ids=frozenset(
                pk for pk, agency_id in (self._known if agency_ids else ()) if agency_id in agency_ids
            ),
            agency_ids=frozenset(agency_ids),
            post_ids=frozenset(post.pk for post in posts),
            person_ids=frozenset(post.person_id for post in posts),
            words=frozenset(_words(residences, points, involvements, posts, unless=own)),
        )

    def names_alone(self, hidden: Hidden, recipients: Iterable[Person]) -> frozenset[str]:
        """Return what points to one of the hidden people by itself; see the function of this name."""
        if not hidden.person_ids:
            return frozenset()
        own = {recipient.pk for recipient in recipients}
        return names_alone(hidden, self._people, unless=own if len(own) == 1 else ())

    @cached_property
    def _people(self) -> list[Person]:
        return people_known_around(self.circle, self._agency_ids)

    @cached_property
    def _residents(self) -> list[tuple[int, int, int]]:
        """Return (residence, person, address) ids for everyone recorded at a marked address."""
        at_the_address = Residence.objects.filter(address__in={row.address_id for row in self.marked.residences})
        return list(at_the_address.values_list("pk", "person_id", "address_id"))

    @cached_property
    def _posts(self) -> list[Post]:
        return list(Post.objects.filter(agency__in=self._agency_ids).select_related("person"))

    @cached_property
    def _known(self) -> list[tuple[int, int]]:
        """Return (involvement, agency) ids for every child of the circle known to a marked agency."""
        known = AgencyInvolvement.objects.filter(agency__in=self._agency_ids, child__person__in=self.circle)
        return list(known.values_list("pk", "agency_id"))

    @property
    def _agency_ids(self) -> set[int]:
        return {row.agency_id for row in self.marked.involvements}


def _stands(person: Person) -> int:
    """Return the id of the record that stands for a person: the one theirs was merged into, else their own."""
    return person.merged_into_id or person.pk


def _confidential_homes(residences: Iterable[Residence], *, on: datetime.date) -> dict[int, set[int]]:
    """Return, by person id, the addresses where they live now under a row that is itself marked."""
    homes: dict[int, set[int]] = {}
    for row in residences:
        if row.is_current(on):
            homes.setdefault(_stands(row.person), set()).add(row.address_id)
    return homes


def _words(
    residences: Iterable[Residence],
    points: Iterable[ContactPoint],
    involvements: Iterable[AgencyInvolvement],
    posts: Iterable[Post],
    *,
    unless: Collection[int] = (),
) -> set[str]:
    """Return every text that reveals whereabouts; a reader's own title and name (``unless``, by id) reveal nothing."""
    words: set[str] = set()
    for residence in residences:
        words.update(line.strip() for line in residence.address.lines.splitlines())
        words.add(residence.address.postcode)
    words.update(point.value for point in points)
    for involvement in involvements:
        words.update((involvement.agency.name, involvement.agency.phone, involvement.phone_given))
        for address in (involvement.agency.address, involvement.address_given):
            words.update(line.strip() for line in address.splitlines())
    for post in posts:
        words.update((post.person.full_name, post.email, post.phone))
        if post.person.family_name and post.person_id not in unless:
            words.update(f"{title} {post.person.family_name}" for title in TITLES)
    return words - {""}
