"""Who may chair or coordinate a conference, who is free for it, and who did at any time."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from conferences.access import CONFERENCE_RULE, is_barred_from
from conferences.enums import ConferenceStatus, Job, SittingState
from conferences.models import Conference, Replacement, Sitting
from deadlines.models import Deadline
from families.models import Allocation
from govuk import words

ROLES = {Job.CHAIR: Role.CHAIR, Job.COORDINATOR: Role.COORDINATOR}
PAPERS = ("decisions-sent", "minutes-sent")
AHEAD = (SittingState.BOOKED, SittingState.IN_SESSION)


@dataclass(frozen=True)
class Runs:
    """Who chairs and who coordinates a conference, by user id."""

    chair_id: int | None
    coordinator_id: int | None

    def who(self, job: str) -> int | None:
        return self.chair_id if job == Job.CHAIR else self.coordinator_id


@dataclass(frozen=True)
class Candidate:
    """Someone who could take over, and the times at which they are booked then; never for which case."""

    user: User
    booked: tuple[str, ...] = ()

    @property
    def is_free(self) -> bool:
        return not self.booked


def runs_now(conference: Conference) -> Runs:
    """Return who chairs and who coordinates it now."""
    return Runs(conference.chair_id, conference.coordinator_id)


def runs_at(now: Runs, replacements: Iterable[Replacement], moment: datetime.datetime) -> Runs:
    """Return who did at a moment, by undoing what was replaced since; ``replacements`` come newest first."""
    held = {Job.CHAIR: now.chair_id, Job.COORDINATOR: now.coordinator_id}
    for row in replacements:
        if row.at > moment:
            held[Job(row.job)] = row.before_id
    return Runs(held[Job.CHAIR], held[Job.COORDINATOR])


def who_can(job: Job, conference: Conference, *, on: datetime.date) -> QuerySet[User]:
    """Return the active users who hold the role in the conference's council on a day, by name."""
    held = RoleAssignment.objects.current(on=on).filter(authority=conference.authority_id, role=ROLES[job])
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk")


def may_not_run(user: User, job: Job, conference: Conference, *, on: datetime.date) -> bool:
    """Return whether someone can't chair or coordinate this conference, whatever role they hold.

    Nobody runs a conference about their own people, or where they declared a conflict of interest. A chair is
    independent: never whoever holds the case, or manages the team that does.
    """
    if is_barred_from(user, conference):
        return True
    if job != Job.CHAIR:
        return False
    holds = Allocation.objects.current(on=on).filter(user=user, family=conference.family_id)
    manages = RoleAssignment.objects.current(on=on).filter(
        user=user, role=Role.TEAM_MANAGER, team=conference.family.team_id
    )
    return holds.exists() or manages.exists()


def candidates(job: Job, conference: Conference, *, on: datetime.date) -> list[Candidate]:
    """Return who could take over from whoever has the job now; as ``candidates_for``."""
    return candidates_for(job, [conference], on=on)[conference.pk]


def candidates_for(job: Job, conferences: Sequence[Conference], *, on: datetime.date) -> dict[int, list[Candidate]]:
    """Return by conference who could take over, each with what they are booked for at the time of its sitting ahead.

    Only a chair's diary is kept. Without a sitting ahead everyone is free. The number of queries grows with the
    people, never with the conferences.
    """
    authorities = {row.authority_id for row in conferences}
    held = RoleAssignment.objects.current(on=on).filter(
        authority__in=authorities, role=ROLES[job], user__is_active=True
    )
    users_of: dict[int | None, dict[int, User]] = defaultdict(dict)
    for role in held.select_related("user").order_by("user__name", "user"):
        users_of[role.authority_id][role.user_id] = role.user
    users = {pk: user for people in users_of.values() for pk, user in people.items()}
    rows = Conference.objects.filter(pk__in=[row.pk for row in conferences])
    barred = {(found, pk) for pk, user in users.items() for found in _barred(rows, user)}
    dependent = _dependent(conferences, users, on=on) if job == Job.CHAIR else set()
    booked = _booked_beside(conferences, users) if job == Job.CHAIR else {}
    return {
        row.pk: [
            Candidate(user, tuple(booked.get((row.pk, pk), ())))
            for pk, user in users_of[row.authority_id].items()
            if pk != runs_now(row).who(job) and (row.pk, pk) not in barred and (row.family_id, pk) not in dependent
        ]
        for row in conferences
    }


