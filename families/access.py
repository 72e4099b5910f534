"""Who may open which family, child and person: the rule, its set form and the gatekeepers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.access import Condition, Rule, open_row
from accounts.enums import ReadKind, Role
from accounts.models import User
from families.models import Allocation, Child, Family, FamilyMember, Person

To = Literal["read", "change", "manage"]


def _allocated(user: User) -> Q | None:
    """Families whose case the user holds today, as long as they still work in a team of that authority."""
    authorities = user.authority_ids(Role.SOCIAL_WORKER, Role.TEAM_MANAGER)
    if not authorities:
        return None
    held = Allocation.objects.current(on=timezone.localdate()).filter(user=user)
    return Q(authority__in=authorities, pk__in=held.values("family"))


def _managed_team(user: User) -> Q | None:
    teams = user.team_ids(Role.TEAM_MANAGER)
    return Q(team__in=teams) if teams else None


def _team(user: User) -> Q | None:
    teams = user.team_ids(Role.SOCIAL_WORKER)
    return Q(team__in=teams, restricted=False) if teams else None


def _coordinated_authority(user: User) -> Q | None:
    authorities = user.authority_ids(Role.COORDINATOR)
    return Q(authority__in=authorities, restricted=False) if authorities else None


def _service_managed_authority(user: User) -> Q | None:
    authorities = user.authority_ids(Role.SERVICE_MANAGER)
    return Q(authority__in=authorities) if authorities else None


def _own_person(user: User) -> QuerySet[Person, Any]:
    """The ids of the person behind the account, under each of their records."""
    persons = Person.objects.order_by()
    return (
        persons.filter(user=user)
        .values("pk")
        .union(
            persons.filter(merged_into__user=user).values("pk"),
            persons.filter(merged_from__user=user).values("pk"),
        )
    )


# From a user's own person to the families they belong to, each a path of its own so that an index leads it.
_TIES = (
    "person",
    "person__child__relationships__person",
    "person__child__responsibilities__person",
    "person__child__contact_risks__person",
    "person__child__pregnancy__mother",
)


def belonging() -> QuerySet[FamilyMember, Any]:
    """Every account with each family that the person behind it belongs to, as pairs of family id and user id.

    The same ties as those over which nobody opens a case, for all accounts at once.
    """
    members = FamilyMember.objects.order_by()
    accounts = [
        f"{path}__{record}" for path in _TIES for record in ("user", "merged_into__user", "merged_from__user")
    ]
    first, *others = (
        members.filter(**{f"{account}__isnull": False}).values_list("family_id", account)
        for account in accounts
    )
    return first.union(*others)


def _never(user: User) -> Q | None:
    """Nobody opens the case of people they belong to, nor a family all of whose children are sealed."""
    members = FamilyMember.objects.order_by()
    first, *others = (members.filter(**{f"{path}__in": _own_person(user)}).values("family") for path in _TIES)
    children = members.filter(family=OuterRef("pk"), person__child__isnull=False)
    sealed = Exists(children.filter(person__sealed_at__isnull=False))
    unsealed = Exists(children.filter(person__sealed_at__isnull=True))
    return Q(pk__in=first.union(*others)) | (Q(sealed) & ~Q(unsealed))


_changing: list[tuple[str, Condition]] = [
    ("allocated social worker", _allocated),
    ("team manager", _managed_team),
    ("social worker of the team", _team),
    ("coordinator", _coordinated_authority),
]
_reading: list[tuple[str, Condition]] = [*_changing, ("service manager", _service_managed_authority)]

FAMILY_RULE = Rule(rights=_reading, never=_never)
FAMILY_CHANGE_RULE = Rule(rights=_changing, never=_never)
FAMILY_MANAGE_RULE = Rule(
    rights=(("team manager", _managed_team), ("service manager", _service_managed_authority)), never=_never
)
FAMILY_RULES: dict[To, Rule] = {
    "read": FAMILY_RULE,
    "change": FAMILY_CHANGE_RULE,
    "manage": FAMILY_MANAGE_RULE,
}


def register_family_right(name: str, condition: Condition, *, may_change: bool = False) -> None:
    """Let a higher app open families for a reason of its own; called from ``AppConfig.ready``.

    ``condition`` takes a user and gives a Q over Family, or None. It has to be narrow: it also opens
    restricted families. Registering a name again replaces it.
    """
    for rights, wanted in ((_reading, True), (_changing, may_change)):
        rights[:] = [right for right in rights if right[0] != name]
        if wanted:
            rights.append((name, condition))


def visible_families(user: User) -> QuerySet[Family]:
    """Families the user may see, each with ``right``, the reason why."""
    return FAMILY_RULE.visible(Family.objects.all(), user)


def may_change_family(user: User, family: Family) -> bool:
    """Whether the user may change what is recorded about the family."""
    return FAMILY_CHANGE_RULE.right_of(user, family) is not None


def may_manage_family(user: User, family: Family) -> bool:
    """Whether the user decides about the case as its team's manager or a service manager."""
    return FAMILY_MANAGE_RULE.right_of(user, family) is not None


