"""Access rules for plans: whoever may open the child's family, and the key worker."""

from __future__ import annotations

import datetime
from typing import Any, Literal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull
from django.http import HttpRequest

from accounts.access import open_row
from accounts.enums import TEAM_ROLES, Role
from accounts.models import RoleAssignment, User
from accounts.readers import Reader, array_of
from accounts.rows_to_open import RowsToOpen
from accounts.rules import Rule
from families.access import (
    BARRED_FAMILIES,
    BY_GLASS,
    FAMILY_CHANGE_RULE,
    FAMILY_RULE,
    OWN_PEOPLE,
    glass_families,
    visible_families,
)
from families.models import Child, Family, FamilyMember
from plans.models import KeyWorker, Plan

To = Literal["read", "carry"]


def _children_of(families: QuerySet[Family], reader: Reader) -> Q:
    """Match plans of children who currently belong to ``families``."""
    members = FamilyMember.objects.current(on=reader.today).filter(family__in=families.values("pk"))
    return Q(Exists(members.filter(person__child=OuterRef("child"))))


def _key_worker(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.SOCIAL_WORKER, Role.TEAM_MANAGER)
    if authorities is None:
        return None
    carried = KeyWorker.objects.filter(user=reader.pk, ends_on__isnull=True)
    return Q(authority__one_of=authorities, pk__one_of=array_of(carried.values("plan")))


def _by_glass(reader: Reader) -> Q | None:
    families = glass_families(reader)
    return None if families is None else _children_of(Family.objects.filter(pk__one_of=families), reader)


def families_carried(reader: Reader) -> Q | None:
    """Match families of children whose key worker is the reader; registered with ``families.access``."""
    condition = _key_worker(reader)
    if condition is None:
        return None
    plans = Plan.objects.filter(condition, ends_on__isnull=True)
    members = FamilyMember.objects.current(on=reader.today).filter(person__child__in=plans.values("child"))
    return Q(pk__one_of=array_of(members.values("family")), authority__one_of=reader.authority_ids(*TEAM_ROLES))


def know_restricted(on: datetime.date) -> QuerySet[Any, Any]:
    """Return the key workers of children in restricted cases; registered with ``families.access``."""
    roles = RoleAssignment.objects.current(on=on).filter(role__in=TEAM_ROLES)
    members = FamilyMember.objects.current(on=on).filter(
        family__restricted=True,
        person__child__plans__ends_on__isnull=True,
        person__child__plans__key_workers__ends_on__isnull=True,
        person__child__plans__key_workers__user__roles__in=roles,
        person__child__plans__key_workers__user__roles__authority=F("family__authority"),
    )
    pairs: QuerySet[Any, Any] = members.order_by().values_list(
        "family_id", "person__child__plans__key_workers__user_id"
    )
    return pairs


def _of_visible_family(reader: Reader) -> Q:
    return _children_of(visible_families(reader), reader)


def _of_visible_family_or_by_glass(reader: Reader) -> Q | None:
    """Match plans open through the family or by break-glass, row by row.

    The database may then start with the newest and stop at the end of a page. As ``EXISTS`` it would find every
    child of the council first.
    """
    visible, glass = FAMILY_RULE.condition(Family, reader), glass_families(reader)
    if visible is None:
        return None if glass is None else _by_glass(reader)
    families = Family.objects.filter(visible if glass is None else visible | Q(pk__one_of=glass))
    members = FamilyMember.objects.current(on=reader.today).filter(family__in=families.values("pk"))
    member = members.filter(person__child=OuterRef("child")).order_by().values("pk")[:1]
    return Q(IsNull(Subquery(member), False))


def _of_changeable_family(reader: Reader) -> Q | None:
    if not reader.holds(Role.SOCIAL_WORKER, Role.TEAM_MANAGER):
        return None
    return _children_of(FAMILY_CHANGE_RULE.visible(Family.objects.all(), reader), reader)


def _never(reader: Reader) -> Q:
    """Match plans of sealed children, of the reader's own people, and of children in families barred to them."""
    children = Child.objects.filter(pk=OuterRef("child"))
    return (
        Q(Exists(children.filter(person__sealed_at__isnull=False)))
        | Q(Exists(children.filter(person__one_of=OWN_PEOPLE)))
        | _children_of(Family.objects.filter(pk__one_of=BARRED_FAMILIES), reader)
    )


PLAN_RULE = Rule(
    rights=((BY_GLASS, _by_glass), ("key worker", _key_worker), ("family of the child", _of_visible_family)),
    never=_never,
    by_union=True,
    opens=(_key_worker, _of_visible_family_or_by_glass),
)
PLAN_CARRY_RULE = Rule(
    rights=(("key worker", _key_worker), ("team of the family", _of_changeable_family)), never=_never, by_union=True
)


def is_barred_from(user: User, plan: Plan) -> bool:
    """Return whether no right can open the plan to the user: their own people, or a declared conflict."""
    return PLAN_RULE.barred(Plan.objects.filter(pk=plan.pk), user).exists()


def visible_plans(who: User | Reader) -> QuerySet[Plan]:
    """Return the plans the user may see, each annotated with ``right``, the reason why."""
    return PLAN_RULE.visible(Plan.objects.all(), who)


def _plans() -> QuerySet[Plan]:
    members = FamilyMember.objects.filter(person=OuterRef("child__person")).order_by()
    return Plan.objects.select_related("authority", "child__person", "child__pregnancy").annotate(
        family_ids=ArraySubquery(members.values("family"))
    )


_PLANS = RowsToOpen(_plans)


def access_plan(request: HttpRequest, pk: int, *, to: To = "read") -> Plan:
    """Return the plan, if the signed-in user may read it, or ``carry`` it: record visits and progress.

    Carrying is for the key worker and for social workers and managers who may change the family. Raises
    SignInRequired or Http404, and logs the read.
    """
    return open_row(
        request,
        _PLANS,
        PLAN_CARRY_RULE if to == "carry" else PLAN_RULE,
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda plan: plan.family_ids,  # type: ignore[attr-defined]
        persons=lambda plan: [plan.child.person_id],
        pk=pk,
    )
