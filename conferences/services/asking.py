"""Ask for a conference as a social worker, with what the service needs to know, and let it flow on."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from conferences.enums import AskedKind, ConferenceStatus
from conferences.models import Conference, ConferenceRequest, RequestedItem
from conferences.selectors.recipients import to_be_told
from conferences.services.booking import ChildToConfer
from conferences.services.carried_on import carry_on
from conferences.services.exclusions import LIVE, hold_undecided
from conferences.services.requests import Asked, AskedItem, write_request
from conferences.services.scheduling import lock_conference, request_conference
from conferences.services.told import settle_item
from deadlines.working_days.arithmetic import civil_day
from families.models import Family, Person
from families.services.people import fill_needs
from families.services.safety import record_safety_alert
from notifications.services.outbox import notify


@dataclass(frozen=True)
class Danger:
    """A danger to whoever visits, from a person."""

    person: Person
    kind: str
    words: str


@transaction.atomic
def ask_with_facts(
    *,
    family: Family,
    children: Sequence[ChildToConfer],
    reason: str,
    asked: Asked,
    danger: Danger | None,
    by: User,
    now: datetime.datetime,
) -> Conference:
    """Request a conference and record what is asked for with it; either both happen or neither.

    Raises what ``request_conference`` and ``record_asked`` raise.
    """
    conference = request_conference(family=family, children=children, reason=reason, by=by, now=now)
    if asked.says_something:
        record_asked(conference=conference, asked=asked, danger=danger, by=by, now=now)
    return conference


@transaction.atomic
def record_asked(
    *, conference: Conference, asked: Asked, danger: Danger | None, by: User, now: datetime.datetime
) -> ConferenceRequest:
    """Record what is asked for with a conference, and let it flow on.

    The caller has checked that ``by`` may arrange the conference. In order: locks it; records the request; fills what
    is empty in the persons' records (language, interpreter, help to take part); records the danger as a safety alert;
    settles what agencies asked for in words that it takes over; where the list is made already, puts whoever should
    come on it, as proposed, holds whoever should stay out for the chair, and tells the coordinator. The same again
    changes nothing. Raises ValidationError where nothing is said, or where the conference is over.
    """
    locked = lock_conference(conference)
    if locked.status not in LIVE:
        raise ValidationError("This conference is over, so there is nothing left to ask for.")
    if not asked.says_something:
        raise ValidationError("Fill in at least one part.")
    if (same := _same(locked, asked, by=by)) is not None:
        return same
    children = [row.child for row in locked.children.filter(withdrawn_at__isnull=True).select_related("child")]
    request = write_request(
        family=locked.family, children=children, asked=asked, now=now, conference=locked, recorded_by=by
    )
    for item in asked.items:
        if item.person is not None and item.kind in (AskedKind.INTERPRETER, AskedKind.HELP):
            language = item.words if item.kind == AskedKind.INTERPRETER else None
            needs = item.words if item.kind == AskedKind.HELP else ""
            fill_needs(person=item.person, language=language, access_needs=needs)
    if danger is not None:
        record_safety_alert(
            person=danger.person, kind=danger.kind, words=danger.words, source=by.name, by=by, now=now,
            starts_on=civil_day(now),
        )  # fmt: skip
    _take_over(locked, asked, by=by, now=now)
    if locked.status != ConferenceStatus.REQUESTED:
        carry_on(conference=locked, now=now)
        hold_undecided(conference=locked, by=by, now=now)
        _tell(locked, request, by=by, now=now)
    return request


def _same(conference: Conference, asked: Asked, *, by: User) -> ConferenceRequest | None:
    """Return the newest request of the same person that says the same; None where there is none."""
    wanted = {_key(item) for item in asked.items}
    rows = ConferenceRequest.objects.filter(conference=conference, recorded_by=by, **asked.columns)
    for row in rows.prefetch_related("items").order_by("-pk"):
        if {(item.kind, item.person_id, item.post_id, item.words) for item in row.items.all()} == wanted:
            return row
    return None


def _key(item: AskedItem) -> tuple[str, int | None, int | None, str]:
    return (
        str(item.kind),
        item.person.pk if item.person else None,
        item.post.pk if item.post else None,
        item.words.strip(),
    )


def _take_over(conference: Conference, asked: Asked, *, by: User, now: datetime.datetime) -> None:
    """Settle what agencies asked for in words, where the worker's request says the same."""
    rows = RequestedItem.objects.filter(
        request__conference=conference, request__agency__isnull=False, settled_at=None, person=None, post=None
    )
    for row in rows.order_by("pk"):
        if any(item.kind == row.kind and row.words in item.words for item in asked.items):
            settle_item(item=row, how="Taken over into the social worker’s request", by=by, now=now)


def _tell(conference: Conference, request: ConferenceRequest, *, by: User, now: datetime.datetime) -> None:
    for user in to_be_told(conference, [conference.coordinator], on=civil_day(now)):
        if user.pk != by.pk:
            notify(
                user=user,
                key=f"conference-asked:{request.pk}",
                text=f"{conference.reference}: more is asked for with this conference. Look who should come, and how.",
                url=reverse("conferences:asked", args=[conference.pk]),
                now=now,
            )
