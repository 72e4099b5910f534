"""Puts the workers whom a request asks for on the list of a conference."""

from __future__ import annotations

import datetime

from conferences.enums import AskedKind, Capacity, ParticipantStatus
from conferences.models import Conference, Participant
from deadlines.working_days.arithmetic import civil_day


def carry_on(*, conference: Conference, now: datetime.datetime) -> list[Participant]:
    """Put on the list, as proposed with the reason, the workers whom requests ask for; within a transaction.

    Whoever is on it already, left out included, stays as they are, and so does whoever has left the post since. Returns
    the new ones.
    """
    wanted = [
        item
        for request in conference.requests.prefetch_related("items__post__agency", "items__post__person").order_by("pk")
        for item in request.items.all()
        if item.kind == AskedKind.COMER and item.post is not None and item.post.is_current(civil_day(now))
    ]
    known = set(conference.participants.values_list("post", flat=True))
    children = list(conference.children.filter(withdrawn_at__isnull=True))
    made = []
    for item in wanted:
        post = item.post
        if post is None or post.pk in known:
            continue
        known.add(post.pk)
        participant = Participant.objects.create(
            conference=conference,
            person=post.person,
            post=post,
            agency=post.agency,
            capacity=Capacity.PROFESSIONAL,
            status=ParticipantStatus.PROPOSED,
            because=f"Asked for with the conference: {item.words}",
            email=post.email,
        )
        participant.children.set(children)
        made.append(participant)
    return made
