"""What waits for a decision in the apps below: accounts, break-glass, merges, and after a child's death."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Case, Exists, F, Func, Min, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import NullIf

from accounts.enums import CONFIRMING_ROLES, ProposalState, Role
from accounts.models import AccountProposal, RoleAssignment, RoleProposal, User
from accounts.readers import Reader, ids_of_user
from deadlines.access import DEADLINE_RULE, SECOND_ROLES, may_put_in_force
from deadlines.clocks import registry
from deadlines.models import Deadline, LateCause, PolicyDraft
from deadlines.selectors.late_causes import LATE_CAUSE_RULE, OF_A_CONFERENCE, asked_as_responsible, asked_up_the_line
from deadlines.to_decide import DecisionKind, decision_kinds, matters
from families.access import FAMILY_MANAGE_RULE, GLASS_REVIEW_RULE, MERGE_SETTLE_RULE, REVIEWS_AS_NAMED
from families.enums import MergeState
from families.models import BreakGlass, Child, Family, FamilyMember, PersonMerge
from families.selectors.losses import messages_around
from families.selectors.names import full_name_in_sql
from notifications.enums import MessageState
from notifications.models import Message


def _proposals(model: type[RoleProposal | AccountProposal]) -> Callable[[Reader], Any]:
    def waiting(reader: Reader) -> QuerySet[Any, Any] | None:
        """Return what was asked for and the reader, as a second person, may confirm (``Confirmers.apart_from``)."""
        first, *others = CONFIRMING_ROLES
        administered, managed = reader.authority_ids(first), reader.authority_ids(*others)
        administrators = RoleAssignment.objects.current(on=reader.today).filter(
            role=first, user__is_active=True, authority=OuterRef("authority")
        )
        apart = administrators.exclude(user=OuterRef("proposed_by")).exclude(user=OuterRef("user"))
        mine = Q(pk__in=[])
        if administered is not None:
            mine |= Q(authority__one_of=administered)
        if managed is not None:
            mine |= Q(~Exists(apart), authority__one_of=managed)
        asked = model._default_manager.filter(mine, state=ProposalState.PROPOSED)
        others_asked = asked.exclude(proposed_by=reader.pk).exclude(user=reader.pk)
        return matters(others_asked, since="proposed_at", about="user__name")

    return waiting


def _glasses(reader: Reader) -> QuerySet[Any, Any]:
    """Return cases opened by break-glass that the reader reviews (``reviewers_of``)."""
    reviewed = Q(pk__one_of=REVIEWS_AS_NAMED)
    if (managed := reader.authority_ids(Role.SERVICE_MANAGER)) is not None:
        reviewed |= Q(family__authority__one_of=managed)
    rows = GLASS_REVIEW_RULE.visible(BreakGlass.objects.filter(reviewed, reviewed_at__isnull=True), reader)
    return matters(rows.exclude(user=reader.pk), since="opened_at", args=["pk"], about="user__name")


def _merges(reader: Reader) -> QuerySet[Any, Any]:
    """Return records that are to be joined or separated, where another person asked for it."""
    rows = MERGE_SETTLE_RULE.visible(PersonMerge.objects.all(), reader)
    join = Q(state=MergeState.PROPOSED) & ~Q(proposed_by=reader.pk)
    part = Q(state=MergeState.AGREED, undo_asked_by__isnull=False) & ~Q(undo_asked_by=reader.pk)
    since = Case(When(state=MergeState.PROPOSED, then="proposed_at"), default="undo_asked_at")
    return matters(rows.filter(join | part), since=since, args=["pk"])


def _outer(depth: int) -> OuterRef:
    return OuterRef("pk" if depth == 1 else _outer(depth - 1))


def _held(reader: Reader) -> QuerySet[Any, Any]:
    """Return the families with messages that wait since a death; each is released or kept back by itself."""
    held = Message.objects.filter(state=MessageState.HELD).order_by()
    theirs = Q(person__in=held.values("person_id")) | Q(
        person__child__relationships__person__in=held.values("person_id")
    )
    around = FamilyMember.objects.filter(theirs, ends_on__isnull=True).order_by().values("family")
    families = FAMILY_MANAGE_RULE.visible(Family.objects.filter(pk__in=around), reader)
    oldest = messages_around(held, _outer).order_by("created_at").values("created_at")
    rows = families.annotate(held_since=Subquery(oldest[:1])).filter(held_since__isnull=False)
    return matters(rows, since="held_since", args=["pk"], family="pk")


def _put_in_force_by(user: User) -> list[int]:
    """Return the ids of the drafts that this user may put in force: one for a council at most."""
    proposed = PolicyDraft.objects.filter(ended_at__isnull=True, proposed_at__isnull=False)
    councils = proposed.filter(authority__in=user.authority_ids(*SECOND_ROLES))
    return [draft.pk for draft in councils if may_put_in_force(user, draft)]


PUT_IN_FORCE_BY_READER = ids_of_user("drafts of procedures that the user puts in force", _put_in_force_by)


def _drafts(reader: Reader) -> QuerySet[Any, Any] | None:
    if not reader.holds(*SECOND_ROLES):
        return None
    rows = PolicyDraft.objects.filter(pk__one_of=PUT_IN_FORCE_BY_READER)
    return matters(rows, since="proposed_at", args=["pk"], about="authority__name")


def _late_together(deadline: str = "") -> Func:
    """Return what is late and about whom, such as "Visit and see the child, Robin Brambley, Wren Brambley"."""
    titles = [When(**{f"{deadline}kind": kind}, then=Value(clock.title)) for kind, clock in registry.items()]
    title = Case(*titles, default=F(f"{deadline}kind"), output_field=TextField())
    child = Child.objects.filter(pk=OuterRef(f"{deadline}child_id")).values(name=full_name_in_sql("person"))
    what, about = NullIf(F(f"{deadline}what"), Value("")), Subquery(child[:1], output_field=TextField())
    each = NullIf(Func(Value(", "), what, about, function="concat_ws", output_field=TextField()), Value(""))
    names = StringAgg(each, delimiter=", ", distinct=True, output_field=TextField())
    return Func(Value(", "), title, names, function="concat_ws", output_field=TextField())


def _late_causes(reader: Reader) -> QuerySet[Any, Any]:
    """Return why deadlines are late, where the procedures ask the reader to agree; the service asks the same rule.

    What was said at once about all children of a case is one matter.
    """
    waiting = LateCause.objects.filter(replaced_at__isnull=True, agreed_at__isnull=True).exclude(asked_of="")
    open_to_them = DEADLINE_RULE.visible(Deadline.objects.all(), reader).values("pk")
    rows = LATE_CAUSE_RULE.visible(waiting.filter(deadline__in=open_to_them), reader).order_by()
    return matters(
        rows.values("deadline__family_id", "deadline__kind", "recorded_by", "recorded_at", "cause", "reason"),
        since=F("recorded_at"),
        args=[Min("deadline_id")],
        family="deadline__family_id",
        about=_late_together("deadline__"),
    )


def _of_conferences(rows: QuerySet[Deadline], *, are: bool) -> QuerySet[Any, Any]:
    """Return late deadlines that are, or are not, about when a conference is held: one matter for a kind and case."""
    of_conferences = Q(kind__in=sorted(OF_A_CONFERENCE))
    chosen = rows.filter(of_conferences if are else ~of_conferences)
    return matters(
        chosen.order_by().values("family_id", "kind", "conference_id"),
        since=Min("late_from"),
        args=[Min("pk")],
        family="family_id",
        about=_late_together(),
    )


def _causes_asked(
    asked: Callable[[Reader], QuerySet[Deadline] | None], *, of_conferences: bool
) -> Callable[[Reader], QuerySet[Any, Any] | None]:
    def waiting(reader: Reader) -> QuerySet[Any, Any] | None:
        rows = asked(reader)
        return None if rows is None else _of_conferences(rows, are=of_conferences)

    return waiting


def _kinds_of_causes() -> Iterator[DecisionKind]:
    """Yield what is asked of those responsible, and of those to whom it went up the line: never both of one person.

    Each is a query of its own, so that the database finds what someone answers for by its index.
    """
    for asked in (asked_as_responsible, asked_up_the_line):
        yield DecisionKind(
            "late-cause-missing",
            "Say why a conference is past its time limit",
            "deadlines:late-cause",
            _causes_asked(asked, of_conferences=True),
            order=42,
        )
        yield DecisionKind(
            "late-cause-of-other",
            "Say why this is late",
            "deadlines:late-cause",
            _causes_asked(asked, of_conferences=False),
            order=90,
        )


KINDS = (
    *_kinds_of_causes(),
    DecisionKind(
        "late-cause", "Agree to why a time limit was missed", "deadlines:agree-late-cause", _late_causes, order=42
    ),
    DecisionKind("held", "Decide which messages to the family are sent", "families:held", _held, order=20),
    DecisionKind("role", "Confirm or refuse a role", "users:waiting", _proposals(RoleProposal), order=60),
    DecisionKind(
        "account", "Confirm or refuse a change of an account", "users:waiting", _proposals(AccountProposal), order=60
    ),
    DecisionKind("glass", "Review why a case was opened by break-glass", "families:review-glass", _glasses, order=70),
    DecisionKind(
        "procedures", "Put the council's new procedures in force", "deadlines:put-policy-in-force", _drafts, order=75
    ),
    DecisionKind("merge", "Decide whether two records are one person", "families:merge", _merges, order=80),
)


def register_kinds() -> None:
    """Connect them; called once from ``deadlines.hooks``."""
    for kind in KINDS:
        decision_kinds.connect(kind)
