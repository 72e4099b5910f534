from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from conferences.enums import ConferenceStatus, ParticipantStatus
from conferences.models import Conference, Participant
from reports.enums import Channel, DocumentKind, SharingOutcome
from reports.models import PaperProgress
from reports.services.circulation import record_copy
from reports.services.documents import prepare_document, release_document
from reports.services.progress import note_progress
from reports.services.reports import begin_report, save_section, submit_report
from reports.services.sharing import record_sharing
from tests.factories import ConferenceFactory, ParticipantFactory, SittingFactory
from tests.reports.story import BEFORE, NOW

pytestmark = pytest.mark.django_db

LETTER_GOES_TO = (
    "hazel", "dale", "martin", "worker", "teacher", "tutor", "visitor", "midwife", "police",
)  # fmt: skip


def note(made: SimpleNamespace) -> int:
    return note_progress(family_ids=[made.family.pk], now=BEFORE)


def progress(made: SimpleNamespace, name: str) -> tuple[object, object, bool]:
    note(made)
    row = PaperProgress.objects.get(participant=getattr(made.of, name))
    return row.received_at, row.shared_at, row.nobody_due


def submitted(made: SimpleNamespace, name: str, *children: object) -> object:
    report = begin_report(author=getattr(made.of, name), by=made.coordinator, now=BEFORE)
    save_section(
        report=report, heading="current-risks", text="Often late.", nature="fact", children=children,
        by=made.coordinator, now=BEFORE,
    )  # fmt: skip
    return submit_report(report=report, by=made.coordinator, now=BEFORE, why_held="Worry")


def test_everyone_asked_for_a_report_has_a_row(ahead: SimpleNamespace) -> None:
    note(ahead)
    assert set(PaperProgress.objects.values_list("participant", flat=True)) == {
        getattr(ahead.of, name).pk for name in ("worker", "teacher", "tutor", "gp", "visitor", "midwife", "police")
    }


def test_nothing_is_written_twice(ahead: SimpleNamespace) -> None:
    assert note(ahead) == 7
    assert note(ahead) == 0
    assert note_progress(family_ids=None, now=BEFORE) == 0


def test_a_person_no_longer_asked_has_no_row(ahead: SimpleNamespace) -> None:
    note(ahead)
    Participant.objects.filter(pk=ahead.of.gp.pk).update(status=ParticipantStatus.WITHDRAWN)
    assert note(ahead) == 1
    assert not PaperProgress.objects.filter(participant=ahead.of.gp).exists()


def test_a_submitted_report_has_its_time(ahead: SimpleNamespace) -> None:
    assert progress(ahead, "tutor") == (None, None, False)
    submitted(ahead, "tutor", ahead.robin_row)
    assert progress(ahead, "tutor") == (BEFORE, None, False)


def test_a_report_is_shared_when_everyone_due_it_has_an_outcome(ahead: SimpleNamespace) -> None:
    report = submitted(ahead, "tutor", ahead.robin_row)
    for person in (ahead.hazel, ahead.dale):
        assert progress(ahead, "tutor") == (BEFORE, None, False)
        record_sharing(
            report=report, person=person, outcome=SharingOutcome.DECLINED, reason="Said no", by=ahead.worker,
            now=BEFORE,
        )  # fmt: skip
    assert progress(ahead, "tutor") == (BEFORE, BEFORE, False)


def test_a_report_no_one_is_due_is_marked(ahead: SimpleNamespace) -> None:
    Participant.objects.filter(conference=ahead.conference, capacity="parent").update(status=ParticipantStatus.KEPT_OUT)
    assert progress(ahead, "tutor") == (None, None, True)


def test_a_full_recount_skips_conferences_that_are_over(ahead: SimpleNamespace) -> None:
    Conference.objects.filter(pk=ahead.conference.pk).update(
        status=ConferenceStatus.CANCELLED, cancelled_because="The family moved"
    )
    assert note_progress(family_ids=None, now=BEFORE) == 0
    assert note(ahead) == 7


def test_a_document_is_complete_when_the_last_person_has_a_copy(story: SimpleNamespace) -> None:
    document = prepare_document(
        conference=story.conference, kind=DocumentKind.DECISIONS_LETTER, by=story.coordinator, now=NOW
    )
    release_document(document=document, by=story.chair, now=NOW)
    for minutes, name in enumerate(LETTER_GOES_TO):
        note(story)
        document.refresh_from_db()
        assert document.completed_at is None
        sent_at = NOW + datetime.timedelta(minutes=minutes)
        record_copy(
            document=document, recipient=getattr(story.of, name), channel=Channel.BY_HAND,
            channel_confirmed="In person", sent_at=sent_at, by=story.coordinator, now=sent_at,
        )  # fmt: skip
    note_progress(family_ids=None, now=NOW)
    document.refresh_from_db()
    assert document.completed_at == NOW + datetime.timedelta(minutes=len(LETTER_GOES_TO) - 1)


def test_takes_the_same_number_of_queries_for_thirty_conferences_as_for_one(
    ahead: SimpleNamespace, django_assert_num_queries
) -> None:
    with django_assert_num_queries(PROGRESS_QUERIES):
        assert note_progress(family_ids=None, now=BEFORE) == 7
    for number in range(29):
        conference = ConferenceFactory(family=ahead.family, chair=ahead.chair, coordinator=ahead.coordinator)
        at = datetime.datetime(2026, 12, 22, 10, tzinfo=datetime.UTC) + datetime.timedelta(days=number + 1)
        SittingFactory(conference=conference, starts_at=at)
        ParticipantFactory(conference=conference)
    with django_assert_num_queries(PROGRESS_QUERIES):
        assert note_progress(family_ids=None, now=BEFORE) == 29


PROGRESS_QUERIES = 12
