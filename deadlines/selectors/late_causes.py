"""Why deadlines are or were late: who says so, who agrees, and what was said."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.readers import Parameter, Question, Reader
from accounts.rules import Rule
from deadlines.access import DEADLINE_RULE
from deadlines.enums import State
from deadlines.models import Deadline, LateCause
from deadlines.policies import policy_of
from deadlines.working_days.arithmetic import civil_day
from families.access import FAMILY_LEAD_RULE, FAMILY_MANAGE_RULE
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


# What was done late is asked about for as long as people remember it. It may be said, and what was said put right, at
# any time: an inspection or a complaint asks for it long after, and a cause given late is worth more in the council's
# figures than none. The pages of the date say so.
ASKED_FOR = datetime.timedelta(days=28)
ASKED_SINCE = Parameter(
    Question("since when causes are asked for", lambda _user: timezone.now() - ASKED_FOR), DateTimeField()
)


def is_late(deadline: Deadline, *, now: datetime.datetime) -> bool:
    """Return whether the deadline is late, or was met late."""
    return deadline.state(now) in (State.LATE, State.MET_LATE)


def is_no_longer_asked_for(deadline: Deadline, *, now: datetime.datetime) -> bool:
    """Return whether it was done so long ago that nobody is asked for its cause any more."""
    return deadline.met_at is not None and deadline.met_at <= now - ASKED_FOR


def is_explained_here(deadline: Deadline) -> bool:
    """Return whether its cause stands with the deadline: with a booked conference it stands for all its children."""
    return deadline.conference_id is None or deadline.kind not in OF_A_CONFERENCE


def _responsible(reader: Reader) -> Q:
    return Q(responsible_ids__contains=[reader.pk])


def _leads(reader: Reader) -> Q:
    families = FAMILY_LEAD_RULE.visible(Family.objects.all(), reader).filter(pk=OuterRef("family_id"))
    return Q(Exists(families), manager_from__lte=reader.now)


def _manages_the_service(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.SERVICE_MANAGER)
    if authorities is None:
        return None
    families = FAMILY_MANAGE_RULE.visible(Family.objects.all(), reader).filter(pk=OuterRef("family_id"))
    return Q(Exists(families), authority_id__one_of=authorities, service_manager_from__lte=reader.now)


# Who says why: whoever was responsible; once it has gone up the line, those too to whom it went.
EXPLAIN_RULE = Rule(
    rights=(("is responsible", _responsible), ("manages the case", _leads), ("service manager", _manages_the_service))
)


def unexplained(reader: Reader) -> QuerySet[Deadline]:
    """Return what is late, or was lately done late, whose cause stands with it and of which nobody has said why."""
    said = LateCause.objects.filter(deadline=OuterRef("pk"), replaced_at__isnull=True)
    found: QuerySet[Deadline] = Deadline.objects.filter(
        ~Exists(said),
        Q(met_at__isnull=True, late_from__lte=reader.now) | Q(met_at__gte=F("late_from"), met_at__gt=ASKED_SINCE),
        Q(conference_id__isnull=True) | ~Q(kind__in=sorted(OF_A_CONFERENCE)),
        not_needed="",
    )
    return found


def asked_as_responsible(reader: Reader) -> QuerySet[Deadline]:
    """Return of ``unexplained`` what the reader was or is responsible for."""
    return DEADLINE_RULE.visible(unexplained(reader).filter(_responsible(reader)), reader)


def asked_up_the_line(reader: Reader) -> QuerySet[Deadline] | None:
    """Return of ``unexplained`` what has gone up the line to the reader; None where no role allows it."""
    authorities = reader.authority_ids(Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
    if authorities is None:
        return None
    gone_up = _leads(reader) if (served := _manages_the_service(reader)) is None else _leads(reader) | served
    rows = unexplained(reader).filter(gone_up, ~_responsible(reader), authority_id__one_of=authorities)
    return DEADLINE_RULE.visible(rows, reader)


def may_explain(user: User, deadline: Deadline, *, now: datetime.datetime) -> bool:
    """Return whether the user says why the deadline is late: who is responsible, or to whom it went up the line."""
    if not is_late(deadline, now=now) or not is_explained_here(deadline):
        return False
    return DEADLINE_RULE.right_of(user, deadline) is not None and EXPLAIN_RULE.right_of(user, deadline) is not None


def explained_together(user: User, deadline: Deadline, *, now: datetime.datetime) -> list[Deadline]:
    """Return with ``deadline`` all of its kind in the case that the user may explain by the same words.

    Where its cause was said, those of which the same was said at once; otherwise those that nobody has explained.
    """
    alike = Deadline.objects.filter(family_id=deadline.family_id, kind=deadline.kind)
    standing = LateCause.objects.filter(deadline=deadline, replaced_at__isnull=True).first()
    if standing is None:
        since = now - ASKED_FOR
        said = LateCause.objects.filter(deadline=OuterRef("pk"), replaced_at__isnull=True)
        alike = alike.filter(~Exists(said), Q(met_at__isnull=True) | Q(met_at__gt=since), not_needed="").filter(
            conference_id=deadline.conference_id
        )
    else:
        alike = alike.filter(pk__in=same_statement(standing).values("deadline"))
    rows = alike.exclude(pk=deadline.pk).order_by("late_from", "pk")
    return [deadline, *(row for row in rows if may_explain(user, row, now=now))]


def same_statement(said: LateCause) -> QuerySet[LateCause]:
    """Return what the same person said at once about deadlines of the same kind and case, and still stands."""
    found: QuerySet[LateCause] = LateCause.objects.filter(
        deadline__family_id=said.deadline.family_id,
        deadline__kind=said.deadline.kind,
        recorded_by=said.recorded_by_id,
        recorded_at=said.recorded_at,
        cause=said.cause,
        reason=said.reason,
        replaced_at__isnull=True,
    )
    return found


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
