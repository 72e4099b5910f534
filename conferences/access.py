"""Who may open which conference and which invitation, and for what."""

from __future__ import annotations

import datetime
from typing import Any, Literal

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.access import Condition, Rule, open_row
from accounts.enums import CASE_ROLES, TEAM_ROLES, ReadKind, Role
from accounts.models import RoleAssignment, User
from conferences.enums import (
    FAMILY_CAPACITIES,
    Capacity,
    ConferenceStatus,
    Presence,
    SittingState,
    Standing,
)
from conferences.models import Attendance, Conference, ConferenceChild, Participant, Sitting, StandIn
from families.access import (
    BY_GLASS,
    barred_ids,
    glass_families,
    named_families,
    own_ids,
    sealed_families,
)
from families.models import Allocation, Family, Person, Post

To = Literal["read", "arrange", "agree", "chair", "record", "minutes", "correct", "manage", "name a stand-in"]
STANDING_IN = "standing in for the chair"
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


def _by_glass(user: User) -> Q | None:
    families = glass_families(user)
    return None if families is None else Q(family__in=families)


def _named(*roles: Role) -> Condition:
    def condition(user: User) -> Q | None:
        families = named_families(user, *roles)
        return None if families is None else Q(family__in=families)

    return condition


def _managed_team(user: User) -> Q | None:
    teams = user.team_ids(Role.TEAM_MANAGER)
    unrestricted = Family.objects.filter(team__in=teams, restricted=False)
    return Q(family__in=unrestricted.values("pk")) if teams else None


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


def _stands_in(user: User) -> Q | None:
    authorities = user.authority_ids(Role.CHAIR)
    if not authorities:
        return None
    stand_ins = StandIn.objects.current(on=timezone.localdate()).filter(user=user).order_by()
    return Q(authority__in=authorities, pk__in=stand_ins.values("conference"))


def _own_coordinator(user: User) -> Q | None:
    authorities = user.authority_ids(Role.COORDINATOR)
    return Q(authority__in=authorities, coordinator=user) if authorities else None


def _coordinator(user: User) -> Q | None:
    authorities = user.authority_ids(Role.COORDINATOR)
    unrestricted = Family.objects.filter(authority__in=authorities, restricted=False)
    return Q(authority__in=authorities, family__in=unrestricted.values("pk")) if authorities else None


def _service_manager(user: User) -> Q | None:
    authorities = user.authority_ids(Role.SERVICE_MANAGER)
    return Q(authority__in=authorities, family__restricted=False) if authorities else None


def _own_person(user: User) -> QuerySet[Person]:
    """The person behind the account, under each of their records."""
    return Person.objects.filter(Q(user=user) | Q(merged_into__user=user) | Q(merged_from__user=user))


# From somebody to the conferences about their people, each a path of its own so that an index leads it.
_TIES = (
    "child__person",
    "child__relationships__person",
    "child__responsibilities__person",
    "child__contact_risks__person",
    "child__pregnancy__mother",
)


def _about_sealed_children_only() -> QuerySet[Any, Any]:
    rows = ConferenceChild.objects.order_by()
    others = rows.filter(conference=OuterRef("conference"), child__person__sealed_at__isnull=True)
    return rows.filter(~Exists(others), child__person__sealed_at__isnull=False).values("conference")


def _never(user: User) -> Q | None:
    """Nobody opens a conference about their own people, nor one to which they come with the family.

    The same for people with whom they have declared a conflict of interest, and for everybody where it is about
    nobody but children whose records are sealed.
    """
    closed = (
        Q(pk__in=_about_sealed_children_only())
        | Q(family__in=barred_ids(user))
        | Q(family__disposed_at__isnull=False)
        | Q(family__in=sealed_families())
    )
    own = own_ids(user)
    if not own:
        return closed
    children = ConferenceChild.objects.order_by()
    with_family = Participant.objects.order_by().filter(person__in=own, capacity__in=WITH_THE_FAMILY)
    about_own = with_family.values("conference").union(
        *(children.filter(**{f"{path}__in": own}).values("conference") for path in _TIES)
    )
    return Q(pk__in=about_own) | closed


