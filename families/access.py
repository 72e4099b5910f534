"""Access rules and gatekeepers for families, children and persons."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from typing import Any, Literal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.http import HttpRequest

from accounts.access import open_row
from accounts.enums import CASE_ROLES, TEAM_ROLES, ReadKind, Role
from accounts.models import RoleAssignment, User
from accounts.request_cache import once_per_request
from accounts.rules import (
    CompiledQuery,
    Condition,
    Reader,
    Rule,
    array_of,
    forget_compiled_rules,
    ids_of_user,
)
from families.enums import MergeState
from families.models import (
    Allocation,
    BreakGlass,
    Child,
    ConflictOfInterest,
    Family,
    FamilyMember,
    NamedForFamily,
    Person,
    PersonMerge,
)

To = Literal["read", "change", "manage", "name"]
Pairs = QuerySet[Any, Any]
# How the read log names the right under which a case was opened by break-glass.
BY_GLASS = "break-glass"
# Roles that may break the glass on a case that isn't theirs; never administrators, auditors or other agencies.
GLASS_ROLES = CASE_ROLES | {Role.DUTY_WORKER, Role.CUSTODIAN}


def glass_families(reader: Reader) -> ArraySubquery | None:
    """Return the ids of families the reader holds open by break-glass now; None where no role allows it."""
    authorities = reader.authority_ids(*GLASS_ROLES)
    if authorities is None:
        return None
    glasses = BreakGlass.objects.open(at=reader.now).filter(
        user=reader.pk, family__authority__one_of=authorities
    )
    return array_of(glasses.values("family"))


def _by_glass(reader: Reader) -> Q | None:
    families = glass_families(reader)
    return None if families is None else Q(pk__one_of=families)


def _allocated(reader: Reader) -> Q | None:
    """Match families allocated to the reader today, while they still work in a team of that authority."""
    authorities = reader.authority_ids(Role.SOCIAL_WORKER, Role.TEAM_MANAGER)
    if authorities is None:
        return None
    held = Allocation.objects.current(on=reader.today).filter(user=reader.pk)
    return Q(authority__one_of=authorities, pk__one_of=array_of(held.values("family")))


def named_families(reader: Reader, *roles: Role) -> ArraySubquery | None:
    """Return the ids of families for which the reader is named today, given one of ``roles`` in its council."""
    authorities = reader.authority_ids(*roles)
    if authorities is None:
        return None
    named = NamedForFamily.objects.current(on=reader.today).filter(
        user=reader.pk, family__authority__one_of=authorities
    )
    return array_of(named.values("family"))


def _named(*roles: Role) -> Condition:
    def condition(reader: Reader) -> Q | None:
        families = named_families(reader, *roles)
        return None if families is None else Q(pk__one_of=families)

    return condition


def _managed_team(reader: Reader) -> Q | None:
    teams = reader.team_ids(Role.TEAM_MANAGER)
    return None if teams is None else Q(team__one_of=teams, restricted=False)


def _team(reader: Reader) -> Q | None:
    teams = reader.team_ids(Role.SOCIAL_WORKER)
    return None if teams is None else Q(team__one_of=teams, restricted=False)


def _coordinated_authority(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.COORDINATOR)
    return None if authorities is None else Q(authority__one_of=authorities, restricted=False)


def _service_managed_authority(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.SERVICE_MANAGER)
    return None if authorities is None else Q(authority__one_of=authorities, restricted=False)


# Paths from a person to the families they belong to, each separate so that it can use an index.
_TIES = (
    "person",
    "person__child__relationships__person",
    "person__child__responsibilities__person",
    "person__child__contact_risks__person",
    "person__child__pregnancy__mother",
)
# Paths to the families of close relatives: the parents of their children, the children of their parents, and those
# they live with now.
_FURTHER_TIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("person__relationships__child__person", {}),
    ("person__relationships__child__relationships__person", {}),
    (
        "person__residences__address__residences__person",
        {
            "person__residences__ends_on__isnull": True,
            "person__residences__address__residences__ends_on__isnull": True,
        },
    ),
)
_RECORDS = ("", "merged_into__", "merged_from__")


def belonging() -> Pairs:
    """Return (family id, user id) pairs for every family that an account may never open.

    The set form of ``barred_families``: the same ties, for all accounts at once.
    """
    members = FamilyMember.objects.order_by()
    paths: list[tuple[str, dict[str, Any]]] = [
        (f"{path}__{record}user", extra)
        for path, extra in (*((path, {}) for path in _TIES), *_FURTHER_TIES)
        for record in _RECORDS
    ]
    paths += [
        (f"{path}__{record}conflicts__user", {f"{path}__{record}conflicts__ended_at__isnull": True})
        for path in _TIES
        for record in _RECORDS
    ]
    declared = ConflictOfInterest.objects.in_force().filter(family__isnull=False).order_by()
    return declared.values_list("family_id", "user").union(
        *(
            members.filter(**{f"{account}__isnull": False, **extra}).values_list("family_id", account)
            for account, extra in paths
        )
    )


def _records(reader: Reader) -> QuerySet[Any, Any]:
    """Return ids of the account's own person records, and of people and families it declared a conflict with."""
    persons = Person.objects.order_by()
    conflicts = ConflictOfInterest.objects.in_force().filter(user=reader.pk).order_by()
    own = [(persons.filter(**{f"{record}user": reader.pk}), "own", "pk") for record in _RECORDS]
    declared = [
        (conflicts.filter(**{f"{path}__isnull": False}), "declared", path)
        for path in ("person", "person__merged_into", "person__merged_from")
    ]
    found = [*own, *declared, (conflicts.filter(family__isnull=False), "family", "family")]
    first, *others = (rows.values_list(Value(kind), path) for rows, kind, path in found)
    return first.union(*others)


