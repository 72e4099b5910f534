"""What was asked or decided about a person on another list, and lasts until the chair, or the next one, reviews it.

Keeping someone out or apart belongs to the people and the children, not to one conference: it outlasts a
cancelled conference, another date and the next conference.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from conferences.enums import HowToAttend, RequestGround
from conferences.models import Conference, ExclusionRequest, Participant

# Whether a child is old enough is asked anew each time; leaving someone off one list says nothing about the next.
OF_ONE_LIST = (RequestGround.BY_UNDERSTANDING, RequestGround.LEFT_OUT)


def kept_out_before(conference: Conference, participants: Iterable[Participant]) -> dict[int, ExclusionRequest]:
    """Return, by participant id, the newest request about the same person that this list has to ask about again.

    It was decided with anything but the whole meeting, or nobody has decided it; it is about a child of this
    conference, was made in the same family, or by someone who is on this list; and no chair has reviewed it since:
    for the same children, or on this very list. A fixed number of queries.
    """
    rows = list(participants)
    asked = list(_requests(conference, rows))
    if not asked:
        return {}
    added = dict(conference.children.values_list("child_id", "added_at"))
    children = set(added)
    here = set(conference.participants.values_list("person_id", flat=True))
    by_person: dict[int, list[ExclusionRequest]] = defaultdict(list)
    for request in asked:
        if _is_in_scope(request, conference, children, here):
            by_person[request.participant.person_id].append(request)
    found = {row.pk: _standing(row, by_person[row.person_id], added) for row in rows}
    return {pk: request for pk, request in found.items() if request is not None}


def _requests(conference: Conference, rows: list[Participant]) -> QuerySet[ExclusionRequest]:
    undecided_of_one_list = Q(decided_at__isnull=True, ground__in=OF_ONE_LIST)
    found: QuerySet[ExclusionRequest] = (
        ExclusionRequest.objects.filter(
            participant__person__in={row.person_id for row in rows}, conference__authority=conference.authority_id
        )
        .exclude(undecided_of_one_list | Q(ground=RequestGround.BY_UNDERSTANDING))
        .select_related("participant", "conference")
        .prefetch_related("participant__children")
        .order_by("pk")
    )
    return found


def _is_in_scope(request: ExclusionRequest, conference: Conference, children: set[int], here: set[int]) -> bool:
    return (
        request.conference.family_id == conference.family_id
        or bool(_about(request) & children)
        or request.asked_for_id in here
    )


def _about(request: ExclusionRequest) -> set[int]:
    return {row.child_id for row in request.participant.children.all()}


def _since(request: ExclusionRequest) -> datetime.datetime:
    return request.decided_at or request.asked_at


def _standing(
    row: Participant, requests: list[ExclusionRequest], added: dict[int, datetime.datetime | None]
) -> ExclusionRequest | None:
    children = set(added)
    decided = [request for request in requests if request.decided_at is not None]
    own = [request.decided_at for request in decided if request.participant_id == row.pk and request.decided_at]
    for request in sorted(requests, key=_since, reverse=True):
        if request.participant_id == row.pk or request.how == HowToAttend.WHOLE:
            continue
        on_this_list = request.conference_id == row.conference_id
        # A decision on this list doesn't speak of a child who was added after it.
        joined = [at for pk in _about(request) if not on_this_list and (at := added.get(pk)) is not None]
        if own and max(own) >= max([request.asked_at if on_this_list else _since(request), *joined]):
            continue
        later = [other for other in decided if other.decided_at and other.decided_at > _since(request)]
        if not any(_reviews(other, request, children) for other in later):
            return request
    return None


def _reviews(later: ExclusionRequest, request: ExclusionRequest, children: set[int]) -> bool:
    """Return whether a later decision settles the request for these children."""
    shared = _about(request) & children
    return shared <= _about(later) if shared else bool(_about(later) & children)
