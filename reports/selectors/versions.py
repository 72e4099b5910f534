"""One report as one person may hear it: the same rules as for every document."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from conferences.models import ConferenceChild
from families.selectors import hidden_whereabouts
from reports.content.children import names_of
from reports.entitlement.readers import UNBORN_WORDS, Reader, may_read
from reports.models import Report, ReportSection
from reports.selectors.due import PersonDue


@dataclass(frozen=True)
class Version:
    """What of a report may be told to one person. ``blocked`` holds what names confidential whereabouts."""

    due: PersonDue
    why_held: str
    sections: list[ReportSection]
    left_out: int
    blocked: list[ReportSection]

    @property
    def is_whole(self) -> bool:
        return not self.left_out and not self.blocked


def version_for(
    report: Report, due: PersonDue, children: list[ConferenceChild], *, on: datetime.date
) -> Version:
    """The sections that are theirs by child and by adult, and those that would tell where somebody is."""
    reader = _reader(report, due, children, on=on)
    theirs, blocked, left_out = [], [], 0
    own = frozenset(row.pk for row in report.author.children.all())
    # Somebody who knows all the children writes about all where no child is named.
    own_only = own if own < frozenset(row.pk for row in children) else frozenset()
    for section in report.sections.all():
        named = {row.pk for row in section.children.all()} or own_only
        item = {"children": sorted(named), "private_to": [person.pk for person in section.private_to.all()]}
        if not may_read(item, reader, section.text, section.evidence):
            left_out += 1
        elif reader.is_hidden(section.text) or reader.is_hidden(section.evidence):
            blocked.append(section)
        else:
            theirs.append(section)
    # Why the conference is held is said about all the children at once.
    why_held = "" if reader.other_children or reader.is_hidden(report.why_held) else report.why_held
    return Version(due, why_held, theirs, left_out, blocked)


def _reader(report: Report, due: PersonDue, children: list[ConferenceChild], *, on: datetime.date) -> Reader:
    hidden = hidden_whereabouts(recipients=[due.person], children=[row.child for row in children], on=on)
    others = [row for row in children if row.pk not in due.children]
    return Reader(
        id=due.participant.pk,
        person=due.person.pk,
        name=due.person.full_name,
        capacity=due.participant.capacity,
        children=due.children,
        parts=frozenset(),
        every_child=not others,
        every_part=False,
        is_separate=False,
        hidden_agencies=hidden.agency_ids,
        hidden_persons=hidden.person_ids,
        hidden_words=hidden.words,
        council=report.conference.authority.name,
        other_children=tuple(
            name
            for row in others
            for name in (*names_of(row.child.person), *(UNBORN_WORDS if row.child.is_unborn else ()))
        ),
        left_out=frozenset(),
        is_adult_family=True,
        is_child=False,
        sees_everything=False,
    )
