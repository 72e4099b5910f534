"""Who may open a case and why, who never may, and who opened it by break-glass."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, When

from accounts.audit.apart import without_apart
from accounts.enums import CASE_ROLES, ReadKind
from accounts.models import AccessEvent, RoleAssignment, User
from families.access import GLASS_ROLES, barred_families, visible_families
from families.models import BreakGlass, ConflictOfInterest, Family, FamilyMember, NamedForFamily, Restriction
from families.selectors.people import current_allocations


@dataclass(frozen=True)
class WhoMayOpen:
    """What a case's managers see about who may open it."""

    restriction: Restriction | None
    named: Sequence[NamedForFamily]
    holders: Sequence[str]
    conflicts: Sequence[ConflictOfInterest]
    glasses: Sequence[BreakGlass]
    earlier: Sequence[Restriction]


def who_may_open(family: Family, *, on: datetime.date) -> WhoMayOpen:
    """Return everything decided about access to one case, in five queries however many people there are."""
    restrictions = list(Restriction.objects.filter(family=family).select_related("restricted_by", "lifted_by"))
    named = NamedForFamily.objects.current(on=on).filter(family=family)
    return WhoMayOpen(
        restriction=next((row for row in restrictions if row.lifted_at is None), None),
        named=list(named.select_related("user", "named_by").order_by("user__name", "pk")),
        holders=[row.user.name for row in current_allocations([family.pk], on=on)],
        conflicts=list(conflicts_of(family)),
        glasses=list(BreakGlass.objects.filter(family=family).select_related("user", "reviewed_by")[:20]),
        earlier=[row for row in restrictions if row.lifted_at is not None],
    )


def conflicts_of(family: Family) -> QuerySet[ConflictOfInterest]:
    """Return conflicts of interest in force with the family or one of its members."""
    members = FamilyMember.objects.filter(family=family).values("person")
    rows: QuerySet[ConflictOfInterest] = ConflictOfInterest.objects.in_force()
    return rows.filter(Q(family=family) | Q(person__in=members)).select_related("user", "declared_by", "person")


def may_be_named(family: Family, *, on: datetime.date) -> QuerySet[User]:
    """Return active users with a case role in the family's council who are not yet named for it, by name."""
    held = RoleAssignment.objects.current(on=on).filter(authority=family.authority_id, role__in=CASE_ROLES)
    named = NamedForFamily.objects.current(on=on).filter(family=family)
    users = User.objects.filter(is_active=True, pk__in=held.values("user"))
    return users.exclude(pk__in=named.values("user")).order_by("name", "pk")


def may_conflict(family: Family, *, on: datetime.date) -> QuerySet[User]:
    """Return active users who could come across the case, by name."""
    held = RoleAssignment.objects.current(on=on).filter(authority=family.authority_id, role__in=GLASS_ROLES)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk")


def open_glass(user: User, family: Family, *, now: datetime.datetime) -> BreakGlass | None:
    """Return the break-glass under which the user reads the case now, if any."""
    found: BreakGlass | None = BreakGlass.objects.open(at=now).filter(user=user, family=family).order_by("pk").first()
    return found


def glasses_to_see(user: User, *, authority_ids: Sequence[int]) -> QuerySet[BreakGlass]:
    """Return the councils' break-glass openings, except in families barred to the user; unreviewed first."""
    rows: QuerySet[BreakGlass] = BreakGlass.objects.filter(family__authority__in=authority_ids)
    return (
        rows.exclude(family__in=barred_families(user))
        .select_related("user", "family", "reviewed_by")
        .order_by(Case(When(reviewed_at=None, then=0), default=1), "-opened_at", "-pk")
    )


def read_under(glass: BreakGlass) -> QuerySet[AccessEvent]:
    """Return what was read of the case while the glass was broken, oldest first: pages, PDFs and searches alike."""
    read = AccessEvent.objects.filter(
        user=glass.user_id, at__gte=glass.opened_at, at__lt=glass.closes_at, family_ids__contains=[glass.family_id]
    )
    return without_apart(read).exclude(kind=ReadKind.REFUSED).order_by("at", "pk")


def named_to(user: User, glasses: Sequence[BreakGlass]) -> set[int]:
    """Return the ids of families whose case number the user may read."""
    ids = [glass.family_id for glass in glasses]
    return set(visible_families(user).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
