"""Who may write, read and share whose report. Documents after the meeting open with their conference."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q
from django.http import HttpRequest

from accounts.access import Rule, open_row
from accounts.models import User
from conferences.access import CONFERENCE_RULE, RULES, own_invitations
from conferences.enums import REPORTING_CAPACITIES, Capacity
from conferences.models import Conference, Participant

To = Literal["read", "write", "share"]


def _conferences(rule: Rule, user: User) -> Q:
    """Authors in the conferences that ``rule`` opens for the user."""
    return Q(conference__in=rule.visible(Conference.objects.all(), user).values("pk"))


def _own(user: User) -> Q | None:
    """The author's own report, as long as their invitation stands."""
    return Q(pk__in=own_invitations(user).values("pk"))


def _social_work(user: User) -> Q | None:
    """The social work report, by whoever may arrange the conference for the case."""
    return _conferences(RULES["arrange"], user) & Q(capacity=Capacity.SOCIAL_WORKER)


def _on_behalf(user: User) -> Q | None:
    """Any report, entered by a coordinator as it came in."""
    return _conferences(RULES["minutes"], user)


def _arranging(user: User) -> Q | None:
    return _conferences(RULES["arrange"], user)


def _chairing(user: User) -> Q | None:
    return _conferences(RULES["chair"], user)


def _reading(user: User) -> Q | None:
    return _conferences(CONFERENCE_RULE, user)


def _writes_none(user: User) -> Q | None:  # noqa: ARG001 - the same for everybody
    return ~Q(capacity__in=REPORTING_CAPACITIES)


AUTHOR_RULES: dict[To, Rule] = {
    "read": Rule(rights=(("conference", _reading), ("own report", _own)), never=_writes_none),
    "write": Rule(
        rights=(("social work", _social_work), ("on behalf", _on_behalf), ("own report", _own)),
        never=_writes_none,
    ),
    "share": Rule(
        rights=(("arranges", _arranging), ("chair", _chairing), ("own report", _own)), never=_writes_none
    ),
}


def may(user: User, author: Participant, *, to: To) -> bool:
    """Whether the user may open this author's report for this; for showing or leaving out a button."""
    return AUTHOR_RULES[to].right_of(user, author) is not None


def access_author(request: HttpRequest, pk: int, author_pk: int, *, to: To = "read") -> Participant:
    """The author of a report of this conference; ``author.right`` says why the user may open it.

    read: everybody who may read the conference, and the author. write: the author; for the social work report
    those who arrange the conference; coordinators for anybody. share: author, those who arrange, and the chair.
    Writes the read log. Raises SignInRequired or Http404.
    """
    return open_row(
        request,
        Participant.objects.select_related(
            "conference__family__team",
            "conference__authority",
            "conference__chair",
            "conference__coordinator",
            "person",
            "agency",
            "post",
        ),
        AUTHOR_RULES[to],
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda author: [author.conference.family_id],
        persons=lambda author: author.conference.children.values_list("child__person_id", flat=True),
        pk=author_pk,
        conference=pk,
    )
