"""What the pages on which a report is written need, for staff and for an author on their own page."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q

from conferences.enums import Capacity
from conferences.models import ConferenceChild, Participant
from conferences.selectors.children import children_in
from conferences.selectors.readers import who_reads_each
from deadlines.policies import Framework, Heading, policy_of
from reports.enums import ReportState
from reports.models import ReportSection
from reports.selectors.papers import adults_named, children_of_author, sections_in_force

ANALYSIS = Heading(
    key="assessment-analysis",
    label="What the assessment found",
    prompt="What the child and family assessment means for each child, and what may happen if nothing changes.",
)


def framework_of(author: Participant) -> Framework:
    """Return the council's headings for reports to this conference; the social work report has the analysis too."""
    framework = policy_of(author.conference.policy_version_id).framework
    if author.capacity != Capacity.SOCIAL_WORKER or any(row.key == ANALYSIS.key for row in framework.headings):
        return framework
    return framework.model_copy(update={"headings": (*framework.headings, ANALYSIS)})


def section_choices(author: Participant, *, on: datetime.date) -> dict[str, Any]:
    """Return what the form of a section offers: headings, the author's own children, who reads about them, adults.

    Of the family only those who come for one of these children are named: an author who comes for one child is not
    told who belongs to another.
    """
    rows = children_of_author(author, children_in(author.conference))
    people = _people_around(author, rows)
    ids = {one.person_id for one in people}
    return {
        "framework": framework_of(author),
        "rows": rows,
        "readers": who_reads_each(rows, people, on=on),
        "persons": [person for person in adults_named(author.conference) if person.pk in ids],
    }


def _people_around(author: Participant, rows: list[ConferenceChild]) -> list[Participant]:
    theirs = Q(children__in=[row.pk for row in rows]) | Q(children__isnull=True)
    people = author.conference.participants.filter(theirs).select_related("person")
    return list(people.order_by("pk").distinct())


def draft_section(author: Participant, section_pk: int) -> ReportSection | None:
    """Return one section of the author's draft; None for any other, and once the report is in."""
    rows = sections_in_force().select_related("report__conference__authority")
    return rows.filter(pk=section_pk, report__author=author, report__state=ReportState.DRAFT).first()
