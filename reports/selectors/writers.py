"""Who wrote a report, sent a file or recorded how it was shared: staff by name, guests by the person who came in."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import GuestSession
from families.models import Person
from reports.models import Report, Sharing, StoredFile

COLUMNS: dict[type[Report | StoredFile | Sharing], tuple[str, str]] = {
    Report: ("submitted_by", "submitted_guest_session_id"),
    StoredFile: ("uploaded_by", "guest_session_id"),
    Sharing: ("recorded_by", "guest_session_id"),
}


def name_writers(*rows: Report | StoredFile | Sharing | None) -> None:
    """Set ``written_by`` on each row, in words; two queries where a guest wrote any of them, otherwise none."""
    found = [row for row in rows if row is not None]
    names = guests_named(getattr(row, COLUMNS[type(row)][1]) for row in found)
    for row in found:
        by, stay = COLUMNS[type(row)]
        user = getattr(row, by)
        name = user.name if user is not None else f"{names.get(getattr(row, stay), 'a guest')}, on their own page"
        row.written_by = name  # type: ignore[union-attr]


def guests_named(session_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the full names of those who came in as guests, by the id of their stay."""
    wanted = {pk for pk in session_ids if pk is not None}
    if not wanted:
        return {}
    stays = dict(GuestSession.objects.filter(pk__in=wanted).values_list("pk", "link__person_id"))
    people = {person.pk: person.full_name for person in Person.objects.filter(pk__in=stays.values())}
    return {pk: people.get(person_id, "a guest") for pk, person_id in stays.items()}
