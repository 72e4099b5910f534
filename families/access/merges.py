"""Who may view a merge of two records, and settle it."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.access import open_row
from accounts.enums import CASE_ROLES, Role
from accounts.models import User
from accounts.readers import Reader
from accounts.rules import Rule
from families.access.cases import page_name
from families.access.people import families_of_person, visible_persons
from families.enums import MergeState
from families.models import PersonMerge

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
        PersonMerge.objects.select_related("kept", "merged", "proposed_by", "settled_by", "undone_by", "undo_asked_by"),
        MERGE_SETTLE_RULE if to == "settle" else MERGE_RULE,
        page=page_name(request),
        families=lambda merge: {*families_of_person(merge.kept_id), *families_of_person(merge.merged_id)},
        persons=lambda merge: [merge.kept_id, merge.merged_id],
        pk=pk,
    )
