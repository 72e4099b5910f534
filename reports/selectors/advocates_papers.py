"""The papers of a child or parent that their advocate reads: as far as they agreed, in their own version."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

from conferences.enums import AdvocateReads
from conferences.models import Participant
from conferences.selectors.advocate_agreements import may_read_of_client
from conferences.selectors.family_home import concealed_for
from deadlines.working_days.arithmetic import civil_day
from reports.enums import DocumentKind
from reports.models import Copy, Report
from reports.selectors.guest_papers import GuestPaper, papers_for, short_of, version_of


def client_with_conference(advocate: Participant) -> Participant | None:
    """Return whom an advocate speaks for, with what composing their papers needs; None for anyone else."""
    if advocate.acts_for_id is None:
        return None
    return Participant.objects.select_related(
        "conference__authority", "conference__family", "person", "post", "agency"
    ).get(pk=advocate.acts_for_id)


def papers_of_client(advocate: Participant, *, now: datetime.datetime) -> list[GuestPaper]:
    """Return the papers that an advocate may read now, as a list of those whom they speak for would name them.

    Reports by an agency that is hidden from the advocate are left out. What has been made in another format for the
    person themselves is theirs alone.
    """
    matters = may_read_of_client(advocate)
    client = client_with_conference(advocate) if matters else None
    if client is None:
        return []
    concealed = concealed_for(advocate, on=civil_day(now))
    found = []
    for row in papers_for(client, now=now):
        if _matter_of(row) not in matters:
            continue
        author = row.report.author if row.report is not None else None
        if author is not None and concealed.gives_away(
            row.title, author.person.full_name, person=author.person_id, agency=author.agency_id, post=author.post_id
        ):
            continue
        is_own_letter = row.copy is not None and row.copy.document.kind == DocumentKind.CHILDS_LETTER
        found.append(replace(row, title="Their letter") if is_own_letter else row)
    return found


def _matter_of(row: GuestPaper) -> AdvocateReads | None:
    if row.in_format is not None:
        return None
    if row.report is not None:
        return AdvocateReads.REPORTS
    return AdvocateReads.PLAN if row.is_plan else AdvocateReads.RECORD


@dataclass(frozen=True)
class ReportOfClient:
    """A report that was shared with whom the advocate speaks for, less what is hidden from the advocate."""

    report: Report
    why_held: str
    sections: list[Any]
    is_short: bool


def report_of_client(
    advocate: Participant, report_pk: int, *, is_short: bool, now: datetime.datetime
) -> ReportOfClient | None:
    """Return one of these reports as an advocate may read it; None for any other."""
    listed = papers_of_client(advocate, now=now)
    client = client_with_conference(advocate)
    is_theirs = any(
        row.report is not None and row.report.pk == report_pk and row.is_short == is_short for row in listed
    )
    if client is None or not is_theirs:
        return None
    found = short_of(client, report_pk, now=now) if is_short else version_of(client, report_pk, now=now)
    if found is None:
        return None
    report, version = found
    concealed = concealed_for(advocate, on=civil_day(now))
    return ReportOfClient(
        report=report,
        why_held="" if concealed.is_in(version.why_held) else version.why_held,
        sections=[row for row in version.sections if not concealed.is_in(row.text, getattr(row, "evidence", ""))],
        is_short=is_short,
    )


def copy_of_client(advocate: Participant, copy_pk: int, *, now: datetime.datetime) -> Copy | None:
    """Return one letter, minutes or plan of whom the advocate speaks for; None for any that they may not read."""
    rows = (row.copy for row in papers_of_client(advocate, now=now) if row.copy is not None)
    return next((copy for copy in rows if copy.pk == copy_pk), None)
