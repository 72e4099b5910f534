"""Dates after the limit to which a user, as the manager, has to agree: ``who_answers`` for many at once."""

from __future__ import annotations

from collections import defaultdict

from django.utils import timezone

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from accounts.readers import ids_of_user
from conferences.enums import Party
from conferences.models import LateAgreement
from families.access import belonging
from families.models import NamedForFamily


def answered_as_manager(user: User) -> list[int]:
    """Return the ids of the questions to managers that this user answers, in a fixed number of queries.

    The team's manager; those named for a restricted case; the service managers where none of these is left, because
    nobody holds the role or because it is their own people's case.
    """
    today, councils = timezone.localdate(), user.authority_ids(Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
    asked = LateAgreement.objects.filter(
        party=Party.MANAGER, agreed_at__isnull=True, superseded_at__isnull=True, conference__authority__in=councils
    )
    rows = list(
        asked.values_list(
            "pk", "conference__authority", "conference__family", "conference__family__team",
            "conference__family__restricted",
        )
    )  # fmt: skip
    if not rows:
        return []
    of_team, of_service, managing = defaultdict(set), defaultdict(set), defaultdict(set)
    held = RoleAssignment.objects.current(on=today).filter(
        role__in=[Role.TEAM_MANAGER, Role.SERVICE_MANAGER], user__is_active=True, authority__in=councils
    )
    for who, role, team, council in held.values_list("user", "role", "team", "authority"):
        managing[council].add(who)
        if role == Role.TEAM_MANAGER:
            of_team[team].add(who)
        else:
            of_service[council].add(who)
    families = {family for _, _, family, _, _ in rows}
    named = defaultdict(set)
    for family, who in (
        NamedForFamily.objects.current(on=today).filter(family__in=families).values_list("family", "user")
    ):
        named[family].add(who)
    barred = defaultdict(set)
    for family, who in belonging():
        if family in families:
            barred[family].add(who)
    found = []
    for pk, council, family, team, restricted in rows:
        known = managing[council] & named[family]
        able = of_team[team] & known if restricted else of_team[team]
        if restricted and not able - barred[family]:
            able = known
        if not able - barred[family]:
            able = of_service[council] & known if restricted else of_service[council]
        if user.pk in able - barred[family]:
            found.append(pk)
    return found


ANSWERED_AS_MANAGER = ids_of_user("dates after the limit that the user answers as manager", answered_as_manager)
