"""What was written before a child was added is not about that child, and is asked for again."""

from __future__ import annotations

import datetime

import pytest
import time_machine

from conferences.enums import ConferenceKind, ParticipantStatus
from conferences.models import ConferenceChild
from conferences.services.children import add_child
from conferences.services.withdrawing import Withdrawal, withdraw_child
from deadlines.models import Deadline
from deadlines.services import reconcile
from meetings.models import BoardEntry
from meetings.selectors.board import excerpt_of
from reports.content.said import board_of
from reports.copies.readers import excerpt_of as frozen_excerpt
from reports.models import Report
from reports.selectors.due import people_due
from reports.selectors.papers import missing_authors, papers_of
from reports.selectors.versions import version_for
from reports.services.reports import begin_report, save_section, submit_report
from reports.services.sharing import due_for, record_sharing
from tests.factories import ChildFactory, EnquiryFactory, RelationshipFactory
from tests.reports.story import BEFORE, _person, say, tell
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
ADDED = BEFORE + datetime.timedelta(hours=2)
THEN = BEFORE + datetime.timedelta(hours=3)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(ADDED, tick=False):
        yield


@once_per_module(at=BEFORE)
def told():
    """The conference of Robin, Wren and the baby, and Jay, who is the child of Hazel and of Ned."""
    made = tell(closed=False, held=False)
    made.part = None

    made.jay = ChildFactory(
        authority=made.authority, family=made.family,
        person=_person(made, "Jay", "Brambley", birth_date=datetime.date(2022, 1, 5)),
    )  # fmt: skip
    made.ned = _person(made, "Ned", "Rowan")
    RelationshipFactory(child=made.jay, person=made.hazel, kind="mother")
    RelationshipFactory(child=made.jay, person=made.ned, kind="father")
    EnquiryFactory(child=made.jay, discussion=made.robin_row.enquiry.discussion)
    return made


def write(told, author, text, *children, now=BEFORE, submit=True, why=""):
    report = begin_report(author=author, by=told.coordinator, now=now, new_because=why)
    save_section(
        report=report, heading="current-risks", text=text, nature="fact", children=children, by=told.coordinator,
        now=now,
    )  # fmt: skip
    if submit:
        submit_report(report=report, by=told.coordinator, now=now, why_held="Worry")
    return report


def add(told, now=ADDED):
    row = add_child(
        conference=told.conference, child=told.jay, kind=ConferenceKind.INITIAL, because="Hurt too.",
        by=told.coordinator, now=now,
    )  # fmt: skip
    told.conference.participants.filter(person=told.ned).update(
        status=ParticipantStatus.INVITED, invited_at=now, invited_how="By hand"
    )
    told.conference.participants.filter(pk=told.of.police.pk).first().children.add(row)
    reconcile(family_ids=[told.family.pk], now=now)
    return row


def limit(author, kind="report-submitted"):
    return Deadline.objects.get(kind=kind, fact_id=author.pk)


def due(told, person):
    rows = told.conference.children.present()
    return next(one for one in people_due(told.conference, rows) if one.person == person)


def test_a_report_that_was_in_is_asked_for_again_about_the_child_who_was_added(told):
    write(told, told.of.police, "Called three times.")
    write(told, told.of.tutor, "Often late.")
    assert limit(told.of.police).met_at == BEFORE
    row = add(told)
    assert (limit(told.of.police).met_at, limit(told.of.tutor).met_at) == (None, BEFORE)
    papers = {one.author.pk: one for one in papers_of(told.conference).rows}
    assert (papers[told.of.police.pk].lacking, papers[told.of.tutor.pk].lacking) == ((row,), ())
    assert told.of.police in missing_authors(told.conference)
    write(told, told.of.police, "Jay was there.", row, now=THEN, why="About Jay too")
    assert limit(told.of.police).met_at == THEN
    assert told.of.police not in missing_authors(told.conference)


def test_withdrawn_again_the_report_that_was_in_counts_again(told):
    write(told, told.of.police, "Called three times.")
    row = add(told)
    withdraw_child(
        conference_child=row,
        withdrawal=Withdrawal(
            ground="not_needed", because="No.", decided_by=told.chair, told_text="Stay at home.", words_agreed=True
        ),
        by=told.coordinator,
        now=THEN,
    )
    assert limit(told.of.police).met_at == BEFORE


def test_the_father_of_the_child_who_was_added_reads_nothing_that_was_written_before(told):
    report = write(told, told.of.police, "The boy wet his bed at every visit.")
    add(told)
    report = Report.objects.get(pk=report.pk)
    assert due_for(report, told.ned.pk) is None
    assert due_for(report, told.dale.pk) is not None
    for person, read in ((told.ned, []), (told.dale, ["The boy wet his bed at every visit."])):
        rows = list(told.conference.children.present().select_related("child__person", "child__pregnancy"))
        version = version_for(report, due(told, person), rows, on=BEFORE.date())
        assert [section.text for section in version.sections] == read


def test_what_was_shared_stays_shared(told):
    report = write(told, told.of.police, "Called three times.")
    shared = record_sharing(
        report=report, person=told.dale, outcome="shared", manner="talked_through", shared_at=BEFORE,
        by=told.coordinator, now=BEFORE,
    )  # fmt: skip
    add(told)
    assert list(Report.objects.get(pk=report.pk).sharings.filter(person=told.dale)) == [shared]


def test_a_new_version_names_those_the_old_words_were_about(told):
    write(told, told.of.police, "The boy wet his bed at every visit.")
    add(told)
    new = begin_report(author=told.of.police, by=told.coordinator, now=THEN, new_because="About Jay too")
    [section] = new.sections.all()
    assert {row.child for row in section.children.all()} == {told.robin, told.wren, told.baby}


@pytest.mark.parametrize("name", ["police", "tutor"])
def test_a_draft_names_those_its_words_were_about_once_a_child_is_added(told, name):
    author = getattr(told.of, name)
    report = write(told, author, "The boy wet his bed at every visit.", submit=False)
    add(told)
    [section] = report.sections.all()
    about = {row.child for row in section.children.all()}
    assert about == ({told.robin, told.wren, told.baby} if name == "police" else {told.robin})


def test_a_note_of_the_board_made_before_is_about_those_who_were_in_then(told):
    entry = say(told, "The boy wet his bed.", part=None)
    BoardEntry.objects.filter(pk=entry.pk).update(created_at=BEFORE)
    row = add(told)
    then = {told.robin_row.pk, told.wren_row.pk, told.baby_row.pk}
    [frozen] = board_of(told.conference)
    assert set(frozen["among"]) == then
    assert frozen_excerpt(frozen).among == then
    assert excerpt_of(BoardEntry.objects.get(pk=entry.pk)).among == then
    later = say(told, "Both cried.", part=None)
    BoardEntry.objects.filter(pk=later.pk).update(created_at=THEN)
    assert excerpt_of(BoardEntry.objects.get(pk=later.pk)).among == {*then, row.pk}


def test_without_a_late_child_nothing_is_told_apart(told):
    entry = say(told, "The boy wet his bed.", part=None)
    assert excerpt_of(entry).among == frozenset()
    assert not ConferenceChild.objects.filter(added_at__isnull=False).exists()
