"""Access rules for core groups: whoever may open the family, and members while they belong to the group."""

from __future__ import annotations

from typing import Literal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from accounts.access import open_row
from accounts.enums import ReadKind, Role
from accounts.models import User
from accounts.readers import Reader, array_of
from accounts.rows_to_open import RowsToOpen
from accounts.rules import Rule
from conferences.access import RULES as CONFERENCE_RULES
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from core_groups.models import CoreGroup, CoreGroupMember
from families.access import (
    BARRED_FAMILIES,
    BY_GLASS,
    FAMILY_CHANGE_RULE,
    FAMILY_MANAGE_RULE,
    glass_families,
    visible_families,
)
from families.models import Allocation, Family

To = Literal["read", "past", "record", "plan", "decide who meets", "act for safety"]
# The right of professionals of other agencies, whose page shows only their own part.
AS_MEMBER = "member of the core group"
CHAIR_AT_THE_CONFERENCE = "chair at the conference"


def _by_glass(reader: Reader) -> Q | None:
    families = glass_families(reader)
    return None if families is None else Q(family__one_of=families)


def _never(_reader: Reader) -> Q:
    """Match core groups of families barred to the reader, member or not."""
    return Q(family__one_of=BARRED_FAMILIES)


def _of_visible_family(reader: Reader) -> Q:
    return Q(Exists(visible_families(reader).filter(pk=OuterRef("family"))))


def _member(reader: Reader) -> Q | None:
    """Match the core groups of professionals of other agencies, until they leave or their plans end."""
    authorities = reader.authority_ids(Role.PROFESSIONAL)
    if authorities is None:
        return None
    own = CoreGroupMember.objects.current(on=reader.today).filter(
        Q(post__isnull=True) | Q(post__ends_on__isnull=True) | Q(post__ends_on__gt=reader.today), person__user=reader.pk
    )
    return Q(
        authority__one_of=authorities,
        ended_on__isnull=True,
        pk__one_of=array_of(own.filter(in_it_for_an_open_plan()).values("core_group")),
    )


def in_it_for_an_open_plan() -> Q:
    """Match members for whose plans the group goes on; a member for whom none is named is in it for all."""
    carried = CoreGroup.plans.through.objects.filter(plan__ends_on__isnull=True)
    links = CoreGroupMember.plans.through.objects.filter(coregroupmember=OuterRef("pk"))
    return Q(Exists(links.filter(plan__ends_on__isnull=True))) | (
        ~Q(Exists(links)) & Q(core_group__in=carried.values("coregroup"))
    )


def _of_changeable_family(reader: Reader) -> Q:
    changeable = FAMILY_CHANGE_RULE.visible(Family.objects.all(), reader)
    return Q(Exists(changeable.filter(pk=OuterRef("family"))))


def _of_managed_family(reader: Reader) -> Q:
    managed = FAMILY_MANAGE_RULE.visible(Family.objects.all(), reader)
    return Q(Exists(managed.filter(pk=OuterRef("family"))))


def conferences_now() -> QuerySet[Conference]:
    """Return the conferences in session, at which the chair decides."""
    return Conference.objects.filter(status=ConferenceStatus.OPEN)


def _chaired_now(reader: Reader) -> Q:
    chaired = CONFERENCE_RULES["chair"].visible(conferences_now(), reader)
    about = CoreGroup.plans.through.objects.filter(plan__child__conferences__conference__in=chaired.values("pk"))
    return Q(pk__one_of=array_of(about.values("coregroup")))


_FAMILYS_WORKERS = ((BY_GLASS, _by_glass), ("family", _of_visible_family))
CORE_GROUP_RULE = Rule(rights=(*_FAMILYS_WORKERS, (AS_MEMBER, _member)), never=_never)
# A member sees their own plans and the meetings since they joined; the group's history covers every sibling.
CORE_GROUP_PAST_RULE = Rule(rights=_FAMILYS_WORKERS, never=_never)
CORE_GROUP_RECORD_RULE = Rule(rights=(("family", _of_changeable_family), (AS_MEMBER, _member)), never=_never)
# A member records what was held; times and places, which differ for whoever is apart, are the family's workers'.
CORE_GROUP_PLAN_RULE = Rule(rights=(("family", _of_changeable_family),), never=_never)
# Who must not meet is decided by the chair at a conference about one of the children, and by managers at any time.
CORE_GROUP_APART_RULE = Rule(
    rights=((CHAIR_AT_THE_CONFERENCE, _chaired_now), ("manager of the family", _of_managed_family)), never=_never
)


def _carries(reader: Reader) -> Q:
    """Match the core groups of whose plans the reader is the key worker, in families that they may open."""
    carried = CoreGroup.plans.through.objects.filter(
        plan__key_workers__user=reader.pk, plan__key_workers__ends_on__isnull=True
    )
    return Q(pk__one_of=array_of(carried.values("coregroup"))) & _of_visible_family(reader)


def _holds_the_case(reader: Reader) -> Q:
    """Match the core groups of families that are allocated to the reader."""
    held = Allocation.objects.current(on=reader.today).filter(user=reader.pk, family=OuterRef("family"))
    return Q(Exists(held)) & _of_visible_family(reader)


# Who reads that a child is not safe tonight, and nobody else: who carries the plan or holds the case, and managers.
CORE_GROUP_SAFETY_RULE = Rule(
    rights=(
        ("key worker", _carries),
        ("allocated social worker", _holds_the_case),
        ("manager of the family", _of_managed_family),
    ),
    never=_never,
)
_RULES: dict[To, Rule] = {
    "read": CORE_GROUP_RULE,
    "past": CORE_GROUP_PAST_RULE,
    "record": CORE_GROUP_RECORD_RULE,
    "plan": CORE_GROUP_PLAN_RULE,
    "decide who meets": CORE_GROUP_APART_RULE,
    "act for safety": CORE_GROUP_SAFETY_RULE,
}


def _groups() -> QuerySet[CoreGroup]:
    members = CoreGroupMember.objects.filter(core_group=OuterRef("pk")).order_by()
    return CoreGroup.objects.select_related("authority", "family", "conference").annotate(
        person_ids=ArraySubquery(members.values("person"))
    )


_GROUPS = RowsToOpen(_groups)


def access_core_group(request: HttpRequest, pk: int, *, to: To = "read", kind: ReadKind = ReadKind.PAGE) -> CoreGroup:
    """Return the core group, if the signed-in user may read it.

    ``to="record"``: those who may change the family, and any member. ``to="past"``: those who may read the
    family, but no member. ``to="plan"``: those who may change the family. ``to="decide who meets"``: managers,
    and the chair at a conference. ``to="act for safety"``: who is told that a child is not safe tonight.
    Raises SignInRequired or Http404, and logs the read.
    """
    return open_row(
        request,
        _GROUPS,
        _RULES[to],
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda group: [group.family_id],
        persons=lambda group: group.person_ids,  # type: ignore[attr-defined]
        kind=kind,
        pk=pk,
    )


def may_still_record(user: User, group: CoreGroup) -> bool:
    """Return whether the user may record the group's meetings."""
    return CORE_GROUP_RECORD_RULE.right_of(user, group) is not None
