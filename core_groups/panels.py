"""What waits for someone in a core group, on the pages of a conference about its children."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from conferences.models import Conference
from conferences.panels import Wait
from core_groups.access import CORE_GROUP_APART_RULE
from core_groups.models import CoreGroup
from core_groups.selectors.apart import waiting_in
from core_groups.selectors.core_groups import groups_after


def who_must_not_meet(request: HttpRequest, conference: Conference) -> Iterator[Wait]:
    """Yield the members of the children's core groups about whom someone has to decide how they meet."""
    found = waiting_in(groups_after(conference).order_by(), on=timezone.localdate())
    if not found:
        return
    groups = CoreGroup.objects.filter(pk__in={member.core_group_id for member in found})
    may_decide = set(CORE_GROUP_APART_RULE.visible(groups, user_of(request)).values_list("pk", flat=True))
    for member in found:
        url = reverse("core_groups:decide-apart", args=[member.core_group_id, member.pk])
        yield Wait(
            "Chair or manager",
            f"{member.person.full_name} must not meet others in the core group until someone decides how.",
            url if member.core_group_id in may_decide else "",
        )
