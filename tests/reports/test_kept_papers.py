from __future__ import annotations

import datetime
import re
from types import SimpleNamespace

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import ReadKind
from accounts.models import AccessEvent
from conferences.models import ExclusionRequest
from reports import pdf, tasks
from reports.enums import DocumentKind, PaperFailure, PaperRetired, PaperState
from reports.models import Document, LaidOutPaper
from reports.services import kept_papers, laying_out
from reports.services.documents import prepare_document, release_document
from reports.services.laying_out import MAX_TRIES, TRY_ANEW_AFTER, give_out, lay_out
from reports.tasks import lay_out_paper, memory_limited
from reports.uploads import storing
from tests.layout import lay_out_papers, pdf_words
from tests.reports.story import NOW
from tests.stories import once_per_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after", "kept_files")]


@once_per_module(at=NOW)
def prepared(story: SimpleNamespace) -> Document:
    return prepare_document(conference=story.conference, kind=DocumentKind.MINUTES, by=story.coordinator, now=NOW)


@once_per_module(at=NOW)
def minutes(story: SimpleNamespace, prepared: Document) -> Document:
    """The minutes, signed off."""
    return release_document(document=prepared, by=story.chair, now=NOW)


@pytest.fixture
def asked(monkeypatch) -> list[int]:
    """Return the papers a worker was asked for."""
    found: list[int] = []
    monkeypatch.setattr(kept_papers, "wake_worker", lambda pk, **_: found.append(pk))
    monkeypatch.setattr(laying_out, "wake_worker", lambda pk, **_: found.append(pk))
    return found


@pytest.fixture
def renders(monkeypatch) -> list[str]:
    """Return the names of the people whose copies were laid out."""
    found: list[str] = []
    real = pdf.render

    def counted(copy, stamp):
        found.append(copy.reader.name)
        return real(copy, stamp)

    monkeypatch.setattr(laying_out, "render", counted)
    return found


def paper_of(document: Document, recipient) -> LaidOutPaper:
    return LaidOutPaper.objects.exclude(state=PaperState.RETIRED).get(document=document, recipient=recipient)


def made(document: Document, recipient) -> LaidOutPaper:
    assert lay_out(paper_of(document, recipient).pk, now=NOW)
    return paper_of(document, recipient)


def request_to_keep_out(story: SimpleNamespace, participant) -> ExclusionRequest:
    return ExclusionRequest.objects.create(
        conference=story.conference, participant=participant, ground="asked", reason="Threats today",
        asked_by=story.worker, asked_at=NOW,
    )  # fmt: skip


