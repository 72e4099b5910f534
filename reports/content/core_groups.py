"""A core group meeting as plain JSON, in the shape of a conference's content.

The ids of people in it are those of the group's members, of children those of ``Child``, and of parts those of the
sittings of someone's own; ``MAIN`` is the meeting of the others.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from conferences.enums import Capacity, Mode, ParticipantStatus, PartKind, Presence
from core_groups.enums import MeetingState
from core_groups.models import (
    AlsoThere,
    CoreGroup,
    CoreGroupMeeting,
    CoreGroupMember,
    MeetingAttendance,
    MeetingNote,
    MeetingScore,
    OwnWords,
    ProgressAtMeeting,
    SeparateSitting,
)
from core_groups.selectors.apart import Standing, standings, times_for
from core_groups.selectors.core_groups import heard_by
from core_groups.selectors.held import held_for
from core_groups.selectors.recording import day_of, members_on, plans_on
from deadlines.policies import Policy, policy_for
from entitlement import concealed_from_each
from families.models import Child
from families.selectors import recorded_ties
from govuk import words
from plans.models import KeyWorker, Plan, PlanAction
from reports.content.around import child_row, family_around, outside_rows
from reports.content.freezing import SCHEMA
from reports.content.people import adults_around_children, ties_to
from reports.content.shared import Json, ids_of, iso

MAIN = 0
# Of somebody who meets apart and had no sitting: nobody else heard it.
NO_SITTING = -1


def content_of_core_group(meeting: CoreGroupMeeting, *, now: datetime.datetime) -> Json:
    """Freeze a held core group meeting: who came, progress, notes and scores, and who may read which of it."""
    group, day = meeting.core_group, day_of(meeting)
    policy = policy_for(group.authority_id, on=day)
    plans, members = list(plans_on(group, day)), members_on(group, day)
    children = [plan.child for plan in plans]
    around = family_around(group.family_id, children)
    by_child = {child.pk: child.pk for child in children}
    known = standings(group, on=timezone.localdate(now))
    sittings = list(meeting.separate_sittings.filter(held_at__isnull=False))
    return {
        "schema": SCHEMA,
        "core_group": meeting.number,
        "reference": f"{group.family.case_number}/{meeting.number}",
        "case_number": group.family.case_number,
        "authority": {
            "name": group.authority.name,
            "colour": group.authority.colour,
            "day_phone": group.authority.day_phone,
            "night_phone": group.authority.night_phone,
            "complaints": group.authority.complaints,
        },
        "policy": {"version": policy.version_id, "number": policy.number},
        "held": {"day": words.long_date(day), "when": "", "place": ""},
        "reason": "",
        "chair": "",
        "key_workers": _key_workers(plans),
        "coordinator": meeting.recorded_by.name if meeting.recorded_by else "",
        "key_worker_title": policy.role_name("key_worker"),
        "quorate": meeting.counts,
        "held_for": _held_for(meeting),
        "inquorate_reason": "",
        "parts": _parts(meeting, sittings),
        "children": [child_row(child, on=day) for child in children],
        "outside": outside_rows(children, around, on=day),
        "names_of_withdrawn": [],
        "ties": ties_to(children, by_child, on=day),
        "adults": adults_around_children(around, by_child, on=day),
        "participants": _members(meeting, members, children, known, on=day),
        "headings": _headings(meeting, policy),
        "scale": {
            "low_words": policy.scale.low_words,
            "high_words": policy.scale.high_words,
            "shade_to": policy.scale.indicates_plan_up_to,
        },
        "categories": {},
        "agenda": [],
        "board": _notes(meeting),
        "scores": _scores(meeting),
        "views": [],
        "outline": [],
        "decisions": [],
        "stops": [],
        "actions": _actions(meeting, plans, members),
        "own_words": _own_words(meeting),
        "apart": _apart(meeting, members, known),
        "next": _next(group, members, on=timezone.localdate(now)),
        "dates": {"first_core_group": "", "first_core_group_place": "", "review": "", "review_place": ""},
        "hidden": _hidden(group, members, around, on=timezone.localdate(now)),
        "left_out": [],
    }


def _key_workers(plans: list[Plan]) -> dict[str, str]:
    """Return the name of each child's key worker now, by the child's id as JSON keeps it."""
    rows = KeyWorker.objects.filter(plan__in=plans, ends_on__isnull=True).select_related("user", "plan")
    return {str(row.plan.child_id): row.user.name for row in rows.order_by("pk")}


def _held_for(meeting: CoreGroupMeeting) -> dict[str, Json]:
    """Return, by child's id, whether the meeting counts for that child and who stood in for the key worker."""
    return {str(row.plan.child_id): {"counts": row.counts, "stood_in": row.stood_in} for row in held_for(meeting)}


def key_workers_now(meeting: CoreGroupMeeting) -> Json:
    """Return whom to turn to now for each child, for a content that is composed today."""
    names = _key_workers(list(meeting.core_group.plans.filter(ends_on__isnull=True)))
    return {"key_workers": names} if names else {}


