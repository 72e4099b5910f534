"""Who may write, read and share whose report. Documents after the meeting open with their conference."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q
from django.http import HttpRequest

from accounts.access import Rule, open_row
from accounts.enums import ReadKind, Role
from accounts.models import User
from conferences.access import CONFERENCE_RULE, RULES, own_invitations
from conferences.enums import REPORTING_CAPACITIES, Capacity
from conferences.models import Conference, Participant
from families.access import named_families
from families.models import Family
from reports.enums import ReportState
from reports.models import Attachment

To = Literal["read", "write", "share", "agree"]


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


def _managed_team(user: User) -> Q | None:
    """Social work reports about families of a team that the user manages."""
    teams = user.team_ids(Role.TEAM_MANAGER)
    families = Family.objects.filter(team__in=teams, restricted=False)
    return _social_work_of(Q(conference__family__in=families.values("pk"))) if teams else None


def _named_manager(user: User) -> Q | None:
    """Social work reports about restricted cases for which the user is named as a manager."""
    families = named_families(user, Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
    return None if families is None else _social_work_of(Q(conference__family__in=families))


def _managed_service(user: User) -> Q | None:
    """Social work reports of the council, for where the team has no other manager."""
    authorities = user.authority_ids(Role.SERVICE_MANAGER)
    unrestricted = Q(conference__authority__in=authorities, conference__family__restricted=False)
    return _social_work_of(unrestricted) if authorities else None


def _social_work_of(condition: Q) -> Q:
    return condition & Q(capacity=Capacity.SOCIAL_WORKER)


def _own_or_writes_none(user: User) -> Q:
    """What the user reports themselves, and what CONFERENCE_RULE never opens to them."""
    barred = CONFERENCE_RULE.never(user) if CONFERENCE_RULE.never else None
    own = ~Q(capacity__in=REPORTING_CAPACITIES) | Q(person__user=user)
    return own if barred is None else own | Q(conference__in=Conference.objects.filter(barred).values("pk"))


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
    "agree": Rule(
        rights=(
            ("named for the case", _named_manager),
            ("team manager", _managed_team),
            ("service manager", _managed_service),
        ),
        never=_own_or_writes_none,
    ),
}


def may(user: User, author: Participant, *, to: To) -> bool:
    """Whether the user may open this author's report for this; for showing or leaving out a button."""
    return AUTHOR_RULES[to].right_of(user, author) is not None


def access_author(request: HttpRequest, pk: int, author_pk: int, *, to: To = "read") -> Participant:
    """The author of a report of this conference; ``author.right`` says why the user may open it.

    read: everybody who may read the conference, and the author. write: the author; for the social work report
    those who arrange the conference; coordinators for anybody. share: author, those who arrange, and the chair.
    agree: managers of the team and of the service, for a social work report that is not their own.
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


ToFile = Literal["read", "withdraw"]


def _file_of_what_is_in(user: User) -> Q | None:
    authors = AUTHOR_RULES["read"].visible(Participant.objects.all(), user)
    return Q(report__state=ReportState.SUBMITTED, report__author__in=authors.values("pk"))


def _file_they_write_with(user: User) -> Q | None:
    authors = AUTHOR_RULES["write"].visible(Participant.objects.all(), user)
    return Q(
        report__state__in=[ReportState.DRAFT, ReportState.SUBMITTED], report__author__in=authors.values("pk")
    )


def _taken_out(user: User) -> Q | None:  # noqa: ARG001 - the same for everybody
    return Q(withdrawn_at__isnull=False)


FILE_RULES: dict[ToFile, Rule] = {
    "read": Rule(
        rights=(("report", _file_of_what_is_in), ("writes the report", _file_they_write_with)),
        never=_taken_out,
    ),
    "withdraw": Rule(rights=(("writes the report", _file_they_write_with),), never=_taken_out),
}


def access_file(
    request: HttpRequest, pk: int, author_pk: int, attachment_pk: int, *, to: ToFile = "read"
) -> Attachment:
    """A file of a report, as long as it was not taken out.

    read: whoever may read the report, once it is in; those who write it before. withdraw: those who write it. A
    version that was replaced shows its files to nobody. Writes the read log, as an export. Raises SignInRequired or
    Http404.
    """
    return open_row(
        request,
        Attachment.objects.select_related("file", "report__author__conference"),
        FILE_RULES[to],
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda attachment: [attachment.report.conference.family_id],
        persons=lambda attachment: attachment.report.conference.children.values_list(
            "child__person_id", flat=True
        ),
        kind=ReadKind.EXPORT if to == "read" else ReadKind.PAGE,
        pk=attachment_pk,
        report__author=author_pk,
        report__conference=pk,
    )


ToAfter = Literal["follow", "answer"]


def _serving(user: User) -> Q | None:
    """Every conference of the council, for who manages the conference service."""
    authorities = user.authority_ids(Role.SERVICE_MANAGER)
    if not authorities:
        return None
    unrestricted = Q(authority__in=authorities, family__restricted=False)
    named = named_families(user, Role.SERVICE_MANAGER)
    return unrestricted if named is None else unrestricted | Q(family__in=named)


AFTER_RULES: dict[ToAfter, Rule] = {
    "follow": Rule(
        rights=(*RULES["record"].rights, ("service manager", _serving)), never=CONFERENCE_RULE.never
    ),
    "answer": Rule(
        rights=(*RULES["chair"].rights, ("service manager", _serving)), never=CONFERENCE_RULE.never
    ),
}


def may_after(user: User, conference: Conference, *, to: ToAfter) -> bool:
    """Whether the user may record, or answer, what is said against a conference."""
    return AFTER_RULES[to].right_of(user, conference) is not None


def access_after(request: HttpRequest, pk: int, *, to: ToAfter) -> Conference:
    """The conference, for what people say against it: dissent, complaints, comments on the record.

    follow: its chair, coordinators and service managers. answer: its chair and service managers. Writes the read
    log. Raises SignInRequired or Http404.
    """
    return open_row(
        request,
        Conference.objects.select_related("family__team", "authority", "chair", "coordinator"),
        AFTER_RULES[to],
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda conference: [conference.family_id],
        persons=lambda conference: conference.children.values_list("child__person_id", flat=True),
        pk=pk,
    )
