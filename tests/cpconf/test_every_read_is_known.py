"""Everyone who is shown case data is in the read log, on every page of the site, including future ones."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import NoReverseMatch
from django.utils.html import escape

from accounts.enums import ReadKind
from accounts.models import AccessEvent
from families.models import FamilyMember, Person
from tests.world import address_names, address_of, visitor

# One person of each kind, so that each page opens for someone.
WHO = [
    "own social worker",
    "own chair",
    "service manager",
    "custodian",
    "administrator",
    "auditor",
    "invited professional",
    "guest, mother",
]
# Pages that show nothing of any case, and why.
WITHOUT_CASE_DATA = {
    "govuk:": "words about the site",
    "demo:": "made-up people",
    "account_": "signing in and out",
    "mfa_": "the second factor",
    "openid_connect": "signing in through a directory",
    "healthz": "whether the site answers",
    "see-health": "whether the jobs run",
    "guests:": "asks for a code, before anything is shown",
    "projector:type-code": "asks for a code, before anything is shown",
    "accounts:directory-again": "signing in through a directory",
    "accounts:my-account": "one's own account",
    "accounts:where-signed-in": "one's own sessions",
    "accounts:session-state": "how long one's own session lasts",
    "accounts:set-up-second-step": "one's own second factor",
    "accounts:sign-out-everywhere": "one's own sessions",
    "accounts:save-draft": "keeps words and shows none",
    "accounts:sign-in-as-demo": "made-up people",
    "users:": "staff and their posts",
    "deadlines:calculate-dates": "dates that somebody typed",
    "deadlines:calendar-feed": "one's own address for a calendar, not what it holds",
    "deadlines:settings": "settings",
    "deadlines:working-days": "settings",
    "deadlines:close-day": "settings",
    "deadlines:take-back-day": "settings",
    "deadlines:polic": "the council's procedures",
    "deadlines:change-policy": "the council's procedures",
    "deadlines:put-policy": "the council's procedures",
    "deadlines:set-policy": "the council's procedures",
    "deadlines:recounts": "numbers of deadlines, no case",
    "deadlines:count-again": "numbers of deadlines, no case",
    "families:create-family": "an empty form",
    "families:find-case": "an empty form",
    "plans:check-list": "an empty form",
}


# Pages with names that belong to no record: they are not shown from a look-up.
AS_SOMEBODY_SAID = {"plans:list-checks": "whom a caller asked about, on the list or not"}


def says_nothing(name: str) -> bool:
    return any(name.startswith(start) for start in WITHOUT_CASE_DATA)


def unknown_reads(world: SimpleNamespace, who: str) -> list[str]:
    """Return the URLs that showed a user something the log does not know of."""
    client = visitor(world, who)
    people: dict[int, str] = {
        person.pk: escape(person.full_name)
        for person in Person.objects.filter(memberships__family=world.family)
        if person.given_name and person.family_name
    }
    found = []
    for name in address_names():
        if says_nothing(name):
            continue
        try:
            address = address_of(world, name)
        except (NoReverseMatch, KeyError):
            continue  # the access matrix test requests an example
        before = transaction.savepoint()
        last = AccessEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        answer = client.get(address)
        events = list(AccessEvent.objects.filter(pk__gt=last).exclude(kind=ReadKind.REFUSED))
        transaction.savepoint_rollback(before)
        if answer.status_code != 200:
            continue
        text = b"".join(answer) if answer.streaming else answer.content
        if not events:
            found.append(f"{name}: nothing is logged")
            continue
        logged = {pk for event in events for pk in event.person_ids}
        families = {pk for event in events for pk in event.family_ids}
        if name in AS_SOMEBODY_SAID:
            continue
        shown = {pk for pk, full_name in people.items() if full_name.encode() in text}
        members = set(
            FamilyMember.objects.filter(family__in=families, person__in=shown).values_list("person", flat=True)
        )
        if shown - logged - members:
            found.append(f"{name}: shows people whom the log does not name")
    return found


@pytest.mark.parametrize("who", WHO)
def test_everything_shown_is_logged(world, who):
    assert unknown_reads(world, who) == []


def test_pages_listed_as_without_case_data_exist():
    names = set(address_names())
    assert {start for start in WITHOUT_CASE_DATA if not any(name.startswith(start) for name in names)} == set()