_social_care: list[tuple[str, Condition]] = [
    ("allocated social worker", _allocated),
    ("named for the case", _named(*TEAM_ROLES)),
    ("team manager", _managed_team),
    ("social worker of the team", _team),
]
_coordinators: list[tuple[str, Condition]] = [
    ("coordinator of this conference", _own_coordinator),
    ("coordinator named for the case", _named(Role.COORDINATOR)),
    ("coordinator", _coordinator),
]
# The one definition of the chair of a conference. ``chairs_of`` and ``chairs_in_sql`` turn it round: from a conference
# to the people.
_chairs: list[tuple[str, Condition]] = [("chair", _chair), (STANDING_IN, _stands_in)]

CONFERENCE_RULE = Rule(
    rights=[
        (BY_GLASS, _by_glass),
        *_social_care,
        *_chairs,
        *_coordinators,
        ("named to read the case", _named(*CASE_ROLES)),
        ("service manager", _service_manager),
    ],
    never=_never,
)
RULES: dict[To, Rule] = {
    "read": CONFERENCE_RULE,
    "arrange": Rule(rights=[*_social_care, *_coordinators], never=_never),
    "agree": Rule(
        rights=[
            ("named for the case", _named(Role.TEAM_MANAGER, Role.SERVICE_MANAGER)),
            ("team manager", _managed_team),
            *_chairs,
            ("service manager", _service_manager),
        ],
        never=_never,
    ),
    "chair": Rule(rights=_chairs, never=_never),
    "record": Rule(rights=[*_chairs, *_coordinators], never=_never),
    "minutes": Rule(rights=_coordinators, never=_never),
    "correct": Rule(rights=[*_social_care, *_chairs, *_coordinators], never=_never),
    "manage": Rule(
        rights=[
            ("named for the case", _named(Role.TEAM_MANAGER, Role.SERVICE_MANAGER)),
            ("team manager", _managed_team),
            ("service manager", _service_manager),
        ],
        never=_never,
    ),
    "name a stand-in": Rule(
        rights=[
            *_chairs,
            *_coordinators,
            ("named for the case", _named(Role.SERVICE_MANAGER)),
            ("service manager", _service_manager),
        ],
        never=_never,
    ),
}


def families_chaired(user: User) -> Q | None:
    """Families whose conference the user chairs, until it is cancelled; registered with ``families.access``."""
    chair, stands_in = _chair(user), _stands_in(user)
    if chair is None or stands_in is None:
        return None
    conferences = Conference.objects.filter(chair | stands_in).exclude(status=ConferenceStatus.CANCELLED)
    return Q(pk__in=conferences.values("family"))


def families_coordinated(user: User) -> Q | None:
    """Families whose conference the user was appointed to coordinate, until it is cancelled."""
    condition = _own_coordinator(user)
    if condition is None:
        return None
    conferences = Conference.objects.filter(condition).exclude(status=ConferenceStatus.CANCELLED)
    return Q(pk__in=conferences.values("family"))


def _in_post(role: Role, user: str, on: datetime.date) -> Q:
    """Conferences of restricted cases whose ``user`` holds ``role`` in their council on a day."""
    roles = RoleAssignment.objects.current(on=on).filter(role=role)
    return Q(**{f"{user}__roles__in": roles, f"{user}__roles__authority": F("authority")})


