"""What an author sees of their own report on their own page: about whom, why, what is asked, and by when."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Min

from accounts.models import AccessEvent, User
from conferences.access import chairs_of
from conferences.enums import Capacity
from conferences.models import ConferenceChild, Participant
from conferences.selectors.children import (
    children_around,
    children_in,
    children_outside,
    names_in_a_sentence,
    short_name_of,
)
from deadlines.models import Deadline
from deadlines.policies import policy_of
from deadlines.working_days.arithmetic import civil_day
from entitlement import Excerpt, NamedChild, Reader, concealed_from, make_reader, may_read
from govuk import words
from reports.models import Report
from reports.selectors.due import PersonDue, people_due
from reports.selectors.papers import children_concerned, children_of_author, has_outcome, newest_sharing
from reports.selectors.writing import heading_in_short

SUBMITTED, SHARED = "report-submitted", "report-shared-with-family"
CHAIR_READS = ("reports:read-report", "reports:read-version")


@dataclass(frozen=True)
class OwnChild:
    """A child the author is asked about, as their page names them: in full, with what tells them apart."""

    name: str
    born: str


@dataclass(frozen=True)
class Step:
    """One row of the tracker: what, by when, and what has become of it."""

    what: str
    by: str
    status: str
    colour: str


def reader_of(participant: Participant, *, on: datetime.date) -> Reader:
    """Return a professional as a reader of what was written before the conference.

    They read as strictly as a relative does: what is only about the children they come for, nobody's private
    information, nothing that names another child, and no place that is hidden from them.
    """
    conference = participant.conference
    children = list(children_in(conference).prefetch_related("child__person__names"))
    own = children_of_author(participant, children)
    return make_reader(
        id=participant.pk,
        person=participant.person_id,
        name=participant.person.full_name,
        children=frozenset(row.pk for row in own),
        of=[NamedChild(row.pk, tuple(names_in_a_sentence(row.child.person)), row.child.is_unborn) for row in children],
        outside=children_outside(conference, on=on),
        concealed=concealed_from(
            [participant.person], children_around(conference), council=conference.authority.name, on=on
        ),
        is_adult_family=True,
    )


def own_children(participant: Participant) -> list[OwnChild]:
    """Return the children the participant is asked about."""
    return [_described(row) for row in children_of_author(participant, children_in(participant.conference))]


def _described(row: ConferenceChild) -> OwnChild:
    person, pregnancy = row.child.person, row.child.pregnancy
    if row.child.is_unborn:
        expected = f"expected {words.plain_date(pregnancy.expected_on)}" if pregnancy and pregnancy.expected_on else ""
        name = person.full_name if person.given_name else short_name_of(row.child)
        return OwnChild(name[:1].upper() + name[1:], expected)
    return OwnChild(person.full_name, f"born {words.plain_date(person.birth_date)}" if person.birth_date else "")


def why_for(participant: Participant, *, on: datetime.date) -> str:
    """Return why the conference is held, as this professional may read it; empty where they may not."""
    reason, reader = participant.conference.reason, reader_of(participant, on=on)
    may = may_read(Excerpt((reason,), reader.children), reader) and not reader.is_hidden(reason)
    return reason if may else ""


def people_to_hear(author: Participant, report: Report | None) -> list[PersonDue]:
    """Return those in the family with whom the author talks the report through."""
    children = list(children_in(author.conference))
    about = children_concerned(author, report, children)
    return [row for row in people_due(author.conference, children) if row.children & about]


def tracker_of(
    author: Participant, submitted: Report | None, *, now: datetime.datetime, shown: Report | None = None
) -> list[Step]:
    """Return the steps of a report: said in short, handed in, talked through with the family, read by the chair.

    ``shown`` is the draft, where one is being written.
    """
    due = {
        row.kind: row
        for row in Deadline.objects.filter(
            fact_id=author.pk, conference_id=author.conference_id, kind__in=(SUBMITTED, SHARED)
        )
    }
    heard = people_to_hear(author, submitted)
    return [
        *_in_short(author, shown or submitted),
        _handed_in(due.get(SUBMITTED), submitted, now=now),
        *_shared(due.get(SHARED), submitted, heard, now=now),
        _read_by_chair(author, submitted, now=now),
    ]


def _by(deadline: Deadline | None) -> str:
    return words.long_date(deadline.plan_for_on) if deadline is not None else ""


def _open(deadline: Deadline | None, *, now: datetime.datetime) -> tuple[str, str]:
    if deadline is not None and deadline.late_from <= now:
        return "Late", "red"
    if deadline is not None and deadline.warn_at <= now:
        return "Due soon", "yellow"
    return "To do", "blue"


def _in_short(author: Participant, report: Report | None) -> list[Step]:
    """Return how far the author's own words in short are: the family's page, or what the minutes print."""
    if author.capacity == Capacity.SOCIAL_WORKER:
        if report is not None and report.short_ready_at is not None:
            return [Step("Make the short report for the family", "", "Finished", "green")]
        return [Step("Make the short report for the family", "", "To do", "blue")]
    policy = policy_of(author.conference.policy_version_id)
    if policy.prints_whole_reports:
        return []
    what = "Say it in two or three sentences, for the minutes"
    if report is None or not report.sections.filter(removed_at__isnull=True).exists():
        return [Step(what, "", "To do", "blue")]
    return [Step(what, "", "Not written", "yellow") if heading_in_short(report) else Step(what, "", "Written", "green")]


def _handed_in(deadline: Deadline | None, submitted: Report | None, *, now: datetime.datetime) -> Step:
    if submitted is not None and submitted.submitted_at is not None:
        return Step("Hand it in", _by(deadline), f"Handed in {_moment(submitted.submitted_at, now=now)}", "green")
    return Step("Hand it in", _by(deadline), *_open(deadline, now=now))


def _shared(
    deadline: Deadline | None, submitted: Report | None, heard: list[PersonDue], *, now: datetime.datetime
) -> list[Step]:
    what = "Talk it through with the family, and tell us how it went"
    if not heard:
        return [Step(what, "", "No one is due to hear it", "grey")]
    waiting = [row for row in heard if row.waits]
    told = [
        row
        for row in heard
        if submitted is not None and has_outcome(newest_sharing(submitted, row.person.pk)) and not row.waits
    ]
    if len(told) == len(heard):
        return [Step(what, _by(deadline), "Done", "green")]
    if waiting and len(told) + len(waiting) == len(heard):
        return [Step(what, _by(deadline), "Waiting for the chair", "purple")]
    status, colour = _open(deadline, now=now)
    return [Step(what, _by(deadline), f"{len(told)} of {len(heard)} told" if told else status, colour)]


def _read_by_chair(author: Participant, submitted: Report | None, *, now: datetime.datetime) -> Step:
    if submitted is None:
        return Step("The chair reads it", "", "Not in yet", "grey")
    read_at = read_by_chair_at(author, submitted, now=now)
    if read_at is None:
        return Step("The chair reads it", "", "Not yet", "grey")
    return Step("The chair reads it", "", f"Read {_moment(read_at, now=now)}", "green")


def read_by_chair_at(author: Participant, submitted: Report, *, now: datetime.datetime) -> datetime.datetime | None:
    """Return when whoever chairs the conference first opened this version; from the read log."""
    chairs: list[User] = chairs_of(author.conference, on=civil_day(now))
    reads = AccessEvent.objects.filter(
        user__in=[user.pk for user in chairs],
        page__in=CHAIR_READS,
        subject="Participant",
        subject_id=author.pk,
        at__gte=submitted.submitted_at,
    )
    found: datetime.datetime | None = reads.aggregate(first=Min("at"))["first"]
    return found


def _moment(at: datetime.datetime, *, now: datetime.datetime) -> str:
    return f"{words.short_date(at, today=civil_day(now))}, {words.clock(at)}"
