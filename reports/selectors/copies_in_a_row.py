"""Each recipient's copy in a row, with what would leave its reader without what is theirs."""

from __future__ import annotations

from dataclasses import dataclass

from conferences.models import ExclusionRequest
from families.models import Person
from reports.copies import Composed, Content, compose, recipients_due
from reports.copies.concerns import Concern, concerns_about
from reports.models import Document
from reports.selectors.circulation import may_be_settled


@dataclass(frozen=True)
class CopyInARow:
    """One recipient's copy; ``stopped`` says why nothing goes to them today, although they were due it."""

    recipient_id: int
    name: str
    role: str
    concerns: tuple[Concern, ...]
    only_if_settled: str = ""
    stopped: str = ""


def copies_in_a_row(content: Content, kind: str, *, document: Document | None = None) -> list[CopyInARow]:
    """Return a row for each copy that may go out, in the order of their numbers, in a fixed number of queries.

    ``document`` is the version they are of, where there is one; then what has stopped a copy since is told as well.
    """
    chairs = {pk: why for pk, _, why in may_be_settled(content, kind)}
    people = {row["id"]: row for row in content["participants"]}
    stopped = _stopped(people) if document is not None and document.is_of_a_conference else {}
    rows = []
    for recipient in recipients_due(content, kind, settled=list(chairs)):
        copy: Composed = compose(content, recipient, kind, settled=list(chairs))
        rows.append(
            CopyInARow(
                recipient_id=recipient,
                name=people[recipient]["name"],
                role=str(people[recipient]["capacity_words"]),
                concerns=tuple(concerns_about(content, copy)),
                only_if_settled=chairs.get(recipient, ""),
                stopped=stopped.get(recipient, ""),
            )
        )
    return rows


def _stopped(people: dict[int, dict[str, object]]) -> dict[int, str]:
    """Return by participant why nothing goes to them now, of what may have come since the version was prepared."""
    asked = ExclusionRequest.objects.filter(participant__in=people, decided_at__isnull=True)
    found = dict.fromkeys(asked.values_list("participant", flat=True), "The chair has to decide about this person.")
    gone = Person.objects.filter(pk__in=[row["person"] for row in people.values()]).exclude(
        death_date__isnull=True, sealed_at__isnull=True
    )
    persons = set(gone.values_list("pk", flat=True))
    ended = "This person has died, or their record is sealed."
    return found | {pk: ended for pk, row in people.items() if row["person"] in persons}
