"""The people of a conference, in a document's content: relations to the children, presence and reports."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Prefetch, Q
from django.utils import timezone

from accounts.models import User
from conferences.enums import FAMILY_CAPACITIES, Capacity, HowToAttend, ParticipantStatus
from conferences.models import Attendance, Conference, ConferenceChild, ExclusionRequest, Participant
from conferences.selectors.children import readers_of
from core_groups.selectors.core_groups import people_apart_after
from families.models import Child, Person
from families.selectors import open_contact_risks, recorded_ties
from families.selectors.people import Adult
from reports.content.shared import Json, iso
from reports.enums import ReportState
from reports.models import Report, Sharing

SOCIAL_CARE = (Capacity.SOCIAL_WORKER, Capacity.TEAM_MANAGER)
CAPACITY_ORDER = {capacity: place for place, capacity in enumerate(Capacity.values)}


def participants_in(conference: Conference) -> list[Participant]:
    """Return everyone on the list, in the order in which a paper names them."""
    rows = conference.participants.select_related("person__user", "post__agency", "agency").prefetch_related(
        "children", Prefetch("attendances", Attendance.objects.order_by("part__sitting__number", "part__number", "pk"))
    )
    return sorted(rows, key=lambda row: (CAPACITY_ORDER[row.capacity], row.pk))


def people_in(
    conference: Conference, participants: list[Participant], rows: list[ConferenceChild], *, on: datetime.date
) -> list[Json]:
    """Return each participant with seat, report and how it was shared."""
    reports = _reports(conference)
    sharings = _sharings(reports.values())
    separate = separate_among(conference, participants, rows, on=on)
    present = {row.pk for row in rows}
    found = []
    for row in participants:
        agency = row.agency or (row.post.agency if row.post else None)
        report = reports.get(row.pk)
        found.append(
            {
                "id": row.pk,
                "person": row.person_id,
                "name": row.person.full_name,
                "capacity": row.capacity,
                "capacity_words": row.get_capacity_display(),
                "title": row.post.title if row.post else _job_title(row.person.user),
                "agency": agency.pk if agency else None,
                "agency_name": agency.name if agency else "Social care" if row.capacity in SOCIAL_CARE else "",
                "children": sorted(_children_of(row, present)),
                "acts_for": row.acts_for_id,
                "is_deputy": row.is_deputy,
                "status": row.status,
                "how": row.how,
                "separate": row.pk in separate,
                "reports": row.reports,
                "report_in": report is not None,
                "sharings": sharings.get(report.pk, []) if report else [],
                "attendance": [
                    {
                        "part": seat.part_id,
                        "presence": seat.presence,
                        "mode": seat.mode,
                        "arrived": iso(seat.arrived_at),
                        "left": iso(seat.left_at),
                    }
                    for seat in row.attendances.all()
                ],
            }
        )
    return found


def _job_title(user: User | None) -> str:
    return user.job_title if user else ""


def _children_of(row: Participant, present: set[int]) -> set[int]:
    """Return the children they come for; social care comes for all unless stated otherwise."""
    named = {child.pk for child in row.children.all()}
    if not named and row.capacity in SOCIAL_CARE:
        return present
    return named & present


def separate_among(
    conference: Conference, participants: list[Participant], rows: list[ConferenceChild], *, on: datetime.date
) -> set[int]:
    """Return the adults who may not learn when and where things happen next unless the chair chose so."""
    risks = open_contact_risks(
        [row.person_id for row in participants if row.capacity in FAMILY_CAPACITIES],
        [row.child_id for row in rows],
        on=on,
    )
    dangerous = {risk.person_id for risk in risks}
    asked = {
        request.participant_id
        for request in ExclusionRequest.objects.filter(conference=conference)
        if request.decided_at is None or request.how != HowToAttend.WHOLE
    }
    apart = people_apart_after(conference)
    return {
        row.pk
        for row in participants
        if row.capacity != Capacity.CHILD
        and (
            row.person_id in dangerous
            or row.person_id in apart
            or row.pk in asked
            or row.how == HowToAttend.NOT_AT_ALL
            or row.status == ParticipantStatus.KEPT_OUT
        )
    }


def _reports(conference: Conference) -> dict[int, Report]:
    rows = Report.objects.filter(conference=conference, state=ReportState.SUBMITTED)
    return {row.author_id: row for row in rows}


def _sharings(reports: Iterable[Report]) -> dict[int, list[Json]]:
    newest: dict[tuple[int, int], Sharing] = {}
    for row in Sharing.objects.filter(report__in=[report.pk for report in reports]).order_by("recorded_at", "pk"):
        newest[row.report_id, row.person_id] = row
    found: dict[int, list[Json]] = defaultdict(list)
    for (report_id, person_id), row in sorted(newest.items()):
        shared_on = timezone.localdate(row.shared_at).isoformat() if row.shared_at else ""
        found[report_id].append({"person": person_id, "outcome": row.outcome, "shared_on": shared_on})
    return dict(found)


def ties_of(rows: list[ConferenceChild], *, on: datetime.date) -> list[Json]:
    """Return each adult's relation to each child of the conference."""
    return ties_to([row.child for row in rows], {row.child_id: row.pk for row in rows}, on=on)


def ties_to(children: list[Child], by_child: Mapping[int, int], *, on: datetime.date) -> list[Json]:
    """Return each adult's relation to each of these children; ``by_child`` gives the ids used in the content."""
    return [
        {
            "person": adult.person.pk,
            "child": by_child[tie.child.pk],
            "words": tie.words if tie.relationships else "",
            "relationships": [{"kind": row.kind, "certainty": row.certainty} for row in tie.relationships],
            "holds_responsibility": tie.holds_responsibility,
        }
        for adult in _adults_tied_to(children, on=on)
        for tie in adult.ties
        if tie.relationships or tie.responsibility
    ]


def _adults_tied_to(children: list[Child], *, on: datetime.date) -> list[Adult]:
    """Return who is tied to these children, without homes, numbers and risks. Three queries."""
    recorded = recorded_ties(children, on=on)
    persons = Person.objects.findable().filter(pk__in=recorded.person_ids)
    return recorded.adults(persons, children, risks=())


def adults_around(conference: Conference, rows: list[ConferenceChild], *, on: datetime.date) -> list[Json]:
    """Return each adult with a tie to a child of the conference or of the family.

    ``children`` are the ids of those whom the conference is about; ``known_to`` are the persons who may read about
    one of the others.
    """
    by_child = {row.child_id: row.pk for row in rows}
    of_family = Q(person__memberships__family=conference.family_id) | Q(conferences__conference=conference)
    children = list(Child.objects.filter(of_family).select_related("person").distinct().order_by("pk"))
    return adults_around_children(children, by_child, on=on)


def adults_around_children(children: list[Child], by_child: Mapping[int, int], *, on: datetime.date) -> list[Json]:
    """Return each adult with a tie to one of these children; ``by_child`` names those whom the paper is about."""
    ties = recorded_ties([child for child in children if child.pk not in by_child], on=on)
    readers = {child.pk: readers_of(ties, child, on=on) for child in children if child.pk not in by_child}
    return [
        {
            "person": adult.person.pk,
            "name": adult.person.full_name,
            "children": sorted(by_child[tie.child.pk] for tie in adult.ties if tie.child.pk in by_child),
            "known_to": sorted({pk for tie in adult.ties for pk in readers.get(tie.child.pk, ())}),
        }
        for adult in _adults_tied_to(children, on=on)
    ]
