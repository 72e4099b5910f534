from __future__ import annotations

import datetime
import hashlib
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.enums import ReadKind
from accounts.models import AccessEvent
from conferences.models import ExclusionRequest, Participant
from reports.enums import Channel, DocumentKind, PaperState
from reports.models import Copy, Document, LaidOutPaper
from reports.selectors.circulation import circulation_of, current_document
from reports.services.circulation import record_copy
from reports.services.documents import prepare_document, release_document
from reports.services.laying_out import give_out, lay_out
from tests.layout import lay_out_papers
from tests.reports.story import NOW
from tests.stories import once_per_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after", "kept_files")]

BY_HAND = {"channel": Channel.BY_HAND, "channel_confirmed": "Came to the office with a photo card", "sent_at": NOW}


@once_per_module(at=NOW)
def minutes(story: SimpleNamespace) -> Document:
    """The minutes, signed off."""
    return release_document(document=prepared(story), by=story.chair, now=NOW)


def prepared(story: SimpleNamespace, kind: str = DocumentKind.MINUTES) -> Document:
    return prepare_document(conference=story.conference, kind=kind, by=story.coordinator, now=NOW)


def record(story: SimpleNamespace, document: Document, name: str, **changes: object) -> Copy:
    return record_copy(
        document=document, recipient=getattr(story.of, name), by=story.coordinator, now=NOW, **{**BY_HAND, **changes}
    )


def test_a_copy_stores_the_checksum_of_its_file(story: SimpleNamespace, minutes: Document) -> None:
    lay_out_papers()
    file = give_out(minutes, story.of.martin.pk, now=NOW).file
    assert record(story, minutes, "martin").checksum == hashlib.sha256(file).hexdigest()


def test_a_copy_recorded_before_its_file_is_laid_out_gets_the_checksum_then(
    story: SimpleNamespace, minutes: Document
) -> None:
    copy = record(story, minutes, "martin")
    other = record(story, minutes, "hazel")
    assert copy.checksum == ""
    assert lay_out(LaidOutPaper.objects.get(recipient=story.of.martin).pk, now=NOW)
    copy.refresh_from_db()
    other.refresh_from_db()
    file = give_out(minutes, story.of.martin.pk, now=NOW).file
    assert (copy.checksum, other.checksum) == (hashlib.sha256(file).hexdigest(), "")


def test_the_same_sending_recorded_twice_is_kept_once(story: SimpleNamespace, minutes: Document) -> None:
    assert record(story, minutes, "martin") == record(story, minutes, "martin")


def test_no_copy_goes_before_the_chair_has_signed_off(story: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="No one has released this version yet"):
        record(story, prepared(story), "martin")


def test_no_copy_goes_to_a_person_who_is_due_none(story: SimpleNamespace, minutes: Document) -> None:
    with pytest.raises(ValidationError, match="Supporter: does not get a copy"):
        record(story, minutes, "olive")


def test_no_copy_goes_to_a_person_awaiting_the_chair(story: SimpleNamespace, minutes: Document) -> None:
    ExclusionRequest.objects.create(
        conference=story.conference, participant=story.of.dale, ground="asked", reason="Threats today",
        asked_by=story.worker, asked_at=NOW,
    )  # fmt: skip
    lay_out_papers()
    with pytest.raises(ValidationError, match="The chair has not yet decided about this person"):
        record(story, minutes, "dale")
    assert not LaidOutPaper.objects.exclude(state=PaperState.RETIRED).filter(recipient=story.of.dale).exists()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"sent_at": NOW + datetime.timedelta(hours=1)}, {"sent_at": ["This time is in the future."]}),
        (
            {"sent_at": NOW - datetime.timedelta(days=1)},
            {"sent_at": ["This is before it was released. Check the day and the time."]},
        ),
        ({"channel": "pigeon"}, {"channel": ["Choose how you sent it."]}),
        ({"channel": Channel.POST}, {"sent_to": ["Enter the address or mailbox it went to."]}),
        ({"channel_confirmed": " "}, {"channel_confirmed": ["Say how you checked that this is safe this time."]}),
    ],
)
def test_a_sending_is_validated(
    story: SimpleNamespace, minutes: Document, changes: dict[str, object], refusal: dict[str, list[str]]
) -> None:
    with pytest.raises(ValidationError) as refused:
        record(story, minutes, "martin", **changes)
    assert refused.value.message_dict == refusal


