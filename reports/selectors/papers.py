"""Who reports, whether the report is in, and whether each person due it has heard it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from conferences.enums import COMING, REPORTING_CAPACITIES, Capacity, ParticipantStatus, Reply
from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.children import children_listed, names_of
from conferences.selectors.places_of_work import works_at
from families.models import Person
from govuk import words
from reports.enums import ReportKind, ReportState, SharingOutcome
from reports.models import GoneOnWithout, Report, ReportSection, Sharing
from reports.selectors.due import PersonDue, people_due
from reports.selectors.writers import name_writers

NOT_ABOUT_THEIRS = "Not about their child"
SHARED_SOMEHOW = (SharingOutcome.SHARED, SharingOutcome.IN_PART)
COLOUR_OF_OUTCOME = {
    SharingOutcome.DECLINED: "grey",
    SharingOutcome.NOT_REACHED: "yellow",
    SharingOutcome.NOT_TO_BE_SHARED: "purple",
    SharingOutcome.IN_PART: "purple",
}


@dataclass(frozen=True)
class Cell:
    """The outcome of sharing one report with one person. Without ``colour`` it is shown as plain text."""

    due: PersonDue
    words: str
    colour: str = ""
    is_done: bool = False
    can_record: bool = False

    @property
    def is_settled(self) -> bool:
        """Return whether nothing is left to do: shared, a final outcome, or not theirs."""
        return self.is_done or self.words == NOT_ABOUT_THEIRS


@dataclass(frozen=True)
class PaperRow:
    author: Participant
    submitted: Report | None
    draft: Report | None
    children: frozenset[int]
    cells: tuple[Cell, ...]
    lacking: tuple[ConferenceChild, ...] = ()

    @property
    def lacking_words(self) -> str:
        """Return whom a report that is in does not speak about yet, such as "Wren and the unborn baby"."""
        return names_of(self.lacking)

    @property
    def agency_words(self) -> str:
        return agency_words(self.author)

    @property
    def reply_words(self) -> str:
        if self.author.capacity == Capacity.SOCIAL_WORKER:
            return "Coming"
        if self.author.status != ParticipantStatus.INVITED:
            return "Not invited yet"
        return Reply(self.author.reply).label

    @property
    def is_in(self) -> bool:
        return self.submitted is not None

    @property
    def is_received(self) -> bool:
        """Return whether it is complete, for every child, and, if a manager has to agree, agreed."""
        return self.submitted is not None and self.submitted.received_at is not None and not self.lacking

    @property
    def unshared(self) -> list[Cell]:
        """Return those due the report who have no outcome although it is in."""
        return [cell for cell in self.cells if not cell.is_settled and cell.can_record]


def agency_words(author: Participant) -> str:
    """Return where the author works, as pages say it."""
    return works_at(author) or _without_agency(author)


def agency_in_full(author: Participant) -> str:
    """Return the same for the author's own pages, and for readers to whom the agency is not hidden."""
    return author.agency.name if author.agency is not None else _without_agency(author)


def _without_agency(author: Participant) -> str:
    return "Social care" if author.capacity == Capacity.SOCIAL_WORKER else author.get_capacity_display()


@dataclass(frozen=True)
class Papers:
    rows: list[PaperRow]
    due: list[PersonDue]

    @property
    def missing(self) -> list[PaperRow]:
        return [row for row in self.rows if not row.is_in]

    @property
    def lacking(self) -> list[PaperRow]:
        """Return the rows whose report came in before a child was added about whom it was asked for."""
        return [row for row in self.rows if row.lacking]

    @property
    def to_agree(self) -> list[PaperRow]:
        """Return the rows that are in and wait for a manager."""
        return [row for row in self.rows if row.submitted and row.submitted.waits_for_manager]

    @property
    def not_received(self) -> list[PaperRow]:
        """Return the rows the chair cannot count on yet: not in, not about every child, or not agreed."""
        return [row for row in self.rows if not row.is_received]

    @property
    def unheard(self) -> list[PaperRow]:
        return [row for row in self.rows if row.is_in and row.unshared]

    @property
    def headline(self) -> str:
        if not self.rows:
            return "No one has been asked for a report"
        number = len(self.rows) - len(self.missing)
        if not self.missing:
            return f"All {words.count(len(self.rows), 'report is', 'reports are')} in"
        return f"{number} of {words.count(len(self.rows), 'report is', 'reports are')} in"


