"""Who may open which conference and which invitation, and for what."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.access import Condition, Rule, open_row
from accounts.enums import ReadKind, Role
from accounts.models import User
from conferences.enums import FAMILY_CAPACITIES, Capacity, ConferenceStatus, SittingState, Standing
from conferences.models import Conference, ConferenceChild, Participant, Sitting
from families.access import FAMILY_RULE
from families.models import Allocation, Family, Person, Post

To = Literal["read", "arrange", "agree", "chair", "record", "minutes"]
WITH_THE_FAMILY = FAMILY_CAPACITIES | {Capacity.SUPPORTER, Capacity.ADVOCATE, Capacity.SOLICITOR}
FROM_OTHER_AGENCIES = frozenset(
    {Capacity.PROFESSIONAL, Capacity.ADVOCATE, Capacity.SOLICITOR, Capacity.INTERPRETER, Capacity.OBSERVER}
)
UPCOMING = (ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)


def _allocated(user: User) -> Q | None:
    authorities = user.authority_ids(Role.SOCIAL_WORKER, Role.TEAM_MANAGER)
    if not authorities:
        return None
    held = Allocation.objects.current(on=timezone.localdate()).filter(user=user)
    return Q(authority__in=authorities, family__in=held.values("family"))


def _managed_team(user: User) -> Q | None:
    teams = user.team_ids(Role.TEAM_MANAGER)
    return Q(family__in=Family.objects.filter(team__in=teams).values("pk")) if teams else None


def _team(user: User) -> Q | None:
    teams = user.team_ids(Role.SOCIAL_WORKER)
    unrestricted = Family.objects.filter(team__in=teams, restricted=False)
    return Q(family__in=unrestricted.values("pk")) if teams else None


def _chair(user: User) -> Q | None:
    authorities = user.authority_ids(Role.CHAIR)
    if not authorities:
        return None
    sittings = Sitting.objects.filter(chair=user).exclude(state=SittingState.CANCELLED)
    return Q(authority__in=authorities) & (Q(chair=user) | Q(pk__in=sittings.values("conference")))


def _own_coordinator(user: User) -> Q | None:
    authorities = user.authority_ids(Role.COORDINATOR)
    return Q(authority__in=authorities, coordinator=user) if authorities else None


def _coordinator(user: User) -> Q | None:
    authorities = user.authority_ids(Role.COORDINATOR)
    unrestricted = Family.objects.filter(authority__in=authorities, restricted=False)
    return Q(authority__in=authorities, family__in=unrestricted.values("pk")) if authorities else None


def _service_manager(user: User) -> Q | None:
    authorities = user.authority_ids(Role.SERVICE_MANAGER)
    return Q(authority__in=authorities) if authorities else None


def _own_person(user: User) -> QuerySet[Person]:
    """The person behind the account, under each of their records."""
    return Person.objects.filter(Q(user=user) | Q(merged_into__user=user) | Q(merged_from__user=user))


def _never(user: User) -> Q | None:
    """Nobody opens a conference about their own people, nor one to which they come with the family."""
    own = _own_person(user).values("pk")
    with_family = Participant.objects.filter(person__in=own, capacity__in=WITH_THE_FAMILY)
    about_own = ConferenceChild.objects.filter(
        Q(child__person__in=own)
        | Q(child__relationships__person__in=own)
        | Q(child__responsibilities__person__in=own)
        | Q(child__contact_risks__person__in=own)
        | Q(child__pregnancy__mother__in=own)
    )
    barred = Q(pk__in=with_family.values("conference")) | Q(pk__in=about_own.values("conference"))
    of_family = FAMILY_RULE.never(user) if FAMILY_RULE.never else None
    if of_family is not None:
        barred |= Q(family__in=Family.objects.filter(of_family).values("pk"))
    return barred


_social_care: list[tuple[str, Condition]] = [
    ("allocated social worker", _allocated),
    ("team manager", _managed_team),
    ("social worker of the team", _team),
]
_coordinators: list[tuple[str, Condition]] = [
    ("coordinator of this conference", _own_coordinator),
    ("coordinator", _coordinator),
]
_chairs: list[tuple[str, Condition]] = [("chair", _chair)]

CONFERENCE_RULE = Rule(
    rights=[*_social_care, *_chairs, *_coordinators, ("service manager", _service_manager)], never=_never
)
RULES: dict[To, Rule] = {
    "read": CONFERENCE_RULE,
    "arrange": Rule(rights=[*_social_care, *_coordinators], never=_never),
    "agree": Rule(
        rights=[("team manager", _managed_team), *_chairs, ("service manager", _service_manager)],
        never=_never,
    ),
    "chair": Rule(rights=_chairs, never=_never),
    "record": Rule(rights=[*_chairs, *_coordinators], never=_never),
    "minutes": Rule(rights=_coordinators, never=_never),
}


def families_chaired(user: User) -> Q | None:
    """Families whose conference the user chairs, until it is cancelled; registered with ``families.access``."""
    condition = _chair(user)
    if condition is None:
        return None
    conferences = Conference.objects.filter(condition).exclude(status=ConferenceStatus.CANCELLED)
    return Q(pk__in=conferences.values("family"))


def visible_conferences(user: User) -> QuerySet[Conference]:
    """Conferences the user may see, each with ``right``, the reason why."""
    return CONFERENCE_RULE.visible(Conference.objects.all(), user)


def may(user: User, conference: Conference, *, to: To) -> bool:
    """Whether the user may open the conference for this; for showing or leaving out a button."""
    return RULES[to].right_of(user, conference) is not None


def access_conference(
    request: HttpRequest, pk: int, *, to: To = "read", kind: ReadKind = ReadKind.PAGE
) -> Conference:
    """The conference, if the signed-in user may open it for this purpose, with family, authority, chair, coordinator.

    read: everybody with a right to it. arrange: social worker and manager of the case or its team, and
    coordinators. agree: manager of the team, chair and service managers. chair: who chairs it or a sitting of it,
    nobody else. record: chair and coordinators. minutes: coordinators. Writes the read log.
    Raises SignInRequired or Http404.
    """
    return open_row(
        request,
        Conference.objects.select_related("family__team", "authority", "chair", "coordinator"),
        RULES[to],
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda conference: [conference.family_id],
        persons=lambda conference: conference.children.values_list("child__person_id", flat=True),
        kind=kind,
        pk=pk,
    )


def _own_invitation(user: User) -> Q | None:
    """Invitations of the person behind the account, while the post that brought them is still held.

    The council's own people come to the conference through the case, family members through links of their own.
    """
    posts = Post.objects.current(on=timezone.localdate())
    return Q(
        person__in=_own_person(user).values("pk"),
        capacity__in=FROM_OTHER_AGENCIES,
        standing=Standing.INVITED,
        conference__status__in=UPCOMING,
    ) & (Q(post__isnull=True) | Q(post__in=posts.values("pk")))


INVITATION_RULE = Rule(rights=(("invited", _own_invitation),))


def own_invitations(user: User) -> QuerySet[Participant]:
    """What the user is invited to as a professional and has not happened yet."""
    return INVITATION_RULE.visible(Participant.objects.all(), user)


def access_own_invitation(request: HttpRequest, pk: int) -> Participant:
    """The user's own invitation, in force now. Raises SignInRequired or Http404."""
    return open_row(
        request,
        Participant.objects.select_related("conference__authority", "person", "post", "agency"),
        INVITATION_RULE,
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda participant: [participant.conference.family_id],
        pk=pk,
    )
