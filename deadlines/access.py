"""Who may open a deadline: whoever may open its family, unless it is about a sealed child."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from accounts.access import Rule, open_row
from accounts.models import User
from deadlines.models import Deadline
from families.access import visible_families
from families.models import Child


def _family_visible(user: User) -> Q:
    return Q(family_id__in=visible_families(user).values("pk"))


def _about_a_sealed_child(_user: User) -> Q:
    return Q(Exists(Child.objects.filter(pk=OuterRef("child_id"), person__sealed_at__isnull=False)))


DEADLINE_RULE = Rule(rights=(("may see the family", _family_visible),), never=_about_a_sealed_child)


def visible_deadlines(user: User) -> QuerySet[Deadline]:
    """Deadlines of the families that the user may see."""
    return DEADLINE_RULE.visible(Deadline.objects.all(), user)


def access_deadline(request: HttpRequest, pk: int) -> Deadline:
    """The deadline, if the signed-in user may see its family. Raises SignInRequired or Http404."""
    return open_row(
        request,
        Deadline.objects.all(),
        DEADLINE_RULE,
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda deadline: [deadline.family_id],
        pk=pk,
    )
