"""How far each report has got, computed from the facts; ``reports.services.progress`` stores it for the clocks."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects

from conferences.enums import COMING, REPORTING_CAPACITIES
from conferences.models import Conference, ConferenceChild, Participant, Sitting
from reports.enums import FileChecker, ReportState
from reports.models import Attachment, FileCheck, Report, ReportSection, Sharing
from reports.selectors.due import PersonDue, people_due_in
from reports.selectors.file_checks import files_for_readers
from reports.selectors.papers import children_concerned, children_of_author, has_outcome, lacking_in, newest_sharing


@dataclass(frozen=True)
class Progress:
    """See ``reports.models.PaperProgress``."""

    conference_id: int
    received_at: datetime.datetime | None
    shared_at: datetime.datetime | None
    nobody_due: bool
    file_waits_for_worker: bool
    file_waits_for_coordinator: bool


def progress_in(conferences: Iterable[Conference]) -> dict[int, Progress]:
    """Return progress by id of participants asked for a report, in a constant number of queries."""
    rows = list(conferences)
    pks = [row.pk for row in rows]
    authors = list(_authors(pks))
    if not authors:
        return {}
    children: dict[int, list[ConferenceChild]] = defaultdict(list)
    present = ConferenceChild.objects.filter(conference__in=pks, withdrawn_at__isnull=True)
    for child in present.select_related("child__person").order_by("pk"):
        children[child.conference_id].append(child)
    reports = _reports(pks)
    prefetch_related_objects(rows, Prefetch("sittings", Sitting.objects.order_by("number")))
    due = people_due_in(rows, children)
    return {
        author.pk: _progress(author, reports[author.pk], children[author.conference_id], due[author.conference_id])
        for author in authors
    }


def _authors(conference_ids: list[int]) -> Iterable[Participant]:
    asked = Participant.objects.filter(
        conference__in=conference_ids, reports=True, capacity__in=REPORTING_CAPACITIES, status__in=COMING
    )
    return asked.prefetch_related("children").order_by("pk")


def _reports(conference_ids: list[int]) -> dict[int, list[Report]]:
    found: dict[int, list[Report]] = defaultdict(list)
    sections = ReportSection.objects.filter(removed_at__isnull=True).defer("text", "evidence")
    rows = Report.objects.filter(conference__in=conference_ids).exclude(state=ReportState.DRAFT)
    for row in rows.prefetch_related(
        Prefetch("sections", sections.prefetch_related("children")),
        Prefetch("sharings", Sharing.objects.order_by("-recorded_at", "-pk")),
        Prefetch(
            "attachments",
            Attachment.objects.filter(withdrawn_at__isnull=True)
            .select_related("file")
            .prefetch_related("children", Prefetch("checks", FileCheck.objects.order_by("-at", "-pk"))),
        ),
    ).order_by("number"):
        found[row.author_id].append(row)
    return found


def _progress(
    author: Participant, reports: list[Report], children: list[ConferenceChild], due: list[PersonDue]
) -> Progress:
    in_force = next((row for row in reports if row.state == ReportState.SUBMITTED), None)
    about = children_concerned(author, in_force, children)
    due_it = [person for person in due if person.children & about]
    files = files_for_readers(in_force, due_it, [row.pk for row in children_of_author(author, children)])
    return Progress(
        conference_id=author.conference_id,
        received_at=min(
            (row.received_at for row in reports if row.received_at and not lacking_in(author, row, children)),
            default=None,
        ),
        shared_at=_shared_at(in_force, due_it),
        nobody_due=not due_it,
        file_waits_for_worker=any(row.waits_for(FileChecker.WORKER) for row in files),
        file_waits_for_coordinator=any(row.waits_for(FileChecker.COORDINATOR) for row in files),
    )


def _shared_at(report: Report | None, due_it: list[PersonDue]) -> datetime.datetime | None:
    """Return when everyone due the report had an outcome; None while anyone lacks it or waits."""
    if report is None or not due_it or any(person.waits for person in due_it):
        return None
    outcomes = [newest_sharing(report, person.person.pk) for person in due_it]
    if not all(has_outcome(one) for one in outcomes):
        return None
    return max(one.shared_at or one.recorded_at for one in outcomes if one)
