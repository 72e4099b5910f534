"""Whom to ask for reports that are not in: the author and their agency's named lead, with numbers to ring."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from conferences.models import Conference, Participant
from conferences.selectors.places_of_work import is_confidential, works_at
from families.models import Post
from notifications.enums import MessageState
from notifications.models import Message
from reports.services.reminders import KEY


@dataclass(frozen=True)
class ToAsk:
    """One report that is missing. Numbers are empty where none is recorded, or none may be shown."""

    author: Participant
    agency: str
    number: str
    leads: tuple[str, ...]
    reminded_at: datetime.datetime | None


def to_ask(conference: Conference, authors: Iterable[Participant], *, on: datetime.date) -> list[ToAsk]:
    """Return whom to ask about each missing report, in a fixed number of queries."""
    rows = list(authors)
    leads = _leads([row for row in rows if not is_confidential(row)], on=on)
    reminded = _reminded(conference) if rows else {}
    return [
        ToAsk(
            author=row,
            agency=works_at(row) or row.get_capacity_display(),
            number="" if is_confidential(row) else _number(row),
            leads=tuple(_in_words(post) for post in leads[row.agency_id or 0] if post.person_id != row.person_id),
            reminded_at=reminded.get(row.pk),
        )
        for row in rows
    ]


def _leads(rows: list[Participant], *, on: datetime.date) -> dict[int, list[Post]]:
    agencies = {row.agency_id for row in rows if row.agency_id}
    found: dict[int, list[Post]] = defaultdict(list)
    posts = (
        Post.objects.current(on=on).filter(agency__in=agencies, is_named_lead=True) if agencies else Post.objects.none()
    )
    for post in posts.select_related("person", "agency").order_by("pk"):
        found[post.agency_id].append(post)
    return found


def _in_words(post: Post) -> str:
    number = post.phone or post.agency.phone
    return f"{post.person.full_name}, {number}" if number else post.person.full_name


def _number(row: Participant) -> str:
    return (row.post.phone if row.post else "") or (row.agency.phone if row.agency else "")


def _reminded(conference: Conference) -> dict[int, datetime.datetime]:
    """Return when each author was last reminded, by their id."""
    found: dict[int, datetime.datetime] = {}
    sent = Message.objects.filter(
        conference_id=conference.pk, key__startswith="report-reminder:", state=MessageState.SENT
    )
    for key, at in sent.order_by("sent_at").values_list("key", "sent_at"):
        named = KEY.fullmatch(key)
        if named is not None and named["whom"] == "author" and at is not None:
            found[int(named["pk"])] = at
    return found
