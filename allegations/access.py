"""Who learns that there is an allegation: whoever made it, the manager who was told, and who handles allegations.

Never the person it is about, in any wording of it, nor anyone with a post at the agency it is about. Reads stand apart
from the read log that others see (``accounts.audit.apart``).
"""

from __future__ import annotations

from typing import Literal

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest
from django.utils import timezone

from accounts.access import open_row, user_of
from accounts.enums import CASE_ROLES, Role
from accounts.models import User
from accounts.readers import Reader, ids_of_user
from accounts.rows_to_open import RowsToOpen
from accounts.rules import Condition, Rule
from allegations.models import Referral, ReferralText
from conferences.access import CONFERENCE_RULE
from conferences.models import Conference
from deadlines.policies import PolicyMissing, policy_for
from families.access import BARRED_FAMILIES, FAMILY_RULE
from families.models import Family, Post

To = Literal["read", "correct", "handle"]
# Who refers: everyone of the council who may open a case, at night too.
STAFF = CASE_ROLES | {Role.DUTY_WORKER, Role.CUSTODIAN}
BOTH = "designated officer or service manager"
MANAGERS = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)


def roles_that_handle(authority_id: int) -> tuple[Role, ...]:
    """Return the roles that the council's procedures name for allegations."""
    try:
        said = policy_for(authority_id, on=timezone.localdate()).value("allegations-handled-by")
    except PolicyMissing:
        said = ""
    return (Role.DESIGNATED_OFFICER, Role.SERVICE_MANAGER) if said == BOTH else (Role.DESIGNATED_OFFICER,)


def _councils_handled(user: User) -> list[int]:
    held = user.authority_ids(Role.DESIGNATED_OFFICER, Role.SERVICE_MANAGER)
    return [pk for pk in held if pk in user.authority_ids(*roles_that_handle(pk))]


HANDLED = ids_of_user("councils whose allegations they handle", _councils_handled)


def _handles(reader: Reader) -> Q | None:
    may = reader.holds(Role.DESIGNATED_OFFICER, Role.SERVICE_MANAGER)
    return Q(authority__one_of=HANDLED) if may else None


def _made(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(*STAFF)
    return None if authorities is None else Q(made_by=reader.pk, authority__one_of=authorities)


def _was_told(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(*MANAGERS)
    return None if authorities is None else Q(told_manager=reader.pk, authority__one_of=authorities)


def _never(reader: Reader) -> Q:
    """Match what is about the reader, now or in an earlier wording, or about an agency where they hold a post.

    And what was referred from a case of their own people, or in which they declared a conflict.
    """
    posts = Post.objects.current(on=reader.today).filter(person__user=reader.pk).order_by()
    named = User.objects.order_by().filter(pk=reader.pk, name__iexact=OuterRef("about_name"))
    own = (
        Q(about_user=reader.pk)
        | Q(about_person__user=reader.pk)
        | Q(about_person__merged_into__user=reader.pk)
        | Q(agency__in=posts.values("agency"))
        | Q(Exists(named))
    )
    about_them = Q(Exists(ReferralText.objects.order_by().filter(own, referral=OuterRef("pk"))))
    return about_them | Q(family__one_of=BARRED_FAMILIES)


RIGHTS: dict[str, tuple[str, Condition]] = {
    "handles": ("handles allegations", _handles),
    "made": ("made the referral", _made),
    "told": ("manager who was told", _was_told),
}
REFERRAL_RULES: dict[To, Rule] = {
    "read": Rule(rights=tuple(RIGHTS.values()), never=_never),
    "correct": Rule(rights=(RIGHTS["handles"], RIGHTS["made"]), never=_never),
    "handle": Rule(rights=(RIGHTS["handles"],), never=_never),
}
REFERRAL_RULE = REFERRAL_RULES["read"]


_REFERRALS = RowsToOpen(
    lambda: Referral.objects.select_related(
        "authority",
        "family",
        "conference",
        "child__person",
        "child__pregnancy",
        "made_by",
        "told_manager",
        "received_by",
    )
)
_FAMILIES = RowsToOpen(lambda: Family.objects.select_related("authority", "team"))
_CONFERENCES = RowsToOpen(lambda: Conference.objects.select_related("family__authority", "family__team"))


def access_referral(request: HttpRequest, pk: int, *, to: To = "read") -> Referral:
    """Return a referral for those who may learn of it; for all others it does not exist.

    Raises SignInRequired or Http404.
    """
    return open_row(
        request,
        _REFERRALS,
        REFERRAL_RULES[to],
        page=_page(request),
        families=lambda row: [row.family_id],
        persons=lambda row: [row.child.person_id],
        pk=pk,
    )


def access_family_to_refer(request: HttpRequest, pk: int) -> Family:
    """Return a family for the council's staff who may open it: any of them may refer. Raises as ``access_family``."""
    family = open_row(
        request,
        _FAMILIES,
        FAMILY_RULE,
        page=_page(request),
        families=lambda row: [row.pk],
        persons=lambda row: row.members.values_list("person_id", flat=True),
        pk=pk,
    )
    _only_staff(request)
    return family


def access_conference_to_refer(request: HttpRequest, pk: int) -> Conference:
    """Return a conference for the council's staff who may open it. Raises SignInRequired or Http404."""
    conference = open_row(
        request,
        _CONFERENCES,
        CONFERENCE_RULE,
        page=_page(request),
        families=lambda row: [row.family_id],
        persons=lambda row: row.children.values_list("child__person_id", flat=True),
        pk=pk,
    )
    _only_staff(request)
    return conference


def _only_staff(request: HttpRequest) -> None:
    if not user_of(request).holds(*STAFF):
        raise Http404


def _page(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""