def _barred(rows: QuerySet[Conference], user: User) -> list[int]:
    return list(CONFERENCE_RULE.barred(rows, user).values_list("pk", flat=True))


def _dependent(conferences: Iterable[Conference], users: Iterable[int], *, on: datetime.date) -> set[tuple[int, int]]:
    """Return the pairs of family and user where they hold its case, or manage the team that does."""
    families = {row.family_id for row in conferences}
    holds = Allocation.objects.current(on=on).filter(user__in=users, family__in=families)
    manages = RoleAssignment.objects.current(on=on).filter(
        user__in=users, role=Role.TEAM_MANAGER, team__families__in=families
    )
    return {*holds.values_list("family", "user"), *manages.values_list("team__families", "user")}


def _booked_beside(conferences: Iterable[Conference], users: Iterable[int]) -> dict[tuple[int, int], list[str]]:
    """Return by conference and user the times at which they are booked then, as the database's constraint sees it."""
    own = {row.pk for row in conferences}
    ahead = Sitting.objects.filter(conference__in=own, state__in=AHEAD, recorded_afterwards_reason="")
    overlapping = Sitting.objects.filter(
        booked_from__lt=OuterRef("booked_until"), booked_until__gt=OuterRef("booked_from")
    )
    others = Sitting.objects.filter(
        Exists(overlapping.filter(pk__in=ahead.values("pk")).exclude(pk=OuterRef("pk"))),
        chair__in=users,
        recorded_afterwards_reason="",
    ).exclude(state=SittingState.CANCELLED)
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    busy = list(others.order_by("booked_from"))
    for sitting in ahead:
        for other in busy:
            if other.pk != sitting.pk and (
                other.booked_from < sitting.booked_until and other.booked_until > sitting.booked_from
            ):
                said = f"{words.clock(other.booked_from)} to {words.clock(other.booked_until)}"
                found[sitting.conference_id, other.chair_id].append(said)
    return found


def replacements_of(conference: Conference) -> QuerySet[Replacement]:
    """Return who took over from whom, newest first."""
    return conference.replacements.select_related("before", "after", "by")


def unfinished(conferences: QuerySet[Conference]) -> QuerySet[Conference]:
    """Return those that someone has to run: booked, going on, or with a letter or minutes still to come."""
    papers = Deadline.objects.filter(conference_id=OuterRef("pk"), kind__in=PAPERS, met_at=None, not_needed="")
    going_on = Q(status__in=(ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN))
    return conferences.filter(going_on | Q(Exists(papers), status=ConferenceStatus.CLOSED))


def who_led(conference: Conference) -> list[User]:
    """Return who chaired the sittings that were held, in order, also where someone took over during one."""
    replaced = [row for row in replacements_of(conference).reverse() if row.job == Job.CHAIR]
    held = conference.sittings.exclude(state=SittingState.CANCELLED).filter(opened_at__isnull=False)
    found: dict[int, User] = {}
    for sitting in held.select_related("chair").order_by("number"):
        for row in replaced:
            began, ended = sitting.opened_at or sitting.starts_at, sitting.ended_at
            if began <= row.at and (ended is None or row.at < ended):
                found.setdefault(row.before_id, row.before)
        found.setdefault(sitting.chair_id, sitting.chair)
    return list(found.values())


def who_took_notes(conference: Conference) -> User | None:
    """Return who coordinated the conference when it ended, or does now."""
    if conference.ended_at is None:
        return conference.coordinator
    pk = runs_at(runs_now(conference), replacements_of(conference), conference.ended_at).coordinator_id
    return User.objects.get(pk=pk) if pk and pk != conference.coordinator_id else conference.coordinator
