"""Access rules and gatekeepers for conferences and invitations."""

from __future__ import annotations

import datetime
from typing import Any, Literal

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest

from accounts.access import open_row
from accounts.enums import CASE_ROLES, TEAM_ROLES, ReadKind, Role
from accounts.models import RoleAssignment, User
from accounts.readers import Parameter, Reader, array_of, ids_of_user
from accounts.request_cache import once_per_request
from accounts.rules import CompiledQuery, Condition, Rule
from conferences.enums import FAMILY_CAPACITIES, Capacity, ConferenceStatus, ParticipantStatus, Presence
from conferences.models import Attendance, Conference, ConferenceChild, Participant, StandIn
from conferences.models.replacements import sittings_still_chaired
from conferences.rows_to_open import CONFERENCES, INVITATIONS
from families.access import (
    BARRED_FAMILIES,
    BY_GLASS,
    OWN_PEOPLE,
    OWN_RECORDS,
    glass_families,
    named_families,
    own_people,
    sealed_families,
)
from families.models import Allocation, Family, Post

To = Literal[
    "read", "arrange", "agree", "chair", "change children", "record", "minutes", "correct", "manage", "name a stand-in",
    "hand on", "move what was agreed", "plan parts", "manage the team", "manage the service",
]  # fmt: skip
STANDING_IN = "standing in for the chair"
WITH_THE_FAMILY = FAMILY_CAPACITIES | {Capacity.SUPPORTER, Capacity.ADVOCATE, Capacity.SOLICITOR}
FROM_OTHER_AGENCIES = frozenset(
    {Capacity.PROFESSIONAL, Capacity.ADVOCATE, Capacity.SOLICITOR, Capacity.INTERPRETER, Capacity.OBSERVER}
)
UPCOMING = (ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)


def _allocated(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.SOCIAL_WORKER, Role.TEAM_MANAGER)
    if authorities is None:
        return None
    held = Allocation.objects.current(on=reader.today).filter(user=reader.pk)
    return Q(authority__one_of=authorities, family__one_of=array_of(held.values("family")))


def _by_glass(reader: Reader) -> Q | None:
    families = glass_families(reader)
    return None if families is None else Q(family__one_of=families)


def _named(*roles: Role) -> Condition:
    def condition(reader: Reader) -> Q | None:
        families = named_families(reader, *roles)
        return None if families is None else Q(family__one_of=families)

    return condition


def _of_teams(teams: Parameter | None) -> Q | None:
    if teams is None:
        return None
    unrestricted = Family.objects.filter(team__one_of=teams, restricted=False)
    return Q(family__one_of=array_of(unrestricted.values("pk")))


def _managed_team(reader: Reader) -> Q | None:
    return _of_teams(reader.team_ids(Role.TEAM_MANAGER))


def _team(reader: Reader) -> Q | None:
    return _of_teams(reader.team_ids(Role.SOCIAL_WORKER))


def _chair(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.CHAIR)
    if authorities is None:
        return None
    sittings = sittings_still_chaired().filter(chair=reader.pk)
    chairs = Q(chair=reader.pk) | Q(pk__one_of=array_of(sittings.values("conference")))
    return Q(authority__one_of=authorities) & chairs


def _stands_in(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.CHAIR)
    named = StandIn.objects.current(on=reader.today).filter(user=reader.pk).values("conference")
    return None if authorities is None else Q(authority__one_of=authorities, pk__one_of=array_of(named))


def _own_coordinator(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.COORDINATOR)
    return None if authorities is None else Q(authority__one_of=authorities, coordinator=reader.pk)


def _coordinator(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.COORDINATOR)
    if authorities is None:
        return None
    elsewhere = Family.objects.filter(pk=OuterRef("family")).exclude(authority__one_of=authorities)
    return Q(~Exists(_restricted()), ~Exists(elsewhere), authority__one_of=authorities)


def _service_manager(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.SERVICE_MANAGER)
    return None if authorities is None else Q(~Exists(_restricted()), authority__one_of=authorities)


def _restricted() -> QuerySet[Family]:
    """Return the family of the outer conference, if it is restricted; few are, and they have an index of their own."""
    return Family.objects.filter(pk=OuterRef("family"), restricted=True)


# Paths from a person to the conferences about their people, each separate so that it can use an index.
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