def authors_of(conference: Conference) -> QuerySet[Participant]:
    """Return those who are asked for a report and still on the list."""
    rows: QuerySet[Participant] = conference.participants.filter(
        reports=True, capacity__in=REPORTING_CAPACITIES, status__in=[*COMING, ParticipantStatus.PROPOSED]
    )
    return rows.select_related("person__user", "agency", "post", "conference").prefetch_related("children")


def papers_of(conference: Conference) -> Papers:
    """Return the whole matrix of reports in a fixed number of queries; of their sections, only whom they concern."""
    children = children_listed(conference)
    due = people_due(conference, children)
    reports = _reports(conference)
    rows = []
    for author in authors_of(conference).order_by("capacity", "pk"):
        mine = [report for report in reports if report.author_id == author.pk]
        submitted = next((report for report in mine if report.state == ReportState.SUBMITTED), None)
        draft = next((report for report in mine if report.state == ReportState.DRAFT), None)
        about = children_concerned(author, submitted or draft, children)
        cells = tuple(_cell(person, submitted, about) for person in due)
        lacking = tuple(lacking_in(author, submitted, children))
        rows.append(PaperRow(author, submitted, draft, about, cells, lacking))
    return Papers(sorted(rows, key=_social_care_first), due)


def missing_authors(conference: Conference) -> list[Participant]:
    """Return those whose report is not complete: not submitted, or not agreed by a manager."""
    received = Report.objects.filter(
        Q(needs_agreement=False, submitted_at__isnull=False) | Q(agreed_at__isnull=False), conference=conference
    )
    children = children_listed(conference)
    complete = {
        report.author_id
        for report in received.select_related("author").prefetch_related("author__children")
        if not lacking_in(report.author, report, children)
    }
    return list(authors_of(conference).exclude(pk__in=complete).order_by("capacity", "pk"))


def gone_on_without(conference: Conference) -> GoneOnWithout | None:
    """Return the chair's decision to hold the conference without some reports, if any."""
    return (
        GoneOnWithout.objects.filter(conference=conference)
        .select_related("by")
        .prefetch_related("missing__person", "missing__agency")
        .first()
    )


def children_of_author(author: Participant, children: Iterable[ConferenceChild]) -> list[ConferenceChild]:
    """Return the children whom someone is asked to report about: those they come for, otherwise all."""
    rows = list(children)
    own = {row.pk for row in author.children.all()}
    return [row for row in rows if row.pk in own] or rows


def lacking_in(
    author: Participant, submitted: Report | None, children: Iterable[ConferenceChild]
) -> list[ConferenceChild]:
    """Return the children whom an author is to report about and who were added after the report came in."""
    at = submitted.submitted_at if submitted is not None else None
    return [row for row in children_of_author(author, children) if at is not None and not row.was_in(at)]


def _social_care_first(row: PaperRow) -> tuple[bool, int]:
    return (row.author.capacity != Capacity.SOCIAL_WORKER, row.author.pk)


def _reports(conference: Conference) -> list[Report]:
    return list(
        Report.objects.filter(conference=conference)
        .exclude(state=ReportState.SUPERSEDED)
        .prefetch_related(
            Prefetch("sections", ReportSection.objects.filter(removed_at__isnull=True).only("report")),
            "sections__children",
            Prefetch("sharings", Sharing.objects.order_by("-recorded_at", "-pk")),
        )
        .order_by("pk")
    )


def sections_in_force() -> QuerySet[ReportSection]:
    """Return sections not removed, with their children and whose private information they hold."""
    rows = ReportSection.objects.filter(removed_at__isnull=True).select_related("copied_from")
    return rows.prefetch_related("children__child__person", "children__child__pregnancy", "private_to", "kept_from")


