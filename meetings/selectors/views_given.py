"""What each participant thinks about each child, and what most of them recommend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from conferences.enums import ConferenceStatus
from conferences.models import Conference, ConferenceChild, Part, Participant
from conferences.selectors.procedures import policy_of_conference
from govuk.words import listed
from meetings.enums import AnswerKind, HarmAnswer
from meetings.models import View
from meetings.selectors.attendance import Attendee, asked, asked_for_view, attendees_of, fill_in, part_of, parts_of
from meetings.selectors.majority import Majority
from meetings.selectors.rounds import Ended, not_recorded_yet, rounds_ended, waited_for
from meetings.selectors.rule_of_decision import RuleOfDecision, rule_of_decision


@dataclass(frozen=True)
class ViewRow:
    """One person and their view; ``view`` is None until they have been asked, and while it is hidden."""

    participant: Participant
    view: View | None
    is_due: bool
    differs: bool = False
    # An answer is in; it is shown when the round is over.
    is_hidden: bool = False
    version: int = 0

    @property
    def is_in(self) -> bool:
        return self.view is not None or self.is_hidden


@dataclass(frozen=True)
class ViewSheet:
    child: ConferenceChild
    professionals: list[ViewRow]
    family: list[ViewRow]
    rule: RuleOfDecision
    asks_category: bool = True
    # Those asked who are in the part under way and have not answered, and those of whom that is not recorded.
    waited_for: list[Attendee] = field(default_factory=list)
    unrecorded: list[Attendee] = field(default_factory=list)
    is_over: bool = False

    @property
    def majority(self) -> Majority:
        """Return what most professionals recommend."""
        return self.rule.professionals

    @property
    def harm_said(self) -> list[tuple[str, int, str]]:
        """Return each answer to whether the child still suffers or is likely to suffer harm: words, how many, who."""
        given = [row for row in self.rows if row.view is not None and row.view.still_harm]
        found = []
        for answer in HarmAnswer:
            names = [row.participant.person.full_name for row in given if row.view and row.view.still_harm == answer]
            if names:
                found.append((str(answer.label), len(names), listed(names)))
        return found

    @property
    def harm_words(self) -> str:
        """Return text such as "Yes: 2 (Ada Reed and Lou Fox). No: 1 (Jo Sand)"; empty where no one was asked."""
        return ". ".join(f"{label}: {number} ({names})" for label, number, names in self.harm_said)

    @property
    def rows(self) -> list[ViewRow]:
        return [*self.professionals, *self.family]

    @property
    def waiting(self) -> list[ViewRow]:
        return [row for row in self.rows if row.is_due and not row.is_in]

    @property
    def hidden(self) -> list[ViewRow]:
        """Return those whose answer is in and not shown yet."""
        return [row for row in self.rows if row.is_hidden]

    @property
    def is_complete(self) -> bool:
        """Return whether all who are here and asked have answered, and it is known who is here."""
        return any(row.is_in for row in self.rows) and not self.waited_for and not self.unrecorded

    @property
    def due_count(self) -> int:
        return len([row for row in self.rows if row.is_due])


def views_in(conference: Conference, attendees: Iterable[Attendee] = ()) -> dict[int, list[View]]:
    """Return the views about each child, with whose they are."""
    found: dict[int, list[View]] = defaultdict(list)
    rows = View.objects.filter(conference_child__conference=conference).select_related("recorded_by")
    for view in fill_in(rows, attendees):
        found[view.conference_child_id].append(view)
    return found


def views_of(
    child: ConferenceChild,
    *,
    attendees: Iterable[Attendee] | None = None,
    given: Iterable[View] | None = None,
    ended: Ended | None = None,
    parts: Sequence[Part] | None = None,
    is_decided: bool | None = None,
) -> ViewSheet:
    """Return each person's view about one child, professionals apart from family, and the majority.

    A view, whoever entered it, is hidden until the round of the part in which it was given is over, or the chair has
    decided.
    """
    conference = child.conference
    policy = policy_of_conference(conference)
    present = list(attendees_of(conference) if attendees is None else attendees)
    everything = {view.participant_id: view for view in (views_in(conference)[child.pk] if given is None else given)}
    over = rounds_ended(conference) if ended is None else ended
    parts = parts_of(conference) if parts is None else parts
    part, kind = part_of(present, parts), AnswerKind.VIEW
    if is_decided is None:
        is_decided = child.decisions.filter(superseded_by__isnull=True).exists()
    shows_all = is_decided or conference.status != ConferenceStatus.OPEN
    views = {pk: view for pk, view in everything.items() if shows_all or (str(kind), child.pk, view.part_id) in over}
    answered = {view.participant.person_id for view in everything.values()}
    due = {
        row.participant.pk: row.participant
        for row in asked(present, child, policy, asked_for_view)
        if row.participant.person_id not in answered or row.participant.pk in everything
    }
    people = {
        **due,
        # Family members who are not asked, or not here, may still be quoted in their own words.
        **{row.participant.pk: row.participant for row in present if row.participant.is_family and row.concerns(child)},
        **{pk: view.participant for pk, view in everything.items()},
    }
    rule = rule_of_decision(policy, views.values())
    majority = rule.professionals
    rows = [
        ViewRow(
            participant,
            views.get(pk),
            is_due=pk in due,
            differs=bool(majority.status and pk in views and views[pk].status and views[pk].status != majority.status),
            is_hidden=pk in everything and pk not in views,
            version=everything[pk].version if pk in everything else 0,
        )
        for pk, participant in sorted(people.items())
    ]
    return ViewSheet(
        child=child,
        professionals=[row for row in rows if not row.participant.is_family],
        family=[row for row in rows if row.participant.is_family],
        rule=rule,
        asks_category=policy.asks_category,
        waited_for=waited_for(present, child, policy, kind=kind, part=part, answered=answered),
        unrecorded=not_recorded_yet(present, child, policy, kind=kind, part=part, answered=answered),
        is_over=shows_all or (part is not None and (str(kind), child.pk, part.pk) in over),
    )
