"""What an author may take over from their agency's own last report about the same children."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from conferences.enums import Capacity
from conferences.models import ConferenceChild, Participant
from conferences.selectors.children import children_around, children_in, names_in_a_sentence
from entitlement import Excerpt, concealed_from, may_read, names_somebody
from entitlement.readers import UNBORN_WORDS
from families.models import Person
from meetings.enums import EntryKind
from meetings.models import EntryMove
from reports.enums import ReportKind, ReportState
from reports.models import Report, ReportSection
from reports.selectors.due import day_of
from reports.selectors.papers import children_of_author, sections_in_force
from reports.selectors.versions import readers_due


@dataclass(frozen=True)
class Passage:
    """A passage that may be taken over, and the children of the new conference it is about."""

    section: ReportSection
    children: tuple[ConferenceChild, ...]


@dataclass(frozen=True)
class CopyForward:
    """The last report, what may be taken over from it, and how many passages may not."""

    last: Report
    passages: tuple[Passage, ...]
    left_out: int

    @property
    def last_on(self) -> datetime.date:
        """Return the day of the conference it was written for."""
        return day_of(self.last.conference)


def last_report_of(author: Participant) -> Report | None:
    """Return the newest report in force that the author's agency wrote to another conference about these children.

    A social worker's is the council's last social work report. Without an agency it is the person's own. Nobody is
    ever offered what another agency wrote.
    """
    children = children_of_author(author, children_in(author.conference))
    rows = Report.objects.filter(
        state=ReportState.SUBMITTED,
        conference__authority=author.conference.authority_id,
        conference__children__child__in=[row.child_id for row in children],
    ).exclude(conference=author.conference_id)
    return (
        _by_the_same(rows, author)
        .select_related("conference", "author")
        .prefetch_related(Prefetch("sections", sections_in_force()), "conference__sittings")
        .order_by("-submitted_at", "-pk")
        .first()
    )


def copy_forward_for(author: Participant, *, on: datetime.date) -> CopyForward | None:
    """Return what the author may take over; None where there is no earlier report.

    Left out is every passage that was taken out or waits to be moved to another child; is about, or names, a child
    who is not, or no longer, among those the author writes about; holds the information of a person whose record is
    sealed, or names them; or says what is hidden today from somebody in the family who would read it, or from the
    author.
    """
    last = last_report_of(author)
    if last is None:
        return None
    children = list(children_in(author.conference))
    fits = _fitting(author, last, children, on=on)
    sections = list(last.sections.all())
    passages = [Passage(section, tuple(about)) for section in sections if (about := fits(section))]
    return CopyForward(last, tuple(passages), len(sections) - len(passages))


def _by_the_same(rows: QuerySet[Report], author: Participant) -> QuerySet[Report]:
    if author.capacity == Capacity.SOCIAL_WORKER:
        return rows.filter(kind=ReportKind.SOCIAL_WORK, author__capacity=Capacity.SOCIAL_WORKER)
    rows = rows.filter(kind=ReportKind.AGENCY)
    if author.agency_id is not None:
        return rows.filter(author__agency=author.agency_id)
    return rows.filter(author__agency__isnull=True, author__person=author.person_id)


def _fitting(
    author: Participant, last: Report, children: list[ConferenceChild], *, on: datetime.date
) -> Callable[[ReportSection], list[ConferenceChild]]:
    """Return what gives the children a passage is about today; none where it may not be taken over."""
    conference = author.conference
    theirs = {row.child_id: row for row in children_of_author(author, children)}
    then = list(last.conference.children.select_related("child__person").prefetch_related("child__person__names"))
    own_then = {row.pk for row in last.author.children.all()}
    gone = [row for row in then if row.child_id not in {here.child_id for here in children}]
    sealed = _sealed_around(author, last)
    names = _names(gone, sealed, children)
    to_move = set(
        EntryMove.objects.filter(
            kind=EntryKind.SECTION,
            entry_id__in=[section.pk for section in last.sections.all()],
            moved_at__isnull=True,
            refused_at__isnull=True,
        ).values_list("entry_id", flat=True)
    )
    readers = readers_due(conference, children, on=on)
    from_author = concealed_from([author.person], children_around(conference), council=conference.authority.name, on=on)

    def fitting(section: ReportSection) -> list[ConferenceChild]:
        named = list(section.children.all())
        all_then = [row for row in then if not own_then or row.pk in own_then]
        about = [theirs[row.child_id] for row in named or all_then if row.child_id in theirs]
        private_to = list(section.private_to.all())
        texts = (section.text, section.evidence)
        if section.pk in to_move or not about or (named and len(about) < len(named)):
            return []
        if any(person.sealed_at for person in private_to) or any(names_somebody(text, names) for text in texts):
            return []
        excerpt = Excerpt(
            texts,
            frozenset(row.pk for row in about),
            frozenset(person.pk for person in private_to),
            frozenset(person.pk for person in section.kept_from.all()),
        )
        hidden = from_author.is_in(*texts) or any(
            may_read(excerpt, reader) and reader.is_hidden(*texts) for reader in readers
        )
        return [] if hidden else about

    return fitting


def _sealed_around(author: Participant, last: Report) -> list[Person]:
    sealed = Person.objects.filter(sealed_at__isnull=False)
    around = sealed.filter(memberships__family=author.conference.family_id) | sealed.filter(
        participations__conference=last.conference_id
    )
    return list(around.prefetch_related("names").distinct().order_by("pk"))


def _names(gone: list[ConferenceChild], sealed: list[Person], children: list[ConferenceChild]) -> tuple[str, ...]:
    """Return what a passage may call those who are no longer here, less what those here are called as well."""
    here = {name for row in children for name in names_in_a_sentence(row.child.person)}
    away = {name for person in [*(row.child.person for row in gone), *sealed] for name in names_in_a_sentence(person)}
    never_born = any(row.child.pregnancy_id and row.child.person.birth_date is None for row in gone)
    if never_born and not any(row.child.is_unborn for row in children):
        away |= set(UNBORN_WORDS)
    return tuple(sorted(away - here))
