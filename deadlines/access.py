"""Access rules for deadlines: open to whoever may open the family, unless about a sealed child.

Only a council's own administrators may open its procedures.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest

from accounts.access import open_row, require_roles
from accounts.enums import Role
from accounts.models import Authority, User
from accounts.readers import Reader
from accounts.rows_to_open import RowsToOpen
from accounts.rules import Rule
from deadlines.models import ClosedDay, Deadline, PolicyDraft, PolicyVersion, Recount
from families.access import visible_families
from families.models import Child

M = TypeVar("M", bound=Model)


def _family_visible(reader: Reader) -> Q:
    # Checked per family: a page's few deadlines must not cause a scan of all families.
    return Q(Exists(visible_families(reader).filter(pk=OuterRef("family_id"))))


def about_a_sealed_child(_reader: Reader | None = None) -> Q:
    """Match deadlines about a child whose record is sealed, which no one is shown."""
    return Q(Exists(Child.objects.filter(pk=OuterRef("child_id"), person__sealed_at__isnull=False)))


DEADLINE_RULE = Rule(rights=(("may see the family", _family_visible),), never=about_a_sealed_child)


def visible_deadlines(user: User) -> QuerySet[Deadline]:
    """Return the deadlines of families the user may see."""
    return DEADLINE_RULE.visible(Deadline.objects.all(), user)


_DEADLINES = RowsToOpen(Deadline.objects.all)


def access_deadline(request: HttpRequest, pk: int) -> Deadline:
    """Return the deadline, if the signed-in user may see its family. Raises SignInRequired or Http404."""
    return open_row(
        request,
        _DEADLINES,
        DEADLINE_RULE,
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda deadline: [deadline.family_id],
        pk=pk,
    )


def _administered(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.ADMINISTRATOR)
    return None if authorities is None else Q(authority__one_of=authorities)


ADMINISTERED = Rule(rights=(("administers the council", _administered),))


def access_procedures(request: HttpRequest) -> Authority:
    """Return the council whose procedures the administrator manages. Raises SignInRequired or Http404."""
    user = require_roles(request, Role.ADMINISTRATOR)
    return Authority.objects.get(pk=user.authority_ids(Role.ADMINISTRATOR)[0])


def administers_every_council(user: User) -> bool:
    """Return whether a day for all of England would move no dates but those of councils the user administers."""
    own = user.authority_ids(Role.ADMINISTRATOR)
    return not PolicyVersion.objects.exclude(authority_id__in=own).exists()


def _of_the_calendar(reader: Reader) -> Q | None:
    """Match a council's own closed days, and those for all of England where no other council shares them."""
    administered = _administered(reader)
    if administered is None:
        return None
    shared_by_no_other = Q(~Exists(PolicyVersion.objects.exclude(administered)))
    return administered | Q(authority__isnull=True) & shared_by_no_other


CALENDAR_RULE = Rule(rights=(("administers the calendar", _of_the_calendar),))


def access_closed_day(request: HttpRequest, pk: int) -> ClosedDay:
    """Return a day added for the administrator's council or for England. Raises SignInRequired or Http404."""
    page = request.resolver_match.view_name if request.resolver_match else ""
    return open_row(request, ClosedDay.objects.all(), CALENDAR_RULE, page=page, pk=pk)


def access_policy_version(request: HttpRequest, number: int) -> PolicyVersion:
    """Return one version of the administrator's own council. Raises SignInRequired or Http404."""
    return _administered_row(request, PolicyVersion.objects.select_related("authority"), number=number)


def access_policy_draft(request: HttpRequest, pk: int) -> PolicyDraft:
    """Return a draft of the administrator's own council. Raises SignInRequired or Http404."""
    drafts = PolicyDraft.objects.select_related("authority", "based_on", "changed_by", "became")
    return _administered_row(request, drafts, pk=pk)


# Who may put another's draft in force.
SECOND_ROLES = (Role.ADMINISTRATOR, Role.SERVICE_MANAGER)


def _asked_to_agree(reader: Reader) -> Q | None:
    managed = reader.authority_ids(Role.SERVICE_MANAGER)
    return None if managed is None else Q(authority__one_of=managed, proposed_at__isnull=False)


DRAFT_PREVIEW_RULE = Rule(
    rights=(("administers the council", _administered), ("is asked to put it in force", _asked_to_agree))
)


def access_policy_preview(request: HttpRequest, pk: int) -> PolicyDraft:
    """Return a draft for an administrator of its council, or for who may agree to it once that is asked for.

    Raises SignInRequired or Http404.
    """
    page = request.resolver_match.view_name if request.resolver_match else ""
    drafts = PolicyDraft.objects.select_related("authority", "proposed_by", "changed_by", "became")
    return open_row(request, drafts, DRAFT_PREVIEW_RULE, page=page, pk=pk)


def may_put_in_force(user: User, draft: PolicyDraft) -> bool:
    """Return whether the user is the second person for a draft: it is proposed, and they wrote nothing in it."""
    return (
        draft.ended_at is None
        and draft.proposed_at is not None
        and user.pk not in draft.written_by
        and draft.authority_id in user.authority_ids(*SECOND_ROLES)
    )


def access_recount(request: HttpRequest, pk: int) -> Recount:
    """Return a recount in the administrator's own council. Raises SignInRequired or Http404."""
    return _administered_row(request, Recount.objects.select_related("version", "by"), pk=pk)


def _administered_row(request: HttpRequest, rows: QuerySet[M], **lookup: Any) -> M:
    page = request.resolver_match.view_name if request.resolver_match else ""
    return open_row(request, rows, ADMINISTERED, page=page, **lookup)
