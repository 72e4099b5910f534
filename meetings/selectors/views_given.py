"""What each participant thinks about each child, and what most of them recommend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.procedures import policy_of_conference
from govuk.words import listed
from meetings.enums import HarmAnswer
from meetings.models import View
from meetings.selectors.attendance import Attendee, asked, attendees_of, fill_in
from meetings.selectors.majority import Majority
from meetings.selectors.rule_of_decision import RuleOfDecision, rule_of_decision


@dataclass(frozen=True)
class ViewRow:
    """One person and their view; ``view`` is None until they have been asked."""

    participant: Participant
    view: View | None
    is_due: bool
    differs: bool = False


@dataclass(frozen=True)
class ViewSheet:
    child: ConferenceChild
    professionals: list[ViewRow]
    family: list[ViewRow]
    rule: RuleOfDecision
    asks_category: bool = True

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
        return [row for row in self.rows if row.is_due and row.view is None]

    @property
    def due_count(self) -> int:
        return len([row for row in self.rows if row.is_due])


def views_in(conference: Conference, attendees: Iterable[Attendee] = ()) -> dict[int, list[View]]:
    """Return the views about each child, with whose they are."""
    found: dict[int, list[View]] = defaultdict(list)
    for view in fill_in(View.objects.filter(conference_child__conference=conference), attendees):
        found[view.conference_child_id].append(view)
    return found


def views_of(
    child: ConferenceChild, *, attendees: Iterable[Attendee] | None = None, given: Iterable[View] | None = None
) -> ViewSheet:
    """Return each person's view about one child, professionals apart from family, and the majority."""
    conference = child.conference
    policy = policy_of_conference(conference)
    present = list(attendees_of(conference) if attendees is None else attendees)
    views = {view.participant_id: view for view in (views_in(conference)[child.pk] if given is None else given)}
    due = {row.participant.pk: row.participant for row in asked(present, child, policy.gives_view)}
    people = {
        **due,
        # Family members who are not asked, or not here, may still be quoted in their own words.
        **{row.participant.pk: row.participant for row in present if row.participant.is_family and row.concerns(child)},
        **{pk: view.participant for pk, view in views.items()},
    }
    rule = rule_of_decision(policy, views.values())
    majority = rule.professionals
    rows = [
        ViewRow(
            participant,
            views.get(pk),
            is_due=pk in due,
            differs=bool(majority.status and pk in views and views[pk].status and views[pk].status != majority.status),
        )
        for pk, participant in sorted(people.items())
    ]
    return ViewSheet(
        child=child,
        professionals=[row for row in rows if not row.participant.is_family],
        family=[row for row in rows if row.participant.is_family],
        rule=rule,
        asks_category=policy.asks_category,
    )