def _tied_families(_reader: Reader) -> QuerySet[Any, Any]:
    """Return the families of the account's own records and of people with whom it declared a conflict."""
    members = FamilyMember.objects.order_by()
    ties: list[tuple[str, Any, dict[str, Any]]] = [
        (path, people, {}) for people in (OWN_RECORDS, DECLARED_RECORDS) for path in _TIES
    ]
    ties += [(path, OWN_RECORDS, extra) for path, extra in _FURTHER_TIES]
    first, *others = (
        members.filter(**{f"{path}__one_of": people, **extra}).values_list("family")
        for path, people, extra in ties
    )
    return first.union(*others)


_ask_records, _ask_tied_families = CompiledQuery(_records), CompiledQuery(_tied_families)


def _records_of(user: User) -> dict[str, list[int]]:
    """Return the account's own and declared records by kind, usually none or one of each; cached for the request."""

    def ask() -> dict[str, list[int]]:
        found: dict[str, list[int]] = {"own": [], "declared": [], "family": []}
        for kind, pk in _ask_records.rows(user):
            found[kind].append(pk)
        return found

    return once_per_request(("records", user.pk), ask)


def own_people(user: User) -> list[int]:
    """Return the ids of the account holder's own records and of people with whom they declared a conflict."""
    records = _records_of(user)
    return [*records["own"], *records["declared"]]


def barred_families(user: User) -> list[int]:
    """Return the ids of families the user may never open: their own, or with a declared conflict.

    Only a handful, even for someone with a large family.
    """

    def ask() -> list[int]:
        records = _records_of(user)
        is_tied = records["own"] or records["declared"]
        tied = [pk for (pk,) in _ask_tied_families.rows(user)] if is_tied else []
        return [*records["family"], *tied]

    return once_per_request(("barred families", user.pk), ask)


# The same ids as query parameters, compared with ``__one_of`` in conditions.
OWN_RECORDS = ids_of_user("own records", lambda user: _records_of(user)["own"])
DECLARED_RECORDS = ids_of_user("declared records", lambda user: _records_of(user)["declared"])
OWN_PEOPLE = ids_of_user("own people", own_people)
BARRED_FAMILIES = ids_of_user("barred families", barred_families)


def sealed_families() -> QuerySet[Any, Any]:
    """Return the ids of families whose children are all sealed, starting from the few sealed records."""
    children = FamilyMember.objects.order_by().filter(person__child__isnull=False)
    others = children.filter(family=OuterRef("family"), person__sealed_at__isnull=True)
    return children.filter(~Exists(others), person__sealed_at__isnull=False).values("family")


def _never(_reader: Reader) -> Q:
    """Match cases the reader may never open: their own people's, disposed ones, and those with all children sealed."""
    return Q(pk__one_of=BARRED_FAMILIES) | Q(disposed_at__isnull=False) | Q(pk__in=sealed_families())


