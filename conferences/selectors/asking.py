"""What is recorded that a request for a conference begins with, so that nobody types it twice."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from conferences.access import may
from conferences.enums import AskedKind
from conferences.models import Conference, ConferenceRequest
from conferences.selectors.children import short_name_of
from conferences.selectors.requests import asker_words, full, items_for, requests_waiting_in
from families.enums import ResponsibilityStatus
from families.models import Child, Family, Person, Post
from families.selectors import members_of, posts_in_directory
from families.selectors.people import adults_for
from families.selectors.safety import alerts_of
from govuk import words

# The field that each sort of wish in an agency's words begins in.
FIELD_OF = {AskedKind.KEEP_OUT: "keep_out_why", AskedKind.HELP: "help_words", AskedKind.COMER: "others"}


@dataclass(frozen=True)
class AboutFamily:
    """The family's people and the directory, what is recorded of parental responsibility and dangers."""

    family_id: int
    people: Sequence[Person]
    posts: QuerySet[Post]
    responsibility_words: str
    alerts_words: str
    asked_by_agencies: Mapping[str, str]


def about_family(
    family: Family,
    children: Collection[Child],
    *,
    user: User,
    on: datetime.date,
    requests: Sequence[ConferenceRequest] | None = None,
) -> AboutFamily:
    """Return what the form offers and begins with; ``requests`` are those of agencies, by default those that wait."""
    found = requests_waiting_in(family) if requests is None else requests
    return AboutFamily(
        family_id=family.pk,
        people=[person for person in members_of(family, on=on) if person.death_date is None and not person.unnamed_as],
        posts=posts_in_directory(family.authority, on=on, family=family),
        responsibility_words=responsibility_in_words(children, on=on),
        alerts_words=_alerts(family, on=on),
        asked_by_agencies=_asked(found, user),
    )


def responsibility_in_words(children: Collection[Child], *, on: datetime.date) -> str:
    """Return who is recorded as having parental responsibility for each child, as one line; never an address."""
    adults = adults_for(children, on=on)
    said = []
    for child in children:
        ties = [(adult.person.full_name, tie.responsibility) for adult in adults if (tie := adult.tie_to(child))]
        held = [name for name, row in ties if row and row.status == ResponsibilityStatus.HELD]
        other = [f"{name} ({row.get_status_display().lower()})" for name, row in ties if row and name not in held]
        people = words.listed([*held, *other]) if held or other else "nobody is recorded"
        said.append(f"{short_name_of(child)}: {people}")
    return ". ".join(said)


def _alerts(family: Family, *, on: datetime.date) -> str:
    kinds = [row.get_kind_display().lower() for row in alerts_of(family, on=on)]
    return f"Recorded already: {words.listed(kinds)}" if kinds else ""


def _asked(requests: Sequence[ConferenceRequest], user: User) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for request in requests:
        for item in items_for(user, request):
            field = FIELD_OF.get(AskedKind(item.kind))
            if field and item.person_id is None and item.post_id is None and item.settled_at is None:
                found.setdefault(field, []).append(f"{asker_words(request)}: {item.words}")
    return {field: "\n".join(lines) for field, lines in found.items()}


def reads_requests(user: User, conference: Conference) -> bool:
    """Return whether the user reads what was asked for: those who arrange it, agree to it or chair it."""
    return may(user, conference, to="arrange") or may(user, conference, to="agree")


def of_conference(family: Family, conference_id: int) -> list[ConferenceRequest]:
    """Return the agencies' requests that are joined to a conference."""
    rows = ConferenceRequest.objects.filter(family=family, conference=conference_id, agency__isnull=False)
    return list(full(rows))