class TestLayingOut:
    def test_a_release_asks_for_everyones_copy_once(self, story, prepared, asked, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            release_document(document=prepared, by=story.chair, now=NOW)
            release_document(document=prepared, by=story.chair, now=NOW)
        papers = LaidOutPaper.objects.filter(document=prepared, state=PaperState.WAITING)
        assert [paper.recipient_id for paper in papers] == prepared.content["due"]
        assert sorted(asked) == [paper.pk for paper in papers]

    def test_it_is_laid_out_once_and_given_out_each_time(self, story, minutes, renders):
        made(minutes, story.of.martin)
        given = [give_out(minutes, story.of.martin.pk, now=NOW) for _ in range(3)]
        assert renders == ["Martin Alder"]
        assert len({one.file for one in given}) == 1
        assert "Copy for Martin Alder" in pdf_words(given[0].file)
        assert given[0].paper.size == len(given[0].file)

    def test_nothing_is_laid_out_during_a_request(self, story, minutes, renders):
        given = give_out(minutes, story.of.martin.pk, now=NOW)
        assert (given.file, given.look_again_seconds, renders) == (None, 5, [])

    def test_the_second_worker_finds_nothing_to_do(self, story, minutes, renders):
        pk = paper_of(minutes, story.of.martin).pk
        assert [lay_out(pk, now=NOW), lay_out(pk, now=NOW)] == [True, False]
        LaidOutPaper.objects.filter(recipient=story.of.hazel).update(take_after=NOW + laying_out.LEASE)
        assert lay_out(paper_of(minutes, story.of.hazel).pk, now=NOW) is False
        assert renders == ["Martin Alder"]

    def test_two_files_of_one_copy_cannot_be_stored(self, story, minutes):
        facts = {"document": minutes, "recipient": story.of.martin, "requested_at": NOW, "take_after": NOW}
        with pytest.raises(IntegrityError, match="one_file_of_a_copy"), transaction.atomic():
            LaidOutPaper.objects.create(**facts)

    def test_a_draft_is_laid_out_on_request_and_deleted_with_the_release(
        self, story, prepared, django_capture_on_commit_callbacks
    ):
        give_out(prepared, story.of.martin.pk, now=NOW)
        draft = made(prepared, story.of.martin)
        with django_capture_on_commit_callbacks(execute=True):
            released = release_document(document=prepared, by=story.chair, now=NOW)
        draft.refresh_from_db()
        assert (draft.retired_because, storing.is_there(draft.stored_as)) == (PaperRetired.RELEASED, False)
        assert give_out(released, story.of.martin.pk, now=NOW).file is None

    def test_a_new_version_retires_the_files_of_the_old_one(self, story, minutes):
        old = made(minutes, story.of.martin)
        prepare_document(
            conference=story.conference, kind=DocumentKind.MINUTES, by=story.coordinator, because="A name", now=NOW
        )
        old.refresh_from_db()
        assert old.retired_because == PaperRetired.REPLACED
        assert not minutes.laid_out_papers.exclude(state=PaperState.RETIRED).exists()


def test_templates_use_only_reader_values_the_checksum_covers():
    templates = (settings.BASE_DIR / "templates/reports/pdf").glob("*.html")
    said = {name for path in templates for name in re.findall(r"copy\.reader\.(\w+)", path.read_text())}
    assert said <= set(pdf.OF_THE_READER)


class TestWhatIsKept:
    def test_no_word_of_it_can_be_read_in_storage(self, story, minutes, kept_files):
        paper = made(minutes, story.of.martin)
        sealed = storing.get(paper.stored_as)
        file = give_out(minutes, story.of.martin.pk, now=NOW).file
        assert not sealed.startswith(b"%PDF")
        assert file.startswith(b"%PDF")
        assert file[:200] not in sealed
        assert [path.name for path in kept_files.rglob("*") if path.is_file()] == [paper.stored_as.hex]

    def test_a_file_swapped_for_another_is_not_given_out(self, story, minutes):
        martins, hazels = made(minutes, story.of.martin), made(minutes, story.of.hazel)
        storing.put(b"", martins.stored_as)
        storing.put(storing.get(hazels.stored_as), martins.stored_as)
        assert give_out(minutes, story.of.martin.pk, now=NOW).file is None
        martins.refresh_from_db()
        assert martins.retired_because == PaperRetired.LOST

    def test_a_missing_file_is_laid_out_again(self, story, minutes, renders):
        paper = made(minutes, story.of.martin)
        before = give_out(minutes, story.of.martin.pk, now=NOW).file
        storing.drop(paper.stored_as)
        assert give_out(minutes, story.of.martin.pk, now=NOW).file is None
        made(minutes, story.of.martin)
        assert give_out(minutes, story.of.martin.pk, now=NOW).file == before
        assert len(renders) == 2


class TestRefusals:
    def test_a_copy_that_may_no_longer_go_out_is_refused_and_deleted(
        self, story, minutes, django_capture_on_commit_callbacks
    ):
        paper = made(minutes, story.of.dale)
        request_to_keep_out(story, story.of.dale)
        with (
            django_capture_on_commit_callbacks(execute=True),
            pytest.raises(ValidationError, match="has not yet decided"),
        ):
            give_out(minutes, story.of.dale.pk, now=NOW)
        paper.refresh_from_db()
        assert (paper.state, paper.retired_because) == (PaperState.RETIRED, PaperRetired.REFUSED)
        assert not storing.is_there(paper.stored_as)

    def test_the_worker_does_not_lay_out_a_copy_that_may_not_go_out(self, story, minutes, renders):
        paper = paper_of(minutes, story.of.dale)
        request_to_keep_out(story, story.of.dale)
        assert lay_out(paper.pk, now=NOW) is False
        paper.refresh_from_db()
        assert (paper.retired_because, renders) == (PaperRetired.REFUSED, [])

    def test_a_copy_retired_during_layout_is_not_stored(self, story, minutes, monkeypatch):
        paper = paper_of(minutes, story.of.dale)
        real = pdf.render

        def slowly(copy, stamp):
            kept_papers.retire_papers(LaidOutPaper.objects.filter(pk=paper.pk), PaperRetired.REFUSED, now=NOW)
            return real(copy, stamp)

        monkeypatch.setattr(laying_out, "render", slowly)
        assert lay_out(paper.pk, now=NOW) is False
        assert not storing.is_there(paper.stored_as)

    def test_a_copy_that_would_differ_is_laid_out_again(self, story, minutes, monkeypatch):
        old = made(minutes, story.of.martin)
        monkeypatch.setattr(pdf, "LAYOUT", pdf.LAYOUT + 1)
        given = give_out(minutes, story.of.martin.pk, now=NOW)
        old.refresh_from_db()
        assert (given.file, old.retired_because) == (None, PaperRetired.CHANGED)


class TestFailing:
    @pytest.fixture
    def broken(self, monkeypatch):
        def broken(reason):
            def fail(copy, stamp):
                raise reason

            monkeypatch.setattr(laying_out, "render", fail)

        return broken

    @pytest.mark.parametrize(
        ("reason", "said"),
        [
            (SoftTimeLimitExceeded(), PaperFailure.TIME),
            (MemoryError(), PaperFailure.MEMORY),
            (ValueError("Martin"), PaperFailure.ERROR),
        ],
    )
    def test_it_is_tried_three_times_with_pauses(self, story, minutes, broken, reason, said):
        broken(reason)
        pk, now = paper_of(minutes, story.of.martin).pk, NOW
        for pause in laying_out.RETRY_AFTER:
            assert lay_out(pk, now=now) is False
            assert LaidOutPaper.objects.get(pk=pk).take_after == now + pause
            assert lay_out(pk, now=now + pause - datetime.timedelta(seconds=1)) is False
            now += pause
        assert lay_out(pk, now=now) is False
        paper = LaidOutPaper.objects.get(pk=pk)
        assert (paper.state, paper.failed_because, paper.tries) == (PaperState.FAILED, said, MAX_TRIES)

    def test_a_paper_that_kills_its_workers_fails(self, story, minutes):
        LaidOutPaper.objects.filter(recipient=story.of.martin).update(tries=MAX_TRIES)
        assert lay_out(paper_of(minutes, story.of.martin).pk, now=NOW) is False
        assert paper_of(minutes, story.of.martin).failed_because == PaperFailure.KILLED

    def test_a_failed_paper_is_tried_again_on_a_later_request(self, story, minutes, broken, monkeypatch):
        broken(ValueError())
        LaidOutPaper.objects.filter(recipient=story.of.martin).update(tries=MAX_TRIES - 1)
        lay_out(paper_of(minutes, story.of.martin).pk, now=NOW)
        assert give_out(minutes, story.of.martin.pk, now=NOW).is_failed
        later = NOW + TRY_ANEW_AFTER
        given = give_out(minutes, story.of.martin.pk, now=later)
        assert (given.is_failed, given.look_again_seconds) == (False, 5)
        monkeypatch.setattr(laying_out, "render", pdf.render)
        assert lay_out(given.paper.pk, now=later)
        assert give_out(minutes, story.of.martin.pk, now=later).file

    def test_the_schedule_asks_again_for_papers_no_worker_took(self, minutes, asked):
        waiting = LaidOutPaper.objects.count()
        assert kept_papers.wake_for_forgotten_papers(now=NOW, expires=60) == waiting
        LaidOutPaper.objects.update(take_after=NOW + datetime.timedelta(seconds=1))
        assert kept_papers.wake_for_forgotten_papers(now=NOW, expires=60) == 0
        assert len(asked) == waiting

    def test_memory_is_limited_while_a_paper_is_laid_out(self):
        with pytest.raises(MemoryError), memory_limited(1024**3):
            bytearray(2 * 1024**3)
        assert len(bytearray(1024**2)) == 1024**2


class TestPages:
    def url(self, story, document, name="martin"):
        return reverse("reports:minutes-pdf", args=[story.conference.pk, document.pk, getattr(story.of, name).pk])

    @pytest.fixture
    def client(self, story):
        client = Client()
        client.force_login(story.coordinator)
        return client

    def test_the_page_says_the_paper_is_being_prepared_and_reloads(self, story, minutes, client, monkeypatch):
        # A worker lays out papers and nothing else; this process holds a whole suite of tests.
        monkeypatch.setattr(tasks, "MOST_BYTES", 16 * 1024**3)
        answer = client.get(self.url(story, minutes))
        page = answer.content.decode()
        assert answer.status_code == 202
        assert "This paper is being made ready" in page
        assert '<meta http-equiv="refresh" content="5">' in page
        assert list(AccessEvent.objects.values_list("kind", flat=True)) == [ReadKind.PAGE]
        lay_out_paper(paper_of(minutes, story.of.martin).pk)
        assert client.get(self.url(story, minutes)).status_code == 200
        assert AccessEvent.objects.order_by("pk").last().kind == ReadKind.PDF

    def test_the_page_stops_reloading_after_a_while(self, story, minutes, client):
        LaidOutPaper.objects.update(requested_at=NOW - laying_out.SLOW_AFTER - datetime.timedelta(seconds=1))
        page = client.get(self.url(story, minutes)).content.decode()
        assert "takes longer than it should" in page
        assert "http-equiv" not in page

    def test_the_page_says_what_to_do_after_a_failure(self, story, minutes, client):
        LaidOutPaper.objects.filter(recipient=story.of.martin).update(
            state=PaperState.FAILED, failed_at=NOW, failed_because=PaperFailure.TIME
        )
        answer = client.get(self.url(story, minutes))
        assert answer.status_code == 503
        assert "could not be made ready" in answer.content.decode()

    def test_downloading_a_stored_file_takes_few_queries(self, story, minutes, client, django_assert_max_num_queries):
        lay_out_papers()
        client.get(self.url(story, minutes))
        # Who may read less by now is asked each time.
        with django_assert_max_num_queries(47):
            client.get(self.url(story, minutes))
