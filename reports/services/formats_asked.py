"""Papers in other formats and languages are asked for with the release of the paper."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from conferences.selectors.procedures import policy_of_conference
from deadlines.working_days.arithmetic import civil_day
from deadlines.working_days.calendars import calendar_for
from families.enums import PaperFormat
from families.models import Person
from reports.models import Document, FormatAsked
from reports.services.kept_papers import ask_for_papers

MADE_HERE = "Made by cpconf"


def ask_for_formats(document: Document, recipients: Collection[int], *, now: datetime.datetime) -> None:
    """Ask for a released paper in each format that its recipients want, due after the policy's working days.

    Large print is laid out here; the rest waits for whoever makes it. Asking again adds nothing.
    """
    persons = {row["id"]: row["person"] for row in document.content["participants"] if row["id"] in set(recipients)}
    wanted = Person.objects.filter(pk__in=persons.values(), formats__isnull=False).only("formats", "language")
    by_person = {person.pk: person for person in wanted}
    days: int = policy_of_conference(document.conference).value("papers-in-formats-days")
    due_on = calendar_for(document.conference.authority_id).add(civil_day(now), days)
    rows = [
        FormatAsked(
            document=document,
            format=chosen,
            language=by_person[person].language if chosen == PaperFormat.TRANSLATED else "",
            provider=MADE_HERE if chosen == PaperFormat.LARGE else "",
            asked_at=now,
            due_on=due_on,
            **document.to(recipient),
        )
        for recipient, person in persons.items()
        if person in by_person
        for chosen in by_person[person].formats or ()
        if chosen != PaperFormat.ORDINARY
    ]
    FormatAsked.objects.bulk_create(rows, ignore_conflicts=True)
    large = [row.for_whom for row in rows if row.format == PaperFormat.LARGE]
    if large:
        ask_for_papers(document, large, now=now, is_large=True)
