"""What waits for someone in a core group, on the pages of a conference about its children."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.access import record_read, user_of
from conferences.models import Conference
from conferences.panels import Wait
from core_groups.access import CORE_GROUP_APART_RULE
from core_groups.models import CoreGroup
from core_groups.selectors.apart import waiting_in
from core_groups.selectors.core_groups import groups_after, own_groups


def my_core_groups(request: HttpRequest) -> tuple[str, dict[str, Any]] | None:
    """Return the core groups that a professional is in, with their own next time, for the first page."""
    groups = own_groups(user_of(request), on=timezone.localdate())
    if not groups:
        return None
    families = [row.group.family_id for row in groups]
    record_read(request, page="core_groups:mine", subject=CoreGroup.__name__, subject_id=None, family_ids=families)
    return "core_groups/mine.html", {"groups": groups}


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
