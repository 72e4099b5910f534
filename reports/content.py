"""The frozen content of a document: everything its copies could say, as plain JSON.

Each item carries ids of the children it concerns (``children``: ids of ConferenceChild, none = all), whose
private information it holds (``private_to``: ids of Person) and the part in which it was said (``part``),
because ``reports.entitlement`` composes each recipient's copy from these alone. ``hidden`` holds for each
participant what must not reach them, as it stood when the document was prepared.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from accounts.models import User
from conferences.enums import (
    FAMILY_CAPACITIES,
    Capacity,
    Category,
    HowToAttend,
    Mode,
    Participation,
    Presence,
    SittingState,
    Standing,
)
from conferences.models import (
    Attendance,
    BoardEntry,
    Conference,
    ConferenceChild,
    Decision,
    ExclusionRequest,
    OutlineAction,
    Part,
    Participant,
    SafetyStop,
    Score,
    Sitting,
    View,
)
from conferences.selectors.children import children_in, short_name_of
from deadlines.arithmetic import due
from deadlines.calendars import calendar_for
from deadlines.enums import Unit
from deadlines.policies import Policy, policy_of
from families.enums import AgencyKind, DatePrecision, ResponsibilityStatus
from families.models import Child, Person
from families.selectors import (
    adults_for,
    agencies_knowing,
    confidential_whereabouts,
    hidden_whereabouts,
    holders_of_responsibility,
    open_contact_risks,
)
from govuk import words
from reports.enums import ReportState
from reports.hidden_words import TITLES
from reports.models import Report, Sharing

SCHEMA = 1
SCHOOLS = (AgencyKind.SCHOOL, AgencyKind.EARLY_YEARS)
SOCIAL_CARE = (Capacity.SOCIAL_WORKER, Capacity.TEAM_MANAGER)
CAPACITY_ORDER = {capacity: place for place, capacity in enumerate(Capacity.values)}
Json = dict[str, Any]


def content_of(conference: Conference, *, now: datetime.datetime) -> Json:
    """Freeze a conference: what was decided, said, scored and planned, and who may read which of it.

    Names, schools and relationships are those of the day on which the meeting ended.
    """
    on = timezone.localdate(conference.ended_at or now)
    policy = policy_of(conference.policy_version_id)
    rows = list(children_in(conference))
    withdrawn = [row for row in children_in(conference, withdrawn=True) if row.withdrawn_at]
    children = [row.child for row in rows]
    participants = _participants(conference)
    sittings = _sittings(conference)
    decisions = _decisions(conference)
    return {
        "schema": SCHEMA,
        "reference": conference.reference,
        "case_number": conference.family.case_number,
        "authority": {
            "name": conference.authority.name,
            "colour": conference.authority.colour,
            "day_phone": conference.authority.day_phone,
            "night_phone": conference.authority.night_phone,
            "complaints": conference.authority.complaints,
        },
        "policy": {"version": policy.version_id, "number": policy.number},
        "held": _held(conference, sittings),
        "reason": conference.reason,
        "chair": conference.chair.name if conference.chair else "",
        "coordinator": conference.coordinator.name if conference.coordinator else "",
        "key_worker_title": policy.role_name("key_worker"),
        "quorate": conference.quorate,
        "inquorate_reason": conference.inquorate_reason,
        "parts": _parts(conference),
        "children": _children(rows, policy, decisions, on=on),
        "names_of_withdrawn": sorted({name for row in withdrawn for name in _names(row.child.person)}),
        "ties": _ties(rows, on=on),
        "participants": _people(conference, participants, rows, on=on),
        "headings": _headings(conference, policy),
        "scale": {
            "low_words": policy.scale.low_words,
            "high_words": policy.scale.high_words,
            "shade_to": policy.scale.indicates_plan_up_to,
        },
        "categories": {**{row.code: row.label for row in policy.categories}, "MUL": Category.MUL.label},
        "agenda": [
            {"id": item.pk, "title": item.title, "note": item.note} for item in conference.agenda.order_by("position")
        ],
        "board": _board(conference),
        "scores": _scores(conference),
        "views": _views(conference),
        "outline": _outline(conference),
        "decisions": _said_decisions(decisions),
        "stops": _stops(conference),
        "dates": {
            "first_core_group": _iso(conference.first_core_group_at),
            "first_core_group_place": conference.first_core_group_place,
            "review": _iso(conference.review_at),
        },
        "hidden": _hidden(participants, children, on=on),
        "left_out": [],
    }


def _iso(moment: datetime.datetime | None) -> str:
    return timezone.localtime(moment).isoformat() if moment else ""


def _ids(rows: Iterable[Any]) -> list[int]:
    return sorted(row.pk for row in rows)


# When and where


def _sittings(conference: Conference) -> list[Sitting]:
    return list(
        conference.sittings.exclude(state=SittingState.CANCELLED).select_related("room").order_by("number")
    )


def _held(conference: Conference, sittings: list[Sitting]) -> Json:
    days = [words.long_date(sitting.day) for sitting in sittings]
    times = []
    for sitting in sittings:
        start = sitting.opened_at or sitting.starts_at
        said = f"{words.long_date(start)}, {words.clock(start)}"
        times.append(f"{said} to {words.clock(sitting.ended_at)}" if sitting.ended_at else said)
    rooms = list(dict.fromkeys(sitting.room.name for sitting in sittings if sitting.room))
    online = {Mode.ONLINE: "online", Mode.BLENDED: "and online" if rooms else "online"}.get(Mode(conference.mode), "")
    place = " ".join(filter(None, (words.listed(rooms) if conference.mode != Mode.ONLINE else "", online)))
    return {"day": words.listed(days), "when": "; ".join(times), "place": place}


def _parts(conference: Conference) -> list[Json]:
    parts = (
        Part.objects.filter(sitting__conference=conference, attendances__presence=Presence.PRESENT)
        .exclude(sitting__state=SittingState.CANCELLED)
        .order_by("sitting__number", "number", "pk")
        .distinct()
    )
    return [{"id": part.pk, "kind": part.kind, "title": str(part)} for part in parts]


# The children


def _names(person: Person) -> list[str]:
    """What somebody could be called in a sentence; surnames are shared and tell nothing."""
    found = {person.given_name, person.unnamed_as, *(name.given_name for name in person.names.all())}
    return sorted(found - {""})


def _children(
    rows: list[ConferenceChild], policy: Policy, decisions: list[Decision], *, on: datetime.date
) -> list[Json]:
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
                "names": _names(person),
                "unborn": child.is_unborn,
                "kind_words": row.get_kind_display(),
                "birth_date": person.birth_date.isoformat() if person.birth_date else "",
                "birth_note": " (estimated)" if person.birth_date_precision == DatePrecision.ESTIMATED else "",
                "expected_on": child.expected_on.isoformat() if child.is_unborn and child.expected_on else "",
                "age": person.age(on),
                "responsibility": [_holder(held) for held in holders[child.pk]],
                "legal_statuses": [
                    status.get_status_display() for status in child.legal_statuses.order_by("pk") if status.is_current(on)
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
    """Whether the child was decided within the limit of an initial conference, in words; "" where none ran."""
    if row.enquiry is None or not row.is_initial or decision is None:
        return ""
    limit = policy.limit("initial-conference")
    calendar = calendar_for(row.child.authority_id)
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


# The people


def _participants(conference: Conference) -> list[Participant]:
    rows = conference.participants.select_related("person__user", "post__agency", "agency").prefetch_related(
        "children", Prefetch("attendances", Attendance.objects.order_by("part__sitting__number", "part__number", "pk"))
    )
    return sorted(rows, key=lambda row: (CAPACITY_ORDER[row.capacity], row.pk))


def _people(
    conference: Conference, participants: list[Participant], rows: list[ConferenceChild], *, on: datetime.date
) -> list[Json]:
    reports = _reports(conference)
    sharings = _sharings(reports.values())
    separate = _separate(conference, participants, rows, on=on)
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
                "title": row.post.title if row.post else _job_title(row.person.user),
                "agency": agency.pk if agency else None,
                "agency_name": agency.name if agency else "Social care" if row.capacity in SOCIAL_CARE else "",
                "children": sorted(_children_of(row, present)),
                "acts_for": row.acts_for_id,
                "is_deputy": row.is_deputy,
                "standing": row.standing,
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
                        "arrived": _iso(seat.arrived_at),
                        "left": _iso(seat.left_at),
                    }
                    for seat in row.attendances.all()
                ],
            }
        )
    return found


def _job_title(user: User | None) -> str:
    return user.job_title if user else ""


def _children_of(row: Participant, present: set[int]) -> set[int]:
    """For whom they come. Social care comes for every child of the conference unless it is said otherwise."""
    named = {child.pk for child in row.children.all()}
    if not named and row.capacity in SOCIAL_CARE:
        return present
    return named & present


def _separate(
    conference: Conference, participants: list[Participant], rows: list[ConferenceChild], *, on: datetime.date
) -> set[int]:
    """Adults who may not learn time and place of what comes next unless the chair chose it."""
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
    return {
        row.pk
        for row in participants
        if row.capacity != Capacity.CHILD
        and (row.person_id in dangerous or row.pk in asked or row.how == HowToAttend.NOT_AT_ALL or row.standing == Standing.KEPT_OUT)
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


def _ties(rows: list[ConferenceChild], *, on: datetime.date) -> list[Json]:
    by_child: dict[int, int] = {row.child_id: row.pk for row in rows}
    return [
        {
            "person": adult.person.pk,
            "child": by_child[tie.child.pk],
            "words": tie.words if tie.relationships else "",
            "relationships": [{"kind": row.kind, "certainty": row.certainty} for row in tie.relationships],
            "holds_responsibility": tie.holds_responsibility,
        }
        for adult in adults_for([row.child for row in rows], on=on)
        for tie in adult.ties
        if tie.relationships or tie.responsibility
    ]


# What was said


def _headings(conference: Conference, policy: Policy) -> list[Json]:
    found = [{"key": row.key, "label": row.label, "prompt": row.prompt} for row in policy.framework.headings]
    known = {row["key"] for row in found}
    others = conference.board.filter(withdrawn_at__isnull=True).exclude(heading__in=known)
    keys = sorted(set(others.values_list("heading", flat=True)))
    return [*found, *({"key": key, "label": key.replace("-", " ").capitalize(), "prompt": ""} for key in keys)]


def _board(conference: Conference) -> list[Json]:
    rows = BoardEntry.objects.filter(conference=conference, withdrawn_at__isnull=True)
    return [
        {
            "id": row.pk,
            "part": row.part_id,
            "heading": row.heading,
            "text": row.text,
            "nature": row.nature,
            "evidence": row.evidence,
            "speaker": row.speaker_id,
            "children": _ids(row.children.all()),
            "private_to": _ids(row.private_to.all()),
            "seen_differently": row.seen_differently,
        }
        for row in rows.prefetch_related("children", "private_to").order_by("created_at", "pk")
    ]


def _scores(conference: Conference) -> list[Json]:
    return [
        {
            "id": row.pk,
            "child": row.conference_child_id,
            "participant": row.participant_id,
            "part": row.part_id,
            "given": row.given,
            "value": row.value,
            "reason": row.reason,
        }
        for row in Score.objects.filter(conference_child__conference=conference).order_by("pk")
    ]


def _views(conference: Conference) -> list[Json]:
    return [
        {
            "id": row.pk,
            "child": row.conference_child_id,
            "participant": row.participant_id,
            "part": row.part_id,
            "given": row.given,
            "harm": row.harm,
            "status": row.status,
            "category": row.category,
            "reason": row.reason,
        }
        for row in View.objects.filter(conference_child__conference=conference).order_by("pk")
    ]


def _outline(conference: Conference) -> list[Json]:
    rows = OutlineAction.objects.filter(conference=conference, withdrawn_at__isnull=True)
    return [
        {
            "id": row.pk,
            "part": row.part_id,
            "children": _ids(row.children.all()),
            "private_to": _ids(row.private_to.all()),
            "why": row.why,
            "what": row.what,
            "who": row.who_id,
            "who_else": row.who_else,
            "by_when": row.by_when_words or (words.long_date(row.by_when) if row.by_when else words.NOT_RECORDED),
        }
        for row in rows.prefetch_related("children", "private_to").order_by("created_at", "pk")
    ]


def _stops(conference: Conference) -> list[Json]:
    return [
        {
            "id": row.pk,
            "child": row.conference_child_id,
            "part": row.part_id,
            "ground": row.ground,
            "said": row.said,
            "action": row.action,
            "action_by": row.action_by,
            "action_when": row.action_when,
        }
        for row in SafetyStop.objects.filter(conference=conference).order_by("raised_at", "pk")
    ]


# What was decided


def _decisions(conference: Conference) -> list[Decision]:
    return list(
        Decision.objects.filter(conference_child__conference=conference, superseded_by__isnull=True)
        .select_related("sitting", "key_worker", "decided_by")
        .prefetch_related("core_group", "consents__person", "dissents")
        .order_by("conference_child_id", "pk")
    )


def _said_decisions(decisions: list[Decision]) -> list[Json]:
    earlier = _earlier(decisions)
    found = []
    for row in decisions:
        days = row.visit_every_working_days
        found.append(
            {
                "child": row.conference_child_id,
                "outcome": row.outcome,
                "main_category": row.main_category,
                "categories": list(row.categories),
                "rationale": row.rationale,
                "help_offered": row.help_offered,
                "against_majority_reason": row.against_majority_reason,
                "missing": list(row.missing),
                "went_on_reason": row.went_on_reason,
                "key_worker": row.key_worker.name if row.key_worker else "",
                "visits": f"at least every {words.count(days, 'working day')}" if days else "",
                "visit_reason": row.visit_reason,
                "core_group": _ids(row.core_group.all()),
                "consents": [
                    {"person": one.person_id, "name": one.person.full_name, "answer": one.answer}
                    for one in sorted(row.consents.all(), key=lambda one: one.pk)
                ],
                "dissents": [
                    {"id": one.pk, "participant": one.participant_id, "text": one.text}
                    for one in sorted(row.dissents.all(), key=lambda one: one.pk)
                ],
                "earlier": earlier[row.pk],
                "decided_by": row.decided_by.name,
                "decided_on": row.sitting.day.isoformat(),
            }
        )
    return found


def _earlier(decisions: list[Decision]) -> dict[int, list[Json]]:
    """What a decision replaced, oldest first: both texts stay in the record."""
    current = {row.conference_child_id: row.pk for row in decisions}
    found: dict[int, list[Json]] = defaultdict(list)
    replaced = Decision.objects.filter(conference_child__in=current, superseded_by__isnull=False).order_by("pk")
    for row in replaced:
        found[current[row.conference_child_id]].append(
            {"outcome": row.outcome, "rationale": row.rationale, "because": row.superseded_because}
        )
    return found


# What must not reach whom


def _hidden(participants: list[Participant], children: list[Child], *, on: datetime.date) -> dict[str, Json]:
    """By participant: agencies, people and words that their copy must not show."""
    if not confidential_whereabouts(children):
        return {}
    found: dict[str, Json] = {}
    for row in participants:
        hidden = hidden_whereabouts(recipients=[row.person], children=children, on=on)
        if hidden:
            found[str(row.pk)] = {
                "agencies": sorted(hidden.agency_ids),
                "persons": sorted(hidden.person_ids - {row.person_id}),
                "words": sorted(hidden.words | _forms_of_address(hidden.person_ids)),
            }
    return found


def hidden_words_now(participant: Participant, *, today: datetime.date) -> frozenset[str]:
    """The words that must not reach one participant as it is recorded today."""
    children = [row.child for row in children_in(participant.conference)]
    hidden = hidden_whereabouts(recipients=[participant.person], children=children, on=today)
    return hidden.words | _forms_of_address(hidden.person_ids)


def _forms_of_address(person_ids: Iterable[int]) -> frozenset[str]:
    """"Mrs Heron" for each person who works at a hidden place."""
    surnames = Person.objects.filter(pk__in=person_ids).exclude(family_name="").values_list("family_name", flat=True)
    return frozenset(f"{title} {surname}" for surname in surnames for title in TITLES)
