"""A letter to a child as plain JSON: what the child has been told, and nothing else of what the meeting knows."""

from __future__ import annotations

import datetime

from django.utils import timezone

from conferences.enums import Capacity, ParticipantStatus
from conferences.models import ConferenceChild, Participant
from conferences.selectors.children import children_around, children_in
from conferences.selectors.family_home import advocate_of
from conferences.selectors.runners import who_led
from conferences.selectors.understanding import band_of
from deadlines.policies import policy_of
from entitlement import Concealed, concealed_from
from families.models import Person
from families.selectors import recorded_ties
from govuk import words
from reports.content.around import child_row, outside_rows
from reports.content.decided import decisions_in
from reports.content.freezing import SCHEMA
from reports.content.people import adults_around, ties_of
from reports.content.shared import Json
from reports.enums import ToldState
from reports.models import ChildTold


def content_of_letter(row: ConferenceChild, told: ChildTold | None, *, now: datetime.datetime) -> Json:
    """Freeze what a child has been told into the content of their letter, in the words for them."""
    conference, on = row.conference, timezone.localdate(now)
    rows = list(children_in(conference))
    here = [one.child for one in rows]
    policy = policy_of(conference.policy_version_id)
    person = row.child.person
    hidden = hidden_from_home(row, on=on)
    return {
        "schema": SCHEMA,
        "childs_letter": row.pk,
        "band": band_of(row, on=on),
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
        "chair": words.listed([user.name for user in who_led(conference)])
        or (conference.chair.name if conference.chair else ""),
        "coordinator": "",
        "key_worker": _worker_of(row),
        "advocate": _advocate_of(row, now=now),
        "key_worker_title": policy.role_name("key_worker"),
        "day": words.listed(
            [words.long_date(sitting.day) for sitting in conference.sittings.filter(ended_at__isnull=False)]
        ),
        "parts": [],
        "children": [{**child_row(one.child, on=on), "id": one.pk} for one in rows],
        "outside": outside_rows(here, children_around(conference), on=on),
        "names_of_withdrawn": [],
        "ties": ties_of(rows, on=on),
        "adults": adults_around(conference, rows, on=on),
        "participants": [_reader(person, row)],
        "board": [],
        "outline": [],
        "told": [
            {"entry": one.entry, "part": one.part, "words": one.words, "recorded": one.recorded}
            for one in (told.passages.all() if told else ())
            if one.state == ToldState.TOLD
        ],
        "scale": {"low_words": "", "high_words": "", "shade_to": None},
        "dates": {"first_core_group": "", "first_core_group_place": "", "review": "", "review_place": ""},
        "hidden": {str(person.pk): _as_json(hidden, person)} if hidden.words or hidden.persons else {},
        "left_out": [],
    }


def hidden_from_home(row: ConferenceChild, *, on: datetime.date) -> Concealed:
    """Return what must not be told to the child or to any adult who is tied to them: a letter lies about at home."""
    conference, child = row.conference, row.child
    tied = Person.objects.findable().filter(pk__in=recorded_ties([child], on=on).person_ids)
    return concealed_from(
        [child.person, *tied.order_by("pk")], children_around(conference), council=conference.authority.name, on=on
    )


def place_on_list(row: ConferenceChild) -> Participant | None:
    """Return the child's own place on the conference's list; None where nobody put them on it."""
    found = row.conference.participants.filter(person=row.child.person_id, capacity=Capacity.CHILD)
    return found.select_related("person", "conference__authority", "conference__chair").first()


def _worker_of(row: ConferenceChild) -> str:
    """Return whom the child may ask: the key worker whom the decision names, or the social worker at the meeting."""
    decided = next((one for one in decisions_in(row.conference) if one.conference_child_id == row.pk), None)
    if decided is not None and decided.key_worker is not None:
        return str(decided.key_worker.name)
    on_list = row.conference.participants.filter(capacity=Capacity.SOCIAL_WORKER)
    worker = on_list.exclude(status=ParticipantStatus.WITHDRAWN).select_related("person").order_by("pk").first()
    return worker.person.full_name if worker else ""


def _advocate_of(row: ConferenceChild, *, now: datetime.datetime) -> str:
    own = place_on_list(row)
    return advocate_of(own, now=now) if own is not None else ""


def _reader(person: Person, row: ConferenceChild) -> Json:
    return {
        "id": person.pk,
        "person": person.pk,
        "name": person.full_name,
        "capacity": Capacity.CHILD,
        "capacity_words": str(Capacity.CHILD.label),
        "title": "",
        "agency": None,
        "agency_name": "",
        "children": [row.pk],
        "acts_for": None,
        "is_deputy": False,
        "status": ParticipantStatus.INVITED,
        "how": "whole",
        "separate": False,
        "reports": False,
        "report_in": False,
        "sharings": [],
        "attendance": [],
        "because": "",
    }


def _as_json(hidden: Concealed, person: Person) -> Json:
    return {
        "agencies": sorted(hidden.agencies),
        "persons": sorted(hidden.persons - {person.pk}),
        "words": sorted(hidden.words),
    }
