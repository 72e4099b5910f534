"""One report as one person may hear it, under the same rules as every document."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from conferences.models import Conference, ConferenceChild
from conferences.selectors.children import (
    children_around,
    children_outside,
    names_in_a_sentence,
    short_name_of,
    those_in_at,
)
from entitlement import ChildOutside, Excerpt, NamedChild, Reader, concealed_from, make_reader, may_read
from govuk import words
from reports.models import Report, ReportSection, ShortPassage
from reports.selectors.due import PersonDue, people_due


@dataclass(frozen=True)
class LeftOut:
    """A passage that is not one person's to read, and why."""

    section: ReportSection | ShortPassage
    why: str


@dataclass(frozen=True)
class Version:
    """What one person may be told of a report. ``blocked`` lists what names confidential whereabouts."""

    due: PersonDue
    why_held: str
    sections: list[Any]
    omitted: list[LeftOut]
    blocked: list[Any]

    @property
    def is_whole(self) -> bool:
        return not self.omitted and not self.blocked

    @property
    def left_out(self) -> int:
        return len(self.omitted)


def version_for(report: Report, due: PersonDue, children: list[ConferenceChild], *, on: datetime.date) -> Version:
    """Return the sections that are theirs by child and adult, and those that would reveal a place."""
    reader, sections, omitted, blocked = _read_by(report, report.sections.all(), due, children, on=on)
    # The reason for the conference is written about all the children at once.
    reads_why = reader.every_child and may_read(Excerpt((report.why_held,)), reader)
    why_held = report.why_held if reads_why and not reader.is_hidden(report.why_held) else ""
    return Version(due, why_held, sections, omitted, blocked)


def short_version_for(report: Report, due: PersonDue, children: list[ConferenceChild], *, on: datetime.date) -> Version:
    """Return the same of the short report: what each person may be told of it, and what is left out, and why."""
    rows = report.short_passages.filter(removed_at__isnull=True).prefetch_related(
        "children__child__person", "private_to", "kept_from"
    )
    _, passages, omitted, blocked = _read_by(report, rows, due, children, on=on)
    return Version(due, "", passages, omitted, blocked)


def _read_by(
    report: Report, rows: Iterable[Any], due: PersonDue, children: list[ConferenceChild], *, on: datetime.date
) -> tuple[Reader, list[Any], list[LeftOut], list[Any]]:
    outside = children_outside(report.conference, on=on)
    reader = _reader(report.conference, due, children, outside, on=on)
    theirs, blocked, omitted = [], [], []
    own = frozenset(row.pk for row in report.author.children.all())
    # An author who knows all the children writes about all of them when naming none.
    everyone = {row.pk for row in children} | {child.id for child in outside if child.id}
    among = those_in_at(report.conference)(report.submitted_at) if report.submitted_at else frozenset()
    everyone &= among or everyone
    own_only = own & everyone if own & everyone < everyone else frozenset()
    for row in rows:
        excerpt = Excerpt(
            texts=(row.text, row.evidence),
            children=frozenset({child.pk for child in row.children.all()} or own_only),
            private_to=frozenset(person.pk for person in row.private_to.all()),
            kept_from=frozenset(person.pk for person in row.kept_from.all()),
            among=among,
        )
        if not may_read(excerpt, reader):
            omitted.append(LeftOut(row, _why_not(row, excerpt, reader)))
        elif reader.is_hidden(*excerpt.texts):
            blocked.append(row)
        else:
            theirs.append(row)
    return reader, theirs, omitted, blocked


def _why_not(section: ReportSection | ShortPassage, excerpt: Excerpt, reader: Reader) -> str:
    """Return why a passage is not theirs, for its author and those who share it."""
    if reader.person in excerpt.kept_from:
        return "its author says that it must not reach them"
    others = [person.full_name for person in section.private_to.all() if person.pk != reader.person]
    if others:
        return f"private information of {words.listed(others)}"
    mine = reader.children | reader.children_outside
    about = [short_name_of(row.child) for row in section.children.all() if row.pk not in mine]
    if about:
        return (
            f"about {words.listed(about)}, who is not their child"
            if len(about) == 1
            else (f"about {words.listed(about)}, who are not their children")
        )
    return "about a child who is not theirs" if excerpt.children - mine else "names a child who is not theirs"


def readers_due(conference: Conference, children: list[ConferenceChild], *, on: datetime.date) -> list[Reader]:
    """Return everybody in the family who is due what is written about one of the children, as readers of it."""
    outside = children_outside(conference, on=on)
    return [_reader(conference, due, children, outside, on=on) for due in people_due(conference, children)]


def _reader(
    conference: Conference,
    due: PersonDue,
    children: list[ConferenceChild],
    outside: list[ChildOutside],
    *,
    on: datetime.date,
) -> Reader:
    council = conference.authority.name
    return make_reader(
        id=due.participant.pk,
        person=due.person.pk,
        name=due.person.full_name,
        children=due.children,
        of=[NamedChild(row.pk, tuple(names_in_a_sentence(row.child.person)), row.child.is_unborn) for row in children],
        concealed=concealed_from([due.person], children_around(conference), council=council, on=on),
        outside=outside,
        is_adult_family=True,
    )
