"""Reads what plans say: one plan, brothers and sisters side by side, or a plan as it was in a version."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from deadlines.policies import policy_for
from families.models import AgencyInvolvement, FamilyMember, Person, Post
from families.selectors.agency_names import confidential_agencies, holder_without
from families.selectors.people import adults_for
from families.selectors.young_parents import apart_from
from govuk.words import listed
from plans.access import PLAN_CARRY_RULE
from plans.enums import PlanEntryKind
from plans.models import ActionSharer, Plan, PlanAction, PlanEntry
from plans.selectors.managers import family_of

Row = PlanAction | PlanEntry

WORDS = {
    PlanAction: ("what", "why", "how_known", "by_when", "by_when_words", "who_person_id", "who_post_id", "who_else"),
    PlanEntry: (
        "text", "services", "we_do", "how_often", "from_when", "who_person_id", "who_post_id", "who_else",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """What one or several of the children's plans say in the same words; ``all_say`` where every plan shown does."""

    rows: Sequence[Any]
    plans: Sequence[Plan]
    all_say: bool

    @property
    def row(self) -> Any:
        return self.rows[0]

    @property
    def for_children(self) -> str:
        return listed([plan.child.person.short_name for plan in self.plans])

    @property
    def progress(self) -> list[tuple[Plan, PlanAction]]:
        """Return how far each child's action has come; one where it is the same for all."""
        pairs = list(zip(self.plans, self.rows, strict=True))
        same = len({(row.progress, row.progress_note) for _, row in pairs}) == 1
        return pairs[:1] if same else pairs

    @property
    def differs(self) -> bool:
        return len(self.progress) > 1


@dataclass
class Outcome:
    """An outcome with the actions that lead to it; ``line`` is None for what names no outcome of the plan."""

    line: Line | None
    actions: list[Line] = field(default_factory=list)


@dataclass
class Need:
    """A need with its outcomes; ``line`` is None for what names no need of the plan."""

    line: Line | None
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True)
class Document:
    """What the plans say, in the order in which it is read. ``needs`` ends with what stands under no need."""

    plans: Sequence[Plan]
    danger: list[Line]
    goal: list[Line]
    wishes: list[Line]
    needs: list[Need]
    visiting: list[Line]
    roles: list[Line]
    contingency: list[Line]

    @property
    def actions(self) -> list[Line]:
        return [line for need in self.needs for outcome in need.outcomes for line in outcome.actions]


def with_words(rows: QuerySet[Any], *, actions: bool) -> QuerySet[Any]:
    """Return rows with everything that their words need, in a fixed number of queries."""
    rows = rows.select_related("who_person", "who_post__agency", "who_post__person", "since").prefetch_related(
        "private_to"
    )
    if actions:
        sharers = ActionSharer.objects.select_related("person", "post__agency")
        rows = rows.select_related("outline__conference", "outline__part").prefetch_related(
            Prefetch("sharers", sharers)
        )
    return rows.order_by("created_at", "pk")


def document_of(plans: Sequence[Plan], *, version: int | None = None) -> Document:
    """Return what these plans say now, or what the one plan said in the version of this number."""
    ids = [plan.pk for plan in plans]
    found: list[list[Any]] = []
    for model in (PlanEntry, PlanAction):
        rows: Any = model.objects.filter(plan__in=ids)
        rows = rows.standing() if version is None else rows.in_version(version)
        found.append(list(with_words(rows, actions=model is PlanAction)))
    return compose(plans, entries=found[0], actions=found[1])


def compose(plans: Sequence[Plan], *, entries: Iterable[PlanEntry], actions: Iterable[PlanAction]) -> Document:
    """Put rows into the order in which a plan is read, those of one thread and the same words as one line."""
    entries = list(entries)
    of_kind = {kind: _lines(plans, [row for row in entries if row.kind == kind]) for kind in PlanEntryKind}
    loose = Outcome(None)
    by_thread: dict[uuid.UUID, list[Outcome]] = {}
    shown = [Outcome(line) for line in of_kind[PlanEntryKind.OUTCOME]]
    for outcome in shown:
        by_thread.setdefault(outcome.line.row.thread, []).append(outcome)  # type: ignore[union-attr]
    for line in _lines(plans, list(actions)):
        homes = by_thread.get(line.row.under)
        (homes[0] if homes else loose).actions.append(line)
    needs = [Need(line) for line in of_kind[PlanEntryKind.NEED]]
    home_of: dict[uuid.UUID, Need] = {}
    for need in needs:
        home_of.setdefault(need.line.row.thread, need)  # type: ignore[union-attr]
    rest = Need(None)
    for outcome in shown:
        home_of.get(outcome.line.row.under, rest).outcomes.append(outcome)  # type: ignore[union-attr]
    if loose.actions:
        rest.outcomes.append(loose)
    return Document(
        plans=plans,
        danger=of_kind[PlanEntryKind.DANGER],
        goal=of_kind[PlanEntryKind.GOAL],
        wishes=of_kind[PlanEntryKind.WISHES],
        needs=[*needs, *([rest] if rest.outcomes else [])],
        visiting=of_kind[PlanEntryKind.VISITING],
        roles=of_kind[PlanEntryKind.ROLE],
        contingency=of_kind[PlanEntryKind.CONTINGENCY],
    )


