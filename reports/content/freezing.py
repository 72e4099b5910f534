"""A conference as plain JSON."""

from __future__ import annotations

import datetime

from django.utils import timezone

from conferences.enums import Category, Mode, Presence, SittingState
from conferences.models import Conference, Part, Sitting
from conferences.selectors.children import children_around, children_in, children_outside, names_in_a_sentence
from conferences.selectors.recording import recording_words
from conferences.selectors.runners import who_led, who_took_notes
from deadlines.policies import Policy, policy_of
from entitlement import ChildOutside
from govuk import words
from reports.content.children import children_rows
from reports.content.course import breaks_of, broken_off, statements_of
from reports.content.decided import decisions_in, said_decisions
from reports.content.hidden import hidden_from
from reports.content.people import adults_around, participants_in, people_in, ties_of
from reports.content.reported import agreed_of, contingency_of, reports_of
from reports.content.said import board_of, headings_of, my_views_of, outline_of, scores_of, stops_of, views_of
from reports.content.shared import Json, iso

SCHEMA = 1


def content_of(conference: Conference, *, now: datetime.datetime) -> Json:
    """Freeze a conference: what was decided, said, scored and planned, and who may read which of it.

    Names, schools and relationships are those of the day on which the meeting ended.
    """
    on = timezone.localdate(conference.ended_at or now)
    policy = policy_of(conference.policy_version_id)
    rows = list(children_in(conference))
    withdrawn = [row for row in children_in(conference, withdrawn=True) if row.withdrawn_at]
    participants = participants_in(conference)
    sittings = _sittings(conference)
    decisions = decisions_in(conference)
    agreed = agreed_of(conference)
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
        "recording": recording_words(conference),
        "statements": statements_of(conference),
        "breaks": breaks_of(conference),
        "broken_off": broken_off(sittings),
        "reason": conference.reason,
        **_led_by(conference),
        "key_worker_title": policy.role_name("key_worker"),
        "quorate": conference.quorate,
        "inquorate_reason": conference.inquorate_reason,
        "parts": _parts(conference),
        "children": children_rows(rows, policy, decisions, on=on),
        "outside": [_outside(child) for child in children_outside(conference, on=on)],
        # Read by the version of this application that ran before, during a rolling restart.
        "names_of_withdrawn": sorted({name for row in withdrawn for name in names_in_a_sentence(row.child.person)}),
        "ties": ties_of(rows, on=on),
        "adults": adults_around(conference, rows, on=on),
        "participants": people_in(conference, participants, rows, on=on),
        "headings": headings_of(conference, policy),
        "scale": {
            "low_words": policy.scale.low_words,
            "high_words": policy.scale.high_words,
            "shade_to": policy.scale.indicates_plan_up_to,
        },
        "categories": {**{row.code: row.label for row in policy.categories}, "MUL": Category.MUL.label},
        "definitions": {row.code: row.definition for row in policy.categories},
        "roads": _roads(policy),
        "agenda": [
            {"id": item.pk, "title": item.title, "note": item.note} for item in conference.agenda.order_by("position")
        ],
        "board": board_of(conference),
        "my_views": my_views_of(conference),
        "scores": scores_of(conference),
        "views": views_of(conference),
        "outline": outline_of(conference),
        "outcomes": agreed["outcomes"],
        "contingency": contingency_of(decisions, agreed=agreed["contingency"]),
        "reports_in": reports_of(conference, policy),
        "decisions": said_decisions(decisions),
        "stops": stops_of(conference),
        "dates": {
            "first_core_group": iso(conference.first_core_group_at),
            "first_core_group_place": conference.first_core_group_place,
            "review": iso(conference.review_at),
            "review_place": _place_of_review(conference),
        },
        "hidden": hidden_from(participants, children_around(conference), council=conference.authority.name, on=on),
        "left_out": [],
    }


def _roads(policy: Policy) -> Json:
    """Return in how many days mistakes, dissent and complaints are wanted and answered, as the council has them."""
    return {
        "comments": _wanted(policy, "minutes-comments"),
        "dissent": _wanted(policy, "dissent"),
        "dissent_answer": policy.limit("dissent-answer").words,
        "complaint_answer": policy.limit("complaint-answer").words,
        "complaint_help": list(policy.value("family-complaint-help")),
    }


def _wanted(policy: Policy, key: str) -> str:
    """Return the limit in words; "" where the council wants it at once."""
    return "" if policy.value(f"{key}-wanted") == "at once" else policy.limit(key).words


def _led_by(conference: Conference) -> Json:
    """Return who led the meeting and who took the notes, then; a paper says beside it whom to turn to now."""
    led = who_led(conference) or [row for row in (conference.chair,) if row is not None]
    notes = who_took_notes(conference)
    return {"chair": words.listed([row.name for row in led]), "coordinator": notes.name if notes else ""}


def turn_to(conference: Conference) -> Json:
    """Return who chairs and who coordinates the conference now, for a content that is composed today."""
    return {
        "turn_to": {
            "chair": conference.chair.name if conference.chair else "",
            "coordinator": conference.coordinator.name if conference.coordinator else "",
        }
    }


def _outside(child: ChildOutside) -> Json:
    return {
        "id": child.id,
        "names": list(child.names),
        "full_name": child.full_name,
        "unborn": child.is_unborn,
        "read_by": sorted(child.read_by),
    }


def _sittings(conference: Conference) -> list[Sitting]:
    return list(conference.sittings.exclude(state=SittingState.CANCELLED).select_related("room").order_by("number"))


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


def _place_of_review(conference: Conference) -> str:
    """Return where the agreed review is booked; "" while that is still to follow."""
    booked = Sitting.objects.filter(conference__follows=conference).exclude(state=SittingState.CANCELLED)
    sitting = booked.select_related("room", "conference").order_by("pk").first()
    if sitting is None:
        return ""
    return sitting.room.name if sitting.room else str(sitting.conference.get_mode_display()).lower()


def _parts(conference: Conference) -> list[Json]:
    parts = (
        Part.objects.filter(sitting__conference=conference, attendances__presence=Presence.PRESENT)
        .exclude(sitting__state=SittingState.CANCELLED)
        .order_by("sitting__number", "number", "pk")
        .distinct()
    )
    return [{"id": part.pk, "kind": part.kind, "title": str(part)} for part in parts]
