"""What was said, scored, planned, thought and decided, and what is still missing before a decision."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from conferences.enums import Outcome
from conferences.models import Conference, ConferenceChild, Decision, Participant
from conferences.selectors.children import children_listed, short_name_of
from deadlines.policies import Heading, Policy, Scale, policy_of
from entitlement import Concealed, Excerpt, may_be_shown_to_all
from families.models import Agency
from govuk.words import count
from meetings.enums import Given, ViewStatus
from meetings.models import BoardEntry, OutlineAction, SafetyStop, Score, View
from meetings.selectors.attendance import Attendee, absent_but_heard, asked, attendees_of, children_unheard

LONGEST_MISSING = 250

# The status that each outcome stands for when it is compared with what people recommended.
STATUS_OF_OUTCOME: dict[str, ViewStatus] = {
    Outcome.CP_PLAN: ViewStatus.CP_PLAN,
    Outcome.CIN_PLAN: ViewStatus.CIN_PLAN,
    Outcome.CIN_REFUSED: ViewStatus.CIN_PLAN,
    Outcome.FURTHER_ASSESSMENT: ViewStatus.NO_PLAN,
    Outcome.OTHER_SUPPORT: ViewStatus.NO_PLAN,
    Outcome.NOTHING: ViewStatus.NO_PLAN,
}


def children_on_the_day(conference: Conference) -> list[ConferenceChild]:
    """The children the conference is about, in the order of every page."""
    rows = children_listed(conference)
    for row in rows:
        row.conference = conference
    return rows


def policy_of_conference(conference: Conference) -> Policy:
    """The council's procedures under which the conference is held."""
    return policy_of(conference.policy_version_id)


# The board


@dataclass(frozen=True)
class Column:
    heading: Heading
    entries: list[BoardEntry]


def entries_of(conference: Conference) -> QuerySet[BoardEntry]:
    """What stands on the board, newest first, with all that a note shows."""
    return (
        conference.board.filter(withdrawn_at__isnull=True)
        .select_related("speaker__person", "speaker__agency", "part", "created_by")
        .prefetch_related("children__child__person", "private_to")
        .order_by("-created_at", "-pk")
    )


def excerpt_of(entry: BoardEntry) -> Excerpt:
    """A note of the board, as far as it decides who reads it."""
    return Excerpt(
        texts=(entry.text, entry.evidence, entry.seen_differently),
        children=frozenset(child.pk for child in entry.children.all()),
        private_to=frozenset(person.pk for person in entry.private_to.all()),
        part=entry.part_id,
    )


def board_of(
    conference: Conference,
    *,
    part_id: int | None = None,
    for_the_room: Concealed | None = None,
) -> list[Column]:
    """The board under the council's headings. With ``part_id`` only what was said in that part or before opening.

    ``for_the_room``, with what is hidden from one of those in it, leaves out what not all of them may see.
    """
    entries = entries_of(conference)
    if part_id is not None:
        entries = entries.filter(Q(part=part_id) | Q(part__isnull=True))
    by_heading: dict[str, list[BoardEntry]] = {}
    for entry in entries:
        if for_the_room is None or may_be_shown_to_all(excerpt_of(entry), for_the_room):
            by_heading.setdefault(entry.heading, []).append(entry)
    headings = policy_of_conference(conference).framework.headings
    return [Column(heading, by_heading.get(heading.key, [])) for heading in headings]


# Scores


@dataclass(frozen=True)
class ScoreRow:
    """One person who is asked. ``score`` stays empty, whatever was given, until the scores are shown."""

    participant: Participant
    is_in: bool
    score: Score | None


@dataclass(frozen=True)
class ScoreSheet:
    child: ConferenceChild
    scale: Scale
    rows: list[ScoreRow]
    explore_from: int

    @property
    def shown(self) -> bool:
        return self.child.scores_shown_at is not None

    @property
    def waiting(self) -> list[ScoreRow]:
        return [row for row in self.rows if not row.is_in]

    @property
    def count_in(self) -> int:
        return len(self.rows) - len(self.waiting)

    @property
    def given(self) -> list[Score]:
        """The numbers, lowest first; empty until they are shown."""
        scores = [row.score for row in self.rows if row.score and row.score.given == Given.GIVEN]
        return sorted(scores, key=lambda score: (score.value or 0, score.pk))

    @property
    def not_given(self) -> list[Score]:
        return [row.score for row in self.rows if row.score and row.score.given != Given.GIVEN]

    @property
    def lowest(self) -> int | None:
        return self.given[0].value if self.given else None

    @property
    def highest(self) -> int | None:
        return self.given[-1].value if self.given else None

    @property
    def spread(self) -> int:
        return spread_of([score.value for score in self.given if score.value is not None])

    @property
    def is_wide(self) -> bool:
        return self.spread > self.explore_from

    @property
    def needs_exploring(self) -> bool:
        return self.is_wide and not self.child.spread_explored.strip()

    @property
    def at_the_ends(self) -> list[tuple[int, list[Score]]]:
        """The highest and the lowest number, each with those who gave it."""
        if self.highest is None or self.lowest is None:
            return []
        return [(end, [row for row in self.given if row.value == end]) for end in (self.highest, self.lowest)]