def words_key(row: Row) -> tuple[Any, ...]:
    """Return what makes two rows of a thread say the same."""
    sharers = tuple((one.person_id, one.post_id) for one in row.sharers.all()) if isinstance(row, PlanAction) else ()
    private = tuple(sorted(person.pk for person in row.private_to.all()))
    return (*(getattr(row, name) for name in WORDS[type(row)]), row.under, sharers, private)


def _lines(plans: Sequence[Plan], rows: Sequence[Any]) -> list[Line]:
    by_id = {plan.pk: plan for plan in plans}
    same: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        same.setdefault((row.thread, *words_key(row)), []).append(row)
    order = {pk: place for place, pk in enumerate(by_id)}
    lines = []
    for found in same.values():
        found.sort(key=lambda row: order[row.plan_id])
        lines.append(Line(found, [by_id[row.plan_id] for row in found], len(found) == len(plans)))
    return lines


def plans_written_with(plan: Plan, user: User, *, on: datetime.date) -> list[Plan]:
    """Return the plan and the open plans of the brothers and sisters that ``user`` carries too, by name.

    Never those of a young parent with the baby's: they stand apart, and nothing is written in both.
    """
    families = FamilyMember.objects.current(on=on).filter(person=plan.child.person_id).values("family")
    members = FamilyMember.objects.current(on=on).filter(family__in=families)
    others = Plan.objects.filter(
        child__person__in=members.values("person"), held_elsewhere="", ends_on__isnull=True
    ).exclude(child=plan.child_id)
    others = others.exclude(child__in=apart_from([plan.child_id], on=on))
    carried = PLAN_CARRY_RULE.visible(others, user).select_related("child__person", "child__pregnancy", "authority")
    return [plan, *sorted(carried, key=lambda row: (row.child.person.full_name, row.pk))]


def people_for(plans: Sequence[Plan], *, on: datetime.date, also: Iterable[Row] = ()) -> dict[str, tuple[Any, str]]:
    """Return who may be named in these plans, by key: the family, the children, and who works with them.

    Each as (person, post) with the words that name them on a page; ``also`` are rows whose people stay choices.
    """
    children = [plan.child for plan in plans]
    family = family_of(children[0])
    hidden = confidential_agencies(family.pk if family else None)
    found: dict[str, tuple[tuple[Person, Post | None], str]] = {}
    for person in [*(adult.person for adult in adults_for(children, on=on)), *(child.person for child in children)]:
        found.setdefault(f"person-{person.pk}", ((person, None), person.full_name))
    known = AgencyInvolvement.objects.current(on=on).filter(child__in=children, post__isnull=False)
    posts = Post.objects.filter(pk__in=known.values("post"), ends_on__isnull=True) | Post.objects.filter(
        pk__in=[row.who_post_id for row in also if row.who_post_id]
    )
    for post in posts.select_related("person", "agency").order_by("pk"):
        found.setdefault(f"post-{post.pk}", ((post.person, post), holder_without(post, hidden)))
    for row in also:
        sharers = list(row.sharers.select_related("person", "post")) if isinstance(row, PlanAction) else []
        named = [(row.who_person, row.who_post), *((one.person, one.post) for one in sharers)]
        for one, post_of in named:
            if one is not None:
                found.setdefault(key_of(one, post_of), ((one, post_of), one.full_name))
    return found


def key_of(person: Person, post: Post | None) -> str:
    """Return the key under which someone stands in ``people_for``."""
    return f"post-{post.pk}" if post else f"person-{person.pk}"


def has_danger_statement(plan: Plan, *, on: datetime.date) -> bool:
    """Return whether the council's framework has a danger statement and a safety goal."""
    keys = {heading.key for heading in policy_for(plan.authority_id, on=on).framework.headings}
    return "danger-statement" in keys


def names_for_private(plans: Sequence[Plan], *, on: datetime.date) -> QuerySet[Person]:
    """Return whose private information a plan may hold: the adults around the children."""
    adults = [adult.person.pk for adult in adults_for([plan.child for plan in plans], on=on)]
    return Person.objects.filter(Q(pk__in=adults)).order_by("family_name", "given_name", "pk")