def may_change_families(user: User, families: Collection[Family]) -> set[int]:
    """The ids of those of ``families`` about which the user may change what is recorded."""
    rows = Family.objects.filter(pk__in=[family.pk for family in families])
    return set(FAMILY_CHANGE_RULE.visible(rows, user).values_list("pk", flat=True)) if families else set()


def _people_of(families: QuerySet[Family]) -> QuerySet[FamilyMember]:
    return FamilyMember.objects.current(on=timezone.localdate()).filter(family__in=families.values("pk"))


def _person_in_visible_family(user: User) -> Q:
    return Q(pk__in=_people_of(visible_families(user)).values("person"))


def _person_in_changeable_family(user: User) -> Q:
    families = FAMILY_CHANGE_RULE.visible(Family.objects.all(), user)
    return Q(pk__in=_people_of(families).values("person"))


def _unfindable_person(user: User) -> Q:
    return Q(sealed_at__isnull=False) | Q(merged_into__isnull=False) | Q(pk__in=_own_person(user))


PERSON_RULE = Rule(rights=(("member of a family", _person_in_visible_family),), never=_unfindable_person)
PERSON_CHANGE_RULE = Rule(
    rights=(("member of a family", _person_in_changeable_family),), never=_unfindable_person
)


def visible_persons(user: User) -> QuerySet[Person]:
    """People who belong today to a family the user may see; never themselves, sealed or merged records."""
    return PERSON_RULE.visible(Person.objects.all(), user)


def _child_of_visible_person(user: User) -> Q:
    return Q(person__in=visible_persons(user).values("pk"))


def _child_of_changeable_person(user: User) -> Q:
    return Q(person__in=PERSON_CHANGE_RULE.visible(Person.objects.all(), user).values("pk"))


CHILD_RULE = Rule(rights=(("child of a family", _child_of_visible_person),))
CHILD_CHANGE_RULE = Rule(rights=(("child of a family", _child_of_changeable_person),))


def _families_of_person(person_id: int) -> list[int]:
    return list(FamilyMember.objects.filter(person=person_id).values_list("family_id", flat=True))


def _page(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def access_family(
    request: HttpRequest, pk: int, *, to: To = "read", kind: ReadKind = ReadKind.PAGE
) -> Family:
    """The family, if the signed-in user may read it (or change what is recorded about it).

    Changing is for the social worker who holds the case, social workers and manager of the team,
    coordinators and those with a registered right that says so; managing for the team's manager and service
    managers. Raises SignInRequired or Http404.
    """
    return open_row(
        request,
        Family.objects.select_related("authority", "team"),
        FAMILY_RULES[to],
        page=_page(request),
        families=lambda family: [family.pk],
        persons=lambda family: family.members.values_list("person_id", flat=True),
        kind=kind,
        pk=pk,
    )


def access_person(request: HttpRequest, pk: int, *, to: To = "read") -> Person:
    """A person who belongs today to a family that the user may see. Raises as access_family does."""
    return open_row(
        request,
        Person.objects.select_related("authority", "child__pregnancy"),
        PERSON_CHANGE_RULE if to == "change" else PERSON_RULE,
        page=_page(request),
        families=lambda person: _families_of_person(person.pk),
        persons=lambda person: [person.pk],
        pk=pk,
    )


def access_child(request: HttpRequest, pk: int, *, to: To = "read") -> Child:
    """A child who belongs today to a family that the user may see. Raises as access_family does."""
    return open_row(
        request,
        Child.objects.select_related("authority", "person", "pregnancy__mother"),
        CHILD_CHANGE_RULE if to == "change" else CHILD_RULE,
        page=_page(request),
        families=lambda child: _families_of_person(child.person_id),
        persons=lambda child: [child.person_id],
        pk=pk,
    )