def test_a_mailbox_that_two_recipients_share_is_refused(story: SimpleNamespace, minutes: Document) -> None:
    mail = {"channel": Channel.SECURE_EMAIL, "sent_to": "Home@family.example"}
    record(story, minutes, "hazel", **mail)
    with pytest.raises(ValidationError) as refused:
        record(story, minutes, "martin", **mail)
    assert refused.value.message_dict == {
        "sent_to": ["Another recipient has this mailbox. Each copy must go to a separate mailbox."]
    }
    Participant.objects.filter(pk=story.of.dale.pk).update(email="dale@family.example")
    with pytest.raises(ValidationError, match="Another recipient has this mailbox"):
        record(story, minutes, "martin", **{**mail, "sent_to": "dale@family.example"})


def test_the_circulation_says_who_has_no_copy_yet(story: SimpleNamespace, minutes: Document) -> None:
    record(story, minutes, "martin")
    found = circulation_of(current_document(story.conference, DocumentKind.MINUTES))
    assert [row.name for row in found.sent] == ["Martin Alder"]
    assert len(found.waiting) == 8
    assert [row.name for row in found.not_due][:1] == ["Robin Brambley"]


# Pages


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(story: SimpleNamespace, name: str, document: Document, recipient: str = "martin") -> str:
    return reverse(f"reports:{name}", args=[story.conference.pk, document.pk, getattr(story.of, recipient).pk])


def test_the_coordinator_downloads_a_copy_and_the_read_is_logged(story: SimpleNamespace, minutes: Document) -> None:
    lay_out_papers()
    answer = signed_in(story.coordinator).get(url(story, "minutes-pdf", minutes))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="EC26-0031-minutes-v1-copy-3.pdf"'
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.content.startswith(b"%PDF-1.7")
    read = AccessEvent.objects.filter(kind=ReadKind.PDF).get()
    assert (read.user, read.page, read.subject_id) == (story.coordinator, "reports:minutes-pdf", story.conference.pk)


def test_downloading_twice_gives_the_same_file(story: SimpleNamespace, minutes: Document) -> None:
    lay_out_papers()
    client = signed_in(story.coordinator)
    assert (
        client.get(url(story, "minutes-pdf", minutes)).content == client.get(url(story, "minutes-pdf", minutes)).content
    )


def test_a_person_who_is_due_nothing_has_no_copy(story: SimpleNamespace, minutes: Document) -> None:
    answer = signed_in(story.coordinator).get(url(story, "minutes-pdf", minutes, "olive"))
    assert (answer.status_code, answer.context["refusals"]) == (409, ["Supporter: does not get a copy."])


def test_minutes_cannot_be_downloaded_as_a_letter(story: SimpleNamespace, minutes: Document) -> None:
    assert signed_in(story.coordinator).get(url(story, "decisions-letter-pdf", minutes)).status_code == 404


def test_takes_the_same_number_of_queries_for_thirty_sendings_as_for_one(
    story: SimpleNamespace, minutes: Document, django_assert_num_queries
) -> None:
    client = signed_in(story.coordinator)
    page = reverse("reports:minutes", args=[story.conference.pk])
    record(story, minutes, "martin")
    client.get(page)
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(page)
    for number in range(29):
        Copy.objects.create(
            document=minutes, recipient=story.of.hazel, channel=Channel.BY_HAND, channel_confirmed="In person",
            sent_at=NOW + datetime.timedelta(seconds=number), sent_by=story.coordinator, checksum="0" * 64,
        )  # fmt: skip
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(page)


PAGE_QUERIES = 38