def spread_of(values: Sequence[int]) -> int:
    """How many points lie between the lowest and the highest score."""
    return max(values) - min(values) if values else 0


def scores_in(conference: Conference) -> dict[int, list[Score]]:
    """What was scored for each of the children, with who gave it."""
    found: dict[int, list[Score]] = defaultdict(list)
    rows = Score.objects.filter(conference_child__conference=conference)
    for score in rows.select_related("participant__person", "participant__agency"):
        found[score.conference_child_id].append(score)
    return found


def scores_of(
    child: ConferenceChild,
    *,
    attendees: Iterable[Attendee] | None = None,
    given: Iterable[Score] | None = None,
) -> ScoreSheet:
    """Who is asked for a score for one child, who has given one, and, once they are shown, the scores."""
    conference = child.conference
    policy = policy_of_conference(conference)
    present = attendees_of(conference) if attendees is None else attendees
    scores = {
        score.participant_id: score for score in (scores_in(conference)[child.pk] if given is None else given)
    }
    people = {row.participant.pk: row.participant for row in asked(present, child, policy.gives_score)}
    people.update({pk: score.participant for pk, score in scores.items()})
    shown = child.scores_shown_at is not None
    return ScoreSheet(
        child=child,
        scale=policy.scale,
        rows=[
            ScoreRow(participant, is_in=pk in scores, score=scores.get(pk) if shown else None)
            for pk, participant in people.items()
        ],
        explore_from=policy.spread_to_explore,
    )


# The plan


def actions_of(conference: Conference) -> QuerySet[OutlineAction]:
    """The drafted plan, in the order in which it was agreed."""
    return (
        actions_drafted(conference)
        .select_related("who__person", "who__agency", "part")
        .prefetch_related("children__child__person", "private_to")
    )


def actions_drafted(conference: Conference) -> QuerySet[OutlineAction]:
    """The actions themselves, each with ``named_ids``, the children whom it names."""
    named = OutlineAction.children.through.objects.filter(outlineaction=OuterRef("pk"))
    return conference.outline.filter(withdrawn_at__isnull=True).annotate(
        named_ids=ArraySubquery(named.values("conferencechild"))
    )


def actions_for(
    child: ConferenceChild, *, actions: Iterable[OutlineAction] | None = None
) -> list[OutlineAction]:
    """The actions that concern one child: those that name it, and those that name nobody."""
    rows: Iterable[Any] = actions_of(child.conference) if actions is None else actions
    return [row for row in rows if not row.named_ids or child.pk in row.named_ids]


# Views


@dataclass(frozen=True)
class ViewRow:
    """One person and what they think; ``view`` is empty while nobody has asked."""

    participant: Participant
    view: View | None
    is_due: bool
    differs: bool = False


@dataclass(frozen=True)
class Majority:
    """What the professionals recommend, counted by person and by agency. It guides and does not bind."""

    by_person: dict[str, int]
    by_agency: dict[str, int]
    split_agencies: int

    @property
    def total(self) -> int:
        return sum(self.by_person.values())

    @property
    def status(self) -> str:
        """The status that more than half recommend; empty where there is none."""
        for status, number in self.by_person.items():
            if number * 2 > self.total:
                return status
        return ""

    @property
    def agreeing(self) -> int:
        return self.by_person.get(self.status, 0) if self.status else max(self.by_person.values(), default=0)

    @property
    def words(self) -> str:
        """Such as "7 of 8 say child protection plan"."""
        if not self.total:
            return "No professional has given a view"
        if self.status:
            verb = "says" if self.agreeing == 1 else "say"
            return f"{self.agreeing} of {self.total} {verb} {ViewStatus(self.status).label.lower()}"
        said = ", ".join(
            f"{number} {ViewStatus(status).label.lower()}" for status, number in self.by_person.items()
        )
        return f"No majority: {said}"

    @property
    def agency_words(self) -> str:
        """Such as "By agency: 5 child protection plan, 1 child in need plan"."""
        parts = [f"{number} {ViewStatus(status).label.lower()}" for status, number in self.by_agency.items()]
        if self.split_agencies:
            parts.append(f"{self.split_agencies} of more than one mind")
        return f"By agency: {', '.join(parts)}" if parts else ""


@dataclass(frozen=True)
class ViewSheet:
    child: ConferenceChild
    professionals: list[ViewRow]
    family: list[ViewRow]
    majority: Majority

    @property
    def rows(self) -> list[ViewRow]:
        return [*self.professionals, *self.family]

    @property
    def waiting(self) -> list[ViewRow]:
        return [row for row in self.rows if row.is_due and row.view is None]

    @property
    def due_count(self) -> int:
        return len([row for row in self.rows if row.is_due])


