"""Why deadlines are or were late: who says so, who agrees, and what was said."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from accounts.enums import Role
from accounts.models import User
from accounts.readers import Reader
from accounts.rules import Rule
from deadlines.access import DEADLINE_RULE
from deadlines.enums import State
from deadlines.models import Deadline, LateCause
from deadlines.policies import policy_of
from deadlines.working_days.arithmetic import civil_day
from families.access import FAMILY_MANAGE_RULE, may_manage_family
from families.models import Family

# The clocks to whose lateness the council's procedures ask someone to agree (`late-agreed-by`). Once a conference is
# booked, its date is agreed to with it.
OF_A_CONFERENCE = frozenset(
    {
        "initial-conference", "pre-birth-conference", "transfer-in-conference", "first-review", "next-review",
        "after-birth",
    }
)  # fmt: skip
BEFORE_BIRTH, TIMING = "pre-birth-conference", "pre-birth-timing"
# Without a conference there is no chair yet: the manager answers alone.
ASKED: dict[str, Role] = {
    "team manager and chair": Role.TEAM_MANAGER,
    "team manager": Role.TEAM_MANAGER,
    "senior manager": Role.SERVICE_MANAGER,
    "service manager": Role.SERVICE_MANAGER,
}


def is_late(deadline: Deadline, *, now: datetime.datetime) -> bool:
    """Return whether the deadline is late, or was met late."""
    return deadline.state(now) in (State.LATE, State.MET_LATE)


def is_explained_here(deadline: Deadline) -> bool:
    """Return whether its cause stands with the deadline: with a booked conference it stands for all its children."""
    return deadline.conference_id is None or deadline.kind not in OF_A_CONFERENCE


def may_explain(user: User, deadline: Deadline, *, now: datetime.datetime) -> bool:
    """Return whether the user says why the deadline is late: who is responsible for it, or manages the case."""
    if not is_late(deadline, now=now) or not is_explained_here(deadline):
        return False
    if DEADLINE_RULE.right_of(user, deadline) is None:
        return False
    return user.pk in deadline.responsible_ids or may_manage_family(user, Family.objects.get(pk=deadline.family_id))


def asked_of(deadline: Deadline) -> str:
    """Return the role whose holder has to agree by the procedures; "" where no one has to."""
    if deadline.kind not in OF_A_CONFERENCE:
        return ""
    return str(ASKED.get(policy_of(deadline.policy_version_id).value("late-agreed-by"), ""))


def _managed(reader: Reader) -> Q:
    families = FAMILY_MANAGE_RULE.visible(Family.objects.all(), reader).filter(pk=OuterRef("deadline__family_id"))
    return Q(Exists(families), asked_of=Role.TEAM_MANAGER)


def _served(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.SERVICE_MANAGER)
    if authorities is None:
        return None
    families = FAMILY_MANAGE_RULE.visible(Family.objects.all(), reader).filter(pk=OuterRef("deadline__family_id"))
    return Q(Exists(families), asked_of=Role.SERVICE_MANAGER, deadline__authority_id__one_of=authorities)


def _said_themselves(reader: Reader) -> Q:
    return Q(recorded_by=reader.pk)


LATE_CAUSE_RULE = Rule(rights=(("manages the case", _managed), ("service manager", _served)), never=_said_themselves)


def may_agree_to_cause(user: User, cause: LateCause) -> bool:
    """Return whether a cause waits for the user's agreement; no one agrees to their own."""
    waits = cause.replaced_at is None and cause.agreed_at is None and cause.asked_of != ""
    return waits and LATE_CAUSE_RULE.right_of(user, cause) is not None


def causes_said(deadline: Deadline) -> list[LateCause]:
    """Return all that was said, the newest first."""
    rows = LateCause.objects.filter(deadline=deadline).select_related("recorded_by", "agreed_by")
    return list(rows.order_by("-recorded_at", "-pk"))


def cause_label(deadline: Deadline, cause: str) -> str:
    """Return the council's words for a cause."""
    return dict(policy_of(deadline.policy_version_id).lateness_causes).get(cause, cause)


def timing_of(deadline: Deadline) -> str:
    """Return the council's words for "pre-birth timing" where a limit before a birth had ended as it was first counted.

    Then nobody was slow, and it is never merely late: the cause stands beside it until someone says another.
    """
    if deadline.kind != BEFORE_BIRTH or deadline.due_on > civil_day(deadline.created_at):
        return ""
    return dict(policy_of(deadline.policy_version_id).lateness_causes).get(TIMING, "")


def labels_of(deadlines: Collection[Deadline]) -> dict[int, str]:
    """Return the cause that counts for each of these deadlines that has one, by id, in the council's words."""
    standing = LateCause.objects.filter(deadline__in=[row.pk for row in deadlines], replaced_at__isnull=True)
    said = dict(standing.values_list("deadline", "cause"))
    labels = {row.pk: cause_label(row, said[row.pk]) if row.pk in said else timing_of(row) for row in deadlines}
    return {pk: label for pk, label in labels.items() if label}
