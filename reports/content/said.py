"""What was said, scored, thought and planned, in a document's content."""

from __future__ import annotations

from conferences.enums import FAMILY_CAPACITIES
from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.children import those_in_at
from deadlines.policies import Policy
from govuk import words
from meetings.models import BoardEntry, OutlineAction, SafetyStop, Score, View
from my_views.selectors.released import released_in
from reports.content.reported import how_known
from reports.content.shared import Json, ids_of


def headings_of(conference: Conference, policy: Policy) -> list[Json]:
    """Return the headings of the council's framework, and any older ones still in use."""
    found = [{"key": row.key, "label": row.label, "prompt": row.prompt} for row in policy.framework.headings]
    known = {row["key"] for row in found}
    others = conference.board.filter(withdrawn_at__isnull=True).exclude(heading__in=known)
    keys = sorted(set(others.values_list("heading", flat=True)))
    return [*found, *({"key": key, "label": key.replace("-", " ").capitalize(), "prompt": ""} for key in keys)]


def board_of(conference: Conference) -> list[Json]:
    """Return the board entries that were not withdrawn, in the order in which they were made."""
    rows = BoardEntry.objects.filter(conference=conference, withdrawn_at__isnull=True)
    in_at = those_in_at(conference)
    return [
        {
            "id": row.pk,
            "part": row.part_id,
            "heading": row.heading,
            "text": row.text,
            "nature": row.nature,
            "evidence": row.evidence,
            "speaker": row.speaker_id,
            "children": ids_of(row.children.all()),
            "private_to": ids_of(row.private_to.all()),
            "seen_differently": row.seen_differently,
            "among": sorted(in_at(row.created_at)),
        }
        for row in rows.prefetch_related("children", "private_to").order_by("created_at", "pk")
    ]


def my_views_of(conference: Conference) -> list[Json]:
    """Return the words of My Views that the chair released, each for one recipient or part; nothing else."""
    speakers: dict[int, int] = {}
    rows = Participant.objects.filter(conference=conference, capacity__in=FAMILY_CAPACITIES).order_by("-pk")
    speakers.update(rows.values_list("person_id", "pk"))
    children = dict(ConferenceChild.objects.filter(conference=conference).values_list("child__person_id", "pk"))
    return [
        {
            "id": row.pk,
            "answer": row.answer_id,
            "asked": row.answer.asked,
            "text": row.text,
            "speaker": speakers.get(row.answer.hand_in.form.person_id),
            "child": children.get(row.answer.hand_in.form.person_id),
            "recipient": row.recipient_id,
            "part": row.part_id,
        }
        for row in released_in(conference)
    ]


def scores_of(conference: Conference) -> list[Json]:
    """Return every score, given or not, with its reason, and the parts in which it was shown: none means hidden."""
    return [
        {
            "id": row.pk,
            "child": row.conference_child_id,
            "participant": row.participant_id,
            "part": row.part_id,
            "given": row.given,
            "value": row.value,
            "reason": row.reason,
            "shown_in": ids_of(row.shown_in.all()),
        }
        for row in Score.objects.filter(conference_child__conference=conference)
        .prefetch_related("shown_in")
        .order_by("pk")
    ]


def views_of(conference: Conference) -> list[Json]:
    """Return every view, given or not, with its reason."""
    return [
        {
            "id": row.pk,
            "child": row.conference_child_id,
            "participant": row.participant_id,
            "part": row.part_id,
            "given": row.given,
            "harm": row.harm,
            "still_harm": row.still_harm,
            "status": row.status,
            "category": row.category,
            "reason": row.reason,
        }
        for row in View.objects.filter(conference_child__conference=conference).order_by("pk")
    ]


def outline_of(conference: Conference) -> list[Json]:
    """Return the actions that were not withdrawn."""
    rows = OutlineAction.objects.filter(conference=conference, withdrawn_at__isnull=True)
    in_at, known = those_in_at(conference), how_known(conference)
    return [
        {
            "id": row.pk,
            "part": row.part_id,
            "children": ids_of(row.children.all()),
            "private_to": ids_of(row.private_to.all()),
            "how_known": known.get(row.pk, ""),
            "why": row.why,
            "what": row.what,
            "who": row.who_id,
            "who_else": row.who_else,
            "among": sorted(in_at(row.created_at)),
            "by_when": row.by_when_words or (words.long_date(row.by_when) if row.by_when else words.NOT_RECORDED),
        }
        for row in rows.prefetch_related("children", "private_to").order_by("created_at", "pk")
    ]


def stops_of(conference: Conference) -> list[Json]:
    """Return the points where the meeting stopped because a child was not safe that night."""
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
