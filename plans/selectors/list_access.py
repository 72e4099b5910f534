"""Who keeps the list, who may check it, and who may read what was told."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest

from accounts.access import open_row
from accounts.enums import ReadKind, Role
from accounts.models import User
from accounts.readers import Reader
from accounts.rules import Rule
from families.access import BARRED_FAMILIES, OWN_PEOPLE
from families.models import Child, FamilyMember
from plans.models import ListAnswer, ListCheck
from plans.services.list_checks import families_of, person_ids_of

KEEPS_LIST = (Role.CUSTODIAN,)
ASKS_LIST = (Role.CUSTODIAN, Role.DUTY_WORKER)
READS_CHECKS = (Role.CUSTODIAN, Role.SERVICE_MANAGER)


def _own(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(*ASKS_LIST)
    return None if authorities is None else Q(checked_by=reader.pk, authority__one_of=authorities)


def _of_council(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(*READS_CHECKS)
    return None if authorities is None else Q(authority__one_of=authorities)


def _about_who_is_closed(_reader: Reader) -> Q:
    """Match checks that name a person the reader may not look up, or whose record has since been sealed."""
    barred = FamilyMember.objects.order_by().filter(family__one_of=BARRED_FAMILIES).values("person")
    children = Child.objects.order_by().filter(
        Q(person__in=barred) | Q(person__one_of=OWN_PEOPLE) | Q(person__sealed_at__isnull=False)
    )
    answers = ListAnswer.objects.order_by()
    one = answers.filter(child__in=children.values("pk"))
    several = answers.filter(candidate_ids__overlap=ArraySubquery(children.values("pk")))
    return Q(pk__in=one.values("check_of_list")) | Q(pk__in=several.values("check_of_list"))


CHECK_RULE = Rule(rights=(("made the check", _own), ("keeps the list", _of_council)), never=_about_who_is_closed)
CHOOSE_RULE = Rule(rights=(("made the check", _own),), never=_about_who_is_closed)


def visible_checks(user: User) -> QuerySet[ListCheck]:
    """Return checks made by the user, or all of the council for its custodian and service managers."""
    return CHECK_RULE.visible(ListCheck.objects.all(), user)


def access_check(request: HttpRequest, pk: int, *, to_choose: bool = False) -> ListCheck:
    """Return the check, if the signed-in user may read it, or continue it. Raises SignInRequired or Http404."""
    answers = ListAnswer.objects.order_by("pk")
    return open_row(
        request,
        ListCheck.objects.select_related("authority", "checked_by").prefetch_related(Prefetch("answers", answers)),
        CHOOSE_RULE if to_choose else CHECK_RULE,
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda check: families_of(_children(check)),
        persons=lambda check: person_ids_of(_children(check)),
        kind=ReadKind.SEARCH,
        pk=pk,
    )


def _children(check: ListCheck) -> list[int]:
    """Return every child the answers name, including those to be told apart."""
    found: set[int] = set()
    for answer in check.answers.all():
        found.update(answer.candidate_ids)
        if answer.child_id:
            found.add(answer.child_id)
    return sorted(found)
