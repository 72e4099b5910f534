"""The children of a conference, in a document's content."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from conferences.enums import Participation
from conferences.models import ConferenceChild, Decision
from conferences.selectors.children import names_in_a_sentence, short_name_of
from deadlines.enums import Unit
from deadlines.policies import Policy
from deadlines.working_days.arithmetic import due
from deadlines.working_days.calendars import calendar_for
from families.enums import AgencyKind, DatePrecision, ResponsibilityStatus
from families.selectors import agencies_knowing, holders_of_responsibility
from govuk import words
from reports.content.shared import Json

SCHOOLS = (AgencyKind.SCHOOL, AgencyKind.EARLY_YEARS)


def children_rows(
    rows: list[ConferenceChild], policy: Policy, decisions: list[Decision], *, on: datetime.date
) -> list[Json]:
    """Return each child with full name, details, places and whether the decision was in time."""
    children = [row.child for row in rows]
    holders = holders_of_responsibility(children, on=on)
    places: dict[int, list[Any]] = defaultdict(list)
    for involvement in agencies_knowing(children, on=on):
        places[involvement.child_id].append(involvement)
    decided = {decision.conference_child_id: decision for decision in decisions}
    found = []
    for row in rows:
        child, person = row.child, row.child.person
        found.append(
            {
                "id": row.pk,
                "person": person.pk,
                "full_name": person.full_name,
                "short_name": short_name_of(child),
                "names": names_in_a_sentence(person),
                "unborn": child.is_unborn,
                "kind": row.kind,
                "kind_words": row.get_kind_display(),
                "birth_date": person.birth_date.isoformat() if person.birth_date else "",
                "birth_note": " (estimated)" if person.birth_date_precision == DatePrecision.ESTIMATED else "",
                "expected_on": child.expected_on.isoformat() if child.is_unborn and child.expected_on else "",
                "age": person.age(on),
                "responsibility": [_holder(held) for held in holders[child.pk]],
                "legal_statuses": [
                    status.get_status_display()
                    for status in child.legal_statuses.order_by("pk")
                    if status.is_current(on)
                ],
                "gp": _agencies(places[child.pk], (AgencyKind.GP,)),
                "school": _agencies(places[child.pk], SCHOOLS),
                "participation": Participation(row.participation).label if row.participation else words.NOT_RECORDED,
                "no_plan_needed": row.no_plan_needed_reason,
                "spread_explored": row.spread_explored,
                "in_time": _in_time(row, policy, decided.get(row.pk)),
            }
        )
    return found


def _holder(held: Any) -> str:
    name = "The council" if held.held_by_council else held.person.full_name
    return name if held.status == ResponsibilityStatus.HELD else f"{name} ({held.get_status_display().lower()})"


def _agencies(involvements: list[Any], kinds: Iterable[str]) -> list[Json]:
    named = {row.agency_id: row.agency.name for row in involvements if row.agency.kind in kinds}
    return [{"agency": pk, "name": name} for pk, name in sorted(named.items())]


def _in_time(row: ConferenceChild, policy: Policy, decision: Decision | None) -> str:
    """Return in words whether the child was decided within the initial limit; "" if no limit ran."""
    if row.enquiry is None or not row.is_initial or decision is None:
        return ""
    limit = policy.limit("initial-conference")
    calendar = calendar_for(row.child.authority_id).counting(limit)
    start, day = row.enquiry.started_on, decision.sitting.day
    last = due(limit, start, calendar).on
    since = f"since the strategy discussion on {words.long_date(start)}"
    if limit.unit == Unit.WORKING_DAYS:
        number = calendar.count(start, day)
        if day <= last:
            return f"Yes: working day {number} of {limit.amount} {since}"
        return f"No: working day {number}; the limit is {limit.words} {since}"
    if day <= last:
        return f"Yes: within {limit.words} {since}"
    return f"No: the limit of {limit.words} {since} ended on {words.long_date(last)}"
