"""Which files of a report may reach which person in the family."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.enums import FileAnswer, FileChecker
from reports.models import Attachment, FileCheck, Report
from reports.selectors.due import PersonDue


@dataclass(frozen=True)
class ForReader:
    """A file as it stands for one reader: what each of the two who look at it said last."""

    due: PersonDue
    worker: FileCheck | None
    coordinator: FileCheck | None
    about_others: bool

    @property
    def may_go(self) -> bool:
        """Return whether it may reach them: whole, and after two people said so."""
        both = (self.worker, self.coordinator)
        return (
            not self.about_others
            and not self.due.waits
            and all(one is not None and one.answer == FileAnswer.MAY for one in both)
            and len({one.by_id for one in both if one is not None}) == len(both)
        )

    def waits_for(self, checker: FileChecker) -> bool:
        """Return whether this look is still missing, and could let the reader have the file."""
        mine, other = (
            (self.worker, self.coordinator) if checker == FileChecker.WORKER else (self.coordinator, self.worker)
        )
        kept_back = other is not None and other.answer == FileAnswer.MAY_NOT
        return mine is None and not kept_back and not self.about_others and not self.due.waits

    @property
    def words(self) -> str:
        if self.about_others:
            return "Also about a child who is not theirs: it can’t be shown in part"
        if self.due.waits:
            return "Waiting for the chair"
        if self.may_go:
            return "They may have it"
        said = [one for one in (self.worker, self.coordinator) if one is not None]
        if any(one.answer == FileAnswer.MAY_NOT for one in said):
            return "Kept back"
        missing = [
            label for one, label in ((self.worker, "social worker"), (self.coordinator, "coordinator")) if one is None
        ]
        return f"Waiting for the {' and the '.join(missing)}"


def file_for_readers(attachment: Attachment, due: Iterable[PersonDue], own: Iterable[int]) -> list[ForReader]:
    """Return how a file stands for each person due its report; ``own`` are the children its author comes for."""
    about = frozenset(row.pk for row in attachment.children.all()) or frozenset(own)
    newest: dict[tuple[int, str], FileCheck] = {}
    for check in attachment.checks.all():
        newest.setdefault((check.person_id, check.checker), check)
    return [
        ForReader(
            due=row,
            worker=newest.get((row.person.pk, FileChecker.WORKER)),
            coordinator=newest.get((row.person.pk, FileChecker.COORDINATOR)),
            about_others=not about <= row.children,
        )
        for row in due
    ]


def files_for_readers(report: Report | None, due: Iterable[PersonDue], own: Iterable[int]) -> list[ForReader]:
    """Return how each file in force of a report, with its checks prefetched, stands for each person due it."""
    if report is None:
        return []
    readers, children = list(due), list(own)
    return [
        one for row in report.attachments.all() if row.file.opens for one in file_for_readers(row, readers, children)
    ]


def files_released(report: Report, due: PersonDue, own: Iterable[int]) -> list[Attachment]:
    """Return the files of a report in force that may reach one person, whole; what was taken out never does."""
    children = list(own)
    rows = report.attachments.filter(withdrawn_at__isnull=True).select_related("file").prefetch_related("children")
    return [row for row in rows.order_by("pk") if row.file.opens and file_for_readers(row, [due], children)[0].may_go]