def _about_own(_reader: Reader) -> QuerySet[Any, Any]:
    children = ConferenceChild.objects.order_by()
    with_family = Participant.objects.order_by().filter(person__one_of=OWN_PEOPLE, capacity__in=WITH_THE_FAMILY)
    return with_family.values_list("conference").union(
        *(children.filter(**{f"{path}__one_of": OWN_PEOPLE}).values_list("conference") for path in _TIES)
    )


_ask_about_own = CompiledQuery(_about_own)


def _about_own_people(user: User) -> list[int]:
    if not own_people(user):
        return []
    return once_per_request(
        ("conferences about own people", user.pk), lambda: [pk for (pk,) in _ask_about_own.rows(user)]
    )


ABOUT_OWN_PEOPLE = ids_of_user("conferences about own people", _about_own_people)


def _never(_reader: Reader) -> Q:
    """Match conferences barred to the reader: about their own people, or which they attend with the family.

    Likewise for people with whom they have declared a conflict of interest, and for everyone where all the
    children have sealed records.
    """
    disposed = Family.objects.filter(pk=OuterRef("family"), disposed_at__isnull=False)
    return (
        Q(pk__one_of=ABOUT_OWN_PEOPLE)
        | Q(pk__in=_about_sealed_children_only())
        | Q(family__one_of=BARRED_FAMILIES)
        | Q(Exists(disposed))
        | Q(family__in=sealed_families())
    )


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
_service_managers: list[tuple[str, Condition]] = [
    ("named for the case", _named(Role.SERVICE_MANAGER)),
    ("service manager", _service_manager),
]
# The one definition of a conference's chair. ``chairs_of`` and ``chairs_in_sql`` are its inverse.
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
    "change children": Rule(rights=[*_social_care, *_chairs, *_coordinators], never=_never),
    "correct": Rule(rights=[*_social_care, *_chairs, *_coordinators], never=_never),
    "manage": Rule(
        rights=[
            ("named for the case", _named(Role.TEAM_MANAGER, Role.SERVICE_MANAGER)),
            ("team manager", _managed_team),
            ("service manager", _service_manager),
        ],
        never=_never,
    ),
    "name a stand-in": Rule(rights=[*_chairs, *_coordinators, *_service_managers], never=_never),
    "manage the team": Rule(
        rights=[("named for the case", _named(Role.TEAM_MANAGER)), ("team manager", _managed_team)], never=_never
    ),
    "manage the service": Rule(rights=_service_managers, never=_never),
    "move what was agreed": Rule(rights=[*_social_care, *_chairs, *_coordinators, *_service_managers], never=_never),
    "plan parts": Rule(rights=[*_social_care, *_chairs, *_coordinators], never=_never),
    # Not the chair: nobody chooses who decides in their place for good.
    "hand on": Rule(rights=[*_coordinators, *_service_managers], never=_never),
}


def families_chaired(reader: Reader) -> Q | None:
    """Match families whose conference the reader chairs, until it is cancelled; registered with ``families.access``."""
    chair, stands_in = _chair(reader), _stands_in(reader)
    return None if chair is None or stands_in is None else _families_of_conferences(chair | stands_in)


def families_coordinated(reader: Reader) -> Q | None:
    """Match families whose conference the reader was appointed to coordinate, until it is cancelled."""
    condition = _own_coordinator(reader)
    return None if condition is None else _families_of_conferences(condition)


def _families_of_conferences(condition: Q) -> Q:
    conferences = Conference.objects.filter(condition).exclude(status=ConferenceStatus.CANCELLED)
    return Q(pk__one_of=array_of(conferences.values("family")))


def _in_post(role: Role, user: str, on: datetime.date) -> Q:
    """Match conferences of restricted cases whose ``user`` holds ``role`` in their council on a day."""
    roles = RoleAssignment.objects.current(on=on).filter(role=role)
    return Q(**{f"{user}__roles__in": roles, f"{user}__roles__authority": F("authority")})


def know_restricted(on: datetime.date) -> QuerySet[Any, Any]:
    """Return the chairs, stand-ins, coordinators and invited professionals of restricted cases."""
    conferences = Conference.objects.filter(family__restricted=True).order_by()
    live = conferences.exclude(status=ConferenceStatus.CANCELLED)
    chairs = RoleAssignment.objects.current(on=on).filter(role=Role.CHAIR)
    sittings = (
        sittings_still_chaired()
        .filter(conference__in=live.values("pk"))
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
        status=ParticipantStatus.INVITED,
        person__user__roles__in=RoleAssignment.objects.current(on=on),
    ).order_by()
    return (
        live.filter(_in_post(Role.CHAIR, "chair", on))
        .values_list("family_id", "chair_id")
        .union(
            live.filter(_in_post(Role.COORDINATOR, "coordinator", on)).values_list("family_id", "coordinator_id"),
            sittings.values_list("conference__family_id", "chair_id"),
            stand_ins.values_list("conference__family_id", "user_id"),
            invited.values_list("conference__family_id", "person__user_id"),
        )
    )


