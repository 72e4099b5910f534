"""The paper of a plan: who gets a copy today, who has none and why, and what a guest was sent."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

from families.models import Person
from plans.models import Plan
from plans.selectors.plan_readers import readers_of
from reports.enums import TAKEN_BACK
from reports.models import Copy, Document
from reports.selectors.circulation import Circulation, RecipientRow, circulation_of
from reports.selectors.standing import standing_documents

PREPARED_BEFORE = "Has come since this version was prepared. Prepare a new one."
NOT_AROUND = "Has nothing to do with the plan any more."


@dataclass(frozen=True)
class PlanCirculation(Circulation):
    """Who gets a plan's version as of today; ``mailboxes`` are those of professionals at work, by person id."""

    mailboxes: Mapping[int, str]


def circulation_today(document: Document, plan: Plan, *, on: datetime.date) -> PlanCirculation:
    """Return who gets a copy, and who is not told and why: whoever is not entitled any more on the day, too."""
    now = {row.person.pk: row for row in readers_of(plan, on=on)}
    rows = [_as_of_today(row, now) for row in circulation_of(document).rows]
    known = {row.participant_id for row in rows}
    rows += [
        RecipientRow(
            participant_id=pk,
            name=one.person.full_name,
            role=str(one.capacity.label),
            number=0,
            copies=(),
            because=one.because or PREPARED_BEFORE,
        )
        for pk, one in now.items()
        if pk not in known
    ]
    mailboxes = {pk: one.post.email for pk, one in now.items() if one.post and one.post.email}
    return PlanCirculation(document, rows, mailboxes)


def _as_of_today(row: RecipientRow, now: Mapping[int, object]) -> RecipientRow:
    reader = now.get(row.participant_id)
    because = NOT_AROUND if reader is None else getattr(reader, "because", "")
    if not because or row.is_sent:
        return row
    return replace(row, number=0, because=because)


@dataclass(frozen=True)
class GivenPlan:
    """A copy of a plan that someone was sent; ``is_behind`` where the plan has been changed since.

    ``before`` is the copy of an earlier version that they were sent last, where there is one.
    """

    copy: Copy
    is_behind: bool
    before: Copy | None = None


def plans_given_to(person: Person, *, on: datetime.date) -> list[GivenPlan]:
    """Return the copies of plans in force that someone was sent, as far as they are entitled to each today."""
    rows = (
        Copy.objects.filter(person=person, document__plan__isnull=False, document__plan__ends_on__isnull=True)
        .exclude(news__kind__in=TAKEN_BACK)
        .select_related(
            "document__plan__child__person", "document__plan__authority", "document__released_by",
            "document__conference", "document__standing_in_for",
        )
        .order_by("document__plan", "-document__number", "-sent_at", "-pk")
    )  # fmt: skip
    newest: dict[int, Copy] = {}
    for copy in rows:
        newest.setdefault(copy.document_id, copy)
    standing = set(standing_documents().filter(pk__in=newest).values_list("pk", flat=True)) if newest else set()
    in_force = [copy for copy in newest.values() if copy.document_id in standing]
    found = []
    for copy in in_force:
        plan = copy.document.plan
        if plan is None:
            continue
        reader = next((one for one in readers_of(plan, on=on) if one.person.pk == person.pk), None)
        if reader is None or reader.because:
            continue
        latest = plan.versions.order_by("-number").values_list("pk", flat=True).first()
        before = next((row for row in newest.values() if _is_of_earlier(row.document, copy.document)), None)
        found.append(GivenPlan(copy, is_behind=latest != copy.document.plan_version_id, before=before))
    return found


def _is_of_earlier(one: Document, document: Document) -> bool:
    return one.plan_id == document.plan_id and one.number < document.number


def plan_title(given: GivenPlan, person: Person) -> str:
    """Return what a guest's page calls a plan: their own child's, or their own."""
    child = given.copy.document.plan.child.person  # type: ignore[union-attr]
    return "Your plan" if child.pk == person.pk else f"The plan for {child.short_name}"
