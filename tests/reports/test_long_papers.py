"""Papers of a long day: forty people, four children and five hundred notes, composed in bounded time and queries."""

from __future__ import annotations

import datetime
import time
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conferences.enums import ParticipantStatus, Presence
from conferences.models import Attendance, ExclusionRequest
from families.enums import Certainty
from families.models import ContactRisk, Relationship
from meetings.models import BoardEntry
from reports.content import content_of
from reports.copies import compose, recipients_due
from reports.enums import DocumentKind, PaperState
from reports.models import LaidOutPaper
from reports.pdf import Stamp, checksum_of, html_of
from reports.services.documents import prepare_document, release_document
from reports.services.laying_out import give_out
from reports.services.refusals import CopyRefusedError
from tests.factories import ChildFactory, ConferenceChildFactory, ParticipantFactory, PostFactory
from tests.reports.story import NOW, OPENED, conference_of, seat

pytestmark = pytest.mark.django_db
MINUTES, LETTER = DocumentKind.MINUTES, DocumentKind.DECISIONS_LETTER


def fill(story: SimpleNamespace, *, people: int, notes: int) -> None:
    """Add professionals who were there for all children, and notes in turn about each child."""
    children = [story.robin_row, story.wren_row, story.baby_row]
    for _ in range(people):
        row = ParticipantFactory(conference=story.conference, post=PostFactory(), children=children)
        seat(story, row, story.part)
    rows = BoardEntry.objects.bulk_create(
        BoardEntry(
            conference=story.conference, heading="current-risks", text=f"Point {number} was made.", nature="fact",
            part=story.part, speaker=story.of.police, created_by=story.coordinator, created_at=OPENED,
        )
        for number in range(notes)
    )  # fmt: skip
    links = BoardEntry.children.through
    links.objects.bulk_create(
        links(boardentry=row, conferencechild=children[number % len(children)]) for number, row in enumerate(rows)
    )


def queries_of(story: SimpleNamespace, counted) -> int:
    with counted() as found:
        content_of(conference_of(story), now=NOW)
    return len(found)


@pytest.fixture
def counted():
    return lambda: CaptureQueriesContext(connection)


def test_forty_people_four_children_and_five_hundred_notes_are_frozen_and_composed_in_bounded_time(story, counted):
    small = queries_of(story, counted)
    fill(story, people=27, notes=500)
    fourth = ChildFactory(authority=story.authority, family=story.family)
    ConferenceChildFactory(conference=story.conference, child=fourth, kind="initial")
    # A fourth child brings the queries of a child; people and notes bring none.
    assert queries_of(story, counted) <= small + 8
    content = content_of(conference_of(story), now=NOW)
    assert (len(content["participants"]), len(content["children"])) == (41, 4)
    due = recipients_due(content, MINUTES)
    with counted() as found:
        begun = time.process_time()
        copies = [compose(content, pk, MINUTES) for pk in due]
        taken = time.process_time() - begun
    assert len(found) == 0
    assert len(copies) >= 36
    assert taken / len(copies) < 1.0


def test_the_same_version_gives_the_same_copy_each_time(story):
    document = prepare_document(conference=story.conference, kind=MINUTES, by=story.coordinator, now=NOW)
    stamp = Stamp(1, NOW, NOW, "Tomasz Kestrel")
    made = [
        (checksum_of(copy, stamp), html_of(copy, stamp))
        for copy in (compose(document.content, story.of.martin.pk, MINUTES) for _ in range(2))
    ]
    assert made[0] == made[1]


def test_of_two_who_may_release_the_second_finds_it_released_by_the_first(story):
    document = prepare_document(conference=story.conference, kind=LETTER, by=story.coordinator, now=NOW)
    first = release_document(document=document, by=story.chair, now=NOW)
    second = release_document(document=document, by=story.chair, now=NOW + datetime.timedelta(hours=1))
    assert (second.released_by, second.released_at) == (first.released_by, NOW)
    assert (
        LaidOutPaper.objects.filter(document=document, recipient=story.of.martin, state=PaperState.WAITING).count() == 1
    )


@pytest.mark.parametrize("ends", ["asked", "kept_out", "removed", "contact_risk", "no_longer_father"])
def test_nothing_goes_to_someone_whose_entitlement_ended_after_preparing(story, ends):
    document = prepare_document(conference=story.conference, kind=LETTER, by=story.coordinator, now=NOW)
    if ends == "asked":
        ExclusionRequest.objects.create(
            conference=story.conference, participant=story.of.dale, ground="violence", asked_at=NOW,
            asked_by=story.worker, reason="Threats",
        )  # fmt: skip
    elif ends == "kept_out":
        type(story.of.dale).objects.filter(pk=story.of.dale.pk).update(status=ParticipantStatus.KEPT_OUT)
    elif ends == "removed":
        Attendance.objects.filter(participant=story.of.dale).update(presence=Presence.REMOVED)
    elif ends == "contact_risk":
        risk = ContactRisk.objects.create(
            person=story.dale, ground="violence", detail="Threats", recorded_by=story.worker, recorded_at=NOW
        )
        risk.children.set([story.robin])
    else:
        Relationship.objects.filter(person=story.dale, child=story.baby).update(certainty=Certainty.DISPUTED)
    release_document(document=document, by=story.chair, now=NOW)
    document.refresh_from_db()
    with pytest.raises(CopyRefusedError):
        give_out(document, story.of.dale.pk, now=NOW)
    assert not LaidOutPaper.objects.filter(document=document, recipient=story.of.dale, state=PaperState.READY).exists()
    give_out(document, story.of.martin.pk, now=NOW)