def children_concerned(
    author: Participant, report: Report | None, children: Iterable[ConferenceChild]
) -> frozenset[int]:
    """Return the children named in a report's sections, otherwise those its author comes for.

    A report that is in is about nobody who was added after that.
    """
    rows = list(children)
    everybody = frozenset(row.pk for row in rows)
    if report is not None and report.submitted_at is not None:
        everybody &= {row.pk for row in rows if row.was_in(report.submitted_at)}
    own = frozenset(row.pk for row in author.children.all()) & everybody or everybody
    if report is None:
        return own
    sections = list(report.sections.all())
    if not sections:
        return own
    found: set[int] = set()
    for section in sections:
        found |= {row.pk for row in section.children.all()} or own
    return frozenset(found) & everybody


def newest_sharing(report: Report, person_id: int) -> Sharing | None:
    """Return the outcome that counts for one person; ``report.sharings`` must be newest first."""
    return next((row for row in report.sharings.all() if row.person_id == person_id), None)


def has_outcome(sharing: Sharing | None) -> bool:
    """Return whether there is an outcome; a part agreed by the chair has none until it is shared."""
    return sharing is not None and not (sharing.outcome == SharingOutcome.IN_PART and sharing.shared_at is None)


def _cell(person: PersonDue, report: Report | None, about: frozenset[int]) -> Cell:
    if not about & person.children:
        return Cell(person, NOT_ABOUT_THEIRS)
    if person.waits:
        return Cell(person, "Waiting for the chair", "purple")
    if report is None:
        return Cell(person, "Not yet", "grey")
    sharing = newest_sharing(report, person.person.pk)
    if sharing is None:
        return Cell(person, "Not yet", "yellow", can_record=True)
    if not has_outcome(sharing):
        return Cell(person, "In part, not yet", "yellow", can_record=True)
    outcome = SharingOutcome(sharing.outcome)
    if outcome in SHARED_SOMEHOW and sharing.shared_at:
        part = "In part, " if outcome == SharingOutcome.IN_PART else ""
        day = words.short_date(sharing.shared_at, today=sharing.shared_at.date())
        return Cell(person, f"{part}{day}", is_done=True, can_record=True)
    said = {
        SharingOutcome.DECLINED: "Declined",
        SharingOutcome.NOT_REACHED: "Not reached",
        SharingOutcome.NOT_TO_BE_SHARED: "Not to be shared",
    }[outcome]
    return Cell(person, said, COLOUR_OF_OUTCOME[outcome], is_done=True, can_record=True)


def report_of(author: Participant) -> Report | None:
    """Return the author's draft if there is one, otherwise the submitted report; with sections."""
    rows = Report.objects.filter(author=author).exclude(state=ReportState.SUPERSEDED)
    found: list[Report] = list(
        rows.select_related("conference", "author__person", "submitted_by", "begun_by").prefetch_related(
            Prefetch("sections", sections_in_force())
        )
    )
    found.sort(key=lambda report: report.state != ReportState.DRAFT)
    return found[0] if found else None


def submitted_report_of(author: Participant) -> Report | None:
    """Return the submitted report, with sections, and sharings newest first; each says who wrote it."""
    report = (
        Report.objects.filter(author=author, state=ReportState.SUBMITTED)
        .select_related("conference", "author__person", "author__agency", "submitted_by", "agreed_by", "sent_back_by")
        .prefetch_related(
            Prefetch("sections", sections_in_force()),
            Prefetch(
                "sharings", Sharing.objects.select_related("recorded_by", "agreed_by").order_by("-recorded_at", "-pk")
            ),
        )
        .first()
    )
    if report is not None:
        name_writers(report, *report.sharings.all())
    return report


def kind_for(author: Participant) -> ReportKind:
    """Return the kind of report this author writes."""
    return ReportKind.SOCIAL_WORK if author.capacity == Capacity.SOCIAL_WORKER else ReportKind.AGENCY


def adults_named(conference: Conference) -> list[Person]:
    """Return by name the family members whose private information a section may hold."""
    rows = conference.participants.filter(
        capacity__in=[Capacity.PARENT, Capacity.CARER, Capacity.RELATIVE, Capacity.CHILD]
    ).exclude(status=ParticipantStatus.WITHDRAWN)
    return list(Person.objects.filter(pk__in=rows.values("person")).order_by("pk"))