def know_restricted(on: datetime.date) -> QuerySet[Any, Any]:
    """Chairs, their stand-ins, coordinators and invited professionals of restricted cases.

    Registered with ``families.access``.
    """
    conferences = Conference.objects.filter(family__restricted=True).order_by()
    live = conferences.exclude(status=ConferenceStatus.CANCELLED)
    chairs = RoleAssignment.objects.current(on=on).filter(role=Role.CHAIR)
    sittings = (
        Sitting.objects.filter(conference__in=live.values("pk"))
        .exclude(state=SittingState.CANCELLED)
        .filter(chair__roles__in=chairs, chair__roles__authority=F("conference__authority"))
        .order_by()
    )
    stand_ins = (
        StandIn.objects.current(on=on)
        .filter(conference__in=live.values("pk"))
        .filter(user__roles__in=chairs, user__roles__authority=F("conference__authority"))
        .order_by()
    )
    invited = Participant.objects.filter(
        conference__in=live.filter(status__in=UPCOMING).values("pk"),
        capacity__in=FROM_OTHER_AGENCIES,
        standing=Standing.INVITED,
        person__user__isnull=False,
    ).order_by()
    return (
        live.filter(_in_post(Role.CHAIR, "chair", on))
        .values_list("family_id", "chair_id")
        .union(
            live.filter(_in_post(Role.COORDINATOR, "coordinator", on)).values_list(
                "family_id", "coordinator_id"
            ),
            sittings.values_list("conference__family_id", "chair_id"),
            stand_ins.values_list("conference__family_id", "user_id"),
            invited.values_list("conference__family_id", "person__user_id"),
        )
    )


def is_barred_from(user: User, conference: Conference) -> bool:
    """Whether nothing could open the conference to the user: it is about their own people, or a conflict stands."""
    barred = CONFERENCE_RULE.never(user) if CONFERENCE_RULE.never else None
    return barred is not None and Conference.objects.filter(barred, pk=conference.pk).exists()


def chairs_of(conference: Conference, *, on: datetime.date) -> list[User]:
    """The active users who chair the conference on a day, its own chair first: what the right "chair" says of each."""
    sittings = conference.sittings.exclude(state=SittingState.CANCELLED)
    stand_ins = StandIn.objects.current(on=on).filter(conference=conference)
    chairs = RoleAssignment.objects.current(on=on).filter(role=Role.CHAIR, authority=conference.authority_id)
    found = User.objects.filter(
        Q(pk=conference.chair_id)
        | Q(pk__in=sittings.order_by().values("chair"))
        | Q(pk__in=stand_ins.order_by().values("user")),
        is_active=True,
        pk__in=chairs.values("user"),
    )
    return sorted(found, key=lambda user: (user.pk != conference.chair_id, user.pk))


def stands_in_for(user: User, conference: Conference) -> User | None:
    """The chair in whose place the user acts today; None for a chair in their own right, and for everybody else."""
    return conference.chair if RULES["chair"].right_of(user, conference) == STANDING_IN else None


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
    coordinators. agree: manager of the team, chair and service managers. chair: who chairs it or a sitting of it
    that was not cancelled, or stands in for its chair today. record: chair and coordinators. minutes: coordinators.
    correct: who may ask for a correction: social care, chair and coordinators. manage: managers of the team and of
    the service. name a stand-in: chair, coordinators and service managers. Writes the read log.
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

    Whom the chair removed from the meeting is out of it at once.

    The council's own people come to the conference through the case, family members through links of their own.
    """
    posts = Post.objects.current(on=timezone.localdate())
    removed = Attendance.objects.filter(participant=OuterRef("pk"), presence=Presence.REMOVED)
    return Q(
        ~Exists(removed),
        person__in=_own_person(user).values("pk"),
        capacity__in=FROM_OTHER_AGENCIES,
        standing=Standing.INVITED,
        conference__status__in=UPCOMING,
    ) & (Q(post__isnull=True) | Q(post__in=posts.values("pk")))


def _barred_invitation(user: User) -> Q | None:
    """Somebody who belongs to the family, or declared a conflict, does not come as a professional."""
    return Q(conference__family__in=barred_ids(user))


INVITATION_RULE = Rule(rights=(("invited", _own_invitation),), never=_barred_invitation)


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