def _parts(meeting: CoreGroupMeeting, sittings: list[SeparateSitting]) -> list[Json]:
    main = {"id": MAIN, "kind": PartKind.HALF, "title": "", "when": _when(meeting.held_at), "place": meeting.place}
    own = [
        {"id": row.pk, "kind": PartKind.HALF, "title": "", "when": _when(row.held_at), "place": row.place}
        for row in sittings
    ]
    return [main, *own] if meeting.present.exists() else own


def _when(at: datetime.datetime | None) -> str:
    return f"{words.long_date(at)}, {words.clock(at)}" if at else ""


def _members(
    meeting: CoreGroupMeeting,
    members: list[CoreGroupMember],
    children: list[Child],
    known: dict[int, Standing],
    *,
    on: datetime.date,
) -> list[Json]:
    seats: dict[int, list[Json]] = {}
    for row in MeetingAttendance.objects.filter(meeting=meeting, superseded_at__isnull=True).order_by("pk"):
        seats.setdefault(row.member_id, []).append(
            {
                "part": row.sitting_id or MAIN,
                "presence": row.presence,
                "mode": row.mode,
                "arrived": iso(row.arrived_at),
                "left": iso(row.left_at),
            }
        )
    if not seats:
        # Recorded before each seat was.
        rows = meeting.present.values_list("pk", flat=True)
        seats = {
            pk: [{"part": MAIN, "presence": "present", "mode": Mode.IN_PERSON, "arrived": "", "left": ""}]
            for pk in rows
        }
    ids = {child.pk for child in children}
    parents = recorded_ties(children, on=on).person_ids
    found = []
    for member in members:
        standing, agency = known.get(member.person_id), member.post.agency if member.post else None
        theirs = {plan.child_id for plan in member.plans.all()} & ids or ids
        found.append(
            {
                "id": member.pk,
                "person": member.person_id,
                "name": member.person.full_name,
                "capacity": _capacity(member, children, parents),
                "capacity_words": "Professional" if member.post else "Family",
                "title": member.post.title if member.post else "",
                "agency": agency.pk if agency else None,
                "agency_name": agency.name if agency else "",
                "children": sorted(theirs),
                "acts_for": None,
                "is_deputy": False,
                "status": ParticipantStatus.AWAITING_CHAIR
                if standing is not None and standing.is_open
                else ParticipantStatus.INVITED,
                "how": "whole",
                "separate": standing is not None and standing.is_apart,
                "reports": False,
                "report_in": False,
                "sharings": [],
                "attendance": seats.get(member.pk, []),
                "reads": _reads(member, standing, seats.get(member.pk, [])),
            }
        )
    return [*found, *_also_there(meeting, ids)]


def _also_there(meeting: CoreGroupMeeting, children: set[int]) -> list[Json]:
    """Return who came without being a member: named for those who sat with them, and given no copy.

    No member has a negative id.
    """
    rows = AlsoThere.objects.filter(meeting=meeting, presence=Presence.PRESENT)
    return [
        {
            "id": -row.pk,
            "person": row.person_id,
            "name": row.person.full_name,
            "capacity": row.capacity,
            "capacity_words": str(row.get_capacity_display()),
            "title": row.post.title if row.post else "",
            "agency": row.post.agency_id if row.post else None,
            "agency_name": row.post.agency.name if row.post else "",
            "children": sorted(children),
            "acts_for": row.acts_for_id,
            "is_deputy": row.is_deputy,
            "status": ParticipantStatus.INVITED,
            "how": "whole",
            "separate": False,
            "reports": False,
            "report_in": False,
            "sharings": [],
            "attendance": [
                {
                    "part": row.sitting_id or MAIN,
                    "presence": row.presence,
                    "mode": row.mode,
                    "arrived": iso(row.arrived_at),
                    "left": iso(row.left_at),
                }
            ],
            "reads": [],
        }
        for row in rows.select_related("person", "post__agency").order_by("pk")
    ]


def _reads(member: CoreGroupMember, standing: Standing | None, seats: list[Json]) -> list[int]:
    """Return the sittings whose record they read: where they were, and for a professional the others' meeting.

    A professional who could not come carries the plan on. One of the family who was not there does not learn what
    someone said in their absence.
    """
    there = {seat["part"] for seat in seats if seat["presence"] == Presence.PRESENT}
    is_removed = any(seat["presence"] == Presence.REMOVED for seat in seats)
    if member.post is not None and (standing is None or not standing.is_apart) and not is_removed:
        there.add(MAIN)
    return sorted(there)


def _capacity(member: CoreGroupMember, children: list[Child], parents: Any) -> Capacity:
    if member.post is not None:
        return Capacity.PROFESSIONAL
    if member.person_id in {child.person_id for child in children}:
        return Capacity.CHILD
    return Capacity.PARENT if member.person_id in parents else Capacity.RELATIVE


