"""Whom a guest means who asks not to be in the same room as someone."""

from __future__ import annotations

import re
import unicodedata

from django.db.models import QuerySet

from conferences.enums import Capacity, ParticipantStatus
from conferences.models import Conference, Participant

RUN_IT = (Capacity.CHAIR, Capacity.COORDINATOR, Capacity.SOCIAL_WORKER, Capacity.TEAM_MANAGER)
GROWN_UP_FAMILY = (Capacity.PARENT, Capacity.CARER, Capacity.RELATIVE)
# First names that are words of every day: in small letters they may name nobody.
ORDINARY = frozenset(
    {"art", "bill", "dawn", "drew", "faith", "frank", "grace", "grant", "guy", "hope", "jack", "joy", "mark", "may"}
    | {"miles", "pat", "rob", "rose", "sue", "summer", "will"}
)


def whom_they_mean(asker: Participant, text: str) -> list[Participant]:
    """Return those on the list whom the guest's words name; where that is unclear, every other adult of the family.

    A first name alone counts, for a last name is often everybody's. What can't be understood is not told to anybody
    it could be about, until a person has read it. Never the asker, nor who comes with them, nor those who run the
    meeting.
    """
    return _meant(list(_on_list(asker.conference).exclude(person=asker.person_id).exclude(acts_for=asker)), text)


def whom_an_agency_means(conference: Conference, text: str) -> list[Participant]:
    """Return the same for an agency that asked for the conference; never other agencies."""
    return _meant(list(_on_list(conference).filter(capacity__in=(*GROWN_UP_FAMILY, Capacity.CHILD))), text)


def _on_list(conference: Conference) -> QuerySet[Participant]:
    rows: QuerySet[Participant] = conference.participants.exclude(
        status__in=[ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN]
    )
    return rows.exclude(capacity__in=RUN_IT).select_related("person").order_by("pk")


def _meant(rows: list[Participant], text: str) -> list[Participant]:
    written = _words(text)
    said = {word.casefold() for word in written}
    clear = {word.casefold() for word in written if word[0].isupper() or word.casefold() not in ORDINARY}
    named = [row for row in rows if said & _names(row.person.given_name)]
    if not named:
        named = [row for row in rows if row.capacity != Capacity.CHILD and said & _names(row.person.family_name)]
        clear = said
    if any(clear & (_names(row.person.given_name) | _names(row.person.family_name)) for row in named):
        return named
    return list(dict.fromkeys([*named, *(row for row in rows if row.capacity in GROWN_UP_FAMILY)]))


def _names(name: str) -> set[str]:
    return {word.casefold() for word in _words(name)}


def _words(text: str) -> list[str]:
    """Return the words without accents, as people type names on a phone."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return re.findall(r"[^\W\d_]{2,}", plain)
