"""Access rules and gatekeepers for cases."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from typing import Any, Literal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest

from accounts.access import open_row
from accounts.enums import CASE_ROLES, TEAM_ROLES, ReadKind, Role
from accounts.models import RoleAssignment, User
from accounts.readers import Reader, array_of
from accounts.rows_to_open import RowsToOpen
from accounts.rules import Condition, Rule, forget_compiled_rules
from families.access.own_people import BARRED_FAMILIES, OWN_PEOPLE, Pairs
from families.models import Allocation, BreakGlass, Family, FamilyMember, NamedForFamily, Person

To = Literal["read", "change", "manage", "name"]
# How the read log names the right under which a case was opened by break-glass.
BY_GLASS = "break-glass"
# Roles that may break the glass on a case that isn't theirs; never administrators, auditors or other agencies.
GLASS_ROLES = CASE_ROLES | {Role.DUTY_WORKER, Role.CUSTODIAN}


def glass_families(reader: Reader) -> ArraySubquery | None:
    """Return the ids of families the reader holds open by break-glass now; None where no role allows it."""
    authorities = reader.authority_ids(*GLASS_ROLES)
    if authorities is None:
        return None
    glasses = BreakGlass.objects.open(at=reader.now).filter(user=reader.pk, family__authority__one_of=authorities)
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
_leading: tuple[tuple[str, Condition], ...] = (
    ("named for the case", _named(Role.TEAM_MANAGER, Role.SERVICE_MANAGER)),
    ("team manager", _managed_team),
)
# Who manages the case itself, before the managers of the whole service.
FAMILY_LEAD_RULE = Rule(rights=_leading, never=_never)
FAMILY_MANAGE_RULE = Rule(rights=(*_leading, ("service manager", _service_managed_authority)), never=_never)


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
            lambda reader: Q(authority__one_of=found) if (found := reader.authority_ids(*GLASS_ROLES)) else None,
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


def page_name(request: HttpRequest) -> str:
    """Return the name of the address asked for, for the read log."""
    return request.resolver_match.view_name if request.resolver_match else ""


def _families() -> QuerySet[Family]:
    members = FamilyMember.objects.filter(family=OuterRef("pk")).order_by()
    return Family.objects.select_related("authority", "team").annotate(
        person_ids=ArraySubquery(members.values("person"))
    )


_FAMILIES = RowsToOpen(_families)


def access_family(request: HttpRequest, pk: int, *, to: To = "read", kind: ReadKind = ReadKind.PAGE) -> Family:
    """Return the family if the signed-in user may read it (or change, manage or name).

    ``to="change"``: the allocated social worker, social workers and the manager of the team, coordinators, and
    holders of a registered right that allows it. ``to="manage"``: the team's manager, service managers and,
    where the case is restricted, its named managers. ``to="name"``: the same, plus a service manager who broke
    the glass on a case with no named manager left. Raises SignInRequired or Http404.
    """
    return open_row(
        request,
        _FAMILIES,
        FAMILY_RULES[to],
        page=page_name(request),
        families=lambda family: [family.pk],
        persons=lambda family: family.person_ids,  # type: ignore[attr-defined]
        kind=kind,
        pk=pk,
    )