def is_barred_from(user: User, conference: Conference) -> bool:
    """Return whether no right can open the conference to the user: their own people, or a declared conflict."""
    return CONFERENCE_RULE.barred(Conference.objects.filter(pk=conference.pk), user).exists()


def chairs_of(conference: Conference, *, on: datetime.date) -> list[User]:
    """Return the active users who chair the conference on a day, its own chair first: all with the right "chair"."""
    sittings = sittings_still_chaired().filter(conference=conference)
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
    """Return the chair for whom the user stands in today; None for a chair in their own right, and for anyone else."""
    return conference.chair if RULES["chair"].right_of(user, conference) == STANDING_IN else None


def visible_conferences(who: User | Reader) -> QuerySet[Conference]:
    """Return the conferences the user may see, each annotated with ``right``, the reason why."""
    return CONFERENCE_RULE.visible(Conference.objects.all(), who)


def may(user: User, conference: Conference, *, to: To) -> bool:
    """Return whether the user may open the conference for this purpose, to show or hide a button."""
    return RULES[to].right_of(user, conference) is not None


def access_conference(
    request: HttpRequest, pk: int, *, to: To | Rule = "read", kind: ReadKind = ReadKind.PAGE
) -> Conference:
    """Return the conference with related rows, if the signed-in user may open it for this purpose, or by this rule.

    read: anyone with a right to it. arrange: social worker and manager of the case or its team, and coordinators.
    agree: manager of the team, chair and service managers. chair: the chair of it or of a sitting that was not
    cancelled, unless someone took over from them since, or today's stand-in for its chair. change children, correct,
    plan parts: social care, the chair and coordinators. record: chair and coordinators. minutes: coordinators.
    manage: managers of the team and of the service. name a stand-in: chair, coordinators and service managers. hand
    on: coordinators and service managers. move what was agreed: anyone who may be named for it. Writes the read log.
    Raises SignInRequired or Http404.
    """
    return open_row(
        request,
        CONFERENCES,
        to if isinstance(to, Rule) else RULES[to],
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda conference: [conference.family_id],
        persons=lambda conference: conference.person_ids,  # type: ignore[attr-defined]
        kind=kind,
        pk=pk,
    )


def _own_invitation(reader: Reader) -> Q | None:
    """Match invitations of the account holder, while they still hold the post they were invited in.

    Anyone the chair removed from the meeting is out of it at once. Council staff reach the conference through
    the case, family members through their own links.
    """
    posts = Post.objects.current(on=reader.today)
    removed = Attendance.objects.filter(participant=OuterRef("pk"), presence=Presence.REMOVED)
    conferences = Conference.objects.filter(status__in=UPCOMING)
    return Q(
        ~Exists(removed),
        Exists(conferences.filter(pk=OuterRef("conference"))),
        person__one_of=OWN_RECORDS,
        capacity__in=FROM_OTHER_AGENCIES,
        status=ParticipantStatus.INVITED,
    ) & (Q(post__isnull=True) | Q(post__in=posts.values("pk")))


def _barred_invitation(_reader: Reader) -> Q:
    """Match invitations of family members, and of users with a declared conflict, who can't come as professionals."""
    return Q(conference__family__one_of=BARRED_FAMILIES)


INVITATION_RULE = Rule(rights=(("invited", _own_invitation),), never=_barred_invitation)


def own_invitations(who: User | Reader) -> QuerySet[Participant]:
    """Return the user's current invitations as a professional to conferences still to come."""
    return INVITATION_RULE.visible(Participant.objects.all(), who)


def access_own_invitation(request: HttpRequest, pk: int) -> Participant:
    """Return the user's own invitation, if currently in force. Raises SignInRequired or Http404."""
    return open_row(
        request,
        INVITATIONS,
        INVITATION_RULE,
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda participant: [participant.conference.family_id],
        pk=pk,
    )
