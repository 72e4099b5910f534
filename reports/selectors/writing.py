"""What the pages on which a report is written need, for staff and for an author on their own page."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q

from conferences.enums import Capacity
from conferences.models import ConferenceChild, Participant
from conferences.selectors.children import children_in
from conferences.selectors.readers import who_reads_each
from deadlines.policies import Framework, policy_of
from reports.enums import ReportKind, ReportState
from reports.models import Report, ReportSection
from reports.selectors.papers import adults_named, children_of_author, sections_in_force


def framework_of(author: Participant) -> Framework:
    """Return the council's headings for this author's report: the framework's, and those of its kind of report."""
    policy = policy_of(author.conference.policy_version_id)
    own = policy.social_work_headings if author.capacity == Capacity.SOCIAL_WORKER else (policy.report_in_short,)
    known = {row.key for row in policy.framework.headings}
    more = tuple(row for row in own if row.key not in known)
    return policy.framework.model_copy(update={"headings": (*policy.framework.headings, *more)})


def heading_in_short(report: Report) -> str:
    """Return the heading under which an agency's report still lacks what the minutes would print; "" where nothing."""
    policy = policy_of(report.conference.policy_version_id)
    wanted = policy.report_in_short
    if report.kind != ReportKind.AGENCY or policy.prints_whole_reports:
        return ""
    written = {section.heading for section in report.sections.all() if section.removed_at is None}
    return wanted.label if written and wanted.key not in written else ""


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