def _headings(meeting: CoreGroupMeeting, policy: Policy) -> list[Json]:
    found = [{"key": row.key, "label": row.label, "prompt": row.prompt} for row in policy.framework.headings]
    known = {row["key"] for row in found}
    used = meeting.notes.filter(withdrawn_at__isnull=True).exclude(heading__in=known).values_list("heading", flat=True)
    return [
        *found,
        *({"key": key, "label": key.replace("-", " ").capitalize(), "prompt": ""} for key in sorted(set(used))),
    ]


def _notes(meeting: CoreGroupMeeting) -> list[Json]:
    rows = MeetingNote.objects.filter(meeting=meeting, withdrawn_at__isnull=True)
    return [
        {
            "id": row.pk,
            "part": row.sitting_id or MAIN,
            "heading": row.heading,
            "text": row.text,
            "nature": row.nature,
            "evidence": row.evidence,
            "speaker": row.speaker_id,
            "children": ids_of(row.children.all()),
            "private_to": ids_of(row.private_to.all()),
            "seen_differently": row.seen_differently,
        }
        for row in rows.prefetch_related("children", "private_to").order_by("recorded_at", "pk")
    ]


def _scores(meeting: CoreGroupMeeting) -> list[Json]:
    return [
        {
            "id": row.pk,
            "child": row.child_id,
            "participant": row.member_id,
            "part": row.sitting_id or MAIN,
            "given": row.given,
            "value": row.value,
            "reason": row.reason,
            "shown_in": [row.sitting_id or MAIN] if row.shown_at else [],
        }
        for row in MeetingScore.objects.filter(meeting=meeting, superseded_at__isnull=True).order_by("pk")
    ]


def _actions(meeting: CoreGroupMeeting, plans: list[Plan], members: list[CoreGroupMember]) -> list[Json]:
    """Return the actions of which the meeting spoke, and who of the members may not read them."""
    entries: dict[int, list[ProgressAtMeeting]] = {}
    said = ProgressAtMeeting.objects.filter(meeting=meeting, superseded_at__isnull=True).select_related("recorded")
    for row in said.order_by("pk"):
        entries.setdefault(row.action_id, []).append(row)
    actions = PlanAction.objects.filter(pk__in=entries, plan__in=plans).select_related("who_person", "plan")
    actions = actions.prefetch_related("private_to", "sharers__person").order_by("created_at", "pk")
    heard = {
        member.pk: set(actions.filter(heard_by({member.person_id})).order_by().values_list("pk", flat=True))
        for member in members
    }
    return [
        {
            "id": action.pk,
            "children": [action.plan.child_id],
            "private_to": ids_of(action.private_to.all()),
            "kept_from": sorted(
                member.pk
                for member in members
                if action.pk not in heard[member.pk]
                and member.person_id not in {person.pk for person in action.private_to.all()}
            ),
            "what": action.what,
            "who": action.who_in_words,
            "by_when": action.by_when_words or (words.long_date(action.by_when) if action.by_when else ""),
            "said": [
                {
                    "id": row.pk,
                    "member": row.member_id,
                    "part": row.sitting_id or MAIN,
                    "progress": row.progress_words,
                    "text": row.said,
                }
                for row in entries[action.pk]
            ],
        }
        for action in actions
    ]


def _own_words(meeting: CoreGroupMeeting) -> list[Json]:
    rows = OwnWords.objects.filter(meeting=meeting, superseded_at__isnull=True).select_related("member")
    return [
        {
            "id": row.pk,
            "member": row.member_id,
            "children": [row.child_id],
            "private_to": [row.member.person_id],
            "text": row.text,
        }
        for row in rows.order_by("pk")
    ]


def _apart(meeting: CoreGroupMeeting, members: list[CoreGroupMember], known: dict[int, Standing]) -> dict[str, int]:
    """Return, by member who meets apart, the sitting in which what they say themselves was said."""
    sittings = dict(meeting.separate_sittings.values_list("person", "pk"))
    together = set(meeting.present.values_list("person", flat=True))
    return {
        str(row.pk): sittings.get(row.person_id, NO_SITTING)
        for row in members
        if row.person_id not in together
        and (row.person_id in sittings or (row.person_id in known and known[row.person_id].is_apart))
    }


def _next(group: CoreGroup, members: list[CoreGroupMember], *, on: datetime.date) -> Json:
    """Return, by member, when and where they themselves meet next; whoever must not know of it has none."""
    planned = list(group.meetings.filter(state=MeetingState.PLANNED).order_by("planned_at", "pk")[:1])
    found = {}
    for member in members:
        times = times_for([member.person_id], planned, on=on)
        if planned and planned[0].pk in times:
            at, place = times[planned[0].pk]
            found[str(member.pk)] = {"at": iso(at), "place": place}
    return found


def _hidden(
    group: CoreGroup, members: list[CoreGroupMember], around: list[Child], *, on: datetime.date
) -> dict[str, Json]:
    concealed = concealed_from_each([row.person for row in members], around, council=group.authority.name, on=on)
    return {
        str(row.pk): {
            "agencies": sorted(hidden.agencies),
            "persons": sorted(hidden.persons - {row.person_id}),
            "words": sorted(hidden.words),
        }
        for row in members
        if (hidden := concealed.get(row.person_id))
    }