# No role by itself opens a restricted case. It opens to the allocated worker, to those named for it, to holders of a
# post in its conference or plan (registered by the apps above), and by break-glass.
_changing: list[tuple[str, Condition]] = [
    ("allocated social worker", _allocated),
    ("named for the case", _named(*TEAM_ROLES, Role.COORDINATOR)),
    ("team manager", _managed_team),
    ("social worker of the team", _team),
    ("coordinator", _coordinated_authority),
]
# Listed first, so that a read under break-glass is logged as such whatever else would open the case.
_reading: list[tuple[str, Condition]] = [
    (BY_GLASS, _by_glass),
    *_changing,
    ("named to read the case", _named(*CASE_ROLES)),
    ("service manager", _service_managed_authority),
]

FAMILY_RULE = Rule(rights=_reading, never=_never)
FAMILY_CHANGE_RULE = Rule(rights=_changing, never=_never)
FAMILY_MANAGE_RULE = Rule(
    rights=(
        ("named for the case", _named(Role.TEAM_MANAGER, Role.SERVICE_MANAGER)),
        ("team manager", _managed_team),
        ("service manager", _service_managed_authority),
    ),
    never=_never,
)


def _left_without_manager(reader: Reader) -> Q | None:
    """Match restricted cases a service manager holds open by break-glass because no named manager is left."""
    families = glass_families(reader)
    authorities = reader.authority_ids(Role.SERVICE_MANAGER)
    if families is None or authorities is None:
        return None
    managers = NamedForFamily.objects.current(on=reader.today).filter(
        family=OuterRef("pk"),
        user__is_active=True,
        user__roles__in=RoleAssignment.objects.current(on=reader.today).filter(
            role__in=(Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
        ),
        user__roles__authority=F("family__authority"),
    )
    return Q(pk__one_of=families, authority__one_of=authorities, restricted=True) & ~Q(Exists(managers))


# Who decides who may open a case: its managers or, where none is left, a service manager who broke the glass.
FAMILY_NAME_RULE = Rule(rights=(*FAMILY_MANAGE_RULE.rights, (BY_GLASS, _left_without_manager)), never=_never)
# Cases a user could break the glass on: all in their council except those they may never open.
GLASS_RULE = Rule(
    rights=(
        (
            "may break the glass",
            lambda reader: (
                Q(authority__one_of=found) if (found := reader.authority_ids(*GLASS_ROLES)) else None
            ),
        ),
    ),
    never=_never,
)
FAMILY_RULES: dict[To, Rule] = {
    "read": FAMILY_RULE,
    "change": FAMILY_CHANGE_RULE,
    "manage": FAMILY_MANAGE_RULE,
    "name": FAMILY_NAME_RULE,
}


def register_family_right(name: str, condition: Condition, *, may_change: bool = False) -> None:
    """Let a higher app open families for a reason of its own; called from ``AppConfig.ready``.

    ``condition`` takes a reader and returns a Q over Family, or None. Keep it narrow: it also opens restricted
    families. Registering a name again replaces it.
    """
    forget_compiled_rules()
    for rights, wanted in ((_reading, True), (_changing, may_change)):
        rights[:] = [right for right in rights if right[0] != name]
        if wanted:
            rights.append((name, condition))


_knowing: list[Callable[[datetime.date], Pairs]] = []


def register_named(pairs: Callable[[datetime.date], Pairs]) -> None:
    """Register who knows of restricted cases through a post in a higher app; called from ``AppConfig.ready``.

    ``pairs`` takes a day and returns (family id, user id) pairs, for restricted families only.
    """
    if pairs not in _knowing:
        _knowing.append(pairs)


def knowing(*, on: datetime.date) -> Pairs:
    """Return (family id, user id) pairs of those who may be told of each restricted case on a day.

    Includes everyone to whom a restricted case opens other than by break-glass. Those who may never open it are
    not removed here; ``belonging`` does that.
    """
    roles = RoleAssignment.objects.current(on=on)
    held = Allocation.objects.current(on=on).filter(
        family__restricted=True,
        user__roles__in=roles.filter(role__in=TEAM_ROLES),
        user__roles__authority=F("family__authority"),
    )
    named = NamedForFamily.objects.current(on=on).filter(
        family__restricted=True,
        user__roles__in=roles.filter(role__in=CASE_ROLES),
        user__roles__authority=F("family__authority"),
    )
    first, *others = (rows.order_by().values_list("family_id", "user_id") for rows in (held, named))
    return first.union(*others, *(pairs(on).order_by() for pairs in _knowing))


def hidden_restricted(user: User, *, authority_id: int) -> list[int]:
    """Return the ids of a council's restricted cases closed to the user, to leave out of the figures they read."""
    restricted = Family.objects.filter(authority=authority_id, restricted=True)
    visible = visible_families(user).filter(restricted=True, authority=authority_id)
    return list(restricted.exclude(pk__in=visible.values("pk")).values_list("pk", flat=True))


def messages_of_closed_cases(reader: Reader) -> Q:
    """Match messages about cases closed to the reader, or to people of such cases, for the outbox.

    Each part covers few rows: restricted cases, the reader's own people, disposed cases and sealed people.
    """
    families = Family.objects.order_by()
    open_to_reader = visible_families(reader).filter(restricted=True)
    restricted = families.filter(restricted=True).exclude(pk__in=open_to_reader.values("pk"))
    sealed = Person.objects.order_by().filter(sealed_at__isnull=False)
    members = FamilyMember.objects.order_by()
    found = Q(person_id__in=sealed.values("pk")) | Q(person_id__one_of=OWN_PEOPLE)
    for name, rows in (
        ("in", restricted.values("pk")),
        ("in", families.filter(disposed_at__isnull=False).values("pk")),
        ("one_of", BARRED_FAMILIES),
    ):
        people = members.filter(**{f"family_id__{name}": rows}).values("person")
        found |= Q(**{f"family_id__{name}": rows})
        found |= Q(person_id__in=people, family_id__isnull=True)
    return found


def visible_families(who: User | Reader) -> QuerySet[Family]:
    """Return the families the user may see, each annotated with ``right``, the reason why."""
    return FAMILY_RULE.visible(Family.objects.all(), who)


def may_change_family(user: User, family: Family) -> bool:
    """Return whether the user may change what is recorded about the family."""
    return FAMILY_CHANGE_RULE.right_of(user, family) is not None


def may_manage_family(user: User, family: Family) -> bool:
    """Return whether the user decides about the case, as its team's manager or a service manager."""
    return FAMILY_MANAGE_RULE.right_of(user, family) is not None


def may_decide_who_opens(user: User, family: Family) -> bool:
    """Return whether the user may restrict the case and name who can open it."""
    return FAMILY_NAME_RULE.right_of(user, family) is not None


def may_change_families(user: User, families: Collection[Family]) -> set[int]:
    """Return the ids of those of ``families`` whose records the user may change."""
    rows = Family.objects.filter(pk__in=[family.pk for family in families])
    return set(FAMILY_CHANGE_RULE.visible(rows, user).values_list("pk", flat=True)) if families else set()


def _people_of(families: QuerySet[Family], reader: Reader) -> QuerySet[FamilyMember]:
    return FamilyMember.objects.current(on=reader.today).filter(family__in=families.values("pk"))


def _person_in_visible_family(reader: Reader) -> Q:
    return Q(pk__in=_people_of(visible_families(reader), reader).values("person"))


def _person_in_changeable_family(reader: Reader) -> Q:
    families = FAMILY_CHANGE_RULE.visible(Family.objects.all(), reader)
    return Q(pk__in=_people_of(families, reader).values("person"))


def _unfindable_person(_reader: Reader) -> Q:
    return Q(sealed_at__isnull=False) | Q(merged_into__isnull=False) | Q(pk__one_of=OWN_PEOPLE)


PERSON_RULE = Rule(rights=(("member of a family", _person_in_visible_family),), never=_unfindable_person)
PERSON_CHANGE_RULE = Rule(
    rights=(("member of a family", _person_in_changeable_family),), never=_unfindable_person
)


def visible_persons(who: User | Reader) -> QuerySet[Person]:
    """Return today's members of families the user may see; never the user, sealed or merged records."""
    return PERSON_RULE.visible(Person.objects.all(), who)


def _child_of_visible_person(reader: Reader) -> Q:
    return Q(person__in=visible_persons(reader).values("pk"))


def _child_of_changeable_person(reader: Reader) -> Q:
    return Q(person__in=PERSON_CHANGE_RULE.visible(Person.objects.all(), reader).values("pk"))


CHILD_RULE = Rule(rights=(("child of a family", _child_of_visible_person),))
CHILD_CHANGE_RULE = Rule(rights=(("child of a family", _child_of_changeable_person),))


def _families_of_person(person_id: int) -> list[int]:
    return list(FamilyMember.objects.filter(person=person_id).values_list("family_id", flat=True))


def _page(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def access_family(
    request: HttpRequest, pk: int, *, to: To = "read", kind: ReadKind = ReadKind.PAGE
) -> Family:
    """Return the family if the signed-in user may read it (or change, manage or name).

    ``to="change"``: the allocated social worker, social workers and the manager of the team, coordinators, and
    holders of a registered right that allows it. ``to="manage"``: the team's manager, service managers and,
    where the case is restricted, its named managers. ``to="name"``: the same, plus a service manager who broke
    the glass on a case with no named manager left. Raises SignInRequired or Http404.
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
    """Return a current member of a family the user may see. Raises as access_family does."""
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
    """Return a child who is currently in a family the user may see. Raises as access_family does."""
    return open_row(
        request,
        Child.objects.select_related("authority", "person", "pregnancy__mother"),
        CHILD_CHANGE_RULE if to == "change" else CHILD_RULE,
        page=_page(request),
        families=lambda child: _families_of_person(child.person_id),
        persons=lambda child: [child.person_id],
        pk=pk,
    )


def access_to_break_glass(request: HttpRequest, pk: int) -> Family:
    """Return a case of the user's council that they could break the glass on. Raises as access_family does.

    It reveals only that the case exists: nothing from the row may be shown before the glass is broken.
    """
    return open_row(
        request,
        Family.objects.select_related("authority"),
        GLASS_RULE,
        page=_page(request),
        families=lambda family: [family.pk],
        pk=pk,
    )


def _glass_of_service(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.SERVICE_MANAGER)
    return None if authorities is None else Q(family__authority__one_of=authorities)


def _glass_of_own_people(_reader: Reader) -> Q:
    return Q(family__one_of=BARRED_FAMILIES)


GLASS_REVIEW_RULE = Rule(rights=(("service manager", _glass_of_service),), never=_glass_of_own_people)


def access_glass(request: HttpRequest, pk: int) -> BreakGlass:
    """Return a break-glass opening in the service manager's council. Raises as access_family does."""
    return open_row(
        request,
        BreakGlass.objects.select_related("family__authority", "user", "reviewed_by"),
        GLASS_REVIEW_RULE,
        page=_page(request),
        families=lambda glass: [glass.family_id],
        pk=pk,
    )


# Roles that may agree that two records are one person, or separate them again.
MAY_SETTLE_MERGES = (Role.TEAM_MANAGER, Role.COORDINATOR, Role.SERVICE_MANAGER)


def _both_records_visible(reader: Reader) -> Q | None:
    """Match merges where both records are open to the reader; once merged, the kept record stands for both."""
    if not reader.holds(*CASE_ROLES):
        return None
    persons = visible_persons(reader).values("pk")
    return Q(kept__in=persons) & (Q(merged__in=persons) | Q(state=MergeState.AGREED, merged__sealed_at=None))


def _settled_by_role(reader: Reader) -> Q | None:
    return _both_records_visible(reader) if reader.holds(*MAY_SETTLE_MERGES) else None


MERGE_RULE = Rule(rights=(("both records are open", _both_records_visible),))
MERGE_SETTLE_RULE = Rule(rights=(("both records are open", _settled_by_role),))


def open_merges(user: User) -> QuerySet[PersonMerge]:
    """Return the merges whose records are open to the user."""
    return MERGE_RULE.visible(PersonMerge.objects.all(), user)


def access_merge(request: HttpRequest, pk: int, *, to: Literal["read", "settle"] = "read") -> PersonMerge:
    """Return a proposed or settled merge, both records open to the user. Raises as access_family does."""
    return open_row(
        request,
        PersonMerge.objects.select_related(
            "kept", "merged", "proposed_by", "settled_by", "undone_by", "undo_asked_by"
        ),
        MERGE_SETTLE_RULE if to == "settle" else MERGE_RULE,
        page=_page(request),
        families=lambda merge: {*_families_of_person(merge.kept_id), *_families_of_person(merge.merged_id)},
        persons=lambda merge: [merge.kept_id, merge.merged_id],
        pk=pk,
    )