def views_in(conference: Conference) -> dict[int, list[View]]:
    """What was thought about each of the children, with who thought it."""
    found: dict[int, list[View]] = defaultdict(list)
    rows = View.objects.filter(conference_child__conference=conference)
    for view in rows.select_related("participant__person", "participant__agency"):
        found[view.conference_child_id].append(view)
    return found


def views_of(
    child: ConferenceChild,
    *,
    attendees: Iterable[Attendee] | None = None,
    given: Iterable[View] | None = None,
) -> ViewSheet:
    """What each person thinks about one child, professionals apart from the family, and what most recommend."""
    conference = child.conference
    policy = policy_of_conference(conference)
    present = list(attendees_of(conference) if attendees is None else attendees)
    views = {
        view.participant_id: view for view in (views_in(conference)[child.pk] if given is None else given)
    }
    due = {row.participant.pk: row.participant for row in asked(present, child, policy.gives_view)}
    people = {
        **due,
        # Family who are not asked, or not here, may still be quoted in their own words.
        **{
            row.participant.pk: row.participant
            for row in present
            if row.participant.is_family and row.concerns(child)
        },
        **{pk: view.participant for pk, view in views.items()},
    }
    majority = majority_of(views.values())
    rows = [
        ViewRow(
            participant,
            views.get(pk),
            is_due=pk in due,
            differs=bool(
                majority.status and pk in views and views[pk].status and views[pk].status != majority.status
            ),
        )
        for pk, participant in sorted(people.items())
    ]
    return ViewSheet(
        child=child,
        professionals=[row for row in rows if not row.participant.is_family],
        family=[row for row in rows if row.participant.is_family],
        majority=majority,
    )


def majority_of(views: Iterable[View]) -> Majority:
    """Count what professionals recommend: each person once, each agency once where its people agree."""
    by_person: dict[int, View] = {}
    for view in views:
        if view.given == Given.GIVEN and view.status and not view.participant.is_family:
            by_person.setdefault(view.participant.person_id, view)
    agencies: dict[Agency, set[str]] = {}
    for view in by_person.values():
        if view.participant.agency is not None:
            agencies.setdefault(view.participant.agency, set()).add(view.status)
    of_one_mind = Counter(next(iter(statuses)) for statuses in agencies.values() if len(statuses) == 1)
    return Majority(
        by_person=dict(Counter(view.status for view in by_person.values()).most_common()),
        by_agency=dict(of_one_mind.most_common()),
        split_agencies=len([statuses for statuses in agencies.values() if len(statuses) > 1]),
    )


# Stops and decisions


def open_stops(conference: Conference) -> list[SafetyStop]:
    """Children who are not safe tonight and for whom nobody has yet recorded what is done now."""
    rows = conference.safety_stops.filter(settled_at__isnull=True)
    return list(rows.select_related("conference_child__child__person", "said_by__person", "said_by__agency"))


def decisions_of(conference: Conference) -> QuerySet[Decision]:
    """The decisions in force, with all that a page shows of them."""
    return (
        Decision.objects.filter(conference_child__conference=conference, superseded_by__isnull=True)
        .select_related("conference_child__child__person", "key_worker", "decided_by", "sitting")
        .prefetch_related(
            "core_group__person", "core_group__agency", "consents__person", "dissents__participant__person"
        )
    )


def missing_before_decision(
    child: ConferenceChild,
    *,
    attendees: Iterable[Attendee],
    actions: Iterable[OutlineAction],
    views: ViewSheet,
    scores: ScoreSheet,
) -> list[str]:
    """What is not there yet, a sentence each; empty when the chair can decide.

    The plan comes first, then everybody's views, then the status (domain rule: all five guides). With a reason
    that the record prints the chair may go on without; a safety stop is not listed, it can't be gone over.
    """
    present = list(attendees)
    name = short_name_of(child.child)
    missing: list[str] = []
    if not child.no_plan_needed_reason.strip() and not actions_for(child, actions=actions):
        missing.append(f"No plan is drafted for {name}, and the chair has not said that none is needed")
    missing += [
        f"The view of {row.participant.person.full_name} about {name}, or why there is none"
        for row in views.waiting
    ]
    missing += [
        f"Who brings the views of {row.participant.person.full_name}, who is not here"
        for row in absent_but_heard(present, child)
        if row.heard_through is None
    ]
    missing += [
        f"Who brings the views of {row.child.person.full_name}, who is not here"
        for row in children_unheard(present, [child])
    ]
    missing += [
        f"The chair's decision whether and how {row.participant.person.full_name} takes part"
        for row in present
        if row.needs_the_chair
    ]
    if scores.needs_exploring:
        missing.append(
            f"What lies behind the scores for {name}, which are {count(scores.spread, 'point')} apart"
        )
    return [sentence[:LONGEST_MISSING] for sentence in missing]
